/** A server that buys from a vendor whose account has little money: a second server, which keeps the account and answers as the vendor does. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { startWorld, type World } from '../support/world.ts';
import { assertAccessible, assertNoSidewaysScroll } from './support/accessibility.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { assertNumbersOfHome } from './support/home-numbers.ts';
import { until } from './support/until.ts';

let vendor: World;
let here: ConsoleWorld;
before(async () => {
  vendor = await startWorld();
  const operator = createNativeClient({ baseUrl: vendor.url, token: vendor.operatorToken, fetch: (it) => fetch(it) });
  const account = await operator.accounts.create({ name: 'Reseller', currency: 'CNY' });
  await operator.accounts.credit({ account: account.id, minor: 99_99, currency: 'CNY' });
  const { clientSettings } = await operator.credentials.create({ account: account.id, dialect: 'encryption365' });
  const { client_id = '', access_token = '' } = clientSettings;
  const bought = {
    kind: 'encryption365',
    url: vendor.url,
    credentials: { client_id, access_token },
    otherProducts: '108',
    contact: { name: 'Wang Fang', phone: '+86 571 1234567', email: 'wang@customer.example' },
  };
  here = await startConsoleWorld({
    issuers: {
      bought: { ...bought, balanceWarning: '100.00 CNY' },
      // Nobody answers there.
      gone: {
        ...bought,
        url: 'http://127.0.0.9:9',
        account: 'gone',
        credentials: { client_id: '1', access_token: 'x' },
      },
    },
  });
  await until(async () => (await upstreams()).some(({ balance }) => balance?.isLow === true));
});
after(async () => {
  await here.close();
  await vendor.close();
});

const upstreams = async () => (await here.client.upstreams.list({})).items;

test('Home counts upstreams with little money, and the number is the length of the list', async () => {
  const { page, close } = await here.open();
  await here.signIn(page);
  const paths = await assertNumbersOfHome(here, page);
  assert.ok(paths.includes('/console/issuers?lowBalance=true#upstreams'), paths.join(' '));
  await page.click('[aria-labelledby=needs] a:has-text("1 upstream whose balance is low")');
  await page.waitForSelector('h2:has-text("Upstreams whose balance is low")');
  const card = page.locator('section.card:has(> div > h2:has-text("bought"))').last();
  await card.getByText('99.99').waitFor();
  await card.getByText('low').waitFor();
  await close();
});

for (const look of looks) {
  const isChinese = look.language === 'zh';
  test(`${nameOf(look)}: what went wrong at an upstream is opened, for everybody and within the window`, async () => {
    const { page, close } = await here.open(look);
    await here.signIn(page, 'issuers');
    const title = isChinese ? '最近的失败' : 'Last failures';
    for (const summary of await page.locator('summary').filter({ hasText: title }).all()) await summary.click();
    await page.waitForLoadState('networkidle');
    await assertAccessible(page, 'issuers');
    await assertNoSidewaysScroll(page, 'issuers');
    await close();
  });
}
