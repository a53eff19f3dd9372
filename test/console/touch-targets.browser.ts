/** On a phone everything that can be touched is 44 px high and wide, on every page, in dialogs and menus (WCAG 2.2, 2.5.5). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Look } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { endingSoon, type Populated, populate } from './support/populated.ts';

const phone: Look = { language: 'zh', scheme: 'light', width: 390 };

let here: ConsoleWorld;
let numbers: Populated['numbers'];
before(async () => {
  here = await startConsoleWorld(endingSoon);
  ({ numbers } = await populate(here.client, here.world));
});
after(() => here.close());

const pages = [
  '',
  'orders',
  'orders/new?account={account}',
  'orders/{order}',
  'orders/{order}/timeline',
  'orders/{order}/certificates',
  'orders/{order}/notes',
  'orders/{order}/raw',
  'orders/{failing}',
  'orders/{manual}',
  'orders/{cancelled}',
  'certificates?state=valid',
  'certificates?state=valid&view=calendar',
  'certificates/{certificate}',
  'approvals?waiting=true',
  'approvals/{approval}',
  'domains',
  'domains/{domain}',
  'organizations',
  'organizations/{organization}',
  'accounts',
  'accounts/{account}',
  'accounts/{account}/ledger',
  'users',
  'users/{user}',
  'credentials',
  'credentials/{credential}',
  'acme-keys?account={account}',
  'acme-keys/{acmeKey}',
  'containers?account={account}',
  'custom-fields?account={account}',
  'role-grants',
  'webhooks',
  'webhooks/{webhook}',
  'deliveries',
  'products',
  'issuers',
  'jobs',
  'alarms',
  'mail',
  'blocked-keys',
  'audit',
  'reports',
  'reports/months',
  'settings',
  'welcome',
] as const;

/**
 * Runs in the page: what is smaller, with its size. What may be smaller by the rule: a link within a sentence. A field is as large as its label,
 * and a link as what it is stretched over.
 */
const smaller = `(() => {
  const least = 44;
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const found = new Set();
  for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, [role=tab], [role=menuitem]')) {
    if (!isShown(element) || element.closest('[aria-hidden=true], .hidden')) continue;
    const target = element.closest('label') ?? element;
    const rect = target.getBoundingClientRect();
    if (rect.width <= 1 || rect.height <= 1 || rect.right <= 0 || rect.bottom <= 0) continue;
    // For screen readers alone.
    const isClipped = (of) => of !== null && (getComputedStyle(of).clipPath !== 'none' || isClipped(of.parentElement));
    if (isClipped(element)) continue;
    // What lies over the whole row is what is touched.
    const over = getComputedStyle(element, '::after');
    const isStretched = over.position === 'absolute' && parseFloat(over.height) >= least && parseFloat(over.width) >= least;
    const sentence = element.parentElement?.closest('p, li, span, dd, div');
    const rest = (sentence?.textContent ?? '').replace(element.textContent ?? '', '').trim();
    const isInSentence = element.tagName === 'A' && getComputedStyle(element).display === 'inline' && rest.length > 0;
    if (isStretched || isInSentence) continue;
    // Half a pixel is lost where sizes are rounded.
    if (rect.height >= least - 0.5 && rect.width >= least - 0.5) continue;
    const name = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 30);
    found.add([element.tagName.toLowerCase(), element.className.toString().split(' ').slice(0, 2).join('.'), name, Math.round(rect.width) + 'x' + Math.round(rect.height)].join(' | '));
  }
  return [...found];
})()`;

async function smallTargets(page: Page): Promise<readonly string[]> {
  return await page.evaluate<readonly string[]>(smaller);
}

test('every page', async () => {
  const watched = await here.open(phone);
  const { page } = watched;
  await here.signIn(page, 'settings');
  const problems: string[] = [];
  for (const path of pages) {
    const address = path.replace(/\{(\w+)\}/, (_, name: keyof typeof numbers) => numbers[name]);
    await page.goto(`${here.world.url}/console/${address}`);
    await page.waitForSelector('#content h1');
    await page.waitForLoadState('networkidle');
    problems.push(...(await smallTargets(page)).map((one) => `${path}: ${one}`));
  }
  await watched.close();
  assert.deepEqual(problems, []);
});

test('dialogs and menus', async () => {
  const { page, close } = await here.open(phone);
  await here.signIn(page, `credentials?account=${numbers.account}`);
  await page.locator('main button').filter({ hasText: '新建凭证' }).click();
  await page.waitForSelector('[role=dialog] [name=label]');
  assert.deepEqual(await smallTargets(page), [], 'a new credential');
  await page.goto(`${here.world.url}/console/certificates/${numbers.certificate}`);
  await page.locator('main button').filter({ hasText: '吊销' }).first().click();
  await page.waitForSelector('[role=dialog] input[type=radio]');
  assert.deepEqual(await smallTargets(page), [], 'a revocation');
  await page.goto(`${here.world.url}/console/orders/${numbers.order}`);
  await page.locator('main button').filter({ hasText: '更多操作' }).click();
  await page.waitForSelector('[role=menuitem]');
  assert.deepEqual(await smallTargets(page), [], 'the acts of an order');
  await close();
});
