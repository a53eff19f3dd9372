/** What an attacker tries against somebody who is signed in, in a real browser: none of it does anything. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { type ForeignSite, startForeignSite } from './support/foreign-site.ts';
import { until } from './support/until.ts';

/** Runs something wherever it is taken for markup, a script, a link or a style; says so by changing the title or the page. */
const attack = `"'><img src=x onerror="window.attacked=1"><svg/onload=window.attacked=2><a href="javascript:window.attacked=3">`;
/** Of engines that fill in templates, and what turns the direction of writing. */
const template = '{{7*7}}#{7*7}\u202e';
const hostile = `${attack}${template}`;
/** For fields that take no more. */
const short = '<img src=x onerror="window.attacked=6">';
const password = 'correct horse battery';

let here: ConsoleWorld;
let foreign: ForeignSite;
const numbers: Record<string, string> = {};
before(async () => {
  here = await startConsoleWorld();
  foreign = await startForeignSite();
  const { client } = here;
  const account = await client.accounts.create({ name: hostile, approval: 'manual' });
  await client.accounts.credit({ account: account.id, minor: 1_000_000, currency: 'CNY', note: hostile });
  const field = await client.customFields.add({
    account: account.id,
    label: attack.slice(0, 100),
    description: hostile,
  });
  const order = await client.orders.place({
    productCode: 'tls-dv',
    csr: (await createSubscriber('hostile.customer.example')).csrPem,
    method: 'dnsTxt',
    account: account.id,
    reference: hostile,
    comments: hostile,
    customFields: [{ field: field.id, value: hostile }],
  });
  await client.notes.add({ order: String(order.number), text: hostile });
  const [approval] = (await client.approvals.list({ waiting: 'true' })).items;
  assert.ok(approval !== undefined);
  const free = await client.accounts.create({ name: hostile });
  await client.accounts.credit({ account: free.id, minor: 1_000_000, currency: 'CNY' });
  const proving = await client.orders.place({
    productCode: 'tls-dv',
    csr: (await createSubscriber('evidence.customer.example')).csrPem,
    method: 'dnsTxt',
    account: free.id,
    reference: attack,
  });
  const proof = proving.names[0]?.proofs.find(({ method }) => method === 'dnsTxt');
  assert.ok(proof?.method === 'dnsTxt');
  // What the server finds, and shows as evidence.
  here.world.dns.set(proof.host, 'TXT', attack);
  await client.orders.check({ order: String(proving.number) });
  const organization = await client.organizations.add({
    account: account.id,
    details: { name: short, city: short, state: 'IL', country: 'US', street: short },
    levels: ['ov'],
  });
  const user = await client.users.create({
    account: account.id,
    username: 'mallory',
    password,
    roles: ['administrator', 'approver', 'requester'],
    person: { firstName: short, lastName: short, jobTitle: short, email: 'mallory@customer.example' },
  });
  await client.credentials.create({ account: account.id, label: attack });
  await client.webhooks.add({
    account: account.id,
    url: 'https://hooks.customer.example/"><img src=x onerror="window.attacked=4">',
  });
  Object.assign(numbers, {
    account: account.number,
    order: order.number,
    proving: proving.number,
    approval: approval.number,
    organization: organization.number,
    user: user.number,
  });
});
after(async () => {
  await foreign.close();
  await here.close();
});

const screens = [
  '',
  'orders',
  'orders/{order}',
  'orders/{order}/timeline',
  'orders/{order}/notes',
  'orders/{order}/raw',
  'orders/{proving}',
  'orders/{proving}/timeline',
  'orders?open={order}',
  'orders?text=%3Cimg%20src%3Dx%20onerror%3D%22window.attacked%3D5%22%3E',
  'orders/new',
  'approvals?waiting=true',
  'approvals/{approval}',
  'domains',
  'organizations',
  'organizations/{organization}',
  'accounts',
  'accounts/{account}',
  'accounts/{account}/ledger',
  'users',
  'users/{user}',
  'credentials',
  'webhooks',
  'deliveries',
  'audit',
  'jobs',
  'settings',
] as const;

test('what others have written is text on every screen that shows it', async () => {
  const watched = await here.open();
  const { page } = watched;
  await here.signIn(page, 'settings');
  const problems: string[] = [];
  let shown = 0;
  for (const screen of screens) {
    const path = screen.replace(/\{(\w+)\}/, (_, name: string) => numbers[name] ?? '');
    await page.goto(`${here.world.url}/console/${path}`);
    await page.waitForSelector('#content h1');
    await page.waitForLoadState('networkidle');
    const found = await page.evaluate<{
      readonly isAttacked: boolean;
      readonly links: number;
      readonly shows: boolean;
    }>(`({
      isAttacked: 'attacked' in window || document.querySelector('img[src="x"], [onerror], [onload]') !== null,
      links: [...document.querySelectorAll('a[href], form[action], iframe')].filter((one) =>
        /^(?!https?:)/.test(one.href ?? one.action ?? 'x:') || new URL(one.href ?? one.action).origin !== location.origin).length,
      shows: document.body.innerText.includes('window.attacked='),
    })`);
    if (found.isAttacked) problems.push(`${path}: it was run`);
    if (found.links > 0) problems.push(`${path}: ${found.links} links lead elsewhere`);
    if (found.shows) shown++;
    // Nothing turns the direction of what follows.
    if ((await page.locator('body').innerText()).includes('\u202e')) problems.push(`${path}: direction`);
  }
  assert.deepEqual(problems, []);
  assert.ok(shown >= 12, `${shown} screens show it`);
  await watched.close();
});

describe('a page of another origin, with every cookie of this one,', () => {
  const requests: Readonly<Record<string, (origin: string) => string>> = {
    'sends a form': (origin) =>
      `<form id=f method=post enctype=text/plain action="${origin}/api/v1/accounts"><input name='{"name":"forged","x":"' value='"}'></form><script>f.submit()</script>`,
    'sends a form as the API wants it': (origin) =>
      `<form id=f method=post action="${origin}/api/v1/session/confirm"><input name=password value=x></form><script>f.submit()</script>`,
    'fetches without asking': (origin) =>
      `<script>fetch('${origin}/api/v1/accounts',{method:'POST',mode:'no-cors',credentials:'include',body:'{"name":"forged"}'}).finally(()=>document.title='done')</script>`,
    'fetches with the headers of the console': (origin) =>
      `<script>fetch('${origin}/api/v1/accounts',{method:'POST',credentials:'include',headers:{'content-type':'application/json','x-certmux-console':'1'},body:'{"name":"forged"}'}).then((r)=>r.text()).then((t)=>document.title='read '+t,()=>document.title='done')</script>`,
    'reads by a script': (origin) =>
      `<script>fetch('${origin}/api/v1/me',{credentials:'include'}).then((r)=>r.text()).then((t)=>document.title='read '+t,()=>document.title='done')</script>`,
    'follows the stream': (origin) =>
      `<script>const s=new EventSource('${origin}/api/v1/stream',{withCredentials:true});s.onmessage=()=>document.title='read';s.onerror=()=>document.title='done'</script>`,
    'loads it as a picture': (origin) =>
      `<img src="${origin}/api/v1/me" onerror="document.title='done'" onload="document.title='read'">`,
    'loads it as a script': (origin) =>
      `<script src="${origin}/api/v1/me" onerror="document.title='done'" onload="document.title='read'"></script>`,
  };
  for (const [what, pageOf] of Object.entries(requests)) {
    test(`${what}: changes nothing, reads nothing`, async () => {
      const { page, context } = await here.open();
      await here.signIn(page, 'accounts');
      const before = await facts();
      foreign.show(pageOf(here.world.url));
      const other = await context.newPage();
      const answered = other
        .waitForResponse((response) => response.url().startsWith(`${here.world.url}/api/`))
        .catch(() => null);
      await other.goto(foreign.url);
      // What a script does is over when its page says so; a form leads to the answer.
      if (/form/.test(what)) assert.ok(((await answered)?.status() ?? 0) >= 400);
      else await until(async () => (await other.title()) !== 'elsewhere');
      assert.notEqual((await other.title()).slice(0, 4), 'read');
      assert.deepEqual(await facts(), before);
      // Whoever was signed in still is.
      await page.reload();
      await page.waitForSelector('#content h1:has-text("Accounts")');
      await context.close();
    });
  }

  test('shows no page of this one within it', async () => {
    const { page, context } = await here.open();
    await here.signIn(page, 'accounts');
    const paths = ['/console/', '/console/accounts', '/api/docs', '/', '/invitation/x', '/confirm/x'];
    foreign.show(paths.map((path) => `<iframe src="${here.world.url}${path}"></iframe>`).join(''));
    const other = await context.newPage();
    await other.goto(foreign.url);
    await other.waitForLoadState('networkidle');
    const frames = other.frames().slice(1);
    assert.equal(frames.length, paths.length);
    for (const frame of frames) assert.ok(!frame.url().startsWith(here.world.url), frame.url());
    await context.close();
  });
});

/** What a forged request could have changed. */
async function facts() {
  const accounts = (await here.client.accounts.list({})).items.map(({ id, name }) => `${id} ${name}`);
  const users = (await here.client.users.list({})).items.map(({ id, state }) => `${id} ${state}`);
  return { accounts, users };
}

test('a cookie that somebody planted before is not the one after signing in', async () => {
  const { page, context, close } = await here.open();
  const planted = 'A'.repeat(43);
  await context.addCookies([{ name: 'certmux', value: planted, url: here.world.url }]);
  await here.signIn(page, 'settings');
  const [cookie] = (await context.cookies()).filter(({ name }) => name === 'certmux');
  assert.ok(cookie !== undefined && cookie.value !== planted);
  assert.deepEqual([cookie.httpOnly, cookie.sameSite, cookie.path], [true, 'Strict', '/']);
  assert.equal(await page.evaluate('document.cookie.includes("certmux=")'), false);
  await close();
});

test('roles that are taken away count at the next request, and the page shows no more of them', async () => {
  const watched = await here.open(undefined, { isLive: true });
  const { page } = watched;
  watched.expect(/status of 403/);
  await signInAs(page, 'mallory', 'users');
  await page.waitForSelector('main button:has-text("New user")');
  await here.client.users.change({ user: 'mallory', roles: ['viewer'] });
  // Not even a reload: the page hears of it.
  await page.waitForSelector('main button:has-text("New user")', { state: 'detached' });
  await here.client.users.change({ user: 'mallory', roles: ['administrator', 'approver', 'requester'] });
  await watched.close();
});

test('a session that somebody ends is over at the next request', async () => {
  const watched = await here.open(undefined, { isLive: true });
  const { page } = watched;
  await signInAs(page, 'mallory', 'orders');
  await here.client.users.disable({ user: 'mallory' });
  await page.waitForSelector('[role=dialog] >> text=Your session has ended');
  await here.client.users.enable({ user: 'mallory' });
  await watched.close();
});

test('a secret is nowhere after its dialog is closed', async () => {
  const { page, context, close } = await here.open();
  await here.signIn(page, 'credentials');
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/api/v1/credentials') && response.request().method() === 'POST',
  );
  await page.click('main button:has-text("New")');
  await page.fill('[role=dialog] input[name=label]', 'web-1');
  await page.locator('[role=dialog] select[name=account]').selectOption({ index: 1 });
  await page.click('[role=dialog] button[type=submit]');
  const created = JSON.parse(await (await answered).text()) as { readonly clientSettings: Record<string, string> };
  const secrets = Object.values(created.clientSettings).filter((value) => /^[\w-]{32,}$/.test(value));
  assert.ok(secrets.length > 0);
  const hold = () =>
    page.evaluate<string>(`[document.documentElement.outerHTML, location.href, document.title, document.cookie,
      JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), JSON.stringify(history.state),
      ...[...document.querySelectorAll('input, textarea')].map((one) => one.value)].join(' ')`);
  const [secret = ''] = secrets;
  await until(async () => (await hold()).includes(secret));
  await page.keyboard.press('Escape');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  for (const one of [...secrets, here.operator.password]) assert.ok(!(await hold()).includes(one), 'still there');
  await page.click('nav a:has-text("Orders")');
  await page.goBack();
  for (const one of secrets) assert.ok(!(await hold()).includes(one), 'there again');
  assert.equal(await page.evaluate('indexedDB.databases().then((all) => all.length)'), 0);
  assert.equal(await page.evaluate('caches.keys().then((all) => all.length)'), 0);
  await context.close();
  await close();
});

async function signInAs(page: Page, username: string, path: string): Promise<void> {
  await page.goto(`${here.world.url}/console/${path}`);
  await page.fill('input[name=username]', username);
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForSelector('#content h1');
}
