/**
 * A data directory that a server of some version leaves: customers of every front door with an issued order each, and orders in the
 * other states. `scripts/make-data-fixture.ts` makes one and keeps it; the tests of upgrades open it with today's version.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { parseConfig } from '../../src/config/load.ts';
import { formatToken } from '../../src/dialects/native/auth.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { type Certmux, startCertmux } from '../../src/main.ts';
import { makeCustomer } from '../../src/quickstart/account.ts';
import { awaitCertificate } from '../../src/quickstart/await-certificate.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import {
  type CustomerServers,
  chooseProofs,
  placeProofs,
  type WantedName,
} from '../../src/quickstart/customer-servers.ts';
import { quickstartApis, scriptOf } from '../../src/quickstart/customers.ts';
import { createClock, createRandomness } from '../../src/system/index.ts';
import { cheapSecrets } from './cheap-secrets.ts';
import { checkNow } from './check-now.ts';
import { until } from './system.ts';

/** A request that a customer sent for an issued order, and what it was answered. Sent again it is answered the same. */
export interface RecordedRequest {
  readonly api: string;
  readonly method: string;
  /** Without the server's address. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly status: number;
  /** The number of the order, as the native API shows it. */
  readonly order: number;
}

export interface OldData {
  readonly madeBy: string;
  /** The day, in UTC. */
  readonly madeAt: string;
  readonly schema: readonly string[];
  readonly operatorToken: string;
  readonly requests: readonly RecordedRequest[];
  /** Of orders, by number. */
  readonly states: Readonly<Record<string, string>>;
  readonly balances: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
  /** What the operator was answered, by path of the native API, without what changes by itself. Absent in the first fixture. */
  readonly shown?: Readonly<Record<string, unknown>>;
}

const signal = new AbortController().signal;

export interface RunningData {
  readonly certmux: Certmux;
  readonly url: string;
}

/** Stands in certificates, so it is the same each time. Nobody listens there. */
const publicUrl = 'http://127.0.0.1:18999';

export async function startOn(dataDirectory: string, url: string, { dns, web }: CustomerServers): Promise<RunningData> {
  const settings = {
    listen: [url],
    publicUrl,
    authority: { allowLocalPkiUrl: true },
    dataDirectory,
    log: { level: 'silent' },
    storage: { reserveMiB: 0 },
    dns: { resolvers: [`${dns.address}:${dns.port}`] },
    validation: { httpPort: web.httpPort, httpsPort: web.httpPort, dangerAllowAddresses: [web.address] },
    dialects: Object.fromEntries(quickstartApis.map((api) => [api, scriptOf(api).settings])),
  };
  const config = parseConfig(JSON.stringify(settings), 'test');
  const certmux = await startCertmux({ config, systemResolvers: [], ...cheapSecrets() });
  return { certmux, url: certmux.urls[0] ?? url };
}

export function operatorOf({ url }: RunningData, token: string): NativeClient {
  return createNativeClient({ baseUrl: url, token, fetch: (request) => fetch(request) });
}

/** A new customer of the API orders, proves and fetches. @returns the request by which they fetched it */
export async function playCustomer(
  running: RunningData,
  {
    operator,
    servers,
    api,
    host,
  }: {
    readonly operator: NativeClient;
    readonly servers: CustomerServers;
    readonly api: string;
    readonly host: string;
  },
): Promise<RecordedRequest> {
  const script = scriptOf(api);
  const names = [host];
  servers.dns.set(host, 'A', servers.web.address);
  let newest: RecordedRequest | undefined;
  const recording = async (request: Request): Promise<Response> => {
    const copy = request.clone();
    const { pathname, search } = new URL(copy.url);
    // ACME's addresses are those that certificates carry; the server listens elsewhere.
    const response = await fetch(new Request(running.url + pathname + search, request));
    newest = {
      api,
      method: copy.method,
      path: pathname + search,
      headers: Object.fromEntries(copy.headers),
      body: copy.method === 'GET' ? null : await copy.text(),
      status: response.status,
      order: 0,
    };
    return response;
  };
  const made = await makeCustomer(operator, script, { random: createRandomness(), signal });
  const customer = made.open({ baseUrl: running.url, fetch: recording });
  for (const { run } of customer.preparations) await run(signal);
  const csrPem = script.leavesKeyToServer === true ? '' : (await makeKeyAndCsr(names)).csrPem;
  const wanted: WantedName[] = [{ name: host, provedBy: script.provesByCnameOnly === true ? 'record' : 'file' }];
  const standing = customer.standingOffers?.(names);
  if (standing !== undefined) placeProofs(chooseProofs(wanted, standing), servers);
  const order = await customer.placeOrder({ csrPem, names }, signal);
  if (standing === undefined) placeProofs(chooseProofs(wanted, order.offers), servers);
  await customer.completion?.run(signal);
  await awaitCertificate({ customer, names, clock: createClock(), signal, note: () => {}, patienceMs: 20_000 });
  const { items } = await operator.orders.list({ limit: 1 });
  if (newest === undefined) throw new Error(`${api} sent nothing`);
  return { ...newest, order: items[0]?.number ?? 0 };
}

/**
 * Begins a new data directory at a time long past, by a clock that was set back (`libfaketime`): an order whose coverage is over since, and
 * one whose name was never proved.
 */
export async function fillLongAgo(folder: string, servers: CustomerServers): Promise<void> {
  const running = await startOn(folder, 'http://127.0.0.1:0', servers);
  const { firstOperator } = running.certmux;
  if (firstOperator === undefined) throw new Error('the data directory is not new');
  const operator = operatorOf(running, formatToken(firstOperator));
  const account = (await operator.accounts.create({ name: 'long ago', currency: 'CNY' })).id;
  await operator.accounts.credit({ account, minor: 1_000_000, currency: 'CNY', note: 'opening balance' });
  const expired = await placeOrder(operator, { account, host: 'expired.example' });
  await proveOrder(operator, servers, { order: expired, host: 'expired.example' });
  await placeOrder(operator, { account, host: 'failed.example' });
  await running.certmux.stop();
}

/** Fills a data directory that `fillLongAgo` began. @returns what is to be found in it */
export async function fillData(folder: string, servers: CustomerServers, madeBy: string): Promise<OldData> {
  const running = await startOn(folder, 'http://127.0.0.1:0', servers);
  const { token: operatorToken }: { token: string } = JSON.parse(readFileSync(join(folder, 'operator.json'), 'utf8'));
  const operator = operatorOf(running, operatorToken);
  const longAgo = async () =>
    (await operator.orders.list({ limit: 200 })).items.filter(({ state }) => state !== 'open');
  await until(async () => (await longAgo()).length === 2, 'the orders of long ago have ended', 60_000);
  const requests: RecordedRequest[] = [];
  for (const api of quickstartApis) {
    requests.push(await playCustomer(running, { operator, servers, api, host: `${api}.example` }));
  }
  await addOtherStates(operator, servers);
  const states: Record<string, string> = {};
  for (const { number, state } of (await operator.orders.list({ limit: 200 })).items) states[number] = state;
  const balances: Record<string, number> = {};
  for (const { number, balance } of (await operator.accounts.list({ limit: 200 })).items)
    balances[number] = balance.minor;
  const shown: Record<string, unknown> = {};
  for (const path of [
    ...shownPaths(Object.keys(balances)),
    ...Object.keys(states).map((order) => `/api/v1/orders/${order}`),
  ])
    shown[path] = await shownAt(running, operatorToken, path);
  await running.certmux.stop();
  const db = new DatabaseSync(join(folder, 'certmux.db'), { readOnly: true });
  const names = (sql: string) =>
    db
      .prepare(sql)
      .all()
      .map(({ name }) => String(name));
  const schema = names('SELECT name FROM migrations ORDER BY name');
  const tables = names("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name");
  const rows = tables.map(
    (table) => [table, Number(db.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.n)] as const,
  );
  db.close();
  const madeAt = createClock().now().toISOString().slice(0, 10);
  return { madeBy, madeAt, schema, operatorToken, requests, states, balances, rows: Object.fromEntries(rows), shown };
}

/** What is asked again after an upgrade, beside each order. */
const shownLists = [
  'accounts',
  'users',
  'organizations',
  'certificates',
  'approvals',
  'credentials',
  'webhooks',
  'domains',
];
const listsOfAccounts = ['containers', 'custom-fields', 'acme-keys', 'prices', 'ledger'];

function shownPaths(accounts: readonly string[]): readonly string[] {
  return [
    ...shownLists.map((list) => `/api/v1/${list}`),
    ...accounts.flatMap((account) =>
      listsOfAccounts.map((list) =>
        list === 'ledger' || list === 'prices'
          ? `/api/v1/accounts/${account}/${list}`
          : `/api/v1/${list}?account=${account}`,
      ),
    ),
  ];
}

/** Changes by itself, or is worded anew by a later version. */
const passing = new Set(['summary', 'lastUsedAt', 'lastCheck', 'checks', 'nextCursor']);

/** The answer to the operator, without what changes by itself. */
export async function shownAt({ url }: RunningData, token: string, path: string): Promise<unknown> {
  const response = await fetch(url + path, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return JSON.parse(await response.text(), (key, value: unknown) => (passing.has(key) ? undefined : value));
}

/** The part of what is shown now that was shown then: a later version may show more, also of who acted, where once an id stood. */
export function asShownThen(then: unknown, now: unknown): unknown {
  if (typeof then === 'string' && typeof now === 'object' && now !== null && 'id' in now) return now.id;
  if (Array.isArray(then) && Array.isArray(now))
    return now.map((value, at) => (at < then.length ? asShownThen(then[at], value) : value));
  if (typeof then !== 'object' || then === null || typeof now !== 'object' || now === null) return now;
  const values = new Map(Object.entries(now));
  return Object.fromEntries(
    Object.entries(then).flatMap(([key, value]) =>
      values.has(key) ? [[key, asShownThen(value, values.get(key))]] : [],
    ),
  );
}

interface HostOrder {
  readonly account: string;
  readonly host: string;
  readonly productCode?: string;
}

type Further = Partial<Parameters<NativeClient['orders']['place']>[0]>;

async function placeOrder(
  operator: NativeClient,
  { account, host, productCode = 'encryption365:100' }: HostOrder,
  further: Further = {},
): Promise<string> {
  const { csrPem } = await makeKeyAndCsr([host]);
  const { number } = await operator.orders.place({ account, productCode, csr: csrPem, ...further });
  return String(number);
}

async function proveOrder(
  operator: NativeClient,
  { dns, web }: CustomerServers,
  { order, host }: { readonly order: string; readonly host: string },
): Promise<void> {
  dns.set(host, 'A', web.address);
  for (const { proofs } of (await operator.orders.show({ order })).names) {
    for (const proof of proofs)
      if (proof.method === 'httpFile' && 'path' in proof) web.put(host, proof.path, proof.content);
  }
  await checkNow(operator, order);
  await until(async () => (await operator.orders.show({ order })).state === 'active', `${host} is issued`, 60_000);
}

/** Orders that wait, were cancelled, rejected, reissued, duplicated, refunded or revoked; organizations, users, a webhook, notes. */
async function addOtherStates(operator: NativeClient, servers: CustomerServers): Promise<void> {
  const account = (await operator.accounts.create({ name: 'states', currency: 'CNY', approval: 'manual' })).id;
  await operator.accounts.credit({ account, minor: 10_000_000, currency: 'CNY', note: 'opening balance' });
  await addPeople(operator, account);
  await operator.webhooks.add({ account, url: 'https://hooks.example/certmux', events: ['certificateIssued'] });
  await operator.customFields.add({ account, label: 'Cost centre', kind: 'integer' });
  const container = (await operator.containers.add({ account, name: 'Berlin' })).id;
  await operator.acmeKeys.create({ account, name: 'cert-manager', productCode: 'tls-dv' });
  await operator.domains.add({ account, name: 'waiting.example' });
  const place = (host: string, further?: Further) => placeOrder(operator, { account, host }, further);
  const approve = (order: string) => operator.orders.approve({ order });
  await place('waits-for-approval.example');
  await operator.orders.reject({ order: await place('rejected.example'), note: 'not ours' });
  await operator.orders.cancel({ order: await place('cancelled.example') });
  await operator.orders.withdraw({ order: await place('withdrawn.example') });
  await approve(await place('waits-for-proof.example'));
  const issued = async (host: string, further?: Further) => {
    const order = await place(host, further);
    await approve(order);
    await proveOrder(operator, servers, { order, host });
    return order;
  };
  await issued('active.example', {
    container,
    reference: 'web 1',
    customFields: [{ field: 'Cost centre', value: '4711' }],
    isAutoRenewed: true,
  });
  await issued('revoked.example');
  const { items } = await operator.certificates.list({ limit: 200 });
  const certificate = items.find(({ names }) => names.includes('revoked.example'));
  await operator.certificates.revoke({ certificate: certificate?.id ?? '', reason: 'superseded' });
  await operator.orders.revoke({ order: await issued('order-revoked.example'), reason: 'cessationOfOperation' });
  await addFurtherCertificates(operator, issued);
  await addOrganizations(operator, servers, account);
}

async function addPeople(operator: NativeClient, account: string): Promise<void> {
  await operator.users.create({
    account,
    username: 'jill@example.com',
    password: 'correct horse',
    roles: ['approver'],
  });
  await operator.users.create({ account, username: 'admin@example.com', password: null, roles: ['administrator'] });
  const gone = await operator.users.create({
    account,
    username: 'gone@example.com',
    password: null,
    roles: ['viewer'],
  });
  await operator.users.invite({ user: gone.id, showLink: true });
  await operator.users.disable({ user: gone.id });
}

/** Reissues, duplicates and refunds, with notes. */
async function addFurtherCertificates(
  operator: NativeClient,
  issued: (host: string, further?: Further) => Promise<string>,
): Promise<void> {
  const reissued = await issued('reissued.example');
  const again = await makeKeyAndCsr(['reissued.example']);
  await operator.orders.reissue({ order: reissued, csr: again.csrPem });
  await operator.notes.add({ order: reissued, text: 'asked the web team' });
  const duplicated = await issued('duplicated.example');
  const second = await makeKeyAndCsr(['duplicated.example']);
  await operator.orders.duplicate({ order: duplicated, csr: second.csrPem });
  const refunded = await issued('refunded.example', { productCode: 'encryption365:108' });
  await operator.refunds.create({ order: refunded, minor: 100, currency: 'CNY', note: 'a part' });
}

/** OV and EV: one that waits for its organization, and one of each whose organization is verified. */
async function addOrganizations(operator: NativeClient, servers: CustomerServers, account: string): Promise<void> {
  const details = { city: 'Berlin', state: 'BE', country: 'DE', registrationNumber: 'HRB 4711' };
  const organizationOf = async (name: string, level: 'ov' | 'ev') =>
    (await operator.organizations.add({ account, details: { ...details, name }, levels: [level] })).id;
  for (const level of ['ov', 'ev'] as const) {
    const verified = await organizationOf(`Acme ${level} GmbH`, level);
    await operator.organizations.verify({ organization: verified, level, note: 'trade register' });
    const host = `${level}.example`;
    const order = await placeOrder(
      operator,
      { account, host, productCode: `native:tls-${level}` },
      { organization: verified },
    );
    await operator.orders.approve({ order });
    await proveOrder(operator, servers, { order, host });
    const waiting = await organizationOf(`Waiting ${level} GmbH`, level);
    const waits = { account, host: `waits-for-${level}.example`, productCode: `native:tls-${level}` };
    await operator.orders.approve({ order: await placeOrder(operator, waits, { organization: waiting }) });
  }
}
/** Keeps it, small enough for the repository. */
export function keepData(from: string, to: string, facts: OldData): void {
  mkdirSync(to, { recursive: true });
  const compact = join(from, 'compact.db');
  const db = new DatabaseSync(join(from, 'certmux.db'));
  db.exec(`VACUUM INTO '${compact}'`);
  db.close();
  writeFileSync(join(to, 'certmux.db.zst'), zstdCompressSync(readFileSync(compact)));
  writeFileSync(join(to, 'master.key'), readFileSync(join(from, 'master.key')));
  writeFileSync(join(to, 'facts.json'), `${JSON.stringify(facts, null, 2)}\n`);
}

/** A data directory again, and what is to be found in it. */
export function openData(from: string, to: string): OldData {
  mkdirSync(to, { recursive: true, mode: 0o700 });
  writeFileSync(join(to, 'certmux.db'), zstdDecompressSync(readFileSync(join(from, 'certmux.db.zst'))), {
    mode: 0o600,
  });
  writeFileSync(join(to, 'master.key'), readFileSync(join(from, 'master.key')), { mode: 0o600 });
  return factsOf(from);
}

export function factsOf(fixture: string): OldData {
  return JSON.parse(readFileSync(join(fixture, 'facts.json'), 'utf8'));
}
