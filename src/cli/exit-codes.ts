/** Exit codes. Scripts depend on the numbers, so their meaning never changes. */
import type { ErrorCode } from '../domain/error-codes.ts';

export const exitCodes = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  notAllowed: 4,
  unreachable: 5,
  wrongState: 6,
  refused: 7,
} as const;

export type ExitName = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitName];

/** The table of `certmux --help` and docs/cli.md. */
export const exitMeanings = {
  ok: 'done',
  failure: 'something unexpected failed, here or on the server',
  usage: 'the command line is wrong: unknown command, missing argument, no server named',
  notFound: 'there is no such order, certificate, account, …',
  notAllowed: 'the token is missing, wrong or revoked, or lacks the role',
  unreachable: 'the server cannot be reached, or asks to try again later',
  wrongState: 'it exists, but is not in a state that allows this, or conflicts with another',
  refused: 'the server read the request and refused it: a field, name, CSR, product or the balance',
} as const satisfies Record<ExitName, string>;

const exitOf = {
  malformedRequest: 'refused',
  invalidField: 'refused',
  unauthenticated: 'notAllowed',
  forbidden: 'notAllowed',
  notFound: 'notFound',
  unknownProduct: 'refused',
  badCsr: 'refused',
  badKey: 'refused',
  badName: 'refused',
  refusedName: 'refused',
  tooManyNames: 'refused',
  wrongState: 'wrongState',
  insufficientBalance: 'refused',
  conflict: 'wrongState',
  tooLarge: 'refused',
  rateLimited: 'unreachable',
  validationFailed: 'refused',
  issuerRefused: 'refused',
  unavailable: 'unreachable',
  unsupported: 'refused',
  internal: 'failure',
} as const satisfies Record<ErrorCode, ExitName>;

export function exitCodeOf(code: ErrorCode): ExitCode {
  return exitCodes[exitOf[code]];
}
