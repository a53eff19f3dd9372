/** A customer, the core, and a vendor whose double keeps books: what tests of purchases that go wrong begin with. */
import assert from 'node:assert/strict';
import type { AppContext } from '../../src/app/index.ts';
import { createPreparations } from '../../src/app/issuing/preparations.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { Caller } from '../../src/domain/caller.ts';
import { renderReason } from '../../src/domain/errors.ts';
import type { FoundOut } from '../../src/domain/ports/issuer.ts';
import type { OrderView, PlaceOrder, Reissue } from '../../src/domain/ports/orders.ts';
import type { UpstreamManners, VendorMode } from '../../src/domain/ports/upstream.ts';
import type { UpstreamTerms } from '../../src/domain/upstream-account.ts';
import { UpstreamFault } from '../../src/domain/upstream-fault.ts';
import type { VendorMapping } from '../../src/issuers/vendor/context.ts';
import { createVendorIssuers } from '../../src/issuers/vendor/index.ts';
import { createPublicSuffixes } from '../../src/system/index.ts';
import { csrFor } from './acme-ca/raw-client.ts';
import {
  type Customer,
  createCustomer,
  place as placeOrder,
  reissueFor,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from './app.ts';
import { passingTime } from './system.ts';
import { bought, doubleOf, emptyMapping, type VendorName, vendorNames, vendorTerms } from './vendor-doors.ts';
import type { Double } from './vendors/books.ts';

/** Every way out: each vendor in each of its modes. */
export const waysOut: readonly { readonly vendor: VendorName; readonly mode: VendorMode }[] = vendorNames.flatMap(
  (vendor) => mannersOf(vendor).modes.map((mode) => ({ vendor, mode })),
);

export function mannersOf(vendor: VendorName): UpstreamManners {
  return makerOf(vendor).manners;
}

function makerOf(vendor: VendorName) {
  return dialects.find(({ name }) => name === vendor)?.upstream ?? assert.fail(`${vendor} is no way out`);
}

export interface VendorSceneOptions extends TestAppOptions {
  readonly vendor: VendorName;
  readonly mode?: VendorMode;
  readonly terms?: Partial<UpstreamTerms>;
  readonly mapping?: Partial<VendorMapping>;
  readonly credentials?: Readonly<Record<string, string>> | undefined;
  /** `vendor` by default. */
  readonly issuerId?: string;
  /** What the configuration says of where the vendor is; whatever it says, its double answers. */
  readonly baseUrl?: string;
  readonly formerUrls?: readonly string[];
  /** Another vendor than `vendor`, as the configuration has it. */
  readonly dialect?: string;
}

/** Where the vendor is by default. */
export function usualUrlOf(vendor: VendorName): string {
  return vendor === 'wosign' ? 'https://vendor.example/acmapi' : 'https://vendor.example';
}

/**
 * What becomes of a call, whichever it is.
 * - never: it does not arrive. unheard: it is done, and the connection ends. hangsBefore, hangsAfter: no reply, whether it is done or not.
 * - page, gateway: it is done, and a proxy answers with a page. empty: it is done, and the body is empty. limited: it is not done.
 */
export const troubles = [
  'never',
  'unheard',
  'hangsBefore',
  'hangsAfter',
  'page',
  'gateway',
  'empty',
  'limited',
] as const;
export type Trouble = (typeof troubles)[number];

/** The call with this number, from now on, goes wrong. */
export interface Planned {
  readonly trouble: Trouble;
  calls: number;
  /** It is there: the call has begun. */
  isMet: boolean;
}

export interface VendorScene {
  /** @param calls how many go well before */
  trouble(trouble: Trouble, calls: number): Planned;
  readonly app: TestApp;
  readonly customer: Customer;
  readonly double: Double<string>;
  readonly manners: UpstreamManners;
  place(texts: readonly string[], change?: Partial<PlaceOrder>): Promise<OrderView>;
  reissue(view: OrderView, texts: readonly string[], change?: Partial<Reissue>): Promise<OrderView>;
  duplicate(view: OrderView, texts: readonly string[], change?: Partial<Reissue>): Promise<OrderView>;
  /** The customer has placed what the vendor looks for, whatever that is. */
  prove(...texts: readonly string[]): void;
  see(view: Pick<OrderView, 'order'>): Promise<OrderView>;
  upstreamOrder(view: Pick<OrderView, 'issuance'>): ReturnType<TestApp['database']['read']['upstreamOrders']['get']>;
  vendorOrder(view: Pick<OrderView, 'issuance'>): ReturnType<TestApp['database']['read']['vendorOrders']['get']>;
  costs(view: Pick<OrderView, 'issuance'>): Promise<readonly string[]>;
  balance(): Promise<number>;
  /** Purchases in the vendor's books, of these names where they are given: orders, and each time that one of them was bought again. */
  purchases(texts?: readonly string[]): number;
  /** Why it failed or what it waits for. */
  told(view: OrderView): Promise<string | null>;
  passUntil(condition: () => boolean | Promise<boolean>, what: string, hours?: number): Promise<void>;
  passHours(hours: number): Promise<void>;
  /** The next purchase is made, and its reply is lost. */
  spoilPurchase(): void;
  cancel(view: OrderView): Promise<void>;
  /** Until it is issued or has failed, or waits for what the test wants. */
  ends(view: OrderView, orElse?: () => Promise<boolean>): Promise<void>;
  /** Until the order there is over as well. */
  isOverThere(view: OrderView): Promise<boolean>;
  /** The operator's word for a lost order. */
  resolve(view: OrderView, found: FoundOut): Promise<void>;
  /** It was issued, by this many purchases in all; what is stored is what the vendor issued for it, and it is paid for here once. */
  assertIssued(view: OrderView, purchases?: number): Promise<void>;
  restart(options?: Parameters<TestApp['restart']>[0] & Partial<VendorSceneOptions>): Promise<void>;
  close(): Promise<void>;
}

export const money = 1_000_000_00;
/** Of the product that is ordered, for one name. */
export const priceMinor = 100_00;

const purchaseCalls: Readonly<Record<VendorName, string>> = {
  racent: 'place',
  encryption365: 'create',
  wosign: 'apply',
  httpsok: 'apply',
  digicert: 'place',
};

const quickTerms: Partial<UpstreamTerms> = { deadlineHours: 10_000, relayWaitMs: 90 };

export async function openVendorScene(options: VendorSceneOptions): Promise<VendorScene> {
  const { vendor } = options;
  const maker = makerOf(vendor);
  const { manners } = maker;
  let app: TestApp;
  const far = doubleOf(vendor, () => app.clock);
  const double = far.double ?? assert.fail('a double');
  let settings = options;
  let planned: Planned | undefined;
  const fetch = async (request: Request) => {
    if (planned === undefined || planned.isMet || planned.calls-- > 0) return far.fetch(request);
    planned.isMet = true;
    return troubled(planned.trouble, far.fetch, request);
  };
  const issuers = (context: AppContext) => {
    const { mode = manners.modes[0], terms, mapping, credentials, issuerId: id = 'vendor' } = settings;
    const { baseUrl = usualUrlOf(vendor), formerUrls = [], dialect = vendor } = settings;
    const one = {
      id,
      terms: { ...vendorTerms, ...quickTerms, ...terms },
      mode,
      dialect,
      baseUrl,
      formerUrls,
      credentials: credentials ?? far.credentials,
      currency: 'CNY',
      mapping: {
        ...emptyMapping,
        otherProducts: { code: bought[vendor].double, coverage: { unit: 'years', count: 1 } as const },
        ...mapping,
      },
    };
    const services = { ...context, preparations: createPreparations(context), publicSuffixes: createPublicSuffixes() };
    return createVendorIssuers([{ settings: one, maker, fetch }], services);
  };
  app = await startTestApp({ ...options, upstreams: issuers });
  const customer = await createCustomer(app, {
    balanceMinor: money,
    // Where the vendor makes the key, of a door that hands it out.
    dialect: manners.takesCsr ? 'native' : 'racent',
    roles: ['requester', 'registrar', 'administrator'],
  });
  const caller: Caller = customer.caller;
  const productCode = manners.takesCsr ? 'encryption365:paid' : await sellThroughRacent(app);
  const mode = options.mode ?? manners.modes[0];
  const preferredMethod = mode === 'relay' ? (manners.relayed[0] ?? 'dnsCname') : 'httpFile';
  const methods = ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'] as const;
  const domains = (texts: readonly string[]) => [...new Set(texts.map((one) => one.split('.').slice(-2).join('.')))];

  const csrOf = async (texts: readonly string[]) =>
    manners.takesCsr ? Buffer.from(await csrFor(texts), 'base64url') : ({ make: 'P-256' } as const);

  const scene: VendorScene = {
    get app() {
      return app;
    },
    customer,
    double,
    manners,
    trouble(trouble, calls) {
      planned = { trouble, calls, isMet: false };
      return planned;
    },
    async place(texts, change = {}) {
      if (mode !== 'relay') scene.prove(...texts);
      if (mode === 'standing') await far.validate?.(domains(texts));
      return waiting(
        app,
        placeOrder(app, caller, texts, {
          productCode,
          issuerId: settings.issuerId ?? 'vendor',
          preferredMethod,
          csr: await csrOf(texts),
          ...change,
        }),
      );
    },
    async reissue({ order }, texts, change = {}) {
      const wish = await reissueFor(texts, { preferredMethod, csr: await csrOf(texts), ...change });
      return waiting(app, app.ports.issuances.reissue(caller, order, wish));
    },
    async duplicate({ order }, texts, change = {}) {
      const wish = await reissueFor(texts, { preferredMethod, csr: await csrOf(texts), ...change });
      return waiting(app, app.ports.issuances.duplicate(caller, order, wish));
    },
    prove(...texts) {
      for (const name of texts) for (const method of methods) app.checks.place(name, method);
      double.isProved = true;
    },
    see: ({ order }) => waiting(app, app.ports.orders.get(caller, order)),
    upstreamOrder: ({ issuance }) => app.database.read.upstreamOrders.get(issuance.id),
    vendorOrder: ({ issuance }) => app.database.read.vendorOrders.get(issuance.id),
    costs: async ({ issuance }) =>
      (await app.database.read.upstreamCosts.listOf(issuance.id)).map(({ kind }) => kind).toSorted(),
    balance: async () => (await app.ports.accounts.get(caller)).balanceMinor,
    purchases: (texts) =>
      double.orders
        .filter((order) => texts === undefined || order.names.toSorted().join() === texts.toSorted().join())
        .reduce((sum, order) => sum + ('purchases' in order ? (order.purchases as []).length : 1), 0),
    spoilPurchase() {
      double.spoil(purchaseCalls[vendor], 'loseReply');
    },
    async cancel({ order }) {
      await waiting(app, app.ports.orders.cancel(caller, order));
    },
    async told(view) {
      const { failure, rest } = await issuanceOf(view);
      const why = failure ?? rest?.reason ?? null;
      if (why === null) return null;
      assert.ok(renderReason(why, 'en').length > 0 && renderReason(why, 'zh').length > 0);
      return why.key;
    },
    async passUntil(condition, what, hours = 400) {
      const latestMs = app.clock.now().getTime() + hours * 3_600_000;
      await quiet(app);
      while (!(await condition())) {
        assert.ok(app.clock.now().getTime() <= latestMs, `${hours} h passed in vain until ${what}`);
        await app.clock.advance(Math.max(app.clock.nextWakeMs ?? 1000, 1));
        await quiet(app);
      }
    },
    async passHours(hours) {
      const untilMs = app.clock.now().getTime() + hours * 3_600_000;
      for (;;) {
        await quiet(app);
        const leftMs = untilMs - app.clock.now().getTime();
        if (leftMs <= 0) return;
        await app.clock.advance(Math.min(Math.max(app.clock.nextWakeMs ?? leftMs, 1), leftMs));
      }
    },
    async ends(view, orElse = async () => false) {
      let checkedMs = 0;
      await scene.passUntil(async () => {
        if (['issued', 'failed', 'cancelled'].includes((await issuanceOf(view)).state)) return true;
        if (await orElse()) return true;
        const nowMs = app.clock.now().getTime();
        const isAsked = double.isProved && (await scene.upstreamOrder(view))?.state === 'proving';
        if (isAsked && nowMs - checkedMs > 60_000) {
          checkedMs = nowMs;
          await waiting(app, app.ports.proving.recheck(caller, view.order));
        }
        return false;
      }, 'the issuance has ended');
    },
    isOverThere: async (view) => (await scene.upstreamOrder(view))?.endedAt != null,
    async resolve(view, found) {
      await app.ports.upstreams.resolve(app.operator, (await issuanceOf(view)).id, found);
    },
    async assertIssued(view, purchases = 1) {
      const issuance = await issuanceOf(view);
      assert.deepEqual([issuance.failure, issuance.state], [null, 'issued']);
      const certificate =
        (issuance.certificateId && (await app.database.read.certificates.get(issuance.certificateId))) ||
        assert.fail('a certificate');
      const names = view.issuance.names.map(({ identifier }) => identifier.value);
      assert.deepEqual(certificate.names.toSorted(), names.toSorted());
      assert.equal(scene.purchases(names), purchases, 'bought exactly so often');
      const row = await scene.vendorOrder(view);
      const { reference } = row ?? {};
      const sold = double.orders.filter((one) => one.certificate?.serial === certificate.serial);
      assert.equal(sold.length, 1, 'it is what the vendor issued');
      assert.ok(row?.step === 'bought' && reference, 'the row names what was bought');
    },
    async restart({ afterSeconds = 0, ...changed } = {}) {
      settings = { ...settings, ...changed };
      app = await app.restart({ afterSeconds, ...changed, upstreams: issuers });
    },
    close: () => app.close(),
  };

  async function issuanceOf({ issuance }: Pick<OrderView, 'issuance'>) {
    return (await app.database.read.issuances.get(issuance.id)) ?? assert.fail('the issuance');
  }
  return scene;
}

/** The product that is ordered otherwise, under a code of Racent's. */
export async function sellThroughRacent({ database }: Pick<TestApp, 'database'>): Promise<string> {
  return database.write(async (tx) => {
    const [sold = assert.fail('it sells something')] = await tx.products.list('racent');
    const paid = (await tx.products.list('encryption365')).find(({ code }) => code === 'paid') ?? assert.fail();
    const { id, dialect, code, name } = sold;
    await tx.products.put({ ...paid, id, dialect, code, name });
    return code;
  });
}

async function troubled(trouble: Trouble, send: Double<string>['fetch'], request: Request): Promise<Response> {
  const { signal } = request;
  if (trouble === 'never') throw new UpstreamFault('cannot be reached', { isSent: false });
  if (trouble === 'hangsBefore') return hang(signal);
  if (trouble === 'limited') {
    return new Response('Too Many Requests', { status: 429, headers: { 'retry-after': '90' } });
  }
  await send(request);
  switch (trouble) {
    case 'unheard':
      throw new UpstreamFault('closed the connection without an answer', { isSent: true });
    case 'hangsAfter':
      return hang(signal);
    case 'page':
    case 'gateway': {
      const headers = { 'content-type': 'text/html' };
      return new Response('<html><h1>Maintenance</h1></html>', { status: trouble === 'page' ? 200 : 502, headers });
    }
    case 'empty':
      return new Response('', { headers: { 'content-type': 'application/json' } });
    default:
      return trouble satisfies never;
  }
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** A front door waits a moment for what the vendor says. */
function waiting<T>(app: TestApp, call: Promise<T>): Promise<T> {
  return passingTime(app.clock, call, 1000);
}

/** Looks, some milliseconds apart, at which the same jobs have no answer: a vendor that hangs waits for time to pass. */
const looks = 12;

async function quiet(app: TestApp): Promise<void> {
  let isIdle = false;
  const idle = app.idle().then(() => {
    isIdle = true;
  });
  for (let seen = 0; !isIdle && seen < looks; seen++) {
    await Promise.race([idle, new Promise((resolve) => setTimeout(resolve, 15))]);
  }
}
