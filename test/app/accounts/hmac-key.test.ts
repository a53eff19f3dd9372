/** HMAC keys are typed into command lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hmacKeyBytes, newHmacKey } from '../../../src/app/accounts/hmac-key.ts';

test('An HMAC key in base64url never begins as an option does.', () => {
  const beginnings = [0xf8, 0xf9, 0xfa, 0xfb, 0xfc];
  const drawn: number[] = [];
  const random = {
    bytes(size: number) {
      const first = beginnings[drawn.length] ?? 0;
      drawn.push(first);
      return Uint8Array.from({ length: size }, (_, i) => (i === 0 ? first : i));
    },
  };
  const key = newHmacKey(random);
  assert.deepEqual(drawn, beginnings);
  assert.equal(key.length, hmacKeyBytes);
  assert.match(Buffer.from(key).toString('base64url'), /^_/);
});
