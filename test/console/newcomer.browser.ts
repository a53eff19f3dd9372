/** From the password that the first start printed to a certificate on one's own machine, with nothing but the console and a DNS host. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { english, type Look, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';

let here: ConsoleWorld;
before(async () => {
  here = await startConsoleWorld();
});
after(() => here.close());

/** What somebody reads on the way. */
const words = {
  en: {
    accounts: 'Accounts',
    newAccount: 'New account',
    home: 'Home',
    newOrder: 'New order',
    here: 'Make it here',
    make: 'Make key and CSR',
    bind: 'Other',
    check: 'Check now',
    download: 'Download PEM',
  },
  zh: {
    accounts: '账户',
    newAccount: '新建账户',
    home: '首页',
    newOrder: '新建订单',
    here: '在浏览器中生成',
    make: '生成密钥和 CSR',
    bind: '其他',
    check: '立即检查',
    download: '下载 PEM',
  },
} as const;

/** The limit of console.md for somebody who reads; a machine clicks at once, so that it says what the server takes. */
const mostMs = 180_000;

for (const look of [english, { language: 'zh', scheme: 'light', width: 1280 }] as const satisfies readonly Look[]) {
  test(`${nameOf(look)}: from the printed password to a downloaded certificate, without a dead end`, async () => {
    const startedMs = performance.now();
    const said = words[look.language];
    const name = `first-${look.language}.customer.example`;
    const watched = await here.open(look);
    const { page } = watched;
    // The price of a second order is asked for while the first is placed; the server may look at the name by itself.
    watched.expect(/status of 4(?:02|09)/);
    await here.signIn(page);
    await page.click(`nav a:has-text("${said.accounts}")`);
    await page.click(`button:has-text("${said.newAccount}")`);
    await page.fill('[role=dialog] input >> nth=0', `Customer ${look.language}`);
    await page.click('[role=dialog] button[type=submit]');
    await page.waitForSelector(`h1:has-text("Customer ${look.language}")`);
    await page.click(`nav a:has-text("${said.home}")`);
    await page.click(`a:has-text("${said.newOrder}")`);
    const { items } = await here.client.accounts.list({ text: `Customer ${look.language}` });
    await page.fill('input[list]', String(items[0]?.number));
    await page.fill('textarea', name);
    await page.click(`[role=tab]:has-text("${said.here}")`);
    const keyFile = page.waitForEvent('download');
    await page.click(`button:has-text("${said.make}")`);
    const key = await readFile(await (await keyFile).path(), 'utf8');
    await page.click('main button[type=submit]');
    await placeWhatIsShown(page, said.bind);
    await page.click(`text=${said.check}`);
    await page.waitForSelector('a[download]');
    const certificateFile = page.waitForEvent('download');
    await page.click(`a:has-text("${said.download}")`);
    const pem = await readFile(await (await certificateFile).path(), 'utf8');
    const certificate = new X509Certificate(pem);
    assert.equal(certificate.subjectAltName, `DNS:${name}`);
    assert.ok(certificate.checkPrivateKey(createPrivateKey(key)), 'it is for the key that the browser made');
    const tookMs = performance.now() - startedMs;
    assert.ok(tookMs < mostMs, `${Math.round(tookMs / 1000)} s`);
    await watched.close();
  });
}

/** As somebody does who knows no API: by what stands on the page. */
async function placeWhatIsShown(page: Page, form: string): Promise<void> {
  await page.waitForSelector('[role=tabpanel]');
  await page.click(`button:text-is("${form}")`);
  const values = await page.locator('[role=tabpanel] dl >> nth=0 >> dd').allInnerTexts();
  const [host = '', type, value = ''] = values.map((text) => text.trim());
  assert.equal(type, 'TXT');
  here.world.dns.set(host, 'TXT', value);
}
