/** The result of a compare-and-set is always used: `test/moves.test.ts` refuses a call whose result is dropped. */
import { refuse } from '../domain/errors.ts';
import type { ReasonParams } from '../domain/messages/index.ts';

/**
 * For a row that was read in this very transaction, where no step between the reading and the move should have changed its
 * state: the faster one has won, and nothing of this transaction is left.
 * @throws {CertError} wrongState
 */
export function requireMoved(isMoved: boolean, row: ReasonParams<'wrongState'>): void {
  if (!isMoved) throw refuse('wrongState', row);
}
