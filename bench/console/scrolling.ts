/** How evenly the list of orders moves under somebody who scrolls: the times between the pictures that the browser draws. */
import type { Page } from 'playwright-core';
import { percentile } from '../percentile.ts';

export interface Scrolled {
  readonly framesPerSecond: number;
  readonly p99FrameMs: number;
  readonly longestFrameMs: number;
  readonly rowsPassed: number;
}

const seconds = 8;
/** Of one picture: some 50 rows in a second, which is faster than anybody reads. */
const pixels = 48;

/** Runs in the page: moves it with each picture, and returns when each was drawn. */
const scrolls = `new Promise((resolve) => {
  const drawnAt = [];
  const step = (at) => {
    drawnAt.push(at);
    if (at - drawnAt[0] > ${seconds * 1000}) return resolve(drawnAt);
    window.scrollBy(0, ${pixels});
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

const lastRow = async (page: Page) =>
  Number(await page.locator('[role=row][data-index]').last().getAttribute('data-index'));

/** @param page that shows a list of many pages */
export async function measureScrolling(page: Page, url: string): Promise<Scrolled> {
  await page.goto(`${url}/console/orders`);
  await page.waitForSelector('[role=row][data-index="0"]');
  const before = await lastRow(page);
  const drawnAt = await page.evaluate<readonly number[]>(scrolls);
  const frames = drawnAt.slice(1).map((at, index) => at - (drawnAt[index] ?? at));
  const tookMs = frames.reduce((sum, ms) => sum + ms, 0);
  return {
    framesPerSecond: (1000 * frames.length) / tookMs,
    p99FrameMs: percentile(frames, 99),
    longestFrameMs: Math.max(...frames),
    rowsPassed: (await lastRow(page)) - before,
  };
}
