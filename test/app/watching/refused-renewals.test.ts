/** Automatic renewals that are refused are an alarm, with their number and the first of them; it ends when they succeed, or nobody wants them. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createWatchdog } from '../../../src/app/index.ts';
import type { Order } from '../../../src/domain/order.ts';
import { createCustomer, issue, startTestApp, type TestApp } from '../../support/app.ts';

const daySeconds = 86_400;
const auto = { productCode: 'years', isAutoRenewed: true } as const;

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp({ upkeep: true });
});
afterEach(() => app.close());

/** Lets days go by, and what falls due then happen. @returns the refused renewals that the watchdog reports */
async function later(days: number) {
  app = await app.restart({ afterSeconds: days * daySeconds });
  await app.idle();
  await createWatchdog(app.context, { outcomes: app.outcomes, mail: [], webhook: null }).look();
  const found = (await app.ports.operation.alarms(app.operator)).map(({ finding }) => finding);
  return found.find((one) => one.key === 'renewalsRefused')?.params;
}

const order = async ({ id }: Order) => (await app.ports.orders.get(app.operator, { id })).order;

describe('refused renewals', () => {
  it('are counted, the first to end is named, and each ends by its own success', async () => {
    const poor = await createCustomer(app, { balanceMinor: 100_00 });
    const rich = await createCustomer(app, { balanceMinor: 1_000_00 });
    const first = (await issue(app, poor.caller, ['a.example.com'], auto)).order;
    await later(3);
    const second = (await issue(app, rich.caller, ['b.example.com'], { ...auto, productCode: 'paid' })).order;
    await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale: false });
    assert.equal(await later(325), undefined, 'nothing is due');
    const both = await later(12);
    assert.deepEqual([both?.orders, both?.first], [2, first.number]);
    assert.equal(both?.until, (await order(first)).coverageUntil?.toISOString());
    assert.match(both?.en ?? '', /costs 100\.00 CNY, but the account's balance is 0\.00 CNY/);
    assert.match(both?.zh ?? '', /100\.00 CNY/);

    await app.ports.accounts.credit(app.operator, poor.account.id, { amountMinor: 100_00, note: '' });
    const one = await later(2);
    assert.deepEqual([one?.orders, one?.first], [1, second.number]);
    assert.ok((await order(first)).renewedBy);

    await app.ports.catalogue.change(app.operator, 'encryption365', 'paid', { isForSale: true });
    assert.equal(await later(2), undefined);
    assert.ok((await order(second)).renewedBy);
    const kinds = (await app.ports.events.list(app.operator, { limit: 50, subject: 'alarm' })).items;
    assert.deepEqual(
      kinds.filter(({ data }) => data.alarm === 'renewalsRefused').map(({ kind }) => kind),
      ['alarm.ended', 'alarm.raised'],
    );
  });

  it('end when the customer wants no renewal any more', async () => {
    const { caller } = await createCustomer(app, { balanceMinor: 100_00 });
    const { id } = (await issue(app, caller, ['a.example.com'], auto)).order;
    assert.equal((await later(336))?.orders, 1);
    await app.ports.orders.change(caller, { id }, { isAutoRenewed: false });
    assert.equal(await later(1), undefined);
  });

  it('last a week beyond the end of the coverage: that it ended is no success', async () => {
    const { caller } = await createCustomer(app, { balanceMinor: 100_00 });
    await issue(app, caller, ['a.example.com'], auto);
    assert.equal((await later(340))?.orders, 1);
    assert.equal((await later(28))?.orders, 1);
    assert.equal(await later(8), undefined);
  });
});
