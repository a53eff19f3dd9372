import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openDatabase } from '../../src/db/open.ts';
import type { Stores } from '../../src/domain/ports/stores/index.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, settle } from '../support/system.ts';
import { at, id, insertWorld } from './fixtures.ts';

const clock = createFakeClock();
let opened: TempDatabase;
beforeEach(async () => {
  opened = await openTempDatabase({ clock });
});
afterEach(() => opened.remove());
const read = () => opened.database.read.settings;
const put = (key: string) => opened.database.write((tx) => tx.settings.put(key, key));

describe('group commit', () => {
  it('keeps the failure of one transaction from the others, wherever it stands in the group', async () => {
    const works = Array.from({ length: 12 }, (_, i) =>
      opened.database.write(async (tx) => {
        await tx.settings.put(`k${i}`, i);
        if (i % 3 === 0 || i === 11) throw new Error(`refused ${i}`);
        return i;
      }),
    );
    const ends = await Promise.allSettled(works);
    for (const [i, end] of ends.entries()) {
      const fails = i % 3 === 0 || i === 11;
      assert.equal(end.status, fails ? 'rejected' : 'fulfilled', `transaction ${i}`);
      if (end.status === 'rejected') assert.equal(end.reason.message, `refused ${i}`);
      else assert.equal(end.value, i);
      assert.equal(await read().get(`k${i}`), fails ? undefined : i);
    }
  });

  it('undoes a transaction whose statement failed and keeps one that caught the failure', async () => {
    const { account } = await opened.database.write((tx) => insertWorld(tx));
    const duplicate = (tx: Stores) => tx.accounts.insert(account);
    const [failed, caught] = await Promise.allSettled([
      opened.database.write(async (tx) => {
        await tx.settings.put('failed', 1);
        await duplicate(tx);
      }),
      opened.database.write(async (tx) => {
        await tx.settings.put('caught', 1);
        await duplicate(tx).catch(() => {});
      }),
    ]);
    assert.deepEqual([failed.status, caught.status], ['rejected', 'fulfilled']);
    assert.equal(await read().get('failed'), undefined);
    assert.equal(await read().get('caught'), 1);
  });

  it('shows nothing of a transaction to readers before its commit, and all of it to its own stores', async () => {
    const seen: unknown[] = [];
    await opened.database.write(async (tx) => {
      await tx.settings.put('a', 1);
      seen.push(await tx.settings.get('a'), await read().get('a'));
    });
    assert.deepEqual(seen, [1, undefined]);
    assert.equal(await read().get('a'), 1);
  });

  it('acknowledges all of a group after its commit: every reader sees every acknowledged transaction', async () => {
    const acknowledged: string[] = [];
    await Promise.all(
      Array.from({ length: 300 }, async (_, i) => {
        await put(`g${i}`);
        acknowledged.push(`g${i}`);
        for (const key of acknowledged.slice(-3)) assert.equal(await read().get(key), key);
      }),
    );
    assert.equal(acknowledged.length, 300);
  });

  it('lets a later transaction of the group see what an earlier one wrote', async () => {
    const counts = await Promise.all(
      Array.from({ length: 50 }, () =>
        opened.database.write(async (tx) => {
          const count = Number((await tx.settings.get('count')) ?? 0) + 1;
          await tx.settings.put('count', count);
          return count;
        }),
      ),
    );
    assert.deepEqual(
      counts,
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
  });

  it('lets concurrent charges take the last of a balance and not more', async () => {
    const { account } = await opened.database.write((tx) => insertWorld(tx));
    const append = (amountMinor: number) =>
      opened.database.write((tx) =>
        tx.ledger.append({
          id: id('ledgerEntry'),
          accountId: account.id,
          kind: amountMinor > 0 ? 'credit' : 'charge',
          amountMinor,
          currency: 'CNY',
          orderId: null,
          note: '',
          at,
        }),
      );
    await append(1000);
    const lines = await Promise.all(Array.from({ length: 40 }, () => append(-70)));
    assert.equal(lines.filter((line) => line !== undefined).length, 14);
    assert.ok(lines.every((line) => line === undefined || line.balanceAfterMinor >= 0));
    assert.equal(await opened.database.read.ledger.balance(account.id), 20);
    assert.equal(await opened.database.read.ledger.sum(account.id), 20);
  });

  it('refuses stores that are used after their transaction has ended', async () => {
    let kept: Stores | undefined;
    await opened.database.write(async (tx) => {
      kept = tx;
      await tx.settings.put('a', 1);
    });
    await assert.rejects(kept?.settings.put('a', 2) ?? Promise.resolve(), /transaction has ended/);
    await assert.rejects(kept?.settings.get('a') ?? Promise.resolve(), /transaction has ended/);
    assert.equal(await read().get('a'), 1);
  });

  it('gives up a transaction that awaits something else, and goes on with the next', async () => {
    const stuck = opened.database.write(async (tx) => {
      await tx.settings.put('stuck', 1);
      await new Promise(() => {});
    });
    const next = put('next');
    const rejected = assert.rejects(stuck, /awaits something other than its stores/);
    await settle();
    await clock.advance(5000);
    await rejected;
    await next;
    assert.equal(await read().get('stuck'), undefined);
    assert.equal(await read().get('next'), 'next');
    await clock.advance(5000);
    assert.equal(clock.sleeping, 0, 'the watch ends when there is nothing to watch');
  });

  it('rejects a work that throws before its first await', async () => {
    await assert.rejects(
      opened.database.write(() => {
        throw new Error('at once');
      }),
      /at once/,
    );
    await put('after');
  });

  it('waits for what is queued when it closes', async () => {
    const works = Array.from({ length: 200 }, (_, i) => put(`c${i}`));
    await opened.database.close();
    await Promise.all(works);
    const file = new DatabaseSync(opened.path, { readOnly: true });
    assert.equal(file.prepare('SELECT count(*) AS n FROM settings').get()?.n, 200);
    file.close();
  });
});

describe('a crash', () => {
  it('loses nothing that was acknowledged and leaves the file sound', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'certmux-crash-'));
    const path = join(folder, 'certmux.db');
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crash-child.ts'), path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const acknowledged: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      acknowledged.push(line);
      // In the middle of its writing, many groups in.
      if (acknowledged.length === 2000) child.kill('SIGKILL');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGKILL');

    // The lock died with the process.
    const system = { clock, random: createFakeRandomness(), log: createFakeLog() };
    const database = await openDatabase({ path, ...system });
    for (const key of acknowledged) assert.deepEqual(await database.read.settings.get(key), { key, pair: true });
    // Both halves of every transaction are there, or none.
    for (const key of acknowledged) assert.ok(await database.read.externalIds.get('crash', key));
    await database.close();
    const file = new DatabaseSync(path, { readOnly: true });
    assert.equal(file.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    const odd = 'SELECT count(*) AS n FROM settings LEFT JOIN external_ids ON value = key WHERE value IS NULL';
    assert.equal(file.prepare(odd).get()?.n, 0);
    file.close();
    rmSync(folder, { recursive: true });
  });
});
