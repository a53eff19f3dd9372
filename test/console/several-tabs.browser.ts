/** Several tabs of one browser: one person in all of them, one decision of what two of them send. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';

const other = { username: 'wang.fang', password: 'correct horse battery', name: 'Fang Wang' } as const;

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  account = (await here.client.accounts.create({ name: 'Careful', approval: 'manual' })).id;
  const person = { firstName: 'Fang', lastName: 'Wang', email: 'wang.fang@customer.example' };
  await here.client.users.create({
    account,
    username: other.username,
    password: other.password,
    roles: ['viewer'],
    person,
  });
});
after(() => here.close());

const menuOf = (name: string) => `button[aria-label^="${name}"]`;

async function submit(page: Page, { username, password }: { readonly username: string; readonly password: string }) {
  await page.fill('input[name=username]', username);
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
}

test('where somebody else signs in in another tab, this one shows theirs and nothing of before', async () => {
  const { page, context, close } = await here.open();
  const second = await context.newPage();
  // Open before anybody is signed in.
  await second.goto(`${here.world.url}/console/sign-in`);
  await second.waitForSelector('input[name=username]');
  await here.signIn(page, 'accounts');
  await page.waitForSelector('[role=row]:has-text("Careful")');
  await submit(second, other);
  await second.waitForSelector(menuOf(other.name));
  await page.waitForSelector(menuOf(other.name));
  assert.equal(await page.locator(menuOf(here.operator.username)).count(), 0);
  assert.equal(await page.locator('[role=row]:has-text("Careful")').count(), 0, 'no list of accounts for a viewer');
  await close();
});

test('whoever signs out in one tab is signed out in all', async () => {
  const { page, context, close } = await here.open();
  await here.signIn(page, 'orders');
  const second = await context.newPage();
  await second.goto(`${here.world.url}/console/accounts`);
  await second.click(menuOf(here.operator.username));
  await second.click('text=Sign out');
  await second.waitForURL('**/console/sign-in');
  await page.waitForURL('**/console/sign-in');
  await close();
});

test('a signing out that fails says so, keeps the page, and is done by another try', async () => {
  const watched = await here.open();
  const { page, context } = watched;
  watched.expect(/status of 503/);
  await here.signIn(page, 'orders');
  await page.route(/\/api\/v1\/session$/, (route) =>
    route.request().method() === 'DELETE' ? route.fulfill({ status: 503, json: {} }) : route.continue(),
  );
  await page.click(menuOf(here.operator.username));
  await page.click('text=Sign out');
  await page.waitForSelector('[role=dialog] [role=alert]');
  const [cookie] = await context.cookies();
  assert.ok(cookie !== undefined);
  const me = () =>
    fetch(`${here.world.url}/api/v1/me`, {
      headers: { cookie: `${cookie.name}=${cookie.value}`, 'sec-fetch-site': 'same-origin' },
    });
  assert.equal((await me()).status, 200, 'it goes on, as the page says');
  await page.unroute(/\/api\/v1\/session$/);
  await page.click('[role=dialog] button:has-text("Try again")');
  await page.waitForURL('**/console/sign-in');
  assert.equal((await me()).status, 401);
  await watched.close();
});

test('what two tabs approve at once is approved once, and the other tab says so', async () => {
  const { csrPem } = await createSubscriber('twice.customer.example');
  await here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, account });
  const [request = assert.fail()] = (await here.client.approvals.list({ waiting: 'true' })).items;
  const watched = await here.open();
  const { page, context } = watched;
  watched.expect(/status of (?:409|412)/);
  await here.signIn(page, `approvals/${request.number}`);
  const second = await context.newPage();
  await second.goto(`${here.world.url}/console/approvals/${request.number}`);
  const approve = 'main button:has-text("Approve")';
  await Promise.all([page, second].map((tab) => tab.waitForSelector(approve)));
  await Promise.all([page, second].map((tab) => tab.click(approve)));
  // Whichever came second asks for nothing any more.
  await Promise.all([page, second].map((tab) => tab.waitForSelector(approve, { state: 'detached' })));
  const decided = await here.client.approvals.show({ approval: String(request.number) });
  assert.equal(decided.state, 'approved');
  assert.equal(decided.decisions.length, 1);
  await watched.close();
});
