/** What a request for approval shows is what comes of it: of a reissue the new certificate, of a revocation what ends. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { certificateOf, proveOrder } from './support/issued.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let order = '';
let first = '';
/** Of somebody who asks, and decides nothing. */
let requester: NativeClient;
before(async () => {
  here = await startConsoleWorld();
  const { client } = here;
  const account = String((await client.accounts.create({ name: 'Careful', approval: 'manual' })).number);
  await client.accounts.credit({ account, minor: 1_000_000, currency: 'CNY' });
  const { clientSettings } = await client.credentials.create({ account, roles: ['requester'] });
  requester = createNativeClient({
    baseUrl: here.world.url,
    token: clientSettings.token ?? '',
    fetch: (request) => fetch(request),
  });
  const names = ['www.customer.example', 'old.customer.example'];
  const { csrPem } = await createSubscriber('www.customer.example');
  const placed = await client.orders.place({
    productCode: 'tls-dv',
    csr: csrPem,
    names,
    method: 'dnsTxt',
    account,
    validityDays: 20,
  });
  order = String(placed.number);
  await client.orders.approve({ order });
  await proveOrder(here, order);
  first = await certificateOf(here, order);
});
after(() => here.close());

async function approve(page: Page): Promise<void> {
  const [asked] = (await here.client.approvals.list({ order, waiting: 'true' })).items;
  assert.ok(asked !== undefined);
  await page.goto(`${here.world.url}/console/approvals/${asked.number}`);
}

const namesOf = async (number: string) =>
  (await here.client.certificates.show({ certificate: number })).names.toSorted();
/** The text of a row of what changes, without blanks. */
const row = async (page: Page, label: string) =>
  (
    await page.locator(`section:has(h2:text-is("What changes")) dl > div:has(dt:text-is("${label}")) dd`).innerText()
  ).replaceAll(/\s+/g, ' ');

test('a reissue is shown with the names, key and validity that its certificate then has', async () => {
  const { client } = here;
  const { csrPem } = await createSubscriber('shop.customer.example', { type: 'ec', curve: 'P-384' });
  await requester.orders.reissue({
    order,
    csr: csrPem,
    names: ['www.customer.example', 'shop.customer.example'],
    validityDays: 10,
  });
  const { page, close } = await here.open();
  await here.signIn(page);
  await approve(page);
  await page.waitForSelector('text=What changes');
  const removed = await page.locator('li:has(span:text-is("−"))').allInnerTexts();
  const added = await page.locator('li:has(span:text-is("+"))').allInnerTexts();
  const kept = await page.locator('li:has(summary)').innerText();
  assert.match(removed.join(), /old\.customer\.example/);
  assert.match(added.join(), /shop\.customer\.example/);
  assert.match(kept, /www\.customer\.example/);
  const [key, validity] = [await row(page, 'Key'), await row(page, 'Validity')];
  await page.click('button:has-text("Approve")');
  await page.waitForSelector('text=Approved by operator');
  await proveOrder(here, order);
  let second = first;
  await until(async () => {
    const { certificate } = await client.orders.show({ order });
    second = String(certificate?.number);
    return certificate !== null && second !== first;
  });
  assert.deepEqual(await namesOf(second), ['shop.customer.example', 'www.customer.example']);
  const { pem } = await client.certificates.show({ certificate: second });
  const issued = new X509Certificate(pem);
  const days = Math.round((Date.parse(issued.validTo) - Date.parse(issued.validFrom)) / 86_400_000);
  const curve = issued.publicKey.asymmetricKeyDetails?.namedCurve;
  assert.match(key, /P-256.*P-384.*new/, key);
  assert.equal(curve, 'secp384r1');
  assert.match(validity, new RegExp(`20 days.*${days} days`), validity);
  await close();
});

test('a revocation is shown with the reason and the certificates that then end, and no others', async () => {
  const { client } = here;
  await requester.orders.revoke({ order, reason: 'superseded' });
  const valid = async () =>
    (await client.certificates.list({ state: 'valid' })).items.map(({ number }) => String(number)).toSorted();
  const before = await valid();
  assert.ok(before.length > 0);
  const { page, close } = await here.open();
  await here.signIn(page);
  await approve(page);
  await page.waitForSelector('text=What would be revoked');
  const shown = page.locator('section:has(h2:text-is("What would be revoked"))');
  assert.match(await shown.innerText(), /Replaced/);
  assert.deepEqual((await shown.locator('li a').allInnerTexts()).toSorted(), before);
  await page.click('button:has-text("Approve")');
  await page.waitForSelector('text=Approved by operator');
  await until(async () => (await valid()).length === 0);
  const revoked = (await client.certificates.list({ state: 'revoked' })).items.map(({ number }) => String(number));
  assert.deepEqual(revoked.toSorted(), before);
  await close();
});
