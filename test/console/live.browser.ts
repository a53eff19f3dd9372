/** What changes elsewhere is seen without a reload: by the stream, and where a proxy stands in its way by asking. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { type StreamProxy, startStreamProxy } from './support/stream-proxy.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let proxy: StreamProxy;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = (await here.client.accounts.create({ name: 'Acme' })).id;
  await here.client.accounts.credit({ account, minor: 1_000_000, currency: 'CNY' });
  await placeOrder('first.customer.example');
});
after(() => here.close());
beforeEach(async () => {
  proxy = await startStreamProxy(here.world.url);
});
afterEach(() => proxy.close());

async function placeOrder(name: string): Promise<string> {
  const { csrPem } = await createSubscriber(name);
  const { number } = await here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, account, method: 'dnsTxt' });
  return String(number);
}

const links = (page: Page) => page.locator('[role=row] a');
const isLive = () => until(async () => proxy.openStreams > 0);

test('an order that is cancelled elsewhere says so, without a reload', async () => {
  const number = await placeOrder('elsewhere.customer.example');
  const { page, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
  await here.signIn(page, `orders/${number}`, proxy.url);
  await isLive();
  await here.client.orders.cancel({ order: number });
  await page.waitForSelector('main >> text=Cancelled');
  await close();
});

test('rows of a list do not move: what came waits behind a button, what changed changes in its place', async () => {
  const first = await placeOrder('in-place.customer.example');
  const { page, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
  await here.signIn(page, 'orders?columns=names,turn,state', proxy.url);
  await until(async () => (await links(page).count()) > 0);
  await isLive();
  const count = await links(page).count();
  const placed = await placeOrder('new-one.customer.example');
  await here.client.orders.cancel({ order: first });
  await page.waitForSelector('button:has-text("1 new")');
  await page.waitForSelector(`[role=row]:has(a:text-is("${first}")) >> text=Cancelled`);
  assert.equal((await links(page).allInnerTexts())[0], first);
  assert.equal(await links(page).count(), count);
  await page.click('button:has-text("1 new")');
  await until(async () => (await links(page).allInnerTexts())[0] === placed);
  assert.equal(await page.locator('button:has-text("new")').count(), 0);
  await close();
});

test('eight tabs over HTTP/1.1 have one stream, and all of them hear', async () => {
  const number = await placeOrder('tabs.customer.example');
  const { page, context, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
  await here.signIn(page, `orders/${number}`, proxy.url);
  const pages = [page];
  for (let n = 1; n < 8; n++) {
    const another = await context.newPage();
    await another.goto(`${proxy.url}/console/orders/${number}`);
    await another.waitForSelector('#content h1');
    pages.push(another);
  }
  await isLive();
  assert.equal(proxy.openStreams, 1);
  await here.client.orders.cancel({ order: number });
  for (const one of pages) await one.waitForSelector('main >> text=Cancelled');
  await close();
});

test('where the browser has no shared workers, each tab follows by itself', async () => {
  const number = await placeOrder('no-worker.customer.example');
  const { page, context, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
  await context.addInitScript({ content: 'delete window.SharedWorker;' });
  await here.signIn(page, `orders/${number}`, proxy.url);
  await isLive();
  await here.client.orders.cancel({ order: number });
  await page.waitForSelector('main >> text=Cancelled');
  await close();
});

for (const treatment of ['hold', 'refuse'] as const) {
  test(`behind a proxy that does "${treatment}", what is shown is at most 30 seconds old`, async () => {
    proxy.treatment = treatment;
    const { page, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
    await page.clock.install();
    await here.signIn(page, 'accounts', proxy.url);
    await page.waitForSelector('[role=row] >> text=Acme');
    await until(async () => proxy.asked.length > 0);
    await here.client.accounts.change({ account, name: `Acme ${treatment}` });
    await page.clock.runFor(30_000);
    await page.waitForSelector(`[role=row] >> text=Acme ${treatment}`);
    await close();
  });
}

test('a stream that is cut goes on where it was, and nothing between is lost', async () => {
  const { page, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
  await here.signIn(page, 'accounts', proxy.url);
  await page.waitForSelector('[role=row] >> text=Acme');
  await isLive();
  // The first event tells where the stream is.
  await here.client.accounts.change({ account, name: 'Acme before' });
  await page.waitForSelector('[role=row] >> text=Acme before');
  proxy.treatment = 'refuse';
  proxy.cut();
  await until(async () => proxy.openStreams === 0);
  await here.client.accounts.change({ account, name: 'Acme after' });
  proxy.treatment = 'pass';
  await page.waitForSelector('[role=row] >> text=Acme after');
  await isLive();
  assert.match(proxy.asked.at(-1) ?? '', /^\d+$/);
  await close();
});

test('a hidden tab asks for nothing, and is up to date when it is seen again', async () => {
  const { page, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
  await here.signIn(page, 'accounts', proxy.url);
  await isLive();
  const requests: string[] = [];
  await hide(page, true);
  await until(async () => proxy.openStreams === 0);
  page.on('request', (request) => requests.push(request.url()));
  await here.client.accounts.change({ account, name: 'Acme unseen' });
  // Another page of the same browser would have heard of it by now.
  const other = await here.open(undefined, { origin: proxy.url, isLive: true });
  await here.signIn(other.page, 'accounts', proxy.url);
  await other.page.waitForSelector('[role=row] >> text=Acme unseen');
  await other.close();
  assert.deepEqual(requests, []);
  await hide(page, false);
  await page.waitForSelector('[role=row] >> text=Acme unseen');
  await close();
});

test('signing out ends the stream', async () => {
  const { page, close } = await here.open(undefined, { origin: proxy.url, isLive: true });
  await here.signIn(page, 'accounts', proxy.url);
  await isLive();
  await page.click(`button[aria-label^="${here.operator.username}"]`);
  await page.click('text=Sign out');
  await page.waitForURL('**/console/sign-in');
  await until(async () => proxy.openStreams === 0);
  await close();
});

/** As the browser says it; a window without a screen is always seen. */
async function hide(page: Page, isHidden: boolean): Promise<void> {
  const state = isHidden ? 'hidden' : 'visible';
  await page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
    Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));`);
}
