/** The clock of leases: the database's, where that is one for all nodes. A statement names it, and the compiler of each engine writes it. */
import { expressionBuilder, type FunctionNode, sql } from 'kysely';
import type { Tables } from './tables.ts';

/** A stand-in: no engine has a function of this name. */
const leaseClock = 'lease_clock';

/** @param ownMs the clock of this process, a parameter of the statement; the embedded database has no other */
export function leaseNow(ownMs: number) {
  return expressionBuilder<Tables>().fn<number>(leaseClock, [sql.val(ownMs)]);
}

/** The end of a lease that begins now. */
export function leaseEnd({ clockMs, leaseMs }: { readonly clockMs: number; readonly leaseMs: number }) {
  return sql<number>`${leaseNow(clockMs)} + ${leaseMs}`;
}

export function isLeaseClock({ func }: FunctionNode): boolean {
  return func === leaseClock;
}
