/** Requests for an order: names, CSR, organization, contact, unique id. */

import { hash } from 'node:crypto';
import { countryOf } from '../../domain/country.ts';
import { forEachName, quoted, refuse } from '../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Contact } from '../../domain/order.ts';
import type { OrganizationDetails } from '../../domain/organization.ts';
import type { Idempotency } from '../../domain/ports/orders.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { ValidationLevel } from '../../domain/profile.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { csrDerOf } from '../../pki/csr.ts';
import { withEvProposal } from '../kit/ev-proposal.ts';
import { maxNames } from './catalogue.ts';
import type { CreateRequest } from './schema.ts';

/** ASCII commas by the document; people also type the Chinese ones, semicolons and line breaks into panels. */
const separators = /[,，、;；\s]+/;

/** @throws {CertError} badName, tooManyNames */
export function namesFromWire(domains: string): readonly Identifier[] {
  const texts = domains.split(separators).filter((text) => text !== '');
  if (texts.length === 0) throw refuse('nameEmpty', { field: 'domains' });
  // Before each is looked at, so that a megabyte of names costs nothing.
  if (texts.length > maxNames) throw refuse('tooManyNames', { count: texts.length, limit: maxNames });
  return forEachName(texts, String, (text) => parseIdentifier(text, 'domains'));
}

/** The DER. Names in it mean nothing here: clients put a placeholder into the CN and send no alternative names. */
export function csrFromWire(csrCode: string): Uint8Array {
  return csrDerOf(csrCode, 'csr_code');
}

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const uniqueIdLength = 20;

/** 20 characters of base 36, the most that the vendor's format has room for: 103 random bits. */
export function newUniqueId(random: Randomness): string {
  let text = '';
  while (text.length < uniqueIdLength) {
    for (const byte of random.bytes(24)) {
      // 252 is the largest multiple of 36 in a byte: what lies above would favour the first letters.
      if (byte < 252 && text.length < uniqueIdLength) text += base36[byte % 36];
    }
  }
  return text;
}

/** The method of every order in the vendor's sample; any offered method is accepted. */
export const usualMethod = 'httpFile';

const windowSeconds = 60;

/** Panels send a request again when the first is slow; the same one within a minute is one order and one charge. */
export function idempotencyOf(request: CreateRequest, names: readonly Identifier[], csrSha256: string): Idempotency {
  const values = names.map((name) => name.value).sort();
  const content = [
    request.pid,
    csrSha256,
    values,
    request.renew,
    request.old_vendor_id ?? null,
    request.unique_id ?? null,
  ];
  const fingerprint = hash('sha256', JSON.stringify(content), 'hex');
  return { key: fingerprint, fingerprint, windowSeconds };
}

const requiredFields = {
  dv: [],
  ov: ['organization_name', 'country', 'state', 'city'],
  ev: ['organization_name', 'country', 'state', 'city', 'registered_no'],
} as const satisfies Record<ValidationLevel, readonly (keyof CreateRequest)[]>;

/**
 * The organization of an OV or EV order. A DV order has none, whatever fields it carries: it certifies no organization.
 * @throws {CertError} organizationRequired, fieldInvalid
 */
export function organizationFromWire(request: CreateRequest, level: ValidationLevel): OrganizationDetails | null {
  if (level === 'dv') return null;
  for (const field of requiredFields[level]) {
    if (request[field] === undefined) throw refuse('organizationRequired', { field, level: level.toUpperCase() });
  }
  const { organization_name: name = '', state = '', city = '' } = request;
  const country = countryOf(request.country ?? '');
  if (country === undefined) {
    throw refuse('fieldInvalid', {
      field: 'country',
      value: quoted(request.country ?? ''),
      expected: expected.country,
    });
  }
  const details = {
    name,
    state,
    city,
    country,
    ...withDefined({
      unit: request.organizationalUnitName,
      street: request.registered_address_line1,
      postalCode: request.postal_code,
      phone: request.organization_phone,
      registrationNumber: request.registered_no,
      incorporatedOn: request.date_of_incorporation,
    }),
  };
  return level === 'ev' ? withEvProposal(details) : details;
}

export function contactFromWire(request: CreateRequest): Contact | null {
  const contact = {
    ...withDefined({
      name: request.contact_name,
      title: request.contact_title,
      phone: request.contact_phone,
      email: request.contact_email,
    }),
  };
  return Object.keys(contact).length === 0 ? null : contact;
}
