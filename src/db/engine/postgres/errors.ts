/** What an error of PostgreSQL, or of the way to it, means for the transaction. */
import { isDiskFull, refuse } from '../../../domain/errors.ts';

/** SQLSTATE, or the code of the operating system. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Serialization failure, deadlock: another transaction was in the way. */
const inTheWay: ReadonlySet<string> = new Set(['40001', '40P01']);

/** The server ends its connections: on a shutdown, after a crash of another of them, or while it starts. */
const goingAway: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '53300']);

/** Thrown by `connection.ts` for every statement that had no answer when the connection ended. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

export function isInTheWay(error: unknown): boolean {
  return inTheWay.has(codeOf(error));
}

/** Real only when it returns: the transaction that inserted the other row may have been undone, or have become visible. */
export function isTaken(error: unknown): boolean {
  return codeOf(error) === '23505';
}

export function isConnectionLost(error: unknown): boolean {
  return error instanceof ConnectionLost || codeOf(error).startsWith('08') || goingAway.has(codeOf(error));
}

/** The statement took longer than statements may. */
export function isTimeout(error: unknown): boolean {
  return codeOf(error) === '57014' || codeOf(error) === '55P03';
}

/** What a caller of the database is told. */
export function toRefusal(error: unknown): unknown {
  if (codeOf(error) === '53100' || isDiskFull(error)) return refuse('diskFull', {}, { cause: error });
  if (isConnectionLost(error) || isTimeout(error)) return refuse('databaseAway', {}, { cause: error });
  if (isInTheWay(error)) return refuse('databaseBusy', {}, { cause: error });
  return error;
}
