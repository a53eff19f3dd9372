/** JSON Web Keys: read as `node:crypto` and `jose` read them, and every form that is none is refused by its member. */
import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { CertError } from '../../src/domain/errors.ts';
import { keySignatureAlgorithms } from '../../src/domain/key-signature.ts';
import { jwkOf, jwkThumbprint, publicKeyOfJwk } from '../../src/pki/jwk.ts';
import { checkPublicKey } from '../../src/pki/key-check.ts';
import { parsePublicKey } from '../../src/pki/public-key.ts';
import { createAccountKey } from '../support/account-key.ts';

const exported = (spki: Uint8Array) =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }).export({ format: 'jwk' });

describe('a JWK', () => {
  for (const algorithm of keySignatureAlgorithms) {
    it(`of ${algorithm} is the same key in every form, and has the thumbprint that jose computes`, async () => {
      const { publicKey } = createAccountKey(algorithm);
      const members = { ...exported(publicKey), kid: 'mine', use: 'sig', key_ops: ['verify'] };
      const key = publicKeyOfJwk(members);
      assert.deepEqual(key, parsePublicKey(publicKey));
      assert.deepEqual({ ...jwkOf(key) }, { ...exported(publicKey) });
      assert.equal(jwkThumbprint(key), await calculateJwkThumbprint(exported(publicKey), 'sha256'));
    });
  }

  it('has the thumbprint that RFC 7638 §3.1 prints', () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw';
    const key = publicKeyOfJwk({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' });
    assert.equal(jwkThumbprint(key), 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
  });

  const ec = exported(createAccountKey('ES256').publicKey);
  const rsa = exported(createAccountKey('RS256').publicKey);
  const short = Buffer.alloc(31).toString('base64url');
  const padded = Buffer.concat([Buffer.alloc(1), Buffer.from(rsa.n ?? '', 'base64url')]).toString('base64url');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const rows: readonly (readonly [string, Readonly<Record<string, unknown>>, RegExp])[] = [
    ['no kind', { ...ec, kty: undefined }, /the member kty .* EC, RSA or OKP$/],
    ['a symmetric key', { kty: 'oct', k: 'AAAA' }, /the member k .* absent/],
    ['the private half', { ...privateKey.export({ format: 'jwk' }) }, /the member d .* absent/],
    ['an unknown curve', { ...ec, crv: 'secp256k1' }, /the member crv /],
    ['a curve that is a property of every object', { ...ec, crv: 'toString' }, /the member crv /],
    ['a curve of another kind', { kty: 'OKP', crv: 'X25519', x: short }, /the member crv /],
    ['a coordinate that is too short', { ...ec, x: short }, /the member x .* 32 bytes in base64url/],
    ['a coordinate with padding', { ...ec, y: `${ec.y}=` }, /the member y /],
    ['a coordinate that is a number', { ...ec, y: 5 }, /the member y /],
    ['a point that is not on the curve', { ...ec, x: ec.y, y: ec.x }, /curve|P-256/],
    ['a modulus with a leading zero', { ...rsa, n: padded }, /the member n .* without leading zero bytes/],
    ['no exponent', { ...rsa, e: '' }, /the member e /],
  ];
  for (const [what, members, message] of rows) {
    it(`is refused for ${what}`, () => {
      const refused = (thrown: unknown) =>
        thrown instanceof CertError && thrown.code === 'badKey' && message.test(thrown.message);
      assert.throws(() => checkPublicKey(publicKeyOfJwk(members)), refused);
    });
  }
});
