/** Every page, in both languages, both schemes, on a laptop and a phone: for everybody, within its window, within the policy. */
import { after, before, test } from 'node:test';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible, assertNoSidewaysScroll } from './support/accessibility.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';

/** The longest that there may be, and what others could try to hide in a field. */
const longName = `a-label-of-a-customer-that-has-no-end-in-sight.${'department-of-things'.repeat(2)}.customer.example`;
const hostileText = '<img src=x onerror=alert(1)>\u202egnp.elif';

let here: ConsoleWorld;
let number = 0;
before(async () => {
  here = await startConsoleWorld();
  const account = await here.client.accounts.create({ name: hostileText });
  await here.client.accounts.credit({ account: account.id, minor: 1_000_000, currency: 'CNY' });
  const { csrPem } = await createSubscriber('www.customer.example');
  const order = await here.client.orders.place({
    productCode: 'tls-dv',
    csr: csrPem,
    names: [longName, 'www.customer.example', '*.wild.customer.example'],
    method: 'dnsTxt',
    reference: hostileText,
    account: account.id,
  });
  number = order.number;
});
after(() => here.close());

const pages = [
  { path: '', shows: 'h1' },
  { path: 'orders', shows: '[role=row] a' },
  { path: 'orders?text=nothing.like.this', shows: 'h2' },
  { path: 'orders/$order', shows: '[role=tabpanel]' },
  { path: 'orders/$order/timeline', shows: 'ol li' },
  { path: 'orders/$order/certificates', shows: 'h2' },
  { path: 'orders/$order/notes', shows: 'textarea' },
  { path: 'orders/$order/raw', shows: 'pre' },
  { path: 'orders/new', shows: 'form' },
  { path: 'orders/99999999', shows: 'h1' },
  { path: 'nothing/here', shows: 'h1' },
] as const;

for (const look of looks) {
  test(`${nameOf(look)}: signing in and every page`, async () => {
    const watched = await here.open(look);
    const { page } = watched;
    // The order and the page that there are not.
    watched.expect(/status of 404/);
    await page.goto(`${here.world.url}/console/sign-in`);
    await page.waitForSelector('form');
    await assertAccessible(page, 'sign-in');
    await assertNoSidewaysScroll(page, 'sign-in');
    await here.signIn(page);
    for (const { path, shows } of pages) {
      const address = path.replace('$order', String(number));
      await page.goto(`${here.world.url}/console/${address}`);
      await page.waitForSelector(`#content ${shows}`);
      await page.waitForLoadState('networkidle');
      await assertAccessible(page, `/console/${address}`);
      await assertNoSidewaysScroll(page, `/console/${address}`);
    }
    await page.locator('header button[aria-haspopup=menu]').last().click();
    await page.locator('[role=menu] [role=menuitem]').first().waitFor();
    await assertAccessible(page, 'the menu of the user');
    await watched.close();
  });
}
