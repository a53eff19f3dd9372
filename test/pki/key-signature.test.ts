/** Signatures of JSON Web Signatures: those that RFC 7515 and RFC 8037 print, made ones, and everything that is none. */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { describe, it } from 'node:test';
import { type KeySignatureAlgorithm, keySignatureAlgorithms } from '../../src/domain/key-signature.ts';
import { fitsKey, isKeySignature } from '../../src/pki/key-signature.ts';
import { parsePublicKey } from '../../src/pki/public-key.ts';
import { createAccountKey } from '../support/account-key.ts';

const spkiOf = (jwk: (typeof printed)[number]['jwk']) =>
  createPublicKey({ key: { ...jwk }, format: 'jwk' }).export({ format: 'der', type: 'spki' });

/** What the RFCs print, part by part. */
const printed = [
  {
    source: 'RFC 7515 §A.3, ES256',
    algorithm: 'ES256',
    jwk: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    signed:
      'eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ',
    signature: 'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  },
  {
    source: 'RFC 8037 §A.4, Ed25519',
    algorithm: 'EdDSA',
    jwk: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    signed: 'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc',
    signature: 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  },
] as const;

describe('a signature', () => {
  for (const { source, algorithm, jwk, signed, signature } of printed) {
    it(`is right: ${source}`, async () => {
      const publicKey = parsePublicKey(spkiOf(jwk));
      const data = Buffer.from(signed);
      const bytes = Buffer.from(signature, 'base64url');
      assert.equal(await isKeySignature(publicKey, { algorithm, data, signature: bytes }), true);
      const changed = Buffer.from(signed.replace('eyJ', 'eyK'));
      assert.equal(await isKeySignature(publicKey, { algorithm, data: changed, signature: bytes }), false);
    });
  }

  for (const algorithm of keySignatureAlgorithms) {
    it(`of ${algorithm} is its own key’s only, and over exactly these bytes`, async () => {
      const [key, other] = [createAccountKey(algorithm), createAccountKey(algorithm)];
      const proof = key.sign('header.payload');
      const publicKey = parsePublicKey(key.publicKey);
      assert.equal(await isKeySignature(publicKey, proof), true);
      assert.equal(await isKeySignature(parsePublicKey(other.publicKey), proof), false);
      assert.equal(await isKeySignature(publicKey, { ...proof, data: Buffer.from('header.payloae') }), false);
      const flipped = Uint8Array.from(proof.signature);
      flipped[flipped.length - 1] = (flipped.at(-1) ?? 0) ^ 1;
      const damaged = [flipped, new Uint8Array(0), proof.signature.subarray(1), new Uint8Array(proof.signature.length)];
      for (const signature of damaged) assert.equal(await isKeySignature(publicKey, { ...proof, signature }), false);
    });
  }

  it('is answered for itself, alone or with others of its turn', async () => {
    const keys = keySignatureAlgorithms.map((algorithm) => createAccountKey(algorithm));
    const asked = [...keys, ...keys].map((key, index) => {
      const proof = key.sign(`text ${index}`);
      const isRight = index % 3 !== 0;
      const data = isRight ? proof.data : Buffer.from('another');
      return { publicKey: parsePublicKey(key.publicKey), proof: { ...proof, data }, isRight };
    });
    const expected = asked.map(({ isRight }) => isRight);
    const check = ({ publicKey, proof }: (typeof asked)[number]) => isKeySignature(publicKey, proof);
    assert.deepEqual(await Promise.all(asked.map(check)), expected);
    const alone: boolean[] = [];
    for (const one of asked) alone.push(await check(one));
    assert.deepEqual(alone, expected);
  });

  it('fits the kind of key and the curve that its algorithm names, and no other', async () => {
    for (const own of keySignatureAlgorithms) {
      const key = createAccountKey(own);
      const publicKey = parsePublicKey(key.publicKey);
      const fitting = keySignatureAlgorithms.filter((algorithm) => fitsKey(algorithm, publicKey.algorithm));
      assert.deepEqual(fitting, [own]);
      const proof = key.sign('text');
      for (const algorithm of keySignatureAlgorithms.filter((one): one is KeySignatureAlgorithm => one !== own)) {
        assert.equal(await isKeySignature(publicKey, { ...proof, algorithm }), false, `${own} as ${algorithm}`);
      }
    }
  });

  it('of an elliptic curve is R and S one after the other, not DER (RFC 7518 §3.4)', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const spki = parsePublicKey(publicKey.export({ format: 'der', type: 'spki' }));
    const data = Buffer.from('text');
    const der = signWith('sha256', data, privateKey);
    assert.equal(await isKeySignature(spki, { algorithm: 'ES256', data, signature: der }), false);
  });
});
