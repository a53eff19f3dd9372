import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';

const source = join(import.meta.dirname, '../../src');

describe('what a thread may hold', () => {
  it('is said wherever one is started: V8 gives it six times as much otherwise', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const starting = files.map((file) => [file, readFileSync(join(source, file), 'utf8')] as const);
    const threads = starting.flatMap(([file, text]) =>
      [...text.matchAll(/new Worker\([^;]*;?/g)].map(([call]) => ({ file, call })),
    );
    assert.ok(threads.length >= 4, `${threads.length} threads were found`);
    const unlimited = threads.filter(({ call }) => !call.includes('resourceLimits: threadLimits'));
    assert.deepEqual(unlimited, []);
  });
});
