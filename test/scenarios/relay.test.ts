/**
 * An upstream checks the names itself, behind every front door over the real core: the order shows that its challenges are being
 * prepared, then the challenges in the door's own fields; a change of method and a check are passed on; the certificate is there.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { wosign } from '../../src/dialects/wosign/index.ts';
import { orderFor } from '../support/app.ts';
import { type FrontDoors, startFrontDoors } from '../support/front-doors.ts';
import { createNastyUpstream, type NastyUpstream } from '../support/nasty-upstream.ts';
import { refused } from '../support/refused.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { type Body, createTenant, type Tenant } from '../support/tenants.ts';
import { createRelayingIssuer, type UpstreamIssuerOptions } from '../support/upstream-issuer.ts';

let doors: FrontDoors;
let upstream: NastyUpstream;
let tenant: Tenant;
let csr: string;
afterEach(() => doors.app.close());

const name = 'www.victim.example';

/** The upstream takes the place of our own CA, so that every product of every door is sold by it. */
async function open(options: UpstreamIssuerOptions & { readonly relays?: readonly ['dnsTxt'] } = {}): Promise<void> {
  const clock = () => doors.app.clock;
  upstream = Object.assign(await createNastyUpstream(clock), { relays: true, isPreparing: true });
  const issuer = createRelayingIssuer(upstream, clock, {
    ...options,
    id: 'embedded',
    terms: { relayWaitMs: 90, ...options.terms },
    pollSeconds: 2,
  });
  doors = await startFrontDoors({ issuer: () => issuer });
  tenant = await createTenant(doors);
  csr = (await createSubscriber(name)).csrPem;
}

/** The challenges have come, and the core has them. */
async function prepare(): Promise<void> {
  upstream.prepare(upstream.orders[0]?.reference ?? assert.fail('the upstream has the order'));
  await doors.app.advance(5);
}

/** The customer has placed what was shown: the upstream finds it when it looks. */
async function prove(): Promise<void> {
  upstream.isProved = true;
}

const countCalls = (operation: string) => upstream.calls.filter((call) => call === operation).length;

const cname = { host: `_up-1-1.${name}`, target: 'up-1-1.upstream.example' };

describe('encryption365', () => {
  it('shows them in dcv_info', async () => {
    await open();
    const fields = { pid: 100, period: 'quarterly', csr_code: csr, domains: name };
    const placed = await tenant.post('encryption365', '/cert/create', fields);
    assert.equal(placed.result, 'success', JSON.stringify(placed));
    const { dns_host, dns_value, http_verifylink, status } = placed.dcv_info[name];
    assert.deepEqual(
      [placed.cert_status, dns_host, dns_value, http_verifylink, status],
      ['enroll_caprocessing', '', '', '', 'needverification'],
    );
    const id = { trustocean_id: placed.trustocean_id };
    const details = () => tenant.post('encryption365', '/cert/details', id);
    assert.match((await details()).message, /is preparing the challenges/);
    await prepare();
    const http = (await details()).dcv_info[name];
    assert.deepEqual(
      [http.http_filename, http.http_filecontent, http.http_verifylink, http.dns_value],
      ['up-1-1.txt', 'up-1-1', `http://${name}/.well-known/pki-validation/up-1-1.txt`, ''],
    );
    const changed = await tenant.post('encryption365', '/cert/change_dcv', { ...id, domain: name, method: 'dns' });
    assert.equal(changed.result, 'success', JSON.stringify(changed));
    const shown = (await details()).dcv_info[name];
    assert.deepEqual(
      [shown.method, shown.dns_host, shown.dns_type, shown.dns_value, shown.http_filename],
      ['dns', '_up-1-1.www', 'CNAME', cname.target, ''],
    );
    await prove();
    assert.equal((await tenant.post('encryption365', '/cert/challenge', id)).result, 'success');
    await doors.app.idle();
    const issued = await details();
    assert.equal(issued.cert_status, 'issued_active');
    assert.match(issued.cert_code, /BEGIN CERTIFICATE/);
    assert.deepEqual([upstream.orders.length, countCalls('check')], [1, 1]);
  });

  it('refuses a change that the upstream refuses, in the vendor’s form', async () => {
    await open();
    const fields = { pid: 100, period: 'quarterly', csr_code: csr, domains: name };
    const { trustocean_id } = await tenant.post('encryption365', '/cert/create', fields);
    await prepare();
    upstream.refusedMethods = ['dnsCname'];
    const reply = await tenant.post('encryption365', '/cert/change_dcv', {
      trustocean_id,
      domain: name,
      method: 'dns',
    });
    assert.equal(reply.result, 'error');
    assert.match(reply.message, /not today/);
  });
});

describe('racent', () => {
  const administrator = { firstName: 'a', lastName: 'b', email: 'a@example.com' };
  const order = (): Body => ({
    productCode: 'comodo-positive-multi-domain',
    years: 1,
    params: { csr, domainInfo: [{ domainName: name, dcvMethod: 'CNAME_CSR_HASH' }], Administrator: administrator },
  });

  it('shows them in the DCV fields, once the application is done', async () => {
    await open();
    const checked = await tenant.post('racent', '/ssl/validate', order());
    assert.deepEqual([checked.code, new Set(Object.values(checked.data))], [1, new Set([''])], JSON.stringify(checked));
    const placed = await tenant.post('racent', '/ssl/place', order());
    assert.deepEqual([placed.code, placed.data.DCVdnsHost], [1, ''], JSON.stringify(placed));
    const { certId } = placed.data;
    const collect = async () => (await tenant.post('racent', '/ssl/collect', { certId })).data;
    assert.equal((await collect()).application.status, 'notdone');
    await prepare();
    const first = await collect();
    assert.deepEqual(
      [first.application.status, first.DCVdnsHost, first.DCVdnsType, first.DCVdnsValue],
      ['done', '_up-1-1', 'CNAME', cname.target],
    );
    const update = { certId, domainName: name, dcvMethod: 'HTTP_CSR_HASH' };
    const changed = await tenant.post('racent', '/ssl/updateDCV', update);
    assert.deepEqual(
      [changed.code, changed.data.DCVfileName, changed.data.DCVfileContent, changed.data.DCVdnsValue],
      [1, 'up-1-1.txt', 'up-1-1', ''],
      JSON.stringify(changed),
    );
    await prove();
    await doors.app.advance(11);
    const file = await tenant.post('racent', '/ssl/validatefile', { certId, domain: name });
    assert.equal(file.code, 1, JSON.stringify(file));
    await doors.app.idle();
    assert.equal((await collect()).status, 'COMPLETE');
    assert.equal(upstream.orders.length, 1);
  });
});

describe('httpsok', () => {
  it('takes the application without a delegation, and shows the record afterwards', async () => {
    await open();
    const applied = await tenant.post('httpsok', '/v1/cert/apply', { domainList: [name] });
    assert.equal(applied.code, 0, JSON.stringify(applied));
    const show = async () => (await tenant.get('httpsok', `/v1/cert/apply/${applied.data}`)).data;
    const records = async () => (await tenant.post('httpsok', '/v1/cert/dv', { domainList: [name] })).data;
    assert.deepEqual(
      [(await show()).status, await records()],
      [2, { configs: [{ domain: name, host: '', hostValue: '', valid: false }], valid: false }],
    );
    await prepare();
    const [config] = (await records()).configs;
    assert.deepEqual(config, { domain: name, host: '_up-1-1.www', hostValue: cname.target, valid: false });
    await prove();
    await doors.app.advance(11);
    await records();
    await doors.app.idle();
    assert.equal((await show()).status, 1);
  });

  it('shows the record of the next certificate of an application', async () => {
    await open();
    await tenant.post('httpsok', '/v1/cert/apply', { domainList: [name] });
    await prepare();
    upstream.isProved = true;
    const records = async () => (await tenant.post('httpsok', '/v1/cert/dv', { domainList: [name] })).data;
    await doors.app.advance(11);
    await records();
    await doors.app.idle();
    upstream.isProved = false;
    const { items } = await tenant.get('native', '/api/v1/orders');
    const again = await tenant.post('native', `/api/v1/orders/${items[0].number}/reissue`, {
      csr,
      method: 'dnsCname',
    });
    assert.equal(again.issuance.state, 'awaitingValidation', JSON.stringify(again));
    upstream.prepare(upstream.orders[1]?.reference ?? assert.fail('the upstream has the second order'));
    await doors.app.advance(5);
    const [config] = (await records()).configs;
    assert.deepEqual(config, { domain: name, host: '_up-2-1.www', hostValue: 'up-2-1.upstream.example', valid: false });
  });

  it('refuses what the upstream proves by nothing that has a field here', async () => {
    await open({ relays: ['dnsTxt'] });
    const reply = await tenant.post('httpsok', '/v1/cert/apply', { domainList: [name] });
    assert.notEqual(reply.code, 0);
    assert.match(reply.msg, /httpsok/);
    assert.equal(upstream.orders.length, 0);
  });
});

describe('digicert', () => {
  const path = '/services/v2/order/certificate';
  const order = (method: string): Body => ({
    certificate: { common_name: name, csr, signature_hash: 'sha256' },
    validity_years: 1,
    dcv_method: method,
    payment_method: 'balance',
  });
  const put = async (rest: string, fields: Body) => {
    const key = await doors.keyTo('digicert', tenant.accountId as never, ['requester']);
    const request = new Request(`https://certs.example${path}/${rest}`, {
      method: 'PUT',
      headers: { ...key, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    });
    const response = await doors.fetch('digicert', request);
    const text = await response.text();
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
  };

  it('shows the value that is to be placed, and where', async () => {
    await open();
    tenant = await createTenant(doors, { currency: 'USD' });
    const placed = await tenant.post('digicert', `${path}/ssl_dv_geotrust_flex`, order('dns-txt-token'));
    assert.ok(Number.isInteger(placed.id), JSON.stringify(placed));
    assert.deepEqual([placed.dcv_random_value, placed.domains], [undefined, undefined]);
    const early = await put(`${placed.id}/dcv-random-value`, {});
    assert.equal(early.status, 503, JSON.stringify(early.body));
    await prepare();
    const value = await put(`${placed.id}/dcv-random-value`, {});
    assert.equal(value.body.dcv_random_value, 'up-1-1');
    const changed = await put(`${placed.id}/dcv-method`, { dcv_method: 'dns-cname-token' });
    assert.deepEqual(
      [changed.body.dcv_random_value, changed.body.verification_value],
      ['_up-1-1', cname.target],
      JSON.stringify(changed),
    );
    const validation = await tenant.get('digicert', `${path}/${placed.id}/validation`);
    const [ofName] = validation.dns_name_validations;
    assert.deepEqual([ofName.method, ofName.dcv_token.token], ['dns-cname-token', '_up-1-1']);
    await prove();
    const checked = await put(`${placed.id}/check-dcv`, {});
    await doors.app.idle();
    const info = await tenant.get('digicert', `${path}/${placed.id}`);
    assert.equal(info.status, 'issued', JSON.stringify(checked.body));
    assert.deepEqual([upstream.orders.length, countCalls('check')], [1, 1]);
  });

  it('leaves a record for which it has no field to the operator', async () => {
    await open();
    tenant = await createTenant(doors, { currency: 'USD' });
    upstream.hostOf = (base) => `_somewhere.else.${base}`;
    const { id } = await tenant.post('digicert', `${path}/ssl_dv_geotrust_flex`, order('dns-txt-token'));
    await prepare();
    const { issuance } = await doors.app.ports.orders.get(doors.app.operator, { number: id });
    assert.deepEqual([issuance.rest?.turn, issuance.rest?.reason.key], ['operator', 'nothingToShow']);
  });
});

describe('native', () => {
  it('shows every challenge, and its operator the order at the upstream', async () => {
    await open();
    const placed = await tenant.post('native', '/api/v1/orders', {
      productCode: 'encryption365:100',
      csr,
      names: [name],
      method: 'dnsCname',
    });
    assert.match(placed.summary, /waits for the challenges/, JSON.stringify(placed));
    await prepare();
    const proofs = async () => (await tenant.get('native', `/api/v1/orders/${placed.id}`)).names[0].proofs;
    const [proof, ...others] = await proofs();
    assert.deepEqual([proof.method, proof.host, proof.target, others], ['dnsCname', cname.host, cname.target, []]);

    const key = await doors.keyTo('native', null, ['operator']);
    const ask = async (path: string) => {
      const headers = { authorization: `Bearer ${key.token}` };
      const response = await doors.fetch('native', new Request(`https://certs.example${path}`, { headers }));
      return JSON.parse(await response.text());
    };
    const listed = await ask('/api/v1/upstreams/orders?state=proving&limit=1');
    assert.deepEqual([listed.items[0].state, listed.items[0].reference, listed.nextCursor], ['proving', 'up-1', null]);
    const one = await ask(`/api/v1/upstreams/orders/${placed.issuance.id}`);
    assert.deepEqual(one, { ...listed.items[0], vendor: null, exchanges: [] });
    assert.ok(one.proofsUntil > doors.app.clock.now().toISOString());

    const changed = await tenant.post('native', `/api/v1/orders/${placed.id}/method`, { name, method: 'dnsTxt' });
    assert.deepEqual([changed.names?.[0].proofs[0].value], ['up-1-1'], JSON.stringify(changed));
    await prove();
    await tenant.post('native', `/api/v1/orders/${placed.id}/check`);
    await doors.app.idle();
    assert.equal((await tenant.get('native', `/api/v1/orders/${placed.id}`)).state, 'active');
    assert.equal((await ask(`/api/v1/upstreams/orders/${placed.issuance.id}`)).state, 'issued');
  });
});

describe('wosign', () => {
  it('never relays: its products are refused with the reason, and not in the catalogue', async () => {
    await open();
    const { app } = doors;
    const caller = {
      ...app.operator,
      dialect: 'wosign',
      seesAllDialects: false,
      roles: ['requester'],
      scope: tenant.accountId,
    } as never;
    assert.deepEqual(await app.ports.catalogue.list(caller), []);
    const product = (await app.database.read.products.list('wosign'))[0] ?? assert.fail('there is a product');
    const key = await doors.keyTo('wosign', tenant.accountId as never, ['requester']);
    const input = { req_type: 'cert_apply', domain_name: [name], csr };
    const [operation] = wosign.operations;
    const { refusal, text } = await doors.call('wosign', operation?.id ?? '', input, key);
    assert.deepEqual([refusal, JSON.parse(text).result], ['unknownProduct', 'error'], text);
    const draft = { ...(await orderFor([name])), productCode: product.code, issuerId: 'embedded' };
    await assert.rejects(app.ports.orders.place(caller, draft), refused('doorCannotRelay'));
    assert.equal(upstream.orders.length, 0);
    // The same product through an API that can show the challenges is sold.
    const native = await tenant.post('native', '/api/v1/orders', {
      productCode: `wosign:${product.code}`,
      csr,
      names: [name],
    });
    assert.equal(native.state, 'open', JSON.stringify(native));
  });
});
