/** All front doors over one core, whose products come from ACME CAs with bad manners; and the customers' DNS and web servers. */
import assert from 'node:assert/strict';
import type { AppContext } from '../../src/app/index.ts';
import { createPreparations } from '../../src/app/issuing/preparations.ts';
import { createLookUpDelegation } from '../../src/dcv/delegation-standing.ts';
import type { Issuance } from '../../src/domain/issuance.ts';
import type { Issuer } from '../../src/domain/ports/issuer.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import type { AcmeMode } from '../../src/domain/relay.ts';
import type { UpstreamTerms } from '../../src/domain/upstream-account.ts';
import { createAcmeIssuers } from '../../src/issuers/acme/index.ts';
import { acmeCas } from '../../src/issuers/acme/presets.ts';
import { delegationOf } from '../../src/pki/delegation.ts';
import { probeAnswer } from '../../src/pki/responder-probe.ts';
import type { CaNetwork } from './acme-ca/network.ts';
import { createMemoryNetwork } from './acme-ca/network.ts';
import { acmeTerms } from './acme-upstream.ts';
import { names as identifiers, type TestAppOptions } from './app.ts';
import { secretInTests } from './dialect-harness.ts';
import { type DoorLanguage, type FrontDoors, startFrontDoors } from './front-doors.ts';
import { type AcmeCaOptions, createNastyAcmeCa, type NastyAcmeCa } from './nasty-acme-ca.ts';
import { until } from './system.ts';
import { createTenant, type Tenant } from './tenants.ts';
import { createZoneFake, type ZoneFake } from './zone-fake.ts';

export interface AcmeDoorsOptions extends TestAppOptions {
  readonly mode?: AcmeMode;
  /** Ids of the issuers; several are a pool, from which everything is sold. */
  readonly cas?: readonly string[];
  readonly ca?: Partial<Omit<AcmeCaOptions, 'clock' | 'network'>>;
  /** Of every CA. */
  readonly terms?: Partial<UpstreamTerms>;
  /** What the front doors speak; English by default. */
  readonly language?: DoorLanguage;
  readonly currency?: string;
}

export interface AcmeDoors {
  readonly doors: FrontDoors;
  readonly language: DoorLanguage;
  readonly tenant: Tenant;
  readonly cas: readonly NastyAcmeCa[];
  /** The first. */
  readonly ca: NastyAcmeCa;
  readonly zone: ZoneFake;
  /** Where the tenant is to delegate the name. */
  recordOf(name: string): { readonly host: string; readonly target: string };
  /** What the customer does once for each name, as the mode wants it. */
  prepare(...names: readonly string[]): void;
  unprepare(...names: readonly string[]): void;
  /** The customer places every proof that the front door may have shown. */
  prove(...names: readonly string[]): void;
  balance(): Promise<number>;
  /** The core's own view. */
  see(number: number): Promise<OrderView>;
  orders(): Promise<readonly OrderView[]>;
  /** Of the newest order: behind ACME a further one for the same names is a duplicate in the order that they have. */
  newestIssuance(): Promise<Issuance>;
  /** By the clock of the test, until it holds. */
  passUntil(condition: () => boolean | Promise<boolean>, what: string): Promise<void>;
}

const zoneName = 'acme.example.net';
const poolId = 'publicCas';

export async function openAcmeDoors(options: AcmeDoorsOptions = {}): Promise<AcmeDoors> {
  const {
    mode = 'alias',
    cas: ids = ['letsencrypt'],
    ca: caOptions,
    language = 'en',
    currency,
    terms,
    ...ofApp
  } = options;
  let doors: FrontDoors | undefined;
  const opened = () => doors ?? assert.fail('nobody calls the CA before there are doors');
  const zone = createZoneFake();
  const answering = new Set<string>();
  const network = networkOf(opened, zone, answering);
  const ofMode = mode === 'persist' ? ({ challengeTypes: ['http-01', 'dns-01', 'dns-persist-01'] } as const) : {};
  const cas = ids.map((id, index) =>
    createNastyAcmeCa({
      clock: () => opened().app.clock,
      network,
      ...caOptions,
      seed: (caOptions?.seed ?? 1) + index * 100,
      settings: { organization: `CA ${id}`, ...ofMode, ...caOptions?.settings },
    }),
  );
  for (const [index, ca] of cas.entries()) ca.origin = `https://ca${index + 1}.example`;
  const issuersIn = (context: AppContext): readonly Issuer[] => {
    const members = createAcmeIssuers(
      cas.map((ca, index) => {
        const [id = assert.fail()] = ids.slice(index);
        const directory = ca.directoryUrl;
        return {
          settings: {
            ...{ id, mode, directory, ca: acmeCas.custom, profile: null, preferredChain: null },
            terms: { ...acmeTerms, account: id, ...terms },
            account: { account: id, directory, contacts: ['ops@certs.example'], termsAgreed: true, externalKey: null },
          },
          fetch: (request: Request) => ca.fetch(request),
        };
      }),
      { ...context, preparations: createPreparations(context) },
    );
    const [first = assert.fail('an issuer'), ...others] = members;
    return others.length === 0 ? members : [...members, { id: poolId, members: [first, ...others] }];
  };
  doors = await startFrontDoors({
    ...ofApp,
    language,
    // As long as any door lets a call wait for the core.
    patienceMs: 30_000,
    aliasZone: zoneName,
    lookUpDelegation: createLookUpDelegation(zone.resolver),
    upstreams: issuersIn,
  });
  await sellFrom(doors, ids.length === 1 ? (ids[0] ?? assert.fail()) : poolId);
  const { app } = doors;
  // The responder, at the hosts that lead to it.
  app.hooks.answer(200, ({ url }) => {
    const { hostname, pathname } = new URL(url);
    const token = pathname.split('/').at(-1) ?? '';
    return answering.has(hostname) ? (probeAnswer(secretInTests('responder'), token) ?? '') : 'somebody else';
  });
  app.checks.lookUpIn(zone.resolver);
  const tenant = await createTenant(doors, currency === undefined ? {} : { currency });
  const standing = mode === 'persist' ? await standingRecord(doors, tenant, ids) : '';
  const recordOf = (name: string) => {
    const [identifier = assert.fail()] = identifiers(name);
    return delegationOf(tenant.accountId as never, identifier, app.context.alias ?? assert.fail('a zone'));
  };
  const each = (texts: readonly string[], work: (name: string) => void) => {
    for (const base of new Set(texts.map((text) => text.replace(/^\*\./, '')))) work(base);
  };
  const get = (number: number) => app.ports.orders.get(app.operator, { number });

  return {
    doors,
    language,
    tenant,
    cas,
    ca: cas[0] ?? assert.fail(),
    zone,
    recordOf,
    prepare: (...texts) =>
      each(texts, (name) => {
        if (mode === 'serve') answering.add(name);
        const { host, target } = recordOf(name);
        if (mode === 'alias') zone.set(host, 'CNAME', target);
        if (mode === 'persist') zone.set(persistHostOf(name), 'TXT', standing);
        // A front door whose own challenge this is shows it in any mode.
        app.checks.placeRecord(host, target);
      }),
    unprepare: (...texts) =>
      each(texts, (name) => {
        answering.delete(name);
        zone.remove(recordOf(name).host);
        zone.remove(persistHostOf(name));
        app.checks.forget();
      }),
    prove(...texts) {
      for (const name of texts) {
        for (const method of ['httpFile', 'dnsCname', 'dnsTxt'] as const) app.checks.place(name, method);
      }
    },
    balance: async () => (await tenant.get('native', '/api/v1/account')).balanceMinor,
    see: get,
    async orders() {
      const { items } = await app.ports.orders.list(app.operator, { limit: 100 });
      return Promise.all(items.map(({ order }) => get(order.number)));
    },
    async newestIssuance() {
      const { items } = await app.ports.orders.list(app.operator, { limit: 1 });
      const [{ order } = assert.fail('there is an order')] = items;
      const issuances = await app.database.read.issuances.listOfOrder(order.id);
      return issuances.toSorted((a, b) => a.number - b.number).at(-1) ?? assert.fail('it has an issuance');
    },
    passUntil: (condition, what) =>
      until(async () => {
        if (await condition()) return true;
        await app.advance(10);
        return condition();
      }, what),
  };
}

export const persistHostOf = (name: string) => `_validation-persist.${name}`;

/** What the customer is shown by `certmux dns check`, once the operator has made the account. It serves wildcards as well. */
async function standingRecord({ app }: FrontDoors, tenant: Tenant, [id = assert.fail()]: readonly string[]) {
  await app.ports.upstreams.check(app.operator, id);
  const { names } = await tenant.post('native', '/api/v1/delegations/check', { names: ['*.probe.example.com'] });
  const [way] = names[0].ways.filter((one: { readonly mode: string }) => one.mode === 'persist');
  return String(way.record.value);
}

/** Every product of every door comes from it. */
async function sellFrom({ app }: FrontDoors, issuerId: string): Promise<void> {
  await app.database.write(async (tx) => {
    for (const product of await tx.products.list(null)) await tx.products.put({ ...product, issuerId });
  });
}

/** Delegations lead to what our zone would answer, and hosts to what our responder would. */
function networkOf(doors: () => FrontDoors, zone: ZoneFake, answering: ReadonlySet<string>): CaNetwork {
  const published = (kind: 'dns' | 'http', place: string) => {
    const { database, clock } = doors().app;
    return database.read.publishedProofs.values(kind, place, clock.now(), 20);
  };
  return {
    ...createMemoryNetwork(),
    async resolveTxt(name) {
      const limit = AbortSignal.timeout(5000);
      if (name.startsWith('_validation-persist.')) {
        const standing = await zone.resolver.query(name, 'TXT', limit);
        return { texts: standing.ok ? standing.records.map(({ data }) => data) : [], viaCname: [] };
      }
      const found = await zone.resolver.query(name, 'CNAME', limit);
      const viaCname = found.ok ? found.records.map(({ data }) => data) : [];
      const texts = await Promise.all(viaCname.map((target) => published('dns', target)));
      return { texts: texts.flat(), viaCname };
    },
    async fetchHttp(host, path) {
      const [value] = await published('http', path.split('/').at(-1) ?? '');
      return answering.has(host) && value !== undefined ? { status: 200, body: value } : { status: 404, body: '' };
    },
  };
}
