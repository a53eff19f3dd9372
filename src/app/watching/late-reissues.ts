/**
 * Certificates that should have been followed by the next one and were not, whatever the reason: seen by the certificates themselves, not
 * by the jobs that make their successors. Each is looked at once, when three days of it are left; those that are not followed then are
 * remembered, and looked at until they are. So nothing is read but what crosses that line.
 */
import { finding } from '../../domain/alarm.ts';
import type { Certificate } from '../../domain/certificate.ts';
import { type CertificateId, isId } from '../../domain/ids.ts';
import { type Order, reissueDue } from '../../domain/order.ts';
import type { Cursor } from '../../domain/ports/stores/expiry-reminders.ts';
import type { AppContext } from '../context.ts';
import { lastIssued } from '../orders/reissue-order.ts';
import { type Condition, dayMs } from './condition.ts';

const settingKey = 'lateReissues';
const lineMs = 3 * dayMs;
/** A refused reissue is tried again a day later: it is late when that came to nothing as well. */
const graceMs = 2 * dayMs;
/** One that ended long ago is nobody's hope any more. */
const forgetMs = 7 * dayMs;
const atOnce = 50;
const mostPieces = 10;
/** While so many are remembered the line stands still: nothing is forgotten, and the alarm is raised anyway. */
const mostRemembered = 200;

interface Seen {
  readonly after: Cursor;
  readonly remembered: readonly CertificateId[];
}

/** `waiting`: it may become late yet. `followed`: by its successor, or nobody waits for one from the platform. */
type Standing = 'followed' | 'waiting' | 'late';

interface Looked {
  readonly id: CertificateId;
  readonly standing: Standing;
  readonly order?: Order;
  readonly certificate?: Certificate;
}

export function lateReissues(context: AppContext): Condition {
  const { database, clock, clockGuard } = context;

  return {
    heldMs: 0,
    of: 'installation',
    async look() {
      // By a clock that is wrong nothing is due.
      if (clockGuard.fault() !== undefined) return undefined;
      const now = clock.now();
      const kept = seenOf(await database.read.settings.get(settingKey));
      const before: Seen = kept ?? { after: { endsAt: now, number: Number.MAX_SAFE_INTEGER }, remembered: [] };
      const looked = await lookAtAll(context, before.remembered, now);
      const { after, found } = await lookAtNext(context, before.after, { now, room: mostRemembered - looked.length });
      const remembered = [...looked, ...found].filter(({ standing }) => standing !== 'followed');
      await keep(context, kept, { after, remembered: remembered.map(({ id }) => id) });
      return worst(remembered);
    },
  };
}

function worst(remembered: readonly Looked[]) {
  const late = remembered.filter(({ standing }) => standing === 'late');
  const [first] = late.toSorted(
    (a, b) => (a.certificate?.notAfter.getTime() ?? 0) - (b.certificate?.notAfter.getTime() ?? 0),
  );
  if (first?.order === undefined || first.certificate === undefined) return undefined;
  const { order, certificate } = first;
  return finding('reissuesLate', {
    orders: late.length,
    first: order.number,
    until: certificate.notAfter.toISOString(),
  });
}

async function lookAtAll(context: AppContext, ids: readonly CertificateId[], now: Date): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const id of ids) looked.push(await lookAt(context, id, now));
  return looked.filter(({ standing }) => standing !== 'followed');
}

/** What has crossed the line since. */
async function lookAtNext(
  context: AppContext,
  from: Cursor,
  { now, room }: { readonly now: Date; readonly room: number },
): Promise<{ readonly after: Cursor; readonly found: readonly Looked[] }> {
  const until = new Date(now.getTime() + lineMs);
  const found: Looked[] = [];
  let after = from;
  for (let piece = 0; piece < mostPieces && found.length + atOnce <= room; piece++) {
    const endings = await context.database.read.expiryReminders.listCertificatesEnding({ after, until, limit: atOnce });
    found.push(
      ...(await lookAtAll(
        context,
        endings.map(({ id }) => id),
        now,
      )),
    );
    const last = endings.at(-1);
    if (last !== undefined) after = { endsAt: last.endsAt, number: last.number };
    if (endings.length < atOnce) break;
  }
  return { after, found };
}

async function lookAt(context: AppContext, id: CertificateId, now: Date): Promise<Looked> {
  const { read } = context.database;
  const certificate = await read.certificates.get(id);
  const order = certificate && (await read.orders.get(certificate.orderId));
  const followed = { id, standing: 'followed' } as const;
  if (certificate === undefined || order === undefined) return followed;
  const { notAfter } = certificate;
  const isOver = now.getTime() - notAfter.getTime() > forgetMs;
  if (isOver || certificate.state !== 'valid' || order.state !== 'active') return followed;
  // Another one counts by now, or it never did: a duplicate.
  const last = await lastIssued(read, order);
  if (last?.certificateId !== id || order.coverageUntil === null) return followed;
  if (context.proofMakers.get(order.dialect)?.nextProofs === undefined) return followed;
  const { coverageUntil } = order;
  const due = reissueDue(certificate, { coverageUntil, validity: last.validity });
  if (due === undefined) return followed;
  const isLate = now.getTime() - due.getTime() > graceMs || notAfter <= now;
  // Its customer is reminded, and the line must not stand still for those who never come.
  if (!(await isOurs(context, order))) return followed;
  return { id, standing: isLate ? 'late' : 'waiting', order, certificate };
}

/** Whether nobody but the platform could make the next certificate now: neither its customer nor an approver has to do something first. */
async function isOurs({ database: { read } }: AppContext, { accountId, issuanceId }: Order): Promise<boolean> {
  if ((await read.accounts.get(accountId))?.state !== 'active') return false;
  const newest = await read.issuances.get(issuanceId);
  return (
    newest === undefined || (newest.rest === null && !['awaitingApproval', 'awaitingValidation'].includes(newest.state))
  );
}

/** Another node may have looked at the same time: what it kept stays, and the next look goes on from there. */
async function keep({ database }: AppContext, before: Seen | undefined, seen: Seen): Promise<void> {
  if (before !== undefined && isSame(before, seen)) return;
  await database.write(async (tx) => {
    const now = seenOf(await tx.settings.get(settingKey));
    if (
      (now === undefined) === (before === undefined) &&
      (now === undefined || before === undefined || isSame(now, before))
    )
      await tx.settings.put(settingKey, {
        endsAt: seen.after.endsAt.getTime(),
        number: seen.after.number,
        remembered: seen.remembered,
      });
  });
}

function isSame(a: Seen, b: Seen): boolean {
  return (
    a.after.endsAt.getTime() === b.after.endsAt.getTime() &&
    a.after.number === b.after.number &&
    a.remembered.join() === b.remembered.join()
  );
}

function seenOf(kept: unknown): Seen | undefined {
  if (typeof kept !== 'object' || kept === null || !('endsAt' in kept && 'number' in kept && 'remembered' in kept))
    return undefined;
  const { endsAt, number, remembered } = kept;
  if (typeof endsAt !== 'number' || typeof number !== 'number' || !Array.isArray(remembered)) return undefined;
  return {
    after: { endsAt: new Date(endsAt), number },
    remembered: remembered.filter((id): id is CertificateId => typeof id === 'string' && isId('certificate', id)),
  };
}
