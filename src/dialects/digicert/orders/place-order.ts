/** Placing an order: what was sent becomes the core's request; then the domains of its names, and the answer. */
import type { MethodChoice } from '../../../domain/challenge.ts';
import { CertError, quoted, refuse } from '../../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import type { ManagedDomainView } from '../../../domain/managed-domain.ts';
import type { Organization } from '../../../domain/organization.ts';
import type { OrderReference, OrderView, PlaceOrder } from '../../../domain/ports/orders.ts';
import type { NewOrganizationContact } from '../../../domain/ports/organizations.ts';
import type { ValidationLevel } from '../../../domain/profile.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { catalogue, checkIsTls, determinator, determineProduct } from '../catalogue.ts';
import { csrAttempt, type DialectData } from '../dialect-data.ts';
import { contactFromWire, contactRoleFromWire } from '../organizations/organization-from-wire.ts';
import { type DcvMethod, newProofReference, validationMethodOf } from '../proofs.ts';
import type { Client } from '../services.ts';
import { contactsFromWire, type NamedContact } from '../users/people.ts';
import { filled, isBlank } from '../wire/shapes.ts';
import {
  certificateValidityWords,
  csrOf,
  namesFromWire,
  orderValidityWords,
  organizationFromWire,
  proofsFor,
} from './order-from-wire.ts';
import type { PlaceRequest } from './place-schema.ts';
import { findByThumbprint } from './read-order.ts';
import { certificateValidityOf, checkFitsOrder, orderLengthOf } from './validity.ts';

export async function placeOrder(request: PlaceRequest, client: Client): Promise<OrderView> {
  const wanted = await orderFromWire(request, client);
  try {
    return await client.services.orders.place(client.caller, wanted);
  } catch (thrown) {
    throw inFieldsOf(request, thrown);
  }
}

/** What the core refuses by the name of its own field, by the place of the value in the request. */
function inFieldsOf({ custom_fields: fields }: PlaceRequest, thrown: unknown): unknown {
  if (!(thrown instanceof CertError)) return thrown;
  const { key, params } = thrown.reason;
  if (key === 'fieldMissing' && params.field === 'csr') return refuse(key, { field: 'certificate.csr' });
  if (key !== 'fieldInvalid' || params.field !== 'customValues') return thrown;
  const named = filled(fields).findLast(({ item }) => quoted(item.metadata_id) === params.value);
  return named === undefined ? thrown : refuse(key, { ...params, field: `custom_fields[${named.index}].metadata_id` });
}

async function orderFromWire(request: PlaceRequest, client: Client): Promise<PlaceOrder> {
  const { services } = client;
  const { certificate } = request;
  const now = services.clock.now();
  const names = namesFromWire(certificate);
  const productCode = await productOf(request, names, client);
  const level = catalogue.find(({ code }) => code === productCode)?.level ?? 'dv';
  const csr = csrOf(certificate);
  const length =
    orderLengthOf(orderValidityWords(request), now) ?? orderLengthOf(certificateValidityWords(certificate), now);
  if (length === undefined) throw refuse('fieldMissing', { field: 'validity_years' });
  const certValidity = certificateValidityOf(certificateValidityWords(certificate), now);
  checkFitsOrder(certValidity, length, now, 'certificate.cert_validity');
  const organization = organizationFromWire(request.organization, level);
  const contacts = contactsOf(request, level);
  const people = await contactsFromWire(contacts, await organizationOf(contacts, request, level, client), client);
  const proofs = proofsFor({ ...services, now }, names, {
    ...request,
    mailsByDefault: level === 'dv' && services.sendsMail === true,
  });
  return {
    productCode,
    names,
    csr,
    periods: length.periods,
    validity: certValidity ?? length.validity,
    ...proofs,
    renewalOf: await renewalOf(request, client),
    organization,
    organizationContacts: newContactsOf(request, contacts),
    persons: people.persons,
    contact: null,
    ...(request.container === undefined ? {} : { container: { number: request.container } }),
    customValues: filled(request.custom_fields).map(({ item }) => ({
      fieldNumber: item.metadata_id,
      value: item.value,
    })),
    alternativeReference: request.alternative_order_id ?? null,
    isAutoRenewed: request.auto_renew,
    reminders: {
      isOff: request.disable_renewal_notifications,
      addresses: request.additional_emails ?? [],
      message: request.custom_renewal_message ?? '',
    },
    approval: {
      skip: request.skip_approval,
      ...withDefined({ comments: request.comments }),
    },
    dialectData: dialectDataFromWire(request, {
      contacts: people.contacts,
      proofReference: proofs.proofReference,
      csr,
      length,
    }),
    idempotency: null,
    signedWithinMs: services.config.answerWithinMs,
  };
}

async function productOf(request: PlaceRequest, names: readonly Identifier[], client: Client): Promise<string> {
  const code = request.product_name_id;
  checkIsTls(code);
  if (code !== determinator) return code;
  const products = await client.services.catalogue.list(client.caller);
  return determineProduct(products, {
    hint: request.product?.type_hint,
    names,
    hasOrganization: request.organization !== undefined,
  });
}

/** @throws {CertError} notFound for a thumbprint of no certificate of the account */
async function renewalOf(request: PlaceRequest, client: Client): Promise<OrderReference | null> {
  if (request.renewal_of_order_id !== undefined) return { number: request.renewal_of_order_id };
  const thumbprint = request.renewed_thumbprint?.replaceAll(':', '').toLowerCase();
  if (thumbprint === undefined) return null;
  const found = await findByThumbprint(thumbprint, client);
  if (found !== undefined) return found;
  throw refuse('notFound', { what: 'certificate', value: quoted(request.renewed_thumbprint) });
}

function dialectDataFromWire(
  request: PlaceRequest,
  context: {
    readonly contacts: DialectData['contacts'];
    readonly proofReference: string;
    readonly csr: Uint8Array | null;
    readonly length: { readonly shown: DialectData['orderValidity'] };
  },
): Readonly<Record<string, unknown>> {
  const { certificate } = request;
  const { contacts, proofReference, csr, length } = context;
  const validity = certificate.cert_validity;
  const attempt: DialectData['attempts'][string] = {
    ...csrAttempt(certificate.csr, csr),
    ...withDefined({
      platform: certificate.server_platform,
      hash: certificate.signature_hash,
      certValidity: hasAny(validity) ? definedOf(validity) : undefined,
    }),
  };
  const data: DialectData = {
    units: certificate.organization_units ?? [],
    ...withDefined({
      profileOption: certificate.profile_option,
      caCertId: certificate.ca_cert_id,
      orderValidity: length.shown,
    }),
    paymentMethod: request.payment_method ?? 'balance',
    ...withDefined({ locale: request.locale, dcvMethod: request.dcv_method }),
    disablesCt: request.disable_ct,
    provisioning: request.cs_provisioning_method ?? 'none',
    contacts,
    archived: {},
    attempts: { [proofReference]: attempt },
  };
  return data;
}

/**
 * The contacts that the request names. On a DV order, which needs none, one with nothing but its type is none either: Go clients send
 * the others empty.
 * @throws {CertError} invalidField
 */
function contactsOf(request: PlaceRequest, level: ValidationLevel): readonly NamedContact[] {
  const technical = request.technical_contact;
  const listed = filled(request.organization?.contacts).flatMap(({ item, index }): NamedContact[] => {
    const { contact_type, ...fields } = item;
    const field = `organization.contacts[${index}]`;
    if (level === 'dv' && isBlank(fields)) return [];
    if (contact_type === undefined) throw refuse('fieldMissing', { field: `${field}.contact_type` });
    return [{ contact: { ...fields, contact_type }, field }];
  });
  if (technical === undefined) return listed;
  return [...listed, { contact: { ...technical, contact_type: 'technical_contact' }, field: 'technical_contact' }];
}

/** Contacts for an organization that the request describes, which keeps them. */
function newContactsOf(
  { organization }: PlaceRequest,
  contacts: readonly NamedContact[],
): readonly NewOrganizationContact[] {
  if (organization === undefined || organization.id !== undefined) return [];
  return contacts
    .filter(({ field }) => field.startsWith('organization.'))
    .map(({ contact, field }) => contactFromWire(contact, contactRoleFromWire(contact.contact_type, field), field));
}

/** Read only where a contact may be one of its own. */
async function organizationOf(
  contacts: readonly NamedContact[],
  { organization }: PlaceRequest,
  level: ValidationLevel,
  { services, caller }: Client,
): Promise<Organization | null> {
  const asksForPeople = contacts.some(({ contact: { user_id } }) => user_id !== undefined);
  if (level === 'dv' || organization?.id === undefined || !asksForPeople) return null;
  return services.organizations.get(caller, { number: organization.id });
}

/**
 * The account's domains that the order's names lie in, made where there are none: OV and EV orders of this vendor always show
 * them, others where a random value is to be placed. The order stands whatever becomes of this.
 */
export async function domainsOf(
  view: OrderView,
  method: DcvMethod | undefined,
  { services, caller }: Client,
): Promise<readonly ManagedDomainView[]> {
  const { product, order, organization } = view;
  // Domains prove names to us, and these are proved to an upstream.
  if (view.authorizations.some(({ checkedBy }) => checkedBy !== null)) return [];
  const isByToken = method !== undefined && method !== 'email';
  if (product.level === 'dv' && !isByToken) return [];
  const chosen = method ?? 'email';
  const domains: ManagedDomainView[] = [];
  for (const name of baseDomains(view, services.publicSuffixes.registrableDomain)) {
    const identifier = { kind: 'dns', value: name } as const;
    domains.push(
      await services.managedDomains.ensure(caller, {
        name: identifier,
        organization: organization === null ? null : { id: organization.id },
        container: order.containerId === null ? null : { id: order.containerId },
        requestedLevels: product.level === 'dv' ? [] : [product.level],
        proofReference: newProofReference({ now: services.clock.now(), random: services.random }, chosen),
        preferredMethod: validationMethodOf(chosen),
        ...mailChoice(identifier, chosen, services),
      }),
    );
  }
  return isByToken ? domains : [];
}

/** One mail a domain, which then serves all names of the order in it. */
function mailChoice(
  name: Identifier,
  method: DcvMethod,
  { sendsMail, publicSuffixes }: Client['services'],
): { readonly choice?: MethodChoice } {
  const [address] = constructedAddresses(name, publicSuffixes);
  if (method !== 'email' || sendsMail !== true || address === undefined) return {};
  return { choice: { method: 'email', address } };
}

function baseDomains({ issuance }: OrderView, registrableDomain: (name: string) => string | undefined): Set<string> {
  const names = issuance.names.map(({ identifier }) => identifier).filter((identifier) => !isIp(identifier));
  return new Set(names.map((name) => registrableDomain(baseName(name)) ?? baseName(name)));
}

function hasAny(validity: object | undefined): validity is object {
  return validity !== undefined && Object.values(validity).some((value) => value !== undefined);
}

function definedOf(validity: object): DialectData['orderValidity'] {
  return Object.fromEntries(Object.entries(validity).filter(([, value]) => value !== undefined));
}
