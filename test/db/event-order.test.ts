/**
 * The number of an event is that of the one sealer, which on the embedded engine is the writing connection itself (decision
 * 0019): whatever a reader sees, nothing is ever put in front of it.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NewEvent } from '../../src/domain/event.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { createFakeRandomness } from '../support/system.ts';
import { at, id, insertWorld, type World } from './fixtures.ts';

let opened: TempDatabase;
let world: World;

before(async () => {
  opened = await openTempDatabase();
  world = await opened.database.write((tx) => insertWorld(tx));
});
after(() => opened.remove());

const event = (subject: string): NewEvent => ({
  kind: 'order.placed',
  accountId: world.account.id,
  actor: 'system',
  subject,
  data: {},
  requestId: null,
  at,
});

async function seen(): Promise<readonly (readonly [number, string])[]> {
  const events = await opened.database.read.events.list({ accountId: world.account.id, limit: 10_000 });
  return events.map(({ sequence, subject }) => [sequence, subject] as const).toReversed();
}

test('every reader sees a beginning of what every later one sees, in the order of the commits', async () => {
  const random = createFakeRandomness(3);
  const draw = (below: number) => (random.bytes(1)[0] ?? 0) % below;
  const committed: string[] = [];
  const views: (readonly (readonly [number, string])[])[] = [];
  for (let round = 0; round < 20; round++) {
    const works = Array.from({ length: draw(40) + 1 }, async () => {
      const subjects = Array.from({ length: draw(3) + 1 }, () => id('order'));
      const isUndone = draw(4) === 0;
      const written = opened.database.write(async (tx) => {
        for (const subject of subjects) await tx.events.append(event(subject));
        if (isUndone) throw new Error('undone');
      });
      await written.then(
        () => committed.push(...subjects),
        () => assert.ok(isUndone),
      );
      // While the groups that follow are under way.
      views.push(await seen());
    });
    await Promise.all(works);
  }
  const all = await seen();
  assert.deepEqual(
    all.map(([, subject]) => subject),
    committed,
  );
  const numbers = all.map(([sequence]) => sequence);
  assert.deepEqual(
    numbers,
    numbers.map((_, index) => (numbers[0] ?? 0) + index),
    'no number is left out: nothing can come in between',
  );
  assert.ok(views.some((view) => view.length < all.length) && views.length > 100);
  for (const view of views) assert.deepEqual(view, all.slice(0, view.length));
});

test('who goes on from the last number that they saw misses nothing and sees nothing twice', async () => {
  const random = createFakeRandomness(4);
  const draw = (below: number) => (random.bytes(1)[0] ?? 0) % below;
  const { database } = opened;
  const start = await database.read.events.newest();
  const committed: string[] = [];
  const readers = [1, 3, 1000].map((limit) => ({ limit, after: start, seen: [] as string[] }));
  const readOn = async (reader: (typeof readers)[number]) => {
    const { after, limit } = reader;
    const page = await database.read.events.listAfter({ accountId: world.account.id, after, limit });
    reader.seen.push(...page.map(({ subject }) => subject));
    reader.after = page.at(-1)?.sequence ?? after;
    return page.length;
  };
  const isWriting = { yes: true };
  // While transactions are under way, and again and again.
  const reading = Promise.all(
    readers.map(async (reader) => {
      while (isWriting.yes) {
        await readOn(reader);
        await new Promise(setImmediate);
      }
    }),
  );
  for (let round = 0; round < 20; round++) {
    const works = Array.from({ length: draw(40) + 1 }, async () => {
      const subjects = Array.from({ length: draw(3) + 1 }, () => id('order'));
      const isUndone = draw(4) === 0;
      await database
        .write(async (tx) => {
          for (const subject of subjects) await tx.events.append(event(subject));
          if (isUndone) throw new Error('undone');
        })
        .then(
          () => committed.push(...subjects),
          () => assert.ok(isUndone),
        );
    });
    await Promise.all(works);
  }
  isWriting.yes = false;
  await reading;
  for (const reader of readers) {
    while ((await readOn(reader)) > 0);
    assert.deepEqual(reader.seen, committed, `pages of ${reader.limit}`);
  }
});
