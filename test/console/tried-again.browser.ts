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
  await page.locator('[role=row] button:text-matches("^\\\\d+ tr")').first().click();
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

test('what failed is sent again: one, and all of a webhook', async () => {
  const [delivery] = await failed();
  const attempts = delivery?.attempts ?? 0;
  const triesOf = async () =>
    (await here.client.webhooks.deliveries({})).items.find(({ id }) => id === delivery?.id)?.tries.length ?? 0;
  const before = await triesOf();
  assert.ok(attempts > 0);
  const { page, close } = await here.open();
  await here.signIn(page, 'deliveries?state=failed');
  await page.locator('[role=row] button:has-text("Send again")').first().click();
  await until(async () => (await triesOf()) > before);

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

test('a job that was given up is tried again, and another one is discarded once its kind is typed', async () => {
  const givenUp = async () => (await here.client.jobs.list({ state: 'failed' })).items;
  await until(async () => (await givenUp()).length > 0);
  const [job] = await givenUp();
  const { page, close } = await here.open();
  await here.signIn(page, 'jobs?state=failed');
  const retried = page.waitForResponse((response) => response.url().endsWith(`/jobs/${job?.id}/retry`));
  await page.locator('[role=row] button:has-text("Retry")').first().click();
  assert.equal((await retried).status(), 200);
  const events = async (kind: string) => (await here.client.events.list({ kind })).items;
  assert.equal(
    (await events('job.retried')).some(({ subject }) => subject === job?.id),
    true,
  );
  await close();
});
