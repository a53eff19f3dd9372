/**
 * The core as a whole over the real database, job runner and embedded issuer, with a clock moved by hand and customers'
 * networks that are a table. Authorities are made once for each test file.
 */
import { hashSecret } from '../../src/app/accounts/passwords.ts';
import {
  type App,
  type AppContext,
  addToCatalogue,
  countedMailer,
  createApp,
  createCheckPlaces,
  createClockGuard,
  createOutcomes,
  keysOfDialects,
  meterOf,
  type PasswordCost,
  queueUpkeep,
} from '../../src/app/index.ts';
import { openDatabase } from '../../src/db/open.ts';
import type { FirstNumbers } from '../../src/db/options.ts';
import { webhookMessageToWire } from '../../src/dialects/native/webhook-message.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { Account, Credential } from '../../src/domain/account.ts';
import type { Authority, AuthoritySigner, KeyStore } from '../../src/domain/authority.ts';
import type { LookUpCaa } from '../../src/domain/caa.ts';
import type { Caller, Origin } from '../../src/domain/caller.ts';
import type { Challenge, NameChoice } from '../../src/domain/challenge.ts';
import { defaultChecksKeepDays } from '../../src/domain/check-record.ts';
import type { LookUpDelegation } from '../../src/domain/delegation.ts';
import { defaultReminderDays } from '../../src/domain/expiry-reminder.ts';
import { type Identifier, isIp, parseIdentifier } from '../../src/domain/identifier.ts';
import { type CredentialId, newId } from '../../src/domain/ids.ts';
import { checkShares, defaultChecksAtOnce } from '../../src/domain/job.ts';
import { constructedAddresses } from '../../src/domain/mailbox.ts';
import type { Order } from '../../src/domain/order.ts';
import { defaultMailLimits, type MailLimits } from '../../src/domain/outgoing-mail.ts';
import { defaultPendingLimits, type PendingLimits, pendingLimitsOf } from '../../src/domain/pending-limits.ts';
import type { NewAccount } from '../../src/domain/ports/accounts.ts';
import type { Ports } from '../../src/domain/ports/index.ts';
import type { CrlIssuer, Issuer } from '../../src/domain/ports/issuer.ts';
import type { JobGivenUp, JobQueue } from '../../src/domain/ports/jobs.ts';
import type { OrderView, PlaceOrder, Reissue } from '../../src/domain/ports/orders.ts';
import type { ProofMaker } from '../../src/domain/ports/proof-maker.ts';
import type { WorkCharges } from '../../src/domain/ports/request-turns.ts';
import type { ResolverWatch } from '../../src/domain/ports/resolver-watch.ts';
import type { InstallationFacts } from '../../src/domain/ports/server-facts.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { DnsResolver } from '../../src/domain/ports/system.ts';
import type { WebhookWriter } from '../../src/domain/ports/webhook-writer.ts';
import { type CatalogueEntry, productDefaults } from '../../src/domain/product.ts';
import { defaultProfiles, type Profile } from '../../src/domain/profile.ts';
import type { Role } from '../../src/domain/role.ts';
import { defaultSessionLimits, type SessionLimitsByKind } from '../../src/domain/user-session.ts';
import { createMetrics, type Metrics } from '../../src/http/metrics/index.ts';
import { createEmbeddedIssuer } from '../../src/issuers/embedded/index.ts';
import { createJobRunner } from '../../src/jobs/runner.ts';
import { createLocalSigner } from '../../src/pki/key.ts';
import { createPublicSuffixes, createUrlGuard, isSpecialPurpose } from '../../src/system/index.ts';
import { portsByMessage } from './by-message.ts';
import { cheapPasswordCost, createAuthorityKeys } from './cheap-secrets.ts';
import { type CheckFake, createCheckFake } from './check-fake.ts';
import { imageOfDatabase, openCopyOf, openTempDatabase, type TempDatabase } from './database.ts';
import { makersOf, secretInTests } from './dialect-harness.ts';
import { createHookFake, type HookFake } from './hook-fake.ts';
import type { MailFake } from './mail-fake.ts';
import { createMemoryMasterKeys, type MemoryMasterKeys } from './master-keys.ts';
import { awaited, postgresAnswers, postgresUrl } from './postgres.ts';
import { allOutsideWork, outsideWork, repeating } from './repeating.ts';
import { createSubscriber, type Subscriber } from './subscriber.ts';
import { answeringResolvers, createFakeClock, createFakeLog, createFakeRandomness, type FakeClock } from './system.ts';
import { type Rows, readTables } from './tables.ts';

export interface TestAppOptions {
  /**
   * Numbers of the first rows of these tables. Every transaction is undone exactly once then and loses the numbers it drew: the
   * next row has the number after the next.
   */
  readonly firstNumbers?: FirstNumbers;
  readonly profiles?: readonly Profile[];
  /** Names of profiles that ACME directories offer. */
  readonly offeredProfiles?: readonly string[];
  /** Stands in for the embedded issuer, or around it. */
  readonly issuer?: (embedded: CrlIssuer) => Issuer;
  /** Further issuers, that take their time; as a function: made of what the app is made of. */
  readonly upstreams?: readonly Issuer[] | ((context: AppContext) => readonly Issuer[]);
  /** False: jobs are queued and nobody runs them, as when the server dies right after its commits. */
  readonly works?: boolean;
  /** Mail is sent through this; none is by default. */
  readonly mail?: MailFake | null;
  /** CAA records in customers' DNS; none by default. */
  readonly lookUpCaa?: LookUpCaa;
  /** What resolvers answer to questions that prove nothing; nothing at all by default. */
  readonly queryDns?: DnsResolver['query'];
  /** The zone to which `_acme-challenge` is delegated; none by default. */
  readonly aliasZone?: string;
  /** CNAME records in customers' DNS; none by default. */
  readonly lookUpDelegation?: LookUpDelegation;
  /** Told of work that follows requests. */
  readonly charge?: WorkCharges['charge'];
  /** Our own resolvers; they answer by default. */
  readonly resolverWatch?: ResolverWatch;
  readonly mailLimits?: MailLimits;
  readonly pendingLimits?: PendingLimits;
  /** Callbacks of orders may carry a key over http. */
  readonly dangerSendKeysInClear?: boolean;
  /**
   * How often each transaction is undone before it is committed (`repeating.ts`): once or twice by default, `once` where numbers or
   * places in a queue are to be foreseen. False only where the statements of a transaction are counted,
   * and by default on PostgreSQL.
   */
  readonly repeatsWork?: boolean | 'once';
  /** Nobody else has the database, as where it is a file: for what several nodes cannot do. By default so on SQLite only. */
  readonly isAlone?: boolean;
  /** Also the jobs that never end: CRLs, sweeps. */
  readonly upkeep?: boolean;
  /** Time between the sweeps of the runner; a day by default, so that tests that move the clock by months see few. */
  readonly sweepMs?: number;
  /** The operator started it with --accept-clock. */
  readonly acceptsClock?: boolean;
  /** Start of the test's clock; authorities are as old. */
  readonly startsAt?: string;
  /** Of Encryption365, besides its catalogue; by default what tests order. */
  readonly furtherProducts?: readonly CatalogueEntry[];
  /** As little as possible by default. */
  readonly passwordCost?: PasswordCost;
  readonly sessionLimits?: SessionLimitsByKind;
  /** Proof makers of further dialects, or instead of those that tests order through. */
  readonly proofMakers?: Readonly<Record<string, ProofMaker>>;
  readonly webhookWriters?: Readonly<Record<string, WebhookWriter>>;
}

export interface TestApp {
  readonly ports: Ports;
  readonly onJobGivenUp: JobGivenUp;
  readonly context: AppContext;
  readonly database: Database;
  readonly databasePath: string;
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof createFakeLog>;
  readonly checks: CheckFake;
  readonly hooks: HookFake;
  /** The folder of sealed files, which is in memory. */
  readonly keyFiles: MemoryMasterKeys['files'];
  readonly issuer: CrlIssuer;
  /** Counts what this app does. */
  readonly metrics: Metrics;
  readonly outcomes: ReturnType<typeof createOutcomes>;
  readonly operator: Caller;
  /** Until no job is due. */
  idle(): Promise<void>;
  /** Every row there is once no job is due. */
  tables(): Promise<Rows>;
  /** Moves time on, and lets what fell due on the way end. */
  advance(seconds: number): Promise<void>;
  /** The server is gone for a while; another one continues over the same database. This app must not be used again. */
  restart(options?: TestAppOptions & { readonly afterSeconds?: number }): Promise<TestApp>;
  close(): Promise<void>;
}

/** Time between sweeps and looks: tests move the clock by months, and no job here waits for either; those of the runner have one of a minute. */
const dayMs = 86_400_000;

/** An operator, as authentication makes one. */
const operator: Caller = {
  dialect: 'native',
  seesAllDialects: true,
  scope: 'all',
  isActingFor: false,
  actor: 'crd_operator' as CredentialId,
  credentialId: null,
  roles: ['operator'],
  address: '192.0.2.1',
  requestId: 'request-of-operator',
};

function installationInTests(startedAt: Date): InstallationFacts {
  return {
    version: '0.0.0-test',
    startedAt,
    role: 'all',
    threads: 1,
    publicUrl: 'https://certs.example',
    listeners: ['http://127.0.0.1:8080'],
    responders: [],
    dataDirectory: './data',
    database: { engine: 'sqlite', title: 'data/certmux.db' },
    resolvers: ['192.0.2.53'],
    mail: null,
    config: { listen: ['http://127.0.0.1:8080'] },
    libraries: [{ name: 'hono', version: '4.0.0', licence: 'MIT' }],
  };
}

export const origin: Origin = { address: '192.0.2.10', requestId: 'request-1' };

export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const clock = createFakeClock(options.startsAt);
  const random = createFakeRandomness();
  const log = createFakeLog();
  const { database, keyStore } = await authorities(options.startsAt);
  const { firstNumbers } = options;
  const repeatsWork = options.repeatsWork ?? (firstNumbers === undefined ? repeats : 'once');
  const numbers =
    firstNumbers === undefined ? {} : { firstNumbers: repeatsWork === false ? firstNumbers : lessOne(firstNumbers) };
  const tenancy = options.isAlone === true ? { tenancy: alone } : {};
  const opened = await openCopyOf(database, { clock, random, log, ...numbers, ...tenancy });
  const isSteady = repeatsWork === 'once';
  const temp = repeatsWork === false ? opened : { ...opened, database: repeating(opened.database, { isSteady }) };
  const keys = createMemoryMasterKeys(random);
  const fakes = { keyStore, keys, checks: createCheckFake(clock), hooks: createHookFake() };
  return assemble({ temp, clock, random, log, ...fakes }, options);
}

const alone = { node: 'alone', isExclusive: true, runsJobs: true } as const;

/** PostgreSQL runs work again itself, and what work must not do is found on SQLite: there each round trip takes longer. */
const repeats = postgresUrl === undefined;

/** Drawn before the transaction, so that no run loses one. */
const drawnBefore: readonly string[] = ['issuances', 'orders', 'certificates'];

/** Where numbers begin, so that these are the first ones left when the run before has drawn one in vain. */
function lessOne(numbers: FirstNumbers): FirstNumbers {
  return Object.fromEntries(
    Object.entries(numbers).map(([table, number]) => [table, drawnBefore.includes(table) ? number : number - 1]),
  );
}

/** The app over a database file that stays, for a process that may be killed. It waits for no other: time moves by hand. */
export async function openTestApp(
  path: string,
  keyStore: KeyStore,
  { seed, ...options }: TestAppOptions & { readonly seed: number },
): Promise<TestApp> {
  const clock = createFakeClock(options.startsAt);
  const random = createFakeRandomness(seed);
  const log = createFakeLog();
  const database = await openDatabase({ path, clock, random, log });
  const temp: TempDatabase = { database, path, remove: () => database.close() };
  const keys = createMemoryMasterKeys(random);
  return assemble(
    { temp, clock, random, log, keyStore, keys, checks: createCheckFake(clock), hooks: createHookFake() },
    options,
  );
}

interface World extends Pick<TestApp, 'clock' | 'log' | 'checks' | 'hooks'> {
  readonly temp: TempDatabase;
  readonly keyStore: KeyStore;
  readonly keys: MemoryMasterKeys;
  readonly random: ReturnType<typeof createFakeRandomness>;
}

async function assemble(world: World, options: TestAppOptions): Promise<TestApp> {
  const { temp, keyStore, clock, random, log, checks } = world;
  const { database } = temp;
  const { profiles = defaultProfiles, works = true, mail = null } = options;
  const outcomes = createOutcomes({ clock, publicSuffixes: createPublicSuffixes() });
  const metrics = createMetrics();
  const meter = meterOf(metrics.meter, outcomes);
  const queue = allOutsideWork(
    'queue',
    createJobRunner({ database, clock, random, log, meter, sweepMs: options.sweepMs ?? dayMs, pollMs: dayMs }),
  );
  const issuer = awaitedIssuer(await createEmbeddedIssuer({ ...embedded, keyStore, database, clock, log, random }));
  const issuers = new Map<string, Issuer>([[issuer.id, options.issuer?.(issuer) ?? issuer]]);
  const context: AppContext = {
    database,
    clock,
    clockGuard: await createClockGuard({
      database,
      clock,
      log,
      ...(options.acceptsClock === true ? { acceptsClock: true } : {}),
    }),
    mailStopSecret: Buffer.alloc(32, 9),
    lookUpDelegation: outsideWork('lookUpDelegation', options.lookUpDelegation ?? lookUpNoDelegation),
    alias: options.aliasZone === undefined ? null : { secret: secretInTests('alias'), zone: options.aliasZone },
    responderSecret: secretInTests('responder'),
    random,
    passwordCost: options.passwordCost ?? cheapPasswordCost,
    sessionLimits: options.sessionLimits ?? defaultSessionLimits,
    log: allOutsideWork('log', log),
    meter: allOutsideWork('meter', meter),
    publicSuffixes: createPublicSuffixes(),
    installation: installationInTests(clock.now()),
    isSpecialPurpose,
    checkChallenge: outsideWork('checkChallenge', checks.check),
    pendingLimitsOf: pendingLimitsOf(options.pendingLimits ?? defaultPendingLimits, {}),
    checkPlaces: createCheckPlaces(checkShares(defaultChecksAtOnce)),
    turns: { charge: options.charge ?? (() => undefined) },
    lookUpCaa: outsideWork('lookUpCaa', options.lookUpCaa ?? lookUpNothing),
    queryDns: outsideWork('queryDns', options.queryDns ?? queryNothing),
    resolverWatch: options.resolverWatch ?? answeringResolvers,
    mailer: mail === null ? null : countedMailer(allOutsideWork('mailer', mail.mailer), meter),
    mailLimits: options.mailLimits ?? defaultMailLimits,
    checksKeepDays: defaultChecksKeepDays,
    reminderDays: defaultReminderDays,
    publicUrl: 'https://certs.example',
    issuers,
    profiles: new Map(profiles.map((profile) => [profile.id, profile])),
    queue,
    fetchUntrusted: outsideWork('fetchUntrusted', world.hooks.fetch),
    objectionToUrl: createUrlGuard({}).objectionTo,
    dangerSendKeysInClear: options.dangerSendKeysInClear ?? false,
    webhookWriters: new Map<string, WebhookWriter>([
      [
        'encryption365',
        ({ event, view }) => (view === null ? null : { contentType: 'text/plain', body: spoken[event] ?? event }),
      ],
      ['native', webhookMessageToWire],
      ...Object.entries(options.webhookWriters ?? {}),
    ]),
    proofMakers: new Map<string, ProofMaker>([
      ...Object.entries(makersOf(dialects, () => dialectSetup).proofMakers),
      ['encryption365', proofMaker],
      ['native', proofMaker],
      // Its orders are not reissued by themselves here.
      ['wosign', { challengesOf: proofMaker.challengesOf }],
      ...Object.entries(options.proofMakers ?? {}),
    ]),
    keySealer: world.keys.keySealer,
    masterKeys: world.keys.masterKeys,
    sealedFiles: world.keys.sealedFiles,
    relayDoors: new Map(dialects.flatMap(({ name, relayDoor }) => (relayDoor ? [[name, relayDoor]] : []))),
    numbersRequests: new Set(dialects.filter((dialect) => dialect.numbersRequests === true).map(({ name }) => name)),
    widest: new Set(dialects.filter(({ seesAllDialects }) => seesAllDialects === true).map(({ name }) => name)),
    ...keysOfDialects(dialects),
    offeredProfiles: new Set(options.offeredProfiles ?? []),
  };
  const { upstreams = [] } = options;
  for (const upstream of typeof upstreams === 'function' ? upstreams(context) : upstreams) {
    issuers.set(upstream.id, upstream);
  }
  const app = createApp(context);
  for (const [name, entries] of catalogues()) await addToCatalogue(context, name, entries);
  await addToCatalogue(context, 'encryption365', options.furtherProducts ?? furtherProducts);
  if (options.upkeep === true) await queueUpkeep(context);
  if (works) await begin(queue, app);
  const idle = async () => {
    do {
      // What nobody waits for may queue a job yet.
      await postgresAnswers();
      await queue.idle();
    } while (postgresAnswers() !== undefined);
  };

  return {
    ...app,
    onJobGivenUp: async (...failed) => app.queueStart.onGivenUp?.(...failed),
    ports: portsByMessage(app.ports),
    context,
    database,
    databasePath: temp.path,
    clock,
    log,
    checks,
    hooks: world.hooks,
    keyFiles: world.keys.files,
    issuer,
    metrics,
    outcomes,
    operator,
    idle,
    async tables() {
      await idle();
      return readTables(temp.path);
    },
    async advance(seconds) {
      await idle();
      await clock.advance(seconds * 1000);
      await idle();
    },
    async restart({ afterSeconds = 0, ...changed } = {}) {
      await stop(queue, clock);
      await clock.advance(afterSeconds * 1000);
      return assemble(world, { ...options, works: true, ...changed });
    },
    async close() {
      await stop(queue, clock);
      await temp.remove();
    },
  };
}

/** Signatures are made in other threads, and the clock must not run ahead of them. */
function awaitedIssuer(issuer: CrlIssuer): CrlIssuer {
  return { ...issuer, sign: (...call) => awaited(() => issuer.sign(...call)) };
}

function begin(queue: JobQueue, app: App): Promise<void> {
  return queue.start(app.handlers, app.queueStart);
}

const lookUpNoDelegation: LookUpDelegation = async () => ({ hops: [], others: [], end: 'noName' });
const queryNothing: DnsResolver['query'] = async () => ({
  ok: true,
  server: '192.0.2.53:53',
  rcode: 'NOERROR',
  records: [],
  authenticated: false,
});

const lookUpNothing: LookUpCaa = async () => ({ ok: true, answer: { foundAt: null, records: [] } });

/** Jobs under way are aborted at once; the clock must move for that. */
async function stop(queue: JobQueue, clock: FakeClock): Promise<void> {
  let isStopped = false;
  const stopping = queue.stop(0).then(() => {
    isStopped = true;
  });
  await clock.advance(0);
  if (!isStopped) await clock.advance(1000);
  await stopping;
}

/** Webhook messages of the dialect that tests order through; for other events their names. */
const spoken: Readonly<Record<string, string>> = { certificateIssued: 'issued' };

const embedded = {
  issuerId: 'embedded',
  organization: 'Example',
  caaDomains: ['ca.example'],
  pkiUrl: 'http://pki.example/pki',
} as const;

const made = new Map<string | undefined, ReturnType<typeof makeAuthorities>>();

/** A database with roots and intermediates and what is sold, and the keys behind them: kept in memory, so that no test waits for them twice. */
function authorities(at?: string) {
  const known = made.get(at) ?? makeAuthorities(at);
  made.set(at, known);
  return known;
}

async function makeAuthorities(at?: string) {
  const clock = createFakeClock(at);
  const temp = await openTempDatabase({ clock });
  const keyStore = createMemoryKeyStore();
  const system = { clock, random: createFakeRandomness(99), log: createFakeLog() };
  await createEmbeddedIssuer({ ...embedded, keyStore, database: temp.database, ...system });
  const listed = await temp.database.read.authorities.list();
  // Two are made at a time, so that chance decides which is listed first; here one comes after the other, parents first.
  const rows = listed
    .toSorted((a, b) => rank(a) - rank(b))
    .map((row, i) => ({ ...row, createdAt: new Date(row.createdAt.getTime() - listed.length + i) }));
  await temp.remove();
  const database = await imageOfDatabase((empty) =>
    empty.write(async (tx) => {
      for (const authority of rows) await tx.authorities.insert(authority);
      for (const [dialect, entries] of catalogues())
        for (const entry of entries) {
          await tx.products.put({ ...productDefaults, ...entry, dialect, id: newId('product', system) });
        }
    }),
  );
  return { database, keyStore };
}

function rank({ keyKind, role }: Authority): number {
  return (keyKind === 'rsa' ? 2 : 0) + (role === 'root' ? 0 : 1);
}

function createMemoryKeyStore(): KeyStore {
  const signers = new Map<string, AuthoritySigner>();
  const newKey = createAuthorityKeys();
  return {
    async create(keyId, keyKind) {
      const algorithm =
        keyKind === 'rsa' ? ({ type: 'rsa', bits: 2048 } as const) : ({ type: 'ec', curve: keyKind } as const);
      const { privateKeyPkcs8, spkiDer } = await newKey(algorithm);
      const { signSync, ...signer } = createLocalSigner(privateKeyPkcs8);
      // As the sealed keys sign: with a curve in the calling thread.
      signers.set(keyId, (keyKind === 'rsa' ? signer : { ...signer, sign: signSync }) as AuthoritySigner);
      return { spki: spkiDer };
    },
    has: async (keyId) => signers.has(keyId),
    // Others share it.
    forget: () => undefined,
    async signer(keyId) {
      const signer = signers.get(keyId);
      if (signer === undefined) throw new Error(`no key ${keyId}`);
      return signer;
    },
  };
}

/** A product like those of the catalogue, with a code of its own. */
function product(code: string, change: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    code,
    name: `product ${code}`,
    level: 'dv',
    profileId: 'private-dv',
    issuerId: 'embedded',
    coverage: { unit: 'years', count: 1 },
    currency: 'CNY',
    prices: { fqdnMinor: 100_00, wildcardMinor: 300_00, ipMinor: 150_00 },
    listPrices: { fqdnMinor: 200_00, wildcardMinor: 600_00, ipMinor: 300_00 },
    maxNames: 250,
    allowsWildcard: true,
    allowsIpv4: true,
    allowsIpv6: false,
    isForSale: true,
    display: {},
    ...change,
  };
}

/** Without what the rules of public CAs add: keys are made here as well, and what is so today stays so. For tests of years of coverage. */
export const steadyProfiles: readonly Profile[] = defaultProfiles.map((profile) =>
  profile.id === 'public-dv' ? { ...profile, isPublicLike: false, checksCaa: false, schedule: [] } : profile,
);

/** Products of tests besides 100 (free, 90 days) and 118, 128 (OV, EV) of the default catalogue. */
const furtherProducts: readonly CatalogueEntry[] = [
  product('paid'),
  product('public', { profileId: 'public-dv' }),
  product('hidden', { isForSale: false }),
  product('dollars', { currency: 'USD' }),
  product('years', { profileId: 'public-dv', maxPeriods: 3, csrMayFollow: true }),
  product('periods', { maxPeriods: 3 }),
  product('month', { coverage: { unit: 'months', count: 1 } }),
];

/** Products of every session, by dialect. */
function catalogues(): readonly (readonly [dialect: string, entries: readonly CatalogueEntry[]])[] {
  return [
    ...dialects.map(({ name, catalogue }) => [name, catalogue] as const),
    ['other', [product('1')]],
    ['wosign', [product('public', { profileId: 'public-dv' })]],
  ];
}

export interface Customer {
  readonly account: Account;
  readonly caller: Caller;
}

/**
 * Another process over the same database, which has taken up the signatures that the one before had begun: at the start where nobody
 * else has the database; else once they are overdue, as another process may be making them.
 */
export async function restartAndTakeUp(
  app: TestApp,
  options: { readonly afterSeconds?: number } = {},
): Promise<TestApp> {
  const next = await app.restart({ ...options, sweepMs: 60_000 });
  await next.idle();
  // The first sweep sees what there is, a later one what is there still.
  if (!next.database.isExclusive) await next.advance(240);
  return next;
}

let customers = 0;

type AccountOptions = Partial<NewAccount> & { readonly balanceMinor?: number };

/** An account with money, where there is to be some. */
export async function createAccount(app: TestApp, options: AccountOptions = {}): Promise<Account> {
  const { balanceMinor = 0, ...change } = options;
  customers++;
  const account = await app.ports.accounts.create(app.operator, {
    name: `customer ${customers}`,
    currency: 'CNY',
    approval: 'automatic',
    productCodes: null,
    allowedNames: null,
    contactEmail: '',
    ...change,
  });
  if (balanceMinor > 0) {
    await app.ports.accounts.credit(app.operator, account.id, { amountMinor: balanceMinor, note: 'opening' });
  }
  return account;
}

/** An account with a caller who signed in through Encryption365 by default. */
export async function createCustomer(
  app: TestApp,
  options: AccountOptions & { readonly dialect?: string; readonly roles?: readonly Role[] } = {},
): Promise<Customer> {
  const { dialect = 'encryption365', roles = ['requester'], ...ofAccount } = options;
  const account = await createAccount(app, ofAccount);
  return { account, caller: await createCaller(app, account, { dialect, roles }) };
}

/** A key made for the account, and who it lets in. */
export async function createCaller(
  app: TestApp,
  account: Account,
  { dialect = 'encryption365', roles = ['requester'] }: { dialect?: string; roles?: readonly Role[] } = {},
): Promise<Caller> {
  const { credential, secret } = await createKey(app, account, { dialect, roles });
  return app.ports.signIn.authenticate({ dialect, publicId: credential.publicId, secret }, origin);
}

export function createKey(
  app: TestApp,
  account: Account,
  options: Partial<Pick<Credential, 'dialect' | 'roles' | 'allowedAddresses'>> = {},
): Promise<{ readonly credential: Credential; readonly secret: string }> {
  const { dialect = 'encryption365', roles = ['requester'], allowedAddresses = null } = options;
  const request = { accountId: account.id, userId: null, dialect, label: 'test', roles, allowedAddresses };
  return app.ports.credentials.create(app.operator, request);
}

/** A key that the core did not make: vendors print keys in their samples. */
export async function putKey(
  app: TestApp,
  account: Account,
  key: Pick<Credential, 'dialect' | 'publicId' | 'roles' | 'allowedAddresses'> & { readonly secret: string },
): Promise<void> {
  const { secret, ...rest } = key;
  const { clock, random } = app.context;
  await app.database.write((tx) =>
    tx.credentials.insert({
      ...rest,
      id: newId('credential', { clock, random }),
      accountId: account.id,
      userId: null,
      secretHash: hashSecret(secret),
      key: null,
      externalAccountKeyId: null,
      dialectData: {},
      label: 'test',
      createdBy: null,
      createdAt: clock.now(),
      lastUsedAt: null,
      lastUsedAddress: null,
      expiresAt: null,
      revokedAt: null,
    }),
  );
}

let subscriber: Promise<Subscriber> | undefined;

/** One key and CSR for every order that is not about keys. */
export async function anyCsr(): Promise<Uint8Array> {
  subscriber ??= createSubscriber('subscriber.example');
  return (await subscriber).csrDer;
}

let references = 0;

export function newReference(): string {
  references++;
  return `reference${String(references).padStart(6, '0')}`;
}

export const names = (...texts: readonly string[]): readonly Identifier[] =>
  texts.map((text) => parseIdentifier(text, 'names'));

/** Challenges of the test dialect for a name: two files, and a CNAME and a TXT record where there is DNS. */
export function challengesFor(identifier: Identifier): readonly Challenge[] {
  const files: Challenge[] = [
    { method: 'httpFile', binding: 'server', path: '/proof.txt', content: 'proof' },
    { method: 'httpsFile', binding: 'server', path: '/proof.txt', content: 'proof' },
  ];
  if (isIp(identifier)) return files;
  return [
    ...files,
    { method: 'dnsCname', binding: 'server', host: `_proof.${identifier.value}`, target: 'proof.example' },
    { method: 'dnsTxt', binding: 'server', host: `_text.${identifier.value}`, value: 'proof' },
    { method: 'email', binding: 'server', addresses: constructedAddresses(identifier, createPublicSuffixes()) },
  ];
}

type Offer = (name: Identifier) => readonly Challenge[];

const offers = new Map<string, Offer>();

/** Other challenges than `challengesFor`, for orders (by their `dialectData`) or for domains (by their reference). */
export function offering(offer: Offer): {
  readonly proofReference: string;
  readonly dialectData: Order['dialectData'];
} {
  const proofReference = newReference();
  offers.set(proofReference, offer);
  return { proofReference, dialectData: { offer: proofReference } };
}

/** The default without configuration. */
const dialectSetup = { config: undefined, secretFor: secretInTests, publicSuffixes: createPublicSuffixes() };

/** Proof maker of the dialects that tests order through. */
export const proofMaker = {
  challengesOf: ({ dialectData, proofReference }) =>
    offers.get(String(dialectData.offer)) ?? offers.get(proofReference) ?? challengesFor,
  nextProofs: () => ({ proofReference: newReference(), preferredMethod: 'httpFile' }),
} satisfies ProofMaker;

/** Each of these names by a mail to the address. */
export function byMailTo(address: string, texts: readonly string[]): readonly NameChoice[] {
  return names(...texts).map((name) => ({ name, choice: { method: 'email', address } }));
}

export async function reissueFor(texts: readonly string[], change: Partial<Reissue> = {}): Promise<Reissue> {
  return {
    names: names(...texts),
    csr: await anyCsr(),
    proofReference: newReference(),
    preferredMethod: 'httpFile',
    ...change,
  };
}

export async function orderFor(texts: readonly string[], change: Partial<PlaceOrder> = {}): Promise<PlaceOrder> {
  return {
    ...(await reissueFor(texts)),
    csr: await anyCsr(),
    productCode: '100',
    renewalOf: null,
    organization: null,
    contact: null,
    dialectData: {},
    idempotency: null,
    ...change,
  };
}

/** Places an order; its names are not proved yet. */
export async function place(
  app: TestApp,
  caller: Caller,
  texts: readonly string[],
  change: Partial<PlaceOrder> = {},
): Promise<OrderView> {
  return app.ports.orders.place(caller, await orderFor(texts, change));
}

/** Places an order whose names are proved at the first look, and waits for its certificate. */
export async function issue(
  app: TestApp,
  caller: Caller,
  texts: readonly string[],
  change: Partial<PlaceOrder> = {},
): Promise<OrderView> {
  for (const name of names(...texts)) app.checks.place(name.value);
  const { order } = await place(app, caller, texts, change);
  await app.idle();
  return app.ports.orders.get(caller, order);
}
