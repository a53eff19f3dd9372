/** Acts of those who administer, each submitted in a browser, and what the server holds afterwards. Secrets are shown once and left nowhere. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible } from './support/accessibility.ts';
import { english, type Look } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

const chinese: Look = { language: 'zh', scheme: 'dark', width: 390 };

let here: ConsoleWorld;
let account = '';
before(async () => {
  here = await startConsoleWorld();
  const { id, number } = await here.client.accounts.create({ name: 'Acme' });
  account = String(number);
  await here.client.accounts.credit({ account: id, minor: 1_000_000, currency: 'CNY' });
});
after(() => here.close());

const button = (page: Page, name: string) => page.locator(`main button:has-text("${name}")`).first();
const submit = (page: Page) => page.locator('[role=dialog] button[type=submit]');
const field = (page: Page, name: string) => page.locator(`[role=dialog] [name=${name}]`);
const isClosed = (page: Page) => until(async () => (await page.locator('[role=dialog]').count()) === 0);

/** Types the password again where the dialog asks for it. */
async function send(page: Page): Promise<void> {
  await submit(page).click();
}

async function assertNowhere(page: Page, secret: string): Promise<void> {
  assert.ok(secret.length > 20);
  assert.equal((await page.content()).includes(secret), false, 'the page');
  const kept = await page.evaluate(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.title])',
  );
  assert.equal(String(kept).includes(secret), false, 'what the browser keeps');
}

test('a new credential shows its secret once, and it opens the API', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `credentials?account=${account}`);
  await button(page, 'New credential').click();
  await field(page, 'label').fill('web-1');
  await send(page);
  await page.waitForSelector('[role=dialog] >> text=Note this now');
  await assertAccessible(page, 'the secret');
  const values = await page.locator('[role=dialog] dd code').allInnerTexts();
  const secret = values.find((value) => value.length > 30) ?? '';
  assert.ok((await page.locator('[role=dialog] pre').innerText()).includes(`Bearer ${secret}`));
  await page.click('[role=dialog] button:has-text("Try it from here")');
  await page.waitForSelector('[role=dialog] [role=status] >> text=accepts it');
  await page.click('[role=dialog] button[aria-label="Close"]');
  await isClosed(page);
  await assertNowhere(page, secret);
  const { items } = await here.client.credentials.list({ account });
  assert.deepEqual(
    items.map(({ label, revokedAt }) => [label, revokedAt]),
    [['web-1', null]],
  );
  const reply = await fetch(`${here.world.url}/api/v1/me`, { headers: { Authorization: `Bearer ${secret}` } });
  assert.equal(reply.status, 200);
  await page.click('[role=row] a:has-text("web-1")');
  await button(page, 'Change').click();
  await field(page, 'label').fill('web-2');
  await field(page, 'expiresAt').fill('2099-01-31');
  await field(page, 'allowedAddresses').fill('203.0.113.0/24');
  await assertAccessible(page, 'the change of a credential');
  await send(page);
  await isClosed(page);
  const [changed] = (await here.client.credentials.list({ account })).items;
  assert.deepEqual(
    [changed?.label, changed?.allowedAddresses, changed?.expiresAt?.slice(0, 7)],
    ['web-2', ['203.0.113.0/24'], new Date('2099-01-31T00:00:00').toISOString().slice(0, 7)],
  );
  await close();
});

test('a requester makes a key of their own, and sees no other', async () => {
  const password = 'correct horse battery staple';
  await here.client.users.create({ account, username: 'own.keys', password, roles: ['requester'] });
  const { page, close } = await here.open(chinese);
  await page.goto(`${here.world.url}/console/credentials`);
  await page.fill('input[name=username]', 'own.keys');
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForSelector('main >> text=暂无凭证');
  await button(page, '新建凭证').click();
  await field(page, 'label').fill('自己的');
  await send(page);
  await page.waitForSelector('[role=dialog] >> text=请立即记录');
  await page.click('[role=dialog] .mantine-CloseButton-root, [role=dialog] button[aria-label="关闭"]');
  await isClosed(page);
  const [made] = (await here.client.credentials.list({ account, text: '自己的' })).items;
  assert.deepEqual([made?.holder?.name, made?.roles], ['own.keys', ['requester']]);
  await close();
});

test('a user is made and invited by a link that is shown once', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `users?account=${account}`);
  await button(page, 'New user').click();
  await field(page, 'username').fill('li.na');
  await send(page);
  await page.waitForURL('**/users/*');
  await button(page, 'Invite').click();
  await send(page);
  const link = await page.locator('[role=dialog] code').innerText();
  assert.match(link, /\/invitation\//);
  await page.click('[role=dialog] button[aria-label="Close"]');
  await isClosed(page);
  await assertNowhere(page, link);
  const [user] = (await here.client.users.list({ account })).items;
  assert.equal(user?.username, 'li.na');
  await close();
});

test('a credit that is clicked twice is one credit', async () => {
  const before = (await here.client.accounts.show({ account })).balance.minor;
  const { page, close } = await here.open(chinese);
  await here.signIn(page, `accounts/${account}`);
  await button(page, '充值').click();
  await field(page, 'minor').fill('100.00');
  await submit(page).dblclick();
  await isClosed(page);
  assert.equal((await here.client.accounts.show({ account })).balance.minor, before + 10_000);
  await close();
});

test('a price of its own is set for an account', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `accounts/${account}`);
  await button(page, 'Set a price').click();
  for (const name of ['fqdn', 'wildcard', 'ip']) await field(page, name).fill('12.34');
  await send(page);
  await isClosed(page);
  const { items } = await here.client.prices.list({ account });
  assert.ok(
    items.some((one) => JSON.stringify(one).includes('1234')),
    JSON.stringify(items[0]),
  );
  await close();
});

test('an ACME key is made with the lines of its client, and revoked', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `acme-keys?account=${account}`);
  await button(page, 'New ACME key').click();
  await field(page, 'name').fill('certbot on web-1');
  await field(page, 'names').fill('shop.example\nwww.example');
  await send(page);
  const lines = await page.locator('[role=dialog] pre').innerText();
  const secret = /--eab-hmac-key (\S+)/.exec(lines)?.[1] ?? '';
  await assertAccessible(page, 'the ACME key');
  await page.click('[role=dialog] button[aria-label="Close"]');
  await isClosed(page);
  await assertNowhere(page, secret);
  const [key] = (await here.client.acmeKeys.list({ account })).items;
  assert.deepEqual([key?.name, key?.names], ['certbot on web-1', ['shop.example', 'www.example']]);
  await page.click('[role=row] a:has-text("certbot on web-1")');
  await button(page, 'Revoke').click();
  await send(page);
  await isClosed(page);
  assert.notEqual((await here.client.acmeKeys.list({ account })).items[0]?.revokedAt, null);
  await close();
});

test('a container is added below another, changed and put out of use', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `containers?account=${account}`);
  await button(page, 'Add below').click();
  await field(page, 'name').fill('Sales');
  await send(page);
  await isClosed(page);
  const line = page.locator('li li', { hasText: 'Sales' });
  await line.locator('button:has-text("Change")').click();
  await field(page, 'allowedNames').fill('shop.example');
  await send(page);
  await isClosed(page);
  await line.locator('button:has-text("Put out of use")').click();
  await send(page);
  await isClosed(page);
  const sales = (await here.client.containers.list({ account })).items.find(({ name }) => name === 'Sales');
  assert.deepEqual([sales?.allowedNames, sales?.state], [['shop.example'], 'inactive']);
  await close();
});

test('an organization that is verified lets its order go on', async () => {
  const organization = await here.client.organizations.add({
    account,
    details: { name: 'Acme Ltd', city: 'Berlin', state: 'BE', country: 'DE' },
    levels: ['ov'],
  });
  const { csrPem } = await createSubscriber('ov.customer.example');
  const order = await here.client.orders.place({
    productCode: 'tls-ov',
    csr: csrPem,
    names: ['ov.customer.example'],
    method: 'dnsTxt',
    account,
    organization: organization.id,
  });
  for (const proof of order.names[0]?.proofs ?? [])
    if (proof.method === 'dnsTxt') here.world.dns.set(proof.host, 'TXT', proof.value);
  const stateNow = async () => (await here.client.orders.show({ order: String(order.number) })).state;
  const { page, close } = await here.open();
  await here.signIn(page, `organizations/${organization.number}`);
  assert.equal(await stateNow(), 'open');
  await button(page, 'Verify').click();
  await field(page, 'note').fill('trade register HRB 4711');
  await send(page);
  await isClosed(page);
  const [validation] = (await here.client.organizations.show({ organization: organization.id })).validations;
  assert.deepEqual([validation?.state, validation?.note], ['valid', 'trade register HRB 4711']);
  await until(async () => (await stateNow()) === 'active');
  await close();
});

test('the first steps tick themselves, and those that only a person can see are confirmed', async () => {
  const { page, close } = await here.open();
  await here.signIn(page);
  await page.click('a:has-text("First steps")');
  await page.waitForURL('**/welcome');
  await page.click('button:has-text("The copy is made")');
  await until(async () => {
    const { steps } = await here.client.setup.show({});
    return steps.find(({ step }) => step === 'masterKey')?.isDone === true;
  });
  await until(async () => (await page.locator('button:has-text("The copy is made")').count()) === 0);
  const { csrPem } = await createSubscriber('first.customer.example');
  await here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, account });
  assert.equal(await page.locator('li[data-done=true]', { hasText: 'Make the first account' }).count(), 1);
  await close();
});

test('a page that somebody may not see names the role', async () => {
  const password = 'a long enough password';
  await here.client.users.create({ account, username: 'viewer', password, roles: ['viewer'] });
  const { page, close } = await here.open(english);
  await page.goto(`${here.world.url}/console/jobs`);
  await page.fill('input[name=username]', 'viewer');
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForSelector('text=It is for one of the roles Operator, Support, Auditor.');
  await close();
});

test('a custom field is made, asked for in an order, changed there and put out of use', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `custom-fields?account=${account}`);
  await button(page, 'New custom field').click();
  await field(page, 'label').fill('Cost centre');
  await field(page, 'description').fill('Four digits, see the intranet');
  await field(page, 'kind').selectOption('integer');
  await page.click('[role=dialog] label:has-text("Must be filled") input');
  await assertAccessible(page, 'a new custom field');
  await send(page);
  await isClosed(page);
  await page.waitForSelector('main >> text=Cost centre');

  await page.goto(`${here.world.url}/console/orders/new?account=${account}`);
  await page.fill('textarea >> nth=0', 'fields.customer.example');
  const { csrPem } = await createSubscriber('fields.customer.example');
  await page.locator('main form textarea').nth(1).fill(csrPem);
  await page.waitForSelector('text=Your own fields');
  await page.click('main button[type=submit]');
  await page.waitForSelector('text=This must be filled in.');
  assert.deepEqual((await here.client.orders.list({ account, text: 'fields.customer.example' })).items, []);
  await page.getByLabel('Cost centre').fill('4711');
  await page.click('main button[type=submit]');
  await page.waitForSelector('dt:has-text("Cost centre") + dd:has-text("4711")');

  await page.click('main button:has-text("More")');
  await page.click('[role=menuitem]:has-text("Change details")');
  await page.getByLabel('Cost centre').fill('4712');
  await send(page);
  await page.waitForSelector('dt:has-text("Cost centre") + dd:has-text("4712")');

  await page.goto(`${here.world.url}/console/custom-fields?account=${account}`);
  await button(page, 'Put out of use').click();
  await send(page);
  await isClosed(page);
  const [made] = (await here.client.customFields.list({ account })).items;
  assert.deepEqual(
    [made?.label, made?.kind, made?.isRequired, made?.isActive],
    ['Cost centre', 'integer', true, false],
  );
  await close();
});
