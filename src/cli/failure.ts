/** How a command fails: a message, what to do next, and the exit code. */

import { CommanderError } from 'commander';
import type { ErrorCode } from '../domain/error-codes.ts';
import { CertError, renderReason } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import { backupReasons } from '../domain/messages/backup.ts';
import { databaseReasons } from '../domain/messages/database.ts';
import type { ReasonKey } from '../domain/messages/index.ts';
import { startReasons } from '../domain/messages/start.ts';
import { type ExitCode, exitCodeOf, exitCodes } from './exit-codes.ts';
import { systemRefusal } from './system-refusal.ts';
import { styled, type Terminal, visibleLines } from './terminal.ts';

/** The command line cannot be carried out as it is written. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** A command could not do what it is for. `code` says of what kind that is, and so the exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: Failure['code'];
  readonly hint: string;

  constructor(code: Failure['code'], [message, hint]: readonly [message: string, hint: string]) {
    super(message);
    this.code = code;
    this.hint = hint;
  }

  get exitCode(): ExitCode {
    if (this.code === 'usage') return exitCodes.usage;
    return this.code === 'failure' ? exitCodes.failure : exitCodeOf(this.code);
  }
}

interface Failure {
  readonly code: ErrorCode | 'usage' | 'failure';
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;
}

const hints: Readonly<Partial<Record<ErrorCode, string>>> = {
  unauthenticated: 'check CERTMUX_TOKEN or --token; on the machine of the server, --data finds its operator.json',
  forbidden: 'use a token that may: certmux credential create makes one with other roles or of another account',
  notFound: 'the list command of its kind shows what there is: certmux order list, certmux account list, …',
  unknownProduct: 'see what can be ordered: certmux product list',
  insufficientBalance: 'the operator adds to the balance: certmux account credit <account> <amount>',
  wrongState: 'see where it stands: certmux order show <order>, or the list command of its kind',
  rateLimited: 'wait a little and try again',
  unavailable: 'try again in a moment',
  internal: "the cause is in the server's log",
};

/** Tells the person, or the program when `json`, and answers the exit code. */
export function reportFailure(thrown: unknown, terminal: Terminal, json: boolean): number {
  if (thrown instanceof CommanderError && isTold(thrown, json)) {
    return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  const { code, message, hint, exitCode } = failureOf(thrown, terminal.language);
  if (json) {
    terminal.stderr(`${JSON.stringify({ error: { code, message, hint: hint ?? null, exitCode } })}\n`);
    return exitCode;
  }
  terminal.stderr(`${styled(terminal, 'red', 'error:')} ${visibleLines(message)}\n`);
  if (hint !== undefined) terminal.stderr(`${styled(terminal, 'dim', 'next:')}  ${hint}\n`);
  return exitCode;
}

/** Help and version end by throwing too. Commander prints its own errors, but not as JSON. */
function isTold({ exitCode, code }: CommanderError, json: boolean): boolean {
  return exitCode === 0 || !json || code === 'commander.help';
}

/** What commander cannot check by itself. */
const wrongOptions: ReadonlySet<string> = new Set<ReasonKey>(['optionInvalid', 'roleNeedsServer']);

function failureOf(thrown: unknown, language: Language): Failure {
  if (thrown instanceof CommanderError) {
    const message = thrown.message.replace(/^error: /, '');
    return { code: 'usage', message, hint: 'add --help to see what it takes', exitCode: exitCodes.usage };
  }
  if (thrown instanceof UsageError) {
    return { code: 'usage', message: thrown.message, hint: thrown.hint, exitCode: exitCodes.usage };
  }
  if (thrown instanceof CommandFailure) return thrown;
  const known = thrown instanceof CertError ? thrown : systemRefusal(thrown);
  if (known === undefined) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { code: 'failure', message, hint: undefined, exitCode: exitCodes.failure };
  }
  if (wrongOptions.has(known.reason.key)) {
    return { code: 'usage', message: messageOf(known, language), hint: undefined, exitCode: exitCodes.usage };
  }
  return {
    code: known.code,
    message: messageOf(known, language),
    hint: hintOf(known),
    exitCode: exitCodeOf(known.code),
  };
}

function hintOf({ code, reason }: CertError): string | undefined {
  if (reason.key === 'serverUnreachable') return hintOfUnreachable(reason.params);
  // Of a command that asks no server: its messages say what to do.
  return [databaseReasons, backupReasons, startReasons].some((rows) => Object.hasOwn(rows, reason.key))
    ? undefined
    : hints[code];
}

/** A server with a certificate that is not trusted is there; its own CA is trusted nowhere before somebody says so. */
function hintOfUnreachable({ detail }: { readonly detail: string }): string {
  if (/certificate|altname/i.test(detail)) {
    return (
      'trust its roots: NODE_EXTRA_CA_CERTS=roots.pem certmux …, with --url as its certificate names it. On its own machine a listener ' +
      'without TLS needs none: listen: […, http://127.0.0.1:8080] and --url http://127.0.0.1:8080'
    );
  }
  return 'is it running? Start it with: npm start. Is it elsewhere? Say where: --url https://…';
}

/** A server's refusal in its own words, without the words about where it came from. */
function messageOf({ reason }: CertError, language: Language): string {
  const { detail } = reason.params as { readonly detail?: unknown };
  return reason.key.startsWith('upstream') && typeof detail === 'string' ? detail : renderReason(reason, language);
}
