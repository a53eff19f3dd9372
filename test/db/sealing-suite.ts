/** What every engine must do with sealed values: which master keys are in use, rotations, pages of each kind, the server's secrets. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sealedRows } from '../../src/domain/ports/key-sealer.ts';
import type { KeyRotation } from '../../src/domain/ports/master-keys.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { at, id, insertOrder, insertWorld, later, newIssuance } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

const rotation: KeyRotation = {
  number: 1,
  toKey: 'bb',
  startedAt: at,
  endedAt: null,
  resealed: 0,
  examined: 0,
  unreadable: 0,
  found: 0,
  kind: 'serverSecret',
  after: '',
};

export function sealingSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`sealed values, ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openFresh();
    });
    after(() => opened.remove());
    const read = () => opened.database.read;
    const write: Database['write'] = (work) => opened.database.write(work);
    const bytes = (value: number) => new Uint8Array(3).fill(value);

    it('a secret is stored once under its name', async () => {
      assert.equal(await read().serverSecrets.get('a'), undefined);
      assert.equal(await write((tx) => tx.serverSecrets.insert('a', bytes(1), at)), true);
      assert.equal(await write((tx) => tx.serverSecrets.insert('a', bytes(2), at)), false);
      assert.deepEqual(await read().serverSecrets.get('a'), bytes(1));
    });

    it('master keys are in use until they are retired, and again when they come back', async () => {
      const { sealing } = read();
      await write(async (tx) => {
        for (const key of ['bb', 'aa', 'aa']) await tx.sealing.putMasterKeyInUse(key, at);
      });
      assert.deepEqual(await sealing.masterKeysInUse(), ['aa', 'bb']);
      await write((tx) => tx.sealing.retireMasterKeysBut('bb', later(1)));
      assert.deepEqual(await sealing.masterKeysInUse(), ['bb']);
      await write((tx) => tx.sealing.putMasterKeyInUse('aa', later(2)));
      assert.deepEqual(await sealing.masterKeysInUse(), ['aa', 'bb']);
    });

    it('the newest rotation is told, as it was put last', async () => {
      const { sealing } = read();
      assert.equal(await sealing.newestRotation(), undefined);
      await write((tx) => tx.sealing.putRotation(rotation));
      const moved = { ...rotation, resealed: 7, examined: 9, found: 7, kind: 'files', after: 'x', endedAt: later(1) };
      await write((tx) => tx.sealing.putRotation(moved));
      assert.deepEqual(await sealing.newestRotation(), moved);
      const next = { ...rotation, number: 2, toKey: 'cc' };
      await write((tx) => tx.sealing.putRotation(next));
      assert.deepEqual(await sealing.newestRotation(), next);
    });

    it('rows of a kind come in pages, empty ones too, and are replaced one by one', async () => {
      for (const kind of sealedRows) {
        if (kind !== 'serverSecret') assert.deepEqual(await read().sealing.page(kind, '', 10), [], kind);
      }
      await write(async (tx) => {
        for (const secret of ['b', 'c']) await tx.serverSecrets.insert(secret, bytes(3), at);
      });
      const page = (from: string, limit: number) => read().sealing.page('serverSecret', from, limit);
      assert.deepEqual(
        (await page('', 2)).map((row) => row.id),
        ['a', 'b'],
      );
      assert.deepEqual(await page('b', 2), [{ id: 'c', sealed: bytes(3) }]);
      await write((tx) => tx.sealing.replace('serverSecret', 'b', bytes(9)));
      assert.deepEqual(
        (await page('', 10)).map(({ sealed }) => sealed?.[0]),
        [1, 9, 3],
      );
    });

    it('a replaced value is what its noun reads from then on', async () => {
      const made = await write(async (tx) => {
        const { order } = await insertOrder(tx, await insertWorld(tx), ['sealed.example']);
        const second = { ...newIssuance(order, ['sealed.example']), id: id('issuance'), proofReference: 'sealed' };
        return tx.issuances.insert({ ...second, sealedKey: bytes(4) });
      });
      const rows = await read().sealing.page('subscriberKey', '', 10);
      assert.deepEqual(rows.find((row) => row.id === made.id)?.sealed, bytes(4));
      await write((tx) => tx.sealing.replace('subscriberKey', made.id, bytes(5)));
      assert.deepEqual((await read().issuances.get(made.id))?.sealedKey, bytes(5));
    });
  });
}
