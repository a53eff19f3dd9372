/** Requests for a certificate: names, kind of key, CA. */
import { hash } from 'node:crypto';
import { accountIdOf, type Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../domain/identifier.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Idempotency } from '../../domain/ports/orders.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { KeyKind } from '../../domain/profile.ts';
import { maxNames } from './catalogue.ts';
import type { Algorithm, ApplyRequest } from './schema.ts';

const field = 'domainList';

/** A name that is listed twice counts once. @throws {CertError} badName, refusedName, tooManyNames */
export function namesFromWire(domainList: readonly string[]): readonly Identifier[] {
  if (domainList.length === 0) throw refuse('nameEmpty', { field });
  // Before each is looked at, so that a megabyte of names costs nothing.
  if (domainList.length > 2 * maxNames) throw refuse('tooManyNames', { count: domainList.length, limit: maxNames });
  const names = new Map<string, Identifier>();
  for (const text of domainList) {
    const name = parseIdentifier(text, field);
    if (isIp(name)) {
      throw refuse('nameIpNotAllowed', { name: name.value, version: name.kind === 'ipv4' ? 'IPv4' : 'IPv6' });
    }
    names.set(name.value, name);
  }
  if (names.size > maxNames) throw refuse('tooManyNames', { count: names.size, limit: maxNames });
  return [...names.values()];
}

export const keyKinds = { ECC: 'P-256', RSA: 'rsa' } as const satisfies Record<Algorithm, KeyKind>;

/** Unique in the dialect. The proofs do not depend on it: an alias belongs to the account. */
export function newProofReference(random: Randomness): string {
  return Buffer.from(random.bytes(16)).toString('hex');
}

const windowSeconds = 60;

/** Scripts send a request again when the first is slow; the same one within a minute is one application. */
export function idempotencyOf(
  names: readonly Identifier[],
  { algorithm, ca, notifyUrl }: Pick<ApplyRequest, 'algorithm' | 'ca' | 'notifyUrl'>,
): Idempotency {
  const content = [names.map((name) => name.value).sort(), algorithm, ca, notifyUrl ?? null];
  const fingerprint = hash('sha256', JSON.stringify(content), 'hex');
  return { key: fingerprint, fingerprint, windowSeconds };
}

/** An alias belongs to an account. @throws {CertError} forbidden for an operator, who has none */
export function withAccount(caller: Caller): Caller & { readonly accountId: AccountId } {
  return { ...caller, accountId: accountIdOf(caller) };
}

/** @throws {CertError} notFound */
export function numberFromWire(id: string): number {
  if (!/^\d{1,10}$/.test(id.trim())) throw refuse('notFound', { what: 'order', value: quoted(id) });
  return Number(id);
}
