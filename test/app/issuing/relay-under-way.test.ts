/** Relayed orders while they are under way: what is proved stays proved, the last wish counts, and nothing hangs. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { summaryOf } from '../../../src/dialects/native/order-summary.ts';
import type { MethodChoice } from '../../../src/domain/challenge.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import {
  anyCsr,
  type Customer,
  createCustomer,
  issue,
  place as placeOrder,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';
import { createNastyUpstream, type NastyUpstream } from '../../support/nasty-upstream.ts';
import {
  createRelayingIssuer,
  createUpstreamIssuer,
  type UpstreamIssuerOptions,
} from '../../support/upstream-issuer.ts';

let app: TestApp;
let customer: Customer;
let upstream: NastyUpstream;
afterEach(() => app.close());

const hourSeconds = 3600;
const name = 'a.example.com';
const other = 'b.example.com';
const clock = () => app.clock;

async function begin(options: UpstreamIssuerOptions = {}): Promise<void> {
  upstream = Object.assign(await createNastyUpstream(clock), { relays: true });
  app = await startTestApp({ upstreams: [createRelayingIssuer(upstream, clock, options)] });
  customer = await createCustomer(app, { balanceMinor: 1000_00 });
}

const place = (texts: readonly string[] = [name], change: Partial<PlaceOrder> = {}) =>
  placeOrder(app, customer.caller, texts, {
    productCode: 'paid',
    issuerId: 'upstream',
    preferredMethod: 'dnsCname',
    ...change,
  });
const placeWithoutCsr = () => place([name], { productCode: 'years', csr: null });
const see = ({ order }: OrderView) => app.ports.orders.get(customer.caller, order);
const choose = (view: OrderView, choice: MethodChoice) =>
  app.ports.proving.chooseMethods(customer.caller, view.order, [{ name: parseIdentifier(name, 'name'), choice }]);
const bought = () => upstream.orders[0] ?? assert.fail('the upstream has the order');
const countCalls = (operation: string) => upstream.calls.filter((call) => call === operation).length;

describe('a name that the upstream has accepted', () => {
  it('stays proved while the others are waited for, also when challenges run out', async () => {
    await begin({ pollSeconds: hourSeconds });
    upstream.challengeHours = 10;
    const view = await place([name, other]);
    await app.idle();
    upstream.acceptedNames = [name];
    for (let hour = 0; hour < 24; hour++) await app.advance(hourSeconds);
    const { authorizations, now } = await see(view);
    assert.deepEqual(
      authorizations.map(({ identifier, state, validUntil }) => [identifier.value, state, (validUntil ?? now) > now]),
      [
        [name, 'valid', true],
        [other, 'pending', false],
      ],
    );
    await upstream.accept(bought().reference);
    await app.advance(hourSeconds);
    assert.equal((await see(view)).issuance.state, 'issued');
  });
});

describe('a change of method', () => {
  it('back to the one that is shown withdraws a change that was not passed on yet', async () => {
    await begin();
    const view = await place();
    await app.idle();
    upstream.isAway = true;
    await choose(view, 'httpFile');
    await app.idle();
    await choose(view, 'dnsCname');
    upstream.isAway = false;
    await app.advance(hourSeconds);
    const [authorization] = (await see(view)).authorizations;
    assert.deepEqual([authorization?.preferredMethod, bought().methods.get(name)], ['dnsCname', 'dnsCname']);
  });
});

describe('a CSR that comes later', () => {
  it('for an order whose names were ours to check rests while its issuer relays, and is issued when it does not', async () => {
    upstream = await createNastyUpstream(clock);
    app = await startTestApp({ upstreams: [createUpstreamIssuer(upstream, clock)] });
    customer = await createCustomer(app, { balanceMinor: 1000_00 });
    await issue(app, customer.caller, [name]);
    const view = await placeWithoutCsr();
    await app.idle();
    assert.equal((await see(view)).issuance.state, 'ready');
    const own = app.context.issuers.get('upstream') ?? assert.fail();
    app = await app.restart({ upstreams: [createRelayingIssuer(upstream, clock)], afterSeconds: 60 });
    await app.ports.issuances.provideCsr(customer.caller, view.order, await anyCsr());
    await app.idle();
    assert.equal((await see(view)).issuance.rest?.reason.key, 'issuerModeChanged');
    app = await app.restart({ upstreams: [own as never], afterSeconds: hourSeconds });
    await app.advance(hourSeconds);
    assert.equal((await see(view)).issuance.state, 'issued');
  });

  it('for a relayed order rests while its issuer does not relay, and goes on when it does', async () => {
    await begin();
    const view = await placeWithoutCsr();
    await app.idle();
    assert.match(summaryOf(await see(view), 'en'), /^waits for a CSR/);
    const relaying = app.context.issuers.get('upstream') ?? assert.fail();
    app = await app.restart({ upstreams: [createUpstreamIssuer(upstream, clock)], afterSeconds: 60 });
    await app.ports.issuances.provideCsr(customer.caller, view.order, await anyCsr());
    await app.idle();
    assert.deepEqual([(await see(view)).issuance.rest?.reason.key, countCalls('place')], ['issuerModeChanged', 0]);
    app = await app.restart({ upstreams: [relaying as never], afterSeconds: hourSeconds });
    await app.advance(hourSeconds);
    assert.equal(countCalls('place'), 1);
    await upstream.accept(bought().reference);
    await app.advance(hourSeconds);
    assert.equal((await see(view)).issuance.state, 'issued');
  });
});

describe('an order whose challenges are being prepared', () => {
  it('is not asked for more often because its customer asks', async () => {
    await begin({ pollSeconds: 600 });
    upstream.isPreparing = true;
    const view = await place();
    await app.idle();
    const before = upstream.calls.length;
    for (let turn = 0; turn < 20; turn++) {
      // More often it is refused anyway.
      await app.ports.proving.recheck(customer.caller, view.order);
      await app.advance(10);
    }
    assert.ok(upstream.calls.length - before <= 3, `${upstream.calls.length - before} calls`);
  });
});
