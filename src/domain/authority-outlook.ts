/** What becomes of each authority, and of those that are to come: what happens by itself and when, and what the operator has to do. */
import type { Authority } from './authority.ts';
import { closesFrom, type ListSettings, listDays } from './crl-times.ts';
import type { AuthorityId } from './ids.ts';
import {
  type Chained,
  frontOf,
  intermediateDays,
  lastFullLength,
  lineOf,
  type RolloverSettings,
  successorDueAt,
  successorOf,
} from './rollover.ts';

const dayMs = 86_400_000;

/** `coming`: it is not made yet. `published`: it signs later. `closed`: its last list is published. */
export const authorityStages = ['coming', 'published', 'signing', 'retired', 'closed', 'revoked', 'over'] as const;
export type AuthorityStage = (typeof authorityStages)[number];

/** `trustRoot`: have all clients trust it. `makeSuccessor`: what needs a key that is not here. */
export const authorityTasks = ['trustRoot', 'makeSuccessor'] as const;
export type AuthorityTask = (typeof authorityTasks)[number];

export interface AuthorityOutlook {
  /** Null: it is not made yet. */
  readonly id: AuthorityId | null;
  readonly issuerId: string;
  readonly role: Authority['role'];
  readonly keyKind: Authority['keyKind'];
  readonly subject: string | null;
  readonly followsId: AuthorityId | null;
  readonly stage: AuthorityStage;
  /** When it is made, and so published. */
  readonly madeAt: Date;
  readonly signsFrom: Date;
  readonly retiresAt: Date | null;
  /** The latest end of what it signs; of a root, of the intermediates below. */
  readonly lastEndsAt: Date | null;
  readonly lastListAt: Date | null;
  readonly endsAt: Date;
  /** Null: it has a successor, or needs none. */
  readonly successorDueAt: Date | null;
  /** What does not happen by itself, and until when it is to be done. */
  readonly task: { readonly what: AuthorityTask; readonly by: Date } | null;
}

/** Somebody outside of this server may be needed for it, or many clients: half a year is left. */
const aheadMs = 180 * dayMs;

/** Whether the operator is to do something about it by now; of a root that is not made yet there is nothing to be trusted. */
export function isTaskDue({ id, task }: Pick<AuthorityOutlook, 'id' | 'task'>, now: Date): boolean {
  return id !== null && task !== null && task.by.getTime() - aheadMs < now.getTime();
}

export interface OutlookFacts {
  readonly all: readonly Chained[];
  readonly longestDays: number;
  readonly settings: RolloverSettings;
  readonly lists: ListSettings;
  /** Of retired ones: when their last certificates end. */
  readonly lastEnds: ReadonlyMap<AuthorityId, Date>;
  readonly now: Date;
}

/** Each authority, and behind the one in use the successor that is not made yet. */
export function outlookOf(facts: OutlookFacts): readonly AuthorityOutlook[] {
  return facts.all.flatMap((one) => {
    const own = outlookOfOne(one, facts);
    const isFront = frontOf(lineOf(one.authority, facts.all)) === one;
    return isFront ? [own, ...coming(one, own, facts)] : [own];
  });
}

function outlookOfOne(one: Chained, facts: OutlookFacts): AuthorityOutlook {
  const { authority, period } = one;
  const { id, issuerId, role, keyKind, subject, createdAt, signsFrom, closedAt } = authority;
  const successor = successorOf(one, lineOf(authority, facts.all));
  const retiresAt = retirementOf(one, facts);
  const belowDays = role === 'root' ? intermediateDays : facts.longestDays;
  const lastEndsAt =
    facts.lastEnds.get(id) ?? (retiresAt && earlier(period.until, new Date(retiresAt.getTime() + belowDays * dayMs)));
  const listedMs = listDays(authority, facts.lists) * dayMs;
  const follows = facts.all.find((other) => successorOf(other, lineOf(other.authority, facts.all)) === one);
  return {
    id,
    issuerId,
    role,
    keyKind,
    subject,
    followsId: follows?.authority.id ?? null,
    stage: stageOf(one, facts.now),
    madeAt: createdAt,
    signsFrom: signsFrom ?? createdAt,
    retiresAt,
    lastEndsAt,
    lastListAt: closedAt ?? (lastEndsAt && earlier(closesFrom(period), new Date(lastEndsAt.getTime() + listedMs))),
    endsAt: period.until,
    successorDueAt:
      successor === undefined && frontOf(lineOf(authority, facts.all)) === one
        ? successorDueAt(one, facts.longestDays, facts.settings)
        : null,
    task: taskOf(one, { successor, follows }, facts),
  };
}

function stageOf({ authority, period }: Chained, now: Date): AuthorityStage {
  const { revokedAt, closedAt, retiredAt, signsFrom } = authority;
  if (revokedAt !== null) return 'revoked';
  if (closedAt !== null) return 'closed';
  if (period.until < now) return 'over';
  if (retiredAt !== null) return 'retired';
  return signsFrom !== null && signsFrom > now ? 'published' : 'signing';
}

function retirementOf(one: Chained, facts: OutlookFacts): Date | null {
  const { authority } = one;
  if (authority.retiredAt !== null) return authority.retiredAt;
  if (authority.keyPlace === 'outside') return null;
  if (authority.role === 'root') return leftAt(one, facts);
  const successor = successorOf(one, lineOf(authority, facts.all));
  if (successor !== undefined) return later(successor.authority.signsFrom ?? facts.now, facts.now);
  return new Date(dueAt(one, facts).getTime() + facts.settings.publishDays * dayMs);
}

/**
 * When the last intermediate under a root stops signing: each has a successor under the same root while one of full length
 * fits and no other root is published for its time.
 * Null: none hangs under it.
 */
function leftAt(root: Chained, facts: OutlookFacts): Date | null {
  const below = facts.all.filter(({ authority }) => authority.parentId === root.authority.id);
  const last = frontOf(below);
  if (last === undefined) return null;
  const stepMs = (intermediateDays - facts.longestDays - facts.settings.successorDays) * dayMs;
  let madeMs = dueAt(last, facts).getTime();
  const next = successorOf(root, lineOf(root.authority, facts.all))?.authority.signsFrom?.getTime();
  const staysAt = (ms: number) =>
    ms + intermediateDays * dayMs <= root.period.until.getTime() && (next === undefined || ms < next);
  while (stepMs > 0 && staysAt(madeMs)) madeMs += stepMs;
  return new Date(madeMs + facts.settings.publishDays * dayMs);
}

/** One that is due is made at once. */
function dueAt(one: Chained, { longestDays, settings, now }: OutlookFacts): Date {
  return later(successorDueAt(one, longestDays, settings), now);
}

interface Neighbours {
  readonly successor: Chained | undefined;
  readonly follows: Chained | undefined;
}

function taskOf(one: Chained, { successor, follows }: Neighbours, facts: OutlookFacts): AuthorityOutlook['task'] {
  const { authority } = one;
  if (authority.retiredAt !== null || authority.closedAt !== null) return null;
  if (authority.role === 'root' && follows !== undefined) {
    const by = leftAt(follows, facts);
    return by === null || by <= facts.now ? null : { what: 'trustRoot', by };
  }
  const parent = facts.all.find(({ authority: { id } }) => id === authority.parentId);
  const isMadeHere = authority.keyPlace === 'here' && (parent === undefined || parent.authority.keyPlace === 'here');
  if (isMadeHere || successor !== undefined) return null;
  return { what: 'makeSuccessor', by: lastFullLength(one, facts.longestDays) };
}

/** The next of the line, where it will be made by itself. */
function coming(front: Chained, own: AuthorityOutlook, facts: OutlookFacts): readonly AuthorityOutlook[] {
  if (own.task?.what === 'makeSuccessor' || successorOf(front, lineOf(front.authority, facts.all)) !== undefined)
    return [];
  const isRoot = own.role === 'root';
  const madeAt = dueAt(front, facts);
  const publishDays = isRoot ? facts.settings.rootPublishDays : facts.settings.publishDays;
  const left = isRoot ? own.retiresAt : null;
  return [
    {
      id: null,
      issuerId: own.issuerId,
      role: own.role,
      keyKind: own.keyKind,
      subject: null,
      followsId: own.id,
      stage: 'coming',
      madeAt,
      signsFrom: left ?? new Date(madeAt.getTime() + publishDays * dayMs),
      retiresAt: null,
      lastEndsAt: null,
      lastListAt: null,
      successorDueAt: null,
      endsAt: new Date(madeAt.getTime() + (isRoot ? 2 : 1) * intermediateDays * dayMs),
      task: left === null ? null : { what: 'trustRoot', by: left },
    },
  ];
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}
