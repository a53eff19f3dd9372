/** Acts that end or allow something, as they are done on the screen, and what the server then holds. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { type Issued, issueCertificate, placeOrder } from './support/issued.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let automatic = '';
let manual = '';
let issued: Issued;
before(async () => {
  here = await startConsoleWorld();
  const { accounts } = here.client;
  automatic = String((await accounts.create({ name: 'Acme' })).number);
  manual = String((await accounts.create({ name: 'Careful', approval: 'manual' })).number);
  issued = await issueCertificate(here, { name: 'www.customer.example', account: automatic, validityDays: 20 });
});
after(() => here.close());

async function confirm(page: Page, verb: string): Promise<void> {
  const dialog = page.locator('[role=dialog]');
  if ((await dialog.locator('input[type=password]').count()) > 0)
    await dialog.locator('input[type=password]').fill(here.operator.password);
  await dialog.locator(`button:has-text("${verb}")`).last().click();
  await dialog.waitFor({ state: 'detached' });
}

/** Number of the request for approval of a new order. */
async function request(name: string): Promise<string> {
  const order = await placeOrder(here, { name, account: manual });
  const [found] = (await here.client.approvals.list({ order })).items;
  return String(found?.number);
}

test('the calendar counts what its list has, and a cell chooses it', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'certificates?state=valid&replaced=false&view=calendar');
  const counts = page.locator('[aria-labelledby=calendar] ol strong');
  await until(async () => (await counts.allTextContents()).every((text) => /^\d+$/.test(text)));
  assert.deepEqual((await counts.allTextContents()).map(Number), [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  await page.locator('[aria-labelledby=calendar] ol a').nth(1).press('Enter');
  await page.waitForSelector('text=/^0 certificates ·/');
  await page.locator('[aria-labelledby=calendar] ol a').nth(2).press('Enter');
  await page.waitForSelector('text=/^1 certificate ·/');
  await page.waitForSelector(`[role=row] >> text=${issued.certificate}`);
  assert.equal(await page.locator('[aria-labelledby=calendar] [aria-current=true]').count(), 1);
  await page.click('nav[aria-label="Weeks or months"] >> text=Months');
  await until(async () => (await counts.allTextContents()).map(Number).reduce((sum, one) => sum + one, 0) === 1);
  await close();
});

test('a certificate is revoked for a reason, and its page names the list that has it', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `certificates/${issued.certificate}`);
  await page.waitForSelector('text=Chain of trust');
  for (const format of ['pem', 'fullchain', 'chain', 'der', 'p7b', 'nginx', 'apache'])
    assert.equal(await page.locator(`a[download][href$="format=${format}"]`).count(), 1, format);
  await page.click('button:has-text("Revoke")');
  const dialog = page.locator('[role=dialog]');
  assert.equal(await dialog.locator('input[type=radio]').count(), 6);
  await dialog.locator('input[value=superseded]').check();
  const verb = dialog.locator('button[type=submit]');
  assert.equal(await verb.isDisabled(), true, 'the number is to be typed first');
  await dialog.locator('input:not([type=radio]):not([type=password])').fill(issued.certificate);
  await confirm(page, 'Revoke');
  await page.waitForSelector('role=status >> text=Revoked.');
  await page.waitForSelector('text=/In revocation list no\\. \\d+/');
  const shown = await here.client.certificates.show({ certificate: issued.certificate });
  assert.deepEqual([shown.state, shown.revocationReason], ['revoked', 'superseded']);
  assert.ok(shown.crl !== null);
  await page.waitForSelector(`text=In revocation list no. ${shown.crl.number}`);
  await close();
});

test('a request is approved with one click and a note, and rejected only with one', async () => {
  const [first, second] = [await request('one.customer.example'), await request('two.customer.example')];
  const { page, close } = await here.open();
  await here.signIn(page, `approvals/${first}`);
  await page.waitForSelector('text=What would be issued');
  await page.waitForSelector('dd:has-text("one.customer.example")');
  await page.fill('textarea', 'ticket 4711');
  await page.click('button:has-text("Approve")');
  await page.waitForSelector('text=Approved by operator');
  const approved = await here.client.approvals.show({ approval: first });
  assert.deepEqual([approved.state, approved.decisions[0]?.note], ['approved', 'ticket 4711']);

  await page.goto(`${here.world.url}/console/approvals/${second}`);
  await page.click('button:has-text("Reject")');
  const dialog = page.locator('[role=dialog]');
  assert.equal(await dialog.locator('button[type=submit]').isDisabled(), true);
  await dialog.locator('textarea').fill('not ours');
  await confirm(page, 'Reject');
  await page.waitForSelector('text=Rejected by operator');
  const rejected = await here.client.approvals.show({ approval: second });
  assert.deepEqual([rejected.state, rejected.decisions[0]?.note], ['rejected', 'not ours']);
  assert.equal((await here.client.orders.show({ order: String(rejected.orderNumber) })).state, 'rejected');
  await close();
});

test('several requests are approved after one question', async () => {
  const numbers = [await request('three.customer.example'), await request('four.customer.example')];
  const { page, close } = await here.open();
  await here.signIn(page, 'approvals?waiting=true&decidable=true');
  for (const number of numbers) await page.locator(`input[aria-label="Select Request ${number}"]`).check();
  await page.click('button:has-text("Approve")');
  const dialog = page.locator('[role=dialog]');
  await dialog.locator('text=Approve 2 requests?').waitFor();
  for (const number of numbers) await dialog.locator(`li:has-text("${number}")`).waitFor();
  assert.equal((await here.client.approvals.show({ approval: numbers[0] ?? '' })).state, 'pending', 'nothing yet');
  await dialog.locator('[name=note]').fill('all of them');
  await confirm(page, 'Approve');
  await until(async () => (await page.locator('[role=row] input[type=checkbox]:checked').count()) === 0);
  for (const approval of numbers) {
    const { state, decisions } = await here.client.approvals.show({ approval });
    assert.deepEqual([state, decisions[0]?.note], ['approved', 'all of them']);
  }
  await close();
});

test('the files of several certificates come as one ZIP, each with its chain', async () => {
  const names = ['first.zip.example', 'second.zip.example'];
  const numbers: string[] = [];
  for (const name of names) numbers.push((await issueCertificate(here, { name, account: automatic })).certificate);
  const { page, close } = await here.open();
  await here.signIn(page, 'certificates?state=valid&text=zip.example');
  for (const number of numbers) await page.locator(`input[aria-label="Select Certificate ${number}"]`).check();
  const file = page.waitForEvent('download');
  await page.click('section >> button:has-text("Download (ZIP)")');
  const bytes = await readFile(await (await file).path());
  await page.waitForSelector('text=2 done');
  const files = unzipSync(bytes);
  assert.deepEqual(
    Object.keys(files).toSorted(),
    names.map((name, at) => `${name}-${numbers[at]}.fullchain.pem`).toSorted(),
  );
  for (const [at, number] of numbers.entries()) {
    const { pem } = await here.client.certificates.show({ certificate: number });
    const text = strFromU8(files[`${names[at]}-${number}.fullchain.pem`] ?? new Uint8Array());
    assert.ok(text.startsWith(pem.trim()), text);
    assert.equal(text.match(/BEGIN CERTIFICATE/g)?.length, 2, 'with its intermediate, without the root');
  }
  await close();
});

test('several certificates are revoked for one reason, once the password is typed and how many they are', async () => {
  const names = ['first.bulk.example', 'second.bulk.example'];
  const numbers: string[] = [];
  for (const name of names) numbers.push((await issueCertificate(here, { name, account: automatic })).certificate);
  const { page, close } = await here.open();
  await here.signIn(page, 'certificates?state=valid&text=bulk.example');
  for (const number of numbers) await page.locator(`input[aria-label="Select Certificate ${number}"]`).check();
  await page.click('section >> button:has-text("Revoke")');
  const dialog = page.locator('[role=dialog]');
  for (const name of names) await dialog.locator(`li:has-text("${name}")`).waitFor();
  await dialog.locator('[name=reason]').selectOption('keyCompromise');
  assert.equal(await dialog.locator('button[type=submit]').isDisabled(), true, 'before their count is typed');
  await dialog.locator('input[inputmode=numeric]').fill('2');
  await confirm(page, 'Revoke');
  await page.waitForSelector('text=2 done');
  for (const certificate of numbers) {
    const { state, revocationReason } = await here.client.certificates.show({ certificate });
    assert.deepEqual([state, revocationReason], ['revoked', 'keyCompromise']);
  }
  await close();
});

test('a list of revoked certificates is published now', async () => {
  const crlNumbers = async () =>
    (await here.client.authorities.list({})).items
      .map(({ crl }) => crl?.number ?? 0)
      .reduce((sum, one) => sum + one, 0);
  const earlier = await crlNumbers();
  const { page, close } = await here.open();
  await here.signIn(page, 'issuers');
  await page.click('button[aria-expanded]:has-text("TLS CA E1")');
  await page.click('button:has-text("Publish a list now")');
  await until(async () => (await crlNumbers()) > earlier);
  await close();
});
