/** Requests for approval as one person sees them: those that they may approve, and those that they made. */
import type { Approval } from '../../domain/approval.ts';
import type { Caller } from '../../domain/caller.ts';
import { CertError } from '../../domain/errors.ts';
import type { ApprovalPage } from '../../domain/ports/stores/approvals.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { holderOf } from '../accounts/people.ts';

/** Requests that are looked at together. */
const atOnce = 200;
/** An account may have as many keys of one person; more are not made by hand. */
const mostKeys = 1000;

type Filter = Omit<ApprovalPage, 'limit' | 'offset' | 'before' | 'sort' | 'states'>;

/**
 * The waiting requests that `mayDecide` lets through, newest first. Few wait at any time, and who may decide is no matter of a row: each of
 * them is asked for.
 */
export async function listDecidable(
  read: Stores,
  filter: Filter,
  mayDecide: (approval: Approval) => Promise<void>,
): Promise<readonly Approval[]> {
  const found: Approval[] = [];
  for (let before: number | undefined; ; ) {
    const page = { ...filter, states: ['submitted', 'pending'], limit: atOnce, offset: 0 } as const;
    const { items } = await read.approvals.search(before === undefined ? page : { ...page, before });
    for (const approval of items) if (await isLetThrough(mayDecide(approval))) found.push(approval);
    const last = items.at(-1);
    if (last === undefined || items.length < atOnce) return found;
    before = last.number;
  }
}

async function isLetThrough(decision: Promise<void>): Promise<boolean> {
  try {
    await decision;
    return true;
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code === 'forbidden') return false;
    throw thrown;
  }
}

/** The caller with every key of theirs, also those that are revoked. */
export async function actorsOf(read: Stores, caller: Caller): Promise<readonly string[]> {
  const holder = await holderOf(read, caller.actor);
  if (holder === undefined) return [caller.actor];
  const { id: userId, accountId } = holder;
  const keys = await read.credentials.find({ accountId, userId, limit: mostKeys });
  return [userId, ...keys.map(({ id }) => id)];
}
