/** Lists of very many rows: few of them are drawn, not many are kept, and each can be gone back to. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

const rowsInAll = 5000;
const pageSize = 200;
const mostKept = 2000;

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = (await here.client.accounts.create({ name: 'Acme', approval: 'manual' })).id;
  await here.client.accounts.credit({ account, minor: 1_000_000, currency: 'CNY' });
  for (const name of ['one', 'two', 'three']) await placeOrder(`${name}.customer.example`);
});
after(() => here.close());

async function placeOrder(name: string) {
  const { csrPem } = await createSubscriber(name);
  return here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, account });
}

/** The list of orders as a server with very many of them answers it: the first row is the newest. */
async function fakeOrders(page: Page): Promise<string[]> {
  const asked: string[] = [];
  const {
    items: [model],
  } = await here.client.orders.list({});
  assert.ok(model !== undefined);
  await page.route(/\/api\/v1\/orders\?/, (route) => {
    const parameters = new URL(route.request().url()).searchParams;
    assert.equal(parameters.get('limit'), String(pageSize));
    const from = Number(parameters.get('cursor') ?? '0');
    asked.push(String(from));
    const items = Array.from({ length: Math.min(pageSize, rowsInAll - from) }, (_, index) => ({
      ...model,
      id: `ord_${from + index}`,
      number: rowsInAll - from - index,
    }));
    const nextCursor = from + pageSize < rowsInAll ? String(from + pageSize) : null;
    const total = parameters.get('total') === 'true' ? { total: { count: rowsInAll, isMore: false } } : {};
    return route.fulfill({ json: { items, nextCursor, ...total } });
  });
  return asked;
}

const drawn = (page: Page) => page.locator('[role=row][data-index]').count();
const lastDrawn = async (page: Page) =>
  Number(await page.locator('[role=row][data-index]').last().getAttribute('data-index'));

test('all rows can be gone through, and back to the first, with few of them in the page', async () => {
  const { page, close } = await here.open();
  const asked = await fakeOrders(page);
  await here.signIn(page, 'orders');
  await page.waitForSelector(`[role=row] >> text="${rowsInAll}"`);
  assert.equal(await page.locator('[role=table]').getAttribute('aria-rowcount'), String(rowsInAll + 1));
  await until(async () => {
    await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)');
    return (await lastDrawn(page)) === rowsInAll - 1;
  }, 300_000);
  assert.ok((await drawn(page)) < 60);
  const row = page.locator('[role=row][data-index]').last();
  assert.equal(await row.getAttribute('aria-rowindex'), String(rowsInAll + 1));
  const before = asked.length;
  // Rows that are measured meanwhile may move the page.
  await until(async () => {
    await page.evaluate('window.scrollTo(0, 0)');
    return page.locator(`[role=row][data-index="0"] >> text="${rowsInAll}"`).isVisible();
  }, 300_000);
  // What was far out of sight was not kept, and is asked for at once rather than by way of all between.
  const again = asked.slice(before);
  assert.ok(again.includes('0'));
  assert.ok(again.length < (rowsInAll - mostKept) / pageSize, again.join());
  await close();
});

test('orders are cancelled together by one request, after a question that names them', async () => {
  const { page, close } = await here.open();
  const requests: string[] = [];
  page.on('request', (request) => request.method() === 'POST' && requests.push(new URL(request.url()).pathname));
  await here.signIn(page, 'orders');
  await until(async () => (await page.locator('[role=row] a').count()) >= 3);
  await page.click('input[aria-label="Select all that are loaded"]');
  await page.click('section >> button:has-text("Cancel")');
  await page.waitForSelector('[role=dialog] >> text=Cancel 3 orders?');
  requests.length = 0;
  // Twice, before the first is answered.
  await page.locator('[role=dialog] button[type=submit]').dblclick();
  await page.waitForSelector('text=3 done');
  assert.equal(await page.locator('li[data-failed=false]').count(), 3);
  assert.deepEqual(requests, ['/api/v1/bulk']);
  const { items } = await here.client.events.list({ kind: 'order.cancelled' });
  assert.equal(items.length, 3);
  await close();
});

test('requests are approved together after a question, and each says what became of it', async () => {
  for (const name of ['four', 'five']) await placeOrder(`${name}.customer.example`);
  const { page, close } = await here.open();
  await here.signIn(page, 'approvals?waiting=true');
  await until(async () => (await page.locator('[role=row] a').count()) === 2);
  await page.click('input[aria-label="Select all that are loaded"]');
  // Decided by somebody else in between.
  const [first] = (await here.client.approvals.list({ waiting: 'true' })).items;
  assert.ok(first !== undefined);
  await page.click('section >> button:has-text("Approve")');
  await page.waitForSelector('[role=dialog] >> text=Approve 2 requests?');
  await here.client.approvals.approve({ approval: String(first.number), version: first.version, note: '' });
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('text=1 done, 1 refused');
  assert.equal(await page.locator('li[data-failed=true]').count(), 1);
  await close();
});
