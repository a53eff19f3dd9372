/** When the CA in the tests misbehaves, and what is no fixed manner: problems, statuses, times, what a test makes up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRawClient, csrFor } from '../support/acme-ca/raw-client.ts';
import { until } from '../support/system.ts';
import { createCa, createSession, type Session, typeOf } from './session.ts';

const names = ['www.example.com'];
const minuteMs = 60_000;

/** How so many new orders end. */
async function outcomes({ client }: Session, count: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let call = 0; call < count; call++) statuses.push((await client.newOrder(names)).status);
  return statuses;
}

describe('a rule of the ACME CA of the tests', () => {
  const busy = { status: 503 } as const;

  it('is for one call, for so many, after so many, and ends', async () => {
    const session = await createSession();
    const { ca } = session;
    ca.misbehave({ on: 'newOrder', how: busy });
    assert.deepEqual(await outcomes(session, 3), [503, 201, 201]);
    const rule = ca.misbehave({ on: ['newAccount', 'newOrder'], how: busy, times: 2, after: 1 });
    assert.deepEqual(ca.unmet(), ['status 503 at newAccount, newOrder: 2 more']);
    assert.deepEqual(await outcomes(session, 4), [201, 503, 503, 201]);
    assert.equal(rule.met, 2);
    assert.deepEqual(ca.unmet(), []);
    const always = ca.misbehave({ on: 'any', how: busy, times: Number.POSITIVE_INFINITY });
    assert.equal((await session.client.get(ca.directoryUrl)).status, 503);
    always.stop();
    assert.deepEqual(await outcomes(session, 1), [201]);
    ca.misbehave({ on: 'newOrder', how: busy });
    ca.behave();
    assert.deepEqual(await outcomes(session, 1), [201]);
  });

  it('is for what it fits', async () => {
    const session = await createSession();
    const { ca, client } = session;
    ca.misbehave({ on: 'newOrder', how: busy, when: (subject) => subject.names.includes('*.example.com') });
    assert.deepEqual(await outcomes(session, 2), [201, 201]);
    assert.equal((await client.newOrder(['*.example.com'])).status, 503);
  });

  it('for every operation spares what the CA does by itself', async () => {
    const session = await createSession();
    const { ca } = session;
    const order = await session.client.newOrder(names);
    await session.prove(order);
    const csr = await csrFor(names);
    ca.misbehave({ on: 'any', how: { problem: 'serverInternal', hasActed: true }, times: Number.POSITIVE_INFINITY });
    assert.equal((await session.client.post(order.body.finalize, { csr })).status, 500);
    ca.behave();
    assert.deepEqual(
      ca.ordersFor(...names).map(({ state }) => state),
      ['valid'],
    );
    assert.deepEqual(ca.ordersFor('other.example.com'), []);
  });

  it('is not used up by a call on which it has no effect', async () => {
    const { ca, client } = await createSession();
    const rule = ca.misbehave({ on: 'order', how: 'noCertificateUrl' });
    const order = await client.newOrder(names);
    await client.post(order.headers.get('location') ?? '');
    assert.equal(rule.met, 0);
  });

  it('waits for a certificate that has room for it', async () => {
    const session = await createSession();
    const rules = [
      session.ca.misbehave({ on: 'issue', how: 'missingName' }),
      session.ca.misbehave({ on: 'issue', how: 'usedSerial' }),
    ];
    await session.buy(names);
    assert.deepEqual(
      rules.map(({ met }) => met),
      [0, 0],
    );
    await session.buy([...names, 'example.com']);
    assert.deepEqual(
      rules.map(({ met }) => met),
      [1, 1],
    );
    const [first, second] = session.ca.books.certificates;
    assert.equal(second?.serialHex, first?.serialHex);
    assert.deepEqual(session.ca.books.bugs, []);
  });

  it('takes profiles away that are asked for', async () => {
    const { ca, client } = await createSession({ settings: { profiles: { classic: 'as ever' } } });
    ca.misbehave({ on: 'newOrder', how: 'noProfiles' });
    assert.equal(typeOf(await client.newOrder(names, { profile: 'classic' })), 'invalidProfile');
    assert.equal((await client.newOrder(names, { profile: 'classic' })).status, 201);
  });

  it('follows its script', async () => {
    const session = await createSession();
    session.ca.script('newOrder', 'badNonce', 'polite', 'noLocation', { problem: 'rateLimited' });
    const found: string[] = [];
    for (let call = 0; call < 5; call++) {
      const reply = await session.client.newOrder(names);
      found.push(reply.status === 201 ? (reply.headers.get('location') ?? 'none') : typeOf(reply));
    }
    const url = 'https://ca.example/order/';
    assert.deepEqual(found, ['badNonce', `${url}1`, 'none', 'rateLimited', `${url}3`]);
  });

  it('happens as often as its rate says, and at the same calls with the same seed', async () => {
    const run = async (seed: number) => {
      const session = await createSession({ seed, preset: 'pebble' });
      session.ca.misbehave({ on: 'newOrder', how: busy, rate: 0.3 });
      const statuses = await outcomes(session, 200);
      return { statuses, paths: session.ca.calls().map(({ url, text }) => `${url} ${text}`) };
    };
    const [first, same, other] = [await run(7), await run(7), await run(8)];
    const busyCount = first.statuses.filter((status) => status === 503).length;
    assert.ok(busyCount > 40 && busyCount < 80, `${busyCount} of 200`);
    const nonces = first.statuses.filter((status) => status === 400).length;
    assert.ok(nonces > 1 && nonces < 25, `${nonces} bad nonces of 200`);
    assert.deepEqual(same.statuses, first.statuses);
    assert.deepEqual(same.paths.slice(-100), first.paths.slice(-100));
    assert.notDeepEqual(other.statuses, first.statuses);
  });

  it('that can never happen is refused at once', () => {
    const { ca } = createCa();
    assert.throws(() => ca.misbehave({ on: 'newNonce', how: 'anotherKey' }), /anotherKey cannot happen at newNonce/);
    assert.throws(() => ca.misbehave({ on: 'issue', how: { status: 500 } }), /status 500 cannot happen at issue/);
    assert.throws(() => ca.script('directory', 'badNonce'), /badNonce cannot happen at directory/);
  });
});

describe('what the ACME CA of the tests answers when it is told to', () => {
  it('is any problem, with all that belongs to it', async () => {
    const { ca, client } = await createSession();
    const identifier = { type: 'dns', value: 'www.example.com' };
    const rows = [
      ['rateLimited', 429],
      ['rejectedIdentifier', 400],
      ['caa', 403],
      ['unauthorized', 403],
      ['accountDoesNotExist', 400],
      ['userActionRequired', 403],
      ['badPublicKey', 400],
      ['serverInternal', 500],
    ] as const;
    for (const [problem, status] of rows) {
      ca.misbehave({
        on: 'newOrder',
        how: {
          problem,
          detail: 'so it is',
          retryAfter: 604_800,
          instance: 'https://ca.example/x',
          subproblems: [{ identifier }],
        },
      });
      const reply = await client.newOrder(names);
      const type = `urn:ietf:params:acme:error:${problem}`;
      assert.equal(reply.status, status);
      assert.equal(reply.headers.get('retry-after'), '604800');
      assert.deepEqual(reply.body, {
        type,
        detail: 'so it is',
        status,
        instance: 'https://ca.example/x',
        subproblems: [{ type, detail: 'so it is', identifier }],
      });
    }
    assert.equal(ca.books.orders.length, 0);
    ca.misbehave({ on: 'newOrder', how: { problem: 'serverInternal', status: 503 } });
    assert.equal((await client.newOrder(names)).status, 503);
  });

  it('is a refusal of what it has done all the same', async () => {
    const session = await createSession();
    const { ca, client } = session;
    ca.misbehave({ on: 'finalize', how: { problem: 'urn:example:own', status: 400, hasActed: true } });
    const { finalized, url } = await session.buy(names);
    assert.deepEqual([finalized.status, finalized.body.type], [400, 'urn:example:own']);
    assert.equal((await client.post(url)).body.status, 'valid');
  });

  it('is the fault of a proof, or of an order that it cannot fulfil', async () => {
    const session = await createSession();
    const { ca, client } = session;
    for (const problem of ['connection', 'dns', 'unauthorized', 'caa']) {
      ca.misbehave({ on: 'validate', how: { problem, detail: 'told so' } });
      const order = await client.newOrder(names);
      await session.prove(order);
      const { body } = await client.post(order.headers.get('location') ?? '');
      assert.equal(body.status, 'invalid');
      assert.deepEqual([body.error.type, body.error.detail], [`urn:ietf:params:acme:error:${problem}`, 'told so']);
      assert.deepEqual(body.error.subproblems[0].identifier, { type: 'dns', value: 'www.example.com' });
    }
    assert.equal(ca.books.failedValidations.length, 4);
    ca.misbehave({ on: 'issue', how: { problem: 'caa' } });
    const { url, finalized } = await session.buy(names);
    assert.equal(finalized.body.status, 'processing');
    const { body } = await client.post(url);
    assert.deepEqual([body.status, body.error.type], ['invalid', 'urn:ietf:params:acme:error:caa']);
  });

  it('is any status, body and header instead', async () => {
    const { ca, client } = await createSession();
    const headers = { 'retry-after': '30' };
    ca.misbehave({ on: 'newOrder', how: { status: 502, body: 'no', contentType: 'text/plain', headers } });
    const reply = await client.newOrder(names);
    assert.deepEqual([reply.status, reply.text, reply.headers.get('retry-after')], [502, 'no', '30']);
    assert.equal(reply.headers.get('replay-nonce'), null);
  });

  it('says when to come again in any form', async () => {
    const { ca, client } = await createSession();
    const at = new Date('2026-06-08T00:00:00Z');
    for (const [retryAfter, expected] of [
      [604_800, '604800'],
      [at, 'Mon, 08 Jun 2026 00:00:00 GMT'],
      ['soon', 'soon'],
      [null, null],
    ] as const) {
      ca.misbehave({ on: 'newOrder', how: { retryAfter } });
      assert.equal((await client.newOrder(names)).headers.get('retry-after'), expected);
    }
  });

  it('is whatever a test makes of it', async () => {
    const { ca, client } = await createSession();
    ca.misbehave({
      on: 'newOrder',
      how: {
        change(body) {
          body.finalize = 7;
        },
      },
    });
    assert.equal((await client.newOrder(names)).body.finalize, 7);
  });

  it('takes its time by the clock of the test, and goes on when the caller has gone', async () => {
    const session = await createSession({ settings: { finalize: { isSynchronous: true, takesMs: 45_000 } } });
    const { ca, client, clock } = session;
    const order = await client.newOrder(names);
    await session.prove(order);
    const gone = new AbortController();
    const csr = await csrFor(names);
    const call = client.post(order.body.finalize, { csr }, { signal: gone.signal });
    const ended = assert.rejects(call, { message: 'gone' });
    await until(() => clock.sleeping === 1, 'the CA is at work');
    assert.equal((await client.post(order.headers.get('location') ?? '')).body.status, 'processing');
    gone.abort(new Error('gone'));
    await ended;
    await clock.advance(45_000);
    assert.equal((await client.post(order.headers.get('location') ?? '')).body.status, 'valid');
    assert.equal(ca.calls('finalize')[0]?.outcome, 'replyLost');

    ca.misbehave({ on: 'newOrder', how: { takesMs: minuteMs } });
    const slow = client.newOrder(names);
    await until(() => clock.sleeping === 1, 'the CA is at work again');
    await clock.advance(minuteMs);
    assert.equal((await slow).status, 201);
    ca.misbehave({ on: 'newOrder', how: { upToMs: minuteMs } });
    const random = client.newOrder(names);
    await until(() => clock.sleeping === 1, 'the CA sleeps');
    assert.ok((clock.nextWakeMs ?? minuteMs) < minuteMs);
    await clock.advance(minuteMs);
    assert.equal((await random).status, 201);
  });
});

describe('the ACME CA of the tests', () => {
  it('moves, so that cached URLs are gone', async () => {
    const { ca, client } = await createSession();
    ca.move('newOrder', 'renewalInfo');
    assert.equal((await client.newOrder(names)).status, 404);
    const { body } = await client.get(ca.directoryUrl);
    assert.match(body.renewalInfo, /\/moved\//);
    assert.equal((await client.post(body.newOrder, { identifiers: [{ type: 'dns', value: names[0] }] })).status, 201);
    ca.move();
    const moved = await createRawClient(ca.fetch, ca.directoryUrl);
    assert.equal((await moved.register()).status, 201);
  });

  it('forgets orders, and lets them run out', async () => {
    const { ca, client } = await createSession();
    const urls = [await client.newOrder(names), await client.newOrder(names)].map(
      ({ headers }) => headers.get('location') ?? '',
    );
    const [first, second] = ca.books.orders;
    assert.ok(first && second);
    ca.forgetOrder(first);
    ca.expireOrder(second);
    assert.equal((await client.post(urls[0] ?? '')).status, 404);
    assert.equal((await client.post(urls[1] ?? '')).body.status, 'invalid');
  });

  it('has a clock of its own', async () => {
    const session = await createSession({ settings: { clockSkewMs: 3 * 86_400_000 } });
    await session.buy(names);
    await session.ca.catchUp();
    const [certificate] = session.ca.books.certificates;
    assert.ok(certificate && certificate.notBefore > session.clock.now());
  });

  it('charges a second finalize where it is set to', async () => {
    const session = await createSession({ settings: { finalizeAgain: 'issue' } });
    const { order, url } = await session.buy(names);
    const csr = await csrFor(names);
    assert.equal((await session.client.post(order.body.finalize, { csr })).status, 200);
    assert.deepEqual(session.ca.counted(), { 'www.example.com': 2 });
    session.ca.settings.finalizeAgain = 'same';
    assert.equal((await session.client.post(order.body.finalize, { csr })).body.status, 'valid');
    assert.deepEqual(session.ca.counted(), { 'www.example.com': 2 });
    assert.equal((await session.client.post(url)).body.status, 'valid');
  });

  it('has every request in its books', async () => {
    const { ca, client } = await createSession();
    await client.newOrder(names);
    const [call] = ca.calls('newOrder');
    assert.ok(call);
    assert.equal(call.account, ca.books.accounts[0]);
    assert.deepEqual(call.payload, { identifiers: [{ type: 'dns', value: names[0] }] });
    assert.deepEqual([call.status, call.outcome, call.problem], [201, 'answered', undefined]);
    assert.equal(JSON.parse(call.text ?? '').status, 'pending');
    await client.newOrder([]);
    assert.equal(ca.calls('newOrder')[1]?.problem, 'malformed');
  });
});
