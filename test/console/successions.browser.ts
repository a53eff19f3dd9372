/** The CAs of a server that made them itself: who signs, who follows, and what an operator does with them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
before(async () => {
  here = await startConsoleWorld();
});
after(() => here.close());

const authorities = async () => (await here.client.authorities.list({})).items;

test('a successor that is made signs at once, and the page says who follows whom', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'issuers');
  await page.click('button[aria-expanded]:has-text("TLS CA E1")');
  await page.click('button:has-text("Make a successor")');
  const dialog = page.locator('[role=dialog]');
  await dialog.locator('[name=publishDays]').fill('30');
  await dialog.locator('button[type=submit]').click();
  await page.locator('li:has(h3:has-text("Intermediate · P-256"))').getByText('TLS CA E2').waitFor();
  await page.locator('section:has(> h3:has-text("TLS CA E2"))').getByText('Published, signs later').waitFor();
  const made = (await authorities()).find(({ subject }) => subject.includes('TLS CA E2'));
  assert.ok(made?.signsFrom !== null && Date.parse(made?.signsFrom ?? '') > Date.now());
  await close();
});

test('an intermediate is revoked once its name is typed, and stays in the tree as revoked', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, 'issuers');
  await page.click('button[aria-expanded]:has-text("TLS CA R1")');
  await page.locator('section:has(> h3:has-text("TLS CA R1")) button:has-text("Revoke")').click();
  const dialog = page.locator('[role=dialog]');
  await dialog.getByLabel(/Type/).fill('certmux TLS CA');
  assert.ok(await dialog.locator('button[type=submit]').isDisabled());
  const revoked = async () => (await authorities()).filter(({ revokedAt }) => revokedAt !== null);
  assert.deepEqual(await revoked(), [], 'another name revokes nothing');
  await dialog.getByLabel(/Type/).fill('certmux TLS CA R1');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await revoked()).length === 1);
  await page.locator('section:has(> h3:has-text("TLS CA R1"))').getByText('Revoked', { exact: true }).waitFor();
  await close();
});
