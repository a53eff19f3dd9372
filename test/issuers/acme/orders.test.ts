/** Orders at an ACME CA, from the core's issuance to the stored certificate, whatever the CA does. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import type { Manner, Moment } from '../../support/acme-ca/manners.ts';
import { csrFor } from '../../support/acme-ca/raw-client.ts';
import { type AcmeUpstream, type AcmeUpstreamOptions, createAcmeUpstream } from '../../support/acme-upstream.ts';
import {
  type Customer,
  createCustomer,
  place as placeOrder,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { until } from '../../support/system.ts';

let app: TestApp;
let customer: Customer;
let upstream: AcmeUpstream;
afterEach(() => app.close());

async function begin(options: AcmeUpstreamOptions & TestAppOptions = {}): Promise<void> {
  upstream = createAcmeUpstream(() => app, options);
  app = await startTestApp({ ...options, upstreams: upstream.issuersIn });
  customer = await createCustomer(app, { balanceMinor: 1000_00 });
}

const place = async (texts: readonly string[], change: Partial<PlaceOrder> = {}) => {
  for (const text of texts) app.checks.place(text);
  const csr = Buffer.from(await csrFor(texts), 'base64url');
  return placeOrder(app, customer.caller, texts, { productCode: 'paid', issuerId: 'ca', csr, ...change });
};
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const stateOf = async (view: OrderView) => (await see(view)).issuance.state;
const upstreamOrder = ({ issuance }: OrderView) => app.database.read.upstreamOrders.get(issuance.id);
const acmeOrder = ({ issuance }: OrderView) => app.database.read.acmeUpstreamOrders.get(issuance.id);
const published = async () => (await app.tables()).published_proofs ?? [];

/** Time passes until the upstream order has ended. */
const ends = async (view: OrderView) => {
  for (let i = 0; i < 6 && process.env.DBG; i++) {
    await app.advance(10);
    console.log(
      await upstreamOrder(view),
      await acmeOrder(view),
      (await see(view)).issuance.rest,
      upstream.ca.calls().map((c) => `${c.operation} ${c.status} ${c.outcome}`),
      app.log.lines?.slice(-5),
    );
  }
  await until(async () => {
    await app.advance(10);
    return (await upstreamOrder(view))?.endedAt != null;
  }, 'the upstream order has ended');
};

async function assertIssued(view: OrderView): Promise<void> {
  const { issuance, order, certificate } = await see(view);
  assert.deepEqual([issuance.state, order.state, issuance.failure], ['issued', 'active', null]);
  const names = view.issuance.names.map(({ identifier }) => identifier.value);
  assert.deepEqual(certificate?.names.toSorted(), names.toSorted());
  assert.equal(upstream.ca.ordersFor(...names).filter(({ certificate }) => certificate !== undefined).length, 1);
  assert.deepEqual(await published(), [], 'nothing is left to be found');
  assert.deepEqual(upstream.ca.books.bugs, []);
}

describe('an order at an ACME CA', () => {
  it('is issued by DNS in our zone, names and wildcards together', async () => {
    await begin();
    const view = await place(['example.com', '*.example.com', 'www.example.com']);
    await ends(view);
    await assertIssued(view);
    assert.deepEqual(upstream.ca.books.orders.length, 1);
    assert.deepEqual((await acmeOrder(view))?.step, 'download');
  });

  it('is issued by files of our responder, addresses too', async () => {
    await begin({ mode: 'serve' });
    const view = await place(['www.example.com']);
    await ends(view);
    await assertIssued(view);
  });

  it('is refused where the CA cannot validate a name, with its words and the money back', async () => {
    await begin();
    upstream.ca.misbehave({ on: 'validate', how: 'never' });
    const view = await place(['www.example.com']);
    await app.advance(60);
    assert.equal(await stateOf(view), 'issuing');
  });
});

/** Once at every call where it can happen: the order goes on, and one certificate comes of it. */
const passing: readonly (readonly [on: Moment, ...how: readonly Manner[]])[] = [
  ['newAccount', 'loseRequest', 'loseReply', 'emptyBody', 'cutBody', 'htmlPage', 'noLocation'],
  ['newOrder', 'loseRequest', 'loseReply', 'emptyBody', 'cutBody', 'htmlPage', 'noLocation', 'noExpires', 'reordered'],
  ['order', 'loseRequest', 'loseReply', 'cutBody', 'htmlPage', 'readyAgain', 'noCertificateUrl', 'wrongContentType'],
  ['authorization', 'loseRequest', 'loseReply', 'cutBody', 'strangeChallenges', 'noChallengeStatus', 'noExpires'],
  ['respond', 'loseRequest', 'loseReply', 'cutBody', 'htmlPage'],
  ['finalize', 'loseRequest', 'loseReply', 'cutBody', 'htmlPage', 'emptyBody', 'readyAgain', 'forgetFinalize'],
  [
    'certificate',
    'loseRequest',
    'loseReply',
    'cutBody',
    'leafLast',
    'withRoot',
    'crlf',
    'textAround',
    'noFinalNewline',
  ],
];

for (const [on, ...manners] of passing) {
  describe(`an ACME CA at ${on}`, () => {
    for (const how of manners) {
      it(`that has the manner ${how} once sells one certificate`, async () => {
        await begin();
        upstream.ca.misbehave({ on, how, times: 1 });
        const view = await place(['example.com', 'www.example.com']);
        await ends(view);
        await assertIssued(view);
        assert.deepEqual(upstream.ca.unmet(), []);
      });
    }
  });
}
