/** Orders as information and lists show them. */
import type { Container } from '../../../domain/account.ts';
import type { Approval } from '../../../domain/approval.ts';
import type { Issuance } from '../../../domain/issuance.ts';
import { toMajor } from '../../../domain/money.ts';
import { type Order, stateAt } from '../../../domain/order.ts';
import type { IssuanceView, OrderSummary, OrderView } from '../../../domain/ports/orders.ts';
import { yearsOf } from '../../../domain/product.ts';
import { nonEmpty, withDefined } from '../../../domain/with-defined.ts';
import { thumbprint } from '../../../pki/certificate.ts';
import { parseCsr } from '../../../pki/csr.ts';
import { keyBits } from '../../../pki/public-key.ts';
import { displayOf } from '../catalogue.ts';
import { issuerFacts } from '../certificates/chain.ts';
import { displayName } from '../containers/container-to-wire.ts';
import {
  attemptOf,
  type DialectData,
  dialectDataOf,
  duplicateNumber,
  duplicatesOf,
  isArchived,
} from '../dialect-data.ts';
import { platformToWire } from '../products/platforms.ts';
import { dcvMethodOf } from '../proofs.ts';
import { certificateStatus, orderStatus, requestType } from '../status.ts';
import { contactOf } from '../users/people.ts';
import type { WireActor } from '../users/schema.ts';
import { day, timestamp } from '../wire/wire-time.ts';
import { spell } from './csr-spelling.ts';
import type { ShownNote } from './order-notes.ts';
import { isRelayed } from './relayed-proofs.ts';
import type { CertificateItem, OrderInfo, OrderItem } from './schema.ts';

/** Data that the order's information shows besides the order itself. */
export interface OrderSurroundings {
  /** The newest issuance, duplicates aside: what the order's status is read from. */
  readonly newest: Issuance;
  /** Every issuance, newest first. */
  readonly issuances: readonly IssuanceView[];
  readonly requests: readonly Approval[];
  /** Newest first. */
  readonly notes: readonly ShownNote[];
  readonly renewedNumber: number | undefined;
  readonly container: Container | undefined;
  readonly user: WireActor;
}

export function orderInfoToWire(view: OrderView, beside: OrderSurroundings): OrderInfo {
  const { order, product, organization } = view;
  const data = dialectDataOf(order);
  // One that waits, or was refused, has reissued nothing.
  const reissues = beside.issuances.filter(
    ({ issuance, certificate }) => issuance.kind === 'reissue' && certificate !== null,
  );
  const duplicates = beside.issuances.filter(({ issuance }) => issuance.kind === 'duplicate');
  const reissued = reissues[0]?.certificate;
  const notified = !order.reminders.isOff;
  return {
    id: order.number,
    certificate: certificateInfo(view, data),
    status: orderStatus(view, beside.newest),
    is_renewal: order.renewalOf !== null,
    is_renewed: isRenewed(order),
    ...withDefined({ renewed_order_id: beside.renewedNumber }),
    date_created: timestamp(order.createdAt),
    ...withDefined({
      last_reissued_date: reissued == null ? undefined : timestamp(reissued.createdAt),
      organization: organization === null ? undefined : organizationInfo(organization),
    }),
    ...orderLength(order, data),
    disable_renewal_notifications: order.reminders.isOff,
    auto_renew: order.isAutoRenewed ? 1 : 0,
    ...withDefined({ custom_renewal_message: nonEmpty(order.reminders.message) }),
    ...(order.reminders.addresses.length === 0 ? {} : { additional_emails: [...order.reminders.addresses] }),
    ...withDefined({ container: containerToWire(beside.container) }),
    product: {
      name_id: product.code,
      name: product.name,
      type: 'ssl_certificate',
      ...validationOf(displayOf(product).validationType),
    },
    ...withDefined({
      organization_contact: contactOf('organization_contact', data, organization),
      technical_contact: contactOf('technical_contact', data, organization),
      ev_approver: contactOf('ev_approver', data, organization),
    }),
    user: beside.user,
    requests: beside.requests.map((request) => ({
      id: request.number,
      date: timestamp(request.createdAt),
      type: requestType(request),
      status: request.state,
      ...withDefined({ comments: nonEmpty(request.comments) }),
    })),
    cs_provisioning_method: data.provisioning,
    send_minus_90: notified,
    send_minus_60: notified,
    send_minus_30: notified,
    send_minus_7: notified,
    send_minus_3: notified,
    send_plus_7: notified,
    public_id: order.id,
    allow_duplicates: true,
    duplicates_count: duplicates.length,
    reissues_count: reissues.length,
    has_duplicates: duplicates.length > 0,
    has_reissues: reissues.length > 0,
    user_assignments: [],
    payment_method: data.paymentMethod,
    disable_ct: data.disablesCt,
    dcv_method: methodOf(view, data),
    ...withDefined({ locale: data.locale, alternative_order_id: order.alternativeReference ?? undefined }),
    ...(beside.notes.length === 0 ? {} : { notes: beside.notes.map(({ number, text }) => ({ id: number, text })) }),
    ...customFields(order),
  };
}

/**
 * @param primary the order as of the certificate that counts, where that is not the newest issuance
 */
export function orderItemToWire(
  view: OrderSummary,
  { primary, container }: { readonly primary: OrderSummary; readonly container: Container | undefined },
): OrderItem {
  const { order, product, organization } = view;
  const { issuance, certificate } = primary;
  const data = dialectDataOf(order);
  const attempt = attemptOf(data, issuance.proofReference);
  const { names } = issuance;
  const duplicates = duplicatesOf(data).length;
  const length = orderLength(order, data);
  return {
    id: order.number,
    certificate: {
      ...withDefined({ id: certificateId(issuance), serial_number: certificate?.serial.toUpperCase() }),
      common_name: names[0] ?? '',
      dns_names: [...names],
      ...validityOf(primary),
      ...withDefined({ cert_validity: attempt.certValidity }),
      signature_hash: attempt.hash ?? 'sha256',
    },
    status: orderStatus(view),
    is_renewed: isRenewed(order),
    date_created: timestamp(order.createdAt),
    ...withDefined({
      organization: organization === null ? undefined : { id: organization.number, name: organization.details.name },
    }),
    ...length,
    disable_renewal_notifications: order.reminders.isOff,
    ...withDefined({ container: containerToWire(container) }),
    product: { name_id: product.code, name: product.name, type: 'ssl_certificate' },
    product_name_id: product.code,
    duplicates_count: duplicates,
    has_duplicates: duplicates > 0,
    price: toMajor(order.totalMinor, order.currency),
    number_of_sans: names.length,
    ...(length.validity_years > 1 ? { is_multi_year_plan: '1' } : {}),
    ...withDefined({ alternative_order_id: order.alternativeReference ?? undefined }),
    ...customFields(order),
  };
}

/** For the lists of reissues and duplicates. */
export function certificateItemToWire(view: IssuanceView, user: WireActor): CertificateItem {
  const { order, issuance, certificate, chain } = view;
  const data = dialectDataOf(order);
  const attempt = attemptOf(data, issuance.proofReference);
  const names = issuance.names.map(({ identifier }) => identifier.value);
  return {
    id: issuance.number,
    ...withDefined({
      thumbprint: certificate === null ? undefined : thumbprint(certificate.der, 'sha1').toUpperCase(),
      serial_number: certificate?.serial.toUpperCase(),
    }),
    common_name: names[0] ?? '',
    dns_names: names,
    status: certificateStatus(view),
    date_created: timestamp(issuance.createdAt),
    ...withDefined({ date_issued: certificate === null ? undefined : timestamp(certificate.createdAt) }),
    ...validityOf(view),
    ...withDefined({ csr: csrToWire(issuance, data) }),
    server_platform: platformToWire(attempt.platform),
    signature_hash: attempt.hash ?? 'sha256',
    ...withDefined({ key_size: keySize(issuance), ca_cert_id: caCert(chain)?.id }),
    sub_id: String(duplicateNumber(data, issuance.proofReference)).padStart(3, '0'),
    public_id: issuance.id,
    archived: isArchived(data, issuance.number),
    user_id: user.id,
    firstname: user.first_name,
    lastname: user.last_name,
    email: user.email,
  };
}

/** The clients' `certificate_id`: the number of the issuance, which exists before the certificate. Not before approval. */
export function certificateId({
  number,
  validatingSince,
  state,
}: Pick<Issuance, 'number' | 'validatingSince' | 'state'>): number | undefined {
  return validatingSince === null && state !== 'issued' ? undefined : number;
}

export function isRenewed({ renewalMark, renewedBy }: Order): boolean {
  return renewalMark === null ? renewedBy !== null : renewalMark === 'renewed';
}

/** The method that the customer chose, or the one by which the first name is to be proved. */
export function methodOf({ authorizations, issuance }: OrderView, { dcvMethod }: DialectData): string {
  const [first] = authorizations;
  // An upstream may not offer what was asked for.
  if (first !== undefined && isRelayed(first)) return dcvMethodOf(first.preferredMethod, undefined);
  if (dcvMethod !== undefined) return dcvMethod;
  return first === undefined ? 'email' : dcvMethodOf(first.preferredMethod, issuance.proofReference);
}

export function containerToWire(container: Container | undefined) {
  if (container === undefined) return undefined;
  return { id: container.number, name: container.name, is_active: container.state === 'active' };
}

function certificateInfo(view: OrderView, data: DialectData): OrderInfo['certificate'] {
  const { issuance, certificate, chain, organization } = view;
  const attempt = attemptOf(data, issuance.proofReference);
  const names = issuance.names.map(({ identifier }) => identifier.value);
  return {
    ...withDefined({
      id: certificateId(issuance),
      thumbprint: certificate === null ? undefined : thumbprint(certificate.der, 'sha1').toUpperCase(),
      serial_number: certificate?.serial.toUpperCase(),
    }),
    common_name: names[0] ?? '',
    ...withDefined({ cert_validity: attempt.certValidity }),
    dns_names: names,
    date_created: timestamp(issuance.createdAt),
    ...withDefined({ date_issued: certificate === null ? undefined : timestamp(certificate.createdAt) }),
    ...validityOf(view),
    ...withDefined({
      csr: csrToWire(issuance, data),
      organization: organization === null ? undefined : { id: organization.number },
    }),
    organization_units: [...data.units],
    server_platform: platformToWire(attempt.platform),
    signature_hash: attempt.hash ?? 'sha256',
    ...withDefined({ key_size: keySize(issuance), ca_cert: caCert(chain), status: primaryStatus(view) }),
  };
}

/** Left out for an ordinary first certificate; shown after a reissue and after a revocation. */
function primaryStatus({ issuance, certificate }: OrderView): string | undefined {
  if (certificate === null) return undefined;
  if (certificate.state === 'revoked') return 'revoked';
  return issuance.kind === 'new' ? undefined : 'issued';
}

const dayMs = 86_400_000;

function validityOf({ certificate, now }: Pick<OrderView, 'certificate' | 'now'>) {
  if (certificate === null) return {};
  const { notBefore, notAfter } = certificate;
  return {
    valid_from: day(notBefore),
    valid_till: day(notAfter),
    days_remaining: Math.floor((notAfter.getTime() - now.getTime()) / dayMs),
  };
}

function csrToWire({ csr, proofReference }: Issuance, data: DialectData): string | undefined {
  return csr === null ? undefined : spell(csr, attemptOf(data, proofReference).csr);
}

function keySize({ csr }: Issuance): number | undefined {
  return csr === null ? undefined : keyBits(parseCsr(csr).publicKey.algorithm);
}

function caCert([issuer]: readonly Uint8Array[]): { readonly id: string; readonly name: string } | undefined {
  if (issuer === undefined) return undefined;
  const { id, commonName } = issuerFacts(issuer);
  return { id, name: commonName };
}

function organizationInfo({ number, details, state }: NonNullable<OrderView['organization']>) {
  return {
    id: number,
    name: details.name,
    ...withDefined({ assumed_name: nonEmpty(details.assumedName) }),
    display_name: displayName(details),
    is_active: state === 'active',
    city: details.city,
    state: details.state,
    country: details.country.toLowerCase(),
    ...withDefined({ telephone: nonEmpty(details.phone) }),
  };
}

/** Whole years where the order has years; else the requested length; and the end, once it runs. */
function orderLength(order: Order, data: DialectData) {
  return {
    validity_years: yearsOf(order.coverage),
    ...withDefined({
      order_validity: data.orderValidity,
      order_valid_till: order.coverageUntil === null ? undefined : day(order.coverageUntil),
    }),
  };
}

const validations = {
  dv: { validation_type: 'dv', validation_name: 'DV', validation_description: 'Domain Validation' },
  ov: { validation_type: 'ov', validation_name: 'OV', validation_description: 'Normal Organization Validation' },
  ev: {
    validation_type: 'ev',
    validation_name: 'EV',
    validation_description: 'Extended Organization Validation (EV)',
  },
  private_ssl: {
    validation_type: 'private_ssl',
    validation_name: 'Private SSL',
    validation_description: 'Normal Organization Validation, private trust',
  },
} as const;

function validationOf(type: keyof typeof validations) {
  return validations[type];
}

function customFields({ customValues }: Order) {
  if (customValues.length === 0) return {};
  return {
    custom_fields: customValues.map(({ fieldNumber, label, value }) => ({ metadata_id: fieldNumber, label, value })),
  };
}

/** Reports whether the order runs: its certificate may be downloaded, reissued and duplicated. */
export function isRunning({ order, now }: OrderView): boolean {
  return stateAt(order, now) === 'active';
}
