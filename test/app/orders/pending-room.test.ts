/** What counts of an account towards the limits of what waits, and what makes room again. The form of the refusals: test/dialects/pending-limits.test.ts. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCustomer,
  issue,
  names,
  newReference,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
afterEach(() => app.close());

async function start(pendingOrders: number, unprovedNames: number): Promise<void> {
  app = await startTestApp({ pendingLimits: { pendingOrders, unprovedNames } });
  customer = await createCustomer(app);
}

let last = 0;
/** So many names that no other order has. */
const fresh = (count = 1) => Array.from({ length: count }, () => `n${++last}.pending-${last}.example`);
const order = (count = 1, by = customer) => place(app, by.caller, fresh(count));
/** As an ACME client does before it finalizes an order. */
const begin = (count: number, seconds = 86_400) =>
  app.ports.authorizations.create(customer.caller, {
    names: names(...fresh(count)),
    productCode: '100',
    proofReference: newReference(),
    preferredMethod: 'httpFile',
    dialectData: {},
    pendingUntil: new Date(app.clock.now().getTime() + seconds * 1000),
  });
const cancel = ({ order: { id } }: OrderView) => app.ports.orders.cancel(customer.caller, { id });
const prove = async (view: OrderView) => {
  for (const { identifier } of view.authorizations) app.checks.place(identifier.value);
  await app.ports.proving.recheck(customer.caller, view.order);
  await app.idle();
};

describe('pending orders', () => {
  it('are as many as the limit says, of each account, until one is cancelled or proved', async () => {
    await start(2, 99);
    const first = await order();
    const second = await order();
    await assert.rejects(order(), refused('tooManyPendingOrders'));
    await order(1, await createCustomer(app));
    await cancel(first);
    await order();
    await assert.rejects(order(), refused('tooManyPendingOrders'));
    await prove(second);
    await order();
  });

  it('are not those whose names are proved already', async () => {
    await start(1, 1);
    const texts = fresh();
    await issue(app, customer.caller, texts);
    await order();
    assert.equal((await issue(app, customer.caller, texts)).order.state, 'active');
  });

  it('are also reissues for names that are not proved, and such a one changes nothing', async () => {
    await start(1, 99);
    const issued = await issue(app, customer.caller, fresh());
    await order();
    const before = await app.tables();
    const request = await reissueFor(fresh());
    await assert.rejects(
      app.ports.issuances.reissue(customer.caller, issued.order, request),
      refused('tooManyPendingOrders'),
    );
    assert.deepEqual(await app.tables(), before);
  });
});

describe('unproved names', () => {
  it('are counted over all orders and all that clients have begun to prove', async () => {
    await start(99, 10);
    await order(4);
    await begin(3);
    await assert.rejects(order(4), refused('tooManyUnprovedNames'));
    await assert.rejects(begin(4), refused('tooManyUnprovedNames'));
    await order(2);
    await begin(1);
    await assert.rejects(begin(1), refused('tooManyUnprovedNames'));
  });

  it('count no longer once they are proved, or the time to prove them is over', async () => {
    await start(99, 2);
    const [one, two] = await begin(2, 600);
    assert.ok(one !== undefined && two !== undefined);
    await assert.rejects(begin(1), refused('tooManyUnprovedNames'));
    app.checks.place(one.authorization.identifier.value);
    await app.ports.authorizations.check(customer.caller, one.authorization.id, 0);
    await app.idle();
    await begin(1, 600);
    await assert.rejects(begin(1), refused('tooManyUnprovedNames'));
    await app.advance(601);
    await begin(2);
  });

  it('count no longer where they are taken out of their order', async () => {
    await start(99, 4);
    const view = await order(4);
    await assert.rejects(order(1), refused('tooManyUnprovedNames'));
    const [, ...others] = view.authorizations.map(({ identifier }) => identifier);
    await app.ports.orders.removeNames(customer.caller, view.order, others);
    await order(3);
  });
});
