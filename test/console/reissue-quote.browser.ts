/** A reissue says what it would cost and wait for before it is sent, and what it would be refused for. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createSubscriber } from '../support/subscriber.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { issueCertificate } from './support/issued.ts';

let here: ConsoleWorld;
let order = '';
before(async () => {
  here = await startConsoleWorld();
  const account = String((await here.client.accounts.create({ name: 'Acme' })).number);
  ({ order } = await issueCertificate(here, { name: 'www.customer.example', account }));
});
after(() => here.close());

test('price, proofs and refusals of a reissue are said beforehand, and nothing is placed', async () => {
  const watched = await here.open();
  const { page, close } = watched;
  // The refusal that is asked for.
  watched.expect(/status of 4\d\d/);
  await here.signIn(page, `orders/${order}`);
  await page.click('button:has-text("Reissue")');
  const dialog = page.locator('[role=dialog]');
  const { csrPem } = await createSubscriber('www.customer.example');
  await dialog.locator('textarea').last().fill(csrPem);
  await dialog.locator('text=Earlier proofs serve for every name.').waitFor();
  await dialog.locator('textarea').first().fill('www.customer.example\nshop.customer.example');
  await dialog.locator('text=1 name is still to be proved.').waitFor();
  await dialog.locator('textarea').first().fill('www.customer.example\nno_such_name');
  await dialog.locator('p:has-text("no_such_name")').waitFor();
  const { items } = await here.client.orders.issuances({ order });
  assert.equal(items.length, 1);
  await close();
});
