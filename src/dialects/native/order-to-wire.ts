/** An order as the native API shows it: what was bought, where it stands, and what must be placed where. */
import type { Approval } from '../../domain/approval.ts';
import type { Authorization } from '../../domain/authorization.ts';
import { certificateStandingOf } from '../../domain/certificate.ts';
import type { Challenge, CheckResult } from '../../domain/challenge.ts';
import { adviceFor, foundBy, hintsFor, wantedBy } from '../../domain/check-advice.ts';
import { type NamePlace, relativeHost } from '../../domain/dns-host.ts';
import { renderReason } from '../../domain/errors.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Language } from '../../domain/language.ts';
import { adviceTexts, hintTexts } from '../../domain/messages/check-advice.ts';
import { turnHolderOf } from '../../domain/order-turn.ts';
import type { OrderSummary, OrderView } from '../../domain/ports/orders.ts';
import { productCodeOf } from '../../domain/product-code.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { customValuesToWire } from './custom-fields.ts';
import { orderReferenceOf } from './dialect-data.ts';
import { leftOutToWire } from './left-out.ts';
import { summaryOf } from './order-summary.ts';
import { contact } from './schema/orders.ts';
import { organizationDetails } from './schema/organizations.ts';
import { namesInLists } from './schema/shapes.ts';
import type { WireOrder, WireOrderSummary, WireProof } from './schema.ts';
import { moneyToWire, optionalTimeToWire, timeToWire } from './values.ts';

/** References of an order, wherever it is shown. */
function identityToWire({ order, product, account }: Pick<OrderView, 'order' | 'product' | 'account'>) {
  return {
    id: order.id,
    number: order.number,
    accountId: order.accountId,
    accountName: account.name,
    dialect: order.dialect,
    productCode: productCodeOf(product),
    productName: product.name,
    state: order.state,
  };
}

/** Those who had a hand in an order. */
export interface OrderPeople extends Pick<WireOrder, 'orderedBy' | 'closedBy'> {
  /** Of the last decision. */
  readonly decidedBy: NonNullable<WireOrder['approval']>['decidedBy'];
}

export function orderToWire(
  view: OrderView,
  language: Language,
  people: OrderPeople & { readonly places?: readonly (NamePlace | null)[] },
): WireOrder {
  const { order, approval, issuance } = view;
  return {
    ...identityToWire(view),
    summary: summaryOf(view, language),
    reference: orderReferenceOf(order),
    coverage: { unit: order.coverage.unit, count: order.coverage.count },
    coverageFrom: optionalTimeToWire(order.coverageFrom),
    coverageUntil: optionalTimeToWire(order.coverageUntil),
    total: moneyToWire({ minor: order.totalMinor, currency: order.currency }),
    renewalOf: order.renewalOf,
    renewedBy: order.renewedBy,
    isAutoRenewed: order.isAutoRenewed,
    // Parsed, which only puts the fields in the order of the schema.
    organization: order.organization === null ? null : organizationDetails.parse(order.organization),
    ...(order.containerId === null ? {} : { containerId: order.containerId }),
    ...customValuesToWire(order.customValues),
    contact: order.contact === null ? null : contact.parse(order.contact),
    approval: approval === null ? null : approvalToWire(approval, people.decidedBy),
    issuance: issuanceToWire(issuance, order.currency, language),
    names: namesToWire(view, language, people.places),
    certificate: certificateOf(view),
    orderedBy: people.orderedBy,
    ...withDefined({ closedBy: people.closedBy }),
    createdAt: timeToWire(order.createdAt),
  };
}

/** The same in a list. */
export function orderSummaryToWire(
  view: OrderSummary,
  language: Language,
  orderedBy: WireOrderSummary['orderedBy'],
): WireOrderSummary {
  const { order, issuance, organization } = view;
  return {
    ...identityToWire(view),
    turn: turnHolderOf(view),
    summary: summaryOf(view, language),
    issuanceState: issuance.state,
    issuerId: issuance.issuerId,
    failing: failingToWire(issuance, language),
    reference: orderReferenceOf(order),
    names: issuance.names.slice(0, namesInLists),
    nameCount: issuance.names.length,
    organizationName: organization?.details.name ?? null,
    coverageFrom: optionalTimeToWire(order.coverageFrom),
    coverageUntil: optionalTimeToWire(order.coverageUntil),
    total: moneyToWire({ minor: order.totalMinor, currency: order.currency }),
    renewalOf: order.renewalOf,
    renewedBy: order.renewedBy,
    certificate: certificateOf(view),
    orderedBy,
    createdAt: timeToWire(order.createdAt),
  };
}

/** Only what awaits validation has a finding. */
function failingToWire(
  { finding }: Pick<OrderSummary['issuance'], 'finding'>,
  language: Language,
): WireOrderSummary['failing'] {
  if (finding === null) return null;
  const { name, method, reason, since } = finding;
  return { name, method, code: reason.key, text: renderReason(reason, language), since: optionalTimeToWire(since) };
}

function approvalToWire(approval: Approval, decidedBy: OrderPeople['decidedBy']): WireOrder['approval'] {
  const last = approval.decisions.at(-1);
  return {
    id: approval.id,
    number: approval.number,
    asks: approval.asks,
    state: approval.state,
    version: approval.version,
    note: last?.note ?? '',
    decidedBy,
    // One that was born approved was decided by the account's own rule.
    decidedAt: optionalTimeToWire(last?.at ?? (approval.state === 'approved' ? approval.createdAt : null)),
  };
}

function issuanceToWire(issuance: Issuance, currency: string, language: Language): WireOrder['issuance'] {
  return {
    id: issuance.id,
    number: issuance.number,
    kind: issuance.kind,
    state: issuance.state,
    charged: moneyToWire({ minor: issuance.chargedMinor, currency }),
    failure: issuance.failure === null ? null : renderReason(issuance.failure, language),
    ...leftOutToWire(issuance, language),
    ...(issuance.csr === null ? { needsCsr: true as const } : {}),
    createdAt: timeToWire(issuance.createdAt),
  };
}

function certificateOf({ certificate, now }: Pick<OrderView, 'certificate' | 'now'>): WireOrder['certificate'] {
  if (certificate === null) return null;
  return {
    id: certificate.id,
    number: certificate.number,
    serial: certificate.serial,
    notBefore: timeToWire(certificate.notBefore),
    notAfter: timeToWire(certificate.notAfter),
    state: certificateStandingOf(certificate, now),
  };
}

/** Names in the requested order. The view has one authorization for each. */
function namesToWire(
  { issuance, authorizations }: OrderView,
  language: Language,
  places: readonly (NamePlace | null)[] = [],
): WireOrder['names'] {
  return issuance.names.flatMap(({ identifier }, index) => {
    const authorization = authorizations[index];
    return authorization === undefined ? [] : [nameToWire(identifier, authorization, language, places[index])];
  });
}

export function nameToWire(
  identifier: Identifier,
  authorization: Authorization,
  language: Language,
  place: NamePlace | null = null,
): WireOrder['names'][number] {
  return {
    name: identifier.value,
    kind: identifier.kind,
    state: authorization.state,
    preferredMethod: authorization.preferredMethod,
    provedBy: authorization.provedBy,
    provedAt: optionalTimeToWire(authorization.provedAt),
    validUntil: optionalTimeToWire(authorization.validUntil),
    proofs: authorization.challenges.map((challenge) => {
      const check = authorization.checks.find(({ method }) => method === challenge.method);
      const lastCheck = check === undefined ? null : checkToWire(check, language, { challenge, place });
      return proofToWire(identifier, { challenge, lastCheck, place });
    }),
  };
}

interface ShownProof {
  readonly challenge: Challenge;
  readonly lastCheck: WireProof['lastCheck'];
  /** Null: not looked for, which only an order's own page does. */
  readonly place: NamePlace | null;
}

/** The record's place as the page of a DNS host asks for it. */
function placeToWire(host: string, place: NamePlace | null) {
  if (place === null) return {};
  return { zone: place.zone, relativeHost: relativeHost(host, place.zone) ?? host, dnsHost: place.host };
}

function proofToWire(identifier: Identifier, { challenge, lastCheck, place }: ShownProof): WireProof {
  if (challenge.method === 'dnsCname') {
    const { method, host, target, alternativeHosts = [] } = challenge;
    return { method, host, alternativeHosts: [...alternativeHosts], target, ...placeToWire(host, place), lastCheck };
  }
  if (challenge.method === 'dnsTxt') {
    const { method, host, value, alternativeHosts = [] } = challenge;
    return { method, host, alternativeHosts: [...alternativeHosts], value, ...placeToWire(host, place), lastCheck };
  }
  if (challenge.method === 'email') {
    const { method, addresses, chosen = null } = challenge;
    return { method, addresses: [...addresses], chosen, lastCheck };
  }
  if (challenge.method === 'tlsAlpn') {
    const { method, identifierHash } = challenge;
    return { method, identifierHash, lastCheck };
  }
  if (challenge.method === 'dnsPersist') {
    const { method, hosts, issuers, account, needsAllBelow } = challenge;
    const [host, ...alternativeHosts] = hosts;
    const record = { issuers: [...issuers], accountUri: account.url, needsWildcardPolicy: needsAllBelow };
    return { method, host, alternativeHosts, ...record, lastCheck };
  }
  const { method, path, content } = challenge;
  return { method, url: fileUrl(identifier, method, path), path, content, lastCheck };
}

function fileUrl(identifier: Identifier, method: 'httpFile' | 'httpsFile', path: string): string {
  const host = identifier.kind === 'ipv6' ? `[${identifier.value}]` : baseName(identifier);
  return `${method === 'httpFile' ? 'http' : 'https'}://${host}${path}`;
}

/** @param of the challenge that was checked, where it is still there */
export function checkToWire(
  check: CheckResult,
  language: Language,
  of: { readonly challenge: Challenge | undefined; readonly place?: NamePlace | null },
): NonNullable<WireProof['lastCheck']> {
  const { challenge, place = null } = of;
  const at = challenge !== undefined && 'host' in challenge ? challenge.host : check.asked;
  const isDoubled = place?.doubled.includes(at) === true;
  return {
    proved: check.proved,
    checkedAt: timeToWire(check.checkedAt),
    durationMs: check.durationMs,
    asked: check.asked,
    answeredBy: [...check.answeredBy],
    answer: check.answer,
    problem: check.problem === undefined ? null : renderReason(check.problem, language),
    found: foundBy(check),
    wanted: challenge === undefined ? null : wantedBy(challenge),
    do: check.proved ? null : adviceTexts[adviceFor(check)][language](at),
    hints: hintsFor(check, challenge, isDoubled).map((code) => ({ code, text: hintTexts[code][language](at) })),
  };
}
