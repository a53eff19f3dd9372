/** Requests for an order: names and methods, CSR, organization, contacts. */

import type { Authorization } from '../../domain/authorization.ts';
import type { MethodChoice, NameChoice } from '../../domain/challenge.ts';
import { countryOf } from '../../domain/country.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../domain/identifier.ts';
import { constructedAddresses } from '../../domain/mailbox.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Contact } from '../../domain/order.ts';
import type { OrganizationDetails } from '../../domain/organization.ts';
import type { CsrSource, Idempotency, OrderView, Proofs } from '../../domain/ports/orders.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { ValidationLevel } from '../../domain/profile.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { csrDerOf } from '../../pki/csr.ts';
import { createCsr } from '../../pki/csr-writer.ts';
import { createLocalSigner, parsePrivateKeyPem, publicKeyOf } from '../../pki/key.ts';
import { withEvProposal } from '../kit/ev-proposal.ts';
import { newCertId } from './cert-id.ts';
import { type Contacts, contactRoles } from './dialect-data.ts';
import { methodNames, methodsFor } from './proofs.ts';
import type { DomainEntry, Params, WireOrganization } from './schema.ts';
import type { Services } from './services.ts';

/** Names in the order of the request, and how each will be proved. */
export interface Wish {
  readonly names: readonly Identifier[];
  readonly choices: ReadonlyMap<string, MethodChoice>;
}

interface Method {
  readonly dcvMethod?: string | undefined;
  readonly dcvEmail?: string | undefined;
}

/**
 * @param common what the request says for all names: `dcvMethod` beside `domainInfo`
 * @throws {CertError} badName, invalidField naming the entry
 */
export function wishFromWire(
  entries: readonly DomainEntry[],
  common: string | undefined,
  publicSuffixes: PublicSuffixes,
): Wish {
  if (entries.length === 0) throw refuse('fieldMissing', { field: 'domainInfo' });
  const read = entries.map(({ domainName, dcvMethod = common, dcvEmail }, index) => {
    const at = `domainInfo[${index}]`;
    const name = parseIdentifier(domainName, `${at}.domainName`);
    return [name, choiceFromWire(name, { dcvMethod, dcvEmail }, { at, publicSuffixes })] as const;
  });
  return {
    names: read.map(([name]) => name),
    choices: new Map(read.map(([name, choice]) => [name.value, choice])),
  };
}

/**
 * @param where how messages name the place: `domainInfo[0]`, or nothing
 * @throws {CertError} invalidField
 */
export function choiceFromWire(
  name: Identifier,
  { dcvMethod, dcvEmail }: Method,
  { at, publicSuffixes }: { readonly at: string; readonly publicSuffixes: PublicSuffixes },
): MethodChoice {
  const inside = (field: string) => (at === '' ? field : `${at}.${field}`);
  const possible = methodsFor(name);
  if (dcvMethod === undefined) return isIp(name) ? 'httpFile' : 'dnsCname';
  const word = dcvMethod.toUpperCase();
  const method = possible.find((candidate) => methodNames[candidate] === word);
  if (method === undefined) {
    const expected = possible.map((candidate) => methodNames[candidate]).join(' / ');
    throw refuse('fieldInvalid', { field: inside('dcvMethod'), value: quoted(dcvMethod), expected });
  }
  if (method !== 'email') return method;
  if (dcvEmail === undefined) throw refuse('fieldMissing', { field: inside('dcvEmail') });
  const address = dcvEmail.toLowerCase();
  const allowed = constructedAddresses(name, publicSuffixes);
  if (allowed.includes(address)) return { method, address };
  throw refuse('fieldInvalid', { field: inside('dcvEmail'), value: quoted(dcvEmail), expected: allowed.join(' / ') });
}

/** Names and methods as they are now. */
export function wishOf({ authorizations }: Pick<OrderView, 'authorizations'>): Wish {
  return {
    names: authorizations.map(({ identifier }) => identifier),
    choices: new Map(authorizations.map((authorization) => [authorization.identifier.value, choiceOf(authorization)])),
  };
}

/** Method of a mail with its address; without one, the method that needs no choice. */
export function choiceOf({ preferredMethod, challenges }: Authorization): MethodChoice {
  if (preferredMethod !== 'email') return preferredMethod;
  const address = challenges.find((challenge) => challenge.method === 'email')?.chosen;
  return address === undefined ? 'dnsCname' : { method: 'email', address };
}

/** `dnsCname` where nothing was chosen. */
export function methodOf(choice: MethodChoice | undefined): ValidationMethod {
  if (choice === undefined) return 'dnsCname';
  return typeof choice === 'string' ? choice : choice.method;
}

/** A new certId, and how the names under it will be proved. */
export function proofsFor({ names, choices }: Wish, { clock, random, config }: Services): Proofs {
  return {
    proofReference: newCertId(clock.now(), random, config.timeOffset),
    preferredMethod: methodOf(choices.get(names[0]?.value ?? '')),
    choices: names.flatMap((name): NameChoice[] => {
      const choice = choices.get(name.value);
      return choice === undefined ? [] : [{ name, choice }];
    }),
  };
}

/**
 * A CSR, or one for the key that the customer sends, which is used for that and forgotten; with neither, the server makes
 * both.
 * @throws {CertError} badCsr
 */
export async function csrFromWire(
  { csr, privateKey }: Pick<Params, 'csr' | 'privateKey'>,
  names: readonly Identifier[],
  { config }: Services,
): Promise<CsrSource> {
  if (csr !== undefined && csr.trim() !== '') return csrDerOf(csr, 'csr');
  if (privateKey === undefined || privateKey.trim() === '') return { make: config.generatedKey };
  const key = parsePrivateKeyPem(privateKey, 'privateKey');
  return createCsr({ subject: {}, names, spkiDer: publicKeyOf(key).spkiDer }, createLocalSigner(key));
}

/** The fields that the vendor asks for at all levels above DV. */
const organizationFields = [
  'organizationName',
  'organizationAddress',
  'organizationCity',
  'organizationCountry',
  'organizationPostCode',
  'organizationMobile',
] as const satisfies readonly (keyof WireOrganization)[];

/**
 * The organization of an OV or EV order. A DV order has none, whatever fields it carries: it certifies no organization.
 * @throws {CertError} organizationRequired, fieldInvalid
 */
export function organizationFromWire(
  { organizationInfo, Administrator }: Pick<Params, 'organizationInfo' | 'Administrator'>,
  level: ValidationLevel,
): OrganizationDetails | null {
  if (level === 'dv') return null;
  const upper = level.toUpperCase();
  if (organizationInfo === undefined) throw refuse('organizationRequired', { field: 'organizationInfo', level: upper });
  const missing = organizationFields.find((field) => organizationInfo[field] === undefined);
  if (missing !== undefined) {
    throw refuse('organizationRequired', { field: `organizationInfo.${missing}`, level: upper });
  }
  const { organizationName: name = '', organizationCity: city = '', organizationCountry = '' } = organizationInfo;
  const details = {
    name,
    city,
    // Not among the vendor's six fields; the administrator is of the organization.
    state: organizationInfo.organizationState ?? Administrator?.state ?? city,
    country: countryFromWire('organizationInfo.organizationCountry', organizationCountry),
    ...withDefined({
      unit: organizationInfo.organizationDivision,
      street: organizationInfo.organizationAddress,
      postalCode: organizationInfo.organizationPostCode,
      phone: organizationInfo.organizationMobile,
      registrationNumber: organizationInfo.organizationRegNumber,
    }),
  };
  return level === 'ev' ? withEvProposal(details) : details;
}

function countryFromWire(field: string, text: string): string {
  const country = countryOf(text);
  if (country === undefined) throw refuse('fieldInvalid', { field, value: quoted(text), expected: expected.country });
  return country;
}

/** Asked for of each of the three by the live service, for OV and EV. */
const contactFields = ['organization', 'address', 'city', 'state', 'postCode', 'country'] as const;

/**
 * Without contacts for technology and finance the administrator is both.
 * @throws {CertError} fieldMissing, fieldInvalid
 */
export function contactsFromWire({ Administrator, tech, finance }: Contacts, level: ValidationLevel): Contacts {
  if (Administrator === undefined) throw refuse('fieldMissing', { field: 'Administrator' });
  const contacts = { Administrator, tech: tech ?? Administrator, finance: finance ?? Administrator };
  for (const role of contactRoles) {
    const { country } = contacts[role];
    if (country !== undefined) countryFromWire(`${role}.country`, country);
    if (level === 'dv') continue;
    const missing = contactFields.find((field) => contacts[role][field] === undefined);
    // The name under which it is honoured, by the vendor's live service.
    const field = missing === 'organization' ? 'organation' : missing;
    if (field !== undefined) {
      throw refuse('organizationRequired', { field: `${role}.${field}`, level: level.toUpperCase() });
    }
  }
  return contacts;
}

export function contactOf({ Administrator }: Contacts): Contact | null {
  if (Administrator === undefined) return null;
  const { lastName = '', firstName = '', job, mobile, email } = Administrator;
  const contact = {
    ...withDefined({ name: `${firstName} ${lastName}`.trim() || undefined, title: job, phone: mobile }),
    // Samples of the document carry the placeholder of a mail protector instead of an address.
    ...withDefined({ email: email?.includes('@') === true ? email : undefined }),
  };
  return Object.keys(contact).length === 0 ? null : contact;
}

/** Kept for ever: a client that sends a reference again wants the outcome of the first request. */
const referenceSeconds = 10 * 366 * 86_400;

/**
 * The same `refId` is the same order: a client that was not answered sends it again, with another CSR perhaps. For another
 * product or for other names it is a mistake, and a conflict.
 */
export function idempotencyOf(
  refId: string | undefined,
  what: string,
  names: readonly Identifier[],
): Idempotency | null {
  if (refId === undefined) return null;
  const fingerprint = JSON.stringify([what, names.map(({ value }) => value).sort()]);
  return { key: `refId ${refId}`, fingerprint, windowSeconds: referenceSeconds };
}
