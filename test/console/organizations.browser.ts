/** Organizations: those that wait come first, what is looked at stands beside them, and who decided afterwards. */
import { after, before, test } from 'node:test';
import { checkNow } from '../support/check-now.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible, assertNoSidewaysScroll } from './support/accessibility.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let waiting: string;
let known: string;
before(async () => {
  here = await startConsoleWorld();
  const { client } = here;
  const account = await client.accounts.create({ name: '云桥科技', currency: 'CNY' });
  await client.accounts.credit({ account: account.id, minor: 1_000_000, currency: 'CNY' });
  const add = (name: string, levels: ('ov' | 'ev')[]) =>
    client.organizations.add({
      account: account.id,
      details: { name, city: 'Hangzhou', state: 'Zhejiang', country: 'CN', registrationNumber: '91330100MA2XXXXX0X' },
      levels,
    });
  const first = await add('Known Ltd', ['ov']);
  await client.organizations.verify({ organization: first.id, level: 'ov', note: 'register checked' });
  known = String(first.number);
  const second = await add('Waiting Ltd', ['ov', 'ev']);
  waiting = String(second.number);
  const { csrPem } = await createSubscriber('www.customer.example');
  const order = { productCode: 'tls-ov', csr: csrPem, organization: second.id, account: account.id } as const;
  const { id, names } = await client.orders.place({ ...order, method: 'dnsTxt' });
  for (const proof of names.flatMap(({ proofs }) => proofs))
    if (proof.method === 'dnsTxt') here.world.dns.set(proof.host, 'TXT', proof.value);
  await checkNow(client, id);
  await until(async () => (await client.organizations.show({ organization: waiting })).ordersWaiting === 1);
  // Added last, and waits for nobody.
  await add('Idle Ltd', []);
});
after(() => here.close());

test('whoever verifies sees those that wait first, and the orders that wait for them', async () => {
  const { page, close } = await here.open();
  await here.signIn(page);
  await page.click('nav a:has-text("Organizations")');
  await page.waitForURL(/organizations\?waiting=true/);
  const rows = page.locator('[role=row]:has(a)');
  await rows.first().waitFor();
  await until(async () => (await rows.count()) === 1);
  // The name of its account comes behind it.
  for (const part of ['Waiting Ltd', '云桥科技']) await rows.filter({ hasText: part }).waitFor();
  await page.goto(`${here.world.url}/console/organizations/${waiting}`);
  await page.getByText('Somebody of it said, by a phone number from the register').waitFor();
  await page.click('a:has-text("1 order waits for it")');
  await page.waitForURL(/organization=\d+&turn=operator/);
  await page.locator('[role=row]:has-text("www.customer.example")').waitFor();
  await until(async () => (await rows.count()) === 1);
  await close();
});

test('who decided stands beside what they decided', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `organizations/${known}`);
  const { validations } = await here.client.organizations.show({ organization: known });
  await page.getByText(`OV: Verified by ${validations[0]?.decidedBy?.name}`).waitFor();
  await close();
});

for (const look of looks) {
  test(`${nameOf(look)}: what EV asks for, in the dialogs that ask`, async () => {
    const { page, close } = await here.open(look);
    await here.signIn(page, `organizations/${waiting}`);
    const isChinese = look.language === 'zh';
    await assertNoSidewaysScroll(page, 'organization');
    await page
      .locator('#content button')
      .filter({ hasText: isChinese ? '审核通过' : 'Verify' })
      .first()
      .click();
    const dialog = page.locator('[role=dialog]');
    await dialog.locator('select').first().selectOption('ev');
    await dialog.locator('[name=jurisdictionCountry]').waitFor();
    await assertAccessible(page, 'verify');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await close();
  });
}

test('EV is verified with its registration, and the page says who did', async () => {
  const { page, close } = await here.open();
  await here.signIn(page, `organizations/${waiting}`);
  await page.locator('#content button:has-text("Verify")').first().click();
  const dialog = page.locator('[role=dialog]');
  await dialog.locator('select').first().selectOption('ev');
  await dialog.locator('[name=businessCategory]').selectOption('Private Organization');
  await dialog.locator('[name=jurisdictionCountry]').fill('CN');
  await dialog.locator('button[type=submit]').click();
  const ev = async () =>
    (await here.client.organizations.show({ organization: waiting })).validations.find(({ level }) => level === 'ev');
  await until(async () => (await ev())?.state === 'valid');
  await page.getByText(`EV: Verified by ${(await ev())?.decidedBy?.name}`).waitFor();
  await close();
});
