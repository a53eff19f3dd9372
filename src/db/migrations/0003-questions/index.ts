/** What the questions of an operator are answered by: lists by date, end, issuer and fault; money by order, account and month. */
import type { Migration } from '../../migrate.ts';
import { raw } from '../../raw.ts';
import { listingTables } from '../0001-schema/listings.ts';
import { failingSchema } from './failing.ts';
import { questionListingsSchema } from './listings.ts';
import { moneySchema } from './money.ts';

export const migration0003: Migration = {
  name: '0003-questions',
  up: (db, dialect) => [
    ...moneySchema(db, dialect),
    ...failingSchema(db, dialect),
    ...(dialect.hasListings
      ? [
          // Filled again from the audit log, with what is new in it.
          ...listingTables.map((table) => raw(db, `delete from ${table}`)),
          ...questionListingsSchema(db, dialect),
        ]
      : []),
  ],
};
