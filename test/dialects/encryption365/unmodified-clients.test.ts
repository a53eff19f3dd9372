/**
 * What breaks the clients that exist, one test for each line of the list in docs/encryption365.md: the Go CLI, the Baota plugin
 * and its cron job, the PHP CLI and the Lua client must work unchanged but for the host name.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { queueUpkeep } from '../../../src/app/index.ts';
import { encryption365 } from '../../../src/dialects/encryption365/index.ts';
import { reason } from '../../../src/domain/errors.ts';
import type { CrlIssuer } from '../../../src/domain/ports/issuer.ts';
import type { OrderState } from '../../../src/domain/states.ts';
import { openFrontDoor } from '../../support/front-door.ts';
import {
  baseUrl,
  createIssuedSession,
  createSession,
  credentials,
  firstNumber,
  numberOf,
  orderBody,
  type Reply,
  type Session,
  type SessionOptions,
} from './harness.ts';
import { ecCsr, seedCsr, seedReply } from './seed.ts';

const sevenNames = 'example.com,*.example.com,www.a.b.example.co.uk,203.0.113.7';

async function createOrderedSession(options: SessionOptions = {}): Promise<Session> {
  const session = await createSession(options);
  await session.post('/cert/create', orderBody());
  return session;
}

describe('unmodified clients', () => {
  test('1: both host names of the vendor answer, at paths without a prefix', async () => {
    for (const host of ['https://encrypt365.trustocean.com', 'https://encryption365.trustocean.com']) {
      const { fetch } = await createSession();
      const reply = await fetch(new Request(`${host}/ping`, { method: 'POST' }));
      assert.deepEqual(await reply.json(), { result: 'success', status: 'success' });
    }
    for (const { path } of encryption365.operations)
      assert.match(path, /^\/(client|account|cert|payment|invoice|ping)/);
  });

  test('2: every answer is JSON with status 200, errors and unknown paths too', async () => {
    const { fetch } = await createSession();
    for (const [path, body] of [
      ['/cert/create', '{'],
      ['/cert/details', '{}'],
      ['/nowhere', ''],
    ]) {
      const reply = await fetch(new Request(baseUrl + path, { method: 'POST', body: body ?? '' }));
      assert.equal(reply.status, 200);
      assert.equal(reply.headers.get('content-type'), 'application/json');
      const answered = (await reply.json()) as Reply;
      assert.deepEqual(Object.keys(answered), ['result', 'status', 'message']);
      assert.equal(answered.result, 'error');
    }
  });

  test('2: products and dcv_info are objects, ids are integers, prices are numbers', async () => {
    const { post } = await createSession();
    const { products } = await post('/account/products');
    assert.ok(!Array.isArray(products) && Object.keys(products).length > 0);
    for (const product of Object.values<Reply>(products)) {
      for (const prices of [product.price, product.normal_price]) {
        assert.deepEqual([typeof prices.fqdn, typeof prices.wildcard], ['number', 'number']);
      }
      for (const key of ['support', 'isFree', 'businessDefault', 'default', 'promote', 'recommended']) {
        assert.equal(typeof product[key], 'boolean', key);
      }
      for (const key of ['title', 'useage', 'period', 'periodText', 'level'])
        assert.equal(typeof product[key], 'string');
    }
    const placed = await post('/cert/create', orderBody());
    const details = await post('/cert/details', { trustocean_id: placed.trustocean_id });
    for (const reply of [placed, details]) {
      assert.ok(Number.isInteger(reply.trustocean_id) && reply.trustocean_id < 2 ** 31);
      assert.equal(Object.getPrototypeOf(reply.dcv_info), Object.prototype);
    }
    assert.equal(typeof placed.total_fees, 'number');
    assert.ok(Number.isInteger(details.domain_count));
  });

  test('the logo of every product is a picture that this server has', async () => {
    const { post, app } = await createSession();
    const { products } = await post('/account/products');
    const server = openFrontDoor(app, encryption365, { publicUrl: baseUrl });
    const ask = (path: string, method: string) =>
      server.fetch(new Request(`${baseUrl}${path}`, { method }), { address: '192.0.2.7', requestId: 'req-1' });
    for (const { logo } of Object.values<Reply>(products)) {
      assert.ok(encryption365.paths.includes(logo));
      const reply = await ask(logo, 'GET');
      assert.deepEqual([reply.status, reply.headers.get('content-type')], [200, 'image/svg+xml']);
      assert.match(await reply.text(), /^<svg xmlns/);
      const head = await ask(logo, 'HEAD');
      assert.deepEqual([head.status, await head.text()], [200, '']);
    }
    const posted = (await (await ask('/encryption365/static/img/logo-encryption365.svg', 'POST')).json()) as Reply;
    assert.equal(posted.result, 'error');
  });

  test('3: every entry of dcv_info has its strings and its emails, for addresses and wildcards too', async () => {
    const { post } = await createSession();
    const { dcv_info: entries } = await post('/cert/create', orderBody({ domains: sevenNames }));
    assert.equal(Object.keys(entries).length, 4);
    for (const entry of Object.values<Reply>(entries)) {
      assert.ok(Array.isArray(entry.emails));
      for (const [key, value] of Object.entries(entry)) {
        if (!['emails', 'isip', 'subdomain', 'email'].includes(key)) assert.equal(typeof value, 'string', key);
      }
    }
    assert.equal(entries['203.0.113.7'].isip, true);
    assert.deepEqual(entries['203.0.113.7'].emails, []);
  });

  test('4: all names of an order share one file name, one content and one CNAME target', async () => {
    const { post } = await createSession();
    const { dcv_info: entries } = await post('/cert/create', orderBody({ domains: sevenNames }));
    for (const key of ['http_filename', 'http_filecontent', 'https_filename', 'https_filecontent', 'dns_value']) {
      assert.equal(new Set(Object.values<Reply>(entries).map((entry) => entry[key])).size, 1, key);
    }
  });

  test('4: links begin with the name that is the key, a wildcard with its *.', async () => {
    const { post } = await createSession();
    const { dcv_info: entries } = await post('/cert/create', orderBody({ domains: sevenNames }));
    for (const [name, entry] of Object.entries<Reply>(entries)) {
      assert.equal(entry.domain, name);
      assert.equal(entry.http_verifylink, `http://${name}/.well-known/pki-validation/${entry.http_filename}`);
      assert.match(entry.http_verifylink, /^http:\/\/\S*?(\/\S+.txt)/); // how the PHP CLI cuts it
      assert.ok(entry.https_verifylink.startsWith(`https://${name}/`));
    }
  });

  test('5: challenge says status "success"; no success carries status "error"', async () => {
    const { post } = await createSession();
    await post('/cert/create', orderBody());
    assert.equal((await post('/cert/challenge', { trustocean_id: firstNumber })).status, 'success');
    for (const path of ['/account/products', '/account/details', '/client/version', '/ping']) {
      assert.notEqual((await post(path)).status, 'error', path);
    }
  });

  test('6: a proof placed after the order was made is found without a call to challenge', async () => {
    const { post, prove, app } = await createSession();
    const placed = await post('/cert/create', orderBody());
    assert.equal(placed.dcv_info['trustocean.com'].status, 'needverification');
    await app.idle();
    const looksBefore = app.checks.looks.length;
    await prove(); // the core keeps checking by itself
    const details = await post('/cert/details', { trustocean_id: firstNumber });
    assert.equal(details.cert_status, 'issued_active');
    assert.equal(details.dcv_info['trustocean.com'].status, 'verified');
    assert.ok(looksBefore > 0 && app.checks.looks.length > looksBefore);
  });

  test('7: a reissue keeps the number, goes back to enroll_caprocessing and hides the old certificate', async () => {
    const { post, prove } = await createIssuedSession();
    const reissued = await post('/cert/reissue', {
      trustocean_id: String(firstNumber),
      csr_code: ecCsr,
      domains: 'trustocean.com,new.trustocean.com',
    });
    assert.equal(reissued.trustocean_id, firstNumber);
    assert.equal(reissued.cert_status, 'enroll_caprocessing');
    const waiting = await post('/cert/details', { trustocean_id: firstNumber });
    assert.deepEqual([waiting.cert_status, waiting.cert_code, waiting.ca_code], ['enroll_caprocessing', '', '']);
    await prove();
    const details = await post('/cert/details', { trustocean_id: firstNumber });
    assert.deepEqual([details.cert_status, details.trustocean_id], ['issued_active', firstNumber]);
  });

  test('7: an order whose names are all proved still starts as enroll_caprocessing', async () => {
    const { post } = await createIssuedSession();
    const again = await post('/cert/create', orderBody({ csr_code: ecCsr }));
    assert.equal(again.cert_status, 'enroll_caprocessing');
  });

  const ends: readonly (readonly [OrderState, string, () => Promise<Session>])[] = [
    [
      'ended',
      'expired',
      async () => {
        const session = await createIssuedSession();
        await session.app.advance(91 * 86_400);
        await queueUpkeep(session.app.context);
        await session.app.advance(60);
        return session;
      },
    ],
    [
      'cancelled',
      'cancelled',
      async () => {
        const session = await createOrderedSession();
        await session.app.ports.orders.cancel(session.app.operator, { number: firstNumber });
        return session;
      },
    ],
    [
      'revoked',
      'revoked',
      async () => {
        const session = await createIssuedSession();
        await session.post('/cert/revoke', { trustocean_id: firstNumber });
        return session;
      },
    ],
    [
      'rejected',
      'rejected',
      async () => {
        const session = await createOrderedSession({ account: { approval: 'manual' } });
        await session.approve(false);
        return session;
      },
    ],
    [
      'failed',
      'rejected',
      async () => {
        const issuer = (embedded: CrlIssuer): CrlIssuer => ({
          ...embedded,
          sign: async () => ({
            kind: 'refused',
            reason: reason('issuerRefused', { issuer: 'embedded', detail: 'CAA' }),
          }),
        });
        const session = await createOrderedSession({ issuer });
        await session.prove();
        return session;
      },
    ],
  ];
  for (const [state, status, begin] of ends) {
    test(`8: details of an order that is ${state} is a success with cert_status ${status}`, async () => {
      const { post, order } = await begin();
      assert.equal((await order()).order.state, state);
      const details = await post('/cert/details', { trustocean_id: firstNumber });
      assert.deepEqual([details.result, details.cert_status], ['success', status]);
    });
  }

  test('8: the certificate and its chain are PEM that can be put together into one file', async () => {
    const { post } = await createIssuedSession();
    const { cert_code: own, ca_code: chain } = await post('/cert/details', { trustocean_id: firstNumber });
    assert.ok(own.endsWith('-----END CERTIFICATE-----\n'));
    assert.ok(chain.endsWith('-----END CERTIFICATE-----\n'));
    assert.equal(chain.split('BEGIN').length - 1, 1); // the intermediate, without the root
    assert.doesNotMatch(own + chain, /'/); // it goes into an SQL statement between single quotes
  });

  test('9: the text "false" is false, numbers may be text, unknown keys are ignored', async () => {
    const { post, order } = await createSession();
    const placed = await post(
      '/cert/create',
      orderBody({ pid: '100', renew: 'false', old_vendor_id: '-1', period: 'quarterly', vhost: { id: 1 }, ps: null }),
    );
    assert.equal(placed.result, 'success');
    assert.equal((await order()).order.renewalOf, null);
    const details = await post('/cert/details', { trustocean_id: String(firstNumber), unknown: true });
    assert.equal(details.trustocean_id, firstNumber);
  });

  for (const [renew, oldVendorId, renews] of [
    [true, firstNumber, true],
    ['true', String(firstNumber), true],
    [1, firstNumber, true],
    [false, firstNumber, false],
    ['false', String(firstNumber), false],
    ['0', firstNumber, false],
    ['', '', false],
    [null, null, false],
    [true, -1, false], // nothing to renew: a plain order
  ] as const) {
    test(`9: renew ${JSON.stringify(renew)} of ${JSON.stringify(oldVendorId)} ${renews ? 'renews' : 'does not renew'}`, async () => {
      const { post, order } = await createSession();
      await post('/cert/create', orderBody());
      await post('/cert/create', orderBody({ csr_code: ecCsr, renew, old_vendor_id: oldVendorId }));
      assert.equal((await order(1)).order.renewalOf !== null, renews);
    });
  }

  test('10: the names of the CSR mean nothing, and it needs none', async () => {
    const { post } = await createSession();
    // The seed's CN is trustocean.com; neither CSR has alternative names.
    for (const csr of [seedCsr, ecCsr]) {
      const placed = await post('/cert/create', orderBody({ csr_code: csr, domains: '203.0.113.7,other.example' }));
      assert.deepEqual(placed.domains, ['203.0.113.7', 'other.example']);
    }
  });

  test('10: a wildcard is offered by file as well as by DNS, at its base name', async () => {
    const { post, order } = await createSession();
    await post('/cert/create', orderBody({ domains: '*.www.example.com' }));
    const { challenges, preferredMethod } = (await order()).authorizations[0] ?? {};
    assert.equal(preferredMethod, 'httpFile');
    assert.deepEqual(
      challenges?.map((challenge) => challenge.method),
      ['httpFile', 'httpsFile', 'dnsCname'],
    );
  });

  test('10: a renewal is proved by what was proved before', async () => {
    const { post } = await createIssuedSession();
    const renewed = await post('/cert/create', orderBody({ csr_code: ecCsr, renew: true, old_vendor_id: firstNumber }));
    assert.equal(renewed.trustocean_id, numberOf(1));
    assert.equal(renewed.dcv_info['trustocean.com'].status, 'verified');
  });

  test('11: the first free product has 免费 in its title', async () => {
    const { products } = await (await createSession()).post('/account/products');
    const first = Object.values<Reply>(products)[0] ?? {};
    assert.match(first.title, /免费/);
    assert.equal(first.isFree, true);
  });

  test('before the sign-in, null credentials are tolerated', async () => {
    const { postRaw } = await createSession();
    const nobody = { client_id: null, access_token: null };
    const device = await postRaw(
      '/client/create',
      JSON.stringify({
        ...nobody,
        username: 'account@exmaple.com',
        password: 'your-password',
        servername: 'example.com',
      }),
    );
    assert.equal(device.result, 'success');
    assert.match(device.client_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match(device.access_token, /^[0-9a-f]{32}$/);
    assert.equal((await postRaw('/client/version', JSON.stringify(nobody))).result, 'success');
    const signedIn = { client_id: device.client_id, access_token: device.access_token };
    assert.equal((await postRaw('/account/details', JSON.stringify(signedIn))).credit, 10_000);
    assert.notEqual(device.client_id, credentials.client_id);
  });

  test('the vendor sample is answered byte for byte, in its order of keys', async () => {
    const { post } = await createSession({ at: '2021-11-02T08:25:09Z' });
    const placed = await post(
      '/cert/create',
      orderBody({ domains: seedReply.domains.join(','), unique_id: seedReply.unique_id }),
    );
    assert.equal(JSON.stringify(placed), JSON.stringify(seedReply));
  });
});
