/** Jobs as operators see and change them: nothing that somebody waits for hangs, whatever is discarded. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { isGivenUp, jobKinds } from '../../../src/domain/job.ts';
import { createCustomer, issue, startTestApp, type TestApp, type TestAppOptions } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
afterEach(() => app.close());

const locked: NonNullable<TestAppOptions['issuer']> = (embedded) => ({
  ...embedded,
  sign: () => Promise.reject(new Error('the token is locked')),
});

/** An order that is never signed, and the job that tries. */
async function orderThatFails() {
  app = await startTestApp({ issuer: locked });
  const { caller } = await createCustomer(app, { balanceMinor: 100_000, roles: ['requester', 'administrator'] });
  app.checks.place('www.example.com');
  const view = await issue(app, caller, ['www.example.com'], { productCode: 'paid' });
  const [job] = (await app.ports.jobs.list(app.operator, { kind: 'issue', limit: 10 })).items;
  assert.ok(job, 'it waits for its next try');
  return { caller, view, job };
}

async function untilGivenUp(stepSeconds = 300): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await app.ports.jobs.list(app.operator, { state: 'failed', limit: 1 })).items.length > 0) return;
    await app.advance(stepSeconds);
  }
  assert.fail('it is given up');
}

describe('a list of jobs', () => {
  it('is narrowed by state, kind and subject, and counted; pages follow one another', async () => {
    const { job } = await orderThatFails();
    assert.equal(job.state, 'waiting');
    assert.equal(job.lastError, 'the token is locked');
    assert.ok(job.runAt > app.clock.now());
    const of = async (filter: object) =>
      (await app.ports.jobs.list(app.operator, { ...filter, limit: 100, withTotal: true })).total;
    assert.deepEqual(await of({ subject: job.subject }), { count: 1, isMore: false });
    assert.deepEqual(await of({ subject: job.subject, kind: 'issue' }), { count: 1, isMore: false });
    assert.deepEqual(await of({ subject: job.subject, kind: 'validate' }), { count: 0, isMore: false });
    assert.deepEqual(await of({ state: 'failed' }), { count: 0, isMore: false });
    await app.database.write(async (tx) => {
      for (const subject of ['a', 'b', 'c']) await tx.jobs.enqueue({ kind: 'purge', subject, runAt: new Date(8e12) });
    });
    const first = await app.ports.jobs.list(app.operator, { kind: 'purge', limit: 2 });
    assert.deepEqual(
      first.items.map(({ subject }) => subject),
      ['a', 'b'],
    );
    const after = first.next ?? assert.fail('there is more');
    const second = await app.ports.jobs.list(app.operator, { kind: 'purge', limit: 2, after });
    assert.deepEqual(
      second.items.map(({ subject }) => subject),
      ['c'],
    );
    assert.equal(second.next, null);
  });
});

describe('a retry', () => {
  it('runs a job at once whose last run failed, as if it never had', async () => {
    const { job } = await orderThatFails();
    const before = job.attempts;
    assert.ok(before > 0);
    const retried = await app.ports.jobs.retry(app.operator, job.id);
    assert.deepEqual([retried.state, retried.attempts, retried.runAt], ['waiting', 0, app.clock.now()]);
    await app.idle();
    const [again] = (await app.ports.jobs.list(app.operator, { kind: 'issue', limit: 1 })).items;
    assert.equal(again?.attempts, 1);
  });

  it('is refused where what it worked for failed with it, and for what is no job that failed', async () => {
    const { job } = await orderThatFails();
    await untilGivenUp();
    await assert.rejects(app.ports.jobs.retry(app.operator, job.id), refused('jobOver'));
    await assert.rejects(app.ports.jobs.retryAll(app.operator, 'issue'), refused('jobOver'));
    await assert.rejects(app.ports.jobs.retry(app.operator, 'job_none'), refused('notFound'));
  });

  it('of a delivery that was given up sends it again as a new one', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app, { balanceMinor: 100_000, roles: ['requester', 'administrator'] });
    await app.ports.webhooks.add(caller, { url: 'https://hooks.example/', events: null, secret: null });
    app.hooks.answer(500);
    app.checks.place('www.example.com');
    await issue(app, caller, ['www.example.com']);
    // Deliveries are tried for three days.
    await untilGivenUp(21_600);
    const failed = (await app.ports.jobs.list(app.operator, { state: 'failed', limit: 10 })).items;
    assert.deepEqual([...new Set(failed.map(({ kind }) => kind))], ['deliver']);
    app.hooks.answer(200);
    const changed = await app.ports.jobs.retryAll(app.operator, 'deliver');
    assert.deepEqual(changed, { done: failed.length, refused: 0, isMore: false });
    await app.idle();
    const { items } = await app.ports.webhooks.deliveries(caller, { limit: 100, state: 'delivered' });
    assert.equal(items.length, failed.length);
    assert.equal((await app.ports.jobs.list(app.operator, { state: 'failed', limit: 1 })).items.length, 0);
  });
});

describe('discarding', () => {
  it('a job that an order waits for fails the order and refunds it, in the audit log', async () => {
    const { caller, view, job } = await orderThatFails();
    const { balanceMinor: charged } = await app.ports.accounts.get(caller, caller.scope);
    await app.ports.jobs.discard(app.operator, job.id);
    await app.idle();
    const { order, issuance } = await app.ports.orders.get(caller, { id: view.order.id });
    assert.deepEqual([order.state, issuance.state, issuance.failure?.key], ['failed', 'failed', 'workFailed']);
    const { balanceMinor } = await app.ports.accounts.get(caller, caller.scope);
    assert.ok(balanceMinor > charged, 'it is refunded');
    assert.equal((await app.ports.jobs.list(app.operator, { kind: 'issue', limit: 1 })).items.length, 0);
    const { items } = await app.ports.events.list(app.operator, { limit: 20 });
    const discarded = items.find(({ kind }) => kind === 'job.discarded');
    assert.deepEqual(
      [discarded?.actor, discarded?.subject, discarded?.data.job],
      [app.operator.actor, job.subject, job.id],
    );
  });

  it('one that was given up only removes it', async () => {
    const { caller, view, job } = await orderThatFails();
    await untilGivenUp();
    const before = await app.ports.accounts.get(caller, caller.scope);
    assert.deepEqual(await app.ports.jobs.discardAll(app.operator, 'issue'), { done: 1, refused: 0, isMore: false });
    await assert.rejects(app.ports.jobs.discard(app.operator, job.id), refused('notFound'));
    assert.equal((await app.ports.orders.get(caller, { id: view.order.id })).order.state, 'failed');
    assert.equal((await app.ports.accounts.get(caller, caller.scope)).balanceMinor, before.balanceMinor);
  });

  for (const kind of jobKinds.filter((one) => !isGivenUp(one)))
    it(`${kind} is refused: it is tried until it succeeds`, async () => {
      app = await startTestApp({ works: false });
      await assert.rejects(app.ports.jobs.discardAll(app.operator, kind), refused('jobKept'));
    });

  it('is for operators alone', async () => {
    const { caller, job } = await orderThatFails();
    await assert.rejects(app.ports.jobs.discard(caller, job.id), refused('roleMissing'));
    await assert.rejects(app.ports.jobs.list(caller, { limit: 1 }), refused('roleMissing'));
  });
});
