/** An operator looks at one account: the choice goes along from page to page, and every list and Home speak of that account only. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible, assertNoSidewaysScroll } from './support/accessibility.ts';
import { english } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let acme = '';
before(async () => {
  here = await startConsoleWorld();
  const { client } = here;
  for (const name of ['Acme', 'Other']) {
    const { id, number } = await client.accounts.create({ name, approval: 'manual' });
    if (name === 'Acme') acme = String(number);
    await client.accounts.credit({ account: id, minor: 1_000_000, currency: 'CNY' });
    await client.webhooks.add({ account: id, url: `https://hooks.${name.toLowerCase()}.example/` });
    const labels = name === 'Acme' ? ['one'] : ['one', 'two'];
    for (const label of labels) {
      const { csrPem } = await createSubscriber(`${label}.${name.toLowerCase()}.example`);
      await client.orders.place({ productCode: 'tls-dv', csr: csrPem, account: id });
    }
  }
});
after(() => here.close());

const rows = (page: Page) => page.locator('[role=row] [role=cell], [role=row] [role=gridcell]');
const shows = (page: Page, text: string) =>
  until(async () => (await page.locator('#content').innerText()).includes(text));

test('a choice in the header stays from page to page, and the chip takes it off', async () => {
  const { page, close } = await here.open();
  await here.signIn(page);
  await shows(page, '3 requests wait for your decision');
  await page.click('header button[aria-label="Account: All accounts"]');
  await page.fill('[role=dialog] input', 'acm');
  await page.locator('[role=option]', { hasText: 'Acme' }).waitFor();
  await until(async () => (await page.locator('[role=option]').count()) === 1);
  await assertAccessible(page, 'the choice of an account');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/console/?account=${acme}`);
  await shows(page, '1 request waits for your decision');
  await page.click('text=1 request waits for your decision');
  await page.waitForURL(`**/approvals?*account=${acme}*`);
  await shows(page, '1 request');
  await page.click('nav[aria-label=Pages] a:has-text("Orders")');
  await page.waitForURL(`**/orders?account=${acme}`);
  await shows(page, 'one.acme.example');
  assert.equal((await page.locator('#content').innerText()).includes('other.example'), false);
  await page.click('nav[aria-label=Pages] a:has-text("Webhooks")');
  await page.waitForURL(`**/webhooks?account=${acme}`);
  await shows(page, 'hooks.acme.example');
  assert.equal((await page.locator('#content').innerText()).includes('hooks.other.example'), false);
  await page.click('nav[aria-label=Pages] a:has-text("Jobs")');
  await page.waitForURL(`**/jobs?account=${acme}`);
  await shows(page, 'This page is the same for every account.');
  await page.reload();
  await shows(page, 'Only Acme');
  await page.goBack();
  await page.click('button[aria-label="Show all accounts"]');
  await page.waitForURL('**/webhooks');
  await shows(page, 'hooks.other.example');
  assert.ok((await rows(page).count()) > 0);
  await close();
});

test('an account that there is not is said to be none', async () => {
  const { page, close, expect } = await here.open();
  expect(/status of 404/);
  await here.signIn(page, 'orders?account=999999');
  await shows(page, 'account 999999, which there is not');
  await close();
});

test('somebody of an account sees that one, whatever the address says', async () => {
  const username = 'wang.fang';
  const password = 'a long enough password';
  await here.client.users.create({ account: acme, username, password, roles: ['administrator'] });
  const { page, close } = await here.open({ ...english, width: 390 });
  await page.goto(`${here.world.url}/console/?account=999999`);
  await page.fill('input[name=username]', username);
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await shows(page, '1 request waits for your decision');
  assert.equal(await page.locator('button[aria-label^="Account:"]').count(), 0);
  await page.goto(`${here.world.url}/console/accounts/${acme}`);
  await shows(page, 'Acme');
  assert.equal(
    await page.locator('#content a[href$="/console/accounts"]').count(),
    0,
    'there is no list to go back to',
  );
  await page.goto(`${here.world.url}/console/`);
  await shows(page, '1 request waits for your decision');
  await assertNoSidewaysScroll(page, 'home of an account');
  await close();
});
