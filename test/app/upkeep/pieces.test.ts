/** That upkeep is done in pieces with a pause between them, whatever there is to do, and goes on after a kill. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { newId } from '../../../src/domain/ids.ts';
import type { Stores } from '../../../src/domain/ports/stores/index.ts';
import { createCustomer, issue, startTestApp, type TestApp } from '../../support/app.ts';
import { readTables } from '../../support/tables.ts';

let app: TestApp;
afterEach(() => app.close());

/** Rows of one transaction, and the pause behind it. */
const piece = 500;
const pauseSeconds = 0.02;
/** More than two pieces. */
const rows = 1200;

/** Rows of each kind that are over, and how to count those that are left. */
const kinds: Readonly<Record<string, { put(tx: Stores, index: number): Promise<unknown>; left(): number }>> = {
  'keys of repeated requests': {
    put: async (tx, index) => {
      const { id: accountId } = await anyAccount(tx);
      const over = { now: before(), expiresAt: before() };
      return tx.idempotency.claim({ accountId, key: `key ${index}`, fingerprint: '', objectId: accountId, ...over });
    },
    left: () => count('idempotency'),
  },
  'mails that count no more': {
    put: (tx, index) =>
      tx.outgoingMails.insert({ id: `mail ${index}`, address: 'a@b.example', domain: 'b.example', at: longAgo() }),
    left: () => count('outgoing_mails'),
  },
  'values that expire': {
    put: (tx, index) =>
      tx.expiringValues.put({ purpose: 'test', accountId: null }, { key: `key ${index}`, value: '' }, before()),
    left: () => count('expiring_values'),
  },
  'proofs whose time is over': {
    put: async (tx) => {
      const [pattern] = await tx.authorizations.listValid((await anyAccount(tx)).id, { now: longAgo(), limit: 1 });
      assert.ok(pattern);
      await tx.authorizations.insert({ ...pattern, id: newId('authorization', app.context), validUntil: before() });
    },
    left: () => readTables(app.databasePath).authorizations?.filter(({ state }) => state === 'valid').length ?? 0,
  },
};

describe('upkeep', () => {
  for (const [title, { put, left }] of Object.entries(kinds)) {
    it(`takes ${title} in pieces, and the rest after a kill`, async () => {
      app = await startTestApp();
      const { caller } = await createCustomer(app);
      await issue(app, caller, ['a.example']);
      const others = left();
      await app.database.write(async (tx) => {
        for (let index = 0; index < rows; index++) await put(tx, index);
      });
      assert.equal(left(), others + rows);
      app = await app.restart({ upkeep: true });
      await app.idle();
      assert.equal(left(), others + rows - piece, 'the first piece');
      // Killed between two pieces: whoever starts next goes on at once.
      app = await app.restart({ upkeep: true });
      await app.idle();
      assert.equal(left(), others + rows - 2 * piece);
      await app.advance(pauseSeconds);
      assert.equal(left(), others);
    });
  }
});

const before = () => new Date(app.clock.now().getTime() - 1000);
const longAgo = () => new Date(app.clock.now().getTime() - 40 * 86_400_000);

async function anyAccount(tx: Stores) {
  const [account] = await tx.accounts.list({ limit: 1 });
  assert.ok(account);
  return account;
}

function count(table: string): number {
  return readTables(app.databasePath)[table]?.length ?? 0;
}
