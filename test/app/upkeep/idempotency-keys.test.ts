/** Keys of requests that may come twice: what holds when the process stops in the middle. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import type { HeldKey, KeyState } from '../../../src/domain/ports/idempotency-keys.ts';
import { type Customer, createCustomer, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
beforeEach(async () => {
  app = await startTestApp({ isAlone: true });
  customer = await createCustomer(app);
});
afterEach(() => app.close());

const request = { key: 'k', fingerprint: 'f' };
const operator = (requestId: string): Caller => ({ ...app.operator, requestId });
const begin = (requestId: string, wanted = request) => app.ports.idempotencyKeys.begin(operator(requestId), wanted);

function heldBy(state: KeyState): HeldKey {
  assert.ok(state.kind === 'held', state.kind);
  return state.held;
}

const credit = (requestId: string) =>
  app.ports.accounts.credit(operator(requestId), customer.account.id, { amountMinor: 5, note: '' });

describe('a key', () => {
  it('is held by the first request, and answers the others what that one was', async () => {
    const held = heldBy(await begin('r1'));
    assert.deepEqual(await begin('r2'), { kind: 'underWay' });
    await app.ports.idempotencyKeys.keep(operator('r1'), held, '{"a":1}');
    assert.deepEqual(await begin('r3'), { kind: 'answered', answer: '{"a":1}', requestId: 'r1' });
  });

  it('is refused for another request, also while the first is under way', async () => {
    await begin('r1');
    await assert.rejects(begin('r2', { key: 'k', fingerprint: 'g' }), refused('idempotencyKeyReused'));
  });

  it('is let go of by nobody but its request', async () => {
    const held = heldBy(await begin('r1'));
    await assert.rejects(app.ports.idempotencyKeys.release(operator('r2'), held, true), refused('internal'));
    assert.deepEqual(await begin('r3'), { kind: 'underWay' });
    await app.ports.idempotencyKeys.release(operator('r1'), held, true);
    assert.equal((await begin('r3')).kind, 'held');
  });

  it('of a process that died before it did anything is taken by the next request', async () => {
    await begin('r1');
    app = await app.restart();
    const held = heldBy(await begin('r2'));
    await app.ports.idempotencyKeys.keep(operator('r2'), held, '2');
    assert.deepEqual(await begin('r3'), { kind: 'answered', answer: '2', requestId: 'r2' });
  });

  it('of a process that died after the act is refused, naming the request that did it', async () => {
    await begin('r1');
    await credit('r1');
    app = await app.restart();
    await assert.rejects(begin('r2'), refused('idempotencyKeyInterrupted'));
  });

  it('of a request that failed in a way that leaves it open is looked up in the audit log', async () => {
    const first = heldBy(await begin('r1'));
    await app.ports.idempotencyKeys.release(operator('r1'), first, false);
    const second = heldBy(await begin('r2'));
    await credit('r2');
    await app.ports.idempotencyKeys.release(operator('r2'), second, false);
    await assert.rejects(begin('r3'), refused('idempotencyKeyInterrupted'));
  });

  it('that is over means nothing, and goes', async () => {
    const held = heldBy(await begin('r1'));
    await app.ports.idempotencyKeys.keep(operator('r1'), held, '1');
    await app.advance(86_401);
    assert.equal((await begin('r2')).kind, 'held');
    const { database, clock } = app;
    assert.equal(
      await database.write((tx) => tx.answeredRequests.purge(new Date(clock.now().getTime() + 86_400_000), 9)),
      1,
    );
  });
});

it('A node that does not answer for two minutes is given up, and only then.', async () => {
  const shared = await startTestApp({ isAlone: false });
  try {
    const of = (requestId: string) => ({ ...shared.operator, requestId });
    await shared.ports.idempotencyKeys.begin(of('r1'), request);
    await shared.advance(119);
    assert.deepEqual(await shared.ports.idempotencyKeys.begin(of('r2'), request), { kind: 'underWay' });
    await shared.advance(2);
    assert.equal((await shared.ports.idempotencyKeys.begin(of('r3'), request)).kind, 'held');
  } finally {
    await shared.close();
  }
});
