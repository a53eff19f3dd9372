/** What CAs of other people answer, and what the client makes of it. Each leniency has the CA or the report that asks for it. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AcmeFailure } from '../../../src/dialects/acme/client/failure.ts';
import { UpstreamFault } from '../../../src/domain/upstream-fault.ts';
import {
  accountUrl,
  ca,
  order,
  problem,
  type SeenRequest,
  scriptedAcme,
  shown,
  urls,
} from '../../support/scripted-acme.ts';

const names = ['www.example.com'];
const orderUrl = `${ca}/order/1`;
const made = { status: 201, headers: { location: orderUrl } };

async function failureOf(promise: Promise<unknown>): Promise<AcmeFailure> {
  const thrown: unknown = await promise.then(
    () => 'nothing was thrown',
    (error) => error,
  );
  assert.ok(thrown instanceof AcmeFailure, String(thrown));
  return thrown;
}

/** Answers one path, every time. */
const at = (path: string, answer: (request: SeenRequest) => Response) => (request: SeenRequest) =>
  request.path === path ? answer(request) : undefined;

describe('an order is read', () => {
  const rows: readonly (readonly [what: string, body: object, expected: object])[] = [
    ['born ready, of names that are proved', { status: 'ready' }, { status: 'ready' }],
    ['born valid', { status: 'valid', certificate: `${ca}/cert/1` }, { status: 'valid', certificate: `${ca}/cert/1` }],
    ['without expires', { expires: undefined }, { expires: null }], // RFC 8555 §7.1.3 asks for it only of pending and valid ones
    ['with null for what is not there', { certificate: null, error: null }, { certificate: null, error: null }],
    ['without authorizations', { authorizations: undefined }, { authorizations: [] }],
    ['with members nobody knows', { star: true }, { status: 'pending' }], // Digicert, GoDaddy
    [
      'with an error that has hardly anything',
      { status: 'invalid', error: { detail: 'no' } },
      { error: { type: 'about:blank', detail: 'no', status: null, title: null, instance: null, subproblems: [] } },
    ],
  ];
  for (const [what, body, expected] of rows) {
    it(what, async () => {
      const { client } = scriptedAcme(at('/new-order', () => shown({ ...order, ...body }, made)));
      const { shown: read, url } = await client.placeOrder({ names });
      assert.equal(url, orderUrl);
      for (const [member, value] of Object.entries(expected))
        assert.deepEqual(read[member as keyof typeof read], value);
    });
  }

  it('with any media type', async () => {
    for (const type of ['text/plain', 'application/octet-stream', 'application/problem+json']) {
      const headers = { ...made.headers, 'content-type': type };
      const reply = () => new Response(JSON.stringify(order), { status: 201, headers });
      const { client } = scriptedAcme(at('/new-order', reply));
      assert.equal((await client.placeOrder({ names })).shown.status, 'pending', type);
    }
  });

  it('at the URL of newOrder, whatever Location says later or does not', async () => {
    const later = () => shown({ ...order, status: 'processing' }, { headers: { location: 'https://other.example/' } });
    const { client } = scriptedAcme((request) => (request.path.startsWith('/order/1') ? later() : undefined));
    assert.equal((await client.order({ url: orderUrl })).url, orderUrl);
    const finalize = { url: orderUrl, finalizeUrl: order.finalize, csrDer: Buffer.from('csr') };
    assert.equal((await client.finalize(finalize)).url, orderUrl);
  });

  it('but not made without a URL, which nobody could read again', async () => {
    const { client } = scriptedAcme(at('/new-order', () => shown(order, { status: 201 })));
    const { failed } = await failureOf(client.placeOrder({ names }));
    assert.deepEqual([failed.kind, failed.call, failed.status], ['unreadable', 'newOrder', 201]);
  });

  it('with a relative URL', async () => {
    const { client } = scriptedAcme(
      at('/new-order', () => shown(order, { status: 201, headers: { location: '/order/1' } })),
    );
    assert.equal((await client.placeOrder({ names })).url, orderUrl);
  });

  const wanted = ['example.com', '*.example.com', '2001:db8::1', 'xn--bcher-kva.example'];
  const dns = (value: string) => ({ type: 'dns', value });
  const ip = (value: string) => ({ type: 'ip', value });
  const sets: readonly (readonly [what: string, identifiers: readonly object[], isRight: boolean])[] = [
    ['in their order', wanted.map((one) => (one.includes(':') ? ip(one) : dns(one))), true],
    ['in another', [ip('2001:db8::1'), ...['*.example.com', 'xn--bcher-kva.example', 'example.com'].map(dns)], true],
    [
      'in other spellings',
      [...['Example.COM', '*.EXAMPLE.com', 'XN--bcher-kva.example'].map(dns), ip('2001:DB8:0:0::1')],
      true,
    ],
    ['some twice', [...wanted, 'example.com'].map((one) => (one.includes(':') ? ip(one) : dns(one))), true],
    ['without the wildcard', [...['example.com', 'xn--bcher-kva.example'].map(dns), ip('2001:db8::1')], false], // lego#2519
    [
      'with one more',
      [...[...wanted, 'www.example.com'].map((one) => (one.includes(':') ? ip(one) : dns(one)))],
      false,
    ],
    ['another instead', [...['example.com', '*.example.com', 'www.example'].map(dns), ip('2001:db8::1')], false],
    ['no names at all', [], false],
  ];
  for (const [what, identifiers, isRight] of sets) {
    it(`${isRight ? 'of' : 'but refused of'} other names: ${what}`, async () => {
      const { client } = scriptedAcme((request) => {
        if (request.path === '/new-order') return shown({ ...order, identifiers }, made);
        return request.path === '/order/1' ? shown({ ...order, identifiers }) : undefined;
      });
      const calls = [client.placeOrder({ names: wanted }), client.order({ url: orderUrl, names: wanted })];
      if (isRight) return void (await Promise.all(calls));
      for (const call of calls) {
        const { failed, code } = await failureOf(call);
        assert.deepEqual([failed.kind, code], ['otherNames', 'unavailable']);
      }
      return undefined;
    });
  }
});

describe('an authorization is read', () => {
  const challenge = { type: 'dns-01', url: `${ca}/challenge/1`, token: 'tok' };
  const rows: readonly (readonly [what: string, body: object, expected: object])[] = [
    [
      'with a challenge without a status',
      { challenges: [challenge] },
      { type: 'dns-01', status: 'pending', token: 'tok' },
    ],
    [
      'with a challenge of an unknown type, without a token', // Sectigo's sectigo-email-01 (acme2certifier#122)
      { challenges: [{ type: 'sectigo-email-01', url: `${ca}/always-valid`, status: 'valid' }] },
      { type: 'sectigo-email-01', status: 'valid', token: null },
    ],
    ['with an unknown status', { challenges: [{ ...challenge, status: 'queued' }] }, { status: 'queued' }],
    ['without expires', { expires: undefined, challenges: [challenge] }, { type: 'dns-01' }],
    ['with a challenge that is none', { challenges: ['x', null, { type: 'x' }, challenge] }, { type: 'dns-01' }],
  ];
  for (const [what, body, expected] of rows) {
    it(what, async () => {
      const whole = { status: 'pending', expires: '2026-06-08T00:00:00Z', identifier: order.identifiers[0], ...body };
      const { client } = scriptedAcme(at('/authz/1', () => shown(whole)));
      const { challenges } = (await client.authorization(`${ca}/authz/1`)).shown;
      assert.equal(challenges.length, 1);
      for (const [member, value] of Object.entries(expected)) {
        assert.equal(challenges[0]?.[member as 'type' | 'status' | 'token'], value);
      }
    });
  }

  it('in a status of its own, with no challenges', async () => {
    const whole = { status: 'always-valid', identifier: order.identifiers[0] };
    const { client } = scriptedAcme(at('/authz/1', () => shown(whole)));
    assert.deepEqual((await client.authorization(`${ca}/authz/1`)).shown, {
      ...{ status: 'always-valid', expires: null, wildcard: false, challenges: [] },
      identifier: order.identifiers[0],
    });
  });

  it('once its challenge was answered with hardly anything', async () => {
    const { client, requests } = scriptedAcme(at('/challenge/1', () => shown({ type: 'http-01' })));
    const { url, shown: read } = await client.respond(`${ca}/challenge/1`);
    assert.deepEqual([url, read.url, read.status], [`${ca}/challenge/1`, `${ca}/challenge/1`, 'pending']);
    assert.deepEqual(requests.at(-1)?.payload, {});
  });

  it('and given up', async () => {
    const whole = { status: 'deactivated', identifier: order.identifiers[0] };
    const { client, requests } = scriptedAcme(at('/authz/1', () => shown(whole)));
    assert.equal((await client.deactivateAuthorization(`${ca}/authz/1`)).shown.status, 'deactivated');
    assert.deepEqual(requests.at(-1)?.payload, { status: 'deactivated' });
  });
});

describe('a refusal keeps all that it says', () => {
  const detail = 'Rechecking CAA for "example.com"';
  const rows: readonly (readonly [what: string, reply: Response, expected: object])[] = [
    [
      'a problem document',
      problem(403, 'caa', detail, { instance: 'https://ca.example/help' }),
      { status: 403, type: 'urn:ietf:params:acme:error:caa', detail, instance: 'https://ca.example/help' },
    ],
    [
      'a problem with another media type and another status', // Sectigo: 401 for 403
      new Response(JSON.stringify({ type: 'urn:ietf:params:acme:error:unauthorized', detail }), { status: 401 }),
      { status: 401, type: 'urn:ietf:params:acme:error:unauthorized', detail },
    ],
    [
      'a problem without a type',
      shown({ detail }, { status: 400 }),
      { status: 400, type: 'about:blank', detail, subproblems: [] },
    ],
    [
      "a problem in the CA's own words, and subproblems", // DigiCert
      problem(400, 'urn:digicert:error:finalizeorderrequestError', 'see subproblems', {
        subproblems: [
          { type: 'urn:digicert:x', detail: 'no', identifier: { type: 'dns', value: 'www.example.com' } },
          { detail: 7 },
        ],
      }),
      {
        type: 'urn:digicert:error:finalizeorderrequestError',
        subproblems: [
          { type: 'urn:digicert:x', detail: 'no', identifier: { type: 'dns', value: 'www.example.com' } },
          { type: 'about:blank', detail: '', identifier: null },
        ],
      },
    ],
    [
      'a page',
      new Response('<html>Bad gateway</html>', { status: 502 }),
      { status: 502, type: null, detail: 'HTTP status 502' },
    ],
    ['nothing', new Response(null, { status: 500 }), { status: 500, type: null, detail: 'HTTP status 500' }],
    [
      'a JSON that is cut off',
      new Response('{"type":"urn', { status: 400 }),
      { type: null, detail: 'HTTP status 400' },
    ],
    [
      'a redirect, which is not followed',
      new Response(null, { status: 307, headers: { location: `${ca}/new-order` } }),
      { status: 307, type: null },
    ],
    [
      'control characters and megabytes',
      problem(400, 'malformed', `\u001b[31m${'x'.repeat(100_000)}`),
      { detail: `\\u{1b}[31m${'x'.repeat(990)}` },
    ],
  ];
  for (const [what, reply, expected] of rows) {
    it(what, async () => {
      const { client } = scriptedAcme(at('/new-order', () => reply));
      const { failed } = await failureOf(client.placeOrder({ names }));
      assert.deepEqual(
        [failed.kind, failed.call, failed.method, failed.url],
        ['refused', 'newOrder', 'POST', urls.newOrder],
      );
      for (const [member, value] of Object.entries(expected)) {
        assert.deepEqual(failed[member as keyof typeof failed], value, member);
      }
    });
  }

  it('with a part for each name, in the words that the subscriber reads', async () => {
    const part = (value: string, type: string) => ({
      type,
      detail: `${value} is no good`,
      identifier: { type: 'dns', value },
    });
    const subproblems = [
      part('a.example.com', 'urn:ietf:params:acme:error:caa'),
      part('b.example.com', 'urn:ietf:params:acme:error:rejectedIdentifier'),
    ];
    const { client } = scriptedAcme(at('/new-order', () => problem(403, 'compound', 'two names', { subproblems })));
    const { reason } = await failureOf(client.placeOrder({ names }));
    assert.deepEqual(
      reason.parts?.map((one) => [one.name, one.reason.key]),
      [
        ['a.example.com', 'caaForbids'],
        ['b.example.com', 'upstreamRefusedName'],
      ],
    );
  });

  const now = new Date('2026-06-01T00:00:00Z');
  const waits: readonly (readonly [headers: Readonly<Record<string, string>>, seconds: number | null])[] = [
    [{ 'retry-after': '120' }, 120],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': 'Mon, 01 Jun 2026 00:10:00 GMT' }, 600],
    [{ 'retry-after': 'Mon, 01 Jun 2026 00:10:00 GMT', date: 'Mon, 01 Jun 2026 00:09:00 GMT' }, 60], // a clock that is ahead
    [{ 'retry-after': 'Sun, 31 May 2026 23:00:00 GMT' }, 0],
    [{ 'retry-after': '99999999999999999' }, 366 * 86_400],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'soon' }, null],
    [{}, null],
  ];
  for (const [headers, seconds] of waits) {
    it(`with the time to wait: ${JSON.stringify(headers)}`, async () => {
      const expected = seconds === null ? null : new Date(now.getTime() + seconds * 1000);
      const refusing = scriptedAcme(at('/new-order', () => problem(429, 'rateLimited', 'too many', {}, headers)));
      assert.deepEqual((await failureOf(refusing.client.placeOrder({ names }))).failed.retryAfter, expected);
      const answering = scriptedAcme(at('/order/1', () => shown(order, { headers })));
      assert.deepEqual((await answering.client.order({ url: orderUrl })).retryAfter, expected);
    });
  }
});

describe('a call without a usable answer', () => {
  it('was not sent, or may have been carried out', async () => {
    for (const [fault, kind] of [
      [new UpstreamFault('refused the connection', { isSent: false }), 'notSent'],
      [new UpstreamFault('did not answer in time', { isSent: true }), 'noAnswer'],
      [new TypeError('fetch failed'), 'noAnswer'],
    ] as const) {
      const { client } = scriptedAcme(at('/new-order', () => assert.fail(fault)));
      const { failed, code } = await failureOf(client.placeOrder({ names }));
      assert.deepEqual([failed.kind, failed.status, failed.detail, code], [kind, null, fault.message, 'unavailable']);
    }
  });

  it('may have been carried out where the answer breaks off', async () => {
    const breaking = () => {
      const body = new ReadableStream({
        pull(controller) {
          controller.error(new Error('reset'));
        },
      });
      return new Response(body, made);
    };
    const { client } = scriptedAcme(at('/new-order', breaking));
    const { failed } = await failureOf(client.placeOrder({ names }));
    assert.deepEqual([failed.kind, failed.status], ['noAnswer', 201]);
  });

  const unreadable: readonly (readonly [what: string, body: string])[] = [
    ['empty', ''],
    ['a page', '<html>'],
    ['a list', '[]'],
    ['a state that RFC 8555 does not have', JSON.stringify({ ...order, status: 'waiting' })],
    ['no finalize', JSON.stringify({ ...order, finalize: undefined })],
    ['no identifiers', JSON.stringify({ ...order, identifiers: undefined })],
    ['deep', `${'['.repeat(100)}${']'.repeat(100)}`],
  ];
  for (const [what, body] of unreadable) {
    it(`is unreadable: ${what}`, async () => {
      const { client } = scriptedAcme(at('/order/1', () => new Response(body)));
      const { failed } = await failureOf(client.order({ url: orderUrl }));
      assert.deepEqual([failed.kind, failed.call, failed.status], ['unreadable', 'order', 200]);
    });
  }

  it('ends with the reason of its signal', async () => {
    const aborter = new AbortController();
    const { client } = scriptedAcme((request) => {
      if (request.path !== '/order/1') return undefined;
      aborter.abort(new Error('stopping'));
      throw aborter.signal.reason;
    });
    await assert.rejects(client.order({ url: orderUrl }, aborter.signal), { message: 'stopping' });
    await assert.rejects(client.order({ url: orderUrl }, aborter.signal), { message: 'stopping' });
  });
});

describe('certificates are read', () => {
  const block = (text: string, label = 'CERTIFICATE') =>
    `-----BEGIN ${label}-----\n${Buffer.from(text).toString('base64')}\n-----END ${label}-----\n`;
  const pem = block('leaf') + block('intermediate');
  const rows: readonly (readonly [what: string, text: string, headers?: Readonly<Record<string, string>>])[] = [
    ['as they come', pem],
    ['with CRLF, and without an end of the line', pem.replaceAll('\n', '\r\n').trimEnd()],
    ['with words around them', `subject=CN=x\n${block('leaf')}issuer:\n\n${block('intermediate')}-- \nbye`],
    ['under another media type', pem, { 'content-type': 'application/octet-stream' }], // Sectigo
    ['among other blocks', `${block('params', 'EC PARAMETERS')}${pem}`],
  ];
  for (const [what, text, headers = { 'content-type': 'application/pem-certificate-chain' }] of rows) {
    it(what, async () => {
      const { client, requests } = scriptedAcme(at('/cert/1', () => new Response(text, { headers })));
      const { shown: chain } = await client.certificate(`${ca}/cert/1`);
      assert.deepEqual(chain.certificates.map(String), ['leaf', 'intermediate']);
      assert.equal(chain.pem, text);
      assert.equal(requests.at(-1)?.accept, 'application/pem-certificate-chain');
    });
  }

  for (const [what, text] of [
    ['nothing', ''],
    ['a page', '<html>'],
    ['a block that does not end', pem.slice(0, 40)],
    ['a private key only', block('key', 'PRIVATE KEY')],
    ['more than a chain can have', block('x').repeat(13)],
  ] as const) {
    it(`but not: ${what}`, async () => {
      const { client } = scriptedAcme(at('/cert/1', () => new Response(text)));
      assert.equal((await failureOf(client.certificate(`${ca}/cert/1`))).failed.kind, 'unreadable');
    });
  }

  it('with at most five other chains, however the links are written', async () => {
    const link = [
      `<${ca}/directory>;rel="index"`,
      `<${ca}/cert/1/1>;rel="alternate"`,
      `</cert/1/2>; title="a, b"; rel=alternate`,
      `<${ca}/cert/1/1>;rel="alternate"`,
      `<${ca}/cert/1>;rel="alternate"`,
      `<${ca}/cert/1/3>; REL="up Alternate"`,
      ...[4, 5, 6].map((n) => `<${ca}/cert/1/${n}>;rel="alternate"`),
    ].join(', ');
    const { client } = scriptedAcme(at('/cert/1', () => new Response(pem, { headers: { link } })));
    const answer = await client.certificate(`${ca}/cert/1`);
    assert.deepEqual(
      answer.shown.alternates,
      [1, 2, 3, 4, 5].map((n) => `${ca}/cert/1/${n}`),
    );
    assert.deepEqual(
      answer.links.filter(({ relation }) => relation === 'up'),
      [{ relation: 'up', url: `${ca}/cert/1/3` }],
    );
  });
});

describe('renewal information', () => {
  const window = (start: string, end: string) => ({ suggestedWindow: { start, end } });
  it('is read without an account', async () => {
    const { client, requests } = scriptedAcme(
      at('/ari/aki.serial', () =>
        shown(window('2026-07-01T00:00:00Z', '2026-07-03T00:00:00Z'), { headers: { 'retry-after': '21600' } }),
      ),
    );
    const answer = await client.renewalInfo('aki.serial');
    assert.deepEqual(answer?.shown, {
      start: new Date('2026-07-01T00:00:00Z'),
      end: new Date('2026-07-03T00:00:00Z'),
      explanationUrl: null,
    });
    assert.deepEqual(answer?.retryAfter, new Date('2026-06-01T06:00:00Z'));
    assert.deepEqual([requests.at(-1)?.method, requests.at(-1)?.nonce], ['GET', undefined]);
  });

  it('has a window, or is none', async () => {
    for (const body of [
      window('2026-07-03T00:00:00Z', '2026-07-01T00:00:00Z'),
      window('2026-07-01T00:00:00Z', '2026-07-01T00:00:00Z'),
      window('soon', '2026-07-01T00:00:00Z'),
      {},
    ]) {
      const { client } = scriptedAcme(at('/ari/id', () => shown(body)));
      assert.equal((await failureOf(client.renewalInfo('id'))).failed.kind, 'unreadable');
    }
  });

  it('is null where the CA has none, and its URL may end with a slash', async () => {
    const none = scriptedAcme(at('/directory', () => shown({ ...urls, renewalInfo: undefined })));
    assert.equal(await none.client.renewalInfo('id'), null);
    const slash = scriptedAcme((request) => {
      if (request.path === '/directory') return shown({ ...urls, renewalInfo: `${ca}/ari/` });
      return request.path === '/ari/id' ? shown(window('2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z')) : undefined;
    });
    assert.notEqual(await slash.client.renewalInfo('id'), null);
  });
});

it('a directory is read with what it has, and a call that it does not offer is refused', async () => {
  const meta = {
    caaIdentities: ['ca.example', 7],
    profiles: { classic: 'usual', odd: 7 },
    externalAccountRequired: 'yes',
  };
  const rows: readonly (readonly [meta: unknown, expected: object])[] = [
    [
      undefined,
      { termsOfService: null, website: null, caaIdentities: [], externalAccountRequired: false, profiles: {} },
    ],
    ['none', { termsOfService: null, website: null, caaIdentities: [], externalAccountRequired: false, profiles: {} }],
    [meta, { profiles: { classic: 'usual', odd: '' }, caaIdentities: [], externalAccountRequired: false }],
  ];
  for (const [value, expected] of rows) {
    const { client } = scriptedAcme(at('/directory', () => shown({ ...urls, keyChange: undefined, meta: value })));
    const directory = await client.directory();
    for (const [member, one] of Object.entries(expected)) {
      assert.deepEqual(directory.meta[member as keyof typeof directory.meta], one);
    }
    const { key } = scriptedAcme();
    const { failed, code } = await failureOf(client.changeKey(key));
    assert.deepEqual([failed.kind, code], ['notOffered', 'unsupported']);
  }
  assert.equal(scriptedAcme().client.accountUrl, accountUrl);
});
