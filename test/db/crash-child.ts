/** Writes without end and says what was acknowledged, until it is killed. Run by group-commit.test.ts. */
import { openDatabase } from '../../src/db/open.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';

const [path = ''] = process.argv.slice(2);
const system = { clock: createFakeClock(), random: createFakeRandomness(), log: createFakeLog() };
const database = await openDatabase({ path, ...system });

async function writer(name: string): Promise<never> {
  for (let i = 0; ; i++) {
    const key = `${name}-${i}`;
    await database.write(async (tx) => {
      await tx.settings.put(key, { key, pair: true });
      await tx.externalIds.insert('crash', key, key);
    });
    process.stdout.write(`${key}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, i) => writer(`w${i}`)));
