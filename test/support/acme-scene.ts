/** A customer, the core, and one or several ACME CAs with bad manners behind it: what tests of orders there begin with. */
import assert from 'node:assert/strict';
import type { AppContext } from '../../src/app/index.ts';
import { renderReason } from '../../src/domain/errors.ts';
import type { Issuer, IssuerPool } from '../../src/domain/ports/issuer.ts';
import type { OrderView, PlaceOrder } from '../../src/domain/ports/orders.ts';
import { csrFor } from './acme-ca/raw-client.ts';
import { type AcmeUpstream, type AcmeUpstreamOptions, createAcmeUpstream } from './acme-upstream.ts';
import {
  type Customer,
  createCustomer,
  place as placeOrder,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from './app.ts';

export interface AcmeSceneOptions extends TestAppOptions {
  /** One by default. The id of each is that of its issuer. */
  readonly cas?: readonly AcmeUpstreamOptions[];
  /** The id of a pool of all of them, from which the customer orders. */
  readonly pool?: string;
}

export interface AcmeScene {
  readonly app: TestApp;
  readonly customer: Customer;
  readonly upstreams: readonly AcmeUpstream[];
  /** The first. */
  readonly upstream: AcmeUpstream;
  readonly ca: AcmeUpstream['ca'];
  place(texts: readonly string[], change?: Partial<PlaceOrder>): Promise<OrderView>;
  csrFor(texts: readonly string[]): Promise<Uint8Array>;
  see(view: OrderView): Promise<OrderView>;
  upstreamOrder(view: Pick<OrderView, 'issuance'>): ReturnType<TestApp['database']['read']['upstreamOrders']['get']>;
  acmeOrder(view: Pick<OrderView, 'issuance'>): ReturnType<TestApp['database']['read']['acmeUpstreamOrders']['get']>;
  balance(): Promise<number>;
  /** What is published for CAs to find. */
  published(): Promise<readonly unknown[]>;
  /** Why it failed or what it waits for, in both languages. */
  told(
    view: OrderView,
  ): Promise<{ readonly key: string; readonly turn: string | null; readonly en: string; readonly zh: string }>;
  /** Lets what is due happen, and moves time on to what is due next. */
  pass(): Promise<void>;
  /** Until it holds, by the clock of the test. */
  passUntil(condition: () => boolean | Promise<boolean>, what: string, hours?: number): Promise<void>;
  passHours(hours: number): Promise<void>;
  /** Until the upstream orders of all of these have ended. */
  ends(...views: readonly OrderView[]): Promise<void>;
  /** It was issued, once, and nothing is left over. */
  assertIssued(view: OrderView, ca?: AcmeUpstream['ca']): Promise<void>;
  /** It failed for this reason, and the money is back. */
  assertRefunded(view: OrderView, key: string): Promise<void>;
  restart(options?: Parameters<TestApp['restart']>[0]): Promise<void>;
  close(): Promise<void>;
}

/** What a customer of a scene has. */
export const money = 1_000_000_00;

export async function startAcmeScene({ cas = [{}], pool, ...options }: AcmeSceneOptions = {}): Promise<AcmeScene> {
  let app: TestApp;
  const upstreams = cas.map((one) => createAcmeUpstream(() => app, one));
  const [upstream = assert.fail()] = upstreams;
  const ids = cas.map(({ id = 'ca' }) => id);
  const issuerId = pool ?? ids[0] ?? assert.fail();
  app = await startTestApp({ ...options, upstreams: issuersOf(upstreams, pool) });
  const customer = await createCustomer(app, { balanceMinor: money });

  const scene: AcmeScene = {
    get app() {
      return app;
    },
    customer,
    upstreams,
    upstream,
    ca: upstream.ca,
    csrFor: async (texts) => Buffer.from(await csrFor(texts), 'base64url'),
    async place(texts, change = {}) {
      for (const text of texts) app.checks.place(text);
      const csr = change.csr ?? (await scene.csrFor(texts));
      return placeOrder(app, customer.caller, texts, { productCode: 'paid', issuerId, ...change, csr });
    },
    see: ({ order }) => app.ports.orders.get(customer.caller, order),
    upstreamOrder: ({ issuance }) => app.database.read.upstreamOrders.get(issuance.id),
    acmeOrder: ({ issuance }) => app.database.read.acmeUpstreamOrders.get(issuance.id),
    balance: async () => (await app.ports.accounts.get(customer.caller)).balanceMinor,
    published: async () => (await app.tables()).published_proofs ?? [],
    async told(view) {
      const { failure, rest } = (await scene.see(view)).issuance;
      const why = failure ?? rest?.reason ?? assert.fail('it neither failed nor waits');
      const turn = failure === null ? (rest?.turn ?? null) : null;
      return { key: why.key, turn, en: renderReason(why, 'en'), zh: renderReason(why, 'zh') };
    },
    async pass() {
      await quiet(app);
      await app.clock.advance(Math.max(app.clock.nextWakeMs ?? 1000, 1));
      await quiet(app);
    },
    async passUntil(condition, what, hours = 100) {
      const latestMs = app.clock.now().getTime() + hours * 3_600_000;
      await quiet(app);
      while (!(await condition())) {
        assert.ok(app.clock.now().getTime() <= latestMs, `${hours} h passed in vain until ${what}`);
        await scene.pass();
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
    ends: (...views) =>
      scene.passUntil(async () => {
        for (const view of views) if ((await scene.upstreamOrder(view))?.endedAt == null) return false;
        return true;
      }, 'the upstream orders have ended'),
    async assertIssued(view, ca = upstream.ca) {
      const { issuance, order, certificate } = await scene.see(view);
      assert.deepEqual([issuance.failure, issuance.state, order.state], [null, 'issued', 'active']);
      const names = view.issuance.names.map(({ identifier }) => identifier.value);
      assert.deepEqual(certificate?.names.toSorted(), names.toSorted());
      const bought = ca.books.certificates.filter(({ order: { id } }) =>
        ca.ordersFor(...names).some((o) => o.id === id),
      );
      assert.deepEqual(
        bought.map(({ serialHex }) => serialHex),
        [certificate.serial],
        'one certificate was bought, and it is the one that is stored',
      );
      assert.deepEqual(await scene.published(), [], 'nothing is left to be found');
      assert.deepEqual(ca.books.bugs, []);
    },
    async assertRefunded(view, key) {
      const { issuance, order } = await scene.see(view);
      assert.deepEqual([issuance.failure?.key, issuance.state, order.state], [key, 'failed', 'failed']);
      assert.equal(await scene.balance(), money);
      assert.deepEqual(await scene.published(), [], 'nothing is left to be found');
    },
    async restart(changed = {}) {
      app = await app.restart(changed);
    },
    close: () => app.close(),
  };
  return scene;
}

function issuersOf(upstreams: readonly AcmeUpstream[], pool: string | undefined) {
  return (context: AppContext): readonly Issuer[] => {
    const members = upstreams.flatMap((one) => one.issuersIn(context));
    return pool === undefined ? members : [...members, poolOf(pool, members)];
  };
}

export function poolOf(id: string, members: readonly IssuerPool['members'][number][]): IssuerPool {
  const [first = assert.fail('a pool has members'), ...others] = members;
  return { id, members: [first, ...others] };
}

/** Real time after which a job that has not ended is taken for one that sleeps. */
const patienceMs = 150;

/** No job is due, or those that are wait for time to pass. */
async function quiet(app: TestApp): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const sleeping = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([app.idle(), sleeping]);
  clearTimeout(timer);
}
