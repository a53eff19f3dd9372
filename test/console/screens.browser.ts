/** Every screen, in both languages, both schemes, on a laptop and a phone: for everybody, within its window, within the policy. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkNow } from '../support/check-now.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { assertAccessible, assertNoSidewaysScroll } from './support/accessibility.ts';
import { looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { until } from './support/until.ts';

/** What others could try to hide in a field, and the longest that there may be. */
const markup = '<img src=x onerror=alert(1)>';
const hostileText = `${markup}\u202egnp.elif`;
const longText = 'department-of-things-without-an-end'.repeat(3);

let here: ConsoleWorld;
const numbers: Record<string, string> = {};
before(async () => {
  here = await startConsoleWorld();
  const { client } = here;
  const account = await client.accounts.create({ name: hostileText, approval: 'manual' });
  await client.accounts.credit({ account: account.id, minor: 1_000_000, currency: 'CNY', note: longText });
  const free = await client.accounts.create({ name: 'Acme' });
  await client.accounts.credit({ account: free.id, minor: 1_000_000, currency: 'CNY' });
  await place('waits.customer.example', account.id);
  const order = await place('www.customer.example', free.id);
  const [proof] = (order.names[0]?.proofs ?? []).filter(({ method }) => method === 'dnsTxt');
  if (proof?.method !== 'dnsTxt') throw new Error('there is nothing to place');
  here.world.dns.set(proof.host, 'TXT', proof.value);
  await checkNow(client, order.id);
  await until(async () => (await client.certificates.list({})).items.length > 0);
  const domain = await client.domains.add({ account: free.id, name: 'kept.customer.example', method: 'dnsTxt' });
  const organization = await client.organizations.add({
    account: account.id,
    details: { name: markup, city: longText, state: 'IL', country: 'US' },
    levels: ['ov', 'ev'],
  });
  const user = await client.users.create({
    account: account.id,
    username: 'li.na',
    roles: ['approver', 'requester'],
    person: { firstName: markup, lastName: longText, email: 'li.na@customer.example' },
  });
  const { credential } = await client.credentials.create({ account: account.id, label: markup, dialect: 'digicert' });
  const { key: acmeKey } = await client.acmeKeys.create({
    account: account.id,
    name: markup,
    productCode: 'tls-dv',
    names: ['customer.example'],
  });
  const parent = await client.containers.add({ account: account.id, name: markup, description: longText });
  await client.containers.add({
    account: account.id,
    parent: parent.id,
    name: longText,
    allowedNames: ['shop.example'],
  });
  await client.customFields.add({
    account: account.id,
    label: markup,
    description: longText,
    isRequired: true,
    defaultValue: longText,
  });
  await client.mail.stop({ address: `${'mailbox'.repeat(8)}@customer.example` });
  await client.keys.block({ key: 'ab'.repeat(32), account: null, note: markup });
  const webhook = await client.webhooks.add({ account: free.id, url: `https://hooks.customer.example/${longText}` });
  const [certificate] = (await client.certificates.list({})).items;
  const [approval] = (await client.approvals.list({ waiting: 'true' })).items;
  for (const [name, object] of Object.entries({
    account,
    domain,
    organization,
    user,
    certificate,
    approval,
    webhook,
    acmeKey,
    credential,
  })) {
    numbers[name] = String(object?.number);
  }
});
after(() => here.close());

async function place(name: string, account: string) {
  const { csrPem } = await createSubscriber(name);
  return here.client.orders.place({ productCode: 'tls-dv', csr: csrPem, method: 'dnsTxt', account });
}

const pages = [
  'certificates?state=valid',
  'certificates?state=valid&view=calendar',
  'certificates/{certificate}',
  'approvals?waiting=true',
  'approvals/{approval}',
  'domains',
  'domains/{domain}',
  'organizations?waiting=true',
  'organizations/{organization}',
  'accounts',
  'accounts/{account}',
  'accounts/{account}/ledger',
  'users',
  'users/{user}',
  'credentials',
  'credentials/{credential}',
  'welcome',
  'acme-keys',
  'acme-keys?account={account}',
  'acme-keys/{acmeKey}',
  'containers?account={account}',
  'custom-fields',
  'custom-fields?account={account}',
  'role-grants',
  'alarms',
  'mail',
  'blocked-keys',
  'webhooks',
  'webhooks/{webhook}',
  'deliveries',
  'products',
  'issuers',
  'reports',
  'reports?past=365&weeks=52&months=60',
  'reports/months',
  'jobs',
  'audit',
  'settings',
  'certificates/99999999',
] as const;

for (const look of looks) {
  test(`${nameOf(look)}: every screen`, async () => {
    const watched = await here.open(look);
    const { page } = watched;
    // All of them are looked at, whatever is wrong with one.
    const problems: string[] = [];
    const note = (check: () => Promise<void>) => check().catch((thrown: Error) => void problems.push(thrown.message));
    // The certificate that there is not.
    watched.expect(/status of 404/);
    await here.signIn(page, 'settings');
    for (const path of pages) {
      const address = path.replace(/\{(\w+)\}/, (_, name: string) => numbers[name] ?? '');
      await page.goto(`${here.world.url}/console/${address}`);
      await page.waitForSelector('#content h1');
      await page.waitForLoadState('networkidle');
      await note(() => assertAccessible(page, `/console/${address}`));
      await note(() => assertNoSidewaysScroll(page, `/console/${address}`));
    }
    await watched.close();
    assert.deepEqual(problems, []);
  });
}
