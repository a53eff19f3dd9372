/** Signed requests: everything that a server must refuse (RFC 8555 §6.2 to §6.5, RFC 7515), each with its status and type. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { acme } from '../../../src/dialects/acme/index.ts';
import { createAccountKey } from '../../support/account-key.ts';
import {
  type AcmeClient,
  type AcmeReply,
  createAcmeClient,
  encode,
  jwkIn,
  type Spoiling,
} from '../../support/acme-client.ts';
import { openFrontDoor } from '../../support/front-door.ts';
import { baseUrl, createSession, directoryUrl } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';

async function assertRefused(reply: AcmeReply, status: number, type: string, what: string): Promise<void> {
  assert.deepEqual(
    [reply.status, reply.body.type, reply.body.status],
    [status, urn + type, status],
    `${what}: ${reply.text}`,
  );
  assert.equal(reply.headers.get('content-type'), 'application/problem+json', what);
  assert.match(reply.headers.get('replay-nonce') ?? '', /^[A-Za-z0-9_-]{22,}$/, what);
  assert.equal(reply.headers.get('link'), `<${directoryUrl}>;rel="index"`, what);
}

type Parts = { readonly protected: string; readonly payload: string; readonly signature: string };

const changed = (change: (parts: Parts) => object) => (parts: Parts) => JSON.stringify(change(parts));

/** The body signed again with a header of these bytes: what no client would send. */
function withHeader(client: AcmeClient, change: (header: string) => string) {
  return (parts: Parts) => {
    const head = encode(change(Buffer.from(parts.protected, 'base64url').toString()));
    const { signature } = client.key.sign(`${head}.${parts.payload}`);
    return JSON.stringify({ ...parts, protected: head, signature: Buffer.from(signature).toString('base64url') });
  };
}

describe('a request of an account', () => {
  it('is refused where its form is not that of RFC 8555', async () => {
    const { client } = await createSession();
    const url = client.account ?? '';
    const rows: readonly (readonly [string, Spoiling['body']])[] = [
      ['no JSON', () => 'protected=1'],
      ['nothing', () => ''],
      ['a list', (parts) => JSON.stringify([parts])],
      ['the compact form', (parts) => `${parts.protected}.${parts.payload}.${parts.signature}`],
      ['an unprotected header', changed((parts) => ({ ...parts, header: {} }))],
      [
        'the general form',
        changed(({ protected: head, payload, signature }) => ({
          payload,
          signatures: [{ protected: head, signature }],
        })),
      ],
      ['both forms', changed((parts) => ({ ...parts, signatures: [] }))],
      ['no signature', changed(({ protected: head, payload }) => ({ protected: head, payload }))],
      ['an empty signature', changed((parts) => ({ ...parts, signature: '' }))],
      ['a signature that is a number', changed((parts) => ({ ...parts, signature: 1 }))],
      ['padding', changed((parts) => ({ ...parts, signature: `${parts.signature}==` }))],
      ['base64 of the other alphabet', changed((parts) => ({ ...parts, signature: `+/${parts.signature.slice(2)}` }))],
      ['a space', changed((parts) => ({ ...parts, payload: `${parts.payload} ` }))],
      ['a repeated member', (parts) => JSON.stringify(parts).replace('{', `{"payload":"${encode('{}')}",`)],
      ['a header that is no JSON', withHeader(client, () => 'alg: ES256')],
      ['a header that repeats a member', withHeader(client, (header) => header.replace('{', '{"alg":"ES256",'))],
      [
        'a header that repeats a member in other letters',
        withHeader(client, (header) => header.replace('{', '{"\\u0061lg":"none",')),
      ],
      ['crit', withHeader(client, (header) => header.replace('{', '{"crit":["exp"],"exp":1,'))],
      ['an empty crit', withHeader(client, (header) => header.replace('{', '{"crit":[],'))],
      ['b64', withHeader(client, (header) => header.replace('{', '{"b64":false,'))],
      ['no url', withHeader(client, (header) => header.replace('"url"', '"uri"'))],
      ['a url that is a number', withHeader(client, (header) => header.replace(/"url":"[^"]*"/, '"url":1'))],
      ['neither kid nor jwk', withHeader(client, (header) => header.replace('"kid"', '"key"'))],
      ['a kid that is a number', withHeader(client, (header) => header.replace(/"kid":"[^"]*"/, '"kid":1'))],
      ['a JWK that is a text', withHeader(client, (header) => header.replace(/"kid":"[^"]*"/, '"jwk":"x"'))],
    ];
    for (const [what, body] of rows) {
      await assertRefused(
        await client.post(url, undefined, body === undefined ? {} : { body }),
        400,
        'malformed',
        what,
      );
    }
  });

  it('is refused where its payload is no object, or says something twice', async () => {
    const { client } = await createSession();
    const url = client.account ?? '';
    for (const payload of [
      'null',
      '[]',
      '"x"',
      '1',
      '{',
      '{}{}',
      '{"contact":[],"contact":["mailto:a@example.com"]}',
      '\uFEFF{}',
    ]) {
      await assertRefused(await client.post(url, payload), 400, 'malformed', payload);
    }
    await assertRefused(
      await client.post(url, undefined, resigned(client, Buffer.from([0x7b, 0xff, 0x7d]))),
      400,
      'malformed',
      'not UTF-8',
    );
  });

  it('is refused where another kind of signature is named, with the kinds that are accepted', async () => {
    const { client } = await createSession();
    for (const alg of [
      'none',
      'None',
      'HS256',
      'HS512',
      'PS256',
      'RS384',
      'RS512',
      'ES256K',
      'es256',
      '',
      undefined,
      1,
      null,
    ]) {
      const reply = await client.post(client.account ?? '', undefined, { header: { alg } });
      await assertRefused(reply, 400, 'badSignatureAlgorithm', String(alg));
      assert.deepEqual(reply.body.algorithms, ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA']);
    }
  });

  it('is refused where the kind of signature is not that of its key', async () => {
    const { client } = await createSession();
    for (const alg of ['RS256', 'ES384', 'ES512', 'EdDSA']) {
      await assertRefused(
        await client.post(client.account ?? '', undefined, { header: { alg } }),
        400,
        'malformed',
        alg,
      );
    }
  });

  it('is refused where it was signed for another URL, with both in the detail', async () => {
    const { client } = await createSession();
    const account = client.account ?? '';
    const rows = [
      `${account}/orders`,
      `${account}?a=b`,
      `${account}#a`,
      account.replace('ca.example.com', 'other.example.com'),
      account.replace('ca.example.com', 'ca.example.com:8443'),
      account.replace('/default/', '/digicert/'),
      account.replace('/default/', '/DEFAULT/'),
      // What a parser of URLs takes for the same.
      account.replace('/account/', '/x/../account/'),
      account.replace('/default/', '/%64efault/'),
      account.replace('/default/', '//default/'),
      account.replace('https://', 'https://user:word@'),
      account.replace('https:', 'ftp:'),
      `${account}#`,
      `${account}?`,
      ` ${account}`,
      '/acme/default/account',
      '',
    ];
    for (const url of rows) {
      const reply = await client.post(account, undefined, { header: { url } });
      await assertRefused(reply, 400, 'malformed', url);
      assert.ok(reply.body.detail.includes(url) && reply.body.detail.includes(account), reply.text);
    }
  });

  it('is refused where it was signed for another server, whatever name that gave for us', async () => {
    const session = await createSession();
    const { client, app } = session;
    const account = client.account ?? '';
    // A server in the middle has its client sign for itself, and passes that on with its own name as ours.
    const evil = account.replace('ca.example.com', 'evil.example');
    const forwarded = await client.post(evil, undefined, { header: { kid: account } });
    await assertRefused(forwarded, 400, 'malformed', evil);
    await assertRefused(
      await client.post(account, undefined, { header: { kid: evil } }),
      400,
      'accountDoesNotExist',
      'kid',
    );
    const through = openFrontDoor(app, acme, { publicUrl: baseUrl, hosts: ['Acme.example.net'] });
    const bound = await createAcmeClient(
      (request) => through.fetch(request, { address: '192.0.2.7', requestId: 'req-3' }),
      directoryUrl,
    );
    await bound.register(session.external);
    const own = (bound.account ?? '').replace('ca.example.com', 'acme.example.net:8443');
    assert.equal((await bound.post(own, undefined, { header: { kid: own } })).status, 200);
  });

  it('is signed for the URL as its client sees it, also where a proxy serves us below a path', async () => {
    const { app, external } = await createSession();
    const publicUrl = 'https://www.example.org/certs';
    const server = openFrontDoor(app, acme, { publicUrl });
    const client = await createAcmeClient(async (request) => {
      const url = request.url.replace(publicUrl, 'http://127.0.0.1:8080');
      const { method, headers } = request;
      const body = method === 'POST' ? { body: await request.text() } : {};
      return server.fetch(new Request(url, { method, headers, ...body }), { address: '192.0.2.7', requestId: 'r' });
    }, `${publicUrl}/acme/default/directory`);
    assert.equal((await client.register(external)).status, 201);
    assert.equal((await client.newOrder(['www.example.com'])).status, 201);
    const outside = (client.account ?? '').replace('/certs/', '/');
    await assertRefusedElsewhere(await client.post(client.account ?? '', undefined, { header: { url: outside } }));
  });

  it('may leave a member out by null, as clients in Go and C# do', async () => {
    const { client } = await createSession();
    const nothing = { notBefore: null, notAfter: null, profile: null, replaces: null };
    assert.equal((await client.newOrder(['www.example.com'], nothing)).status, 201);
    const identifiers = [{ type: 'dns', value: 'www.example.com', ancestorDomain: null }];
    assert.equal((await client.newOrder([], { identifiers })).status, 201, 'inside others too');
    const account = await client.post(client.account ?? '', { contact: null, status: null });
    assert.deepEqual(account.body.contact, ['mailto:ops@example.com']);
    const order = await client.post(client.directory.newOrder ?? '', { identifiers: null });
    await assertRefused(order, 400, 'malformed', 'what it needs');
  });

  it('is refused where no account of this directory is named, in words by which a client registers again', async () => {
    const { client } = await createSession();
    const account = client.account ?? '';
    const rows = [
      account.replace('/default/', '/digicert/'),
      account.replace('/default/', '/other/'),
      account.replace('ca.example.com', 'other.example.com'),
      account.replace(/[^/]+$/, 'a'.repeat(26)),
      `${account}/orders`,
      `${account}/`,
      `${account}?a=b`,
      `${account}#`,
      ` ${account}`,
      account.replace('/account/', '/x/../account/'),
      account.replace('/account/', '/acc\tount/'),
      account.replace('https://', 'https://user:word@'),
      account.replace('https:', 'ftp:'),
      account.replace(/^https:\/\/[^/]+/, ''),
      'urn:x',
      '',
    ];
    for (const kid of rows) {
      await assertRefused(await client.post(account, undefined, { header: { kid } }), 400, 'accountDoesNotExist', kid);
    }
    // Behind a proxy that ends TLS the scheme is another.
    const plain = await client.post(account, undefined, { header: { kid: account.replace('https:', 'http:') } });
    assert.equal(plain.status, 200);
  });

  it('is refused where another key signed it, and where the signature is in another form', async () => {
    const { client, stranger } = await createSession();
    const account = client.account ?? '';
    await assertRefused(
      await client.post(account, undefined, { key: (await stranger()).key }),
      400,
      'malformed',
      'another key',
    );
    const spoilt = changed((parts) => ({ ...parts, payload: encode({ contact: ['mailto:evil@example.com'] }) }));
    await assertRefused(await client.post(account, undefined, { body: spoilt }), 400, 'malformed', 'another payload');
    const der = (parts: Parts) => {
      const key = { key: Buffer.from(client.key.pkcs8), format: 'der', type: 'pkcs8' } as const;
      const signature = sign('sha256', Buffer.from(`${parts.protected}.${parts.payload}`), {
        ...key,
        dsaEncoding: 'der',
      });
      return JSON.stringify({ ...parts, signature: signature.toString('base64url') });
    };
    await assertRefused(await client.post(account, undefined, { body: der }), 400, 'malformed', 'DER');
  });

  it('is refused where it carries its key, as one without an account is where it names one', async () => {
    const { client, stranger } = await createSession();
    const { account, directory } = client;
    await assertRefused(await client.post(account ?? '', undefined, { withJwk: true }), 400, 'malformed', 'jwk');
    await assertRefused(
      await client
        .newOrder(['www.example.com'], {})
        .then(() => client.post(directory.newOrder ?? '', {}, { withJwk: true })),
      400,
      'malformed',
      'jwk at newOrder',
    );
    await assertRefused(await client.post(directory.newAccount ?? '', {}), 400, 'malformed', 'kid at newAccount');
    const both = { header: { jwk: jwkIn(client.key) } };
    await assertRefused(await client.post(account ?? '', undefined, both), 400, 'malformed', 'both');
    const nobody = await stranger();
    await assertRefused(
      await nobody.post(directory.newOrder ?? '', { identifiers: [] }),
      400,
      'malformed',
      'no account',
    );
  });

  it('is refused the second time, and where its nonce is missing or not one', async () => {
    const { client } = await createSession();
    let body = '';
    const account = client.account ?? '';
    const first = await client.post(account, undefined, { body: (parts) => (body = JSON.stringify(parts)) });
    assert.equal(first.status, 200);
    await assertRefused(await client.post(account, undefined, { body: () => body }), 400, 'badNonce', 'replayed');
    for (const nonce of [undefined, null, 1, '', 'x', 'a'.repeat(30), ['x']]) {
      const reply = await client.post(account, undefined, { header: { nonce } });
      await assertRefused(reply, 400, 'badNonce', String(nonce));
      assert.equal(reply.body.detail, 'JWS has an invalid anti-replay nonce');
    }
  });

  it('may have members that nobody knows, as older clients send them', async () => {
    const { client } = await createSession();
    const header = { typ: 'JOSE', x5t: 'x' };
    const order = await client.post(
      client.directory.newOrder ?? '',
      { resource: 'new-order', identifiers: [{ type: 'dns', value: 'www.example.com' }] },
      { header },
    );
    assert.equal(order.status, 201, order.text);
    const { body } = await client.post(order.body.authorizations[0]);
    const asked = await client.post(body.challenges[0].url, { resource: 'challenge', keyAuthorization: 'x.y' });
    assert.equal(asked.status, 200, asked.text);
  });
});

describe('the key of an account', () => {
  it('may be of any kind that signs here', async () => {
    const { fetch, external } = await createSession();
    for (const algorithm of ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
      const client = await createAcmeClient(fetch, directoryUrl, { algorithm });
      assert.equal((await client.register(external)).status, 201, algorithm);
      assert.equal((await client.post(client.account ?? '')).status, 200, algorithm);
    }
  });

  it('is refused where it is no good one, before anything is computed with it', async () => {
    const { client, external, stranger } = await createSession();
    const { newAccount = '' } = client.directory;
    const ec = jwkIn(createAccountKey('ES256')) as Record<string, string>;
    const rsa = jwkIn(createAccountKey('RS256')) as Record<string, string>;
    const { publicKey: koblitz } = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const small = jwkIn(createAccountKey('RS256', { modulusLength: 1024 }));
    const rows: readonly (readonly [string, object, string, string])[] = [
      ['RSA of 1024 bits', small, 'RS256', 'badPublicKey'],
      ['RSA of 16384 bits', { ...rsa, n: Buffer.alloc(2048, 0xff).toString('base64url') }, 'RS256', 'badPublicKey'],
      ['an exponent of 1', { ...rsa, e: 'AQ' }, 'RS256', 'badPublicKey'],
      ['an even exponent', { ...rsa, e: 'AQAA' }, 'RS256', 'badPublicKey'],
      ['an even modulus', { ...rsa, n: `${rsa.n?.slice(0, -2)}AA` }, 'RS256', 'badPublicKey'],
      ['a modulus with zeros before it', { ...rsa, n: `AAAA${rsa.n}` }, 'RS256', 'badPublicKey'],
      ['no modulus', { kty: 'RSA', e: 'AQAB' }, 'RS256', 'badPublicKey'],
      ['a private key', { ...ec, d: ec.x }, 'ES256', 'badPublicKey'],
      ['a symmetric key', { kty: 'oct', k: 'AAAA' }, 'ES256', 'badPublicKey'],
      ['a curve that is not used', koblitz.export({ format: 'jwk' }), 'ES256', 'badPublicKey'],
      ['a point that is not on the curve', { ...ec, y: ec.x }, 'ES256', 'badPublicKey'],
      ['a coordinate that is too short', { ...ec, x: ec.x?.slice(4) }, 'ES256', 'badPublicKey'],
      ['a key of another kind than alg', ec, 'RS256', 'malformed'],
      ['a key for another algorithm', { ...ec, alg: 'ES384' }, 'ES256', 'malformed'],
    ];
    const nobody = await stranger();
    for (const [what, jwk, alg, type] of rows) {
      const payload = { externalAccountBinding: nobody.bind(external) };
      await assertRefused(await nobody.post(newAccount, payload, { header: { jwk, alg } }), 400, type, what);
    }
  });
});

function assertRefusedElsewhere({ status, body }: AcmeReply): void {
  assert.deepEqual([status, body.type], [400, `${urn}malformed`]);
}

function resigned(client: AcmeClient, payload: Uint8Array): Spoiling {
  return {
    body: (parts) => {
      const encoded = Buffer.from(payload).toString('base64url');
      const { signature } = client.key.sign(`${parts.protected}.${encoded}`);
      return JSON.stringify({ ...parts, payload: encoded, signature: Buffer.from(signature).toString('base64url') });
    },
  };
}
