/**
 * `npm run docs:console`: pictures of the console for the documentation, by the real server and a browser, into `docs/images/console`.
 * With a folder, every screen in both languages, light and dark, as wide as a laptop and a phone, for people to look at:
 *
 *   npm run docs:console -- /tmp/pictures
 *   npm run docs:console -- /tmp/pictures home          # only screens with this in their name
 *   npm run docs:console -- /tmp/pictures zh-light-390  # only this look
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { heights, type Look, looks } from '../test/console/support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from '../test/console/support/console-world.ts';
import { endingSoon, type Populated, populate } from '../test/console/support/populated.ts';

interface Screen {
  readonly name: string;
  /** `{order}` is the number of the seeded order. */
  readonly path: string;
  /** What is done there before the picture. */
  readonly act?: (page: Page) => Promise<unknown>;
  readonly isSignedOut?: true;
}

/** A picture whose act is not there is missed, and the others are taken. */
const patienceMs = 10_000;
/** A list goes on for ever. */
const mostHigh = 2400;

/** One row for each screen: a new page of the console is a new row. */
const screens: readonly Screen[] = [
  { name: 'sign-in', path: 'sign-in', isSignedOut: true },
  { name: 'home', path: '' },
  { name: 'orders', path: 'orders' },
  { name: 'orders-stuck', path: 'orders?failing=true' },
  { name: 'orders-panel', path: 'orders?open={order}' },
  { name: 'orders-no-match', path: 'orders?text=nothing.like.this' },
  { name: 'new-order', path: 'orders/new?account={account}' },
  { name: 'order', path: 'orders/{order}' },
  { name: 'order-failing', path: 'orders/{failing}' },
  { name: 'order-timeline', path: 'orders/{order}/timeline' },
  { name: 'order-certificates', path: 'orders/{order}/certificates' },
  { name: 'order-notes', path: 'orders/{order}/notes' },
  { name: 'order-raw', path: 'orders/{order}/raw' },
  { name: 'order-approval', path: 'orders/{manual}' },
  { name: 'certificates', path: 'certificates?state=valid&replaced=false' },
  { name: 'certificate', path: 'certificates/{certificate}' },
  { name: 'approvals', path: 'approvals?waiting=true' },
  { name: 'approval', path: 'approvals/{approval}' },
  { name: 'domains', path: 'domains' },
  { name: 'domain', path: 'domains/{domain}' },
  { name: 'organizations', path: 'organizations' },
  { name: 'organization', path: 'organizations/{organization}' },
  { name: 'accounts', path: 'accounts' },
  { name: 'account', path: 'accounts/{account}' },
  { name: 'ledger', path: 'accounts/{account}/ledger' },
  { name: 'users', path: 'users' },
  { name: 'user', path: 'users/{user}' },
  { name: 'credentials', path: 'credentials?revoked=false' },
  { name: 'custom-fields', path: 'custom-fields?account={account}' },
  { name: 'webhooks', path: 'webhooks' },
  { name: 'deliveries', path: 'deliveries' },
  { name: 'products', path: 'products' },
  { name: 'issuers', path: 'issuers' },
  {
    name: 'issuers-open',
    path: 'issuers',
    act: (page) => page.locator('#content button[aria-expanded]').first().click(),
  },
  { name: 'jobs', path: 'jobs' },
  { name: 'audit', path: 'audit' },
  { name: 'settings', path: 'settings' },
  { name: 'orders-marked', path: 'orders', act: mark },
  { name: 'orders-filter', path: 'orders', act: press(/Filter|筛选/) },
  { name: 'order-menu', path: 'orders/{order}', act: press(/More|更多/) },
  ...(['duplicate', 'change', 'refund', 'revoke', 'share'] as const).map((name) => ({
    name: `order-dialog-${name}`,
    path: 'orders/{order}',
    act: choose(name),
  })),
  { name: 'order-dialog-reissue', path: 'orders/{order}', act: press(/Reissue|重签/) },
  { name: 'order-dialog-remove', path: 'orders/{failing}', act: choose('removeNames') },
  { name: 'order-dialog-cancel-open', path: 'orders/{failing}', act: choose('cancel') },
  { name: 'order-dialog-approve', path: 'orders/{manual}', act: press(/^Approve|^批准/) },
  { name: 'order-dialog-reject', path: 'orders/{manual}', act: press(/^Reject|^驳回|^拒绝/) },
  { name: 'order-cancelled', path: 'orders/{cancelled}' },
  { name: 'order-again', path: 'orders/new?again={cancelled}' },
  { name: 'order-certificates-empty', path: 'orders/{failing}/certificates' },
  { name: 'certificates-calendar', path: 'certificates?state=valid&replaced=false&view=calendar' },
  { name: 'certificates-marked', path: 'certificates', act: mark },
  {
    name: 'certificates-dialog-revoke',
    path: 'certificates',
    act: async (page) => {
      await mark(page);
      await press(/^Revoke|^吊销/)(page);
    },
  },
  { name: 'certificate-dialog-revoke', path: 'certificates/{certificate}', act: press(/^Revoke|^吊销/) },
  { name: 'approval-dialog-reject', path: 'approvals/{approval}', act: press(/^Reject|^驳回|^拒绝/) },
  { name: 'domains-dialog-add', path: 'domains?account={account}', act: press(/New domain|Add|新建|添加/) },
  { name: 'user-dialog-new', path: 'users?account={account}', act: press(/^New user|^新建用户/) },
  { name: 'user-dialog-roles', path: 'users/{user}', act: press(/roles|角色/) },
  { name: 'credential', path: 'credentials/{credential}' },
  { name: 'credential-dialog-new', path: 'credentials?account={account}', act: press(/^New credential|^新建凭证/) },
  {
    name: 'credential-dialog-made',
    path: 'credentials?account={account}',
    act: async (page) => {
      await press(/^New credential|^新建凭证/)(page);
      await page.selectOption('[role=dialog] [name=dialect]', 'digicert');
      await page.fill('[role=dialog] [name=label]', 'panel');
      await page.click('[role=dialog] button[type=submit]');
      await page.waitForSelector('[role=dialog] pre');
    },
  },
  { name: 'credential-dialog-change', path: 'credentials/{credential}', act: press(/^Change|^修改/) },
  { name: 'credential-dialog-revoke', path: 'credentials/{credential}', act: press(/^Revoke|^吊销/) },
  { name: 'acme-keys', path: 'acme-keys?account={account}' },
  { name: 'acme-keys-choose', path: 'acme-keys' },
  { name: 'acme-key', path: 'acme-keys/{acmeKey}' },
  { name: 'acme-key-dialog-new', path: 'acme-keys?account={account}', act: press(/^New ACME|^新建 ACME/) },
  { name: 'acme-key-dialog-change', path: 'acme-keys/{acmeKey}', act: press(/^Change|^修改/) },
  { name: 'containers', path: 'containers?account={account}' },
  { name: 'role-grants', path: 'role-grants' },
  { name: 'webhook', path: 'webhooks/{webhook}' },
  { name: 'webhook-dialog-new', path: 'webhooks?account={account}', act: press(/^New webhook|^新建/) },
  { name: 'webhook-dialog-test', path: 'webhooks/{webhook}', act: press(/Send a test|测试/) },
  { name: 'deliveries-dialog-tries', path: 'deliveries', act: press(/tr(y|ies)$|次$/) },
  { name: 'reports', path: 'reports' },
  { name: 'reports-months', path: 'reports/months' },
  { name: 'alarms', path: 'alarms' },
  { name: 'mail', path: 'mail' },
  { name: 'blocked-keys', path: 'blocked-keys' },
  { name: 'welcome', path: 'welcome' },
  { name: 'no-such-page', path: 'nothing/here' },
  { name: 'finder', path: '', act: findName },
  { name: 'keys', path: '', act: showKeys },
];

/** What the documentation shows: screens in these looks, each in both languages. */
const shown: readonly (readonly [screen: string, look: Pick<Look, 'scheme' | 'width'>])[] = [
  ['home', { scheme: 'light', width: 1280 }],
  ['order-failing', { scheme: 'light', width: 1280 }],
  ['orders', { scheme: 'dark', width: 1280 }],
  ['approval', { scheme: 'light', width: 390 }],
];

/** The bars at the edges of the window are at the edges of the picture then. */
async function growToPage(page: Page, { width }: Look): Promise<void> {
  const needed = Number(await page.evaluate('document.documentElement.scrollHeight'));
  await page.setViewportSize({ width, height: Math.min(Math.max(needed, heights[width]), mostHigh) });
}

/** Clicks the first button whose words are these, in either language. */
function press(words: RegExp) {
  return async (page: Page) => {
    await page.locator('main button').filter({ hasText: words }).first().click({ timeout: patienceMs });
    await page.waitForSelector('[role=dialog], [role=menu]', { timeout: patienceMs });
  };
}

/** Opens an act of the menu of an order, which stands there by what it is. */
function choose(act: string) {
  return async (page: Page) => {
    await press(/More|更多/)(page);
    await page.locator(`[role=menuitem][data-act=${act}]`).click({ timeout: patienceMs });
  };
}

async function mark(page: Page): Promise<void> {
  const boxes = page.locator('[role=row] input[type=checkbox]');
  for (const place of [1, 2]) await boxes.nth(place).check();
}

async function findName(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.fill('[role=dialog] [role=combobox]', 'www.acme.example');
  await page.waitForSelector('[role=option]');
}

async function showKeys(page: Page): Promise<void> {
  await page.keyboard.press('Shift+?');
  await page.waitForSelector('[role=dialog]');
}

async function takePictures(
  here: ConsoleWorld,
  { numbers }: Populated,
  wanted: (name: string, look: Look) => string | undefined,
) {
  let taken = 0;
  const failed: string[] = [];
  for (const look of looks) {
    const watched = await here.open(look);
    const { page } = watched;
    watched.expect(/status of (?:404|409)/);
    let isSignedIn = false;
    for (const { name, path, act, isSignedOut } of screens) {
      const file = wanted(name, look);
      if (file === undefined) continue;
      const address = path.replace(/\{(\w+)\}/, (_, key: keyof typeof numbers) => numbers[key]);
      if (isSignedOut === true) await page.goto(`${here.world.url}/console/${address}`);
      else if (isSignedIn) await page.goto(`${here.world.url}/console/${address}`);
      else {
        await here.signIn(page, address);
        isSignedIn = true;
      }
      await page.waitForSelector('h1');
      await page.waitForLoadState('networkidle');
      await act?.(page).catch((thrown: Error) => failed.push(`${file}: ${thrown.message.split('\n')[0]}`));
      if (act === undefined) await growToPage(page, look);
      await page.screenshot({ path: file });
      await page.setViewportSize({ width: look.width, height: heights[look.width] });
      taken++;
    }
    await watched.close();
  }
  if (failed.length > 0) throw new Error(failed.join('\n'));
  return taken;
}

const [folder, part = ''] = process.argv.slice(2);
const images = join(import.meta.dirname, '..', 'docs', 'images', 'console');
const into = folder ?? images;
await mkdir(into, { recursive: true });
const here = await startConsoleWorld(endingSoon);
try {
  const populated = await populate(here.client, here.world);
  const taken = await takePictures(here, populated, (name, look) => {
    const { language, scheme, width } = look;
    const isShown = shown.some(([one, of]) => one === name && of.scheme === scheme && of.width === width);
    if (folder === undefined) return isShown ? join(into, `${name}.${language}.png`) : undefined;
    const file = `${name}.${language}-${scheme}-${width}`;
    return file.includes(part) ? join(into, `${file}.png`) : undefined;
  });
  console.log(`${into}: ${taken} pictures`);
} finally {
  await here.close();
}
