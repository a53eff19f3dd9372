/** The first schema, whole. Tables come after those that they refer to. */
import type { Migration } from '../migrate.ts';
import { accountsSchema } from '../schema/accounts.ts';
import { certificatesSchema } from '../schema/certificates.ts';
import { listingsSchema } from '../schema/listings.ts';
import { ordersSchema } from '../schema/orders.ts';
import { organizationsSchema } from '../schema/organizations.ts';
import { outboundSchema } from '../schema/outbound.ts';
import { productsSchema } from '../schema/products.ts';
import { provingSchema } from '../schema/proving.ts';
import { serverSchema } from '../schema/server.ts';

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
