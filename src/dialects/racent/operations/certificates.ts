/** Operations on an order: its certificate, further ones, and their end. */

import { quoted, refuse } from '../../../domain/errors.ts';
import { referenceSeparator } from '../../../domain/order.ts';
import type { OrderSummary, Orders, OrderView, Reissue } from '../../../domain/ports/orders.ts';
import { reasonNamedBy } from '../../../domain/revocation-reason.ts';
import { callerOperation } from '../../kit/operation.ts';
import { findLine } from '../cert-id.ts';
import { dialectDataOf, issuanceData } from '../dialect-data.ts';
import { keyFilesOf } from '../key-files.ts';
import { csrFromWire, idempotencyOf, proofsFor, type Wish, wishFromWire, wishOf } from '../order-from-wire.ts';
import { collectedToWire, placedToWire } from '../order-to-wire.ts';
import { roomForDocuments } from '../read.ts';
import {
  certIdReply,
  certRequest,
  collected,
  done,
  endRequest,
  type Params,
  placed,
  referenceRequest,
  replaceRequest,
} from '../schema.ts';
import type { Client } from '../services.ts';

export const collectCertificate = callerOperation({
  id: 'cert.collect',
  method: 'POST',
  path: '/ssl/collect',
  summary: { en: 'The state of a certificate, and the certificate', zh: '获取证书' },
  request: certRequest,
  response: collected,
  async handle({ certId }, session: Client) {
    const { services, caller } = session;
    const line = await findLine(services, caller, certId);
    return collectedToWire(line, await keyFilesOf(line.view, caller, services), session);
  },
});

export const replaceCertificate = callerOperation({
  id: 'cert.replace',
  method: 'POST',
  path: '/ssl/replace',
  ...roomForDocuments,
  summary: { en: 'A new certificate in the same order, for another key', zh: '替换证书' },
  request: replaceRequest,
  response: placed,
  handle: (input, session: Client) => replace(input, session),
});

export const reissueCertificate = callerOperation({
  id: 'cert.reissue',
  method: 'POST',
  path: '/ssl/reissue',
  ...roomForDocuments,
  summary: { en: 'A new certificate in the same order, for the same request', zh: '重签证书' },
  request: replaceRequest,
  response: placed,
  handle: (input, session: Client) =>
    // A WHMCS module sends a new CSR here and no reason.
    input.csr === undefined ? reissueOf(input, session) : replace(input, session),
});

export interface ReissueInput extends Partial<Pick<Params, 'uniqueValue'>> {
  readonly certId: string;
  readonly reason?: string | undefined;
  readonly refId?: string | undefined;
}

/** Everything as it was, the key too, also where we made it. `replace` makes a new one. */
export async function reissueOf(input: ReissueInput, session: Client) {
  if (input.reason === undefined) throw refuse('fieldMissing', { field: 'reason' });
  const { view } = await findLine(session.services, session.caller, input.certId);
  return begin(view, { ...input, wish: wishOf(view), csr: 'sameKey' }, session);
}

async function replace(
  input: ReissueInput & Pick<Params, 'csr' | 'privateKey' | 'domainInfo' | 'dcvMethod'> & Partial<Params>,
  session: Client,
) {
  const { services } = session;
  const { view } = await findLine(services, session.caller, input.certId);
  const isOurKey = view.issuance.sealedKey !== null;
  if (input.csr === undefined && input.privateKey === undefined && !isOurKey) {
    throw refuse('fieldMissing', { field: 'csr' });
  }
  const wish =
    input.domainInfo === undefined
      ? wishOf(view)
      : wishFromWire(input.domainInfo, input.dcvMethod, services.publicSuffixes);
  const csr = await csrFromWire(input, wish.names, services);
  return begin(view, { ...input, wish, csr: csr instanceof Uint8Array ? csr : 'same' }, session);
}

async function begin(
  view: OrderView,
  request: ReissueInput & {
    readonly wish: Wish;
    readonly csr: Reissue['csr'];
  },
  { services, caller }: Client,
) {
  const { order } = view;
  const { wish, csr, refId, uniqueValue } = request;
  const { issuances, orders, config } = services;
  const proofs = proofsFor(wish, services);
  const issuance = { certId: proofs.proofReference, uniqueValue, refId };
  const begun = await issuances.reissue(
    caller,
    { id: order.id },
    {
      ...proofs,
      names: wish.names,
      csr,
      validity: { days: config.certificateDays },
      dialectData: issuanceData(issuance),
      idempotency: idempotencyOf(refId, `reissue ${order.id}`, wish.names),
    },
  );
  await remember(begun, refId, { orders, caller });
  return { code: 1, data: placedToWire(begun, services) };
}

/** An order is found by all of its references. */
async function remember(
  { order }: OrderView,
  refId: string | undefined,
  { orders, caller }: { readonly orders: Orders; readonly caller: Client['caller'] },
): Promise<void> {
  if (refId === undefined) return;
  const known = order.alternativeReference?.split(referenceSeparator) ?? [];
  if (known.includes(refId)) return;
  await orders.change(caller, { id: order.id }, { alternativeReference: [...known, refId].join(referenceSeparator) });
}

/** The number of orders with the reference that are looked through for the issuance that has it. */
const searchLimit = 100;

function findByReference(id: string, path: string) {
  return callerOperation({
    id,
    method: 'POST',
    path,
    summary: { en: "The certId behind a client's own reference", zh: '按客户订单号查询证书' },
    request: referenceRequest,
    response: certIdReply,
    async handle({ refId }, { services, caller }: Client) {
      const certId = await certIdOf(refId, services.orders, caller);
      if (certId === undefined) throw refuse('notFound', { what: 'order', value: quoted(refId) });
      return { code: 1, data: { certId } };
    },
  });
}

export const certIdByReference = findByReference('cert.byRefId', '/ssl/certIdByrefId');
/** Name of the operation in the WHMCS modules. */
export const certByReference = findByReference('cert.getByRefId', '/ssl/getCertByRefId');

async function certIdOf(refId: string, orders: Orders, caller: Client['caller']): Promise<string | undefined> {
  // For a reissue: one of several references of its order.
  const { items } = await orders.search(caller, { anyReference: refId, limit: searchLimit, offset: 0 });
  const ofOrder = ({ order }: OrderSummary) =>
    Object.entries(dialectDataOf(order).asked).findLast(([, asked]) => asked.refId === refId)?.[0];
  return items.map(ofOrder).find((certId) => certId !== undefined);
}

export const revokeCertificate = callerOperation({
  id: 'cert.revoke',
  method: 'POST',
  path: '/ssl/revoke',
  summary: { en: 'Revoke a certificate', zh: '吊销证书' },
  request: endRequest,
  response: done,
  async handle({ certId, reason = '' }, { services, caller }: Client) {
    const { revocations } = services;
    const { view, isSuperseded } = await findLine(services, caller, certId);
    const { certificate, order, issuance } = view;
    if (certificate === null) {
      throw refuse('wrongState', { what: 'certificate', value: certId, state: issuance.state, needed: 'issued' });
    }
    // The vendor takes free text; where it names a reason of RFC 5280 that reason is recorded.
    const recorded = reasonNamedBy(reason) ?? 'unspecified';
    // The one that took its place is another's business.
    if (isSuperseded) await revocations.revokeCertificate(caller, certificate.id, recorded);
    else await revocations.revokeOrder(caller, { id: order.id }, recorded);
    return { code: 1 };
  },
});
