/** What a page must be for everybody: by axe, and no wider than the window. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = await readFile(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** @param what names the page in the message */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  // As a script of the page it would be stopped by the policy; this way it is the browser's.
  await page.evaluate(axe);
  const options = JSON.stringify({ runOnly: { type: 'tag', values: rules } });
  const results: AxeResults = await page.evaluate(`axe.run(document, ${options})`);
  const found = results.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join('; ')}`,
  );
  assert.deepEqual(found, [], what);
}

export async function assertNoSidewaysScroll(page: Page, what: string): Promise<void> {
  const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  assert.equal(over, 0, `${what} is ${over} px wider than its window`);
}
