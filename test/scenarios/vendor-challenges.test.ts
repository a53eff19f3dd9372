/**
 * Challenges of vendors that run out or change, changes of method, which vendors take late, lose or refuse, and names that nobody proves:
 * what the customers of every front door that relays see of it.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';
import { csrPemFor } from '../support/buyers.ts';
import { type RelayCustomer, type RelayDoorName, relayCustomer, relayDoorNames } from '../support/relay-doors.ts';
import { openVendorDoors, type VendorDoors, type VendorDoorsOptions } from '../support/vendor-doors.ts';
import { limited, type Mishap } from '../support/vendors/books.ts';
import type { DigicertDouble } from '../support/vendors/digicert-double.ts';
import type { RacentDouble } from '../support/vendors/racent-double.ts';

let scene: VendorDoors;
afterEach(() => scene?.close());

const names = ['shop.example.com', 'www.example.org'] as const;
const daySeconds = 86_400;
/** Longer than time moves while a call waits: a front door that waits so long hears what the vendor says. */
const patient = { relayWaitMs: 60_000 };

async function open(
  door: RelayDoorName,
  {
    method,
    begin,
    ...options
  }: VendorDoorsOptions & { readonly method: ValidationMethod; readonly begin?: () => void },
): Promise<{ readonly customer: RelayCustomer; readonly id: string; readonly reply: string }> {
  const currency = door === 'digicert' ? { currency: 'USD' } : {};
  scene = await openVendorDoors({ mode: 'relay', terms: patient, ...currency, ...options });
  begin?.();
  const customer = relayCustomer(door, scene.tenant);
  const { isDone, text: reply, id } = await customer.order(names, method, await csrPemFor(names));
  assert.ok(isDone, reply);
  return { customer, id, reply };
}

const only = async () => (await scene.orders())[0] ?? assert.fail('an order');
const methodsOf = async () => (await only()).authorizations.map(({ preferredMethod }) => preferredMethod);
const challengesOf = async () => (await only()).authorizations.map(({ challenges }) => challenges);
const isActive = async () => (await only()).order.state === 'active';
const vendorOrder = () => scene.double?.orders[0] ?? assert.fail('the vendor has the order');

async function eventsOf(kind: string): Promise<number> {
  const { app } = scene.doors;
  const subject = (await only()).order.id;
  const { items } = await app.ports.events.list(app.operator, { limit: 100, subject });
  return items.filter((event) => event.kind === kind).length;
}

async function issues(): Promise<void> {
  await scene.double?.prove(vendorOrder().reference);
  await scene.passUntil(isActive, 'it is issued');
  assert.equal(await scene.sold(names), 1);
}

/** httpsok has one record for good, which its customers place once. */
const showing = relayDoorNames.filter((one) => one !== 'httpsok');

describe('challenges that run out', () => {
  for (const door of showing) {
    it(`${door} shows the new ones of DigiCert, and the old ones no more`, async () => {
      const hours = 1;
      const begin = () => Object.assign(scene.double as DigicertDouble, { valueDays: hours / 24 });
      const { customer, id, reply } = await open(door, { vendor: 'digicert', method: 'dnsCname', begin });
      const value = () => (scene.double as DigicertDouble).orders[0]?.value ?? assert.fail('the vendor has the order');
      const old = value();
      assert.ok(reply.includes(old), reply);
      const before = await eventsOf('validation.proofsWanted');
      await scene.pass(hours * 3600 + 60);
      assert.notEqual(value(), old);
      const shown = await customer.show(id, names);
      assert.deepEqual([shown.includes(value()), shown.includes(old)], [true, false], shown);
      assert.equal(await eventsOf('validation.proofsWanted'), before + 1);
      await issues();
    });
  }

  it('are shown as Racent has them by now, which names no end of them', async () => {
    const mapping = { otherProducts: { code: 'geotrust-flex', coverage: { unit: 'years', count: 1 } as const } };
    const { customer, id, reply } = await open('racent', { vendor: 'racent', mapping, method: 'httpFile' });
    const [order = assert.fail()] = (scene.double as RacentDouble).orders;
    const old = order.token ?? assert.fail('a token');
    assert.ok(reply.includes(old), reply);
    Object.assign(order, { token: '_another-one-by-now' });
    await scene.pass(3600);
    const shown = await customer.show(id, names);
    assert.deepEqual([shown.includes('_another-one-by-now'), shown.includes(old)], [true, false], shown);
    await issues();
  });
});

/** The call of each vendor for a change of method, and how it refuses one. */
const refusals = {
  racent: {
    ...{ call: 'updateDCV', path: /updateDCV$/, words: 'CA request failed' },
    reply: () => Response.json({ code: -6, errors: { ca: ['CA request failed'] } }),
  },
  digicert: {
    ...{ call: 'dcvMethod', path: /dcv-method$/, words: 'This method is not allowed' },
    reply: () =>
      Response.json(
        { errors: [{ code: 'invalid_dcv_method', message: 'This method is not allowed.' }] },
        { status: 400 },
      ),
  },
  encryption365: {
    ...{ call: 'changeMethod', path: /change_dcv$/, words: '验证方式暂不可用' },
    reply: () => Response.json({ result: 'error', message: '验证方式暂不可用' }),
  },
} as const;

type Refuser = keyof typeof refusals;
const refusers = Object.keys(refusals) as readonly Refuser[];
const changing = ['native', 'encryption365', 'digicert', 'racent'] as const satisfies readonly RelayDoorName[];
const nobody = { post: () => assert.fail(), put: () => assert.fail(), get: () => assert.fail() };

/** Two methods that the vendor offers and the front door has words for; none: there is nothing to change. */
function methodsFor(door: RelayDoorName, vendor: Refuser): readonly [ValidationMethod, ValidationMethod] | undefined {
  const relayed = dialects.find(({ name }) => name === vendor)?.upstream?.manners.relayed ?? [];
  const known = relayCustomer(door, nobody).methods;
  const [first, other] = relayed.filter((method) => known[method] !== undefined);
  return first === undefined || other === undefined ? undefined : [first, other];
}

/** The vendor refuses changes of method from `begin` to `end`. @param until what its reply waits for */
function refusing(vendor: Refuser, until: Promise<void> = Promise.resolve()) {
  const { path, reply } = refusals[vendor];
  let isRefusing = false;
  return {
    begin() {
      isRefusing = true;
    },
    end() {
      isRefusing = false;
    },
    async between(call: () => Promise<Response>, { url }: Request): Promise<Response> {
      if (!isRefusing || !path.test(new URL(url).pathname)) return call();
      await until;
      return reply();
    },
  };
}

describe('every front door', () => {
  it('with a call for a change of method is in this table, and has two methods of each vendor', () => {
    const found = relayDoorNames.filter((door) => relayCustomer(door, nobody).changeMethod !== undefined);
    assert.deepEqual(found.toSorted(), changing.toSorted());
    const lacking = changing.flatMap((door) => refusers.filter((vendor) => methodsFor(door, vendor) === undefined));
    assert.deepEqual(lacking, []);
  });
});

for (const vendor of refusers) {
  for (const door of changing) {
    const [first, other] = methodsFor(door, vendor) ?? assert.fail(`${door} in, ${vendor} out`);
    describe(`a change of method, ${door} in, ${vendor} out`, () => {
      it('that the vendor refuses is refused in its words, and leaves the names as they were', async () => {
        const { begin, between } = refusing(vendor);
        const { customer, id } = await open(door, { vendor, between, method: first });
        const before = await challengesOf();
        begin();
        const reply = (await customer.changeMethod?.(id, names[0], other)) ?? assert.fail();
        assert.deepEqual([reply.isDone, reply.text.includes(refusals[vendor].words)], [false, true], reply.text);
        assert.deepEqual([await methodsOf(), await challengesOf()], [[first, first], before]);
        // DigiCert has one method for all names.
        const refused = () => eventsOf('validation.methodRefused');
        const count = door === 'digicert' ? names.length : 1;
        await scene.passUntil(async () => (await refused()) === count, 'each refusal is recorded');
        await issues();
      });

      for (const [title, mishap] of [
        ['takes no calls for a while', limited(600)],
        ['loses its reply', 'loseReply'],
      ] as const satisfies readonly (readonly [string, Mishap])[]) {
        it(`reaches a vendor that ${title}, once it answers`, async () => {
          const { customer, id } = await open(door, { vendor, terms: {}, method: first });
          await scene.passUntil(
            async () => (await methodsOf()).every((one) => one === first),
            'it is as it was ordered',
          );
          scene.double?.spoil(refusals[vendor].call, mishap);
          await customer.changeMethod?.(id, names[0], other);
          const wanted = [other, door === 'digicert' || vendor === 'digicert' ? other : first];
          await scene.passUntil(async () => (await methodsOf()).join() === wanted.join(), 'the other method is shown');
          await issues();
        });
      }
    });
  }
}

describe('a refusal that comes when the front door waits no more', () => {
  for (const door of changing) {
    it(`${door}: the order shows it, until another method is wished`, async () => {
      const answer = Promise.withResolvers<void>();
      const { begin, end, between } = refusing('racent', answer.promise);
      const [first, other] = methodsFor(door, 'racent') ?? assert.fail();
      const { customer, id } = await open(door, { vendor: 'racent', terms: {}, between, method: first });
      await scene.passUntil(async () => (await challengesOf()).every((one) => one.length > 0), 'challenges are there');
      begin();
      const reply = (await customer.changeMethod?.(id, names[0], other)) ?? assert.fail();
      assert.ok(reply.isDone, reply.text);
      const { words } = refusals.racent;
      assert.ok(!(await customer.show(id, names)).includes(words));
      answer.resolve();
      await scene.passUntil(async () => (await customer.show(id, names)).includes(words), 'the refusal is shown');
      assert.deepEqual(await methodsOf(), [first, first]);
      end();
      await customer.changeMethod?.(id, names[0], other);
      assert.ok(!(await customer.show(id, names)).includes(words), 'it is wished again');
      await scene.passUntil(async () => (await methodsOf())[0] === other, 'the other method is shown');
      await issues();
    });
  }
});

describe('names that nobody proves', () => {
  for (const door of showing) {
    it(`${door}: the order ends after the time for that, says why, and is paid back; the vendor's is cancelled`, async () => {
      const { customer, id } = await open(door, { vendor: 'racent', method: 'dnsCname' });
      const { app } = scene.doors;
      const balance = async () => (await app.ports.accounts.get(app.operator, scene.tenant.accountId)).balanceMinor;
      const before = await balance();
      const passDays = async (days: number) => {
        app.clock.set(days * daySeconds * 1000);
        await scene.pass(61);
      };
      await passDays(29);
      assert.equal((await only()).order.state, 'open');
      await passDays(2);
      const { order, issuance } = await only();
      assert.deepEqual([order.state, issuance.failure?.key], ['failed', 'validationExpired']);
      await scene.passUntil(() => vendorOrder().state === 'cancelled', 'it is cancelled there');
      assert.equal(await balance(), before + order.totalMinor);
      assert.match(await customer.show(id, names), /failed|rejected|FAILED/);
    });
  }
});
