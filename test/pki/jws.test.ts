/** JSON Web Signatures of ACME requests: what jose makes is read, and every other form is refused in words that name it. */
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FlattenedSign, flattenedVerify } from 'jose';
import { CertError } from '../../src/domain/errors.ts';
import { jwkThumbprint } from '../../src/pki/jwk.ts';
import { keySignatureOf, parseJws, parseMacJws, payloadOf, signerOf } from '../../src/pki/jws.ts';
import { isKeySignature } from '../../src/pki/key-signature.ts';

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const pairs = {
  ES256: generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  ES384: generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  ES512: generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  RS256: generateKeyPairSync('rsa', { modulusLength: 2048 }),
  EdDSA: generateKeyPairSync('ed25519'),
} as const;

const jwk = pairs.ES256.publicKey.export({ format: 'jwk' });
const header = { alg: 'ES256', nonce: 'abc', url: 'https://ca.example.com/acme/new-account', jwk };

/** A request that is right in form; nobody looks at its signature here. */
function body({
  head = header,
  payload = {},
  more = {},
}: {
  head?: unknown;
  payload?: unknown;
  more?: object;
} = {}): string {
  return JSON.stringify({ protected: encode(head), payload: encode(payload), signature: encode('sig'), ...more });
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    assert.ok(thrown instanceof CertError, String(thrown));
    return `${thrown.code}: ${thrown.message}`;
  }
  throw new Error('nothing was refused');
}

describe('a JWS', () => {
  for (const [algorithm, { publicKey, privateKey }] of Object.entries(pairs)) {
    it(`that jose signs with ${algorithm} is read, and its signature is right`, async () => {
      const members = publicKey.export({ format: 'jwk' });
      const made = await new FlattenedSign(Buffer.from('{"contact":[]}'))
        .setProtectedHeader({ ...header, alg: algorithm, jwk: members })
        .sign(privateKey);
      const jws = parseJws(JSON.stringify(made));
      const signer = signerOf(jws);
      assert.ok('jwk' in signer);
      assert.equal(await isKeySignature(signer.jwk, keySignatureOf(jws)), true);
      assert.deepEqual(payloadOf(jws), { contact: [] });
      await flattenedVerify(made, publicKey);
      const other = parseJws(JSON.stringify({ ...made, payload: encode({ contact: [1] }) }));
      assert.equal(await isKeySignature(signer.jwk, keySignatureOf(other)), false);
      assert.equal(jwkThumbprint(signer.jwk).length, 43);
    });
  }

  it('with an empty payload is a POST-as-GET; an empty object is not', () => {
    assert.equal(payloadOf(parseJws(body({ payload: '' }))), undefined);
    assert.deepEqual(payloadOf(parseJws(body())), {});
  });

  it('names its account by URL', () => {
    const { jwk: _, ...rest } = header;
    assert.deepEqual(signerOf(parseJws(body({ head: { ...rest, kid: 'https://a/1' } }))), { kid: 'https://a/1' });
  });

  it('may have header parameters that nobody knows', () => {
    assert.ok('jwk' in signerOf(parseJws(body({ head: { ...header, typ: 'JOSE', foo: { bar: [1] } } }))));
  });

  const { jwk: _, ...noKey } = header;
  const rows: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{', /the body is not a JSON object/],
    ['a list', '[]', /the body is not a JSON object/],
    ['nothing', '', /the body is not a JSON object/],
    ['a byte order mark', `\ufeff${body()}`, /the body is not a JSON object/],
    ['a member twice', body().replace('{', '{"payload":"",'), /the body has the member "payload" twice/],
    ['a member twice, once escaped', body().replace('{', '{"p\\u0061yload":"",'), /has the member "payload" twice/],
    ['a member twice behind a text of quotes', '{"a":"\\\\\\"\\\\","b":1,"b":2}', /has the member "b" twice/],
    ['a member twice, named with a quote', '{"a\\"":1,"a\\u0022":2}', /has the member "a\\?"" twice/],
    ['an unprotected header', body({ more: { header: { kid: 'x' } } }), /the body has the member "header"/],
    ['several signatures', body({ more: { signatures: [] } }), /the body has the member "signatures"/],
    ['the general form', JSON.stringify({ payload: '', signatures: [] }), /the body has the member "signatures"/],
    ['no signature', JSON.stringify({ protected: encode(header), payload: '' }), /the body lacks signature/],
    ['a payload that is an object', body({ more: { payload: {} } }), /the body lacks payload, or it is not a string/],
    ['padding', body({ more: { payload: 'e30=' } }), /payload is not base64url without padding/],
    ['the other alphabet', body({ more: { signature: 'a+/b' } }), /signature is not base64url/],
    ['unused bits that are set', body({ more: { payload: 'e31' } }), /payload is not base64url/],
    ['a header that is no object', body({ head: '[]' }), /the protected header is not a JSON object/],
    [
      'a header that is not UTF-8',
      body({ more: { protected: Buffer.from([0x7b, 0xff, 0x7d]).toString('base64url') } }),
      /the protected header is not/,
    ],
    [
      'a zero character in the key id',
      body({ head: { alg: 'ES256', url: 'u', kid: 'https://ca.example.com/acme/account/1\0' } }),
      /the protected header has a text with the character U\+0000/,
    ],
    [
      'a header member twice',
      body({ head: '{"alg":"ES256","alg":"RS256"}' }),
      /the protected header has the member "alg" twice/,
    ],
    [
      'a member of the JWK twice',
      body({ head: '{"alg":"ES256","jwk":{"kty":"EC","kty":"RSA"}}' }),
      /has the member "kty" twice/,
    ],
    ['crit', body({ head: { ...header, crit: ['exp'] } }), /has crit, an extension/],
    ['b64', body({ head: { ...header, b64: false } }), /has b64, an extension/],
    [
      'no algorithm',
      body({ head: { ...header, alg: undefined } }),
      /signature algorithm "" is not accepted; use RS256/,
    ],
    ['none', body({ head: { ...header, alg: 'none' } }), /algorithm "none" is not accepted/],
    ['a MAC', body({ head: { ...header, alg: 'HS256' } }), /algorithm "HS256" is not accepted/],
    ['PSS', body({ head: { ...header, alg: 'PS256' } }), /algorithm "PS256" is not accepted/],
    ['another case of letters', body({ head: { ...header, alg: 'es256' } }), /algorithm "es256" is not accepted/],
    ['key and id', body({ head: { ...header, kid: 'x' } }), /exactly one of jwk and kid/],
    ['neither key nor id', body({ head: noKey }), /exactly one of jwk and kid/],
    ['an id that is a number', body({ head: { ...noKey, kid: 7 } }), /lacks kid, or it is not a string/],
    ['a key that is a text', body({ head: { ...header, jwk: 'x' } }), /jwk is not a JSON object/],
    ['an algorithm of another curve', body({ head: { ...header, alg: 'ES384' } }), /alg is ES384, .* P-256/],
    ['an algorithm of another kind', body({ head: { ...header, alg: 'RS256' } }), /alg is RS256, .* P-256/],
    [
      'a key that names another algorithm',
      body({ head: { ...header, jwk: { ...jwk, alg: 'ES384' } } }),
      /alg is ES256, .* "ES384"/,
    ],
    ['a payload that is a list', body({ payload: [] }), /the payload is not a JSON object/],
    ['a payload member twice', body({ payload: '{"a":1,"a":2}' }), /the payload has the member "a" twice/],
    [
      'a payload that nests for ever',
      body({ payload: `{"a":${'['.repeat(5000)}${']'.repeat(5000)}}` }),
      /the payload is not/,
    ],
  ];
  for (const [what, text, message] of rows) {
    it(`is refused for ${what}`, () => {
      const said = refusal(() => {
        const jws = parseJws(text);
        signerOf(jws);
        payloadOf(jws);
      });
      assert.match(said, /^malformedRequest: /);
      assert.match(said, message);
    });
  }

  it('of hostile text is a refusal, never another failure', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '"',
      '\\',
      ':',
      ',',
      '[',
      ']',
      '"a"',
      '"protected"',
      'e30',
      '\\u0061',
      ' ',
      '1',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (all) => {
        refusal(() => parseJws(all.join('')));
        refusal(() => signerOf(parseJws(body({ head: all.join('') }))));
      }),
    );
  });

  it('says of valid JSON exactly when a member is named twice', () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 3, stringUnit: textUnit }),
        fc.string({ maxLength: 3, unit: textUnit }),
        (json, name) => {
          const member = JSON.stringify(name);
          const more = (names: readonly string[]) =>
            `{"protected":"","payload":"","signature":"",${names.map((one) => `${one}:${json}`)}}`;
          if (['protected', 'payload', 'signature'].includes(name)) return;
          assert.match(
            refusal(() => parseJws(more([member]))),
            /the body has the member/,
          );
          assert.match(
            refusal(() => parseJws(more([member, member]))),
            /twice/,
          );
        },
      ),
    );
  });
});

/** Letters, and what ends or does not end a string. */
const textUnit = fc.constantFrom('a', 'é', '"', '\\', ':', '{', ']', ' ');

describe('an inner JWS with a MAC', () => {
  it('is read with the data that its MAC is over', () => {
    const key = Buffer.alloc(32, 7);
    const inner = { protected: encode({ alg: 'HS256', kid: 'k', url: 'u' }), payload: encode(jwk) };
    const mac = createHmac('sha256', key).update(`${inner.protected}.${inner.payload}`).digest();
    const jws = parseMacJws({ ...inner, signature: mac.toString('base64url') }, 'externalAccountBinding');
    assert.equal(jws.algorithm, 'HS256');
    assert.deepEqual(createHmac('sha256', key).update(jws.data).digest(), mac);
    assert.deepEqual(Buffer.from(jws.signature), mac);
  });

  it('is not signed by a key', () => {
    const inner = { protected: encode({ alg: 'ES256', kid: 'k', url: 'u' }), payload: '', signature: '' };
    assert.match(
      refusal(() => parseMacJws(inner, 'x')),
      /"ES256" is not accepted; use HS256 or HS384 or HS512/,
    );
  });
});
