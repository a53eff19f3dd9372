/** Mails of the last days, as the limits count them. */
import type { OutgoingMailStore } from '../../domain/ports/stores/outgoing-mails.ts';
import type { RowOf } from '../codec.ts';
import { fromMs } from '../fields.ts';
import { pick, statement } from '../prepared.ts';
import { outgoingMails } from '../rows/outbound.ts';
import type { Session } from '../session.ts';

export const outgoingMailStatements = {
  insert: statement((db, p: RowOf<typeof outgoingMails>) =>
    db
      .insertInto('outgoing_mails')
      .values(pick(p, outgoingMails.columns))
      .onConflict((conflict) => conflict.column('id').doNothing()),
  ),
  get: statement((db, p: { id: string }) => db.selectFrom('outgoing_mails').select('at').where('id', '=', p.id)),
  ofAddress: statement((db, p: { address: string; skipped: number }) =>
    db
      .selectFrom('outgoing_mails')
      .select('at')
      .where('address', '=', p.address)
      .orderBy('at', 'desc')
      .limit(1)
      .offset(p.skipped),
  ),
  ofDomain: statement((db, p: { domain: string; skipped: number }) =>
    db
      .selectFrom('outgoing_mails')
      .select('at')
      .where('domain', '=', p.domain)
      .orderBy('at', 'desc')
      .limit(1)
      .offset(p.skipped),
  ),
  purge: statement((db, p: { before: number; limit: number }) =>
    db
      .deleteFrom('outgoing_mails')
      .where('id', 'in', (row) =>
        row.selectFrom('outgoing_mails').select('id').where('at', '<', p.before).orderBy('at').limit(p.limit),
      ),
  ),
};

export function createOutgoingMailStore(session: Session): OutgoingMailStore {
  const q = outgoingMailStatements;
  return {
    async insert(mail) {
      session.write(q.insert, outgoingMails.toRow(mail));
    },
    async isCounted(id) {
      return (await session.first(q.get, { id })) !== undefined;
    },
    async nthNewest(to, n) {
      const skipped = n - 1;
      const row =
        'address' in to
          ? await session.first(q.ofAddress, { address: to.address, skipped })
          : await session.first(q.ofDomain, { domain: to.domain, skipped });
      return row && fromMs(row.at);
    },
    async purge(before, limit) {
      return session.run(q.purge, { before: before.getTime(), limit });
    },
  };
}
