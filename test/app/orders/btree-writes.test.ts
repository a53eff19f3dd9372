/** What an order costs the database: speed is made of that here (design §7). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCustomer, issue, orderFor, startTestApp } from '../../support/app.ts';
import { countBtreeWrites, watchStatements } from '../../support/btree-writes.ts';

/** A change that costs more is seen here; one that costs less lowers it. */
const limit = 28;

test('an order in one call, of a name that is proved already, writes to few b-trees', async (t) => {
  t.after(watchStatements());
  const app = await startTestApp({ repeatsWork: false });
  const { caller } = await createCustomer(app);
  await issue(app, caller, ['a.example']);
  const request = await orderFor(['a.example']);
  const { total, lines } = await countBtreeWrites(async () => {
    const { order } = await app.ports.orders.place(caller, request);
    const view = await app.ports.orders.settle(caller, order, 10_000);
    assert.equal(view.issuance.state, 'issued');
    await app.idle();
  });
  assert.ok(total <= limit, [`${total} writes:`, ...lines].join('\n'));
  await app.close();
});
