/** How many clicks the usual tasks take from Home, where typing is free and the password was typed a short while ago. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { type Mouse, mouseOn } from './support/clicks.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { endingSoon, type Populated, populate } from './support/populated.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let numbers: Populated['numbers'];
before(async () => {
  here = await startConsoleWorld(endingSoon);
  ({ numbers } = await populate(here.client, here.world));
});
after(() => here.close());

/** A task of the operator, begun on Home. */
function task(name: string, act: (page: Page, mouse: Mouse) => Promise<void>): void {
  test(name, async () => {
    const watched = await here.open();
    const { page, context } = watched;
    // The server may have looked by itself a moment before.
    watched.expect(/status of 409/);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await here.signIn(page);
    await page.waitForSelector('#needs');
    await act(page, mouseOn(page));
    await watched.close();
  });
}

async function find(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.fill('[role=dialog] [role=combobox]', typed);
}

const copied = (page: Page) => page.evaluate<string>('navigator.clipboard.readText()');

task('what is stuck and why: 0', async (page, mouse) => {
  await page.waitForSelector('text=2 orders whose validation fails');
  await page.waitForSelector('[aria-labelledby=needs] p a:has-text("×")');
  mouse.assertClicks(0, 'stuck and why');
});

task(
  "a customer's domain by Ctrl+K, its reason seen: 1; looked for again: 1 more; the record copied: 1",
  async (page, mouse) => {
    await find(page, 'status.example');
    await mouse.click('[role=option]:has-text("status.example")');
    await page.waitForSelector('[role=tabpanel] >> text=NXDOMAIN');
    mouse.assertClicks(1, 'found by its domain');
    const checked = page.waitForResponse((response) => response.url().endsWith('/check'));
    await mouse.click('button:has-text("Check now")');
    await checked;
    mouse.assertClicks(1, 'looked again');
    await mouse.click('button:has-text("Copy all")');
    mouse.assertClicks(1, 'record copied');
    await until(async () => (await copied(page)).includes('_certmux-challenge.status.example'));
  },
);

task('what to place, as a message: 3', async (page, mouse) => {
  await find(page, 'www.shop.example');
  await mouse.click('[role=option]:has-text("www.shop.example")');
  await mouse.click('button:has-text("Copy as a message") >> nth=0');
  mouse.assertClicks(3, 'what to place');
  await until(async () => /add this DNS record:[\s\S]*_certmux-challenge/.test(await copied(page)));
});

task('an organization verified: 3', async (_page, mouse) => {
  await mouse.click('[aria-labelledby=needs] a[aria-label^="Verify"]');
  await mouse.click('main button:has-text("Verify")');
  await mouse.click('[role=dialog] button[type=submit]');
  mouse.assertClicks(3, 'verified');
  const { organization } = numbers;
  await until(async () => {
    const { validations } = await here.client.organizations.show({ organization });
    return validations.some(({ state }) => state === 'valid');
  });
});

task('money credited: 4', async (page, mouse) => {
  const { account } = numbers;
  const before = (await here.client.accounts.show({ account })).balance.minor;
  await mouse.click('nav a:has-text("Accounts")');
  await mouse.click('[role=row] a:has-text("Acme Hosting")');
  await mouse.click('aside button:has-text("Credit")');
  await page.fill('[role=dialog] input >> nth=0', '12.34');
  await mouse.click('[role=dialog] button[type=submit]');
  mouse.assertClicks(4, 'credited');
  await until(async () => (await here.client.accounts.show({ account })).balance.minor === before + 1234);
});

task('a new customer with a user and a key: 7', async (page, mouse) => {
  await mouse.click('nav a:has-text("Accounts")');
  await mouse.click('button:has-text("New account")');
  await page.fill('[role=dialog] input >> nth=0', 'Seven Clicks');
  await mouse.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('h1:has-text("Seven Clicks")');
  await mouse.click('main button:has-text("New user")');
  await page.fill('[role=dialog] input >> nth=0', 'seven');
  await mouse.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await mouse.click('main button:has-text("New credential")');
  await mouse.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('[role=dialog] >> text=Note this now');
  mouse.assertClicks(7, 'customer, user, key');
  const [account] = (await here.client.accounts.list({ text: 'Seven Clicks' })).items;
  const reference = String(account?.number);
  assert.equal((await here.client.users.list({ account: reference })).items.length, 1);
  assert.equal((await here.client.credentials.list({ account: reference })).items.length, 1);
});

task('what ends in 30 days and is not replaced, as CSV: 2', async (page, mouse) => {
  await mouse.click('a:has-text("Within 30 days")');
  const download = page.waitForEvent('download');
  await mouse.click('button:has-text("CSV")');
  assert.match((await download).suggestedFilename(), /^certificates-.*\.csv$/);
  mouse.assertClicks(2, 'ending, as CSV');
});

task('a certificate revoked: 4', async (page, mouse) => {
  const [one] = (await here.client.certificates.list({ text: 'vpn.acme' })).items;
  assert.ok(one !== undefined);
  await mouse.click('nav a:has-text("Certificates")');
  await mouse.click(`[role=row] a:has-text("${one.number}")`);
  await mouse.click('aside button:has-text("Revoke")');
  await page.fill('[role=dialog] input[inputmode=numeric]', String(one.number));
  await mouse.click('[role=dialog] button[type=submit]');
  mouse.assertClicks(4, 'revoked');
  const certificate = String(one.number);
  await until(async () => (await here.client.certificates.show({ certificate })).state === 'revoked');
});

task('who revoked something: 2', async (page, mouse) => {
  const [one] = (await here.client.certificates.list({ text: 'git.acme' })).items;
  assert.ok(one !== undefined);
  await here.client.certificates.revoke({ certificate: one.id, reason: 'superseded' });
  await mouse.click('nav a:has-text("Audit log")');
  await mouse.click('a:has-text("Revocations")');
  await page.waitForSelector('[role=row]:has-text("revoked") >> text=operator');
  mouse.assertClicks(2, 'who did it');
});

task('approval in two steps switched on: 4', async (page, mouse) => {
  await find(page, '云桥');
  await mouse.click('[role=option]:has-text("云桥科技")');
  await mouse.click('main button:has-text("Change")');
  await mouse.choose('[role=dialog] select', 'twoStep');
  await mouse.click('[role=dialog] button[type=submit]');
  mouse.assertClicks(4, 'two steps');
  const account = numbers.manualAccount;
  await until(async () => (await here.client.accounts.show({ account })).approval === 'twoStep');
  await here.client.accounts.change({ account, approval: 'manual' });
});

task('a request decided: 2', async (_page, mouse) => {
  const before = (await here.client.approvals.list({ waiting: 'true' })).items.length;
  await mouse.click('[aria-labelledby=needs] a[aria-label^="Decide"]');
  await mouse.click('main button:has-text("Approve")');
  mouse.assertClicks(2, 'decided');
  await until(async () => (await here.client.approvals.list({ waiting: 'true' })).items.length === before - 1);
});

task('an order from a CSR: 4 at most', async (page, mouse) => {
  const { csrPem } = await createSubscriber('clicked.acme.example');
  await mouse.click('a:has-text("New order")');
  await page.fill('input[list]', numbers.account);
  await page.fill('textarea >> nth=1', csrPem);
  await page.waitForSelector('dd:text("clicked.acme.example")');
  await mouse.click('button[type=submit]');
  await page.waitForURL(/orders\/\d+/);
  mouse.assertClicks(2, 'ordered');
});

task('a key with the settings of its client: 4', async (page, mouse) => {
  await mouse.click('nav a:has-text("Credentials")');
  await mouse.click('button:has-text("New credential")');
  await mouse.choose('[role=dialog] select >> nth=0', numbers.account);
  await mouse.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('[role=dialog] >> text=Note this now');
  mouse.assertClicks(4, 'key made');
});

task('a delivery sent again: 2', async (page, mouse) => {
  await mouse.click('[aria-labelledby=needs] a:has-text("webhook message")');
  const sent = page.waitForResponse((response) => response.url().endsWith('/replay'));
  await mouse.click('[role=row] button:has-text("Send again") >> nth=0');
  assert.equal((await sent).status(), 200);
  mouse.assertClicks(2, 'sent again');
});

test('each of these acts is in the audit log, with the name of whoever did it', async () => {
  const kinds = [
    'organization.verified',
    'account.credited',
    'account.created',
    'account.changed',
    'user.created',
    'credential.created',
    'certificate.revoked',
    'list.exported',
    'session.started',
    'order.placed',
  ];
  for (const kind of kinds) {
    const { items } = await here.client.events.list({ kind });
    // What was made by the command line's key has its name beside the person's.
    const inConsole = items.filter(({ actor }) => actor.kind !== 'system' && actor.credential === null);
    assert.ok(inConsole.length > 0, `${kind}, by a person in a browser`);
    for (const { actor } of inConsole) assert.equal(actor.name, here.operator.username, kind);
  }
});

task('an entry of the audit log leads to what it was done to', async (page) => {
  const pages: Record<string, string> = {
    'order.placed': 'orders',
    'account.created': 'accounts',
    'user.created': 'users',
    'domain.added': 'domains',
    'organization.added': 'organizations',
  };
  let opened = 0;
  for (const [kind, path] of Object.entries(pages)) {
    const { items } = await here.client.events.list({ kind, limit: 1 });
    if (items.length === 0) continue;
    await page.goto(`${here.world.url}/console/audit?kind=${kind}`);
    await page.click('[role=row] summary >> nth=0');
    await page.click('a:has-text("Open what it was done to")');
    // An object that is not there would be a 404, which fails the test at its end.
    await page.waitForURL((url) => url.pathname.startsWith(`/console/${path}/`));
    await page.waitForSelector('#content h1');
    opened++;
  }
  assert.ok(opened >= 4, `${opened} kinds`);
});
