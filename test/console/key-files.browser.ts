/** The key that certmux made, downloaded by whoever owns it, and opened again with the passphrase that they typed. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import type { Page } from 'playwright-core';
import { readJks } from '../support/read-jks.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { certificateOf, proveOrder } from './support/issued.ts';

const password = 'correct horse battery staple';
const passphrase = 'opens it again';

let here: ConsoleWorld;
let certificate = '';
let pem = '';
before(async () => {
  here = await startConsoleWorld();
  const { client, world } = here;
  const account = String((await client.accounts.create({ name: 'Acme' })).number);
  await client.accounts.credit({ account, minor: 1_000_000, currency: 'CNY' });
  await client.users.create({ account, username: 'wang.fang', password, roles: ['administrator'] });
  const { clientSettings } = await client.credentials.create({ account, dialect: 'racent' });
  const reply = await fetch(`${world.url}/ssl/place`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      api_token: clientSettings.api_token,
      productCode: 'comodo-positivessl',
      years: 1,
      params: {
        domainInfo: [{ domainName: 'keys.customer.example', dcvMethod: 'DNS_CSR_HASH' }],
        Administrator: {
          job: 'IT',
          city: 'Hangzhou',
          email: 'ops@customer.example',
          state: 'Zhejiang',
          mobile: '18111111111',
          address: 'West Lake 1',
          country: 'CN',
          lastName: 'Wang',
          postCode: '310000',
          firstName: 'Fang',
          organization: 'Acme',
        },
      },
    }),
  });
  assert.match(await reply.text(), /"code":\s*1\b/);
  const [order] = (await client.orders.list({ account })).items;
  const number = String(order?.number);
  await proveOrder(here, number);
  certificate = await certificateOf(here, number);
  ({ pem } = await client.certificates.show({ certificate }));
});
after(() => here.close());

async function download(page: Page, format: string): Promise<Buffer> {
  await page.locator('main button').filter({ hasText: format }).click();
  const dialog = page.locator('[role=dialog]');
  if (format !== 'Key (PEM)') await dialog.locator('[name=passphrase]').fill(passphrase);
  const file = page.waitForEvent('download');
  await dialog.locator('button[type=submit]').click();
  const bytes = await readFile(await (await file).path());
  await dialog.waitFor({ state: 'detached' });
  assert.equal((await page.content()).includes(passphrase), false, 'the passphrase is left in the page');
  return bytes;
}

test('the owner downloads the key alone, as PFX and as JKS, and each opens', async () => {
  const { page, close } = await here.open();
  await page.goto(`${here.world.url}/console/certificates/${certificate}`);
  await page.fill('input[name=username]', 'wang.fang');
  await page.fill('input[name=password]', password);
  await page.click('button[type=submit]');
  await page.waitForSelector('text=With the private key');
  const leaf = new X509Certificate(pem);

  assert.ok(leaf.checkPrivateKey(createPrivateKey(await download(page, 'Key (PEM)'))));

  const pfx = await download(page, 'PFX');
  createSecureContext({ pfx, passphrase });
  assert.throws(() => createSecureContext({ pfx, passphrase: `${passphrase}?` }));

  const jks = await download(page, 'JKS');
  const { key, chain } = readJks(jks, passphrase);
  assert.ok(leaf.checkPrivateKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })));
  assert.deepEqual(chain[0], leaf.raw);
  assert.throws(() => readJks(jks, `${passphrase}?`), /tampered/);

  const { items } = await here.client.events.list({ kind: 'key.delivered' });
  assert.deepEqual(
    items.map(({ actor }) => actor.name),
    ['wang.fang', 'wang.fang', 'wang.fang'],
  );
  await close();
});

test('an operator is told that the key is not theirs', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `certificates/${certificate}`);
  await page.waitForSelector('text=Only the account itself can have it');
  assert.equal(await page.locator('main button').filter({ hasText: 'PFX' }).count(), 0);
  await close();
});
