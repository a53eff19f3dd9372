/**
 * A server on which something of each kind waits for somebody: what Home counts, what the lists show, and what the pictures of the
 * documentation are made of. All of it is made through the API; only what takes days otherwise is brought on in the database.
 */
import { DatabaseSync } from 'node:sqlite';
import type { NativeClient } from '../../../src/dialects/native/client.ts';
import { retryPolicies } from '../../../src/domain/job.ts';
import { checkNow } from '../../support/check-now.ts';
import { createSubscriber } from '../../support/subscriber.ts';
import type { World } from '../../support/world.ts';
import { until } from './until.ts';

/** Settings of a world in which certificates of OV products end in a few days. */
export const endingSoon = { profiles: { 'private-ov': { maxValidityDays: 10 } } } as const;

export interface Populated {
  /** Numbers, by what they are of. */
  readonly numbers: Readonly<Record<'order' | 'failing' | 'certificate' | 'approval' | 'domain', string>> &
    Readonly<Record<'organization' | 'account' | 'manualAccount' | 'user' | 'manual', string>> &
    Readonly<Record<'acmeKey' | 'credential' | 'webhook' | 'cancelled', string>>;
}

const price = { fqdnMinor: 4_800, wildcardMinor: 19_800, ipMinor: 4_800 } as const;

export async function populate(client: NativeClient, world: World): Promise<Populated> {
  await client.products.change({ dialect: 'native', code: 'tls-dv', prices: price });
  const acme = await client.accounts.create({ name: 'Acme Hosting', contactEmail: 'ops@acme.example' });
  const bridge = await client.accounts.create({ name: '云桥科技', approval: 'manual' });
  await client.accounts.credit({ account: acme.id, minor: 500_000, currency: 'CNY', note: 'Transfer 2026-1104' });
  await client.accounts.credit({ account: bridge.id, minor: 120_000, currency: 'CNY', note: '十一月充值' });
  await client.customFields.add({
    account: acme.id,
    label: 'Cost centre',
    description: 'Of the department that pays',
    kind: 'text',
    defaultValue: 'IT-4711',
  });
  const { liNa, credential } = await addPeople(client, { acme: acme.id, bridge: bridge.id });
  const { acmeKey } = await addRest(client, acme.id);
  const webhook = await client.webhooks.add({
    account: acme.id,
    url: 'https://hooks.acme.example/certmux',
    events: ['certificateIssued'],
  });

  const place = async (account: string, names: readonly string[], more: object = {}) => {
    const { csrPem } = await createSubscriber(names[0] ?? '');
    const method = 'dnsTxt' as const;
    return client.orders.place({ productCode: 'tls-dv', csr: csrPem, names: [...names], method, account, ...more });
  };
  const prove = async (number: number) => {
    const order = String(number);
    for (const { proofs } of (await client.orders.show({ order })).names) {
      for (const proof of proofs) if (proof.method === 'dnsTxt') world.dns.set(proof.host, 'TXT', proof.value);
    }
    await checkNow(client, order);
    await until(async () => (await client.orders.show({ order })).state === 'active');
  };

  const order = await place(acme.id, ['www.acme.example', 'acme.example', '*.shop.acme.example'], {
    reference: 'ticket-4711',
  });
  await prove(order.number);
  for (const name of ['mail.acme.example', 'git.acme.example', 'vpn.acme.example']) {
    await prove((await place(acme.id, [name])).number);
  }
  // What is not there yet, what is wrong there, and what nobody has looked for.
  const failing = await place(acme.id, ['www.shop.example', 'img.shop.example', 'api.shop.example']);
  const [, wrong] = failing.names;
  const [record] = (wrong?.proofs ?? []).filter(({ method }) => method === 'dnsTxt');
  if (record?.method === 'dnsTxt') world.dns.set(record.host, 'TXT', `${record.value.slice(0, -3)}xyz`);
  const rest = await place(acme.id, ['status.example']);
  for (const { number } of [failing, rest]) await checkNow(client, String(number));

  const manual = await place(bridge.id, ['www.yunqiao.example', 'pay.yunqiao.example'], { comments: '新官网上线' });
  await place(bridge.id, ['portal.yunqiao.example']);
  const domain = await client.domains.add({ account: acme.id, name: 'acme.example', method: 'dnsTxt' });

  const organization = await client.organizations.add({
    account: acme.id,
    details: { name: 'Acme Hosting Ltd', city: 'Hangzhou', state: 'Zhejiang', country: 'CN' },
    levels: ['ov'],
  });
  const waiting = await client.organizations.add({
    account: bridge.id,
    details: { name: '云桥科技有限公司', city: '上海', state: '上海', country: 'CN' },
    levels: ['ov', 'ev'],
  });
  await client.organizations.verify({ organization: organization.id, level: 'ov', note: 'register checked' });
  const ending = await place(acme.id, ['legacy.acme.example'], {
    productCode: 'tls-ov',
    organization: organization.id,
  });
  await prove(ending.number);
  bringOn(world.databasePath);
  // Whatever is asked for makes the queue look at what is due.
  await checkNow(client, String(rest.number));
  await until(async () => (await client.webhooks.deliveries({ state: 'failed' })).items.length > 0);

  const again = await place(acme.id, ['www.old-shop.example'], {
    productCode: 'tls-ov',
    organization: organization.id,
  });
  const cancelled = await client.orders.cancel({ order: again.id });

  const [certificate] = (await client.certificates.list({ text: 'www.acme' })).items;
  const [approval] = (await client.approvals.list({ waiting: 'true' })).items;
  const numbers = {
    order,
    failing,
    certificate,
    approval,
    domain,
    organization: waiting,
    account: acme,
    manualAccount: bridge,
    user: liNa,
    manual,
    acmeKey,
    credential,
    webhook,
    cancelled,
  };
  return {
    numbers: Object.fromEntries(
      Object.entries(numbers).map(([name, object]) => [name, String(object?.number)]),
      // Each key of the one is a key of the other.
    ) as Populated['numbers'],
  };
}

async function addPeople(client: NativeClient, { acme, bridge }: { readonly acme: string; readonly bridge: string }) {
  const person = (firstName: string, lastName: string, email: string) => ({ firstName, lastName, email });
  const liNa = await client.users.create({
    account: bridge,
    username: 'li.na',
    roles: ['approver', 'requester'],
    person: person('娜', '李', 'li.na@yunqiao.example'),
  });
  await client.users.create({
    account: acme,
    username: 'wang.fang',
    roles: ['administrator'],
    person: person('Fang', 'Wang', 'wang.fang@acme.example'),
  });
  await client.credentials.create({ account: acme, label: 'web-1' });
  const { credential } = await client.credentials.create({ account: acme, dialect: 'encryption365', label: 'Baota' });
  return { liNa, credential };
}

/** What no number of Home counts. */
async function addRest(client: NativeClient, acme: string) {
  const { key: acmeKey } = await client.acmeKeys.create({
    account: acme,
    name: 'certbot on web-2',
    productCode: 'tls-dv',
    names: ['acme.example'],
    methods: ['httpFile', 'dnsTxt'],
    maxValidityDays: 30,
    addressRanges: ['203.0.113.0/24'],
  });
  const shop = await client.containers.add({ account: acme, name: 'Shop', description: 'Online sales' });
  await client.containers.add({ account: acme, parent: shop.id, name: '海外', allowedNames: ['shop.example'] });
  await client.keys.block({ key: 'ab'.repeat(32), account: null, note: 'Found in a public repository' });
  await client.mail.stop({ address: 'left@acme.example' });
  return { acmeKey };
}

/** A month of counted days before today, and a delivery whose tries are nearly over. */
function bringOn(databasePath: string): void {
  const database = new DatabaseSync(databasePath, { timeout: 10_000 });
  try {
    const now = Date.now();
    const today = Math.floor(now / 86_400_000);
    const count = database.prepare(
      'insert or ignore into statistic_counts (series, scope, day, key, total, last_at) values (?, ?, ?, ?, ?, ?)',
    );
    for (let ago = 1; ago < 30; ago++) {
      const orders = 3 + ((ago * 7) % 5) + (ago % 7 < 2 ? 0 : 6);
      for (const [key, total] of Object.entries({
        orders,
        certificates: orders - (ago % 3),
        revocations: ago % 9 === 4 ? 1 : 0,
      })) {
        if (total > 0) count.run('issuance', 'all', today - ago, key, total, now - ago * 86_400_000);
      }
    }
    database.exec(
      `insert or ignore into account_months (account_id, month, charged_minor, refunded_minor, credited_minor)
       select account_id, month - ago.value, charged_minor * (9 - ago.value) / 4 + 4800 * (ago.value % 3), 0, 0
       from account_months, json_each('[1,2,3,4,5,6,7]') as ago where charged_minor > 0`,
    );
    count.run('failures', 'all', today - 3, 'dnsNoSuchName', 4, now);
    count.run('failures', 'all', today - 6, 'httpStatus', 2, now);
    database
      .prepare("update jobs set attempts = ?, run_at = ? where kind = 'deliver'")
      .run(retryPolicies.deliver.maxAttempts - 1, now);
  } finally {
    database.close();
  }
}
