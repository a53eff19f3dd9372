/** Without a mouse: from signing in to a downloaded certificate. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { placeOrder } from './support/issued.ts';

const name = 'keys-only.customer.example';
/** More than any page has of what can have the focus. */
const mostSteps = 120;

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = String((await here.client.accounts.create({ name: 'Acme' })).number);
  await here.client.accounts.credit({ account, minor: 100_000, currency: 'CNY' });
  await placeOrder(here, { name: 'listed.customer.example', account });
});
after(() => here.close());

/** Goes on by the Tab key until this has the focus. */
async function tabTo(page: Page, selector: string): Promise<void> {
  await page.waitForSelector(selector);
  for (let step = 0; step < mostSteps; step++) {
    if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`the Tab key does not lead to ${selector}`);
}

async function enter(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector);
  await page.keyboard.press('Enter');
}

test('an order is placed, checked and its certificate downloaded by the keyboard alone', async () => {
  const watched = await here.open();
  const { page } = watched;
  // As in `new-order.browser.ts`: a price that is asked for while the order is placed.
  watched.expect(/status of 4(?:02|09)/);
  await page.goto(`${here.world.url}/console/`);
  await tabTo(page, 'input[name=username]');
  await page.keyboard.type(here.operator.username);
  await tabTo(page, 'input[name=password]');
  await page.keyboard.type(here.operator.password);
  await page.keyboard.press('Enter');
  await enter(page, 'a:has-text("New order")');

  await tabTo(page, 'input[list]');
  await page.keyboard.type(account);
  await tabTo(page, 'textarea');
  await page.keyboard.type(name);
  // Of tabs one has the focus, and arrows lead to the others.
  await tabTo(page, 'form [role=tab][aria-selected=true]');
  const makes = '[role=tab]:has-text("Make it here")';
  for (let step = 0; step < 4 && (await page.getAttribute(makes, 'aria-selected')) !== 'true'; step++)
    await page.keyboard.press('ArrowRight');
  const key = page.waitForEvent('download');
  await enter(page, 'button:has-text("Make key and CSR")');
  assert.equal((await key).suggestedFilename(), `${name}.key`);
  await enter(page, 'form button[type=submit]');

  await page.waitForSelector(`text=_certmux-challenge.${name}`);
  const number = /orders\/(\d+)/.exec(page.url())?.[1] ?? '';
  const [proof] = ((await here.client.orders.show({ order: number })).names[0]?.proofs ?? []).filter(
    ({ method }) => method === 'dnsTxt',
  );
  assert.ok(proof?.method === 'dnsTxt');
  here.world.dns.set(proof.host, 'TXT', proof.value);
  await enter(page, 'button:has-text("Check now")');
  const download = page.waitForEvent('download');
  await enter(page, 'a[download]');
  const certificate = new X509Certificate(await readFile(await (await download).path()));
  assert.equal(certificate.checkHost(name), name);
  await watched.close();
});

test('a row of a list is reached, opened and closed again by its keys', async () => {
  const watched = await here.open();
  const { page } = watched;
  await here.signIn(page);
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.waitForURL('**/console/orders**');
  await page.waitForSelector('[role=row][data-index="0"] a');
  await page.keyboard.press('j');
  await page.waitForSelector('[role=row][data-index="0"] a:focus');
  await page.keyboard.press('Enter');
  await page.waitForSelector('aside h2');
  await page.keyboard.press('Escape');
  await page.waitForSelector('aside h2', { state: 'detached' });
  await page.waitForSelector('[role=row][data-index="0"] a:focus');
  await watched.close();
});
