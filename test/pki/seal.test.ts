import assert from 'node:assert/strict';
import { createDecipheriv } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { seal, unseal } from '../../src/pki/seal.ts';

const masterKey = Buffer.alloc(32, 1);
const nonce = Buffer.alloc(12, 2);
const context = 'key:iss_1';
const secret = Buffer.from('a private key');
const sealed = seal(secret, { masterKey, context, nonce });

test('What is sealed opens with the same key and context.', () => {
  assert.equal(unseal(sealed, { masterKey, context }).toString(), 'a private key');
  assert.equal(unseal(seal(Buffer.alloc(0), { masterKey, context, nonce }), { masterKey, context }).length, 0);
});

test('The layout is version, nonce, ciphertext, tag, so that other tools can open it.', () => {
  assert.equal(sealed.length, 1 + 12 + secret.length + 16);
  assert.equal(sealed.toString('hex', 0, 13), `01${'02'.repeat(12)}`);
  const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(1, 13));
  decipher.setAAD(Buffer.from('\x01key:iss_1')).setAuthTag(sealed.subarray(-16));
  assert.equal(decipher.update(sealed.subarray(13, -16), undefined, 'utf8') + decipher.final('utf8'), 'a private key');
});

const wrong: readonly [what: string, sealed: Uint8Array, options: Parameters<typeof unseal>[1], message: string][] = [
  [
    'another master key',
    sealed,
    { masterKey: Buffer.alloc(32, 9), context },
    '"key:iss_1" does not open: wrong master key, or the sealed bytes were changed',
  ],
  [
    'another context',
    sealed,
    { masterKey, context: 'key:iss_2' },
    '"key:iss_2" does not open: wrong master key, or the sealed bytes were changed',
  ],
  ['a short master key', sealed, { masterKey: Buffer.alloc(16), context }, 'the master key must have 32 bytes, not 16'],
  [
    'another version',
    Buffer.concat([Buffer.of(2), sealed.subarray(1)]),
    { masterKey, context },
    '"key:iss_1" is not sealed in a known format',
  ],
  ['nothing', Buffer.alloc(0), { masterKey, context }, '"key:iss_1" is not sealed in a known format'],
  ['too few bytes', sealed.subarray(0, 28), { masterKey, context }, 'the sealed "key:iss_1" is cut off'],
];

for (const [what, bytes, options, message] of wrong) {
  test(`It does not open with ${what}.`, () => {
    assert.throws(() => unseal(bytes, options), { message });
  });
}

test('No changed bit goes unnoticed.', () => {
  fc.assert(
    fc.property(fc.nat({ max: sealed.length * 8 - 1 }), (bit) => {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => unseal(changed, { masterKey, context }), /does not open|known format/);
    }),
  );
});

test('A nonce of another size is refused.', () => {
  assert.throws(() => seal(secret, { masterKey, context, nonce: Buffer.alloc(16) }), /nonce must have 12 bytes/);
});
