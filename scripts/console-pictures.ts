/**
 * `npm run docs:console`: pictures of the console for the documentation, by the real server and a browser, into `docs/images/console`.
 * With a folder, every screen in both languages, light and dark, as wide as a laptop and a phone, for people to look at:
 *
 *   npm run docs:console -- /tmp/pictures
 *   npm run docs:console -- /tmp/pictures home   # only screens with this in their name
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
  { name: 'no-such-page', path: 'nothing/here' },
  { name: 'finder', path: '', act: findName },
  { name: 'keys', path: '', act: (page) => page.keyboard.press('?') },
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

async function findName(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.fill('[role=dialog] [role=combobox]', 'www.acme.example');
  await page.waitForSelector('[role=option]');
}

async function takePictures(
  here: ConsoleWorld,
  { numbers }: Populated,
  wanted: (name: string, look: Look) => string | undefined,
) {
  let taken = 0;
  for (const look of looks) {
    const watched = await here.open(look);
    const { page } = watched;
    watched.expect(/status of 404/);
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
      await act?.(page);
      if (act === undefined) await growToPage(page, look);
      await page.screenshot({ path: file });
      await page.setViewportSize({ width: look.width, height: heights[look.width] });
      taken++;
    }
    await watched.close();
  }
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
    return name.includes(part) ? join(into, `${name}.${language}-${scheme}-${width}.png`) : undefined;
  });
  console.log(`${into}: ${taken} pictures`);
} finally {
  await here.close();
}
