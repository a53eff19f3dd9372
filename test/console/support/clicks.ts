/** Somebody who has a task and a mouse: each click is counted, what is typed is not, and neither is choosing in an open field. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

export interface Mouse {
  /** Clicks since the beginning, or since the last `assertClicks`. */
  click(selector: string): Promise<void>;
  /** Chooses an option of a field, which is a click like any other. */
  choose(selector: string, value: string): Promise<void>;
  /** The task took so many clicks at most. Begins again. */
  assertClicks(most: number, task: string): void;
}

export function mouseOn(page: Page): Mouse {
  let clicks = 0;
  return {
    async click(selector) {
      clicks++;
      await page.click(selector);
    },
    async choose(selector, value) {
      clicks++;
      await page.selectOption(selector, value);
    },
    assertClicks(most, task) {
      assert.ok(clicks <= most, `${task}: ${clicks} clicks, ${most} at most`);
      clicks = 0;
    },
  };
}
