/**
 * "What does the revocation list not have yet?" Since 0030 a second index begins with the authority and the end, and has every certificate of an
 * authority: nothing told SQLite which of the two finds fewer, and each list looked at all of them. This one goes by the state as well.
 */
import { sql } from 'kysely';
import type { Migration } from '../migrate.ts';

export const migration0036: Migration = {
  name: '0036-unlisted',
  up: ({ schema }, { byNumber }) => [
    schema.dropIndex('certificates_unlisted'),
    schema
      .createIndex('certificates_unlisted')
      .on('certificates')
      .columns(['authority_id', 'state', 'not_after', ...byNumber])
      .where(sql.ref('state'), '=', sql.lit('revoked'))
      .where(sql.ref('crl_piece'), '<=', sql.lit(0)),
  ],
};
