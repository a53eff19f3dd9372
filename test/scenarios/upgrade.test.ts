/**
 * Data directories of earlier schemas, opened with this version. One is added for each released schema (`scripts/make-data-fixture.ts`); those that
 * are kept never change. Their orders end one day, so the clock stands at the day after they were made (`libfaketime`).
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { toolPath } from '../../scripts/test-tools.ts';
import { factsOf } from '../support/old-data.ts';

const fixtures = join(import.meta.dirname, '..', 'fixtures');
const kept = readdirSync(fixtures).filter((name) => name.startsWith('data-'));
const dayMs = 86_400_000;

/** @returns what it wrote, and the code it ended with */
async function openedThen(fixture: string): Promise<{ readonly written: string; readonly code: number | null }> {
  const nextDay = new Date(Date.parse(factsOf(fixture).madeAt) + dayMs).toISOString().slice(0, 10);
  const clock = {
    LD_PRELOAD: toolPath('libfaketime'),
    FAKETIME: `@${nextDay} 12:00:00`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const script = join(import.meta.dirname, 'upgrade-kept.ts');
  const child = spawn(process.execPath, [script, fixture], {
    env: { ...process.env, ...clock, TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { written: stdout + stderr, code: await ended };
}

describe('a data directory of an earlier schema', () => {
  for (const name of kept) {
    test(`${name} opens with this version, shows what it had, and goes on`, async () => {
      const { written, code } = await openedThen(join(fixtures, name));
      assert.equal(code, 0, written);
    });
  }
});
