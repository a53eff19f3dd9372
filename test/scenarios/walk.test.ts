/**
 * Walks every operation of every dialect: with another tenant's objects, through another door of the same tenant, and with
 * each role that may not call it. An operation without a row in `walk/<dialect>.ts` fails.
 */

import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import type { Account } from '../../src/domain/account.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import type { Role } from '../../src/domain/role.ts';
import type { TestApp } from '../support/app.ts';
import type { FrontDoors, Input } from '../support/front-doors.ts';
import { postgresCommits, postgresUrl } from '../support/postgres.ts';
import { type Rows, readTables } from '../support/tables.ts';
import { native } from './walk/native.ts';
import { anyone, type DialectWalk, type Row } from './walk/row.ts';
import { operationOf, startWalk, type Walk, walks } from './walk/start.ts';

/** Stands in all names, labels and addresses of the tenant whose objects the others try. */
const mark = /tenant-a/;

let doors: FrontDoors;
let app: TestApp;
let tenant: Account;
let stranger: Account;
let nativeOrder: OrderView;
let database: DatabaseSync | undefined;
let keyOf: Walk['keyOf'];
let objectsOf: Walk['objectsOf'];

before(async () => {
  const walk = await startWalk();
  ({ doors, tenant, stranger, nativeOrder, keyOf, objectsOf } = walk);
  ({ app } = doors);
  // The first use of a key is noted; from here on only what a request does is written.
  for (const [of, key] of walk.keys) await doors.call(of.split(' ')[1] ?? '', firstOf(of.split(' ')[1] ?? ''), {}, key);
  await app.idle();
  if (postgresUrl === undefined) database = new DatabaseSync(app.databasePath, { readOnly: true });
});
after(async () => {
  database?.close();
  await app.close();
});

/** An operation that needs nothing but a key. */
function firstOf(dialect: string): string {
  const ids: Readonly<Record<string, string>> = {
    native: 'me.show',
    encryption365: 'account.details',
    wosign: 'cert.apply',
    httpsok: 'agent.status',
    digicert: 'account.show',
    racent: 'country.list',
    acme: 'order.create',
  };
  return ids[dialect] ?? assert.fail(dialect);
}

/** Grows with every commit of the server. */
function commits(): number {
  return database === undefined
    ? postgresCommits()
    : Number(database.prepare('PRAGMA data_version').get()?.data_version);
}

/** Asks, and fails unless it was refused so and nothing was written. */
async function refused(walk: DialectWalk, id: string, input: Input, key: KeySettings, expected: string): Promise<void> {
  const before = commits();
  const reply = await doors.call(walk.name, operationOf(id), input, key);
  assert.equal(reply.refusal ?? 'answered', expected, reply.text.slice(0, 500));
  assert.equal(commits(), before, 'something was written');
  assertTellsNothing(reply.text, input);
}

/** What the request itself said may be repeated; nothing else of the tenant's may be told. */
function assertTellsNothing(text: string, input: Input): void {
  const said = input instanceof FormData ? [] : textsIn(input);
  const rest = said.reduce((left, one) => left.replaceAll(one, ''), text);
  assert.doesNotMatch(rest, mark);
  for (const id of [tenant.id, nativeOrder.order.id]) if (!said.includes(id)) assert.ok(!rest.includes(id), rest);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** The rows of everybody but this account, and not the queue. */
function rowsOfOthers(rows: Rows, accountId: string): Rows {
  const { jobs: _, ...tables } = rows;
  const isOther = (row: Rows[string][number]) => row.account_id !== accountId && row.id !== accountId;
  return Object.fromEntries(Object.entries(tables).map(([name, all]) => [name, all.filter(isOther)]));
}

/** What was there is there, and the same; children of what the stranger made may have come. */
function assertKept(before: Rows, after: Rows): void {
  for (const [table, rows] of Object.entries(before)) {
    const left = new Set((after[table] ?? []).map((row) => JSON.stringify(row)));
    for (const row of rows) assert.ok(left.has(JSON.stringify(row)), `${table}: ${JSON.stringify(row)}`);
  }
}

it('every dialect is walked, and every operation has a row or is public, none of them in vain', () => {
  assert.deepEqual(walks.map(({ name }) => name).toSorted(), dialects.map(({ name }) => name).toSorted());
  for (const { name, operations } of dialects) {
    const walk = walks.find((one) => one.name === name) ?? assert.fail(name);
    const idsOf = (access: 'public' | 'caller') =>
      operations.flatMap((one) => (one.access === access ? [one.id] : [])).toSorted();
    const walked = new Set(Object.keys(walk.rows).map(operationOf));
    assert.deepEqual([...walked].toSorted(), idsOf('caller'), name);
    assert.deepEqual(Object.keys(walk.public).toSorted(), idsOf('public'), name);
  }
});

for (const walk of walks) {
  describe(`${walk.name}: another tenant, with every role`, () => {
    const key = () => keyOf('stranger', walk.name, 'every role');
    for (const [id, { send, stranger: expected }] of Object.entries<Row>(walk.rows)) {
      if (expected !== 'own') {
        it(`${id}: ${expected}`, () => refused(walk, id, send(objectsOf(walk)), key(), expected));
        continue;
      }
      it(`${id}: sees and changes only what is their own`, async () => {
        await app.idle();
        const before = rowsOfOthers(readTables(app.databasePath), stranger.id);
        const input = send(objectsOf(walk));
        const reply = await doors.call(walk.name, operationOf(id), input, key());
        assert.equal(reply.refusal, undefined, reply.text);
        assertTellsNothing(reply.text, input);
        await app.idle();
        assertKept(before, readTables(app.databasePath));
      });
    }
  });
}

for (const walk of walks) {
  const { foreign } = walk;
  if (foreign === undefined) continue;
  describe(`${walk.name}: what another door of the same tenant made`, () => {
    for (const [id, { send, isOfDoor }] of Object.entries<Row>(walk.rows)) {
      if (!isOfDoor) continue;
      it(`${id}: notFound`, () => {
        const elsewhere = { ...objectsOf(walk), ...foreign(objectsOf(native), nativeOrder) };
        return refused(walk, id, send(elsewhere), keyOf('tenant', walk.name, 'administrator'), 'notFound');
      });
    }
  });
}

for (const walk of walks) {
  describe(`${walk.name}: each role that may not`, () => {
    for (const [id, { may, send }] of Object.entries<Row>(walk.rows)) {
      for (const role of anyone) {
        if (may.includes(role)) continue;
        it(`${id}: ${role}`, async () => {
          const before = commits();
          const reply = await doors.call(
            walk.name,
            operationOf(id),
            send(objectsOf(walk)),
            keyOf('tenant', walk.name, role),
          );
          assert.equal(reply.refusal ?? 'answered', 'forbidden', reply.text.slice(0, 500));
          assert.equal(commits(), before, 'something was written');
        });
      }
    }
  });
}

// Last, since these do what was refused before.
for (const walk of walks) {
  describe(`${walk.name}: each role that may`, () => {
    for (const [id, { may, send, answers }] of Object.entries<Row>(walk.rows)) {
      const roles: readonly Role[] = may.length === 0 ? ['operator'] : may;
      it(`${id}: ${roles.join(', ')}`, async () => {
        for (const [index, role] of roles.entries()) {
          const of = role === 'operator' ? 'operator' : 'tenant';
          const reply = await doors.call(walk.name, operationOf(id), send(objectsOf(walk)), keyOf(of, walk.name, role));
          // The first finds things as they were prepared; the others come after it.
          if (index === 0) assert.equal(reply.refusal, answers, `${role}: ${reply.text.slice(0, 500)}`);
          else if (reply.refusal !== answers) {
            const refusals: readonly (string | undefined)[] = [
              undefined,
              'wrongState',
              'notFound',
              'conflict',
              'invalidField',
            ];
            assert.ok(refusals.includes(reply.refusal), `${role}: ${reply.refusal} ${reply.text.slice(0, 500)}`);
          }
        }
      });
    }
  });
}
