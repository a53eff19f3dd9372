/** The first schema, whole, and frozen: databases hold it (`test/db/migrations.test.ts`). Tables come after those that they refer to. */
import type { Migration } from '../../migrate.ts';
import { accountsSchema } from './accounts.ts';
import { certificatesSchema } from './certificates.ts';
import { listingsSchema } from './listings.ts';
import { ordersSchema } from './orders.ts';
import { organizationsSchema } from './organizations.ts';
import { outboundSchema } from './outbound.ts';
import { productsSchema } from './products.ts';
import { provingSchema } from './proving.ts';
import { serverSchema } from './server.ts';

const parts = [
  accountsSchema,
  productsSchema,
  organizationsSchema,
  ordersSchema,
  provingSchema,
  certificatesSchema,
  outboundSchema,
  serverSchema,
];

export const migration0001: Migration = {
  name: '0001-schema',
  up: (db, dialect) => [
    ...dialect.before(db),
    ...parts.flatMap((part) => part(db, dialect)),
    ...(dialect.hasListings ? listingsSchema(db, dialect) : []),
    ...dialect.after(db),
  ],
};
