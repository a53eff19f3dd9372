/** Orders in a browser: found by a part of a name, proved while the page is open. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSubscriber } from '../support/subscriber.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = (await here.client.accounts.create({ name: 'Acme' })).id;
  await here.client.accounts.credit({ account, minor: 1_000_000, currency: 'CNY' });
});
after(() => here.close());

async function place(name: string) {
  const { csrPem } = await createSubscriber(name);
  return here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, names: [name], method: 'dnsTxt', account });
}

test('a part of a name finds the order, and the address alone says what is shown', async () => {
  const order = await place('needle.customer.example');
  await place('hay.customer.example');
  const { page, close } = await here.open();
  await here.signIn(page, 'orders');
  await page.waitForSelector('[role=row] a >> nth=1');
  await page.fill('input[type=search]', 'needle');
  await page.waitForURL('**/orders?text=needle');
  await until(async () => (await page.locator('[role=row] a').count()) === 1);
  await page.reload();
  await page.waitForSelector('[role=row] a');
  assert.equal(await page.locator('[role=row] a').innerText(), String(order.number));
  assert.equal(await page.inputValue('input[type=search]'), 'needle');
  await page.click('[role=row] a');
  await page.waitForURL(`**/orders?text=needle&open=${order.number}`);
  await page.click('aside >> text=Open the page');
  await page.waitForSelector(`h1:text("Order ${order.number}")`);
  await page.goBack();
  await page.waitForURL(`**/orders?text=needle&open=${order.number}`);
  await page.waitForSelector(`aside h2:text("Order ${order.number}")`);
  await close();
});

for (const look of looks.filter(({ scheme }) => scheme === 'light')) {
  test(`${nameOf(look)}: what is missing is named, and "proved" appears without a reload once it is there`, async () => {
    const name = `${look.language}${look.width}.customer.example`;
    const order = await place(name);
    const { page, close, expect } = await here.open(look);
    // The server looks by itself as well, and may have been faster.
    expect(/status of 409/);
    await here.signIn(page, `orders/${order.number}`);
    const panel = page.locator('[role=tabpanel]');
    await page.waitForSelector('[role=tabpanel] >> text=NXDOMAIN');
    const [proof] = (order.names[0]?.proofs ?? []).filter(({ method }) => method === 'dnsTxt');
    assert.ok(proof?.method === 'dnsTxt');
    const shown = await panel.innerText();
    for (const part of [proof.host, proof.value]) assert.ok(shown.includes(part), `${part} is shown`);
    here.world.dns.set(proof.host, 'TXT', proof.value);
    await page.click(look.language === 'zh' ? 'text=立即检查' : 'text=Check now');
    await page.waitForSelector(look.language === 'zh' ? 'h3 + span:text("已验证")' : 'h3 + span:text("Proved")');
    // And the certificate comes by itself.
    await page.waitForSelector('a[download]');
    await close();
  });
}

test('an API that does not answer leaves the page, says so, and another try brings it', async () => {
  const order = await place('slow.customer.example');
  const watched = await here.open();
  const { page, context } = watched;
  watched.expect(/ERR_FAILED|ERR_INTERNET_DISCONNECTED/);
  await here.signIn(page, 'orders');
  await context.route('**/api/v1/orders/*', (route) => route.abort());
  await page.click(`[role=row] a:text("${order.number}")`);
  await page.waitForSelector('[role=alert] >> text=The server does not answer');
  await context.unroute('**/api/v1/orders/*');
  await page.click('text=Try again');
  await page.waitForSelector(`h2:text("Order ${order.number}")`);
  await watched.close();
});

test('without a connection what was loaded stays, under a banner', async () => {
  const { page, context, close } = await here.open();
  await here.signIn(page, 'orders');
  await page.waitForSelector('[role=row] a');
  await context.setOffline(true);
  await page.waitForSelector('text=No connection.');
  assert.ok((await page.locator('[role=row] a').count()) > 0);
  await context.setOffline(false);
  await page.waitForSelector('text=No connection.', { state: 'detached' });
  await close();
});
