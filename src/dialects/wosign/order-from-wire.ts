/** Requests: which of the two it is, names, CSR, handle. */

import { hash } from 'node:crypto';
import { forEachName, quoted, refuse } from '../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../domain/identifier.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Idempotency } from '../../domain/ports/orders.ts';
import { csrDerOf } from '../../pki/csr.ts';
import { maxNames } from './catalogue.ts';
import { orderIdOf } from './handle.ts';
import type { ApplyRequest } from './schema.ts';

/** The id of the order whose certificate is fetched; undefined for a new one. @throws {CertError} fieldInvalid, notFound */
export function handleFromWire({ req_type, handle_id }: ApplyRequest): string | undefined {
  const kind = textOf(req_type, 'req_type');
  // The document's table says that it is never empty; its sample for fetching leaves it out.
  if (kind === undefined && isBlank(handle_id)) throw refuse('fieldMissing', { field: 'req_type' });
  if (kind !== undefined && kind !== 'cert_apply') {
    throw refuse('fieldInvalid', { field: 'req_type', value: quoted(kind), expected: 'cert_apply' });
  }
  const handle = textOf(handle_id, 'handle_id');
  if (handle === undefined) return undefined;
  const orderId = orderIdOf(handle);
  if (orderId === undefined) throw refuse('notFound', { what: 'order', value: quoted(handle) });
  return orderId;
}

const separators = /[,，、;；]/;

/** The number of names is checked before their form: 106, then 105. @throws {CertError} tooManyNames, badName, fieldInvalid */
export function namesFromWire({ domain_name: value }: ApplyRequest): readonly Identifier[] {
  if (isBlank(value)) throw refuse('fieldMissing', { field: 'domain_name' });
  const items = listOf(value).filter((item) => item !== '');
  if (items.length > maxNames) throw refuse('tooManyNames', { count: items.length, limit: maxNames });
  if (items.length === 0) throw refuse('nameEmpty', { field: 'domain_name' });
  const names = forEachName(items, String, nameOf);
  const values = names.map((name) => name.value);
  const again = values.find((one, index) => values.indexOf(one) < index);
  if (again !== undefined) throw refuse('nameDuplicate', { name: again });
  return names;
}

/** The document's sample has `"www. example.com"`: in a list a blank inside a name is a slip, in one string it divides. */
function listOf(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(/[,，、;；\s]+/);
  if (!Array.isArray(value)) return [value];
  return value.flatMap((item: unknown) =>
    typeof item === 'string' ? item.split(separators).map((part) => part.replaceAll(/\s+/g, '')) : [item],
  );
}

function nameOf(item: unknown): Identifier {
  const field = 'domain_name';
  if (typeof item !== 'string')
    throw refuse('fieldInvalid', { field, value: quoted(item), expected: expected.domainName });
  const name = parseIdentifier(item, field);
  // One file at one host proves neither an address nor all hosts below a name.
  if (name.kind === 'wildcard' || isIp(name)) {
    const expected = 'a full domain name, neither a wildcard nor an address';
    throw refuse('fieldInvalid', { field, value: quoted(name.value), expected });
  }
  return name;
}

/** The DER. Names in it mean nothing here: `domain_name` says them. @throws {CertError} fieldMissing, pemMalformed */
export function csrFromWire({ csr }: ApplyRequest): Uint8Array {
  const text = textOf(csr, 'csr');
  if (text === undefined) throw refuse('fieldMissing', { field: 'csr' });
  return csrDerOf(text, 'csr');
}

const windowSeconds = 60;

/** A platform that lost the answer asks again: the same request within a minute is one order. */
export function idempotencyOf(names: readonly Identifier[], csr: Uint8Array): Idempotency {
  const content = [hash('sha256', csr, 'hex'), names.map((name) => name.value).sort()];
  const fingerprint = hash('sha256', JSON.stringify(content), 'hex');
  return { key: fingerprint, fingerprint, windowSeconds };
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function textOf(value: unknown, field: string): string | undefined {
  if (isBlank(value)) return undefined;
  if (typeof value !== 'string')
    throw refuse('fieldInvalid', { field, value: quoted(value), expected: expected.string });
  return value;
}
