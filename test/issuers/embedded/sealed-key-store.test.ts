import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { OwnKeyKind } from '../../../src/domain/authority.ts';
import { createSealedKeyStore } from '../../../src/issuers/embedded/sealed-key-store.ts';
import { generateKey } from '../../../src/pki/key.ts';
import { createScene, type Scene, sealerOf } from './support.ts';

let scene: Scene;
before(async () => {
  scene = await createScene();
});
after(() => scene.remove());

/** A store as a new process has it: nothing in memory. */
const store = (key?: Uint8Array) => createSealedKeyStore({ place: scene.files, keySealer: sealerOf(key) });
const fileOf = (keyId: string) => join(scene.keyDirectory, keyId);
const data = Buffer.from('to be signed');

const kinds: readonly (readonly [kind: OwnKeyKind, algorithm: string, details: object])[] = [
  ['P-256', 'ecdsa-with-SHA256', { namedCurve: 'prime256v1' }],
  ['P-384', 'ecdsa-with-SHA384', { namedCurve: 'secp384r1' }],
  ['rsa', 'sha256WithRSAEncryption', { modulusLength: 3072, publicExponent: 65537n }],
];

for (const [kind, algorithm, details] of kinds) {
  test(`A ${kind} key signs in the process that made it and in the next.`, async () => {
    const keyId = `ca_${kind}`;
    const first = store();
    assert.equal(await first.has(keyId), false);
    const { spki } = await first.create(keyId, kind);
    assert.equal(await first.has(keyId), true);
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    assert.deepEqual(key.asymmetricKeyDetails, details);
    for (const keys of [first, store()]) {
      const signer = await keys.signer(keyId);
      assert.equal(signer.algorithm, algorithm);
      const digest = algorithm.endsWith('SHA384') ? 'sha384' : 'sha256';
      assert.ok(verify(digest, data, key, await signer.sign(data)));
    }
  });
}

describe('the file', () => {
  const keyId = 'ca_file';
  let sealed: Buffer;
  before(async () => {
    await store().create(keyId, 'P-256');
    sealed = readFileSync(fileOf(keyId));
  });

  test('is for its owner alone', () => {
    assert.equal(statSync(fileOf(keyId)).mode & 0o777, 0o600);
  });

  test('and everything beside it hold no byte of the key in the clear', () => {
    const pkcs8 = sealerOf().open(sealed, { kind: 'authorityKey', id: keyId });
    // PKCS#8 of P-256 (RFC 5208, RFC 5915): the 32 bytes of the secret scalar begin at 36.
    const secret = pkcs8.subarray(36, 68);
    for (const name of readdirSync(scene.keyDirectory)) {
      const bytes = readFileSync(join(scene.keyDirectory, name));
      for (let at = 0; at + 8 <= secret.length; at++) {
        assert.ok(!bytes.includes(secret.subarray(at, at + 8)), name);
      }
      assert.ok(!bytes.includes(pkcs8.subarray(0, 16)), name);
      assert.doesNotMatch(bytes.toString('latin1'), /PRIVATE KEY|MIGH|MIIE/);
    }
  });

  test('does not open under another master key', async () => {
    await assert.rejects(store(Buffer.alloc(32, 8)).signer(keyId), {
      message: /^"authority-key:ca_file" is sealed under the master key [0-9a-f]{16}, which is not here$/,
    });
  });

  test('does not open as the key of another authority', async () => {
    copyFileSync(fileOf(keyId), fileOf('ca_other'));
    await assert.rejects(store().signer('ca_other'), /"authority-key:ca_other" does not open/);
  });

  test('does not open when a bit of it has changed', async () => {
    for (const at of [0, 1, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(fileOf('ca_changed'), changed);
      await assert.rejects(store().signer('ca_changed'), /is not sealed in a known format|does not open|is not here/);
    }
  });

  test('does not open when it is cut off', async () => {
    writeFileSync(fileOf('ca_cut'), sealed.subarray(0, 20));
    await assert.rejects(store().signer('ca_cut'), { message: 'the sealed "authority-key:ca_cut" is cut off' });
  });

  test('is named when it is missing, and found when it is put back', async () => {
    const keys = store();
    rmSync(fileOf(keyId));
    await assert.rejects(keys.signer(keyId), { message: `the key of the authority ${keyId} is missing` });
    writeFileSync(fileOf(keyId), sealed);
    assert.ok((await keys.signer(keyId)).algorithm);
  });

  test('is opened once', async () => {
    const keys = store();
    const signer = await keys.signer(keyId);
    rmSync(fileOf(keyId));
    assert.equal(await keys.signer(keyId), signer);
    writeFileSync(fileOf(keyId), sealed);
  });

  test('is never written over', async () => {
    await assert.rejects(store().create(keyId, 'P-256'), { message: `the key ${keyId} exists already` });
    assert.deepEqual(readFileSync(fileOf(keyId)), sealed);
  });

  test('of a kind that no authority has is refused', async () => {
    const { privateKeyPkcs8 } = await generateKey({ type: 'ed25519' });
    writeFileSync(fileOf('ca_ed'), sealerOf().seal(privateKeyPkcs8, { kind: 'authorityKey', id: 'ca_ed' }));
    await assert.rejects(store().signer('ca_ed'), {
      message: 'the key of the authority ca_ed is one for Ed25519, which no authority uses',
    });
  });
});
