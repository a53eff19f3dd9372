import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { masterKeyOf, seal, sealedUnder, unseal } from '../../src/pki/seal.ts';

const masterKey = masterKeyOf(Buffer.alloc(32, 1));
const other = masterKeyOf(Buffer.alloc(32, 9));
const nonce = Buffer.alloc(12, 2);
const context = 'key:iss_1';
const secret = Buffer.from('a private key');
const sealed = seal(secret, { masterKey, context, nonce });
const open = (bytes: Uint8Array, masterKeys = [masterKey]) => unseal(bytes, { masterKeys, context });

/** As servers sealed before values named their master key. */
function sealUnnamed(key: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(`\x01${context}`));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Buffer.of(1), nonce, body, cipher.getAuthTag()]);
}

test('What is sealed opens with the same key and context.', () => {
  assert.equal(open(sealed).secret.toString(), 'a private key');
  assert.equal(open(sealed, [other, masterKey]).masterKey, masterKey);
  assert.equal(open(seal(Buffer.alloc(0), { masterKey, context, nonce })).secret.length, 0);
});

test('The layout is version, id of the key, nonce, ciphertext, tag, so that other tools can open it.', () => {
  assert.match(masterKey.id, /^[0-9a-f]{16}$/);
  assert.equal(sealedUnder(sealed), masterKey.id);
  assert.equal(sealed.length, 9 + 12 + secret.length + 16);
  assert.equal(sealed.toString('hex', 0, 21), `02${masterKey.id}${'02'.repeat(12)}`);
  const decipher = createDecipheriv('aes-256-gcm', masterKey.bytes, sealed.subarray(9, 21));
  decipher.setAAD(Buffer.concat([sealed.subarray(0, 9), Buffer.from(context)])).setAuthTag(sealed.subarray(-16));
  assert.equal(decipher.update(sealed.subarray(21, -16), undefined, 'utf8') + decipher.final('utf8'), 'a private key');
});

test('What was sealed before values named their key opens with whichever key sealed it.', () => {
  const unnamed = sealUnnamed(masterKey.bytes);
  assert.equal(sealedUnder(unnamed), undefined);
  assert.equal(open(unnamed, [other, masterKey]).secret.toString(), 'a private key');
  assert.equal(open(unnamed, [other, masterKey]).masterKey, masterKey);
  assert.throws(() => open(unnamed, [other]), /does not open: wrong master key/);
});

const wrong: readonly [what: string, sealed: Uint8Array, options: Parameters<typeof unseal>[1], message: string][] = [
  [
    'another master key',
    sealed,
    { masterKeys: [other], context },
    `"key:iss_1" is sealed under the master key ${masterKey.id}, which is not here`,
  ],
  [
    'another context',
    sealed,
    { masterKeys: [masterKey], context: 'key:iss_2' },
    '"key:iss_2" does not open: wrong master key, or the sealed bytes were changed',
  ],
  [
    'another version',
    Buffer.concat([Buffer.of(3), sealed.subarray(1)]),
    { masterKeys: [masterKey], context },
    '"key:iss_1" is not sealed in a known format',
  ],
  ['nothing', Buffer.alloc(0), { masterKeys: [masterKey], context }, '"key:iss_1" is not sealed in a known format'],
  ['too few bytes', sealed.subarray(0, 36), { masterKeys: [masterKey], context }, 'the sealed "key:iss_1" is cut off'],
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
      assert.throws(() => open(changed), /does not open|known format|not here/);
    }),
  );
});

test('A nonce or a master key of another size is refused.', () => {
  assert.throws(() => seal(secret, { masterKey, context, nonce: Buffer.alloc(16) }), /nonce must have 12 bytes/);
  assert.throws(() => masterKeyOf(Buffer.alloc(16)), { message: 'the master key must have 32 bytes, not 16' });
});
