/** What may be ordered, and what is refused with which problem (RFC 8555 §7.4, RFC 8738). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AcmeReply } from '../../support/acme-client.ts';
import { createSession } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';

function refusal({ status, body }: AcmeReply): string {
  return `${status} ${body.type?.slice(urn.length)}`;
}

const dns = (value: string) => ({ type: 'dns', value });
const ip = (value: string) => ({ type: 'ip', value });

describe('identifiers of an order', () => {
  it('are shown in their canonical form, each once, in their order', async () => {
    const { client } = await createSession();
    const rows = [
      [
        [dns('WWW.Example.COM'), dns('b.example.com')],
        [dns('www.example.com'), dns('b.example.com')],
      ],
      [
        [dns('b.example.com'), dns('a.example.com'), dns('B.example.com')],
        [dns('b.example.com'), dns('a.example.com')],
      ],
      [
        [dns('*.example.com'), dns('example.com')],
        [dns('*.example.com'), dns('example.com')],
      ],
      [[dns('xn--exmple-cua.com')], [dns('xn--exmple-cua.com')]],
      [
        [ip('192.0.2.1'), ip('198.51.100.9')],
        [ip('192.0.2.1'), ip('198.51.100.9')],
      ],
    ];
    for (const [identifiers, expected] of rows) {
      const reply = await client.post(client.directory.newOrder ?? '', { identifiers });
      assert.equal(reply.status, 201, reply.text);
      assert.deepEqual(reply.body.identifiers, expected);
      assert.equal(reply.body.authorizations.length, expected?.length);
      assert.equal(new Set(reply.body.authorizations).size, expected?.length);
      assert.match(
        reply.headers.get('location') ?? '',
        /^https:\/\/ca\.example\.com\/acme\/default\/order\/[a-z0-9_]+$/,
      );
    }
  });

  it('are refused where they are not written as they should be', async () => {
    const { client } = await createSession();
    const rows = [
      [[dns('www.example.com.')], '400 malformed'],
      [[dns('exämple.com')], '400 malformed'],
      [[dns('www。example.com')], '400 malformed'],
      [[dns(' www.example.com')], '400 malformed'],
      [[dns('192.0.2.1')], '400 malformed'],
      [[dns('2001:db8::1')], '400 malformed'],
      [[ip('www.example.com')], '400 malformed'],
      [[ip('2001:DB8::1')], '400 malformed'],
      [[ip('2001:db8:0:0::1')], '400 malformed'],
      [[ip('::ffff:192.0.2.1')], '400 malformed'],
      [[ip('192.0.2.01')], '400 malformed'],
      [[ip('[2001:db8::1]')], '400 malformed'],
      [[ip('192.0.2.0/24')], '400 malformed'],
      [[ip('*.192.0.2.1')], '400 malformed'],
      [[dns('')], '400 malformed'],
      [[dns('localhost')], '400 malformed'],
      [[dns('a_b.example.com')], '400 malformed'],
      [[dns('-a.example.com')], '400 malformed'],
      [[dns('a..example.com')], '400 malformed'],
      [[dns('a.*.example.com')], '400 malformed'],
      [[dns('*.*.example.com')], '400 malformed'],
      [[dns('w*.example.com')], '400 malformed'],
      [[dns('*')], '400 malformed'],
      [[dns(`${'a'.repeat(64)}.example.com`)], '400 malformed'],
      [[dns(`${'a.'.repeat(130)}com`)], '400 malformed'],
      [[dns('www.example.com/x')], '400 malformed'],
      [[dns('www.example.com:443')], '400 malformed'],
      [[dns('www.example.com\u0000')], '400 malformed'],
      [[dns('xn--a.example.com')], '400 malformed'],
      [[{ type: 'email', value: 'a@example.com' }], '400 unsupportedIdentifier'],
      [[{ type: 'DNS', value: 'www.example.com' }], '400 unsupportedIdentifier'],
      [[{ value: 'www.example.com' }], '400 malformed'],
      [[{ type: 'dns' }], '400 malformed'],
      [[{ type: 'dns', value: 1 }], '400 malformed'],
      [['www.example.com'], '400 malformed'],
      [[], '400 malformed'],
      [{}, '400 malformed'],
      ['www.example.com', '400 malformed'],
      [undefined, '400 malformed'],
      [null, '400 malformed'],
    ] as const;
    for (const [identifiers, expected] of rows) {
      const reply = await client.post(client.directory.newOrder ?? '', { identifiers });
      assert.equal(refusal(reply), expected, `${JSON.stringify(identifiers)}: ${reply.text}`);
    }
  });

  it('are refused where they are too many, by their number or their size', async () => {
    const { client } = await createSession();
    const url = client.directory.newOrder ?? '';
    const order = (count: number) => ({ identifiers: Array.from({ length: count }, (_, i) => dns(`${i}.a.co`)) });
    assert.equal(refusal(await client.post(url, order(251))), '400 malformed');
    assert.equal(refusal(await client.post(url, order(1001))), '400 malformed');
    assert.equal(refusal(await client.post(url, order(10_000))), '413 malformed');
  });

  it('are each said what is wrong with them', async () => {
    const { client } = await createSession();
    const url = client.directory.newOrder ?? '';
    const one = await client.post(url, {
      identifiers: [dns('www.example.com'), dns('a_b.example.com'), dns('c.example.com.')],
    });
    assert.equal(refusal(one), '400 malformed');
    assert.deepEqual(
      one.body.subproblems.map(({ type, identifier }: { type: string; identifier: object }) => [type, identifier]),
      [
        [`${urn}malformed`, dns('a_b.example.com')],
        [`${urn}malformed`, dns('c.example.com.')],
      ],
    );
    const two = await client.post(url, {
      identifiers: [dns('a_b.example.com'), { type: 'email', value: 'a@example.com' }],
    });
    assert.equal(refusal(two), '400 compound');
    assert.deepEqual(
      two.body.subproblems.map(({ type }: { type: string }) => type),
      [`${urn}malformed`, `${urn}unsupportedIdentifier`],
    );
    for (const { detail } of two.body.subproblems) assert.equal(typeof detail, 'string');
  });

  it('are refused where they may not be ordered', async () => {
    const { client } = await createSession({
      productCode: 'public',
      account: { allowedNames: ['example.com', 'co.uk', 'in-addr.arpa'] },
    });
    const url = client.directory.newOrder ?? '';
    const rows = [
      [dns('www.example.org'), '400 rejectedIdentifier'],
      [dns('example.internal'), '400 rejectedIdentifier'],
      [dns('co.uk'), '400 rejectedIdentifier'],
      [dns('*.co.uk'), '400 rejectedIdentifier'],
      [dns('1.2.0.192.in-addr.arpa'), '400 rejectedIdentifier'],
      [ip('10.0.0.1'), '400 rejectedIdentifier'],
      [ip('2001:db8::1'), '400 rejectedIdentifier'],
    ] as const;
    for (const [identifier, expected] of rows) {
      const reply = await client.post(url, { identifiers: [dns('www.example.com'), identifier] });
      assert.equal(refusal(reply), expected, `${identifier.value}: ${reply.text}`);
      assert.ok(reply.body.detail.includes(identifier.value), reply.text);
    }
    const bad = rows.slice(0, 2).map(([identifier]) => identifier);
    const { body } = await client.post(url, { identifiers: [dns('www.example.com'), ...bad] });
    assert.equal(body.type, `${urn}rejectedIdentifier`);
    assert.deepEqual(
      body.subproblems.map((one: { identifier: object }) => one.identifier),
      bad,
    );
  });

  it('that are private are ordered under private profiles', async () => {
    const { client } = await createSession();
    const reply = await client.newOrder(['nas.internal', 'printer.lan', '10.0.0.1']);
    assert.equal(reply.status, 201, reply.text);
  });
});

describe('the validity of an order', () => {
  const names = ['www.example.com'];

  it('may be shorter than usual, and is shown as it was asked for', async () => {
    const session = await createSession();
    const { client } = session;
    const wanted = { notBefore: '2026-06-01T08:04:00+00:00', notAfter: '2026-07-01T10:00:00+02:00' };
    const order = await session.readyOrder(names, wanted);
    assert.deepEqual([order.body.notBefore, order.body.notAfter], [wanted.notBefore, wanted.notAfter]);
    assert.ok(client.account);
  });

  it('is refused where it cannot be granted, not changed', async () => {
    const { client } = await createSession();
    const rows = [
      [{ notAfter: '2026-06-01T08:59:59Z' }, '400 malformed'], // less than an hour
      [{ notAfter: '2026-05-01T00:00:00Z' }, '400 malformed'],
      [{ notAfter: '2027-07-03T00:00:00Z' }, '400 malformed'], // 397 days
      [{ notAfter: '9999-12-31T23:59:59Z' }, '400 malformed'],
      [{ notAfter: '2026-07-01' }, '400 malformed'],
      [{ notAfter: 'tomorrow' }, '400 malformed'],
      [{ notAfter: 1_800_000_000 }, '400 malformed'],
      [{ notAfter: '' }, '400 malformed'],
      [{ notBefore: '2026-06-01T08:06:00Z' }, '400 malformed'],
      [{ notBefore: '2026-06-01T07:54:00Z' }, '400 malformed'],
      [{ notBefore: '2026-06-01' }, '400 malformed'],
    ] as const;
    for (const [payload, expected] of rows) {
      const reply = await client.newOrder(names, payload);
      assert.equal(refusal(reply), expected, `${JSON.stringify(payload)}: ${reply.text}`);
    }
    for (const notAfter of ['2026-06-01T09:00:00Z', '2027-05-31T00:00:00Z']) {
      assert.equal((await client.newOrder(names, { notAfter })).status, 201, notAfter);
    }
  });

  it('is no longer than what the account paid for', async () => {
    const { client } = await createSession({ productCode: 'month', coverage: { unit: 'months', count: 1 } });
    assert.equal(refusal(await client.newOrder(names, { notAfter: '2027-06-02T08:00:00Z' })), '400 malformed');
  });
});

describe('an order', () => {
  it('is not found once more by another that is the same', async () => {
    const { client } = await createSession();
    const urls = [await client.newOrder(['www.example.com']), await client.newOrder(['www.example.com'])].map(
      ({ body, headers }) => [headers.get('location'), body.authorizations[0]],
    );
    assert.equal(new Set(urls.flat()).size, 4);
  });

  it('is born ready where all of its names are proved', async () => {
    const session = await createSession();
    await session.readyOrder(['www.example.com']);
    const again = await session.client.newOrder(['www.example.com']);
    assert.deepEqual([again.status, again.body.status], [201, 'ready']);
    const more = await session.client.newOrder(['www.example.com', 'b.example.com']);
    assert.equal(more.body.status, 'pending');
  });

  it('of a product that is not sold any more, or of a suspended account, is refused', async () => {
    const { client, app, account } = await createSession();
    await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale: false });
    assert.equal(refusal(await client.newOrder(['www.example.com'])), '403 unauthorized');
    await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale: true });
    await app.ports.accounts.change(app.operator, account.id, { state: 'suspended' });
    assert.equal(refusal(await client.newOrder(['www.example.com'])), '403 unauthorized');
  });
});
