/** Signing in and out, in a browser. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
before(async () => {
  here = await startConsoleWorld();
});
after(() => here.close());

test('the address of the server leads a browser to the console, and whoever is not signed in to signing in', async () => {
  const { page, close } = await here.open();
  await page.goto(here.world.url);
  await page.waitForURL('**/console/sign-in');
  assert.equal(await page.title(), 'Sign in · certmux');
  await close();
});

test('after signing in the page opens that was asked for', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'orders?failing=true');
  assert.equal(page.url(), `${here.world.url}/console/orders?failing=true`);
  await close();
});

describe('never leads elsewhere:', () => {
  const rows = [
    '//evil.example/',
    'https://evil.example/',
    '/\\evil.example',
    '/../../api/docs',
    'javascript:alert(1)',
  ];
  for (const to of rows) {
    test(to, async () => {
      const { page, close } = await here.open();
      await here.signIn(page, `sign-in?to=${encodeURIComponent(to)}`);
      assert.ok(page.url().startsWith(`${here.world.url}/console/`), page.url());
      await close();
    });
  }
});

test('a wrong name and a wrong password are refused in the same words, and the name stays', async () => {
  const { page, close } = await here.open();
  await page.goto(`${here.world.url}/console/sign-in`);
  const words: string[] = [];
  for (const username of ['nobody-here', here.operator.username]) {
    await page.fill('input[name=username]', username);
    await page.fill('input[name=password]', 'wrong password');
    const answered = page.waitForResponse('**/api/v1/session');
    await page.click('button[type=submit]');
    assert.equal((await answered).status(), 401);
    words.push(await page.locator('form [role=alert] p').innerText());
    assert.equal(await page.inputValue('input[name=username]'), username);
    assert.equal(await page.inputValue('input[name=password]'), '');
  }
  assert.equal(words[0], words[1]);
  await close();
});

test('after many wrong passwords it counts down, and says so in Chinese', async () => {
  const watched = await here.open({ language: 'zh', scheme: 'light', width: 390 });
  const { page } = watched;
  watched.expect(/status of 429/);
  await page.goto(`${here.world.url}/console/sign-in`);
  await page.fill('input[name=username]', 'somebody-else');
  for (;;) {
    await page.fill('input[name=password]', 'wrong password');
    const answered = page.waitForResponse('**/api/v1/session');
    await page.click('button[type=submit]');
    if ((await answered).status() === 429) break;
  }
  const alert = page.locator('form [role=alert] p');
  await page.waitForSelector('form [role=alert] >> text=/请在 [0-9]+ 秒后重试/');
  const before = await alert.innerText();
  await until(async () => secondsIn(await alert.innerText()) < secondsIn(before));
  assert.equal(await page.locator('button[type=submit]').isDisabled(), true);
  await watched.close();
});

function secondsIn(text: string): number {
  const seconds = /\d+/.exec(text)?.[0];
  assert.ok(seconds !== undefined, text);
  return Number(seconds);
}

test('a session that ends in the middle is signed in again over the page, and what was typed is still there', async () => {
  const { page, context, close } = await here.open();
  await here.signIn(page, 'orders');
  await page.fill('input[type=search]', 'shop.acme');
  await page.waitForURL('**/orders?text=shop.acme');
  await page.waitForSelector('text=Nothing matches');
  await context.clearCookies({ name: 'certmux' });
  await page.click('text=Under way');
  await page.waitForSelector('text=Your session has ended');
  assert.equal(await page.inputValue('[role=dialog] input[name=username]'), here.operator.username);
  await page.fill('[role=dialog] input[name=password]', here.operator.password);
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('[role=dialog]', { state: 'detached' });
  await page.waitForSelector('text=Nothing matches');
  assert.equal(await page.inputValue('input[type=search]'), 'shop.acme');
  await close();
});

test('signing out ends the session, and the way back shows nothing', async () => {
  const { page, context, close } = await here.open();
  await here.signIn(page, 'orders');
  const cookies = await context.cookies();
  await page.click(`button[aria-label^="${here.operator.username}"]`);
  await page.click('text=Sign out');
  await page.waitForURL('**/console/sign-in');
  // Whoever kept the cookie has nothing.
  await context.addCookies(cookies);
  await page.goBack();
  await page.waitForURL('**/console/sign-in**');
  await close();
});

test('language and colours are in the page as the server writes it, before any script', async () => {
  const { page, context, close } = await here.open();
  await page.goto(`${here.world.url}/console/sign-in`);
  await page.click('text=中文');
  await page.waitForSelector('h1:text("登录")');
  await page.click('button[aria-label^="外观"]');
  await page.click('[role=menuitemradio]:has-text("深色")');
  assert.equal(await page.locator('html').getAttribute('data-scheme'), 'dark');
  const answer = await context.request.get(`${here.world.url}/console/orders`);
  assert.match(
    await answer.text(),
    /<html lang="zh-CN" data-language="zh" data-scheme="dark" data-mantine-color-scheme="dark">/,
  );
  await close();
});
