/** What the calls of DigiCert and native say of a relayed order where there is nothing to place: the true reason. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type FrontDoors, startFrontDoors } from '../support/front-doors.ts';
import { createNastyUpstream, type NastyUpstream } from '../support/nasty-upstream.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { type Body, createTenant, type Tenant } from '../support/tenants.ts';
import { createRelayingIssuer } from '../support/upstream-issuer.ts';

let doors: FrontDoors;
let upstream: NastyUpstream;
let tenant: Tenant;
let csr: string;
afterEach(() => doors.app.close());

const name = 'www.victim.example';

async function open(currency: 'USD' | 'CNY'): Promise<void> {
  const clock = () => doors.app.clock;
  upstream = Object.assign(await createNastyUpstream(clock), { relays: true, isPreparing: true });
  const issuer = createRelayingIssuer(upstream, clock, { id: 'embedded', terms: { relayWaitMs: 90 }, pollSeconds: 2 });
  doors = await startFrontDoors({ issuer: () => issuer });
  tenant = await createTenant(doors, { currency });
  csr = (await createSubscriber(name)).csrPem;
}

async function prepare(): Promise<void> {
  upstream.prepare('up-1');
  await doors.app.advance(5);
}

describe('digicert', () => {
  const path = '/services/v2/order/certificate';
  async function place(method: string): Promise<string> {
    const { id } = await tenant.post('digicert', `${path}/ssl_dv_geotrust_flex`, {
      certificate: { common_name: name, csr, signature_hash: 'sha256' },
      validity_years: 1,
      dcv_method: method,
      payment_method: 'balance',
    });
    return id;
  }
  async function refusalOf(rest: string): Promise<Body> {
    const headers = await doors.keyTo('digicert', tenant.accountId as never, ['requester']);
    const request = new Request(`https://certs.example${path}/${rest}`, { method: 'PUT', headers });
    const response = await doors.fetch('digicert', request);
    return { status: response.status, message: JSON.parse(await response.text()).errors?.[0].message };
  }

  it('says that challenges are being prepared, not that they were not found', async () => {
    await open('USD');
    const id = await place('dns-txt-token');
    const early = await refusalOf(`${id}/check-dcv`);
    assert.equal(early.status, 503);
    assert.match(early.message, /is preparing the challenges/);
    await prepare();
    const missing = await refusalOf(`${id}/check-dcv`);
    assert.deepEqual([missing.status, /preparing/.test(missing.message)], [400, false], missing.message);
  });

  it('has no random value of a name that is proved by mail, or of an order that is issued', async () => {
    await open('USD');
    const id = await place('email');
    await prepare();
    assert.match((await refusalOf(`${id}/dcv-random-value`)).message, /is proved by e-mail/);
    await upstream.accept('up-1');
    await doors.app.advance(5);
    const over = await refusalOf(`${id}/dcv-random-value`);
    assert.deepEqual([over.status, /is issued/.test(over.message)], [400, true], over.message);
  });
});

describe('native', () => {
  it('does not say in lists that names are proved which an upstream still checks', async () => {
    await open('CNY');
    const fields = { productCode: 'encryption365:100', csr, names: [name], method: 'dnsCname' };
    const { id } = await tenant.post('native', '/api/v1/orders', fields);
    await prepare();
    await doors.app.ports.accounts.change(doors.app.operator, tenant.accountId as never, {
      allowedNames: ['other.example'],
    });
    await tenant.post('native', `/api/v1/orders/${id}/check`);
    await doors.app.advance(20);
    const [item] = (await tenant.get('native', '/api/v1/orders')).items;
    assert.match(item.summary, /^waits for the operator: www\.victim\.example is not among/);
  });
});
