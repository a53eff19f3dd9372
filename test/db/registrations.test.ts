/** The upgrade that writes down what EV certificates said of every organization until then. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Connection } from '../../src/db/engine/sqlite/connection.ts';
import { createSqliteBuilder } from '../../src/db/engine/sqlite/dialect.ts';
import { migrationTarget } from '../../src/db/engine/sqlite/schema.ts';
import { migrate } from '../../src/db/migrate.ts';
import { migrations } from '../../src/db/migrations/index.ts';

const at = new Date('2026-06-01T08:00:00Z');

it('An organization that EV was asked for keeps saying what its certificates said; one for OV says nothing new.', async () => {
  const connection = new Connection(':memory:', {
    db: createSqliteBuilder(),
    readOnly: false,
    pragmas: 'PRAGMA foreign_keys = OFF',
  });
  try {
    const target = migrationTarget(connection);
    const before = migrations.filter(({ name }) => name < '0027');
    await migrate(before, target, at);
    connection.exec(`
      insert into organizations (number, id, account_id, name, details_json, details_key, state, created_at)
        values (1, x'01', x'aa', 'Acme', '{"name":"Acme","country":"DE"}', 'k1', 'active', 0),
               (2, x'02', x'aa', 'Umbrella', '{"name":"Umbrella","country":"US"}', 'k2', 'active', 0);
      insert into organization_validations (organization_id, level, state, asked_at, note, registration_number)
        values (x'01', 'ev', 'valid', 0, '', 'HRB 4711'), (x'01', 'ov', 'valid', 0, '', null),
               (x'02', 'ev', 'pending', 0, '', null);
    `);
    assert.deepEqual(await migrate(migrations.slice(0, before.length + 1), target, at), ['0027-registrations']);
    const rows = connection.rows(
      `select hex(organization_id) id, level, business_category category, jurisdiction_country country,
           jurisdiction_state state, organization_identifier identifier, registration_number number
         from organization_validations order by id, level`,
    );
    assert.deepEqual(
      [...rows],
      [
        ['01', 'ev', 'Private Organization', 'DE', null, null, 'HRB 4711'],
        ['01', 'ov', null, null, null, null, null],
        ['02', 'ev', 'Private Organization', 'US', null, null, null],
      ],
    );
  } finally {
    connection.close();
  }
});
