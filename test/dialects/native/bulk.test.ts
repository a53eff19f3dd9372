/** One act on many objects: each as if done alone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { operations } from '../../../src/dialects/native/operations.ts';
import { bulkActions } from '../../../src/dialects/native/schema/bulk.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { createSession, failJob, lockedIssuer, type NativeSession, placeOrder, seedCsr } from './session.ts';

const codeIs = (code: string) => (thrown: unknown) => thrown instanceof CertError && thrown.code === code;

describe('a bulk act', () => {
  it('is of a call that there is, which takes nothing else but what all of them are given', () => {
    for (const [action, field] of Object.entries(bulkActions)) {
      const operation = operations.find(({ id }) => id === action);
      assert.ok(operation, action);
      assert.equal(operation.method, 'POST');
      const given = { [field]: '1', reason: 'superseded', note: 'n' };
      const isTaken = [
        given,
        { [field]: '1', reason: 'superseded' },
        { [field]: '1', note: 'n' },
        { [field]: '1' },
      ].some((input) => operation.request.safeParse(input).success);
      assert.ok(isTaken, action);
    }
  });

  it('answers each by itself, and one that is refused changes nothing for the others', async () => {
    const session = await createSession();
    const first = await placeOrder(session, ['a.example.com']);
    const second = await placeOrder(session, ['b.example.com']);
    const ids = [first.id, 'nosuch', String(second.number), first.id];
    const { results } = await session.client.bulk.act({ action: 'orders.cancel', ids });
    assert.deepEqual(
      results.map(({ id, status, problem }) => [id, status, problem?.code]),
      [
        [first.id, 200, undefined],
        ['nosuch', 404, 'notFound'],
        [String(second.number), 200, undefined],
      ],
    );
    const again = await session.client.bulk.act({ action: 'orders.cancel', ids: [first.id] });
    assert.equal(again.results[0]?.status, 409);
    const { items } = await session.operator.events.list({ kind: 'order.cancelled' });
    assert.equal(items.length, 2, 'each has an event of its own');
  });

  it('is done once for one idempotency key', async () => {
    const session = await createSession();
    const { id } = await placeOrder(session, ['a.example.com']);
    const act = () => session.client.bulk.act({ action: 'orders.cancel', ids: [id] }, { idempotencyKey: 'k' });
    assert.deepEqual(await act(), await act());
  });

  it('refuses what is left after 25 seconds, and has done nothing to it', async () => {
    const session = await createSession();
    const orders = [];
    for (const name of ['a', 'b', 'c', 'd']) orders.push(await placeOrder(session, [`${name}.example.com`]));
    const ids = orders.map(({ id }) => id);
    // Each look at the clock finds nine seconds more: the first is of the beginning.
    const { clock } = session.app;
    const { monotonicMs } = clock;
    let looks = 0;
    clock.monotonicMs = () => monotonicMs() + 9_000 * looks++;
    const { results } = await session.client.bulk.act({ action: 'orders.cancel', ids });
    clock.monotonicMs = monotonicMs;
    const statuses = results.map(({ status }) => status);
    assert.deepEqual([statuses[0], statuses.at(-1)], [200, 503], statuses.join());
    assert.match(results.at(-1)?.problem?.detail ?? '', /took too long/);
    for (const [index, { id }] of results.entries()) {
      const { state } = await session.client.orders.show({ order: id });
      assert.equal(state, statuses[index] === 200 ? 'cancelled' : 'open', id);
    }
  });

  it('retries and discards jobs that were given up', async () => {
    const session = await createSession({ issuer: lockedIssuer });
    await failJob(session);
    const { operator } = session;
    const jobs = async (state?: 'failed') => (await operator.jobs.list({ state })).items.map(({ id }) => id);
    const [failed = assert.fail('one has failed')] = await jobs('failed');
    const codes = async (action: 'jobs.retry' | 'jobs.discard', ids: string[]) =>
      (await operator.bulk.act({ action, ids })).results.map(({ status, problem }) => problem?.code ?? status);
    const one = (await operator.jobs.list({ state: 'failed' })).items[0];
    const alone = await operator.jobs.retry({ job: failed }).then(
      () => 200,
      (thrown) => (thrown as CertError).code,
    );
    assert.ok(one);
    assert.deepEqual(await codes('jobs.retry', [failed, 'nosuch']), [alone, 'notFound']);
    assert.deepEqual(await codes('jobs.discard', [failed]), [200]);
    assert.deepEqual(await jobs('failed'), []);
    await assert.rejects(session.client.bulk.act({ action: 'jobs.discard', ids: [failed] }), codeIs('forbidden'));
  });

  it('is refused as a whole to who may not do one of them, and for more than 200', async () => {
    const session = await createSession({ roles: ['viewer'] });
    await assert.rejects(session.client.bulk.act({ action: 'orders.cancel', ids: ['1'] }), codeIs('forbidden'));
    const ids = Array.from({ length: 201 }, (_, n) => String(n));
    await assert.rejects(session.operator.bulk.act({ action: 'orders.cancel', ids }), codeIs('invalidField'));
    await assert.rejects(
      session.operator.bulk.act({ action: 'approvals.approve', ids: ids.slice(0, 51) }),
      codeIs('invalidField'),
    );
  });

  it('decides just the versions that were looked at', async () => {
    const session = await createSession({ account: { name: 'Acme', approval: 'manual' } });
    await placeOrder(session, ['a.example.com']);
    await placeOrder(session, ['b.example.com']);
    const [one, other] = (await session.operator.approvals.list({ waiting: 'true' })).items;
    assert.ok(one && other);
    const { results } = await session.operator.bulk.act({
      action: 'approvals.approve',
      ids: [one.id, other.id],
      versions: { [one.id]: one.version, [other.id]: other.version + 1 },
    });
    assert.deepEqual(
      results.map(({ status, problem }) => [status, problem?.code]),
      [
        [200, undefined],
        [409, 'conflict'],
      ],
    );
  });

  it('does not reach another account', async () => {
    const session = await createSession();
    const other = await session.operator.accounts.create({ name: 'B' });
    const { credential } = await session.operator.credentials.create({
      account: other.id,
      label: 'x',
      roles: ['viewer'],
    });
    const { results } = await session.client.bulk.act({ action: 'credentials.revoke', ids: [credential.id] });
    assert.equal(results[0]?.status, 404);
  });
});

describe('a bulk decision', () => {
  const manual = { approval: 'manual' } as const;
  const requestsOf = async ({ client }: NativeSession) =>
    (await client.approvals.list({ waiting: 'true' })).items.map(({ id }) => id);

  it('approves each, with an event and a decision of its own', async () => {
    const session = await createSession({ account: manual });
    for (const name of ['a.example.com', 'b.example.com']) await placeOrder(session, [name]);
    const ids = await requestsOf(session);
    const { results } = await session.client.bulk.act({ action: 'approvals.approve', ids, note: 'as agreed' });
    assert.deepEqual(
      results.map(({ id, status }) => [id, status]),
      ids.map((id) => [id, 200]),
    );
    assert.deepEqual(await requestsOf(session), []);
    for (const approval of ids) {
      const { decisions } = await session.client.approvals.show({ approval });
      assert.deepEqual(
        decisions.map(({ note }) => note),
        ['as agreed'],
      );
    }
    const again = await session.client.bulk.act({ action: 'approvals.reject', ids, note: 'no' });
    assert.deepEqual(
      again.results.map(({ problem }) => problem?.code),
      ids.map(() => 'wrongState'),
      'none is decided twice',
    );
  });

  it('of several products is refused as a whole, and decides none', async () => {
    const session = await createSession({ account: manual });
    await placeOrder(session, ['a.example.com']);
    await session.client.orders.place({
      productCode: 'encryption365:paid',
      csr: seedCsr,
      names: ['b.example.com'],
    });
    const ids = await requestsOf(session);
    assert.equal(ids.length, 2);
    await assert.rejects(
      session.client.bulk.act({ action: 'approvals.approve', ids }),
      (thrown) => thrown instanceof CertError && /product/.test(thrown.message),
    );
    assert.deepEqual(await requestsOf(session), ids);
  });
});
