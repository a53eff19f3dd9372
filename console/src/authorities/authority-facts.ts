/** What the page of the CAs reckons from the API's answers: names, stages, lines of succession. */
import type { Reply } from '../api/call.ts';
import { visible } from '../shared/visible.ts';

export type Authority = Reply<'authorities', 'list'>['items'][number];
export type Outlook = Reply<'authorities', 'plan'>['items'][number];
export type AuthorityRequest = Reply<'authorities', 'requests'>['items'][number];
export type Stage = Outlook['stage'];

/** The common name where the subject has one: the rest is the same for all of them. */
export function nameOf({ subject }: { readonly subject: string }): string {
  const [, name] = /(?:^|, )CN=((?:\\.|[^,\\])*)/.exec(subject) ?? [];
  return visible((name ?? subject).replaceAll(/\\(.)/g, '$1'));
}

/** As people write it. */
export function keyText(keyKind: string): string {
  return keyKind === 'rsa' ? 'RSA' : keyKind;
}

/** Without its ending. */
export function fileNameOf(named: { readonly subject: string }): string {
  return nameOf(named).replaceAll(/[^\p{L}\p{N}.-]+/gu, '-');
}

/** As the plan has it, for those too who do not see the plan. */
export function stageOf({ revokedAt, closedAt, notAfter, retiredAt, signsFrom }: Authority, now: Date): Stage {
  if (revokedAt !== null) return 'revoked';
  if (closedAt !== null) return 'closed';
  if (Date.parse(notAfter) < now.getTime()) return 'over';
  if (retiredAt !== null) return 'retired';
  return signsFrom !== null && Date.parse(signsFrom) > now.getTime() ? 'published' : 'signing';
}

/** Nothing is to be done for it any more. */
export function isPast(authority: Authority, now: Date): boolean {
  const stage = stageOf(authority, now);
  return stage === 'closed' || stage === 'over';
}

/** Those of one role and kind of key, which follow one another. */
export interface Line {
  readonly role: Outlook['role'];
  readonly keyKind: string;
  readonly now: readonly Outlook[];
  /** The one that signs next; undefined: none is made, and none will be by itself. */
  readonly next: Outlook | undefined;
}

/** Intermediates first: they sign what customers get. */
export function linesOf(plan: readonly Outlook[]): readonly Line[] {
  const keys = [...new Set(plan.map(({ role, keyKind }) => `${role} ${keyKind}`))];
  const lines = keys.map((key): Line => {
    const line = plan.filter(({ role, keyKind }) => `${role} ${keyKind}` === key);
    const waiting = line.filter(({ stage }) => stage === 'coming' || stage === 'published');
    const [next] = waiting.toSorted((a, b) => a.signsFrom.localeCompare(b.signsFrom));
    const [first] = line;
    if (first === undefined) throw new Error('a line has an authority at least');
    const { role, keyKind } = first;
    return { role, keyKind, now: line.filter(({ stage }) => stage === 'signing'), next };
  });
  return lines
    .filter(({ now, next }) => now.length > 0 || next !== undefined)
    .toSorted((a, b) => Number(a.role === 'root') - Number(b.role === 'root'));
}

const dayMs = 86_400_000;
/** Lists are made after a sixth of their lives at the latest: one that has lived for so much says that something keeps them from being made. */
const lateShare = 3 / 7;

export type ListStanding = 'over' | 'due' | 'late' | 'good';

/** Whether clients still take the newest list, and whether the next one is late. */
export function listStanding({ crl, keyPlace, closedAt, listDue }: Authority, now: Date): ListStanding {
  if (listDue) return crl !== null && Date.parse(crl.nextUpdate) <= now.getTime() ? 'over' : 'due';
  if (crl === null || closedAt !== null) return 'good';
  if (Date.parse(crl.nextUpdate) <= now.getTime()) return 'over';
  const lifeMs = Date.parse(crl.nextUpdate) - Date.parse(crl.thisUpdate);
  return keyPlace === 'here' && ageMsOf(crl, now) >= lifeMs * lateShare ? 'late' : 'good';
}

export function listDaysOf(crl: NonNullable<Authority['crl']>, now: Date): number {
  return Math.floor(ageMsOf(crl, now) / dayMs);
}

function ageMsOf({ thisUpdate }: NonNullable<Authority['crl']>, now: Date): number {
  return now.getTime() - Date.parse(thisUpdate);
}
