/** What the questions of an operator are answered by: lists by date, end, issuer and fault; money by order, account and month. */
import type { Migration } from '../../migrate.ts';
import { raw } from '../../raw.ts';
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
          ...questionListingsSchema(db, dialect),
          // The projection is filled once more, from the first event: what is in it already stays as it is.
          raw(db, 'delete from listing_progress'),
        ]
      : []),
  ],
};
