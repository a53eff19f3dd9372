/** Reissues and duplicates of an order's certificate. */
import type { Identifier } from '../../../domain/identifier.ts';
import type { IssuanceView, OrderView, Reissue } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { gather, issuancesAtMost, pagesOfIssuances } from '../../kit/pages.ts';
import { type Attempt, attemptOf, csrAttempt, type DialectData, dialectDataOf, isArchived } from '../dialect-data.ts';
import { basePath } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { createActors } from '../users/people.ts';
import { certificateValidityWords, csrOf, namesFromWire, proofsFor } from './order-from-wire.ts';
import { certificateItemToWire } from './order-to-wire.ts';
import { domainsOf } from './place-order.ts';
import { orderNumberRequest, placed, type ReissueRequest, reissueRequest } from './place-schema.ts';
import { placedToWire, settleProved } from './placed-to-wire.ts';
import { requireRunning } from './read-order.ts';
import { certificateList, certificatesRequest } from './schema.ts';
import { certificateValidityOf } from './validity.ts';

const ofOrder = `${basePath}/order/certificate/:order_id`;

export const reissue = callerOperation({
  id: 'order.reissue',
  fieldNames: { csr: 'certificate.csr' },
  method: 'POST',
  path: `${ofOrder}/reissue`,
  summary: { en: 'A new certificate in place of the one before: new key, other names', zh: '重签证书' },
  status: 201,
  request: reissueRequest,
  response: placed,
  async handle(input, session: Client) {
    const { services, caller } = session;
    const before = await services.orders.get(caller, { number: input.order_id });
    requireRunning(before);
    const request = attemptFromWire(input, before, session, 'reissue');
    const view = await services.issuances.reissue(caller, { id: before.order.id }, request);
    const domains = await domainsOf(view, input.dcv_method, session);
    return placedToWire(await settleProved(view, session), { services, domains, skipsApproval: input.skip_approval });
  },
});

export const duplicate = callerOperation({
  id: 'order.duplicate',
  fieldNames: { csr: 'certificate.csr' },
  method: 'POST',
  path: `${ofOrder}/duplicate`,
  summary: { en: 'One more certificate beside the first', zh: '签发证书副本' },
  status: 201,
  request: reissueRequest,
  response: placed,
  async handle(input, session: Client) {
    const { services, caller } = session;
    const before = await services.orders.get(caller, { number: input.order_id });
    requireRunning(before);
    const request = attemptFromWire(input, before, session, 'duplicate');
    const view = await services.issuances.duplicate(caller, { id: before.order.id }, request);
    const domains = await domainsOf(view, input.dcv_method, session);
    return placedToWire(await settleProved(view, session), { services, domains, skipsApproval: input.skip_approval });
  },
});

/** Fields that are not sent stay as they were: the names, the platform, the hash; and the CSR, once more. */
function attemptFromWire(
  input: ReissueRequest,
  { order, issuance }: OrderView,
  { services }: Client,
  kind: 'reissue' | 'duplicate',
): Reissue {
  const { certificate } = input;
  const csr = csrOf(certificate);
  const data = dialectDataOf(order);
  const before = attemptOf(data, issuance.proofReference);
  const names = namesOf(
    input,
    issuance.names.map(({ identifier }) => identifier),
  );
  const now = services.clock.now();
  const proofs = proofsFor({ ...services, now }, names, {
    ...input,
    mailsByDefault: input.dcv_method === 'email' && services.sendsMail === true,
  });
  const attempt: Attempt = {
    ...(csr === null ? withDefined({ csr: before.csr }) : csrAttempt(certificate.csr, csr)),
    ...withDefined({
      platform: certificate.server_platform ?? before.platform,
      hash: certificate.signature_hash ?? before.hash,
    }),
  };
  return {
    names,
    csr: csr ?? 'same',
    signedWithinMs: services.config.answerWithinMs,
    validity: certificateValidityOf(certificateValidityWords(certificate), now),
    ...proofs,
    approval: {
      skip: input.skip_approval,
      ...withDefined({ comments: input.comments }),
    },
    dialectData: {
      // A duplicate stands beside the order's own certificate and changes nothing of what is shown for that one.
      ...(kind === 'duplicate' ? {} : changeOf(input)),
      attempts: { [proofs.proofReference]: kind === 'duplicate' ? { ...attempt, isDuplicate: true } : attempt },
    },
  };
}

function changeOf({ certificate, dcv_method }: ReissueRequest): Partial<DialectData> {
  return {
    ...withDefined({
      caCertId: certificate.ca_cert_id,
      dcvMethod: dcv_method,
      units: certificate.organization_units,
    }),
  };
}

/** A request without any name asks for the ones there were. */
function namesOf({ certificate }: ReissueRequest, before: readonly Identifier[]): readonly Identifier[] {
  if (certificate.common_name === undefined && certificate.dns_names === undefined) return before;
  const [first] = before;
  return namesFromWire({ ...certificate, common_name: certificate.common_name ?? first?.value });
}

export const listReissues = callerOperation({
  id: 'order.reissues',
  method: 'GET',
  path: `${ofOrder}/reissue`,
  summary: { en: 'Certificates of an order, duplicates aside', zh: '重签记录' },
  request: certificatesRequest,
  response: certificateList,
  handle: ({ order_id, show_archived }, session: Client) =>
    listCertificates(order_id, session, (view) => {
      const isHidden = isArchived(dialectDataOf(view.order), view.issuance.number);
      const isIssued = view.certificate !== null && view.issuance.kind !== 'duplicate';
      return isIssued && (show_archived || !isHidden);
    }),
});

export const listDuplicates = callerOperation({
  id: 'order.duplicates',
  method: 'GET',
  path: `${ofOrder}/duplicate`,
  summary: { en: 'Duplicates of an order', zh: '证书副本列表' },
  request: orderNumberRequest,
  response: certificateList,
  handle: ({ order_id }, session: Client) =>
    listCertificates(order_id, session, ({ issuance }) => issuance.kind === 'duplicate'),
});

/** Newest first: riboseinc takes the first that is not older than its own. */
async function listCertificates(number: number, session: Client, belongs: (view: IssuanceView) => boolean) {
  const { services, caller } = session;
  const found = await gather(pagesOfIssuances({ number }, services.issuances, caller), issuancesAtMost);
  const actors = createActors(session);
  const items = found.filter(belongs).map(async (view) => {
    const by = view.approval?.issuanceId === view.issuance.id ? view.approval.requestedBy : view.order.credentialId;
    return certificateItemToWire(view, await actors.of(by, view.account));
  });
  return { certificates: await Promise.all(items) };
}

export const reissueOperations: readonly Operation<Services>[] = [reissue, listReissues, duplicate, listDuplicates];
