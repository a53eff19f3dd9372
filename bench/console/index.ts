/**
 * `npm run bench:console`: the console in Chromium over a server with very many orders: how soon what is looked for is shown, how evenly the
 * list scrolls, what the API takes for it, and how long a newcomer waits. The data stay in the directory for the next run.
 */
import { spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromiumPath } from '../../scripts/chromium.ts';
import { english, launchBrowser, openPage } from '../../test/console/support/browser.ts';
import { storeResults } from '../results.ts';
import { measureTasks } from './browsing.ts';
import { measureCalls } from './calls.ts';
import { measureFreshClone } from './fresh-clone.ts';
import { measureScrolling } from './scrolling.ts';
import { type LargeWorld, openLargeWorld, type Person } from './world.ts';

const { values: flags } = parseArgs({
  options: {
    orders: { type: 'string', default: '100000' },
    directory: { type: 'string' },
    /** Leaves out the installation of a clone, which takes the network. */
    'no-clone': { type: 'boolean', default: false },
  },
});
const root = fileURLToPath(new URL('../../', import.meta.url));

async function main(): Promise<void> {
  const orders = Number(flags.orders);
  process.env.CHROMIUM = chromiumPath();
  const built = spawnSync(process.execPath, [join(root, 'console/build/build.ts'), '--unless-fresh'], {
    stdio: 'inherit',
  });
  if (built.status !== 0) throw new Error('the console could not be built');
  const clones = flags['no-clone'] ? [] : [await measureFreshClone([]), await measureFreshClone(['--ignore-scripts'])];
  for (const clone of clones) console.log(clone);
  const world = await openLargeWorld(flags.directory ?? `/tmp/certmux-console-${orders}`, orders);
  try {
    const people = [
      await measurePerson(world, world.operator, orders),
      await measurePerson(world, world.administrator, orders),
    ];
    // A part of it is no result.
    if (!flags['no-clone']) await storeResults('console', { orders, load: loadavg()[0], clones, people });
  } finally {
    await world.server.stop();
  }
}

async function measurePerson({ server: { url } }: LargeWorld, person: Person, orders: number) {
  console.log(`\n${person.title}`);
  const calls = await measureCalls(url, person, orders);
  for (const { path, p50Ms, p95Ms } of calls)
    console.log(`${p50Ms.toFixed(0).padStart(6)} ms ${p95Ms.toFixed(0).padStart(6)} ms  ${path}`);
  const browser = await launchBrowser();
  try {
    const { page, close } = await openPage(browser, url, english, false);
    await page.goto(`${url}/console/`);
    await page.fill('input[name=username]', person.username);
    await page.fill('input[name=password]', person.password);
    await page.click('button[type=submit]');
    await page.waitForSelector('#content h1');
    const tasks = await measureTasks(page, url, orders);
    const scrolling = await measureScrolling(page, url);
    console.log(scrolling);
    await close();
    return { person: person.title, calls, tasks, scrolling };
  } finally {
    await browser.close();
  }
}

await main();
