/** Notices before an end, and what ends when. */

import { sql } from 'kysely';
import type { ExpiryReminder } from '../../domain/expiry-reminder.ts';
import type { ExpiryReminderId, IssuanceId } from '../../domain/ids.ts';
import type { EndingWindow, ExpiryReminderStore } from '../../domain/ports/stores/expiry-reminders.ts';
import { fromMs } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { type Statement, statement } from '../prepared.ts';
import { expiryReminders } from '../rows/outbound.ts';
import type { Session } from '../session.ts';

interface Window {
  from: number;
  number: number;
  until: number;
  limit: number;
}

/**
 * Behind the cursor: a later moment, or the same one and a higher number. Both by the index: where very many end at the same moment, a
 * condition on the two together would walk all of those that are done, once for each page.
 */
export const expiryReminderStatements = {
  insert: insertStatement(expiryReminders),
  get: statement((db, p: { id: ExpiryReminderId }) =>
    db.selectFrom('expiry_reminders').selectAll().where('id', '=', p.id),
  ),
  countSince: statement((db, p: { issuanceId: IssuanceId; event: ExpiryReminder['event']; since: number }) =>
    db
      .selectFrom('expiry_reminders')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('issuance_id', '=', p.issuanceId)
      .where('event', '=', p.event)
      .where('created_at', '>', p.since),
  ),
  end: statement((db, p: { id: ExpiryReminderId; state: ExpiryReminder['state']; answer: string | null; at: number }) =>
    db
      .updateTable('expiry_reminders')
      .set({ state: p.state, last_answer: p.answer, ended_at: p.at })
      .where('id', '=', p.id)
      .where('state', '=', 'waiting'),
  ),
  ordersEndingAt: statement((db, p: Omit<Window, 'until'>) =>
    db
      .selectFrom('orders')
      .select(['id', 'number', 'coverage_until as ends_at'])
      .where('state', '=', sql.lit('active'))
      .where('coverage_until', '=', p.from)
      .where('number', '>', p.number)
      .orderBy('number')
      .limit(p.limit),
  ),
  ordersEnding: statement((db, p: Omit<Window, 'number'>) =>
    db
      .selectFrom('orders')
      .select(['id', 'number', 'coverage_until as ends_at'])
      .where('state', '=', sql.lit('active'))
      .where('coverage_until', '>', p.from)
      .where('coverage_until', '<=', p.until)
      .orderBy('coverage_until')
      .orderBy('number')
      .limit(p.limit),
  ),
  certificatesEndingAt: statement((db, p: Omit<Window, 'until'>) =>
    db
      .selectFrom('certificates')
      .select(['id', 'number', 'not_after as ends_at'])
      .where('state', '=', sql.lit('valid'))
      .where('not_after', '=', p.from)
      .where('number', '>', p.number)
      .orderBy('number')
      .limit(p.limit),
  ),
  certificatesEnding: statement((db, p: Omit<Window, 'number'>) =>
    db
      .selectFrom('certificates')
      .select(['id', 'number', 'not_after as ends_at'])
      .where('state', '=', sql.lit('valid'))
      .where('not_after', '>', p.from)
      .where('not_after', '<=', p.until)
      .orderBy('not_after')
      .orderBy('number')
      .limit(p.limit),
  ),
  // A verification has no number: that of its organization.
  validationsEnding: statement((db, p: Window) =>
    db
      .selectFrom('organization_validations')
      .innerJoin('organizations', 'organizations.id', 'organization_validations.organization_id')
      .select(['organizations.id', 'organizations.number', 'organization_validations.valid_until as ends_at'])
      .where('organization_validations.state', '=', sql.lit('valid'))
      .where('organization_validations.valid_until', '>=', p.from)
      .where('organization_validations.valid_until', '<=', p.until)
      .where(({ or, eb }) =>
        or([eb('organization_validations.valid_until', '>', p.from), eb('organizations.number', '>', p.number)]),
      )
      .orderBy('organization_validations.valid_until')
      .orderBy('organizations.number')
      .limit(p.limit),
  ),
  domainsEnding: statement((db, p: Window) =>
    db
      .selectFrom('authorizations')
      .innerJoin('managed_domains', 'managed_domains.authorization_id', 'authorizations.id')
      .select(['managed_domains.id', 'managed_domains.number', 'authorizations.valid_until as ends_at'])
      .where('authorizations.state', '=', sql.lit('valid'))
      .where('authorizations.valid_until', '>=', p.from)
      .where('authorizations.valid_until', '<=', p.until)
      .where(({ or, eb }) =>
        or([eb('authorizations.valid_until', '>', p.from), eb('managed_domains.number', '>', p.number)]),
      )
      .orderBy('authorizations.valid_until')
      .orderBy('managed_domains.number')
      .limit(p.limit),
  ),
};

export function createExpiryReminderStore(session: Session): ExpiryReminderStore {
  const q = expiryReminderStatements;
  const windowOf = ({ after, until, limit }: EndingWindow): Window => ({
    from: after.endsAt.getTime(),
    number: after.number,
    until: until.getTime(),
    limit,
  });
  return {
    async insert(reminder) {
      session.write(q.insert, expiryReminders.toRow(reminder));
    },
    async get(id) {
      const row = await session.first(q.get, { id });
      return row && expiryReminders.fromRow(row);
    },
    async countSince(issuanceId, event, since) {
      const row = await session.first(q.countSince, { issuanceId, event, since: since.getTime() });
      return Number(row?.count ?? 0);
    },
    async end(id, state, { answer, at }) {
      return (await session.run(q.end, { id, state, answer, at: at.getTime() })) === 1;
    },
    async listOrdersEnding(window) {
      return behind(session, { sameMoment: q.ordersEndingAt, later: q.ordersEnding }, windowOf(window));
    },
    async listCertificatesEnding(window) {
      return behind(session, { sameMoment: q.certificatesEndingAt, later: q.certificatesEnding }, windowOf(window));
    },
    async listValidationsEnding(window) {
      return (await session.all(q.validationsEnding, windowOf(window))).map(ending);
    },
    async listDomainsEnding(window) {
      return (await session.all(q.domainsEnding, windowOf(window))).map(ending);
    },
  };
}

interface EndingRow<I> {
  readonly id: I;
  readonly number: number;
  readonly ends_at: number | null;
}

/** What ends at the moment of the cursor, and then what ends later. */
async function behind<I>(
  session: Session,
  q: {
    readonly sameMoment: Statement<Omit<Window, 'until'>, EndingRow<I>>;
    readonly later: Statement<Omit<Window, 'number'>, EndingRow<I>>;
  },
  { from, number, until, limit }: Window,
) {
  const same = from > until ? [] : await session.all(q.sameMoment, { from, number, limit });
  const later = same.length === limit ? [] : await session.all(q.later, { from, until, limit: limit - same.length });
  return [...same, ...later].map(ending);
}

function ending<I>({ id, number, ends_at }: EndingRow<I>) {
  return { id, number, endsAt: fromMs(ends_at ?? 0) };
}
