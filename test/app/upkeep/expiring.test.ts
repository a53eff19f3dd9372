/** Values that front doors keep for a while, over the real database. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ExpiringShelf } from '../../../src/domain/ports/expiring.ts';
import { createCustomer, startTestApp, type TestApp } from '../../support/app.ts';
import { countRows } from '../../support/tables.ts';

let app: TestApp;
let shelf: ExpiringShelf;
let others: ExpiringShelf;

before(async () => {
  app = await startTestApp({ upkeep: true });
  shelf = { purpose: 'tests/codes', accountId: (await createCustomer(app)).account.id };
  others = { ...shelf, accountId: (await createCustomer(app)).account.id };
});
after(() => app.close());

const inSeconds = (seconds: number) => new Date(app.clock.now().getTime() + seconds * 1000);
const put = (on: ExpiringShelf, keys: readonly string[], seconds = 60, atMost = 100) =>
  app.ports.expiring.put(
    on,
    keys.map((key) => ({ key, value: `value of ${key}` })),
    { expiresAt: inSeconds(seconds), atMost },
  );
const found = async (on: ExpiringShelf, keys: readonly string[]) => {
  const values = await Promise.all(keys.map((key) => app.ports.expiring.get(on, key)));
  return keys.filter((_, index) => values[index] !== undefined);
};

describe('a value that expires', () => {
  it('is found by its account and for its purpose only, until it expires', async () => {
    await put(shelf, ['a']);
    assert.equal(await app.ports.expiring.get(shelf, 'a'), 'value of a');
    assert.equal(await app.ports.expiring.get(others, 'a'), undefined);
    assert.equal(await app.ports.expiring.get({ ...shelf, purpose: 'tests/others' }, 'a'), undefined);
    assert.equal(await app.ports.expiring.get({ ...shelf, accountId: null }, 'a'), undefined);
    await app.advance(59);
    assert.deepEqual(await found(shelf, ['a']), ['a']);
    await app.advance(1);
    assert.deepEqual(await found(shelf, ['a']), []);
    assert.equal(await app.ports.expiring.take(shelf, 'a'), undefined);
  });

  it('takes the place of the one before, and lasts as long as the newer one', async () => {
    await put(shelf, ['b'], 10);
    await app.ports.expiring.put(shelf, [{ key: 'b', value: 'newer' }], { expiresAt: inSeconds(100), atMost: 100 });
    await app.advance(50);
    assert.equal(await app.ports.expiring.get(shelf, 'b'), 'newer');
  });

  it('is taken once, by one of those who come together', async () => {
    await put({ ...shelf, accountId: null }, ['nonce']);
    const taken = await Promise.all(
      Array.from({ length: 5 }, () => app.ports.expiring.take({ ...shelf, accountId: null }, 'nonce')),
    );
    assert.deepEqual(taken.toSorted(), ['value of nonce', undefined, undefined, undefined, undefined]);
  });

  it('is pushed out by those of its own account, which expire later, and by nobody else', async () => {
    const full = { ...shelf, purpose: 'tests/full' };
    const neighbour = { ...others, purpose: 'tests/full' };
    await put(neighbour, ['first'], 30, 3);
    await put(full, ['late'], 90, 3);
    await put(full, ['soon'], 40, 3);
    await put(full, ['x', 'y'], 60, 3);
    assert.deepEqual(await found(full, ['late', 'soon', 'x', 'y']), ['late', 'x', 'y']);
    assert.deepEqual(await found(neighbour, ['first']), ['first']);
  });

  it('is removed some time after it has expired', async () => {
    await put(shelf, ['c', 'd']);
    await app.advance(1300);
    assert.equal(countRows(app.databasePath).expiring_values, 0);
  });
});

it('outlives the server that kept it', async () => {
  await put(shelf, ['e'], 600);
  app = await app.restart();
  assert.equal(await app.ports.expiring.get(shelf, 'e'), 'value of e');
});
