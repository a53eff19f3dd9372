/** Placing orders, renewing them and giving them up. */
import { accountIdOf, orderingRoles, requireRole } from '../../../domain/caller.ts';
import { refuse } from '../../../domain/errors.ts';
import { stateAt } from '../../../domain/order.ts';
import type { OrderView, PlaceOrder } from '../../../domain/ports/orders.ts';
import { callerOperation } from '../../kit/operation.ts';
import { eachInTurn } from '../../kit/pages.ts';
import { formatWireTime } from '../../kit/wire-time.ts';
import { levelOf } from '../catalogue.ts';
import { findLine, listLines } from '../cert-id.ts';
import { dialectDataOf, issuanceData, storedParams } from '../dialect-data.ts';
import {
  choiceOf,
  contactOf,
  contactsFromWire,
  csrFromWire,
  idempotencyOf,
  methodOf,
  organizationFromWire,
  proofsFor,
  wishFromWire,
} from '../order-from-wire.ts';
import { fieldsToWire, listedToWire, placedToWire } from '../order-to-wire.ts';
import { methodNames, proofsOf } from '../proofs.ts';
import { roomForDocuments, roomForNames } from '../read.ts';
import { emptyFields } from '../relayed-fields.ts';
import {
  anyServer,
  checkedOrder,
  type DomainEntry,
  done,
  endRequest,
  listReply,
  listRequest,
  type PlaceRequest,
  placed,
  placeRequest,
  renewRequest,
  storedParamsSchema,
} from '../schema.ts';
import type { Client } from '../services.ts';
import { reissueOf } from './certificates.ts';

export const placeOrder = callerOperation({
  id: 'order.place',
  method: 'POST',
  path: '/ssl/place',
  ...roomForDocuments,
  summary: { en: 'Order a certificate', zh: '订购证书' },
  request: placeRequest,
  response: placed,
  async handle(input, session: Client) {
    const { productCode, certId, reason } = input;
    // The PHP SDK's reissue comes here.
    if (productCode === undefined && certId !== undefined) return reissueOf({ ...input, certId, reason }, session);
    if (input.years === undefined) throw refuse('fieldMissing', { field: 'years' });
    const request = await orderFromWire(input, session);
    const view = await session.services.orders.place(session.caller, request);
    return { code: 1, data: placedToWire(view, session.services) };
  },
});

export const validateOrder = callerOperation({
  id: 'order.validate',
  method: 'POST',
  path: '/ssl/validate',
  ...roomForNames,
  summary: { en: 'Check an order without placing it, and return the challenges of its names', zh: '校验订购参数' },
  request: placeRequest,
  response: checkedOrder,
  async handle(input, session: Client) {
    const { services, caller } = session;
    const request = await orderFromWire(input, session, { mayLackContacts: true });
    const { isRelayed, delegations } = await services.orders.check(caller, request);
    // An upstream makes its challenges when it has the order.
    if (isRelayed) return { code: 1, data: emptyFields };
    const of = { accountId: accountIdOf(caller), uniqueValue: input.uniqueValue ?? '' };
    const choices = new Map(request.choices?.map(({ name, choice }) => [name.value, choice]));
    const entries = request.names.map((name) => [name, methodOf(choices.get(name.value))] as const);
    // Without a CSR its hashes are not known; the place of a delegation is.
    const isSent = input.csr !== undefined && request.csr instanceof Uint8Array;
    if (!isSent && delegations.length === 0) return { code: 1, data: emptyFields };
    const proofs = isSent ? proofsOf(request.csr, of, services.proofContext) : undefined;
    return { code: 1, data: fieldsToWire(proofs, { entries, delegations }) };
  },
});

/** @param options.mayLackContacts a WHMCS module has DV orders checked with only product, CSR and names */
async function orderFromWire(
  input: PlaceRequest,
  { services }: Client,
  { mayLackContacts = false }: { readonly mayLackContacts?: boolean } = {},
): Promise<PlaceOrder> {
  const { productCode, refId, uniqueValue } = input;
  if (productCode === undefined) throw refuse('fieldMissing', { field: 'productCode' });
  const level = levelOf(productCode) ?? 'dv';
  const wish = wishFromWire(input.domainInfo ?? [], input.dcvMethod, services.publicSuffixes);
  const isBare = mayLackContacts && level === 'dv' && input.Administrator === undefined;
  const contacts = isBare ? {} : contactsFromWire(input, level);
  const organization = organizationFromWire(input, level);
  const csr = await csrFromWire(input, wish.names, services);
  const proofs = proofsFor(wish, services);
  const issuance = { certId: proofs.proofReference, uniqueValue, refId };
  return {
    ...proofs,
    productCode,
    names: wish.names,
    csr,
    periods: input.years ?? 1,
    validity: { days: services.config.certificateDays },
    renewalOf: null,
    organization,
    contact: contactOf(contacts),
    alternativeReference: refId ?? null,
    dialectData: { params: storedParams(input, contacts), ...issuanceData(issuance) },
    idempotency: idempotencyOf(refId, `place ${productCode}`, wish.names),
  };
}

const renewalDays = 90;
const dayMs = 86_400_000;

export const renewOrder = callerOperation({
  id: 'order.renew',
  method: 'POST',
  path: '/ssl/renew',
  ...roomForDocuments,
  summary: { en: 'Renew an order near its end', zh: '续订证书' },
  request: renewRequest,
  response: placed,
  async handle(input, session: Client) {
    const { services, caller } = session;
    requireRole(caller, ...orderingRoles);
    const renewId = input.renewId ?? input.certId;
    if (renewId === undefined) throw refuse('fieldMissing', { field: 'renewId' });
    const { view } = await findLine(services, caller, renewId);
    requireRenewable(view, renewId, session);
    const { order, issuance, product } = view;
    // Fields that are not sent keep their value.
    const stored = storedParamsSchema.parse(dialectDataOf(order).params);
    const sent = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    const params = { ...stored, ...sent } as typeof stored & typeof input;
    const request = await orderFromWire(
      {
        ...params,
        server: input.server === anyServer ? (stored.server ?? anyServer) : input.server,
        productCode: product.code,
        domainInfo: input.domainInfo ?? entriesOf(view),
        certId: undefined,
        reason: undefined,
      },
      session,
    );
    const placedView = await services.orders.place(caller, {
      ...request,
      // The customer's key serves again; of ours a new one is made.
      csr: input.csr === undefined && issuance.sealedKey === null && issuance.csr !== null ? issuance.csr : request.csr,
      renewalOf: { id: order.id },
      idempotency: idempotencyOf(input.refId, `renew ${order.id}`, request.names),
    });
    return { code: 1, data: placedToWire(placedView, services) };
  },
});

/** @throws {CertError} wrongState */
function requireRenewable({ order, now }: OrderView, renewId: string, { services }: Client): void {
  const state = stateAt(order, now);
  if (state !== 'active' && state !== 'ended') {
    throw refuse('wrongState', { what: 'order', value: renewId, state, needed: ['active', 'ended'] });
  }
  const until = order.coverageUntil;
  if (until === null) return;
  const from = new Date(until.getTime() - renewalDays * dayMs);
  if (from > now) {
    throw refuse('renewalTooEarly', { order: renewId, from: formatWireTime(from, services.config.timeOffset) });
  }
}

/** The names of an order as they are now, each with its method. */
function entriesOf({ authorizations }: OrderView): DomainEntry[] {
  return authorizations.map((authorization) => {
    const choice = choiceOf(authorization);
    const dcvEmail = typeof choice === 'string' ? undefined : choice.address;
    return { domainName: authorization.identifier.value, dcvMethod: methodNames[methodOf(choice)], dcvEmail };
  });
}

const cancellableDays = 30;

export const cancelOrder = callerOperation({
  id: 'order.cancel',
  method: 'POST',
  path: '/ssl/cancel',
  summary: { en: 'Give up an order, with a refund', zh: '取消证书' },
  request: endRequest,
  response: done,
  async handle({ certId, reason }, { services, caller }: Client) {
    if (reason === undefined) throw refuse('fieldMissing', { field: 'reason' });
    const { issuances, orders } = services;
    const { view } = await findLine(services, caller, certId);
    const { order, issuance } = view;
    const isReissueUnderWay = issuance.kind === 'reissue' && issuance.state !== 'issued' && order.state === 'active';
    if (isReissueUnderWay) await issuances.withdrawReissue(caller, { id: order.id });
    else await orders.cancel(caller, { id: order.id }, { issuedWithinDays: cancellableDays, note: reason });
    return { code: 1 };
  },
});

/** With all names of 200 certificates a reply is about a megabyte. */
const pageSize = 200;

export const listOrders = callerOperation({
  id: 'order.list',
  method: 'POST',
  path: '/ssl/list',
  summary: { en: 'The certificates of the account, newest first', zh: '证书列表' },
  request: listRequest,
  response: listReply,
  async handle({ page }, { services, caller }: Client) {
    const { orders, issuances } = services;
    const found = await orders.search(caller, { limit: pageSize, offset: (page - 1) * pageSize });
    const lines = await eachInTurn(found.items, (view) => listLines(view, issuances, caller));
    return { code: 1, data: lines.flat().map((line) => listedToWire(line, services)) };
  },
});
