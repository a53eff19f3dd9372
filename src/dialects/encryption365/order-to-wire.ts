/** An order as create, reissue and details show it. */
import { isUsable } from '../../domain/authorization.ts';
import type { CheckResult } from '../../domain/challenge.ts';
import { soleDelegation } from '../../domain/delegation.ts';
import { type Reason, reason, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { toMajor } from '../../domain/money.ts';
import { isCertifiable } from '../../domain/organization.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { intermediatesOf } from '../../pki/intermediates.ts';
import { encodePem } from '../../pki/pem.ts';
import { formatWireTime } from '../kit/wire-time.ts';
import { createProofs, type Proofs } from './proofs.ts';
import { relayedEntryOf } from './relayed-entry.ts';
import type { DcvEntry, DcvInfo, OrderDetails, PlacedOrder } from './schema.ts';
import type { Services } from './services.ts';
import { certStatus, underWay } from './status.ts';

/**
 * @param proofs of the view's CSR and unique id, where the caller has them already
 */
export function placedOrderToWire(view: OrderView, services: Services, proofs?: Proofs): PlacedOrder {
  const { order, issuance } = view;
  return {
    result: 'success',
    // Even when the certificate exists already: the Baota plugin only ever fetches orders that it stored with this status.
    cert_status: underWay,
    dcv_info: dcvInfo(view, services, proofs ?? proofsOf(view, services)),
    unique_id: issuance.proofReference,
    created_at: formatWireTime(order.createdAt, services.config.timeOffset),
    trustocean_id: order.number,
    csr_code: csrToWire(issuance.csr),
    contact_email: contactEmail(view),
    domains: issuance.names.map((name) => name.identifier.value),
    total_fees: toMajor(issuance.chargedMinor, order.currency),
  };
}

export function orderDetailsToWire(view: OrderView, services: Services, language: Language): OrderDetails {
  const { order, issuance, certificate, product } = view;
  const time = (date: Date) => formatWireTime(date, services.config.timeOffset);
  return {
    result: 'success',
    cert_status: certStatus(view),
    trustocean_id: order.number,
    product_name: product.name,
    domain_count: issuance.names.length,
    // The Baota cron writes `cert_code + ca_code` as one file: each must end with a newline, and neither may be null.
    cert_code: certificate === null ? '' : encodePem('CERTIFICATE', certificate.der),
    ca_code: intermediatesOf(view).map(intermediateToPem).join(''),
    created_at: time(order.createdAt),
    expire_at: certificate === null ? null : time(certificate.notAfter),
    domains: issuance.names.map((name) => name.identifier.value),
    // Also after issuance: the Go CLI saves one file for each of its keys.
    dcv_info: dcvInfo(view, services, proofsOf(view, services)),
    message: messageOf(view, language),
    unique_id: issuance.proofReference,
    csr_code: csrToWire(issuance.csr),
    contact_email: contactEmail(view),
    class: product.level.toUpperCase(),
    issued_at: certificate === null ? null : time(certificate.createdAt),
  };
}

/** Sorted by name, as in the vendor's sample; `domains` keeps the order of the request. */
function dcvInfo(view: OrderView, { publicSuffixes }: Services, proofs: Proofs): DcvInfo {
  const entries = view.authorizations.map((authorization): [string, DcvEntry] => {
    const { identifier, preferredMethod: method, checkedBy, challenges } = authorization;
    if (checkedBy !== null || soleDelegation(challenges) !== undefined) {
      const relayed = { isVerified: isVerified(view, authorization), publicSuffixes };
      return [identifier.value, relayedEntryOf(authorization, relayed)];
    }
    const mail = authorization.challenges.find((challenge) => challenge.method === 'email');
    const state = { method, address: mail?.chosen ?? null, isVerified: isVerified(view, authorization) };
    return [identifier.value, proofs.entryOf(identifier, state)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Once every name was proved they stay so for this issuance, even after the proofs are too old to serve another. */
function isVerified({ issuance, now }: OrderView, authorization: OrderView['authorizations'][number]): boolean {
  return ['ready', 'issuing', 'issued'].includes(issuance.state) || isUsable(authorization, now);
}

/** The reason why the order failed, what an upstream refused, or the result of the newest check of a name that is not proved yet. */
function messageOf(view: OrderView, language: Language): string | null {
  const { issuance, authorizations } = view;
  if (issuance.failure !== null) return renderReason(issuance.failure, language);
  if (issuance.state === 'awaitingApproval') return renderReason(reason('awaitingApproval', {}), language);
  if (issuance.rest !== null) return renderReason(issuance.rest.reason, language);
  if (issuance.state !== 'awaitingValidation') return null;
  const waiting = authorizations.find((authorization) => !isVerified(view, authorization));
  if (waiting === undefined && !isCertifiable(view.organization, view.product.level, view.now)) {
    return renderReason(reason('awaitingOrganization', {}), language);
  }
  if (waiting !== undefined && waiting.checkedBy !== null && waiting.challenges.length === 0) {
    return renderReason(reason('beingPrepared', { issuer: waiting.checkedBy }), language);
  }
  const problem = view.refusedWish ?? (waiting === undefined ? undefined : mostUsefulProblem(waiting));
  return problem === undefined ? null : renderReason(problem, language);
}

/**
 * Among the checks of one name, the result that its customer can act on: clients do not send their method, so a wrong record
 * says more than a missing one; then comes the method that was chosen.
 */
function mostUsefulProblem({ checks, preferredMethod }: OrderView['authorizations'][number]): Reason | undefined {
  const weigh = ({ method, problem }: CheckResult) =>
    (isNearMiss(problem) ? 2 : 0) + (method === preferredMethod ? 1 : 0);
  const failed = checks.filter((check) => check.problem !== undefined);
  return failed.toSorted((a, b) => weigh(b) - weigh(a))[0]?.problem;
}

/** `fileOtherContent` and `dnsOtherRecord` are shown where the answer is not for the customer. */
const nearMisses: readonly Reason['key'][] = [
  'fileWrongContent',
  'fileInUtf16',
  'fileOtherContent',
  'dnsWrongTarget',
  'dnsLoop',
];

function isNearMiss(problem: Reason | undefined): boolean {
  if (problem?.key === 'dnsOtherRecord') return problem.params.expected !== undefined;
  return problem !== undefined && nearMisses.includes(problem.key);
}

function proofsOf({ issuance }: OrderView, { config, publicSuffixes }: Services): Proofs {
  return createProofs(issuance.csr ?? new Uint8Array(), issuance.proofReference, {
    suffix: config.suffix,
    publicSuffixes,
  });
}

function contactEmail({ order, account }: OrderView): string {
  return order.contact?.email ?? account.contactEmail;
}

/** Every order shows the same intermediates: their text is made once. */
const intermediatePems = new WeakMap<Uint8Array, string>();

function intermediateToPem(der: Uint8Array): string {
  const known = intermediatePems.get(der);
  if (known !== undefined) return known;
  const pem = encodePem('CERTIFICATE', der);
  intermediatePems.set(der, pem);
  return pem;
}

/** CRLF and no newline at the end, as in the vendor's sample. */
function csrToWire(csr: Uint8Array | null): string {
  if (csr === null) return '';
  return encodePem('CERTIFICATE REQUEST', csr).trimEnd().replaceAll('\n', '\r\n');
}
