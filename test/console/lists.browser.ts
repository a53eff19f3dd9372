/** The pattern of lists in a browser: its address is its only memory, the server counts, sorts and filters, keys lead through it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible, assertNoSidewaysScroll } from './support/accessibility.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = (await here.client.accounts.create({ name: 'Acme' })).id;
  await here.client.accounts.credit({ account, minor: 1_000_000, currency: 'CNY' });
  for (const [at, name] of ['needle', 'hay', 'straw'].entries()) {
    const { csrPem } = await createSubscriber(`${name}.customer.example`);
    await here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, account, reference: `=ticket-${at}` });
  }
});
after(() => here.close());

const links = (page: Page) => page.locator('[role=row] a');
const rowCount = async (page: Page, count: number) => until(async () => (await links(page).count()) === count);

test('a filter that is typed becomes a part of the address, and the chip takes it away', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'orders');
  await rowCount(page, 3);
  await page.fill('input[type=search]', 'state:cancelled ');
  await page.waitForURL('**/orders?state=cancelled');
  await page.waitForSelector('text=Nothing matches');
  assert.equal(await page.inputValue('input[type=search]'), '');
  await page.reload();
  await page.waitForSelector('text=Nothing matches');
  await page.click('button[aria-label="Remove the filter State Cancelled"]');
  await page.waitForURL('**/orders');
  await rowCount(page, 3);
  await page.goBack();
  await page.waitForURL('**/orders?state=cancelled');
  await close();
});

test('filters are read in Chinese too', async () => {
  const { page, close } = await here.open({ language: 'zh', scheme: 'light', width: 1280 });
  await here.signIn(page, 'orders');
  await rowCount(page, 3);
  await page.fill('input[type=search]', '处理方：客户 needle');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/orders?turn=customer&text=needle');
  await rowCount(page, 1);
  await close();
});

test('the form of filters says what is on, and the count is that of the server', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'orders');
  await rowCount(page, 3);
  await page.click('button:has-text("Filter")');
  await page.selectOption('select[name=state]', 'open');
  await page.click('button:has-text("Apply")');
  await page.waitForURL('**/orders?state=open');
  const { total } = await here.client.orders.list({ state: 'open', total: 'true' });
  await page.waitForSelector(`[role=status]:has-text("${total?.count} orders")`);
  assert.equal(await page.locator('nav a[aria-current=page]:has-text("Under way")').count(), 1);
  await close();
});

test('a view is saved with its filters, is there elsewhere, and can be removed', async () => {
  const one = await here.open();
  await here.signIn(one.page, 'orders?state=open&turn=customer');
  await one.page.click('button:has-text("Save view")');
  await one.page.fill('input[name=name]', 'My customers');
  await one.page.click('form >> button:has-text("Save")');
  await one.page.waitForSelector('a[aria-current=page]:has-text("My customers")');
  await one.close();
  const { page, close } = await here.open();
  await here.signIn(page, 'orders');
  await page.click('a:has-text("My customers")');
  await page.waitForURL('**/orders?state=open&turn=customer');
  await page.click('button[aria-label="Remove the view My customers"]');
  await page.waitForSelector('a:has-text("My customers")', { state: 'detached' });
  await close();
});

test('keys: / looks for something, j and k go through the rows, Enter opens, Escape closes', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'orders');
  await rowCount(page, 3);
  const focused = () => page.evaluate<string>('document.activeElement.textContent');
  const first = await links(page).nth(0).innerText();
  const second = await links(page).nth(1).innerText();
  await page.keyboard.press('j');
  assert.equal(await focused(), first);
  await page.keyboard.press('j');
  assert.equal(await focused(), second);
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/orders?open=${first}`);
  await page.waitForSelector(`aside h2:text("Order ${first}")`);
  await assertAccessible(page, 'a list with a panel');
  await page.keyboard.press('Escape');
  await page.waitForSelector('aside', { state: 'detached' });
  await page.keyboard.press('/');
  await page.keyboard.type('straw');
  await page.waitForURL('**/orders?text=straw');
  await close();
});

test('what is done with several has a result for each', async () => {
  const [newest] = (await here.client.orders.list({})).items;
  assert.ok(newest !== undefined);
  await here.client.orders.cancel({ order: String(newest.number) });
  const { page, close } = await here.open();
  await here.signIn(page, 'orders');
  await rowCount(page, 3);
  await page.click('input[aria-label="Select all that are loaded"]');
  await page.click('section >> button:has-text("Check now")');
  await page.waitForSelector('text=2 done, 1 refused');
  await page.waitForSelector(`li:has-text("Order ${newest.number}") >> text=No name of it waits for validation.`);
  await close();
});

test('CSV is everything that the filters leave, and no cell is a formula', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'orders?text=straw');
  await rowCount(page, 1);
  const [file] = await Promise.all([page.waitForEvent('download'), page.click('button:has-text("CSV")')]);
  assert.match(file.suggestedFilename(), /^orders-\d{4}-\d\d-\d\d\.csv$/);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(Buffer.from(chunk));
  const lines = Buffer.concat(chunks).toString('utf8').trimEnd().split('\r\n');
  assert.equal(lines.length, 2);
  assert.ok(lines[0]?.startsWith('\ufeff'));
  assert.match(lines[1] ?? '', /'=ticket-2/);
  await close();
});

test('columns are chosen, and stand in the address', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'orders');
  await rowCount(page, 3);
  await page.click('button:has-text("Columns")');
  await page.click('[role=menuitemcheckbox]:has-text("Reference")');
  await page.waitForSelector('[role=columnheader]:has-text("Reference")');
  assert.match(page.url(), /columns=[^&]*reference/);
  await page.reload();
  await page.waitForSelector('[role=columnheader]:has-text("Reference")');
  await close();
});

test('on a phone a row is a card that leads to a page', async () => {
  const { page, close } = await here.open({ language: 'zh', scheme: 'dark', width: 390 });
  await here.signIn(page, 'orders?text=straw');
  await rowCount(page, 1);
  await assertNoSidewaysScroll(page, 'cards');
  const number = await links(page).nth(0).innerText();
  await links(page).nth(0).click();
  await page.waitForURL(`**/orders/${number}`);
  await close();
});
