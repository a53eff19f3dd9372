/** What the client sends to a CA, what it keeps between calls, and what it shows of them to the operator. */
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { certIdOf } from '../../../src/dialects/acme/client/cert-id.ts';
import type { AcmeFailure } from '../../../src/dialects/acme/client/failure.ts';
import { createAcmeClient } from '../../../src/dialects/acme/client.ts';
import { createJwsKey } from '../../../src/pki/jws-writer.ts';
import { createAccountKey } from '../../support/account-key.ts';
import { accountUrl, ca, order, problem, scriptedAcme, shown, urls } from '../../support/scripted-acme.ts';

const names = ['www.example.com'];
const orderUrl = `${ca}/order/1`;
const made = { status: 201, headers: { location: orderUrl } };
const account = { status: 'valid', contact: ['mailto:ops@example.com'] };
const minuteMs = 60_000;
const badNonce = () => problem(400, 'badNonce', 'unknown nonce');

describe('a nonce', () => {
  it('is that of the reply before, the newest first, and asked for where there is none', async () => {
    const { client, requests, paths } = scriptedAcme(({ path }) => (path === '/order/1' ? shown(order) : undefined));
    for (let count = 0; count < 3; count++) await client.order({ url: orderUrl });
    assert.deepEqual(paths(), ['GET /directory', 'HEAD /nonce', 'POST /order/1', 'POST /order/1', 'POST /order/1']);
    assert.deepEqual(
      requests.slice(2).map(({ nonce }) => nonce),
      ['nonce-1', 'nonce-2', 'nonce-3'],
    );
  });

  it('is kept for ten minutes', async () => {
    for (const [minutes, isKept] of [
      [10, true],
      [11, false],
    ] as const) {
      const { client, clock, requests } = scriptedAcme(({ path }) => (path === '/order/1' ? shown(order) : undefined));
      await client.order({ url: orderUrl });
      await clock.advance(minutes * minuteMs);
      await client.order({ url: orderUrl });
      assert.equal(requests.at(-1)?.nonce === 'nonce-2', isKept);
    }
  });

  it('is kept with seven others at most', async () => {
    const parallel = 12;
    const { client, paths } = scriptedAcme(({ path }) => (path === '/order/1' ? shown(order) : undefined));
    await Promise.all(Array.from({ length: parallel }, () => client.order({ url: orderUrl })));
    const asked = paths().filter((path) => path === 'HEAD /nonce').length;
    assert.equal(asked, parallel);
    await Promise.all(Array.from({ length: parallel }, () => client.order({ url: orderUrl })));
    assert.equal(paths().filter((path) => path === 'HEAD /nonce').length - asked, parallel - 8);
  });

  it('that is refused is replaced by that of the refusal, five times at most', async () => {
    for (const [refusals, isAnswered] of [
      [5, true],
      [6, false],
    ] as const) {
      const { client, requests } = scriptedAcme(({ path }, count) => {
        if (path !== '/order/1') return undefined;
        return count < refusals ? badNonce() : shown(order);
      });
      const answer = client.order({ url: orderUrl });
      if (isAnswered) await answer;
      else await assert.rejects(answer, (error: AcmeFailure) => /badNonce$/.test(error.failed.type ?? ''));
      const nonces = requests.filter(({ path }) => path === '/order/1').map(({ nonce }) => nonce);
      assert.deepEqual(nonces, ['nonce-1', 'nonce-2', 'nonce-3', 'nonce-4', 'nonce-5', 'nonce-6']);
    }
  });

  it('that is refused takes those with it that came before', async () => {
    let refuses = false;
    const { client, requests, paths } = scriptedAcme(({ path }) => {
      if (path !== '/order/1') return undefined;
      if (!refuses) return shown(order);
      refuses = false;
      // Without one of its own: `replay-nonce` is there, and empty.
      return problem(400, 'badNonce', 'restarted', {}, { 'replay-nonce': '' });
    });
    await Promise.all([1, 2, 3].map(() => client.order({ url: orderUrl })));
    refuses = true;
    const before = requests.length;
    await client.order({ url: orderUrl });
    assert.deepEqual(paths().slice(before), ['POST /order/1', 'HEAD /nonce', 'POST /order/1']);
  });

  it('has to come with new-nonce', async () => {
    const { client } = scriptedAcme(({ path }) =>
      path === '/nonce' ? new Response(null, { headers: { 'replay-nonce': '' } }) : undefined,
    );
    await assert.rejects(client.order({ url: orderUrl }), (error: AcmeFailure) => {
      assert.deepEqual([error.failed.kind, error.failed.call], ['unreadable', 'newNonce']);
      return true;
    });
  });
});

describe('the directory', () => {
  it('is kept for an hour', async () => {
    const { client, clock, paths } = scriptedAcme();
    for (const minutes of [0, 59, 2]) {
      await clock.advance(minutes * minuteMs);
      await client.directory();
    }
    assert.deepEqual(paths(), ['GET /directory', 'GET /directory']);
  });

  it('is read again where a URL of it is gone, and the call made where it is now', async () => {
    const moved = { ...urls, newOrder: `${ca}/v2/new-order`, renewalInfo: `${ca}/v2/ari`, newNonce: `${ca}/v2/nonce` };
    const { client, paths } = scriptedAcme(({ path }, count) => {
      if (path === '/directory') return shown(count === 0 ? urls : moved);
      if (path === '/v2/nonce') return new Response(null);
      if (path === '/v2/new-order') return shown(order, made);
      if (path === '/nonce') return new Response(null, { status: 404 });
      return undefined;
    });
    await client.directory();
    assert.equal((await client.placeOrder({ names })).url, orderUrl);
    assert.deepEqual(paths(), [
      'GET /directory',
      'HEAD /nonce',
      'GET /directory',
      'HEAD /v2/nonce',
      // With the URL from before.
      'POST /new-order',
      'GET /directory',
      'POST /v2/new-order',
    ]);
  });

  it('is read again once, where nothing has moved', async () => {
    const { client, paths } = scriptedAcme();
    await assert.rejects(client.renewalInfo('id'), (error: AcmeFailure) => error.failed.status === 404);
    assert.deepEqual(paths(), ['GET /directory', 'GET /ari/id', 'GET /directory']);
  });
});

describe('a request', () => {
  it('is signed by the account for its URL and its nonce', async () => {
    const signed: { readonly protected: string; readonly payload: string; readonly signature: string }[] = [];
    const { fetch } = scriptedAcme(({ path }) => (path === '/order/1' ? shown(order) : undefined));
    const { client: watched, key: own } = scriptedAcme(undefined, {
      async fetch(request) {
        if (request.method === 'POST') {
          assert.equal(request.headers.get('content-type'), 'application/jose+json');
          signed.push(JSON.parse(await request.clone().text()));
        }
        return fetch(request);
      },
    });
    await watched.order({ url: orderUrl });
    const [jws] = signed;
    assert.ok(jws);
    const header = JSON.parse(Buffer.from(jws.protected, 'base64url').toString());
    assert.deepEqual(header, { alg: 'ES256', kid: accountUrl, nonce: 'nonce-1', url: orderUrl });
    assert.equal(jws.payload, '', 'a POST-as-GET');
    const publicKey = createPublicKey({ key: { ...own.jwk }, format: 'jwk' });
    const data = Buffer.from(`${jws.protected}.${jws.payload}`);
    assert.ok(
      verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(jws.signature, 'base64url')),
    );
  });

  it('for an order has what is wanted, and nothing else', async () => {
    const rows = [
      [
        { names: ['*.example.com', '192.0.2.1'] },
        {
          identifiers: [
            { type: 'dns', value: '*.example.com' },
            { type: 'ip', value: '192.0.2.1' },
          ],
        },
      ],
      [
        { names, profile: 'shortlived', replaces: 'aki.serial', notAfter: new Date('2026-06-08T12:00:00.123Z') },
        {
          identifiers: order.identifiers,
          profile: 'shortlived',
          replaces: 'aki.serial',
          notAfter: '2026-06-08T12:00:00Z',
        },
      ],
      [
        { names, notBefore: new Date('2026-06-02T00:00:00Z') },
        { identifiers: order.identifiers, notBefore: '2026-06-02T00:00:00Z' },
      ],
    ] as const;
    for (const [wanted, payload] of rows) {
      const { client, requests } = scriptedAcme(({ path, payload: sent }) =>
        path === '/new-order' ? shown({ ...order, identifiers: sent?.identifiers }, made) : undefined,
      );
      await client.placeOrder(wanted);
      assert.deepEqual(requests.at(-1)?.payload, payload);
    }
  });

  it('to finalize takes the time that it is given', async () => {
    const { client, requests } = scriptedAcme(({ path }) => (path === '/order/1/finalize' ? shown(order) : undefined));
    const finalize = { url: orderUrl, names, finalizeUrl: order.finalize, csrDer: Buffer.from('csr') };
    await client.finalize({ ...finalize, timeoutMs: 180_000 });
    await client.finalize(finalize);
    assert.deepEqual(
      requests.filter(({ path }) => path.endsWith('finalize')).map(({ timeoutMs }) => timeoutMs),
      [180_000, undefined],
    );
    assert.deepEqual(requests.at(-1)?.payload, { csr: Buffer.from('csr').toString('base64url') });
  });

  it('to revoke names certificate and reason', async () => {
    const { client, requests } = scriptedAcme(({ path }) => (path === '/revoke' ? new Response(null) : undefined));
    await client.revoke(Buffer.from('der'), 4);
    assert.deepEqual(requests.at(-1)?.payload, { certificate: Buffer.from('der').toString('base64url'), reason: 4 });
  });
});

describe('the account', () => {
  const location = { headers: { location: accountUrl } };

  it('is made with contacts and a binding, by the key itself', async () => {
    const { client, requests, key } = scriptedAcme(({ path }) =>
      path === '/new-account' ? shown(account, { status: 201, ...location }) : undefined,
    );
    const hmacKey = Buffer.from('0123456789abcdef');
    const made = await client.register({ contact: account.contact, externalKey: { keyId: 'kid-1', hmacKey } });
    assert.deepEqual([made.isNew, made.url, made.shown.contact], [true, accountUrl, account.contact]);
    const { header, payload = {} } = requests.at(-1) ?? assert.fail();
    assert.deepEqual([header.jwk, header.kid], [key.jwk, undefined]);
    assert.deepEqual([payload.termsOfServiceAgreed, payload.contact], [true, account.contact]);
    const binding = payload.externalAccountBinding as { protected: string; payload: string; signature: string };
    const mac = createHmac('sha256', hmacKey).update(`${binding.protected}.${binding.payload}`).digest('base64url');
    assert.equal(binding.signature, mac);
    assert.deepEqual(JSON.parse(Buffer.from(binding.payload, 'base64url').toString()), key.jwk);
    assert.deepEqual(JSON.parse(Buffer.from(binding.protected, 'base64url').toString()), {
      ...{ alg: 'HS256', kid: 'kid-1' },
      url: urls.newAccount,
    });
  });

  it('is found without being made', async () => {
    const { client, requests } = scriptedAcme(({ path }) =>
      path === '/new-account' ? shown({}, location) : undefined,
    );
    const found = await client.register({ onlyReturnExisting: true, contact: ['mailto:not@sent.example'] });
    assert.deepEqual([found.isNew, found.url, found.shown.status], [false, accountUrl, 'valid']);
    assert.deepEqual(requests.at(-1)?.payload, { onlyReturnExisting: true });
  });

  it('is read, told its contacts, and deactivated at its URL', async () => {
    const { client, requests } = scriptedAcme(({ path }) => (path === '/account/1' ? shown(account) : undefined));
    assert.equal((await client.account()).shown.status, 'valid');
    await client.updateContacts(['mailto:new@example.com']);
    await client.deactivateAccount();
    assert.deepEqual(
      requests.filter(({ path }) => path === '/account/1').map(({ payload }) => payload),
      [undefined, { contact: ['mailto:new@example.com'] }, { status: 'deactivated' }],
    );
  });

  it('gets another key, by which all is signed from then on', async () => {
    const { client, requests, key } = scriptedAcme(({ path }) => {
      if (path === '/key-change') return shown(account);
      return path === '/order/1' ? shown(order) : undefined;
    });
    const next = createJwsKey(createAccountKey().pkcs8);
    await client.changeKey(next);
    const inner = requests.at(-1)?.payload as { protected: string; payload: string };
    assert.deepEqual(JSON.parse(Buffer.from(inner.protected, 'base64url').toString()), {
      ...{ alg: 'ES256', jwk: next.jwk, url: urls.keyChange },
    });
    assert.deepEqual(JSON.parse(Buffer.from(inner.payload, 'base64url').toString()), {
      account: accountUrl,
      oldKey: key.jwk,
    });
    assert.equal(client.keyAuthorization('tok'), `tok.${next.thumbprint}`);
  });

  it('is needed for everything else', async () => {
    const { key, clock, fetch } = scriptedAcme();
    const client = createAcmeClient({ directoryUrl: `${ca}/directory`, fetch, clock, key });
    await assert.rejects(client.order({ url: orderUrl }), { message: 'the account is not registered' });
  });
});

describe('the evidence of a call', () => {
  const secrets = (exchanges: readonly object[]) => JSON.stringify(exchanges);

  it('has what was sent and what was answered', async () => {
    const { client, exchanges, clock } = scriptedAcme(({ path }) =>
      path === '/new-order' ? shown(order, made) : undefined,
    );
    await client.placeOrder({ names });
    assert.deepEqual(
      exchanges.map(({ call, method, url, status }) => [call, method, url, status]),
      [
        ['directory', 'GET', `${ca}/directory`, 200],
        ['newNonce', 'HEAD', urls.newNonce, 200],
        ['newOrder', 'POST', urls.newOrder, 201],
      ],
    );
    const last = exchanges.at(-1);
    assert.deepEqual(JSON.parse(last?.payload ?? ''), { identifiers: order.identifiers });
    assert.deepEqual(JSON.parse(last?.body ?? ''), order);
    assert.deepEqual(last?.at, clock.now());
  });

  it('is there as well where no answer came', async () => {
    const { client, exchanges } = scriptedAcme(({ path }) =>
      path === '/order/1' ? assert.fail(new Error('gone')) : undefined,
    );
    await assert.rejects(client.order({ url: orderUrl }));
    const { call, status, body, payload } = exchanges.at(-1) ?? assert.fail();
    assert.deepEqual([call, status, body, payload], ['order', null, 'gone', null]);
  });

  it('has the page of a proxy in its own charset', async () => {
    const page = Buffer.from('d3e0b6eeb2bbd7e3', 'hex'); // 余额不足 in GBK
    const { client, exchanges } = scriptedAcme(({ path }) =>
      path === '/order/1' ? new Response(page, { status: 502, headers: { 'content-type': 'text/html' } }) : undefined,
    );
    await assert.rejects(client.order({ url: orderUrl }));
    assert.equal(exchanges.at(-1)?.body, '余额不足');
  });

  it('holds two KiB of an answer', async () => {
    const { client, exchanges } = scriptedAcme(({ path }) =>
      path === '/order/1' ? new Response('x'.repeat(5000)) : undefined,
    );
    await assert.rejects(client.order({ url: orderUrl }));
    assert.equal(exchanges.at(-1)?.body, `${'x'.repeat(2047)}…`);
  });

  it('has no nonce, no signature and nothing of a binding', async () => {
    const hmacKey = Buffer.from('a very secret key');
    const { client, exchanges, requests } = scriptedAcme(({ path, nonce, payload }, count) => {
      if (path === '/new-account' && count === 0) return problem(400, 'badNonce', `invalid nonce: "${nonce}"`);
      if (path === '/new-account')
        return shown(
          { ...account, externalAccountBinding: payload?.externalAccountBinding },
          { headers: { location: accountUrl } },
        );
      return path === '/key-change' ? shown(account) : undefined;
    });
    await client.register({ externalKey: { keyId: 'kid-1', hmacKey } });
    const next = createJwsKey(createAccountKey().pkcs8);
    await client.changeKey(next);
    const text = secrets(exchanges);
    assert.ok(text.includes('kid-1') && text.includes(next.thumbprint) && text.includes('invalid nonce'));
    for (const { nonce, payload } of requests) {
      if (nonce !== undefined) assert.ok(!text.includes(nonce), nonce);
      const binding = payload?.externalAccountBinding as { signature: string } | undefined;
      for (const signature of [binding?.signature, payload?.signature]) {
        if (typeof signature === 'string') assert.ok(!text.includes(signature));
      }
    }
    assert.ok(!text.includes(hmacKey.toString('base64url')));
  });
});

describe('the name of a certificate at its CA (RFC 9773 §4.1)', () => {
  const rows = [
    // The example of the document.
    ['69885b6b87464041e1b37b847bd0ae2cde01c8d4', '8765432100', 'aYhba4dGQEHhs3uEe9CuLN4ByNQ.AIdlQyEA'],
    ['69885b6b87464041e1b37b847bd0ae2cde01c8d4', '0765432100', 'aYhba4dGQEHhs3uEe9CuLN4ByNQ.B2VDIQA'],
  ] as const;
  for (const [authorityKeyId, serialHex, expected] of rows) {
    it(expected, () => assert.equal(certIdOf({ authorityKeyId, serialHex }), expected));
  }
  it('is none for one that does not name its issuer', () => {
    assert.equal(certIdOf({ authorityKeyId: undefined, serialHex: '01' }), undefined);
  });
});
