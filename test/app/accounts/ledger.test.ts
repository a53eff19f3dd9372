/** Whatever an account does, in whatever order: the ledger adds up to the balance, and what failed costs nothing. */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { CertError, type Reason, reason } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  names,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let refusal: Reason | undefined;
before(async () => {
  app = await startTestApp({
    issuer: (embedded) => ({
      ...embedded,
      sign: async (request, signal) =>
        refusal === undefined ? embedded.sign(request, signal) : { kind: 'refused', reason: refusal },
    }),
  });
});
after(() => app.close());

const hosts = ['a.example', 'b.example', '*.c.example', '192.0.2.4'] as const;
const someHosts = fc.uniqueArray(fc.constantFrom(...hosts), { minLength: 1 });
const index = fc.nat(5);

const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('place' as const), hosts: someHosts, isPaid: fc.boolean() }),
    fc.record({
      kind: fc.constant('placePeriods' as const),
      hosts: someHosts,
      periods: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({
      kind: fc.constantFrom('reissue' as const, 'duplicate', 'renew', 'removeNames'),
      index,
      hosts: someHosts,
    }),
    fc.record({ kind: fc.constantFrom('cancel' as const, 'cancelYoung', 'withdraw', 'removeUnproved'), index }),
    fc.record({ kind: fc.constantFrom('revoke' as const, 'revokeOne', 'approve', 'reject'), index }),
    fc.record({ kind: fc.constant('prove' as const), host: fc.constantFrom(...hosts) }),
    fc.record({ kind: fc.constant('credit' as const), amountMinor: fc.integer({ min: -300_00, max: 500_00 }) }),
    fc.record({
      kind: fc.constant('refund' as const),
      index,
      amountMinor: fc.option(fc.integer({ min: 1, max: 30_00 })),
    }),
    fc.record({ kind: fc.constant('price' as const), fqdnMinor: fc.integer({ min: 0, max: 9_99 }) }),
    fc.record({ kind: fc.constantFrom('refuse' as const, 'sign', 'wait', 'giveUp') }),
  ),
  { minLength: 5, maxLength: 25 },
);

type Step = (typeof steps extends fc.Arbitrary<infer T> ? T : never)[number];

/** The note of an operator's refund. */
const agreed = 'agreed';

const approvals = ['automatic', 'manual', 'twoStep'] as const;

/** What a request may answer here besides success. Anything else is a fault of ours. */
const expected: readonly string[] = ['insufficientBalance', 'wrongState', 'invalidField', 'notFound', 'refusedName'];

async function take(step: Step, { account, caller }: Customer, orders: OrderView[]): Promise<void> {
  // A new key for every decision: nobody takes both of two steps.
  const approver = () => createCaller(app, account, { roles: ['approver'] });
  const chosen = 'index' in step ? orders[step.index % Math.max(orders.length, 1)]?.order : undefined;
  switch (step.kind) {
    case 'place':
      orders.push(await place(app, caller, step.hosts, { productCode: step.isPaid ? 'paid' : '100' }));
      return;
    case 'reissue':
      if (chosen) await app.ports.issuances.reissue(caller, chosen, await reissueFor(step.hosts));
      return;
    case 'placePeriods': {
      const { periods } = step;
      orders.push(await place(app, caller, step.hosts, { productCode: 'periods', periods }));
      return;
    }
    case 'renew':
      if (chosen) {
        orders.push(await place(app, caller, step.hosts, { productCode: 'paid', renewalOf: { id: chosen.id } }));
      }
      return;
    case 'duplicate':
      if (chosen) await app.ports.issuances.duplicate(caller, chosen, await reissueFor(step.hosts));
      return;
    case 'removeNames':
      if (chosen) await app.ports.orders.removeNames(caller, chosen, names(...step.hosts));
      return;
    case 'removeUnproved':
      if (chosen) await app.ports.orders.removeNames(caller, chosen, 'unproved');
      return;
    case 'withdraw':
      if (chosen) await app.ports.issuances.withdrawReissue(caller, chosen);
      return;
    case 'cancelYoung':
      if (chosen) await app.ports.orders.cancel(caller, chosen, { issuedWithinDays: 30 });
      return;
    case 'revokeOne': {
      const [certificate] = (await app.ports.certificates.list(caller, { limit: 1 })).items;
      if (certificate) await app.ports.revocations.revokeCertificate(caller, certificate.id, 'superseded');
      return;
    }
    case 'cancel':
      if (chosen) await app.ports.orders.cancel(caller, chosen);
      return;
    case 'revoke':
      if (chosen) await app.ports.revocations.revokeOrder(caller, chosen, 'unspecified');
      return;
    case 'approve':
    case 'reject':
      if (chosen)
        await app.ports.approvals.decide(
          await approver(),
          { order: chosen },
          {
            approve: step.kind === 'approve',
            note: '',
          },
        );
      return;
    case 'prove':
      for (const name of names(step.host)) app.checks.place(name.value);
      await app.advance(60);
      return;
    case 'credit':
      await app.ports.accounts.credit(app.operator, account.id, { amountMinor: step.amountMinor, note: '' });
      return;
    case 'refund': {
      const request = { amountMinor: step.amountMinor, note: agreed };
      if (chosen) await app.ports.refunds.refund(app.operator, chosen, request);
      return;
    }
    case 'price': {
      const prices = { fqdnMinor: step.fqdnMinor, wildcardMinor: 7_77, ipMinor: 1 };
      const product = { dialect: 'encryption365', code: 'paid' };
      await app.ports.prices.set(app.operator, account.id, product, { prices, note: '' });
      return;
    }
    case 'refuse':
    case 'sign':
      refusal = step.kind === 'refuse' ? reason('issuerRefused', { issuer: 'embedded', detail: 'no' }) : undefined;
      return;
    case 'wait':
      await app.idle();
      return;
    case 'giveUp': {
      const subject = orders.at(-1)?.issuance.id ?? '';
      const job = await app.database.read.jobs.get('validate', subject);
      if (job === undefined) return;
      // As the runner does when a job has failed for the last time.
      await app.database.write((tx) => app.onJobGivenUp(tx, job, 20));
      return;
    }
    default:
      step satisfies never;
  }
}

async function checkBooks({ account }: Customer, orders: readonly OrderView[]): Promise<void> {
  const { ledger, issuances } = app.database.read;
  const lines = (await ledger.list(account.id, { limit: 1000 })).toReversed();
  let sum = 0;
  for (const line of lines) {
    sum += line.amountMinor;
    assert.equal(line.balanceAfterMinor, sum, 'every line tells the balance after it');
    assert.ok(sum >= 0, 'the balance is never below zero');
  }
  assert.equal(await ledger.balance(account.id), sum);
  assert.equal(await ledger.sum(account.id), sum);
  for (const { order } of orders) {
    const paid = lines
      .filter(({ orderId }) => orderId === order.id)
      .reduce((total, line) => total - line.amountMinor, 0);
    const kept = (await issuances.listOfOrder(order.id)).filter(
      ({ state }) => state !== 'failed' && state !== 'cancelled',
    );
    const now = await app.database.read.orders.get(order.id);
    const due = now?.state === 'cancelled' ? 0 : kept.reduce((total, { chargedMinor }) => total + chargedMinor, 0);
    const refunded = lines
      .filter(({ orderId, note }) => orderId === order.id && note === agreed)
      .reduce((total, line) => total + line.amountMinor, 0);
    assert.equal(now?.paidMinor, paid, `order ${order.number} knows what was paid for it and not given back`);
    assert.ok(paid >= 0, `of order ${order.number} no more was given back than was charged`);
    const least = Math.max(0, due - refunded);
    assert.ok(paid >= least && paid <= due, `order ${order.number} is paid as far as it was not given up or refunded`);
    if (now?.coverageFrom == null || now.state === 'cancelled') continue;
    assert.equal(now.totalMinor, due, `order ${order.number} tells what it cost`);
  }
  const found = await app.ports.reports.months(app.operator, {
    from: 202001,
    until: 202912,
    account: account.id,
    limit: 1,
  });
  const months = found.items;
  const sumOf = (kind: string) =>
    lines.filter((line) => line.kind === kind).reduce((total, line) => total + line.amountMinor, 0);
  assert.deepEqual(
    (['chargedMinor', 'refundedMinor', 'creditedMinor', 'orders'] as const).map((key) =>
      months.reduce((total, month) => total + month[key], 0),
    ),
    [0 - sumOf('charge'), sumOf('refund'), sumOf('credit'), orders.length],
  );
}

test('the ledger adds up after any sequence of orders, further certificates, removed names, refusals, cancellations and credits', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(...approvals), async (sequence, approval) => {
      refusal = undefined;
      for (const host of hosts) app.checks.remove(host);
      const customer = await createCustomer(app, {
        balanceMinor: 3_000_00,
        approval,
      });
      const orders: OrderView[] = [];
      for (const step of sequence) {
        await take(step, customer, orders).catch((error: unknown) => {
          if (!(error instanceof CertError) || !expected.includes(error.code)) throw error;
        });
      }
      await app.idle();
      await checkBooks(customer, orders);
    }),
    { numRuns: 60 },
  );
});
