/** Space that is kept for what must always work. How much is free is a number here; test/scenarios/full-disk.test.ts fills a disk. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createDiskReserve, type DiskReserve } from '../../src/system/index.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, type FakeClock, until } from '../support/system.ts';

const MiB = 1 << 20;

let folder: string;
let clock: FakeClock;
let log: ReturnType<typeof createFakeLog>;
let free: number;
let reserve: DiskReserve;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'certmux-reserve-'));
  clock = createFakeClock();
  log = createFakeLog();
  free = 100 * MiB;
  reserve = create(4 * MiB);
});
afterEach(async () => {
  await reserve.stop();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'reserve');
const create = (bytes: number) =>
  createDiskReserve({ folder, bytes, clock, random: createFakeRandomness(), log, freeBytes: async () => free });
const isMade = () => existsSync(file()) && statSync(file()).size === 4 * MiB;
/** Another look at the disk has ended. */
async function look(): Promise<void> {
  await until(() => clock.sleeping === 1, 'the look before has ended');
  await clock.advance(1000);
  await until(() => clock.sleeping === 1, 'the look has ended');
}

describe('the reserve of space', () => {
  it('is a file of that size for its owner alone, of bytes that no file system can shrink', async () => {
    await reserve.open();
    assert.equal(existsSync(file()), false, 'it is made once the server is up');
    await reserve.watch();
    await until(isMade, 'the reserve is made');
    assert.equal(statSync(file()).mode & 0o777, 0o600);
    assert.ok(new Set(readFileSync(file()).subarray(0, 4096)).size > 200);
    assert.equal(reserve.isShort, false);
  });

  it('keeps others out while less than a quarter of it is free beside it, and says so once', async () => {
    await reserve.watch();
    await until(isMade, 'the reserve is made');
    free = MiB - 1;
    await look();
    await look();
    assert.equal(reserve.isShort, true);
    free = MiB;
    await look();
    assert.equal(reserve.isShort, false);
    assert.deepEqual(
      log.lines.map(({ message }) => message),
      ['the disk is nearly full: only revocation still works', 'there is space on the disk again'],
    );
  });

  it('is given up when it is needed, keeps others out until it is made again, and is made when there is space for it', async () => {
    await reserve.watch();
    await until(isMade, 'the reserve is made');
    free = 0;
    assert.equal(await reserve.release(), true);
    assert.equal(existsSync(file()), false);
    assert.equal(reserve.isShort, true, 'at once');
    assert.equal(await reserve.release(), false, 'there is no more of it');
    free = 4 * MiB;
    await look();
    assert.equal(isMade(), false, 'there would be nothing left beside it');
    assert.equal(reserve.isShort, true);
    free = 5 * MiB;
    await look();
    assert.equal(isMade(), true);
    assert.equal(reserve.isShort, false);
  });

  it('is given up before the database is opened on a full disk, so that the server can start', async () => {
    writeFileSync(file(), Buffer.alloc(4 * MiB));
    free = 0;
    await reserve.open();
    assert.equal(existsSync(file()), false);
    assert.equal(reserve.isShort, false, 'the start itself is not kept out');
    await reserve.watch();
    assert.equal(reserve.isShort, true);
  });

  it('keeps others out where there never was space for it', async () => {
    free = 2 * MiB;
    await reserve.watch();
    await until(() => reserve.isShort, 'the first look has ended');
    assert.equal(existsSync(file()), false);
  });

  it('of 0 bytes is none: nothing is watched and nobody is kept out', async () => {
    await reserve.stop();
    reserve = create(0);
    free = 0;
    await reserve.open();
    await reserve.watch();
    assert.equal(reserve.isShort, false);
    assert.equal(await reserve.release(), false);
    assert.equal(clock.sleeping, 0);
  });
});
