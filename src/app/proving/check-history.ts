/**
 * The history of checks: every look for a proof is recorded in the transaction that keeps its result. An order whose names are proved
 * already looks for nothing, and pays nothing for it.
 */
import { hash } from 'node:crypto';
import type { CheckResult } from '../../domain/challenge.ts';
import { boundedCheck, type CheckRecord, mostFindings } from '../../domain/check-record.ts';
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

/**
 * The same for findings that are the same: what was asked, what came back and why it proves nothing.
 * @param isCoarse leaves out what came back, which a server may make another one for each look
 */
function fingerprintOf(
  { method, binding, asked, answer, problem, proved, source }: CheckResult,
  isCoarse = false,
): string {
  const kind = [method, binding, asked, proved, problem?.key ?? null];
  const finding = isCoarse ? kind : [...kind, answer, source?.status ?? null];
  return hash('sha256', JSON.stringify(finding), 'hex').slice(0, 32);
}
