/** Every POST with an `Idempotency-Key`: sent twice it is done once, and answered the same. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { takesKey } from '../../../src/dialects/native/idempotency.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { operations } from '../../../src/dialects/native/operations.ts';
import { beginExchange } from '../../support/dialect-harness.ts';
import { isSuccess, operationOf } from '../../support/examples.ts';
import { readExchanges, requestOf } from '../../support/exchange.ts';
import { queryOutside } from '../../support/tables.ts';
import { harness } from './harness.ts';
import { baseUrl, createSession, type NativeSession, seedCsr } from './session.ts';

const posts = operations.filter(({ method }) => method === 'POST');

/** All may be repeated as they are; of the first two nobody is known who could own the key. */
const withoutKey = {
  'session.create': 'a sign-in answers with the secret of a session; a second one ends the session that it replaces',
  'keys.report': 'a key that is reported already stays reported',
  'certificates.privateKey': 'reads: a second copy of a private key is not kept',
  'authorities.exportKey': 'reads: no copy of the key of a root stays where it is then removed',
} as const;

/** No exchange shows their success: the request holds what a CA makes for this very server. Those tests send it. */
const ofFiles: Readonly<Record<string, string>> = {
  'authorities.install': 'test/scenarios/outside-root.test.ts',
  'authorities.uploadList': 'test/scenarios/outside-root.test.ts',
  'authorities.removeKey': 'test/scenarios/offline-root.test.ts',
};

const header = 'idempotency-key';

describe('every POST', () => {
  it('takes a key, but for those that have no caller', () => {
    const without = posts.filter((operation) => !takesKey(operation)).map(({ id }) => id);
    assert.deepEqual(without.toSorted(), Object.keys(withoutKey).toSorted());
    for (const operation of posts)
      assert.equal('Idempotency-Key' in (operation.requestHeaders ?? {}), takesKey(operation), operation.id);
  });

  const exchanges = readExchanges(native.name);
  it('that needs files has no exchange of a success', () => {
    for (const id of Object.keys(ofFiles))
      assert.ok(!exchanges.some((one) => operationOf(native, one)?.id === id && isSuccess(one)), id);
  });

  for (const operation of posts.filter((one) => takesKey(one) && !(one.id in ofFiles))) {
    it(`${operation.id} is done once, and answered the same twice`, async () => {
      const exchange = exchanges.find((one) => operationOf(native, one)?.id === operation.id && isSuccess(one));
      assert.ok(exchange, 'there is an exchange of a success');
      const session = await beginExchange(harness, exchange);
      const send = (cookie?: string) => {
        const request = requestOf(exchange, session.baseUrl, session.variables);
        request.headers.set(header, 'once');
        if (cookie !== undefined) request.headers.set('cookie', cookie);
        return session.fetch(request);
      };
      const first = await send();
      // Whoever confirms who they are gets another secret for their session, and goes on with that.
      const renewed = first.headers.get('set-cookie')?.split(';')[0];
      const answer = await first.text();
      assert.equal(first.status, exchange.response.status, answer);
      await session.app.idle();
      const events = await session.app.database.read.events.newest();
      const second = await send(renewed);
      assert.deepEqual([second.status, await second.text()], [first.status, answer]);
      assert.deepEqual(
        [first, second].map(({ headers }) => headers.get('idempotency-replayed')),
        [null, 'true'],
      );
      assert.equal(await session.app.database.read.events.newest(), events, 'nothing more has happened');
      await session.app.close();
    });
  }
});

function post(session: NativeSession, path: string, body: object, headers: Readonly<Record<string, string>>) {
  return session.fetch(
    new Request(`${baseUrl}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${session.operatorToken}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    }),
  );
}

const credit = (session: NativeSession, minor: number, headers: Readonly<Record<string, string>>) =>
  post(session, '/accounts/1/credits', { minor, currency: 'CNY' }, headers);

const balanceOf = async ({ operator }: NativeSession) => (await operator.accounts.show({ account: '1' })).balance.minor;

describe('a key', () => {
  it('of another request is refused, whichever operation it was', async () => {
    const session = await createSession();
    assert.equal((await credit(session, 100, { [header]: 'k' })).status, 201);
    const others = [
      credit(session, 200, { [header]: 'k' }),
      post(session, '/accounts', { name: 'B' }, { [header]: 'k' }),
    ];
    for (const answered of others) {
      const answer = await answered;
      assert.equal(answer.status, 409);
      assert.match(await answer.text(), /idempotency key \\"k\\" was already used for a different request/);
    }
  });

  it('means one request when twenty come at once', async () => {
    const session = await createSession({ patienceMs: 5000 });
    const before = await balanceOf(session);
    const answers = await Promise.all(Array.from({ length: 20 }, () => credit(session, 100, { [header]: 'k' })));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(await Promise.all(answers.map((answer) => answer.text()))).size, 1);
    assert.equal((await balanceOf(session)) - before, 100);
  });

  it('counts after a restart, and for a day', async () => {
    const session = await createSession();
    const before = await balanceOf(session);
    const first = await (await credit(session, 100, { [header]: 'k' })).text();
    await session.stayAway(23 * 3600);
    assert.equal(await (await credit(session, 100, { [header]: 'k' })).text(), first);
    await session.stayAway(2 * 3600);
    assert.equal((await credit(session, 100, { [header]: 'k' })).status, 201);
    assert.equal((await balanceOf(session)) - before, 200);
  });

  it('is free again when its request was refused', async () => {
    const session = await createSession();
    assert.equal(
      (await post(session, '/accounts/99/credits', { minor: 1, currency: 'CNY' }, { [header]: 'k' })).status,
      404,
    );
    assert.equal((await credit(session, 100, { [header]: 'k' })).status, 201);
  });

  it('is the caller’s own, and that of the account that an operator acts for', async () => {
    const session = await createSession();
    const add = (token: string, headers = {}) =>
      post(session, '/containers', { name: 'a' }, { authorization: `Bearer ${token}`, [header]: 'k', ...headers });
    const ids = [];
    for (const answer of [
      await add(session.token),
      await add(session.operatorToken, { 'certmux-account': '1' }),
      await add(session.operatorToken, { 'certmux-account': '1' }),
    ]) {
      const { id, code } = (await answer.json()) as { readonly id?: string; readonly code?: string };
      ids.push(id ?? code);
    }
    // Two of one name there are not, so that the second caller is refused, and not answered the container of the first.
    assert.match(String(ids[0]), /^cnt_/);
    assert.notEqual(ids[1], ids[0]);
  });

  it('of an order that failed places another one', async () => {
    const session = await createSession();
    const order = { productCode: 'encryption365:100', csr: seedCsr, names: ['trustocean.com'] };
    const place = () => session.client.orders.place(order, { idempotencyKey: 'k' });
    const first = await place();
    assert.equal((await place()).id, first.id);
    await session.client.orders.cancel({ order: first.id });
    assert.notEqual((await place()).id, first.id);
  });

  it('that is empty or too long is refused', async () => {
    const session = await createSession();
    for (const key of ['', 'k'.repeat(201)]) {
      const answer = await credit(session, 100, { [header]: key });
      assert.equal(answer.status, 422, key);
      assert.match(await answer.text(), /Idempotency-Key/);
    }
  });
});

it('An answer with a secret that is shown once lies in the database sealed.', async () => {
  const session = await createSession();
  const options = { idempotencyKey: 'k' };
  const first = await session.operator.credentials.create({ account: '1', label: 'x', roles: ['viewer'] }, options);
  const { token = assert.fail() } = first.clientSettings;
  const again = await session.operator.credentials.create({ account: '1', label: 'x', roles: ['viewer'] }, options);
  assert.deepEqual(again, first);
  const rows = queryOutside(session.app.databasePath, 'SELECT * FROM answered_requests');
  assert.equal(rows.length, 1);
  for (const value of rows.flatMap((row) => Object.values(row))) {
    const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
    assert.ok(!text.includes(token), text);
  }
});
