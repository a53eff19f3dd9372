/** The server of one dialect over the core in memory, as the composition root makes it. */
import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import type { CertError } from '../../src/domain/errors.ts';
import type { Language } from '../../src/domain/language.ts';
import type { DialectServer } from '../../src/domain/ports/dialect.ts';
import type { RequestTurns } from '../../src/domain/ports/request-turns.ts';
import type { Log, Randomness } from '../../src/domain/ports/system.ts';
import {
  createAllowanceMemory,
  createNumberMemory,
  createRequestTurns,
  openOneTimeNumbers,
  openSharedAllowances,
} from '../../src/system/index.ts';
import type { TestApp } from './app.ts';
import { keySettingsOf, setupInTests } from './dialect-harness.ts';
import { documentCheckOf } from './document-check.ts';
import { createFakeRandomness } from './system.ts';

export interface FrontDoorOptions {
  readonly publicUrl: string;
  /** Names that are this dialect's only; none by default. */
  readonly hosts?: readonly string[];
  readonly config?: unknown;
  /** The dialect's own by default. */
  readonly language?: Language;
  /** Log; by default the core's. */
  readonly log?: Log;
  readonly random?: Randomness;
  readonly turns?: RequestTurns;
  /** Sees every refusal, in the vendor's words. */
  readonly onError?: (error: CertError) => void;
}

/** Every reply is checked against its schema, and every answer against the dialect's OpenAPI document. Opened again after a restart of the core. */
export function openFrontDoor(app: TestApp, dialect: ApiDialect, options: FrontDoorOptions): DialectServer {
  const {
    publicUrl,
    hosts = [],
    config,
    language = dialect.language,
    log = app.log,
    random = createFakeRandomness(5),
  } = options;
  const { ports, clock, context } = app;
  const check = documentCheckOf(dialect);
  return dialect.createServer(
    {
      ...setupInTests({ config, sendsMail: context.mailer !== null, aliasZone: context.alias?.zone }),
      ports,
      clock,
      random,
      oneTimeNumbers: openOneTimeNumbers(createNumberMemory(createFakeRandomness(11))),
      allowances: openSharedAllowances(createAllowanceMemory(createFakeRandomness(12)), clock),
      turns: options.turns ?? createRequestTurns({ clock }),
      log,
      version: '0.0.0-test',
      publicUrl,
      hosts,
      keySettings: keySettingsOf,
      language,
    },
    {
      checkReplies: true,
      async onAnswer(answer) {
        if (answer.error !== undefined) options.onError?.(answer.error);
        await check(answer);
      },
    },
  );
}
