/** What is remembered of rows is what a read would find: each way in which the two could part. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newId } from '../../src/domain/ids.ts';
import type { Stores } from '../../src/domain/ports/stores/index.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';
import { insertWorld } from './fixtures.ts';

// Other ids than those of the fixtures.
const system = { clock: createFakeClock(), random: createFakeRandomness(8) };
let opened: TempDatabase;
let world: Awaited<ReturnType<typeof insertWorld>>;

before(async () => {
  opened = await openTempDatabase(system);
  world = await opened.database.write((tx) => insertWorld(tx));
});
after(() => opened.remove());

const read = (stores: Stores = opened.database.read) => stores.accounts.get(world.account.id);

const rename = (tx: Stores, name: string) => tx.accounts.update(world.account.id, { name });

describe('accounts, keys and products in memory', () => {
  it('are read once', async () => {
    assert.equal(await read(), await read());
  });

  it('are new after the commit that changed them', async () => {
    await read();
    await opened.database.write((tx) => tx.accounts.update(world.account.id, { state: 'suspended' }));
    assert.equal((await read())?.state, 'suspended');
    await opened.database.write((tx) => tx.accounts.update(world.account.id, { state: 'active' }));
    assert.equal((await read())?.state, 'active');
  });

  it('are for a transaction what it has written itself, and for others not before its commit', async () => {
    const before = (await read())?.name;
    let outside: Promise<Awaited<ReturnType<typeof read>>> | undefined;
    const inside = await opened.database.write(async (tx) => {
      await rename(tx, 'ten');
      outside = read();
      return read(tx);
    });
    assert.equal(inside?.name, 'ten');
    assert.equal((await outside)?.name, before);
    assert.equal((await read())?.name, 'ten');
  });

  it('are for a transaction what those before it in the same commit have written', async () => {
    await read();
    const [, second] = await Promise.all([
      opened.database.write((tx) => rename(tx, 'one')),
      opened.database.write((tx) => read(tx)),
    ]);
    assert.equal(second?.name, 'one');
  });

  it('are as they were after a transaction that was undone', async () => {
    const before = (await read())?.name;
    const undone = opened.database.write(async (tx) => {
      await rename(tx, 'undone');
      assert.equal((await read(tx))?.name, 'undone');
      throw new Error('undone');
    });
    const beside = opened.database.write((tx) => read(tx));
    await assert.rejects(undone, /undone/);
    assert.equal((await beside)?.name, before);
    assert.equal((await read())?.name, before);
  });

  it('are found once they exist, however often they were asked for before', async () => {
    const id = newId('account', system);
    assert.equal(await opened.database.read.accounts.get(id), undefined);
    await opened.database.write((tx) => tx.accounts.insert({ ...world.account, id }));
    assert.equal((await opened.database.read.accounts.get(id))?.id, id);
  });
});
