/** What every engine must do with the serials that an authority had used before it came here. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ImportedReason } from '../../src/domain/authority.ts';
import { newId } from '../../src/domain/ids.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { createNewSerial } from '../support/imported-serials.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';
import type { Opened } from './store-suite.ts';

const day = (count: number) => new Date(Date.UTC(2026, 5, 1 + count));
const ids = { clock: createFakeClock('2026-06-01T00:00:00Z'), random: createFakeRandomness(5) };

export function importedSerialSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`imported serials on ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openFresh();
    });
    after(() => opened.remove());
    const write: Database['write'] = (work) => opened.database.write(work);
    const read = () => opened.database.read.importedSerials;
    const one = (
      authorityId: ReturnType<typeof newAuthorityId>,
      serial: string,
      revoked: readonly [Date, ImportedReason] | null = null,
      certificate: Uint8Array | null = null,
    ) => ({
      authorityId,
      serial,
      certificate,
      notAfter: day(100),
      revokedAt: revoked?.[0] ?? null,
      revocationReason: revoked?.[1] ?? null,
    });

    it('keeps what is known of a serial, whatever comes first', async () => {
      const id = newAuthorityId();
      const der = Uint8Array.of(48, 0);
      await write((tx) => tx.importedSerials.put([one(id, '10', [day(1), 'superseded']), one(id, '11')]));
      // Its certificate says nothing of a revocation, and the list nothing of an end.
      await write((tx) => tx.importedSerials.put([one(id, '10', null, der)]));
      await write((tx) =>
        tx.importedSerials.putRevocations([
          { ...one(id, '10', [day(2), 'keyCompromise']), notAfter: day(999) },
          one(id, '12', [day(2), 'certificateHold']),
        ]),
      );
      const found = await read().get(id, '10');
      assert.deepEqual(
        { ...found, certificate: Buffer.from(found?.certificate ?? []) },
        { ...one(id, '10', [day(2), 'keyCompromise']), certificate: Buffer.from(der), crlPiece: 0 },
      );
      assert.deepEqual(await read().count(id), { total: 3, revoked: 2 });
      assert.deepEqual([await read().has(id, '11'), await read().has(id, '13')], [true, false]);
      assert.equal(await read().has(newAuthorityId(), '11'), false);
    });

    it('lists what no list shows yet, and again what it shows with another reason', async () => {
      const id = newAuthorityId();
      await write((tx) => tx.importedSerials.put([one(id, '20'), one(id, '21', [day(1), 'superseded'])]));
      const unlisted = async () =>
        (await read().listUnlisted(id, { endedAfter: day(50), limit: 10 })).map(({ serial, piece }) => [serial, piece]);
      assert.deepEqual(await unlisted(), [['21', null]]);
      await write((tx) => tx.importedSerials.markListed(id, 7, ['21']));
      assert.deepEqual(await unlisted(), []);
      assert.equal(await write((tx) => tx.importedSerials.moveToRevoked(id, '21', day(3), 'unspecified')), false);
      assert.equal(await write((tx) => tx.importedSerials.raiseReason(id, '21', 'keyCompromise')), true);
      assert.equal(await write((tx) => tx.importedSerials.raiseReason(id, '21', 'keyCompromise')), false);
      assert.equal(await write((tx) => tx.importedSerials.moveToRevoked(id, '20', day(3), 'unspecified')), true);
      assert.deepEqual((await unlisted()).toSorted(), [
        ['20', null],
        ['21', 7],
      ]);
      assert.deepEqual((await read().get(id, '21'))?.revokedAt, day(1));
      assert.deepEqual(await read().listUnlisted(id, { endedAfter: day(101), limit: 10 }), []);
    });

    it('forgets an upload piece by piece, and gives one to the authority that has its key already', async () => {
      const [id, other] = [newAuthorityId(), newAuthorityId()];
      await write((tx) => tx.importedSerials.insertUpload(id, day(0)));
      await write((tx) => tx.importedSerials.put(['30', '31', '32'].map((serial) => one(id, serial))));
      assert.equal(await read().uploadBefore(day(0)), undefined);
      assert.equal(await read().uploadBefore(day(1)), id);
      assert.equal(await write((tx) => tx.importedSerials.remove(id, 2)), 2);
      await write((tx) => tx.importedSerials.rename(id, other));
      assert.deepEqual([(await read().count(id)).total, (await read().count(other)).total], [0, 1]);
      await write((tx) => tx.importedSerials.removeUpload(id));
      assert.deepEqual([await read().hasUpload(id), await read().uploadBefore(day(1))], [false, undefined]);
    });

    it('a serial that was drawn before is not drawn again', async () => {
      const id = newAuthorityId();
      const drawn = await createNewSerial(9)(opened.database.read, { id, importedAt: null });
      await write((tx) => tx.importedSerials.put([one(id, drawn)]));
      const again = await createNewSerial(9)(opened.database.read, { id, importedAt: day(0) });
      assert.notEqual(again, drawn);
      // Whoever was not imported is not looked up: that costs every certificate a read.
      assert.equal(await createNewSerial(9)(opened.database.read, { id, importedAt: null }), drawn);
    });
  });
}

function newAuthorityId() {
  return newId('authority', ids);
}
