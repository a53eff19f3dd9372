/** The core over a vendor that is a fake behind the port, and a customer who orders from it. */
import assert from 'node:assert/strict';
import type { AppContext } from '../../../src/app/index.ts';
import { createPreparations } from '../../../src/app/issuing/preparations.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { UpstreamMaker, UpstreamManners } from '../../../src/domain/ports/upstream.ts';
import type { UpstreamTerms } from '../../../src/domain/upstream-account.ts';
import { withDefined } from '../../../src/domain/with-defined.ts';
import { createVendorIssuers, type VendorIssuerSettings } from '../../../src/issuers/vendor/index.ts';
import { createPublicSuffixes } from '../../../src/system/index.ts';
import { type Customer, createCustomer, place, startTestApp, type TestApp, type TestAppOptions } from '../app.ts';
import { createFakeUpstream, type FakeUpstream } from './fake-upstream.ts';

export interface FakeScene {
  readonly app: TestApp;
  readonly customer: Customer;
  readonly fake: FakeUpstream;
  order(...names: readonly string[]): Promise<OrderView>;
  see(view: OrderView): Promise<OrderView>;
}

export interface FakeSceneOptions extends TestAppOptions {
  readonly manners?: Partial<UpstreamManners>;
  /** False: the vendor has no list of orders. */
  readonly lists?: boolean;
  readonly terms?: Partial<UpstreamTerms>;
  readonly settings?: Partial<VendorIssuerSettings>;
}

export const vendorId = 'vendor';
export const vendorAccount = 'vendor-account';

/** An issuer over the fake, for `TestAppOptions.upstreams`. */
export function fakeIssuers(
  { upstream }: FakeUpstream,
  { terms, settings }: Pick<FakeSceneOptions, 'terms' | 'settings'> = {},
) {
  const maker: UpstreamMaker = {
    manners: upstream.manners,
    credentials: [],
    usualUrl: null,
    callsPath: '',
    create: () => upstream,
  };
  const contact = { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44 20 7946 0000' };
  const usual: VendorIssuerSettings = {
    id: vendorId,
    terms: {
      ...{ account: vendorAccount, deadlineHours: 168, afterDeadline: 'wait', concurrency: 4, budgets: [] },
      ...terms,
    },
    mode: 'signfile',
    dialect: 'fake',
    baseUrl: 'https://vendor.example',
    credentials: {},
    currency: 'CNY',
    mapping: {
      products: new Map(),
      otherProducts: { code: 'dv', coverage: null },
      organizations: new Map(),
      contact,
      container: null,
    },
  };
  return (context: AppContext) =>
    createVendorIssuers([{ settings: { ...usual, ...settings }, maker, fetch: () => assert.fail('no wire') }], {
      ...context,
      preparations: createPreparations(context),
      publicSuffixes: createPublicSuffixes(),
    });
}

export async function openFakeScene(scene: FakeSceneOptions = {}): Promise<FakeScene> {
  const { manners = {}, lists = true, terms, settings, ...options } = scene;
  let opened: TestApp | undefined;
  const clock = () => opened?.clock ?? assert.fail('nobody calls the vendor before there is an app');
  const fake = createFakeUpstream(clock, { manners, lists });
  const app = await startTestApp({ ...options, upstreams: fakeIssuers(fake, withDefined({ terms, settings })) });
  opened = app;
  await app.database.write(async (tx) => {
    for (const product of await tx.products.list(null)) await tx.products.put({ ...product, issuerId: vendorId });
  });
  const customer = await createCustomer(app, { balanceMinor: 10_000_00, dialect: 'native' });
  return {
    ...{ app, customer, fake },
    async order(...names) {
      for (const name of names) app.checks.place(name);
      const sold = { productCode: 'encryption365:paid', issuerId: vendorId };
      const placed = await place(app, customer.caller, names, sold);
      await app.idle();
      return placed;
    },
    see: ({ order }) => app.ports.orders.get(customer.caller, order),
  };
}
