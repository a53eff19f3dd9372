/** The first page: what needs the person, and every number is that of its list. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSubscriber } from '../support/subscriber.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { assertNumbersOfHome } from './support/home-numbers.ts';

let here: ConsoleWorld;
before(async () => {
  here = await startConsoleWorld();
});
after(() => here.close());

test('nothing to do is said, not shown as zeros', async () => {
  const { page, close } = await here.open();
  await here.signIn(page);
  await page.waitForSelector('text=All done: nothing waits for you.');
  assert.equal(await page.locator('#needs').count(), 1);
  assert.equal(await page.locator('#under-way').count(), 0);
  await close();
});

test('a number leads to the list of just what it counts', async () => {
  const { accounts, orders } = here.client;
  const automatic = await accounts.create({ name: 'Acme' });
  const manual = await accounts.create({ name: 'Careful', approval: 'manual' });
  for (const [name, account] of [
    ['one.example', automatic.id],
    ['two.example', automatic.id],
    ['three.example', manual.id],
  ] as const) {
    const { csrPem } = await createSubscriber(name);
    const order = await orders.place({ productCode: 'tls-dv', csr: csrPem, names: [name], method: 'dnsTxt', account });
    if (account === automatic.id) await orders.check({ order: String(order.number) });
  }
  const { page, close } = await here.open();
  await here.signIn(page);
  await page.waitForSelector('text=2 orders whose validation fails');
  await page.waitForSelector('text=1 request waits for your decision');
  const lists = await assertNumbersOfHome(here, page);
  assert.ok(lists.includes('/console/orders?failing=true'), lists.join(' '));
  assert.ok(lists.includes('/console/orders?turn=customer'), lists.join(' '));
  await page.click('text=2 orders whose validation fails');
  await page.waitForURL('**/console/orders?failing=true');
  await close();
});

for (const look of looks.filter(({ scheme, width }) => scheme === 'light' && width === 1280)) {
  test(`${nameOf(look)}: behind the picture stands a table`, async () => {
    const { page, close } = await here.open(look);
    await here.signIn(page);
    const block = page.locator('[aria-labelledby=statistic-issuance]');
    await block.locator('summary').click();
    const today = new Date().toISOString().slice(0, 10);
    await block.locator(`tr:has(th:text("${today}"))`).waitFor();
    await close();
  });
}
