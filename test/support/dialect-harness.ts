/**
 * Harness of a dialect for the conformance suite (`test/dialects/<name>/harness.ts`): its server over a fake core or the real one,
 * put into the state that an exchange asks for.
 */

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { dialects } from '../../src/dialects/registry.ts';
import type { ErrorCode } from '../../src/domain/error-codes.ts';
import type { Dialect, DialectSetup, Key, KeySettings } from '../../src/domain/ports/dialect.ts';
import type { Ports } from '../../src/domain/ports/index.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import type { TestAppOptions } from './app.ts';
import type { FakePlatform } from './fake-platform.ts';
import type { LogLine } from './system.ts';

export interface DialectHarness {
  /** The folder of the dialect's exchanges. */
  readonly exchanges: string;
  /** Operations without an exchange, each with the reason. */
  readonly withoutExchange: Readonly<Record<string, string>>;
  /** Error codes that this dialect can never answer, each with the reason. */
  readonly withoutError?: Readonly<Partial<Record<ErrorCode, string>>>;
  /**
   * Where an exchange shows what the core never answered, by the exchange's name. Clients read the one as they read the other; the
   * exchanges stay as they were written down.
   */
  readonly corrections?: Readonly<Record<string, Correction>>;
  begin(notes: Readonly<Record<string, string>>): Promise<DialectSession> | DialectSession;
}

export interface Correction {
  readonly shown: string;
  readonly answered: string;
  readonly why: string;
}

export interface DialectSession {
  /** Public URL of the server. */
  readonly baseUrl: string;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Values of `<<name>>` in a request. */
  readonly variables: Readonly<Record<string, string>>;
  readonly ports: Ports;
  readonly logLines: readonly LogLine[];
}

/** Over a fake core. */
export interface FakeSession extends DialectSession {
  readonly platform: FakePlatform;
}

/** 32 bytes for a purpose, as the composition root keeps them; here they are its hash. */
export function secretInTests(purpose: string): Uint8Array {
  return hash('sha256', purpose, 'buffer');
}

/** Setup of a dialect, the rest as the composition root has it by default. */
export function setupInTests({ config, sendsMail }: Pick<DialectSetup, 'config' | 'sendsMail'>): DialectSetup {
  return {
    config,
    secretFor: secretInTests,
    publicSuffixes: createPublicSuffixes(),
    ...(sendsMail === undefined ? {} : { sendsMail }),
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
  return dialect.keySettings(key);
}
