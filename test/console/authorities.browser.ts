/** The CAs of a server whose root is outside, from nothing to a list that is due: what the page says, and that Home counts the same. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type OutsideCa, startOutsideCa } from '../support/outside-ca.ts';
import { assertAccessible, assertNoSidewaysScroll } from './support/accessibility.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { assertNumbersOfHome } from './support/home-numbers.ts';
import { until } from './support/until.ts';

let ca: OutsideCa;
let here: ConsoleWorld;
before(async () => {
  ca = await startOutsideCa();
  here = await startConsoleWorld({ authority: { root: 'outside' } });
});
after(async () => {
  await here.close();
  await ca.remove();
});

const authorities = async () => (await here.client.authorities.list({})).items;
const requests = async () => (await here.client.authorities.requests({})).items;

function pem(name: string, text: string) {
  return { name, mimeType: 'application/x-pem-file', buffer: Buffer.from(text) };
}

/** Opens Home, follows the number with these words, and is where the list is. */
async function followFromHome(page: Page, words: RegExp, address: RegExp): Promise<void> {
  const paths = await assertNumbersOfHome(here, page);
  assert.ok(
    paths.some((path) => address.test(path)),
    paths.join(' '),
  );
  await page.locator('[aria-labelledby=needs] a').filter({ hasText: words }).click();
  await page.waitForURL((url) => address.test(`${url.pathname}${url.search}${url.hash}`));
  await page.waitForSelector('#content h1');
}

test('without a certificate of the CA, Home and the page say what to do', async () => {
  const { page, close } = await here.open();
  await here.signIn(page);
  await followFromHome(page, /1 CA has no certificate yet/, /issuers\?withoutCa=true$/);
  await page.getByText('Its CA has no certificate yet: see below').waitFor();
  await page.getByRole('heading', { name: 'The CA has no certificate yet' }).waitFor();
  await close();
});

test('a request is made, its CSR taken, and Home counts it', async () => {
  const watched = await here.open();
  const { page, close } = watched;
  watched.expect(/status of 422/);
  await here.signIn(page, 'issuers');
  await page.click('button:has-text("Request a CA certificate")');
  const dialog = page.locator('[role=dialog]');
  await dialog.locator('[name=commonName]').fill('Customer TLS CA 1');
  await dialog.locator('[name=country]').fill('Germany');
  await dialog.locator('button[type=submit]').click();
  await dialog.locator('[role=alert]:has-text("country")').waitFor();
  assert.deepEqual(await requests(), [], 'what is refused makes no request');
  await dialog.locator('[name=country]').fill('DE');
  await dialog.locator('button[type=submit]').click();
  await dialog.getByText('-----BEGIN CERTIFICATE REQUEST-----').waitFor();
  const download = page.waitForEvent('download');
  await dialog.locator('button:has-text("Download")').click();
  const [request] = await requests();
  assert.equal((await download).suggestedFilename(), 'Customer-TLS-CA-1.csr');
  assert.equal(await readFile(await (await download).path(), 'utf8'), request?.csr);
  await page.keyboard.press('Escape');
  await followFromHome(page, /1 request waits for the CA outside/, /issuers\??#requests$/);
  await page.locator('li:has-text("Customer TLS CA 1") button:has-text("Download CSR")').waitFor();
  await close();
});

test('what comes back is checked first, and installed with a second click', async () => {
  const [request] = await requests();
  const certificate = await ca.sign(request?.csr ?? '');
  const watched = await here.open();
  const { page, close } = watched;
  watched.expect(/status of (422|409)/);
  await here.signIn(page, 'issuers');
  await page.click('button:has-text("Install certificates")');
  const dialog = page.locator('[role=dialog]');
  const install = dialog.locator('button[type=submit]');
  await page.setInputFiles('input[type=file]', [pem('sub.pem', certificate)]);
  await dialog.locator('button:has-text("Check")').click();
  await dialog.locator('[role=status]:has-text("Request")').waitFor();
  assert.deepEqual(await authorities(), [], 'a check changes nothing');
  await page.setInputFiles('input[type=file]', [pem('root.pem', ca.certificate)]);
  await dialog.locator('button:has-text("Check")').click();
  const outcome = dialog.locator('li:has-text("Customer TLS CA 1")');
  await outcome.getByText('New', { exact: true }).waitFor();
  assert.deepEqual(await authorities(), [], 'a check changes nothing');
  await install.click();
  await until(async () => (await authorities()).length === 2);
  assert.deepEqual(await requests(), []);
  await page.locator('button[aria-expanded]:has-text("Customer TLS CA 1")').waitFor();
  await close();
});

test('a list that is due is counted on Home, and handed in on the page', async () => {
  const root = async () => (await authorities()).find(({ role }) => role === 'root');
  await here.client.authorities.uploadList({
    authority: (await root())?.id ?? '',
    list: await ca.list({ seconds: 1 }),
  });
  await until(async () => (await root())?.listDue === true);
  const { page, close } = await here.open();
  await here.signIn(page);
  await followFromHome(page, /1 revocation list to hand in/, /issuers\?listDue=true#authorities$/);
  await page.click('button[aria-expanded]:has-text("Outside Root CA")');
  assert.equal(await page.locator('#content button[aria-expanded]').count(), 1, 'only those that Home counted');
  await page.click('button:has-text("Upload its list")');
  await page.setInputFiles('input[type=file]', [pem('root.crl', await ca.list({ days: 90 }))]);
  await page.locator('[role=dialog] button[type=submit]').click();
  await until(async () => (await root())?.listDue === false);
  await page.locator('[role=dialog]').waitFor({ state: 'detached' });
  await close();
});

test('a successor is requested for one that is under the CA outside, and the request withdrawn with the password', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'issuers');
  await page.getByText('Make a successor of Customer TLS CA 1').waitFor();
  await page.click('button[aria-expanded]:has-text("Customer TLS CA 1")');
  await page.click('button:has-text("Request a successor")');
  await page.locator('[role=dialog] [name=commonName]').fill('Customer TLS CA 2');
  await page.locator('[role=dialog] button[type=submit]').click();
  await page.locator('[role=dialog] pre').waitFor();
  await page.keyboard.press('Escape');
  const line = page.locator('li:has(h3:has-text("Intermediate"))').filter({ hasText: 'waits for its certificate' });
  await line.getByText('Customer TLS CA 2').waitFor();
  await page.click('button:has-text("Withdraw")');
  await page.locator('[role=dialog] button[type=submit]').click();
  await until(async () => (await requests()).length === 0);
  await close();
});

for (const look of looks) {
  test(`${nameOf(look)}: the page of many CAs, each opened, and its dialogs`, async () => {
    const { page, close } = await here.open(look);
    await here.signIn(page, 'issuers');
    await page.waitForSelector('#content button[aria-expanded]');
    for (const button of await page.locator('#content button[aria-expanded]').all()) await button.click();
    await assertAccessible(page, 'issuers');
    await assertNoSidewaysScroll(page, 'issuers');
    for (const label of look.language === 'zh' ? ['申请 CA 证书', '安装证书'] : ['Request a CA', 'Install cert']) {
      await page.locator('button').filter({ hasText: label }).click();
      await page.waitForSelector('[role=dialog]');
      await assertAccessible(page, label);
      await page.keyboard.press('Escape');
      await page.locator('[role=dialog]').waitFor({ state: 'detached' });
    }
    await close();
  });
}
