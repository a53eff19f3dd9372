/** Limits on mail to each mailbox, mailboxes that want none, and one mail for several names. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

export const migration0012: Migration = {
  name: '0012-outgoing-mail',
  up(db, { integer, blob, heap, keyed }) {
    const { schema } = db;
    return [
      keyed(
        schema
          .createTable('mailboxes')
          .addColumn('address', 'text', (column) => column.notNull().primaryKey())
          .addColumn('token_hash', blob, required)
          .addColumn('created_at', integer, required)
          .addColumn('stopped_at', integer)
          .addColumn('stopped_by', 'text')
          .addColumn('stopped_from', 'text'),
      ),
      // "Whose link is this?"
      schema.createIndex('mailboxes_by_token').on('mailboxes').column('token_hash').unique(),
      // "Which mailboxes want no mail?"
      schema
        .createIndex('mailboxes_stopped')
        .on('mailboxes')
        .columns(['stopped_at', 'address'])
        .where(sql.ref('stopped_at'), 'is not', sql.lit(null)),
      heap(
        schema
          .createTable('outgoing_mails')
          .addColumn('id', 'text', (column) => column.notNull().primaryKey())
          .addColumn('address', 'text', required)
          .addColumn('domain', 'text', required)
          .addColumn('at', integer, required),
      ),
      // "When did it get its tenth mail, counted from now?"
      schema.createIndex('outgoing_mails_to_address').on('outgoing_mails').columns(['address', 'at']),
      schema.createIndex('outgoing_mails_to_domain').on('outgoing_mails').columns(['domain', 'at']),
      schema.createIndex('outgoing_mails_by_time').on('outgoing_mails').column('at'),
      schema.alterTable('confirmations').addColumn('mail_id', 'text'),
      // Before, each name had a mail of its own.
      db.updateTable('confirmations').set(({ ref }) => ({ mail_id: ref('id') })),
      // "Which names does this mail ask about?"
      schema.createIndex('confirmations_of_mail').on('confirmations').columns(['mail_id', 'id']),
      // "Which mails went to this mailbox for this order?"
      schema
        .createIndex('confirmations_of_issuance')
        .on('confirmations')
        .columns(['issuance_id', 'address', 'id'])
        .where(sql.ref('issuance_id'), 'is not', sql.lit(null)),
      // What the network did, which customers read here, named addresses of internal networks. The audit log keeps it.
      db
        .updateTable('deliveries')
        .set({ last_answer: null })
        .where('last_answer', 'is not', null)
        .where('last_answer', 'not like', 'HTTP status %'),
    ];
  },
};
