/** Prices that an account has of its own: charged in the transaction of the order, shown through every door, kept with who set them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  createCaller,
  createCustomer,
  issue,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const product = { dialect: 'encryption365', code: 'paid' } as const;
const prices = { fqdnMinor: 3_33, wildcardMinor: 7_77, ipMinor: 1 };

function set(account: string, changed = prices) {
  return app.ports.prices.set(app.operator, account, product, { prices: changed, note: 'contract' });
}

describe('the price of an account', () => {
  it('is what it is charged from then on, and nobody else', async () => {
    const { account, caller } = await createCustomer(app, { balanceMinor: 1000_00 });
    const other = await createCustomer(app, { balanceMinor: 1000_00 });
    const before = await place(app, caller, ['a.example'], { productCode: 'paid' });
    await set(account.id);
    const after = await place(app, caller, ['b.example', '*.c.example'], { productCode: 'paid' });
    assert.equal(after.order.totalMinor, 3_33 + 7_77);
    const others = await place(app, other.caller, ['d.example'], { productCode: 'paid' });
    assert.equal(others.order.totalMinor, before.order.totalMinor);
    assert.equal((await app.ports.orders.get(caller, before.order)).order.totalMinor, before.order.totalMinor);
    const spent = before.order.totalMinor + after.order.totalMinor;
    assert.equal(await app.database.read.ledger.balance(account.id), 1000_00 - spent);
  });

  it('counts for names that a reissue adds', async () => {
    const { account, caller } = await createCustomer(app, { balanceMinor: 1000_00 });
    app.checks.placeEverywhere();
    const { order } = await place(app, caller, ['e.example'], { productCode: 'paid' });
    await app.idle();
    await set(account.id);
    const { issuance } = await app.ports.issuances.reissue(caller, order, await reissueFor(['e.example', 'f.example']));
    assert.equal(issuance.chargedMinor, 3_33);
    const now = (await app.ports.orders.get(caller, order)).order;
    assert.deepEqual([now.totalMinor, now.paidMinor], [order.totalMinor + 3_33, order.totalMinor + 3_33]);
  });

  it('that changes while an order waits for an approver does not change what that order costs', async () => {
    const { account, caller } = await createCustomer(app, { balanceMinor: 1000_00, approval: 'manual' });
    const approver = await createCaller(app, account, { roles: ['approver'] });
    await set(account.id);
    const { order } = await place(app, caller, ['waits.example'], { productCode: 'paid' });
    assert.equal(order.totalMinor, 3_33);
    assert.equal(await app.database.read.ledger.balance(account.id), 1000_00 - 3_33, 'charged when it was placed');
    await set(account.id, { ...prices, fqdnMinor: 9_99 });
    await app.ports.approvals.decide(approver, { order }, { approve: true, note: '', version: 1 });
    const approved = (await app.ports.orders.get(caller, order)).order;
    assert.deepEqual([approved.totalMinor, approved.paidMinor], [3_33, 3_33]);
    assert.equal(await app.database.read.ledger.balance(account.id), 1000_00 - 3_33);
    const rejected = await place(app, caller, ['rejected.example'], { productCode: 'paid' });
    await set(account.id);
    await app.ports.approvals.decide(approver, { order: rejected.order }, { approve: false, note: '', version: 1 });
    assert.equal(await app.database.read.ledger.balance(account.id), 1000_00 - 3_33, 'what was charged is given back');
  });

  it('is what an automatic renewal costs, as it is on that day; a duplicate costs nothing', async () => {
    const own = await startTestApp({ upkeep: true });
    const { account, caller } = await createCustomer(own, { balanceMinor: 1000_00 });
    const years = { dialect: 'encryption365', code: 'years' } as const;
    const setYears = (fqdnMinor: number) =>
      own.ports.prices.set(own.operator, account.id, years, { prices: { ...prices, fqdnMinor }, note: '' });
    await setYears(5_00);
    const { order } = await issue(own, caller, ['r.example.com'], { productCode: 'years', isAutoRenewed: true });
    assert.equal(order.totalMinor, 5_00);
    await own.ports.issuances.duplicate(caller, order, await reissueFor(['r.example.com']));
    await own.idle();
    assert.equal(await own.database.read.ledger.balance(account.id), 995_00);
    await setYears(6_00);
    const later = await own.restart({ afterSeconds: 340 * 86_400 });
    await later.idle();
    const { renewedBy } = (await later.ports.orders.get(caller, order)).order;
    const renewal = (await later.ports.orders.get(caller, { id: renewedBy ?? '' })).order;
    assert.deepEqual([renewal.totalMinor, renewal.paidMinor], [6_00, 6_00]);
    assert.equal(await later.database.read.ledger.balance(account.id), 989_00);
    await later.close();
  });

  it('is shown in the catalogue of its account through its dialect and through native', async () => {
    const { account, caller } = await createCustomer(app);
    const native = await createCaller(app, account, { dialect: 'native' });
    const other = await createCustomer(app);
    await set(account.id);
    const shown = async (who: typeof caller) =>
      (await app.ports.catalogue.list(who)).find(({ dialect, code }) => dialect === product.dialect && code === 'paid')
        ?.prices;
    assert.deepEqual(await shown(caller), prices);
    assert.deepEqual(await shown(native), prices);
    assert.notDeepEqual(await shown(other.caller), prices);
  });

  it('keeps its history, with who set it, also when it is removed', async () => {
    const { account, caller } = await createCustomer(app);
    await set(account.id);
    await set(account.id, { ...prices, fqdnMinor: 0 });
    await app.ports.prices.remove(app.operator, account.id, product, 'over');
    assert.deepEqual(await app.ports.prices.list(caller, account.id), []);
    const { items, next } = await app.ports.prices.history(caller, account.id, { limit: 2 });
    assert.deepEqual(
      items.map((change) => [change.prices?.fqdnMinor ?? null, change.note, change.actor]),
      [
        [null, 'over', app.operator.actor],
        [0, 'contract', app.operator.actor],
      ],
    );
    const rest = await app.ports.prices.history(caller, account.id, { limit: 2, before: next ?? 0 });
    assert.deepEqual([rest.items.length, rest.items[0]?.prices, rest.next], [1, prices, null]);
    const { items: events } = await app.ports.events.list(app.operator, { subject: account.id, limit: 10 });
    assert.deepEqual(
      events.map(({ kind }) => kind).filter((kind) => kind.startsWith('account.price')),
      ['account.priceRemoved', 'account.priceSet', 'account.priceSet'],
    );
  });

  it('is refused where it makes no sense, and then nothing changes', async () => {
    const { account, caller } = await createCustomer(app, { roles: ['administrator'] });
    const other = await createCustomer(app);
    const setting = { prices, note: '' };
    const { prices: port } = app.ports;
    await assert.rejects(port.set(caller, account.id, product, setting), refused('roleMissing'));
    await assert.rejects(port.list(caller, other.account.id), refused('notFound'));
    await assert.rejects(port.history(caller, other.account.id, { limit: 5 }), refused('notFound'));
    const missing = { ...product, code: 'no-such' };
    await assert.rejects(port.set(app.operator, account.id, missing, setting), refused('notFound'));
    await assert.rejects(port.remove(app.operator, account.id, product, ''), refused('notFound'));
    const dollars = { ...product, code: 'dollars' };
    await assert.rejects(port.set(app.operator, account.id, dollars, setting), refused('currencyDiffers'));
    for (const fqdnMinor of [-1, 0.5, 2e9]) {
      const wrong = { prices: { ...prices, fqdnMinor }, note: '' };
      await assert.rejects(port.set(app.operator, account.id, product, wrong), refused('fieldInvalid'));
    }
    assert.deepEqual(await port.list(app.operator, account.id), []);
    assert.deepEqual((await port.history(app.operator, account.id, { limit: 5 })).items, []);
  });
});
