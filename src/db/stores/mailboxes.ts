/** Mailboxes that were sent something, and those that want nothing. */
import { type SqlBool, sql } from 'kysely';
import type { StoppedMailboxCursor } from '../../domain/outgoing-mail.ts';
import type { MailboxStore, StoredMailboxFilter } from '../../domain/ports/stores/mailboxes.ts';
import { type Builder, pick, statement } from '../prepared.ts';
import { type MailboxRow, mailboxes } from '../rows/outbound.ts';
import type { Session } from '../session.ts';
import { hasText } from './conditions.ts';
import { countedLimit, totalOfList } from './counted-lists.ts';

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
    async listStopped(query) {
      return (await session.select((db) => stoppedQuery(db, query))).map(mailboxes.fromRow);
    },
    countStopped: (filter) =>
      totalOfList(session, (db) => stoppedQuery(db, { ...filter, limit: countedLimit }).clearOrderBy()),
    async stop(address, { at, by, from }) {
      const row = { address, stopped_at: at.getTime(), stopped_by: by, stopped_from: from };
      return (await session.run(q.stop, row)) === 1;
    },
    async lift(address) {
      return (await session.run(q.lift, { address })) === 1;
    },
  };
}

type StoppedQuery = StoredMailboxFilter & { readonly limit: number; readonly before?: StoppedMailboxCursor };

function stoppedQuery(db: Builder, { text, by, before, limit }: StoppedQuery) {
  return db
    .selectFrom('mailboxes')
    .selectAll()
    .where('stopped_at', 'is not', null)
    .where((row) =>
      row.and([
        ...(text === undefined ? [] : [hasText(text, ['address'])]),
        ...(by === undefined ? [] : [row('stopped_by', by === 'reader' ? '=' : '!=', 'reader')]),
        ...(before === undefined
          ? []
          : [sql<SqlBool>`(stopped_at, address) < (${before.at.getTime()}, ${before.address})`]),
      ]),
    )
    .orderBy('stopped_at', 'desc')
    .orderBy('address', 'desc')
    .limit(limit);
}
