/** The reports: every number leads to the list of just what it counts, each has its file, and the address says how far they reach. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSubscriber } from '../support/subscriber.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { issueCertificate, placeOrder, proveOrder } from './support/issued.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let other = '';
before(async () => {
  here = await startConsoleWorld();
  const { client } = here;
  const account = String((await client.accounts.create({ name: 'Acme' })).number);
  other = String((await client.accounts.create({ name: 'Other' })).number);
  for (const one of [account, other]) await client.accounts.credit({ account: one, minor: 1_000_000, currency: 'CNY' });
  const price = { fqdnMinor: 10_000, wildcardMinor: 10_000, ipMinor: 10_000 };
  for (const one of [account, other])
    await client.prices.set({ account: one, dialect: 'native', code: 'tls-dv', ...price });
  await issueCertificate(here, { name: 'one.example', account, validityDays: 30 });
  await issueCertificate(here, { name: 'two.example', account: other, validityDays: 120 });
  // Two orders with one key, which turns out to be known to others: the one that waits can never have a certificate.
  const { csrPem: csr } = await createSubscriber('shared.example');
  const waiting = await placeOrder(here, { name: 'waits.example', account, csr });
  const { certificate } = await issueCertificate(here, { name: 'shared.example', account, csr });
  await client.certificates.revoke({ certificate, reason: 'keyCompromise' });
  await proveOrder(here, waiting).catch(() => undefined);
  await until(async () => (await client.orders.show({ order: waiting })).state === 'failed');
});
after(() => here.close());

/** Numbers in links, and how many items their lists have. */
async function assertEqualToLists(page: Page, within: string): Promise<number> {
  const links = await page.locator(`${within} dd a, ${within} td a`).all();
  for (const link of links) {
    const address = new URL((await link.getAttribute('href')) ?? '', here.world.url);
    const list = address.pathname.replace(/^\/console/, '/api/v1').replace('/audit', '/events');
    address.searchParams.set('total', 'true');
    const answer = await fetch(`${here.world.url}${list}?${address.searchParams}`, {
      headers: { Authorization: `Bearer ${here.world.operatorToken}` },
    });
    const { total } = (await answer.json()) as { readonly total?: { readonly count: number } };
    assert.equal(await link.textContent(), String(total?.count), address.href);
  }
  return links.length;
}

test('a number leads to the list of just what it counts', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'reports');
  await page.click('[aria-labelledby=report-issuance] summary');
  // Certificates, orders, revocations: in all and of today.
  assert.equal(await assertEqualToLists(page, '[aria-labelledby=report-issuance]'), 6);
  await page.click('[aria-labelledby=report-expiry] summary');
  assert.equal(await assertEqualToLists(page, '[aria-labelledby=report-expiry]'), 1);
  await page.click('nav[aria-label="How far ahead"] >> text=26 weeks');
  await page.waitForURL('**/console/reports?weeks=26');
  await until(async () => (await page.locator('[aria-labelledby=report-expiry] td a').count()) > 1);
  assert.equal(await assertEqualToLists(page, '[aria-labelledby=report-expiry]'), 2);
  await close();
});

test('a bar leads there as well: failures to their events, revenue to the accounts that paid it', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'reports');
  const failures = page.locator('[aria-labelledby=report-failures] li');
  // Strict: there is one.
  await failures.locator('a').click();
  await page.waitForURL('**/console/audit?kind=issuance.failed*');
  await page.waitForSelector('role=status >> text=/^1 /');
  await page.goBack();
  const month = new Date().toISOString().slice(0, 7);
  await page.locator('[aria-labelledby=report-revenue] svg a').click();
  await page.waitForURL(`**/console/reports/months?from=${month}&until=${month}`);
  // Of four orders that cost 100 each one failed, and was given back.
  const { items } = await here.client.reports.months({ from: month, until: month });
  assert.deepEqual(
    items.map(({ accountName, net }) => [accountName, net.minor]),
    [
      ['Other', 10_000],
      ['Acme', 20_000],
    ],
  );
  for (const { accountName, net } of items)
    await page.waitForSelector(`[role=row]:has-text("${accountName}"):has-text("${net.amount}")`);
  await close();
});

test('the address says how far they reach, and for which account', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'reports');
  await page.selectOption('select[aria-label=Account]', other);
  await page.waitForURL(`**/console/reports?account=${other}`);
  await page.waitForSelector('[aria-labelledby=report-failures] >> text=Nothing failed in these days.');
  await page.click('nav[aria-label="How far back"] >> text=90 days');
  await page.waitForURL(`**/console/reports?account=${other}&past=90`);
  await page.reload();
  await page.waitForSelector('nav[aria-label="How far back"] [aria-current=page] >> text=90 days');
  assert.equal(await page.locator('[aria-labelledby=report-issuance] dd').first().textContent(), '1');
  await page.click('text=Other days');
  await page.fill('input[name=from]', '2026-01-01');
  await page.fill('input[name=to]', '2026-01-31');
  await page.click('button:has-text("Apply")');
  await page.waitForURL(`**/console/reports?account=${other}&from=2026-01-01&to=2026-01-31`);
  await page.waitForSelector('text=Nothing was ordered, issued or revoked in these days.');
  await close();
});

test('each has its file, of the same days', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'reports?past=7');
  const today = new Date().toISOString().slice(0, 10);
  const lines = {
    Issued: `certificates,${today},3`,
    'Failures by reason': `,${today},1`,
    'Revenue by month': `CNY,${today.slice(0, 7)},30000`,
  };
  for (const [title, line] of Object.entries(lines)) {
    const arriving = page.waitForEvent('download');
    await page.click(`button[aria-label="CSV: ${title}"]`);
    const text = await readFile(await (await arriving).path(), 'utf8');
    assert.ok(text.includes(`${line}\r\n`), `${title}: ${text}`);
  }
  const { items } = await here.client.events.list({ kind: 'list.exported' });
  const exported = items.map(({ data }) => JSON.stringify(data));
  assert.ok(
    exported.some((text) => text.includes('statistics.issuance') && text.includes('"from"')),
    exported.join(),
  );
  await close();
});
