/** Purchases to send to doubles of vendors, and what every client half must make of what goes wrong there. */
import assert from 'node:assert/strict';
import type { MethodChoice } from '../../../src/domain/challenge.ts';
import { type Identifier, parseIdentifier } from '../../../src/domain/identifier.ts';
import type { Purchase } from '../../../src/domain/ports/upstream.ts';
import { UpstreamFailure, type UpstreamFailureKind } from '../../../src/domain/upstream-failure.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../../src/pki/key.ts';
import type { Booked, Double, Mishap } from './books.ts';
import { limited } from './books.ts';

export const never = new AbortController().signal;

let issuances = 0;

/** A new reference, as ours are. */
export function newReference(): string {
  return `iss_${String(++issuances).padStart(26, '0')}`;
}

export async function csrFor(names: readonly string[]): Promise<Uint8Array> {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const identifiers = names.map((name) => parseIdentifier(name, 'name'));
  const csr = { subject: { CN: names[0] ?? '' }, names: identifiers, spkiDer };
  return createCsr(csr, createLocalSigner(privateKeyPkcs8));
}

export interface Wish extends Partial<Omit<Purchase, 'names' | 'choices'>> {
  readonly names?: readonly string[];
  /** By name; `dnsCname` by default. */
  readonly choices?: Readonly<Record<string, MethodChoice>>;
}

/** One name, a year, a new key. */
export async function purchaseOf(product: string, wish: Wish = {}): Promise<Purchase> {
  const { names: texts = ['a.example.com'], choices = {}, ...rest } = wish;
  const [first = parseIdentifier('a.example.com', 'name'), ...others] = texts.map(
    (text): Identifier => parseIdentifier(text, 'name'),
  );
  const names = [first, ...others] as const;
  return {
    kind: 'new',
    of: null,
    clientReference: newReference(),
    product,
    coverage: { unit: 'years', count: 1 },
    csr: rest.csr === undefined ? await csrFor(texts) : rest.csr,
    keyType: 'ec',
    organization: null,
    contact: { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0000', title: 'Analyst' },
    container: null,
    ...rest,
    names,
    choices: names.map((name) => ({ name, choice: choices[name.value] ?? 'dnsCname' })),
  };
}

export const someOrganization = {
  name: 'Example Ltd',
  street: '1 High Street',
  city: 'London',
  state: 'London',
  country: 'GB',
  postalCode: 'E1 6AN',
  phone: '+44 20 7946 0001',
} as const;

/** @returns the failure that the call ended in */
export async function failureOf(call: Promise<unknown>): Promise<UpstreamFailure> {
  const outcome = await call.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );
  assert.ok('thrown' in outcome, 'it succeeded');
  assert.ok(outcome.thrown instanceof UpstreamFailure, `it threw ${String(outcome.thrown)}`);
  return outcome.thrown;
}

/** What goes wrong with any vendor, by what our side must make of it. */
const mishaps: readonly (readonly [Mishap, UpstreamFailureKind, boolean])[] = [
  ['loseRequest', 'away', false],
  ['loseReply', 'away', true],
  ['html', 'away', true],
  ['page', 'away', true],
  ['empty', 'away', true],
  [limited(90), 'limited', true],
];

/**
 * Plays every mishap on one operation. `call` must be one that would succeed.
 * @param skips mishaps that are no failure here, as an empty body for a call that answers nothing
 */
export async function playMishaps<Operation extends string>(
  double: Double<Operation, Booked>,
  operation: Operation,
  call: (signal: AbortSignal) => Promise<unknown>,
  { now, skips = [] }: { readonly now: Date; readonly skips?: readonly Mishap[] },
): Promise<void> {
  for (const [mishap, kind, isSent] of mishaps) {
    if (skips.includes(mishap)) continue;
    double.spoil(operation, mishap);
    const failure = await failureOf(call(never));
    const title = `${operation}: ${JSON.stringify(mishap)}: ${failure.message}`;
    assert.deepEqual([failure.kind, failure.isSent], [kind, isSent], title);
    const retryAt = kind === 'limited' ? new Date(now.getTime() + 90_000) : null;
    assert.deepEqual(failure.retryAt, retryAt, title);
  }
  // The caller has enough of waiting: its own reason comes out, and nothing of ours.
  double.spoil(operation, 'hang');
  const controller = new AbortController();
  const reason = new Error('enough');
  const calls = double.calls.length;
  const waiting = call(controller.signal);
  while (double.calls.length === calls) await new Promise((resolve) => setImmediate(resolve));
  controller.abort(reason);
  await assert.rejects(waiting, (thrown) => thrown === reason, `${operation}: hang`);
}
