/**
 * Vendors that are hostile, broken, or behind somebody who is: the same replies to the client halves of all of them. What each vendor
 * really answers is in their own tests.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { vendorOf } from '../../src/dialects/registry.ts';
import type { Purchase, Upstream, VendorAnswer } from '../../src/domain/ports/upstream.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { createFakeClock } from '../support/system.ts';
import { failureOf, never, purchaseOf, type Wish } from '../support/vendors/purchases.ts';

const publicSuffixes = createPublicSuffixes();
const secret = 'S3cret+token/of-ours';
const name = 'a.example.com';

/** Replies by the end of the path. */
type Script = Readonly<Record<string, object | string | undefined>>;

interface Vendor {
  readonly kind: string;
  readonly product: string;
  readonly wish?: Omit<Wish, 'names'>;
  readonly order: string;
  /** The reply to a look at an order of this number, with this state. */
  readonly shows: (order: string, state: string) => Script;
  /** A refusal in these words; undefined where the vendor has no words of its own. */
  readonly refuses?: (words: string) => Script;
}

const vendors: readonly Vendor[] = [
  {
    kind: 'digicert',
    product: 'ssl_dv_geotrust',
    order: '4711',
    shows: (id, status) => ({ 'GET /services/v2/order/certificate/4711': { id: Number(id), status } }),
    refuses: (message) => ({ '': { errors: [{ code: 'invalid_value', message }] } }),
  },
  {
    kind: 'racent',
    product: 'positivessl',
    order: '260113vghhracpaw',
    shows: (certId, status) => ({ 'POST /ssl/collect': { code: 1, status, data: { certId } } }),
    refuses: (words) => ({ '': { code: -1, errors: { x: [words] } } }),
  },
  {
    kind: 'encryption365',
    product: '108',
    order: '52295091',
    shows: (trustocean_id, cert_status) => ({
      'POST /cert/details': { result: 'success', trustocean_id, cert_status, dcv_info: [] },
    }),
    refuses: (message) => ({ '': { result: 'error', message } }),
  },
  {
    kind: 'httpsok',
    product: 'google',
    wish: { csr: null },
    order: '236417',
    shows: (id, status) => ({
      'GET /v1/cert/apply/236417': { code: 0, msg: 'success', data: { id: Number(id), status, progress: 1 } },
    }),
    refuses: (msg) => ({ '': { code: 400, msg } }),
  },
  {
    kind: 'wosign',
    product: 'dv-ssl',
    order: 'handle_1',
    shows: (handle_id) => ({ 'POST /': { result: 'pending', status: '1', handle_id } }),
    refuses: (other_msg) => ({ '': { result: 'error', status: '109', other_msg } }),
  },
];

/** @param status of every reply */
function scripted(kind: string, script: Script, status = 200): Upstream {
  const maker = vendorOf(kind);
  const credentials = Object.fromEntries(maker.credentials.map(({ name }) => [name, secret]));
  return maker.create({
    baseUrl: 'https://vendor.example',
    credentials,
    clock: createFakeClock(),
    publicSuffixes,
    currency: 'CNY',
    fetch: async (request) => {
      const { pathname } = new URL(request.url);
      const reply = script[`${request.method} ${pathname}`] ?? script[''] ?? {};
      return typeof reply === 'string' ? new Response(reply, { status }) : Response.json(reply, { status });
    },
  });
}

const purchased = ({ product, wish }: Vendor) => purchaseOf(product, { names: [name], ...wish });
const referenceOf = (order: string): VendorAnswer['reference'] => ({ order, certificate: null });

for (const vendor of vendors) {
  const { kind, order, shows, refuses } = vendor;
  describe(kind, () => {
    test('a reply about another order is none about ours', async () => {
      const other = kind === 'racent' ? '260113vghhracpax' : kind === 'wosign' ? 'handle_2' : '9999';
      const purchase = await purchased(vendor);
      const look = scripted(kind, shows(other, 'x')).state(referenceOf(order), purchase, never);
      const failure = await failureOf(look);
      assert.equal(failure.kind, 'away');
      assert.match(failure.message, new RegExp(`${other} instead of ${order}`));
    });

    // Members of every object.
    for (const state of ['constructor', '__proto__', 'toString', 'hasOwnProperty', '已签发']) {
      test(`a state ${state} is unknown`, async () => {
        if (kind === 'wosign') return; // its states are numbers
        const answer = await scripted(kind, shows(order, state)).state(
          referenceOf(order),
          await purchased(vendor),
          never,
        );
        assert.deepEqual([answer.state, answer.certificate], ['unknown', null]);
      });
    }

    test('a refusal that repeats our secret, hides text and has no end is short and clean', async () => {
      if (refuses === undefined) return;
      const words = `no\u0000\u202e${encodeURIComponent(secret)} ${secret.toUpperCase()} ${'x'.repeat(1 << 18)}`;
      const upstream = scripted(kind, refuses(words), kind === 'digicert' ? 400 : 200);
      const { message } = await failureOf(upstream.place(await purchased(vendor), never));
      assert.match(message, /^(109 refused: )?no\\u\{0\}\\u\{202e\}\[secret\] \[secret\] x+…$/);
      assert.ok(message.length < 600);
    });

    test('a page in place of a reply, a redirect, a gateway with JSON: nobody knows what was done', async () => {
      for (const [status, body] of [
        [200, '<html><body>系统维护</body></html>'],
        [200, '[]'],
        [200, '"success"'],
        [200, `${'['.repeat(100_000)}`],
        [302, ''],
        [502, '{"code":1,"result":"success","status":"0","id":1}'],
      ] as const) {
        const upstream = scripted(kind, { '': body }, status);
        const failure = await failureOf(upstream.place(await purchased(vendor), never));
        assert.deepEqual([failure.kind, failure.isSent || kind === 'encryption365'], ['away', true], body.slice(0, 40));
      }
    });

    test('an order number that is none is no answer', async () => {
      const purchase = await purchased(vendor);
      for (const number of ['x'.repeat(1000), 'a\u0000b', '../..']) {
        const script: Record<string, Script> = {
          digicert: { '': { id: number } },
          racent: { '': { code: 1, data: { certId: number } } },
          encryption365: { '': { result: 'success', trustocean_id: number, products: {} } },
          httpsok: { '': { code: 0, msg: '', data: number } },
          wosign: { '': { result: 'pending', status: 1, handle_id: number } },
        };
        if (number === '../..' && kind !== 'encryption365') continue; // it is encoded where it stands in a path
        const failure = await failureOf(scripted(kind, script[kind] ?? {}).place(purchase, never));
        assert.equal(failure.kind, 'away', number.slice(0, 20));
      }
    });
  });
}

describe('challenges that would take over a host are handed on to nobody', () => {
  const evil = 'evil.example.net';
  const scripts: readonly (readonly [string, string, Script])[] = [
    [
      'racent',
      'a CNAME of www',
      { '': { code: 1, data: { certId: '1', DCVdnsHost: 'www', DCVdnsValue: evil, DCVdnsType: 'CNAME' } } },
    ],
    [
      'racent',
      'a CNAME of the name',
      { '': { code: 1, data: { certId: '1', DCVdnsHost: '@', DCVdnsValue: evil, DCVdnsType: 'CNAME' } } },
    ],
    [
      'racent',
      'a right to send mail',
      { '': { code: 1, data: { certId: '1', DCVdnsHost: '@', DCVdnsValue: 'v=spf1 +all', DCVdnsType: 'TXT' } } },
    ],
    [
      'encryption365',
      'a CNAME of www, and a page',
      {
        '': {
          result: 'success',
          trustocean_id: 5,
          cert_status: 'enroll_caprocessing',
          products: {},
          dcv_info: {
            [name]: {
              domain: name,
              topdomain: 'example.com',
              dns_host: 'www',
              dns_type: 'CNAME',
              dns_value: evil,
              http_verifylink: `http://${name}/index.html`,
              http_filecontent: '<script>',
              emails: ['none'],
            },
          },
        },
      },
    ],
    [
      'encryption365',
      'a record in another domain',
      {
        '': {
          result: 'success',
          trustocean_id: 5,
          products: {},
          dcv_info: { [name]: { topdomain: 'example.net', dns_host: '_x', dns_value: evil } },
        },
      },
    ],
  ];
  for (const [kind, title, script] of scripts) {
    test(`${kind}: ${title}`, async () => {
      const vendor = vendors.find((one) => one.kind === kind) ?? assert.fail();
      const answer = await scripted(kind, script).place(await purchased(vendor), never);
      assert.deepEqual([answer.state, answer.proofs], ['held', []]);
      assert.match(answer.words, /certmux hands that on to nobody$/);
    });
  }

  test('digicert: a CNAME of www', async () => {
    const [vendor = assert.fail()] = vendors;
    const upstream = scripted('digicert', {
      'GET /services/v2/order/certificate/4711': { id: 4711, status: 'pending', dcv_method: 'dns-cname-token' },
      'PUT /services/v2/order/certificate/4711/dcv-random-value': { dcv_random_value: 'www', verification_value: evil },
    });
    const answer = await upstream.state(referenceOf('4711'), await purchased(vendor), never);
    assert.deepEqual([answer.state, answer.proofs], ['held', []]);
  });

  test('httpsok: a delegation to what is no host, before anything is bought', async () => {
    const configs = [{ domain: name, host: '_acme-challenge.a', hostValue: '<b>.example.net', valid: false }];
    const upstream = scripted('httpsok', { '': { code: 0, msg: '', data: { configs, valid: false } } });
    const names = (await purchaseOf('google', { names: [name], csr: null })).names;
    const failure = await failureOf(upstream.proofs?.(names, never) ?? Promise.resolve());
    assert.deepEqual([failure.kind, failure.isSent], ['refused', false]);
  });

  test('one of several: the others are shown', async () => {
    const upstream = scripted('encryption365', {
      '': {
        result: 1,
        trustocean_id: 5,
        products: {},
        dcv_info: {
          [name]: {
            dns_host: 'www',
            dns_value: evil,
            http_filename: '3D.txt',
            http_filecontent: 'abc\r\ncomodoca.com',
            topdomain: 'example.com',
          },
        },
      },
    });
    const { state, proofs } = await upstream.place(await purchaseOf('108', { names: [name] }), never);
    const methods = proofs.flatMap(({ challenges }) => challenges.map(({ method }) => method));
    assert.deepEqual([state, methods], ['proving', ['httpFile']]);
  });
});

describe('success in other words', () => {
  const sold = { trustocean_id: '5', products: {}, cert_status: 'enroll_caprocessing', dcv_info: [] };
  for (const result of ['success', 'SUCCESS', 1, '1', true, null, 0]) {
    test(`encryption365: an order with its number, and result ${JSON.stringify(result)}`, async () => {
      const upstream = scripted('encryption365', { '': { ...sold, result } });
      const answer = await upstream.place(await purchaseOf('108'), never);
      assert.deepEqual([answer.reference.order, answer.state], ['5', 'preparing']);
    });
  }
  for (const [reply, isDone] of [
    [{ status: 'success' }, true],
    [{ result: true }, true],
    [{ result: 'success', status: 'active' }, true],
    [{}, false],
    [{ result: null }, false],
    [{ result: 'queued' }, false],
  ] as const) {
    test(`encryption365: ${JSON.stringify(reply)} says ${isDone ? '' : 'not '}that something was done`, async () => {
      const done = scripted('encryption365', { '': reply }).check?.(referenceOf('5'), never) ?? assert.fail();
      if (isDone) await done;
      else assert.equal((await failureOf(done)).kind, 'away');
    });
  }
  for (const result of ['fail', 'FAILED', 'Error', false]) {
    test(`encryption365: result ${JSON.stringify(result)} is an error`, async () => {
      const reply = { result, message: { credit: ['余额不足'] } };
      const done = scripted('encryption365', { '': reply }).check?.(referenceOf('5'), never) ?? assert.fail();
      const failure = await failureOf(done);
      assert.deepEqual([failure.kind, failure.message], ['balance', '余额不足']);
    });
  }

  test('wosign: a handle in place of a certificate is looked at again; no status is no 0', async () => {
    const purchase = await purchaseOf('dv-ssl', { names: [name] });
    const reply = { result: 'success', status: 0, handle_id: 'handle_1' };
    const answer = await scripted('wosign', { '': reply }).place(purchase, never);
    assert.deepEqual([answer.state, answer.reference.order], ['processing', 'handle_1']);
    const empty = scripted('wosign', { '': { ...reply, status: '' } }).place(purchase, never);
    assert.equal((await failureOf(empty)).kind, 'away');
  });

  test('httpsok: an id in an object, a list that is an object', async () => {
    const purchase = await purchaseOf('google', { names: [name], csr: null });
    const upstream = scripted('httpsok', { '': { code: '0', msg: null, data: { id: 236417 } } });
    assert.equal((await upstream.place(purchase, never)).reference.order, '236417');
    const proved = scripted('httpsok', { '': { code: 0, msg: '', data: { configs: {}, valid: 'true' } } });
    assert.deepEqual(await proved.proofs?.(purchase.names, never), [{ name, challenges: [], isProved: true }]);
  });

  test('racent: true is no code', async () => {
    const upstream = scripted('racent', { '': { code: true, data: { certId: '1' } } });
    assert.equal((await failureOf(upstream.place(await purchaseOf('positivessl'), never))).kind, 'away');
  });
});

describe('names in Unicode, hosts of other names', () => {
  test('httpsok shows its record for a name as people write it', async () => {
    const configs = [
      { domain: '例子.example.com', host: '_acme-challenge.例子', hostValue: 'x.httpsok.com', valid: true },
    ];
    const upstream = scripted('httpsok', { '': { code: 0, msg: '', data: { configs, valid: true } } });
    const { names } = await purchaseOf('google', { names: ['xn--fsqu00a.example.com'], csr: null });
    const [proof] = (await upstream.proofs?.(names, never)) ?? [];
    const [challenge] = proof?.challenges ?? [];
    assert.equal(challenge?.method === 'dnsCname' && challenge.host, '_acme-challenge.xn--fsqu00a.example.com');
  });

  for (const [shown, hosts] of [
    ['_x', ['_x.a.example.com', '_x.b.example.com']],
    ['_X.a.example.com.', ['_x.a.example.com', '_x.b.example.com']],
    ['_x.example.com', ['_x.example.com', '_x.example.com']],
  ] as const) {
    test(`racent: ${shown} for two names`, async () => {
      const data = { certId: '1', DCVdnsHost: shown, DCVdnsValue: 'v.sectigo.com', DCVdnsType: 'CNAME' };
      const purchase = await purchaseOf('positivessl', { names: ['a.example.com', 'b.example.com'] });
      const { proofs } = await scripted('racent', { '': { code: 1, data } }).place(purchase, never);
      const found = proofs.flatMap(({ challenges }) =>
        challenges.map((challenge) => challenge.method === 'dnsCname' && challenge.host),
      );
      assert.deepEqual(found, hosts);
    });
  }
});

describe('money and times that cannot be', () => {
  test('encryption365: a price below nothing, and the end of the year 1', async () => {
    const reply = { result: 'success', trustocean_id: 5, products: {}, total_fees: '-5', dcv_info: [] };
    const answer = await scripted('encryption365', { '': reply }).place(await purchaseOf('108'), never);
    assert.equal(answer.price, null);
    const details = { result: 'success', cert_status: 'enroll_caprocessing', expire_at: '0001-01-01 00:00:00' };
    const looked = scripted('encryption365', { '': details });
    assert.equal((await looked.state(referenceOf('5'), await purchaseOf('108'), never)).coverageUntil, null);
  });

  for (const [credit, currency, expected] of [
    ['1,234.00', 'usd', { minor: 123_400, currency: 'USD' }],
    [-3.5, null, { minor: -350, currency: 'CNY' }], // it may be overdrawn
    ['12.345', '<b>', { minor: 1235, currency: 'CNY' }],
  ] as const) {
    test(`encryption365: a balance of ${credit} ${currency}`, async () => {
      const upstream = scripted('encryption365', { '': { result: 'success', credit, currency } });
      assert.deepEqual(await upstream.balance?.(never), expected);
    });
  }
  for (const credit of ['1e3', null, '', 'many']) {
    test(`encryption365: a balance of ${JSON.stringify(credit)} is none`, async () => {
      const upstream = scripted('encryption365', { '': { result: 'success', credit } });
      assert.equal((await failureOf(upstream.balance?.(never) ?? Promise.resolve())).kind, 'away');
    });
  }
});

describe('digicert', () => {
  const path = 'GET /services/v2/order/certificate/4711';

  test('an order that was bought for another issuance is not ours', async () => {
    const purchase = await purchaseOf('ssl_basic');
    const { clientReference: alternative_order_id } = await purchaseOf('ssl_basic');
    const order = { id: 4711, status: 'processing' };
    const look = (shown: object, kind: Purchase['kind'] = 'new') =>
      scripted('digicert', { [path]: { ...order, ...shown } }).state(referenceOf('4711'), { ...purchase, kind }, never);
    assert.equal((await failureOf(look({ alternative_order_id }))).kind, 'refused');
    for (const shown of [{}, { alternative_order_id: purchase.clientReference }, { alternative_order_id: 'PO 12' }]) {
      assert.equal((await look(shown)).state, 'processing');
    }
  });

  test('a chain that cannot be read does not lose the order that it came with', async () => {
    const reply = { id: 4711, certificate_id: 7, certificate_chain: [{ pem: '-----BEGIN CERTIFICATE-----\nx' }] };
    const answer = await scripted('digicert', { '': reply }).place(await purchaseOf('ssl_basic'), never);
    assert.deepEqual([answer.state, answer.reference], ['processing', { order: '4711', certificate: '7' }]);
  });

  test('a list without a page is read to its end', async () => {
    const all = Array.from({ length: 1500 }, (_, index) => ({
      id: index + 1,
      name: `d${index}.example.net`,
      validations: [{ type: 'ov', status: 'active' }],
    }));
    const maker = vendorOf('digicert');
    const upstream = maker.create({
      baseUrl: 'https://vendor.example',
      credentials: {},
      clock: createFakeClock(),
      publicSuffixes,
      fetch: async (request) => {
        const offset = Number(new URL(request.url).searchParams.get('offset'));
        return Response.json({ domains: all.slice(offset, offset + 1000), orders: all.slice(offset, offset + 1000) });
      },
    });
    const { names } = await purchaseOf('ssl_basic', { names: ['x.d1400.example.net'] });
    const question = { names, product: 'ssl_basic', organization: null, container: null };
    assert.deepEqual(await upstream.standing?.(question, never), { missing: [] });
    assert.equal((await upstream.orders?.(new Date(0), never))?.length, 1500);
  });
});
