/** Where the records of names are kept: looked up beside the replies, which never wait for it. */

import assert from 'node:assert/strict';
import { afterEach, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { NamePlace } from '../../../src/domain/dns-host.ts';
import { reason } from '../../../src/domain/errors.ts';
import type { DnsOutcome, DnsRecordType } from '../../../src/domain/ports/system.ts';
import { createCustomer, place, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

type Zone = Readonly<Record<string, string>>;

function answerFrom(zone: Zone, asked: string[]) {
  return async (name: string, type: DnsRecordType): Promise<DnsOutcome> => {
    asked.push(`${name} ${type}`);
    const data = zone[`${name} ${type}`];
    const records = data === undefined ? [] : [{ name, type, ttlSeconds: 60, data }];
    return { ok: true, server: '192.0.2.53:53', rcode: 'NOERROR', records, authenticated: false };
  };
}

/** The place of the order's first name, once it is as awaited. */
async function placeOnce(look: () => Promise<NamePlace | null>, isAwaited: (found: NamePlace) => boolean) {
  for (;;) {
    const found = await look();
    if (found !== null && isAwaited(found)) return found;
    await setImmediate();
  }
}

async function orderOf(name: string) {
  const { caller } = await createCustomer(app);
  const { order, authorizations } = await place(app, caller, [name]);
  await app.idle();
  const look = async () => (await app.ports.orderPages.get(caller, { id: order.id })).places[0] ?? null;
  return { look, authorizations };
}

it('finds the zone that is delegated, and who hosts it; the first reply does not wait', async () => {
  const asked: string[] = [];
  app = await startTestApp({ queryDns: answerFrom({ 'shop.a.example NS': 'ada.ns.cloudflare.com' }, asked) });
  const { look } = await orderOf('www.shop.a.example');
  assert.deepEqual(await look(), { zone: 'a.example', host: null, doubled: [] });
  const found = await placeOnce(look, ({ host }) => host !== null);
  assert.deepEqual(found, { zone: 'shop.a.example', host: 'cloudflare', doubled: [] });
  const before = asked.length;
  await look();
  assert.equal(asked.length, before, 'it is kept');
});

it('finds a record whose name was doubled', async () => {
  const zone: Record<string, string> = { 'a.example NS': 'dns9.hichina.com' };
  app = await startTestApp({ queryDns: answerFrom(zone, []) });
  const { look, authorizations } = await orderOf('a.example');
  const challenge = authorizations[0]?.challenges.find(({ method }) => method === 'dnsCname');
  const host = challenge !== undefined && 'host' in challenge ? challenge.host : assert.fail('no CNAME is offered');
  zone[`${host}.a.example CNAME`] = 'somewhere.example';
  const found = await placeOnce(look, ({ doubled }) => doubled.length > 0);
  assert.deepEqual(found, { zone: 'a.example', host: 'aliyun', doubled: [host] });
});

it('says nothing where resolvers do not answer, and nothing of addresses', async () => {
  let asked = 0;
  app = await startTestApp({
    queryDns: async (name) => {
      asked++;
      return { ok: false, server: '192.0.2.53:53', problem: reason('dnsTimeout', { name }) };
    },
  });
  const { look } = await orderOf('a.example');
  const found = await placeOnce(look, () => asked > 0);
  assert.deepEqual(found, { zone: 'a.example', host: null, doubled: [] });
  const address = await orderOf('192.0.2.7');
  assert.equal(await address.look(), null);
});
