/** Nobody slows down guesses of keys (`sign-in-limit.ts`), so they must be hopeless. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { createFakeRandomness } from '../support/system.ts';

for (const { name, newKey } of dialects) {
  if (newKey === undefined) continue;
  test(`The secret of a key of ${name} is drawn from at least 128 random bits.`, () => {
    const random = createFakeRandomness();
    const drawn: number[] = [];
    const key = newKey({
      bytes(size) {
        drawn.push(size);
        return random.bytes(size);
      },
    });
    assert.ok(Math.max(...drawn) >= 16, `drawn: ${drawn.join(', ')} bytes`);
    // Five bits in a letter of base 32, four in one of hex.
    const bits = key.secret.length * (/^[0-9a-f]+$/.test(key.secret) ? 4 : 5);
    assert.ok(bits >= 128, `${key.secret.length} characters`);
  });
}
