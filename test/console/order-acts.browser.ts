/** Acts on an order in a browser: each once, with what it needs, and never on what somebody has not seen. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkNow } from '../support/check-now.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible } from './support/accessibility.ts';
import { english, type Look } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

const chinese: Look = { language: 'zh', scheme: 'dark', width: 390 };

let here: ConsoleWorld;
let automatic = '';
let manual = '';
before(async () => {
  here = await startConsoleWorld();
  const { accounts } = here.client;
  automatic = (await accounts.create({ name: 'Acme' })).id;
  manual = (await accounts.create({ name: 'Careful', approval: 'manual' })).id;
});
after(() => here.close());

async function place(name: string, account = automatic) {
  const { csrPem } = await createSubscriber(name);
  return here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, names: [name], method: 'dnsTxt', account });
}

async function issue(name: string) {
  const order = await place(name);
  const [proof] = (order.names[0]?.proofs ?? []).filter(({ method }) => method === 'dnsTxt');
  assert.ok(proof?.method === 'dnsTxt');
  here.world.dns.set(proof.host, 'TXT', proof.value);
  await checkNow(here.client, String(order.number));
  await until(async () => (await here.client.orders.show({ order: String(order.number) })).state === 'active');
  return order;
}

test('an order is cancelled once its number is typed, however often the button is clicked', async () => {
  const order = await place('cancelled.example');
  const { page, close } = await here.open();
  const calls: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/cancel')) calls.push(request.headers()['idempotency-key'] ?? '');
  });
  await here.signIn(page, `orders/${order.number}`);
  await page.click('main button:has-text("More")');
  await page.click('[role=menuitem]:has-text("Cancel the order")');
  const button = page.locator('[role=dialog] button[type=submit]');
  assert.equal(await button.isDisabled(), true);
  await assertAccessible(page, 'the dialog that cancels');
  await page.fill('[role=dialog] input', String(order.number));
  await button.dblclick();
  await page.waitForSelector('[role=status] >> text=The order is cancelled.');
  assert.equal(calls.length, 1);
  assert.match(calls[0] ?? '', /^[0-9a-f-]{36}$/);
  assert.equal((await here.client.orders.show({ order: String(order.number) })).state, 'cancelled');
  await close();
});

test('zh: revoking asks for the password in the same dialog, says where it is wrong, and keeps it nowhere', async () => {
  const order = await issue('revoked.example');
  const watched = await here.open(chinese);
  const { page } = watched;
  watched.expect(/status of 422/);
  await here.signIn(page, `orders/${order.number}`);
  // The password was typed to sign in; ten minutes later it is asked for again, as if they were over.
  await page.route('**/api/v1/me', async (route) => {
    const headers = { ...route.request().headers(), 'sec-fetch-site': 'same-origin' };
    const response = await route.fetch({ headers });
    const me = (await response.json()) as { readonly session: object };
    await route.fulfill({ response, json: { ...me, session: { ...me.session, confirmedUntil: null } } });
  });
  await page.reload();
  await page.click('button:has-text("更多操作")');
  await page.click('[role=menuitem]:has-text("吊销")');
  await page.click('[role=dialog] label:has-text("密钥泄露")');
  await page.fill('[role=dialog] input[inputmode=numeric]', String(order.number));
  await assertAccessible(page, 'the dialog that revokes');
  await page.fill('[role=dialog] input[name=password]', 'wrong password');
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('[role=dialog] >> text=请输入您的登录密码');
  assert.equal((await here.client.orders.show({ order: String(order.number) })).state, 'active');
  await page.fill('[role=dialog] input[name=password]', here.operator.password);
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('[role=status] >> text=已吊销');
  const shown = await here.client.orders.show({ order: String(order.number) });
  assert.equal(shown.state, 'revoked');
  assert.ok(!(await page.content()).includes(here.operator.password), 'the password is nowhere in the page');
  await watched.close();
});

test('where somebody else was faster nothing is done, and the page says what changed', async () => {
  const order = await place('two.people.example');
  const watched = await here.open();
  const { page } = watched;
  watched.expect(/status of 412/);
  await here.signIn(page, `orders/${order.number}`);
  await page.click('main button:has-text("More")');
  await page.click('[role=menuitem]:has-text("Change details")');
  await page.fill('[role=dialog] input >> nth=0', 'mine');
  await here.client.orders.cancel({ order: String(order.number) });
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('[role=alert] >> text=What changed meanwhile');
  await page.waitForSelector('[role=alert] >> text=Open → Cancelled');
  assert.equal((await here.client.orders.show({ order: String(order.number) })).reference, null);
  await watched.close();
});

test('whoever may approve reads what is asked, and rejects with a word for whoever asked', async () => {
  const order = await place('decide.example', manual);
  const { page, close } = await here.open();
  await here.signIn(page, `orders/${order.number}`);
  await page.waitForSelector('text=approve or reject the order');
  await page.click('button:has-text("Reject")');
  assert.equal(await page.locator('[role=dialog] button[type=submit]').isDisabled(), true);
  await page.fill('[role=dialog] textarea', 'not this name');
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('text=Rejected.');
  const shown = await here.client.orders.show({ order: String(order.number) });
  assert.equal(shown.approval?.note, 'not this name');
  await close();
});

test('what cannot be done now stays in the menu, with its reason', async () => {
  const order = await place('reasons.example');
  const { page, close } = await here.open();
  await here.signIn(page, `orders/${order.number}`);
  await page.click('main button:has-text("More")');
  const refused = page.locator('[role=menuitem][aria-disabled=true]:has-text("Reissue")');
  const { actions } = await here.client.orders.show({ order: String(order.number) });
  assert.ok((await refused.innerText()).includes(actions.reissue.reason ?? 'none'));
  await refused.click({ force: true });
  assert.equal(await page.locator('[role=dialog]').count(), 0);
  await close();
});

test('a link shows a customer what to place without signing in, and nothing of the account', async () => {
  const order = await place('shared.example');
  const { page, close } = await here.open();
  await here.signIn(page, `orders/${order.number}`);
  await page.click('main button:has-text("More")');
  await page.click('[role=menuitem]:has-text("Share a link")');
  await page.click('[role=dialog] button:has-text("Make a link")');
  const link = await page.locator('[role=dialog] [role=status] code').innerText();
  const other = await here.open({ ...english, width: 390 });
  await other.page.goto(link);
  await other.page.waitForSelector('text=_certmux-challenge.shared.example');
  await assertAccessible(other.page, 'the page of a link');
  assert.ok(!(await other.page.content()).includes('Acme'));
  await page.click('[role=dialog] button:has-text("Remove")');
  await page.waitForSelector('[role=dialog] button:has-text("Remove")', { state: 'detached' });
  other.expect(/status of 404/);
  await other.page.reload();
  await other.page.waitForSelector('text=This link leads nowhere');
  await other.close();
  await close();
});

test('the form of a DNS host, the difference, and another method by one click', async () => {
  const order = await place('cockpit.example');
  const [proof] = (order.names[0]?.proofs ?? []).filter(({ method }) => method === 'dnsTxt');
  assert.ok(proof?.method === 'dnsTxt');
  here.world.dns.set(proof.host, 'TXT', `${proof.value.slice(0, -3)}xyz`);
  await here.client.orders.check({ order: String(order.number) });
  const { page, close } = await here.open();
  await here.signIn(page, `orders/${order.number}`);
  await page.waitForSelector('mark:text("xyz")');
  await page.click('button:has-text("Aliyun")');
  await page.waitForSelector('dt:text("Hostname") + dd >> text="_certmux-challenge"');
  await page.click('[role=tab]:has-text("DNS CNAME")');
  await page.click('button:has-text("Choose DNS CNAME")');
  await page.waitForSelector('button:has-text("Choose DNS CNAME")', { state: 'detached' });
  const [name] = (await here.client.orders.show({ order: String(order.number) })).names;
  assert.equal(name?.preferredMethod, 'dnsCname');
  await close();
});

test('notes are written, changed and removed; the timeline tells of it', async () => {
  const order = await place('noted.example');
  const { page, close } = await here.open();
  await here.signIn(page, `orders/${order.number}/notes`);
  await page.fill('textarea', 'called the customer <b>twice</b>');
  await page.click('button:has-text("Add the note")');
  await page.waitForSelector('li >> text=called the customer <b>twice</b>');
  await page.click('li button:has-text("Change")');
  await page.fill('li textarea', 'called three times');
  await page.click('li button:has-text("Save")');
  await page.waitForSelector('li >> text=called three times');
  await page.click('li button:has-text("Remove")');
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('text=No notes yet');
  await page.click('nav a:has-text("Timeline")');
  await page.waitForURL(`**/orders/${order.number}/timeline`);
  await page.waitForSelector('text=a note was removed');
  await close();
});
