/** What failed, seen and tried again: deliveries of webhooks with each of their tries, and jobs that were given up. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertAccessible } from './support/accessibility.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { endingSoon, type Populated, populate } from './support/populated.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let numbers: Populated['numbers'];
before(async () => {
  here = await startConsoleWorld(endingSoon);
  ({ numbers } = await populate(here.client, here.world));
});
after(() => here.close());

const dialog = (page: Page) => page.locator('[role=dialog]');
const failed = async () => (await here.client.webhooks.deliveries({ state: 'failed' })).items;

test('each try of a delivery is shown with its time and answer, the newest first', async () => {
  const [delivery] = await failed();
  assert.ok(delivery !== undefined && delivery.tries.length > 0);
  const { page, close } = await here.open();
  await here.signIn(page, 'deliveries?state=failed');
  await page
    .locator('[role=row] button')
    .filter({ hasText: /^\d+ tr/ })
    .first()
    .click();
  await assertAccessible(page, 'the tries of a delivery');
  const lines = dialog(page).locator('ol > li');
  assert.equal(await lines.count(), delivery.tries.length);
  const newest = delivery.tries.at(-1);
  assert.equal(await lines.first().locator('time').getAttribute('datetime'), newest?.at);
  assert.ok((await lines.first().innerText()).includes(newest?.answer ?? '?'));
  await dialog(page).locator('a:has-text("Show its order")').click();
  await page.waitForURL('**/orders/**');
  await close();
});

test('a test message is sent, and what the receiver answered is shown', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `webhooks/${numbers.webhook}`);
  await page.click('main button:has-text("Send a test")');
  const sent = page.waitForResponse((response) => response.url().endsWith('/test'));
  await dialog(page).locator('button[type=submit]').click();
  const reply: { readonly isTaken: boolean; readonly answer: string } = await (await sent).json();
  assert.equal(reply.isTaken, false);
  await dialog(page).locator('text=It did not take the message').waitFor();
  assert.equal(await dialog(page).locator('code').innerText(), reply.answer);
  await close();
});

test('a job that was given up is tried again, and another is discarded once its kind is typed', async () => {
  const { client } = here;
  await until(async () => (await client.jobs.list({ state: 'failed' })).items.length > 1);
  const { page, close } = await here.open();
  await here.signIn(page, 'jobs?state=failed');
  const acted = page.waitForResponse((response) => /\/jobs\/[^/]+\/retry$/.test(response.url()));
  await page.locator('[role=row] button:has-text("Retry")').first().click();
  const answer = await acted;
  assert.equal(answer.status(), 200);
  const retried = decodeURIComponent(/jobs\/([^/]+)\/retry/.exec(answer.url())?.[1] ?? '');
  // What is sent again is a message of its own.
  const jobs = async () => (await client.jobs.list({ state: 'failed' })).items.map(({ id }) => id);
  await until(async () => !(await jobs()).includes(retried));
  assert.equal((await client.events.list({ kind: 'notification.replayed' })).items.length, 1);

  const before = await jobs();
  await page.reload();
  await page.locator('[role=row] button:has-text("Discard")').first().click();
  assert.equal(await dialog(page).locator('button[type=submit]').isDisabled(), true);
  const kind = await page.locator('[role=row] [data-card=title] strong').first().innerText();
  await dialog(page).locator('input').first().fill(kind);
  await dialog(page).locator('button[type=submit]').click();
  await dialog(page).waitFor({ state: 'detached' });
  const [discarded] = (await client.events.list({ kind: 'job.discarded' })).items;
  assert.ok(before.includes(String(discarded?.data.job)), JSON.stringify(discarded));
  assert.equal((await jobs()).includes(String(discarded?.data.job)), false);
  await close();
});

test('what failed is sent again: one, and all of a webhook', async () => {
  const replayed = async () => (await here.client.events.list({ kind: 'notification.replayed' })).items;
  const { page, close } = await here.open();
  await here.signIn(page, 'deliveries?state=failed');
  const before = await replayed();
  const acted = page.waitForResponse((response) => response.url().endsWith('/replay'));
  await page.locator('[role=row] button:has-text("Send again")').first().click();
  const delivery = /deliveries\/([^/]+)\/replay/.exec((await acted).url())?.[1] ?? 'none';
  await until(async () => (await replayed()).length > before.length);
  const [event] = await replayed();
  assert.equal(event?.data.delivery, decodeURIComponent(delivery));

  await page.goto(`${here.world.url}/console/webhooks/${numbers.webhook}`);
  await page.click('main button:has-text("Send what failed")');
  const sent = page.waitForResponse(
    (response) => response.url().includes('/webhooks/') && response.request().method() === 'POST',
  );
  await dialog(page).locator('button[type=submit]').click();
  const reply: { readonly queued: number } = await (await sent).json();
  await dialog(page).locator(`text=${reply.queued} on their way.`).waitFor();
  await close();
});
