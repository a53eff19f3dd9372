/** Finalizing: what is refused, what is answered again, and what becomes of an order that waits (RFC 8555 §7.4). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import { contextPrimitive, tag } from '../../../src/pki/der-tag.ts';
import { context, element, oid, sequence, setOfOne, smallInteger } from '../../../src/pki/der-writer.ts';
import { createLocalSigner } from '../../../src/pki/key.ts';
import { oids } from '../../../src/pki/oid.ts';
import { signAndAssemble } from '../../../src/pki/signature.ts';
import { createAccountKey } from '../../support/account-key.ts';
import type { AcmeReply } from '../../support/acme-client.ts';
import { createSession, csrFor, csrOfKey, directoryUrl, type Session, type SessionOptions } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const name = 'www.example.com';

function refusal({ status, body }: AcmeReply): string {
  return `${status} ${body.type?.slice(urn.length)}`;
}

/** A CSR that asks for these GeneralNames. */
function csrWithSans(sans: readonly Uint8Array[]): Promise<string> {
  const key = createAccountKey();
  const extension = sequence([oid(oids.subjectAltName), element(tag.octetString, [sequence([...sans])])]);
  const request = sequence([oid(oids.extensionRequest), setOfOne(sequence([extension]))]);
  const tbs = sequence([smallInteger(0), sequence([]), Buffer.from(key.publicKey), context(0, [request])]);
  return signAndAssemble(tbs, createLocalSigner(key.pkcs8)).then((der) => der.toString('base64url'));
}

/** What was charged so far, and how many orders there are. */
async function bill({ app, account, orders }: Session): Promise<readonly [number, number]> {
  const { balanceMinor } = await app.ports.accounts.get(app.operator, account.id);
  return [1_000_000 - balanceMinor, (await orders()).length];
}

async function ready(options: SessionOptions = {}, names: readonly string[] = [name]) {
  const session = await createSession(options);
  const order = await session.readyOrder(names);
  const finalize = (payload: unknown) => session.client.post(order.body.finalize, payload);
  const url = order.headers.get('location') ?? '';
  return { session, order, finalize, url, show: () => session.client.post(url) };
}

describe('an order is finalized', () => {
  it('not before its names are proved', async () => {
    const session = await createSession();
    const order = await session.client.newOrder([name]);
    const reply = await session.client.post(order.body.finalize, { csr: await csrFor([name]) });
    assert.equal(refusal(reply), '403 orderNotReady');
    assert.deepEqual(await bill(session), [0, 0]);
  });

  it('with the CSR that names what was ordered', async () => {
    for (const [names, commonName, sans] of [
      [[name], undefined, [name]],
      [[name], name, [name]],
      [[name], name, []],
      [[name], 'Example Ltd', [name]], // a text, which is not certified
      [['b.example.com', 'a.example.com'], undefined, ['a.example.com', 'b.example.com']],
      [['b.example.com', 'a.example.com'], 'a.example.com', ['b.example.com']],
    ] as const) {
      const { session, finalize } = await ready({}, names);
      const reply = await finalize({ csr: await csrFor(sans, commonName) });
      assert.deepEqual([reply.status, reply.body.status], [200, 'valid'], reply.text);
      assert.equal((await bill(session))[1], 1);
    }
  });

  it('with no other CSR, and stays ready', async () => {
    const { session, finalize, show } = await ready();
    const key = createAccountKey();
    const good = Buffer.from(await csrFor([name]), 'base64url');
    const spoilt = Buffer.from(good);
    spoilt[spoilt.length - 5] = (spoilt.at(-5) ?? 0) ^ 1;
    const weak = createAccountKey('RS256', { modulusLength: 1024 });
    const rows: readonly (readonly [string, unknown, string])[] = [
      ['none', {}, '400 malformed'],
      ['null', { csr: null }, '400 malformed'],
      ['an empty one', { csr: '' }, '400 malformed'],
      ['PEM', { csr: `-----BEGIN CERTIFICATE REQUEST-----\n${good.toString('base64')}` }, '400 malformed'],
      ['base64 of the other alphabet', { csr: '+/+/' }, '400 malformed'],
      ['padding', { csr: 'AA==' }, '400 malformed'],
      ['no CSR', { csr: 'AAAA' }, '400 badCSR'],
      ['half of one', { csr: good.subarray(0, 100).toString('base64url') }, '400 badCSR'],
      ['more behind it', { csr: Buffer.concat([good, good]).toString('base64url') }, '400 badCSR'],
      ['another signature', { csr: spoilt.toString('base64url') }, '400 badCSR'],
      ['no name', { csr: await csrFor([], undefined) }, '400 badCSR'],
      ['a common name that is none', { csr: await csrFor([], 'Example Ltd!') }, '400 badCSR'],
      ['another name', { csr: await csrFor(['b.example.com']) }, '400 badCSR'],
      ['a further name', { csr: await csrFor([name, 'b.example.com']) }, '400 badCSR'],
      ['a further common name', { csr: await csrFor([name], 'b.example.com') }, '400 badCSR'],
      ['a wildcard for the name', { csr: await csrFor(['*.example.com']) }, '400 badCSR'],
      ['a weak key', { csr: await csrOfKey(weak, [name]) }, '400 badCSR'],
      ["the account's key", { csr: await csrOfKey(session.client.key, [name]) }, '400 badCSR'],
    ];
    for (const [what, payload, expected] of rows) {
      const reply = await finalize(payload);
      assert.equal(refusal(reply), expected, `${what}: ${reply.text}`);
      assert.equal((await show()).body.status, 'ready', what);
    }
    assert.deepEqual(await bill(session), [0, 0]);
    assert.equal((await finalize({ csr: await csrOfKey(key, [name]) })).body.status, 'valid');
  });

  it('not with names of other kinds, nor an address as a host name', async () => {
    const text = (tag: number) => (value: string) => element(contextPrimitive(tag), [Buffer.from(value, 'latin1')]);
    const [email, dns, uri] = [text(1), text(2), text(6)];
    const address = element(contextPrimitive(7), [Buffer.from([192, 0, 2, 9])]);
    const rows = [
      [[name], [dns(name), email('a@example.com')], /rfc822Name/],
      [[name], [dns(name), uri('https://www.example.com/')], /URI/],
      [[name], [dns(name), dns('w\u00fcw.example.com')], /w.+w\.example\.com/],
      [['192.0.2.9'], [dns('192.0.2.9')], /dNSName 192\.0\.2\.9/],
    ] as const;
    for (const [names, sans, detail] of rows) {
      const { finalize, show } = await ready({}, names);
      const reply = await finalize({ csr: await csrWithSans(sans) });
      assert.equal(refusal(reply), '400 badCSR', reply.text);
      assert.match(reply.body.detail, detail);
      assert.equal((await show()).body.status, 'ready');
    }
    // Old clients look for addresses among the host names, so that both are there.
    const { finalize } = await ready({}, ['192.0.2.9']);
    const both = await finalize({ csr: await csrWithSans([dns('192.0.2.9'), address]) });
    assert.equal(both.body.status, 'valid', both.text);
  });

  it('not with the key of an account of another directory', async () => {
    const config = { directories: { default: { keysOf: ['native'] }, second: { keysOf: ['native'] } } };
    const { session, finalize } = await ready({ config });
    const other = await session.stranger(directoryUrl.replace('default', 'second'));
    assert.equal((await other.register(session.external)).status, 201);
    assert.equal(refusal(await finalize({ csr: await csrOfKey(other.key, [name]) })), '400 badCSR');
  });

  it('not with the key of any account of this directory', async () => {
    const { session, finalize } = await ready();
    const other = await session.stranger();
    await other.register(session.external);
    assert.equal(refusal(await finalize({ csr: await csrOfKey(other.key, [name]) })), '400 badCSR');
  });

  it('again by the very same CSR, after a lost reply, as it is', async () => {
    const { session, order, finalize } = await ready();
    const csr = await csrFor([name]);
    const first = await finalize({ csr });
    assert.equal(first.body.status, 'valid');
    const paid = await bill(session);
    for (let i = 0; i < 3; i++) {
      const again = await finalize({ csr });
      assert.deepEqual(
        [again.status, again.body, again.headers.get('location')],
        [200, first.body, order.headers.get('location')],
      );
    }
    assert.deepEqual(await bill(session), paid);
    assert.equal(paid[1], 1);
  });

  it('once, whatever comes after', async () => {
    const { session, finalize, show } = await ready();
    await finalize({ csr: await csrFor([name]) });
    const paid = await bill(session);
    assert.equal(refusal(await finalize({ csr: await csrFor([name]) })), '403 orderNotReady');
    assert.equal((await show()).body.status, 'valid');
    assert.deepEqual(await bill(session), paid);
  });

  it('once by two clients at the same time', async () => {
    const same = await ready();
    const csr = await csrFor([name]);
    const replies = await Promise.all([1, 2, 3].map(() => same.finalize({ csr })));
    for (const reply of replies) assert.equal(reply.status, 200, reply.text);
    assert.equal((await same.show()).body.status, 'valid');
    assert.equal((await bill(same.session))[1], 1);

    const different = await ready();
    const csrs = [await csrFor([name]), await csrFor([name])];
    const both = await Promise.all(csrs.map((one) => different.finalize({ csr: one })));
    const outcomes = both.map((reply) => (reply.status === 200 ? '200' : refusal(reply)));
    assert.deepEqual(outcomes.toSorted(), ['200', '403 orderNotReady']);
    assert.equal((await bill(different.session))[1], 1);
  });

  it('by its own account only', async () => {
    const { session, order } = await ready();
    const other = await session.stranger();
    await other.register(session.external);
    assert.equal(refusal(await other.post(order.body.finalize, { csr: await csrFor([name]) })), '404 malformed');
    assert.deepEqual(await bill(session), [0, 0]);
  });

  it('when it can be paid, and stays ready until then', async () => {
    const { session, finalize, show } = await ready({ balanceMinor: 0 });
    const { app, account } = session;
    const csr = await csrFor([name]);
    const reply = await finalize({ csr });
    assert.equal(refusal(reply), '403 unauthorized');
    assert.match(reply.body.detail, /balance/);
    assert.equal((await show()).body.status, 'ready');
    assert.equal((await session.orders()).length, 0);
    await app.ports.accounts.credit(app.operator, account.id, { amountMinor: 1_000_000, note: '' });
    assert.equal((await finalize({ csr })).body.status, 'valid');
    assert.equal((await bill(session))[1], 1);
  });

  it('while its product is sold, and stays ready until then', async () => {
    const { session, finalize, show } = await ready();
    const { app } = session;
    const csr = await csrFor([name]);
    await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale: false });
    assert.equal(refusal(await finalize({ csr })), '403 unauthorized');
    assert.equal((await show()).body.status, 'ready');
    assert.deepEqual(await bill(session), [0, 0]);
    await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale: true });
    assert.equal((await finalize({ csr })).body.status, 'valid');
  });

  it('while its names are proved', async () => {
    const { session, order, finalize, show } = await ready();
    await session.client.post(order.body.authorizations[0], { status: 'deactivated' });
    assert.equal(refusal(await finalize({ csr: await csrFor([name]) })), '403 orderNotReady');
    const shown = await show();
    assert.equal(shown.body.status, 'invalid');
    assert.equal(shown.body.error.type, `${urn}unauthorized`);
    assert.deepEqual(await bill(session), [0, 0]);
  });

  it('within a week', async () => {
    const { session, order, finalize, show } = await ready();
    await session.app.advance(7 * 86_400 - 1);
    assert.equal((await show()).body.status, 'ready');
    await session.app.advance(1);
    assert.equal(refusal(await finalize({ csr: await csrFor([name]) })), '404 malformed');
    const shown = await show();
    assert.equal(shown.status, 200);
    assert.equal(shown.body.status, 'invalid');
    assert.deepEqual(Object.keys(shown.body.error), ['type', 'detail', 'status']);
    assert.equal(shown.body.expires, order.body.expires);
    assert.deepEqual(await bill(session), [0, 0]);
  });
});

describe('an order that waits for approval', () => {
  const manual = { account: { approval: 'manual' } } as const;

  it('is processing, with a number of seconds, until it is approved', async () => {
    const { session, finalize, show, order } = await ready(manual);
    const csr = await csrFor([name]);
    const reply = await finalize({ csr });
    assert.deepEqual([reply.status, reply.body.status], [200, 'processing']);
    assert.equal(reply.body.certificate, undefined);
    assert.equal(reply.headers.get('location'), order.headers.get('location'));
    assert.equal(reply.headers.get('retry-after'), '1');
    for (const [seconds, retryAfter] of [
      [5, '5'],
      [60, '15'],
      [300, '60'],
      [3600, '300'],
      [86_400, '300'],
    ] as const) {
      await session.app.advance(seconds);
      const shown = await show();
      assert.deepEqual([shown.body.status, shown.headers.get('retry-after')], ['processing', retryAfter]);
      assert.deepEqual(shown.body.authorizations, order.body.authorizations);
    }
    assert.equal((await finalize({ csr })).body.status, 'processing', 'the same again');
    await session.approve();
    await session.app.idle();
    const done = await show();
    assert.equal(done.body.status, 'valid', done.text);
    assert.equal(done.headers.get('retry-after'), null);
    assert.equal((await session.client.post(done.body.certificate)).status, 200);
  });

  it('is invalid once it is rejected, with what the approver wrote, and costs nothing', async () => {
    const { session, finalize, show } = await ready(manual);
    const { app } = session;
    await finalize({ csr: await csrFor([name]) });
    const [placed] = await session.orders();
    assert.ok(placed);
    const decision = { approve: false, note: 'not ours' };
    await app.ports.approvals.decide(app.operator, { order: { number: placed.order.number } }, decision);
    await app.idle();
    const { body } = await show();
    assert.equal(body.status, 'invalid');
    assert.deepEqual(body.error, {
      type: `${urn}unauthorized`,
      detail: 'the request was rejected by an approver: not ours',
      status: 403,
    });
    assert.equal((await bill(session))[0], 0);
    assert.equal((await session.client.newOrder([name])).body.status, 'ready', 'another may be ordered');
  });

  it('is invalid where the proof of a name ran out meanwhile, and costs nothing', async () => {
    const { session, finalize, show, order } = await ready(manual);
    await finalize({ csr: await csrFor([name]) });
    await session.client.post(order.body.authorizations[0], { status: 'deactivated' });
    await session.approve();
    await session.app.idle();
    const { body } = await show();
    assert.equal(body.status, 'invalid');
    assert.equal(body.error.type, `${urn}unauthorized`);
    assert.match(body.error.detail, /www\.example\.com/);
    assert.equal((await bill(session))[0], 0);
  });

  it('is invalid where CAA records forbid its issuer, with a type of its own', async () => {
    const refusal = reason('caaForbids', {
      issuer: 'acme.example.net',
      detail: 'example.com names other.example only',
    });
    const { session, finalize, show } = await ready({
      issuer: (embedded) => ({ ...embedded, sign: async () => ({ kind: 'refused', reason: refusal }) }),
    });
    await finalize({ csr: await csrFor([name]) });
    await session.app.idle();
    const { body } = await show();
    assert.deepEqual([body.status, body.error.type, body.error.status], ['invalid', `${urn}caa`, 403]);
    assert.match(body.error.detail, /the CAA records do not allow acme\.example\.net.*other\.example only/);
    assert.equal((await bill(session))[0], 0);
  });

  it('is invalid once it is cancelled', async () => {
    const { session, finalize, show } = await ready(manual);
    const { app } = session;
    await finalize({ csr: await csrFor([name]) });
    const [placed] = await session.orders();
    assert.ok(placed);
    await app.ports.orders.cancel(app.operator, { number: placed.order.number }, { note: '' });
    const { body } = await show();
    assert.equal(body.status, 'invalid');
    assert.equal(body.error.type, `${urn}unauthorized`);
    assert.equal((await bill(session))[0], 0);
  });
});
