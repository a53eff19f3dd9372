/** What has an opposite is done at once and taken back with one click, for a while; `c` begins a new order. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from './support/accessibility.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = String((await here.client.accounts.create({ name: 'Acme' })).number);
});
after(() => here.close());

const bar = (page: Page) => page.locator('[role=status] section[aria-label=Undo]');
async function undo(page: Page): Promise<void> {
  await bar(page).locator('button:has-text("Undo")').click();
  await bar(page).waitFor({ state: 'detached' });
}

test('a domain, a webhook and a product are as before once the act is undone', async () => {
  const { client } = here;
  const domain = await client.domains.add({ account, name: 'acme.example', method: 'dnsTxt' });
  const webhook = await client.webhooks.add({ account, url: 'https://hooks.acme.example/' });
  const { page, close } = await here.open();
  await here.signIn(page, `domains/${domain.number}`);
  const domainState = async () => (await client.domains.show({ domain: domain.id })).state;
  await page.click('main button:has-text("Put out of use")');
  await bar(page).locator('text=acme.example').waitFor();
  await assertAccessible(page, 'what can be undone');
  assert.equal(await domainState(), 'inactive');
  await undo(page);
  assert.equal(await domainState(), 'active');

  await page.goto(`${here.world.url}/console/webhooks/${webhook.number}`);
  await page.click('main button:has-text("Switch off")');
  const webhookState = async () => (await client.webhooks.list({})).items.find(({ id }) => id === webhook.id)?.state;
  await bar(page).waitFor();
  assert.equal(await webhookState(), 'inactive');
  await undo(page);
  assert.equal(await webhookState(), 'active');

  await page.goto(`${here.world.url}/console/products?text=tls-dv`);
  const product = async () =>
    (await client.products.list({})).items.find(({ productCode }) => productCode === 'tls-dv');
  const { prices } = (await product()) ?? assert.fail('no such product');
  const row = page.locator('[role=row]:has-text("tls-dv")').first();
  await row.locator('button').first().click();
  const dialog = page.locator('[role=dialog]');
  await dialog.locator('[name=fqdn]').fill('77');
  await dialog.locator('button[type=submit]').click();
  await bar(page).waitFor();
  assert.equal((await product())?.prices.fqdn.minor, 7700);
  await undo(page);
  assert.deepEqual((await product())?.prices, prices);
  await row.locator('button').last().click();
  await bar(page).waitFor();
  assert.equal((await product())?.isForSale, false);
  await undo(page);
  assert.equal((await product())?.isForSale, true);
  await close();
});

test('a suspended account goes on, and the offer goes by itself', async () => {
  const state = async () => (await here.client.accounts.show({ account })).state;
  const { page, close } = await here.open();
  await here.signIn(page, `accounts/${account}`);
  await page.click('main button:has-text("Suspend")');
  await page.click('[role=dialog] button[type=submit]');
  await bar(page).waitFor();
  assert.equal(await state(), 'suspended');
  await undo(page);
  assert.equal(await state(), 'active');
  await page.click('main button:has-text("Suspend")');
  await page.click('[role=dialog] button[type=submit]');
  await bar(page).waitFor();
  await page.mouse.move(0, 0);
  await bar(page).waitFor({ state: 'detached' });
  assert.equal(await state(), 'suspended');
  await close();
});

test('c begins a new order, and after g it leads to the certificates', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'settings');
  await page.keyboard.press('c');
  await page.waitForURL('**/orders/new');
  await page.locator('h1').click();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.waitForURL('**/certificates?*');
  await page.fill('input[type=search]', 'c');
  await until(async () => (await page.inputValue('input[type=search]')) === 'c');
  assert.ok(page.url().includes('/certificates'));
  await close();
});
