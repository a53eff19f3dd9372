/**
 * What holds for every issuer, whenever the process dies and whatever the upstream does: never two upstream orders for one
 * issuance, never a certificate without a row, and every issuance ends or waits for the operator with a reason.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it, type TestContext } from 'node:test';
import { driveUpstream } from '../../src/app/issuing/upstream-step.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { laneOfIssuer } from '../../src/domain/job.ts';
import type { UpstreamIssuer } from '../../src/domain/ports/issuer.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';

import type { UpstreamOrder } from '../../src/domain/upstream-order.ts';
import { type Customer, createCustomer, issue, place, startTestApp, type TestApp } from '../support/app.ts';
import { createNastyUpstream, type Mishap, type NastyUpstream, type Operation } from '../support/nasty-upstream.ts';
import { until } from '../support/system.ts';
import { createRelayingIssuer, createUpstreamIssuer, ordersOf } from '../support/upstream-issuer.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
afterEach(() => app.close());

const name = 'a.example.com';
const issuers = ['embedded', 'upstream', 'relay'] as const;

async function begin(
  isIdempotent: boolean,
  change: (issuer: UpstreamIssuer) => UpstreamIssuer[] = (issuer) => [issuer],
  relays = false,
) {
  const clock = () => app.clock;
  upstream = await createNastyUpstream(clock);
  upstream.takesOnce = isIdempotent;
  const options = { isIdempotent, pollSeconds: 600 };
  upstream.relays = relays;
  const issuer = relays
    ? createRelayingIssuer(upstream, clock, { ...options, id: 'relay' })
    : createUpstreamIssuer(upstream, clock, options);
  app = await startTestApp({ upstreams: change(issuer) });
  customer = await createCustomer(app);
  // So that the next order of the name is issued in the call that places it.
  await issue(app, customer.caller, [name]);
}

const order = (issuerId: string) => place(app, customer.caller, [name], { issuerId });
const issuanceOf = ({ issuance }: OrderView) => app.database.read.issuances.get(issuance.id);

/** Time passes, in steps in which no call takes too long, until nothing of these is under way at an upstream. */
async function ends(views: readonly OrderView[]): Promise<void> {
  await until(async () => {
    await app.advance(30);
    return (await Promise.all(views.map(issuanceOf))).every((one) => one?.state !== 'issuing');
  }, 'the issuances have ended');
}

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

/** The customer chooses a method, places the proof and asks for a look, as far as the process lives to take that. */
async function proveToUpstream(view: OrderView, isDead: () => boolean): Promise<void> {
  const stateOf = async () => (await app.database.read.upstreamOrders.get(view.issuance.id))?.state;
  await until(async () => isDead() || (await stateOf()) === 'proving', 'it is dead, or there are challenges');
  const choices = [{ name: parseIdentifier(name, 'name'), choice: 'dnsTxt' }] as const;
  await app.ports.proving.chooseMethods(customer.caller, view.order, choices).catch(onlyIf(isDead));
  await until(async () => isDead() || upstream.calls.includes('changeMethod'), 'it is dead, or the method is changed');
  upstream.isProved = true;
  await recheck(view).catch(onlyIf(isDead));
}

const onlyIf = (isDead: () => boolean) => (thrown: unknown) => {
  if (!isDead()) throw thrown;
};

/** Where it waits for proofs. */
async function recheck(view: OrderView): Promise<void> {
  if ((await issuanceOf(view))?.state === 'awaitingValidation') {
    await app.ports.proving.recheck(customer.caller, view.order);
  }
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
  const bought = upstream.orders.filter(({ clientReference }) => clientReference === issuance.id);
  assert.ok(bought.length <= 1, 'never two upstream orders for one issuance');
  const { items } = await app.ports.certificates.list(app.operator, { limit: 100 });
  const own = items.filter(({ issuanceId }) => issuanceId === issuance.id);
  // One whose names the upstream checks is bought before they are proved.
  const isAtUpstream = issuance.state === 'issuing' || issuance.state === 'awaitingValidation';
  const isWaiting = isAtUpstream && issuance.rest?.turn === 'operator';
  assert.ok(isWaiting || ['issued', 'failed', 'cancelled'].includes(issuance.state), `it is ${issuance.state}`);
  assert.equal(own.filter(({ isWithheld }) => !isWithheld).length, issuance.state === 'issued' ? 1 : 0);
  const kept: UpstreamOrder | undefined = await app.database.read.upstreamOrders.get(issuance.id);
  const rows: readonly Uint8Array[] = [...own.map((one) => one.der), kept?.evidence?.der ?? Buffer.alloc(0)];
  for (const { der, delivered } of bought) {
    // Where its last answer was lost, nobody but the upstream has seen what it issued.
    const seen = der === undefined || isWaiting ? delivered : [...delivered, der];
    for (const one of seen) {
      assert.ok(
        rows.some((row) => Buffer.from(one).equals(row)),
        'a certificate without a row',
      );
    }
  }
}

describe('a process that dies at any write', () => {
  for (const issuerId of issuers) {
    for (const isKept of [false, true]) {
      it(`${isKept ? 'after' : 'before'} its commit repeats nothing and loses nothing: ${issuerId}`, async (t) => {
        for (let at = 2; ; at++) {
          await begin(false, undefined, issuerId === 'relay');
          const death = dieAtWrite(t, at, isKept);
          const view = await order(issuerId);
          if (issuerId === 'relay') await proveToUpstream(view, death.isDead);
          await until(
            async () => death.isDead() || (await issuanceOf(view))?.state === 'issued',
            'it is dead, or the certificate is there',
          );
          await stop();
          const isOver = !death.isDead();
          death.restore();
          app = await app.restart();
          await app.advance(3600);
          if (issuerId === 'relay') {
            upstream.isProved = true;
            await recheck(view);
            await app.advance(3600);
          }
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
  ['find', ['notYet']],
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
          // One that knew of no such order is searched again after half a day.
          await app.advance(what.includes('notYet') ? 13 * 3600 : 3600);
          await assertGood(view);
          if (upstream.orders.length === 1) assert.equal((await issuanceOf(view))?.state, 'issued');
        });
      }
    }
  }
});

const mayTakeOnce = [
  { isIdempotent: false, kind: 'knows no idempotency' },
  { isIdempotent: true, kind: 'takes an order once' },
] as const;

const relayMishaps: readonly (readonly [Operation, readonly Mishap[]])[] = [
  ...mishaps,
  ['check', ['loseRequest', 'loseReply']],
  ['changeMethod', ['loseReply', 'loseRequest']],
];

describe('an upstream that checks the names itself', () => {
  for (const isIdempotent of [false, true]) {
    for (const isPreparing of [false, true]) {
      for (const [operation, what] of relayMishaps) {
        const kind = `${isPreparing ? 'slow' : 'quick'}, ${isIdempotent ? 'takes an order once' : 'knows no idempotency'}`;
        it(`(${kind}) with ${operation}: ${what.join(', ')} gets one order at most`, async () => {
          await begin(isIdempotent, undefined, true);
          upstream.isPreparing = isPreparing;
          upstream.spoil(operation, ...what);
          if (operation === 'find') upstream.spoil('place', 'loseReply');
          const view = await order('relay');
          await app.advance(1800);
          for (const { reference, challengesUntil } of upstream.orders) {
            if (challengesUntil === undefined) upstream.prepare(reference);
          }
          // One that knew of no such order is searched again after half a day.
          await app.advance(what.includes('notYet') ? 13 * 3600 : 3600);
          const choices = [{ name: parseIdentifier(name, 'name'), choice: 'dnsTxt' }] as const;
          await app.ports.proving.chooseMethods(customer.caller, view.order, choices);
          upstream.isProved = true;
          await app.ports.proving.recheck(customer.caller, view.order);
          await app.advance(7200);
          await assertGood(view);
          if (upstream.orders.length === 1) assert.equal((await issuanceOf(view))?.state, 'issued');
        });
      }
    }
  }

  it('and is away for hours in the middle of it loses nothing', async () => {
    await begin(true, undefined, true);
    const view = await order('relay');
    await app.idle();
    upstream.isAway = true;
    upstream.isProved = true;
    await app.ports.proving.recheck(customer.caller, view.order);
    await app.advance(6 * 3600);
    assert.equal((await issuanceOf(view))?.state, 'awaitingValidation');
    upstream.isAway = false;
    await app.advance(2 * 3600);
    await assertGood(view);
    assert.deepEqual([(await issuanceOf(view))?.state, upstream.orders.length], ['issued', 1]);
  });

  it('and refuses after it accepted the proofs ends the issuance, with its reason', async () => {
    await begin(true, undefined, true);
    upstream.isSlow = true;
    const view = await order('relay');
    await app.idle();
    await upstream.accept('up-1');
    await app.advance(1200);
    assert.equal((await issuanceOf(view))?.state, 'issuing');
    await upstream.decide('up-1', 'refused');
    await app.advance(1200);
    await assertGood(view);
    assert.equal((await issuanceOf(view))?.failure?.key, 'issuerRefused');
  });
});

describe('an upstream that refuses after it accepted an order whose reply was lost', () => {
  for (const { isIdempotent, kind } of mayTakeOnce) {
    it(`(${kind}) ends the issuance, with its reason`, async () => {
      await begin(isIdempotent);
      upstream.isSlow = true;
      upstream.spoil('place', 'loseReply');
      const view = await order('upstream');
      await app.idle();
      const { reference } = upstream.orders[0] ?? assert.fail('it accepted the order');
      await upstream.decide(reference, 'refused');
      await app.advance(3600);
      await assertGood(view);
      const issuance = await issuanceOf(view);
      assert.deepEqual([issuance?.state, issuance?.failure?.key], ['failed', 'issuerRefused']);
      assert.equal(upstream.orders.length, 1);
    });
  }
});

/** Two runs of one step at the same time, as when a process that was held up goes on after another one has taken over. */
async function runTwice(view: OrderView): Promise<void> {
  const issuance = await issuanceOf(view);
  assert.ok(issuance);
  const now = app.clock.now();
  const lane = laneOfIssuer(issuance.issuerId);
  const job = { id: 'job_twice', kind: 'issue', subject: issuance.id, state: 'running', lane, runAt: now } as const;
  const run = () =>
    driveUpstream(
      app.context,
      { ...job, attempts: 1, lastError: null, createdAt: now } as unknown as Parameters<typeof driveUpstream>[1],
      issuance,
      new AbortController().signal,
    );
  assert.deepEqual(await Promise.all([run(), run()]), [{ kind: 'done' }, { kind: 'done' }]);
}

describe('an upstream that answers twice', () => {
  /** Answers of `resume` that have come, and are kept only when all of them have. */
  let answers: number;
  const together = (issuer: UpstreamIssuer): UpstreamIssuer[] => {
    const all = Promise.withResolvers<void>();
    answers = 0;
    return [
      {
        ...issuer,
        async resume(...call) {
          const outcome = await issuer.resume(...call);
          if (++answers === 2) all.resolve();
          await all.promise;
          return outcome;
        },
      },
    ];
  };

  async function answerTwice(): Promise<OrderView> {
    upstream.isSlow = true;
    const view = await order('upstream');
    await app.idle();
    await upstream.decide(upstream.orders[0]?.reference ?? assert.fail('it has the order'), 'issued');
    await runTwice(view);
    assert.equal(answers, 2);
    return view;
  }

  it('with the same certificate: it is stored once, and no later run asks for it', async () => {
    await begin(false, together);
    const view = await answerTwice();
    const { length: calls } = upstream.calls;
    await runTwice(view);
    app = await app.restart({ afterSeconds: 3600 });
    await app.advance(3600);
    assert.equal(upstream.calls.length, calls);
    await assertGood(view);
    assert.equal((await issuanceOf(view))?.state, 'issued');
    assert.deepEqual(upstream.revoked, []);
  });

  it('with another serial the second time: the second certificate is withheld and revoked', async () => {
    await begin(false, together);
    upstream.issuesAgain = true;
    const view = await answerTwice();
    await app.idle();
    await assertGood(view);
    const { certificate, issuance } = await app.ports.orders.get(customer.caller, view.order);
    assert.equal(issuance.state, 'issued');
    const { items } = await app.ports.certificates.list(app.operator, { limit: 100 });
    const [second, ...others] = items.filter(({ isWithheld }) => isWithheld);
    assert.deepEqual([second?.revocationReason, second?.issuanceId, others], ['superseded', view.issuance.id, []]);
    assert.deepEqual(upstream.revoked, [second?.serial]);
    assert.notEqual(certificate?.serial, second?.serial);
  });

  it('with another serial after its first answer was lost: what it delivers is what is stored', async () => {
    await begin(false);
    upstream.issuesAgain = true;
    upstream.spoil('place', 'loseReply');
    upstream.spoil('find', 'loseReply');
    const view = await order('upstream');
    await ends([view]);
    await assertGood(view);
    const { certificate } = await app.ports.orders.get(customer.caller, view.order);
    const [bought, ...others] = upstream.orders;
    assert.deepEqual([bought?.delivered.length, others], [1, []]);
    assert.deepEqual(Buffer.from(certificate?.der ?? []), Buffer.from(bought?.delivered[0] ?? assert.fail()));
  });
});

describe('an upstream that is away for hours', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((label) => `${label}.example.com`);

  it('holds up no other issuer, is hardly called, and gets each order once when it is back', async () => {
    const clock = () => app.clock;
    const other = await createNastyUpstream(clock);
    await begin(true, (issuer) => [
      { ...issuer, upstream: { ...issuer.upstream, budgets: [ordersOf(3, 3600)] } },
      createUpstreamIssuer(other, clock, { id: 'other', terms: { account: 'other' } }),
    ]);
    for (const one of names) await issue(app, customer.caller, [one]);
    upstream.isAway = true;
    const views: OrderView[] = [];
    for (const one of names) views.push(await place(app, customer.caller, [one], { issuerId: 'upstream' }));
    for (let hour = 0; hour < 6; hour++) {
      if (hour === 3) app = await app.restart();
      const local = await order('embedded');
      const elsewhere = await order('other');
      await app.idle();
      const states = [await issuanceOf(local), await issuanceOf(elsewhere)].map((one) => one?.state);
      assert.deepEqual(states, ['issued', 'issued'], `after ${hour} hours`);
      await app.advance(3600);
    }
    // Five faults open the breaker, and from then on one call in 15 minutes probes.
    assert.ok(upstream.calls.length <= 5 + 4 * 6 + 4, `it was called ${upstream.calls.length} times`);
    assert.equal(upstream.orders.length, 0);
    upstream.isAway = false;
    await ends(views);
    for (const view of views) await assertGood(view);
    assert.deepEqual(new Set((await Promise.all(views.map(issuanceOf))).map((one) => one?.state)), new Set(['issued']));
    assert.equal(upstream.orders.length, names.length);
    const kept = await Promise.all(views.map(({ issuance }) => app.database.read.upstreamOrders.get(issuance.id)));
    const begun = kept.map((one) => one?.begunAt.getTime() ?? Number.NaN).toSorted((a, b) => a - b);
    // Six orders may fall together where two periods meet, and not one more.
    for (const [i, atMs] of begun.entries()) {
      const seventhMs = begun[i + 6];
      assert.ok(seventhMs === undefined || seventhMs - atMs >= 3_600_000, 'it kept to its budget');
    }
  });
});
