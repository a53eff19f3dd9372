/** Whatever an account does, in whatever order: the ledger adds up to the balance, and what failed costs nothing. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { CertError, type Reason, reason } from '../../src/domain/errors.ts';
import type { OrderView } from '../../src/domain/platform.ts';
import { type Customer, createCustomer, names, place, reissueFor, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
let refusal: Reason | undefined;
before(async () => {
  app = await startTestApp({
    issuer: (embedded) => ({
      ...embedded,
      begin: async (request, signal) =>
        refusal === undefined ? embedded.begin(request, signal) : { kind: 'refused', reason: refusal },
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
    fc.record({ kind: fc.constant('reissue' as const), index, hosts: someHosts }),
    fc.record({ kind: fc.constantFrom('cancel' as const, 'revoke', 'approve', 'reject'), index }),
    fc.record({ kind: fc.constant('prove' as const), host: fc.constantFrom(...hosts) }),
    fc.record({ kind: fc.constant('credit' as const), amountMinor: fc.integer({ min: -300_00, max: 500_00 }) }),
    fc.record({ kind: fc.constantFrom('refuse' as const, 'sign', 'wait', 'giveUp') }),
  ),
  { minLength: 5, maxLength: 25 },
);

type Step = (typeof steps extends fc.Arbitrary<infer T> ? T : never)[number];

/** What a request may answer here besides success. Anything else is a fault of ours. */
const expected: readonly string[] = ['insufficientBalance', 'wrongState', 'invalidField'];

async function take(step: Step, { account, caller }: Customer, orders: OrderView[]): Promise<void> {
  const approver = { ...caller, roles: ['approver' as const] };
  const chosen = 'index' in step ? orders[step.index % Math.max(orders.length, 1)]?.order : undefined;
  switch (step.kind) {
    case 'place':
      orders.push(await place(app, caller, step.hosts, { productCode: step.isPaid ? 'paid' : '100' }));
      return;
    case 'reissue':
      if (chosen) await app.platform.reissue(caller, chosen, await reissueFor(step.hosts));
      return;
    case 'cancel':
      if (chosen) await app.platform.cancel(caller, chosen);
      return;
    case 'revoke':
      if (chosen) await app.platform.revoke(caller, chosen, 'unspecified');
      return;
    case 'approve':
    case 'reject':
      if (chosen) await app.platform.decide(approver, chosen, { approve: step.kind === 'approve', note: '' });
      return;
    case 'prove':
      for (const name of names(step.host)) app.checks.place(name.value);
      await app.advance(60);
      return;
    case 'credit':
      await app.administration.creditAccount(app.operator, account.id, { amountMinor: step.amountMinor, note: '' });
      return;
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
  const { ledger, accounts, issuances } = app.database.read;
  const lines = (await ledger.list(account.id, 1000)).toReversed();
  let sum = 0;
  for (const line of lines) {
    sum += line.amountMinor;
    assert.equal(line.balanceAfterMinor, sum, 'every line tells the balance after it');
    assert.ok(sum >= 0, 'the balance is never below zero');
  }
  assert.equal((await accounts.get(account.id))?.balanceMinor, sum);
  assert.equal(await ledger.sum(account.id), sum);
  for (const { order } of orders) {
    const paid = lines
      .filter(({ orderId }) => orderId === order.id)
      .reduce((total, line) => total - line.amountMinor, 0);
    const kept = (await issuances.listOfOrder(order.id)).filter(
      ({ state }) => state !== 'failed' && state !== 'cancelled',
    );
    const due = kept.reduce((total, { chargedMinor }) => total + chargedMinor, 0);
    assert.equal(paid, due, `order ${order.number} is paid as far as it was not given up`);
  }
}

test('the ledger adds up after any sequence of orders, reissues, refusals, cancellations and credits', async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.boolean(), async (sequence, needsApproval) => {
      refusal = undefined;
      for (const host of hosts) app.checks.remove(host);
      const customer = await createCustomer(app, {
        balanceMinor: 1_000_00,
        approval: needsApproval ? 'manual' : 'automatic',
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
    { numRuns: 40 },
  );
});
