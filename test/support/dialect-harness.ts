/**
 * Harness of a dialect for the conformance suite (`test/dialects/<name>/harness.ts`): its server over the real core, in the states
 * that its exchanges start from; and the setup of a dialect in tests.
 */

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { dialects } from '../../src/dialects/registry.ts';
import type { Dialect, DialectSetup, Key, KeySettings } from '../../src/domain/ports/dialect.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import type { TestAppOptions } from './app.ts';
import type { CoreSession } from './dialect-session.ts';
import type { Exchange } from './exchange.ts';

export interface DialectHarness {
  /** Operations without an exchange, each with the reason. */
  readonly withoutExchange: Readonly<Record<string, string>>;
  /** What `# given:` may name: each starts a session in that state. It sees the other notes of the exchange as well. */
  readonly states: Readonly<Record<string, (notes: Exchange['notes']) => Promise<CoreSession>>>;
}

/** A session in the state that the exchange starts from. */
export function beginExchange({ states }: DialectHarness, { name, notes }: Exchange): Promise<CoreSession> {
  const start = states[notes.given ?? ''];
  assert.ok(start, `${name}: no state is called "${notes.given}"`);
  return start(notes);
}

/** 32 bytes for a purpose, as the composition root keeps them; here they are its hash. */
export function secretInTests(purpose: string): Uint8Array {
  return hash('sha256', purpose, 'buffer');
}

/** Setup of a dialect, the rest as the composition root has it by default. */
export function setupInTests({
  config,
  sendsMail,
  aliasZone,
}: Pick<DialectSetup, 'config' | 'sendsMail'> & { readonly aliasZone?: string | undefined }): DialectSetup {
  return {
    config,
    secretFor: secretInTests,
    publicSuffixes: createPublicSuffixes(),
    ...(sendsMail === undefined ? {} : { sendsMail }),
    ...(aliasZone === undefined ? {} : { aliasZone }),
  };
}

/** The core's tables of the dialects, as the composition root makes them. */
export function makersOf(
  of: readonly Dialect[],
  setupOf: (dialect: Dialect) => DialectSetup,
): Required<Pick<TestAppOptions, 'proofMakers' | 'webhookWriters'>> {
  const writers = of.flatMap((dialect) => {
    const writer = dialect.createWebhookWriter?.(setupOf(dialect));
    return writer === undefined ? [] : [[dialect.name, writer] as const];
  });
  return {
    proofMakers: Object.fromEntries(of.map((dialect) => [dialect.name, dialect.createProofMaker(setupOf(dialect))])),
    webhookWriters: Object.fromEntries(writers),
  };
}

/** The URL to enter in a client of that dialect, as the composition root gives it. */
export function keySettingsOf(name: string, key: Key): KeySettings {
  const dialect = dialects.find((candidate) => candidate.name === name);
  assert.ok(dialect, `a dialect ${name}`);
  return dialect.keySettings?.(key) ?? assert.fail(`${name} makes no keys`);
}
