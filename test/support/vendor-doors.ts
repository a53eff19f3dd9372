/**
 * All front doors over one core, whose products are bought of a vendor: the double of the real one, or a second certmux that speaks its
 * API. The vendor keeps its own books, so that tests can compare them with ours.
 */
import assert from 'node:assert/strict';
import type { AppContext } from '../../src/app/index.ts';
import { createPreparations } from '../../src/app/issuing/preparations.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import type { UpstreamMaker, VendorMode } from '../../src/domain/ports/upstream.ts';
import type { UpstreamTerms } from '../../src/domain/upstream-account.ts';
import type { VendorMapping } from '../../src/issuers/vendor/context.ts';
import { createVendorIssuers } from '../../src/issuers/vendor/index.ts';
import { createPublicSuffixes } from '../../src/system/index.ts';
import type { TestAppOptions } from './app.ts';
import type { BuyerScene } from './buyers.ts';
import { type DoorLanguage, type FrontDoors, startFrontDoors } from './front-doors.ts';
import type { MailFake } from './mail-fake.ts';
import { until } from './system.ts';
import { createTenant, type Tenant } from './tenants.ts';
import type { Double } from './vendors/books.ts';
import { createDigicertDouble, digicertKey } from './vendors/digicert-double.ts';
import { createEncryption365Double, encryption365Keys } from './vendors/encryption365-double.ts';
import { createHttpsokDouble, httpsokKey } from './vendors/httpsok-double.ts';
import { createRacentDouble, racentToken } from './vendors/racent-double.ts';
import { createWosignDouble, wosignKeys } from './vendors/wosign-double.ts';

/** The vendors that a test may buy from. */
export const vendorNames = ['racent', 'encryption365', 'wosign', 'httpsok', 'digicert'] as const;
export type VendorName = (typeof vendorNames)[number];

/** What stands behind the API of the vendor. */
export type Behind = 'double' | 'certmux';

export interface VendorDoorsOptions extends TestAppOptions {
  readonly vendor: VendorName;
  readonly behind?: Behind;
  /** Where the second certmux buys what it sells, from a third one; its own CA issues by default. */
  readonly onwards?: VendorName;
  /** The vendor's usual one by default. */
  readonly mode?: VendorMode;
  readonly terms?: Partial<UpstreamTerms>;
  readonly mapping?: Partial<VendorMapping>;
  /** What the front doors speak; English by default. */
  readonly language?: DoorLanguage;
  /** Of the customer's account. */
  readonly currency?: string;
  /** What the second certmux sends its mail through; none by default. */
  readonly otherMail?: MailFake;
  /** Calls to the vendor that go wrong. */
  readonly between?: (call: () => Promise<Response>, request: Request) => Promise<Response>;
}

export interface VendorDoors extends BuyerScene {
  readonly doors: FrontDoors;
  readonly tenant: Tenant;
  readonly maker: UpstreamMaker;
  /** Where the double stands; undefined behind a second certmux. */
  readonly double: Double<string> | undefined;
  /** The second certmux; undefined where a double stands there. */
  readonly other: FrontDoors | undefined;
  /** The second certmux with what it buys from; undefined where its own CA issues. */
  readonly next: VendorDoors | undefined;
  /** What must stand at the customer's before the order, as the mode wants it. */
  prepare(...names: readonly string[]): Promise<void>;
  /** The customer places what the front door shows, and whatever the vendor would look for. */
  prove(...names: readonly string[]): void;
  /** Certificates that the vendor has issued for exactly these names. */
  sold(names: readonly string[]): Promise<number>;
  see(number: number): Promise<OrderView>;
  orders(): Promise<readonly OrderView[]>;
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export const vendorTerms: UpstreamTerms = {
  account: 'vendor',
  deadlineHours: 168,
  afterDeadline: 'wait',
  concurrency: 4,
  budgets: [],
  relayWaitMs: 90,
};

export const emptyMapping: VendorMapping = {
  products: new Map(),
  otherProducts: null,
  organizations: new Map(),
  contact: { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0000' },
  container: null,
};

/** What is bought of each, at the double and at a second certmux. */
export const bought: Readonly<Record<VendorName, Readonly<Record<Behind, string>>>> = {
  racent: { double: 'positivessl', certmux: 'comodo-positive-multi-domain' },
  encryption365: { double: '108', certmux: '108' },
  wosign: { double: 'dv-ssl', certmux: 'dv-ssl' },
  httpsok: { double: 'letsencrypt', certmux: 'letsencrypt' },
  digicert: { double: 'ssl_dv_geotrust_flex', certmux: 'ssl_dv_geotrust_flex' },
};

const issuerId = 'vendor';
const baseUrl = 'https://certs.example';
export const signfile = 'the-same-for-every-order';

/** Registrable domains of names like `www.example.com`. */
function domainsOf(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.split('.').slice(-2).join('.')))];
}

export interface Far {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly credentials: Readonly<Record<string, string>>;
  readonly double?: Double<string>;
  readonly other?: FrontDoors;
  readonly next?: VendorDoors;
  /** Has the domains validated for our account there. */
  validate?(domains: readonly string[]): Promise<void>;
}

export async function openVendorDoors(options: VendorDoorsOptions): Promise<VendorDoors> {
  const {
    vendor,
    behind = 'double',
    terms,
    mapping,
    language = 'en',
    between,
    currency,
    otherMail,
    ...ofApp
  } = options;
  const maker = dialects.find(({ name }) => name === vendor)?.upstream ?? assert.fail(`${vendor} is no way out`);
  const mode = options.mode ?? maker.manners.modes[0];
  let doors: FrontDoors | undefined;
  const opened = () => doors ?? assert.fail('nobody calls the vendor before there are doors');
  const far = behind === 'double' ? doubleOf(vendor, () => opened().app.clock) : await otherCertmux(vendor, options);
  const settings = {
    id: issuerId,
    terms: { ...vendorTerms, ...terms },
    mode,
    dialect: vendor,
    baseUrl: vendor === 'wosign' ? `${baseUrl}/acmapi` : baseUrl,
    credentials: far.credentials,
    currency: 'CNY',
    mapping: {
      ...emptyMapping,
      otherProducts: { code: bought[vendor][behind], coverage: { unit: 'years', count: 1 } as const },
      ...mapping,
    },
  };
  const fetch = (request: Request) =>
    between === undefined ? far.fetch(request) : between(() => far.fetch(request), request);
  doors = await startFrontDoors({
    ...ofApp,
    language,
    patienceMs: 30_000,
    upstreams: (context: AppContext) =>
      createVendorIssuers([{ settings, maker, fetch }], {
        ...context,
        preparations: createPreparations(context),
        publicSuffixes: createPublicSuffixes(),
      }),
  });
  const { app } = doors;
  await sellFrom(doors);
  const tenant = await createTenant(doors, currency === undefined ? {} : { currency });
  const { other, double, next } = far;
  const get = (number: number) => app.ports.orders.get(app.operator, { number });

  async function pass(seconds: number): Promise<void> {
    await app.advance(seconds);
    if (next !== undefined) await next.pass(seconds);
    else if (other !== undefined) await other.app.advance(seconds);
  }

  return {
    ...{ doors, tenant, language, maker, double, other, next, pass, see: get },
    async prepare(...texts) {
      // Nobody shows the customer these: they stand beforehand.
      if (mode === 'relay') return;
      for (const name of texts) {
        for (const method of methods) {
          app.checks.place(name, method);
          other?.app.checks.place(name, method);
        }
      }
      if (mode === 'standing') await far.validate?.(domainsOf(texts));
    },
    prove(...texts) {
      for (const name of texts) {
        for (const method of methods) {
          app.checks.place(name, method);
          other?.app.checks.place(name, method);
        }
      }
      next?.prove(...texts);
      if (double !== undefined) double.isProved = true;
    },
    async sold(texts) {
      const wanted = texts.toSorted().join();
      if (next !== undefined) return next.sold(texts);
      if (double !== undefined) {
        const booked = double.orders.filter((one) => one.certificate && one.names.toSorted().join() === wanted);
        // Encryption365 keeps its number, and has the newest certificate in the place of the one before.
        const again = vendor === 'encryption365' ? double.calls.filter((call) => call === 'reissue').length : 0;
        return booked.length + again;
      }
      const { ports, operator } = other?.app ?? assert.fail('nobody sells');
      const { items } = await ports.certificates.list(operator, { limit: 100 });
      return items.filter(({ names }) => names.toSorted().join() === wanted).length;
    },
    async orders() {
      const { items } = await app.ports.orders.list(app.operator, { limit: 100 });
      return Promise.all(items.map(({ order }) => get(order.number)));
    },
    passUntil: (condition, what) =>
      until(async () => {
        if (await condition()) return true;
        await pass(10);
        return condition();
      }, what),
    async close() {
      await app.close();
      if (next !== undefined) await next.close();
      else await other?.app.close();
    },
  };
}

const methods = ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'] as const;

export function doubleOf(vendor: VendorName, clock: () => Pick<Clock, 'now'>): Far {
  switch (vendor) {
    case 'racent': {
      const double = createRacentDouble(clock);
      return { double, fetch: double.fetch, credentials: { api_token: racentToken } };
    }
    case 'encryption365': {
      const double = createEncryption365Double(clock);
      return { double, fetch: double.fetch, credentials: encryption365Keys };
    }
    case 'wosign': {
      const double = createWosignDouble(clock);
      return { double, fetch: double.fetch, credentials: { ...wosignKeys, signfile } };
    }
    case 'httpsok': {
      const double = createHttpsokDouble(clock);
      return { double, fetch: double.fetch, credentials: { OpenApiKey: httpsokKey } };
    }
    case 'digicert': {
      const double = createDigicertDouble(clock);
      const validated = { type: 'ov', status: 'active', validated_until: '2099-01-01T00:00:00+00:00' };
      return {
        double,
        fetch: double.fetch,
        credentials: { 'X-DC-DEVKEY': digicertKey },
        async validate(domains) {
          double.domains = domains.map((name, id) => ({ id, name, is_active: true, validations: [validated] }));
        },
      };
    }
    default:
      return vendor satisfies never;
  }
}

/** A second certmux, of which we are a customer: its own CA issues, or it buys from a third one. */
async function otherCertmux(
  vendor: VendorName,
  { onwards, otherMail: mail }: Pick<VendorDoorsOptions, 'onwards' | 'otherMail'>,
): Promise<Far> {
  const currency = vendor === 'digicert' ? { currency: 'USD' } : {};
  const next =
    onwards === undefined ? undefined : await openVendorDoors({ vendor: onwards, behind: 'certmux', ...currency });
  const ofOther = { patienceMs: 30_000, aliasZone: 'alias.other.example', ...(mail === undefined ? {} : { mail }) };
  const other = next?.doors ?? (await startFrontDoors(ofOther));
  const tenant = next?.tenant ?? (await createTenant(other, currency));
  const key = await other.keyTo(vendor, tenant.accountId as never, ['requester', 'registrar', 'administrator']);
  return {
    other,
    ...(next === undefined ? {} : { next }),
    fetch: (request) => other.fetch(vendor, request),
    credentials: vendor === 'wosign' ? { ...key, signfile } : key,
    async validate(domains) {
      for (const name of domains) {
        other.app.checks.place(name, 'dnsTxt');
        const added = await tenant.post('digicert', '/services/v2/domain', { name, dcv_method: 'dns-txt-token' });
        const path = `https://certs.example/services/v2/domain/${added.id}/dcv/validate-token`;
        const [apiKey = ''] = Object.values(key);
        const headers = { 'x-dc-devkey': apiKey, 'content-type': 'application/json' };
        const reply = await other.fetch('digicert', new Request(path, { method: 'PUT', headers, body: '{}' }));
        assert.ok(reply.ok, await reply.text());
      }
    },
  };
}

/** Every product of every door comes from it. */
async function sellFrom({ app }: FrontDoors): Promise<void> {
  await app.database.write(async (tx) => {
    for (const product of await tx.products.list(null)) await tx.products.put({ ...product, issuerId });
  });
}
