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
  readonly schema: readonly string[];
  readonly operatorToken: string;
  readonly requests: readonly RecordedRequest[];
  /** Of orders, by number. */
  readonly states: Readonly<Record<string, string>>;
  readonly balances: Readonly<Record<string, number>>;
  readonly rows: Readonly<Record<string, number>>;
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
  await awaitCertificate({ customer, names, clock: createClock(), signal, note: () => {} });
  const { items } = await operator.orders.list({ limit: 1 });
  if (newest === undefined) throw new Error(`${api} sent nothing`);
  return { ...newest, order: items[0]?.number ?? 0 };
}

/** Fills a new data directory. @returns what is to be found in it */
export async function fillData(folder: string, servers: CustomerServers, madeBy: string): Promise<OldData> {
  const running = await startOn(folder, 'http://127.0.0.1:0', servers);
  const { firstOperator } = running.certmux;
  if (firstOperator === undefined) throw new Error('the data directory is not new');
  const operatorToken = formatToken(firstOperator);
  const operator = operatorOf(running, operatorToken);
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
  return { madeBy, schema, operatorToken, requests, states, balances, rows: Object.fromEntries(rows) };
}

/** Orders that wait, were cancelled, rejected, reissued or revoked; users, a webhook, a note. */
async function addOtherStates(operator: NativeClient, { dns, web }: CustomerServers): Promise<void> {
  const account = (await operator.accounts.create({ name: 'states', currency: 'CNY', approval: 'manual' })).id;
  await operator.accounts.credit({ account, minor: 10_000_000, currency: 'CNY', note: 'opening balance' });
  await operator.users.create({
    account,
    username: 'jill@example.com',
    password: 'correct horse',
    roles: ['approver'],
  });
  const gone = await operator.users.create({
    account,
    username: 'gone@example.com',
    password: null,
    roles: ['viewer'],
  });
  await operator.users.invite({ user: gone.id, showLink: true });
  await operator.users.disable({ user: gone.id });
  await operator.webhooks.add({ account, url: 'https://hooks.example/certmux', events: ['certificateIssued'] });
  const place = async (host: string) => {
    const { csrPem } = await makeKeyAndCsr([host]);
    const { number } = await operator.orders.place({ account, productCode: 'encryption365:100', csr: csrPem });
    return String(number);
  };
  const decide = async (order: string, approve: boolean) => {
    if (approve) await operator.orders.approve({ order });
    else await operator.orders.reject({ order, note: 'not ours' });
  };
  await place('waits-for-approval.example');
  await decide(await place('rejected.example'), false);
  const cancelled = await place('cancelled.example');
  await operator.orders.cancel({ order: cancelled });
  await decide(await place('waits-for-proof.example'), true);
  const proved = async (host: string) => {
    const order = await place(host);
    await decide(order, true);
    dns.set(host, 'A', web.address);
    for (const { proofs } of (await operator.orders.show({ order })).names) {
      for (const proof of proofs)
        if (proof.method === 'httpFile' && 'path' in proof) web.put(host, proof.path, proof.content);
    }
    await operator.orders.check({ order });
    await until(async () => (await operator.orders.show({ order })).state === 'active', `${host} is issued`, 20_000);
    return order;
  };
  await proved('active.example');
  await proved('revoked.example');
  const { items } = await operator.certificates.list({ limit: 200 });
  const certificate = items.find(({ names }) => names.includes('revoked.example'));
  await operator.certificates.revoke({ certificate: certificate?.id ?? '', reason: 'superseded' });
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
  return JSON.parse(readFileSync(join(from, 'facts.json'), 'utf8'));
}
