/** Requests for an order, a reissue or a duplicate, as the core takes them. */
import type { NameChoice } from '../../../domain/challenge.ts';
import { countryOf } from '../../../domain/country.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { baseName, type Identifier, isIp, parseIdentifier } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { OrganizationDetails } from '../../../domain/organization.ts';
import type { OrganizationChoice, Proofs } from '../../../domain/ports/orders.ts';
import type { ValidationLevel } from '../../../domain/profile.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { withEvProposal } from '../../kit/ev-proposal.ts';
import { registrationFromWire } from '../organizations/organization-from-wire.ts';
import { type DcvMethod, newProofReference, validationMethodOf } from '../proofs.ts';
import type { Services } from '../services.ts';
import { filled } from '../wire/shapes.ts';
import { csrFromWire } from './csr-spelling.ts';
import type { OrganizationRequest, PlaceRequest } from './place-schema.ts';
import type { ValidityWords } from './validity.ts';

type CertificateRequest = PlaceRequest['certificate'];

/** The requested names, each once: the common name first, whether or not it stands in the list too. @throws {CertError} */
export function namesFromWire(certificate: CertificateRequest): readonly Identifier[] {
  const { common_name: commonName, dns_names: others = [] } = certificate;
  if (commonName === undefined) throw refuse('fieldMissing', { field: 'certificate.common_name' });
  const names = [parseIdentifier(commonName, 'certificate.common_name')];
  const seen = new Set(names.map(({ value }) => value));
  for (const [index, text] of others.entries()) {
    // Go and C# clients leave an empty one in the list.
    if (text.trim() === '') continue;
    const name = parseIdentifier(text, `certificate.dns_names[${index}]`);
    if (!seen.has(name.value)) names.push(name);
    seen.add(name.value);
  }
  return names;
}

/** Null where none was sent. The names in it mean nothing. @throws {CertError} badCsr */
export function csrOf({ csr }: CertificateRequest): Buffer | null {
  return csr === undefined ? null : csrFromWire(csr, 'certificate.csr');
}

/** @throws {CertError} invalidField */
export function organizationFromWire(
  request: OrganizationRequest | undefined,
  level: ValidationLevel,
): OrganizationChoice | null {
  // A DV certificate says nothing of an organization, whatever its order carries.
  if (level === 'dv') return null;
  if (request?.id !== undefined) return { number: request.id };
  if (request?.name === undefined) throw refuse('fieldMissing', { field: 'organization.id' });
  return detailsFromWire(request, request.name, level);
}

function detailsFromWire(request: OrganizationRequest, name: string, level: ValidationLevel): OrganizationDetails {
  const needed = (field: 'city' | 'country' | 'address' | 'state') => {
    const value = request[field];
    if (value === undefined) throw refuse('fieldMissing', { field: `organization.${field}` });
    return value;
  };
  const text = needed('country');
  const country = countryOf(text);
  if (country === undefined) {
    throw refuse('fieldInvalid', { field: 'organization.country', value: quoted(text), expected: expected.country });
  }
  const details = {
    name,
    street: needed('address'),
    city: needed('city'),
    state: needed('state'),
    country,
    ...withDefined({
      street2: request.address2,
      postalCode: request.zip,
      phone: request.telephone,
      assumedName: request.assumed_name,
      registrationNumber: request.registration_number,
      ...registrationFromWire(request),
    }),
  };
  return level === 'ev' ? withEvProposal(details) : details;
}

/** The older three fields of an order and the newer object; the newer counts. */
export function orderValidityWords(request: PlaceRequest): ValidityWords {
  const newer = request.order_validity;
  if (newer?.years !== undefined || newer?.days !== undefined || newer?.custom_expiration_date !== undefined) {
    return wordsOf(newer, 'order_validity.');
  }
  return {
    years: request.validity_years,
    days: request.validity_days,
    until: realDate(request.custom_expiration_date),
    fields: { years: 'validity_years', days: 'validity_days', until: 'custom_expiration_date' },
  };
}

/** The certificate's own fields only. */
export function certificateValidityWords({ cert_validity: validity }: CertificateRequest): ValidityWords {
  return wordsOf(validity, 'certificate.cert_validity.');
}

function wordsOf(validity: CertificateRequest['cert_validity'], prefix: string): ValidityWords {
  return {
    years: validity?.years,
    days: validity?.days,
    until: realDate(validity?.custom_expiration_date),
    fields: { years: `${prefix}years`, days: `${prefix}days`, until: `${prefix}custom_expiration_date` },
  };
}

/** The zero date of Go clients is none. */
function realDate(text: string | undefined): string | undefined {
  return text?.startsWith('0001-01-01') === true ? undefined : text;
}

/**
 * Which of the names the list speaks of; a wildcard by itself or by its base.
 * @returns undefined where no list was sent, or an empty one
 * @throws {CertError} invalidField, for one that is not among them
 */
export function amongNames(
  names: readonly Identifier[],
  list: readonly (string | undefined)[] | undefined,
  fieldOf: (index: number) => string,
): ReadonlySet<string> | undefined {
  const meant = filled(list).map(({ item, index }) => {
    const { value } = parseIdentifier(item, fieldOf(index));
    if (!names.some((name) => name.value === value || baseName(name) === value)) {
      throw refuse('fieldInvalid', { field: fieldOf(index), value: quoted(item), expected: expected.nameOfOrder });
    }
    return value;
  });
  return meant.length === 0 ? undefined : new Set(meant);
}

/** By name. @throws {CertError} invalidField */
function chosenAddresses(names: readonly Identifier[], list: PlaceRequest['dcv_emails']): ReadonlyMap<string, string> {
  const chosen = new Map<string, string>();
  const fieldOf = (index: number) => `dcv_emails[${index}]`;
  amongNames(
    names,
    list?.map((item) => item?.dns_name),
    (index) => `${fieldOf(index)}.dns_name`,
  );
  for (const { item, index } of filled(list)) {
    const email = item.email.toLowerCase();
    const domain = item.email_domain?.toLowerCase();
    if (domain !== undefined && !email.endsWith(`@${domain}`)) {
      const field = `${fieldOf(index)}.email_domain`;
      throw refuse('fieldInvalid', { field, value: quoted(domain), expected: expected.domainOfEmail });
    }
    chosen.set(parseIdentifier(item.dns_name, `${fieldOf(index)}.dns_name`).value, email);
  }
  return chosen;
}

/**
 * A new proof reference, and how the names will be proved: all methods are offered. Mail goes to the address that was chosen for
 * the name, or else to the admin of its registrable domain. A server that sends no mail takes the vendor's default all the same:
 * other methods are looked for.
 */
export function proofsFor(
  { now, random, publicSuffixes }: { readonly now: Date } & Pick<Services, 'random' | 'publicSuffixes'>,
  names: readonly Identifier[],
  request: {
    readonly dcv_method?: DcvMethod | undefined;
    readonly dcv_emails?: PlaceRequest['dcv_emails'];
    /** True if names without a chosen address are written to as well. */
    readonly mailsByDefault: boolean;
  },
): Proofs {
  const method = request.dcv_method ?? 'email';
  const chosen = chosenAddresses(names, request.dcv_emails);
  const addressFor = (name: Identifier) =>
    chosen.get(name.value) ??
    chosen.get(baseName(name)) ??
    (request.mailsByDefault ? constructedAddresses(name, publicSuffixes)[0] : undefined);
  const choiceOf = (name: Identifier): readonly NameChoice[] => {
    const address = method !== 'email' || isIp(name) ? undefined : addressFor(name);
    return address === undefined ? [] : [{ name, choice: { method: 'email', address } }];
  };
  return {
    proofReference: newProofReference({ now, random }, method),
    preferredMethod: validationMethodOf(method),
    choices: names.flatMap(choiceOf),
  };
}
