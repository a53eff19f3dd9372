/** Orders of one account that are placed at the same time: all are placed, and no one is told to come back later. */
import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { createCustomer, orderFor, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

const count = 32;

for (const [what, productCode, priceMinor] of [
  ['free of charge', '100', 0],
  ['paid from one balance', 'paid', 100_00],
] as const) {
  for (const [names, isProved] of [
    ['of a name that is proved', true],
    ['that wait for their proofs', false],
  ] as const) {
    it(`${count} orders ${what}, ${names}`, async () => {
      app = await startTestApp({ repeatsWork: false });
      const { caller, account } = await createCustomer(app, { balanceMinor: 10_000_00 });
      if (isProved) {
        app.checks.place('one.example');
        await app.ports.orders.place(caller, await orderFor(['one.example']));
        await app.idle();
      }
      const requests = await Promise.all(
        Array.from({ length: count }, (_, i) =>
          orderFor([isProved ? 'one.example' : `name${i}.example`], { productCode }),
        ),
      );
      const placed = await Promise.all(requests.map((request) => app.ports.orders.place(caller, request)));
      assert.equal(new Set(placed.map(({ order }) => order.number)).size, count);
      const states = new Set(placed.map(({ issuance }) => issuance.state));
      assert.ok(
        states.isSubsetOf(new Set(isProved ? ['issuing', 'issued'] : ['awaitingValidation'])),
        [...states].join(),
      );
      await app.idle();
      const balance = await app.database.read.ledger.balance(account.id);
      assert.equal(balance, 10_000_00 - count * priceMinor);
      assert.equal(app.database.writeCounts?.givenUp ?? 0, 0);
    });
  }
}
