/**
 * The history of checks: every look for a proof is recorded in the transaction that keeps its result. An order whose names are proved
 * already looks for nothing, and pays nothing for it.
 */
import { boundedCheck, type CheckRecord, fingerprintOf, mostFindings } from '../../domain/check-record.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

/**
 * Records one check. Failures that repeat are counted in one record, so that a name that is looked for every minute for a month leaves a
 * few of them; beyond `mostFindings` of one challenge they are told apart by their kind alone.
 */
export async function recordCheck(
  tx: Stores,
  { check: found, ...key }: Pick<CheckRecord, 'authorizationId' | 'challenge' | 'check' | 'usableUntil'>,
): Promise<void> {
  // It was cut off, and says nothing of the name.
  if (found.problem?.key === 'checkAborted') return;
  const check = boundedCheck(found);
  const exact = fingerprintOf(check);
  if (key.usableUntil !== null) return tx.checkRecords.put({ ...key, check, fingerprint: exact });
  if (await tx.checkRecords.updateCount({ ...key, check, fingerprint: exact })) return;
  const isFull = (await tx.checkRecords.countFindings(key)) >= mostFindings;
  await tx.checkRecords.put({ ...key, check, fingerprint: isFull ? fingerprintOf(check, true) : exact });
}
