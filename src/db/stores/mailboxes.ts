/** Mailboxes that were sent something, and those that want nothing. */
import type { MailboxStore } from '../../domain/ports/stores/mailboxes.ts';
import { pick, statement } from '../prepared.ts';
import { type MailboxRow, mailboxes } from '../rows/outbound.ts';
import type { Session } from '../session.ts';

type Stop = Pick<MailboxRow, 'address' | 'stopped_at' | 'stopped_by' | 'stopped_from'>;

export const mailboxStatements = {
  put: statement((db, p: MailboxRow) =>
    db
      .insertInto('mailboxes')
      .values(pick(p, mailboxes.columns))
      .onConflict((conflict) => conflict.column('address').doUpdateSet({ token_hash: p.token_hash })),
  ),
  get: statement((db, p: { address: string }) =>
    db.selectFrom('mailboxes').selectAll().where('address', '=', p.address),
  ),
  getByToken: statement((db, p: { tokenHash: Uint8Array }) =>
    db.selectFrom('mailboxes').selectAll().where('token_hash', '=', p.tokenHash),
  ),
  listStopped: statement((db, p: { at: number; address: string; limit: number }) =>
    db
      .selectFrom('mailboxes')
      .selectAll()
      .where('stopped_at', 'is not', null)
      .where((row) => row(row.refTuple('stopped_at', 'address'), '<', row.tuple(p.at, p.address)))
      .orderBy('stopped_at', 'desc')
      .orderBy('address', 'desc')
      .limit(p.limit),
  ),
  stop: statement((db, p: Stop) =>
    db
      .updateTable('mailboxes')
      .set(pick(p, ['stopped_at', 'stopped_by', 'stopped_from']))
      .where('address', '=', p.address)
      .where('stopped_at', 'is', null),
  ),
  lift: statement((db, p: { address: string }) =>
    db
      .updateTable('mailboxes')
      .set({ stopped_at: null, stopped_by: null, stopped_from: null })
      .where('address', '=', p.address)
      .where('stopped_at', 'is not', null),
  ),
};

export function createMailboxStore(session: Session): MailboxStore {
  const q = mailboxStatements;
  return {
    async put(mailbox) {
      session.write(q.put, mailboxes.toRow({ ...mailbox, stopped: null }));
    },
    async get(address) {
      const row = await session.first(q.get, { address });
      return row && mailboxes.fromRow(row);
    },
    async getByTokenHash(tokenHash) {
      const row = await session.first(q.getByToken, { tokenHash });
      return row && mailboxes.fromRow(row);
    },
    async listStopped({ limit, before }) {
      const from = { at: before?.at.getTime() ?? Number.MAX_SAFE_INTEGER, address: before?.address ?? '' };
      return (await session.all(q.listStopped, { ...from, limit })).map(mailboxes.fromRow);
    },
    async stop(address, { at, by, from }) {
      const row = { address, stopped_at: at.getTime(), stopped_by: by, stopped_from: from };
      return (await session.run(q.stop, row)) === 1;
    },
    async lift(address) {
      return (await session.run(q.lift, { address })) === 1;
    },
  };
}
