/** What somebody does who looks for an order among very many: from what is typed or clicked until the first of it is there. */
import type { Page } from 'playwright-core';
import { namesOf, zoneOf } from '../growth/generator.ts';
import { percentile } from '../percentile.ts';

export interface Timed {
  readonly title: string;
  readonly p50Ms: number;
  readonly worstMs: number;
}

/** Each is done so often, always with another order. */
const runs = 10;

interface Task {
  readonly title: string;
  /** What comes before it, which is not measured. */
  prepare(page: Page, url: string): Promise<void>;
  /** @param index of the order that is looked for, as the generator counts */
  act(page: Page, index: number): Promise<void>;
}

const rowWith = (page: Page, text: string) => page.waitForSelector(`[role=row]:has-text("${text}")`);

const openFinder = async (page: Page, url: string) => {
  await page.goto(`${url}/console/`);
  await page.waitForSelector('#needs');
  await page.keyboard.press('Control+k');
  await page.waitForSelector('[role=dialog] [role=combobox]');
};

const openList = async (page: Page, url: string) => {
  await page.goto(`${url}/console/orders`);
  await page.waitForSelector('[role=row][data-index="0"]');
};

const hostOf = (index: number) => namesOf(index)[0] ?? '';

export const tasks: readonly Task[] = [
  {
    title: 'Ctrl+K: a whole name',
    prepare: openFinder,
    async act(page, index) {
      await page.fill('[role=dialog] [role=combobox]', hostOf(index));
      await page.waitForSelector(`[role=option]:has-text("${hostOf(index)}")`);
    },
  },
  {
    title: 'Ctrl+K: a part of a name that one order has',
    prepare: openFinder,
    async act(page, index) {
      await page.fill('[role=dialog] [role=combobox]', hostOf(index).slice(1, -4));
      await page.waitForSelector(`[role=option]:has-text("${hostOf(index)}")`);
    },
  },
  {
    title: 'Ctrl+K: a part of a name that some twenty orders have',
    prepare: openFinder,
    async act(page, index) {
      await page.fill('[role=dialog] [role=combobox]', zoneOf(index));
      await page.waitForSelector(`[role=option]:has-text(".${zoneOf(index)}")`);
    },
  },
  {
    title: 'list of orders: a part of a name that one order has',
    prepare: openList,
    async act(page, index) {
      await page.fill('input[type=search]', hostOf(index).slice(1, -4));
      await page.keyboard.press('Enter');
      await rowWith(page, hostOf(index));
    },
  },
  {
    title: 'list of orders: a part of a name that all have',
    prepare: openList,
    async act(page) {
      await page.fill('input[type=search]', 'example');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[role=table][data-old=false] [role=row][data-index="0"]');
      await page.waitForURL('**/orders?text=example');
    },
  },
  {
    title: 'an order opened from the list',
    async prepare(page, url) {
      await openList(page, url);
      await page.locator('[role=row] a').first().waitFor();
    },
    async act(page) {
      await page.locator('[role=row] a').first().click();
      await page.waitForSelector('aside h2, [role=dialog] h2');
    },
  },
];

/** Each task from the first keystroke or click until what was wanted is shown. */
export async function measureTasks(page: Page, url: string, orders: number): Promise<readonly Timed[]> {
  const timed: Timed[] = [];
  for (const { title, prepare, act } of tasks) {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      await prepare(page, url);
      const index = 1 + Math.floor(((run + 0.5) / runs) * orders);
      const startedMs = performance.now();
      await act(page, index);
      times.push(performance.now() - startedMs);
    }
    timed.push({ title, p50Ms: percentile(times, 50), worstMs: Math.max(...times) });
    console.log(`${title}: ${times.map((ms) => ms.toFixed(0)).join(' ')} ms`);
  }
  return timed;
}
