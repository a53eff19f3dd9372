/** Notices before an end, and what ends when. */

import { sql } from 'kysely';
import type { ExpiryReminder } from '../../domain/expiry-reminder.ts';
import type { ExpiryReminderId, IssuanceId } from '../../domain/ids.ts';
import type { EndingWindow, ExpiryReminderStore } from '../../domain/ports/stores/expiry-reminders.ts';
import { fromMs } from '../fields.ts';
import { insertStatement } from '../numbered.ts';
import { statement } from '../prepared.ts';
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
  ordersEnding: statement((db, p: Window) => {
    const active = db
      .selectFrom('orders')
      .select(['id', 'number', 'coverage_until as ends_at'])
      .where('state', '=', sql.lit('active'))
      .where('coverage_until', '<=', p.until)
      .limit(p.limit);
    const atOnce = active.where('coverage_until', '=', p.from).where('number', '>', p.number).orderBy('number');
    const later = active.where('coverage_until', '>', p.from).orderBy('coverage_until').orderBy('number');
    return db
      .selectFrom(atOnce.as('head'))
      .selectAll()
      .unionAll(db.selectFrom(later.as('tail')).selectAll())
      .orderBy('ends_at')
      .orderBy('number')
      .limit(p.limit);
  }),
  certificatesEnding: statement((db, p: Window) => {
    const valid = db
      .selectFrom('certificates')
      .select(['id', 'number', 'not_after as ends_at'])
      .where('state', '=', sql.lit('valid'))
      .where('not_after', '<=', p.until)
      .limit(p.limit);
    const atOnce = valid.where('not_after', '=', p.from).where('number', '>', p.number).orderBy('number');
    const later = valid.where('not_after', '>', p.from).orderBy('not_after').orderBy('number');
    return db
      .selectFrom(atOnce.as('head'))
      .selectAll()
      .unionAll(db.selectFrom(later.as('tail')).selectAll())
      .orderBy('ends_at')
      .orderBy('number')
      .limit(p.limit);
  }),
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
      return (await session.all(q.ordersEnding, windowOf(window))).map(ending);
    },
    async listCertificatesEnding(window) {
      return (await session.all(q.certificatesEnding, windowOf(window))).map(ending);
    },
    async listValidationsEnding(window) {
      return (await session.all(q.validationsEnding, windowOf(window))).map(ending);
    },
    async listDomainsEnding(window) {
      return (await session.all(q.domainsEnding, windowOf(window))).map(ending);
    },
  };
}

function ending<I>({
  id,
  number,
  ends_at,
}: {
  readonly id: I;
  readonly number: number;
  readonly ends_at: number | null;
}) {
  return { id, number, endsAt: fromMs(ends_at ?? 0) };
}
