/**
 * What holds for every issuer, whenever the process dies and whatever the upstream does: never two upstream orders for one
 * issuance, never a certificate without a row, and every issuance ends or waits for the operator with a reason.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it, type TestContext } from 'node:test';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import type { UpstreamOrder } from '../../src/domain/upstream-order.ts';
import { type Customer, createCustomer, issue, place, startTestApp, type TestApp } from '../support/app.ts';
import { createNastyUpstream, type Mishap, type NastyUpstream, type Operation } from '../support/nasty-upstream.ts';
import { until } from '../support/system.ts';
import { createUpstreamIssuer } from '../support/upstream-issuer.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
afterEach(() => app.close());

const name = 'a.example.com';
const issuers = ['embedded', 'upstream'] as const;

async function begin(isIdempotent: boolean): Promise<void> {
  const clock = () => app.clock;
  upstream = await createNastyUpstream(clock);
  app = await startTestApp({ upstreams: [createUpstreamIssuer(upstream, clock, { isIdempotent, pollSeconds: 600 })] });
  customer = await createCustomer(app);
  // So that the next order of the name is issued in the call that places it.
  await issue(app, customer.caller, [name]);
}

const order = (issuerId: string) => place(app, customer.caller, [name], { issuerId });
const issuanceOf = ({ issuance }: OrderView) => app.database.read.issuances.get(issuance.id);

/** From this write on the process is dead: nothing that it does is on the disk. `kept`: this write still is, its answer is not. */
function dieAtWrite(t: TestContext, at: number, isKept: boolean) {
  let writes = 0;
  const database = app.context.database;
  const write = database.write.bind(database);
  const mock = t.mock.method(database, 'write', async (...call: Parameters<typeof write>) => {
    writes++;
    if (writes === at && isKept) await write(...call);
    if (writes >= at) throw new Error('the process is dead');
    return write(...call);
  });
  return { isDead: () => writes >= at, restore: () => mock.mock.restore() };
}

/** Nothing that was under way goes on. */
async function stop(): Promise<void> {
  const stopping = app.context.queue.stop(0);
  await app.clock.advance(1000);
  await stopping;
}

async function assertGood(view: OrderView): Promise<void> {
  const issuance = await issuanceOf(view);
  assert.ok(issuance);
  assert.ok(upstream.orders.length <= 1, 'never two upstream orders for one issuance');
  const { items } = await app.ports.certificates.list(app.operator, { limit: 100 });
  const own = items.filter(({ issuanceId }) => issuanceId === issuance.id);
  const isWaiting = issuance.state === 'issuing' && issuance.rest?.turn === 'operator';
  assert.ok(isWaiting || ['issued', 'failed', 'cancelled'].includes(issuance.state), `it is ${issuance.state}`);
  assert.equal(own.length, issuance.state === 'issued' ? 1 : 0);
  for (const { der, clientReference } of upstream.orders) {
    if (der === undefined || isWaiting) continue;
    assert.equal(clientReference, issuance.id);
    const kept: UpstreamOrder | undefined = await app.database.read.upstreamOrders.get(issuance.id);
    const rows: readonly Uint8Array[] = [...own.map((one) => one.der), kept?.evidence?.der ?? Buffer.alloc(0)];
    assert.ok(
      rows.some((row) => Buffer.from(der).equals(row)),
      'a certificate without a row',
    );
  }
}

describe('a process that dies at any write', () => {
  for (const issuerId of issuers) {
    for (const isKept of [false, true]) {
      it(`${isKept ? 'after' : 'before'} its commit repeats nothing and loses nothing: ${issuerId}`, async (t) => {
        for (let at = 2; ; at++) {
          await begin(false);
          const death = dieAtWrite(t, at, isKept);
          const view = await order(issuerId);
          await until(
            async () => death.isDead() || (await issuanceOf(view))?.state === 'issued',
            'it is dead, or the certificate is there',
          );
          await stop();
          const isOver = !death.isDead();
          death.restore();
          app = await app.restart();
          await app.advance(3600);
          await assertGood(view);
          if (isOver) {
            assert.ok(at > 2, 'no death was early enough to prove anything');
            return;
          }
          await app.close();
        }
      });
    }
  }
});

const mishaps: readonly (readonly [Operation, readonly Mishap[]])[] = [
  ['place', ['loseRequest']],
  ['place', ['loseReply']],
  ['place', ['garbage']],
  ['status', ['loseRequest', 'loseReply', 'garbage']],
  ['find', ['loseReply', 'loseRequest']],
];

describe('an upstream', () => {
  for (const isIdempotent of [false, true]) {
    for (const isSlow of [false, true]) {
      for (const [operation, what] of mishaps) {
        const kind = `${isSlow ? 'slow' : 'quick'}, ${isIdempotent ? 'takes an order once' : 'knows no idempotency'}`;
        it(`(${kind}) with ${operation}: ${what.join(', ')} gets one order at most`, async () => {
          await begin(isIdempotent);
          upstream.isSlow = isSlow;
          upstream.spoil(operation, ...what);
          if (operation === 'find') upstream.spoil('place', 'loseReply');
          const view = await order('upstream');
          await app.advance(1800);
          for (const { reference, state } of upstream.orders) {
            if (state === 'pending') await upstream.decide(reference, 'issued');
          }
          await app.advance(3600);
          await assertGood(view);
          if (upstream.orders.length === 1) assert.equal((await issuanceOf(view))?.state, 'issued');
        });
      }
    }
  }
});
