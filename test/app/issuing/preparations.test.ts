/** What must stand before an order is sent to an upstream: what is missing, whose turn it is, and that nothing is thrown for the network. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { aliasSecretName, createPreparations, dialectSecretName } from '../../../src/app/index.ts';
import { createLookUpDelegation } from '../../../src/dcv/delegation-standing.ts';
import { httpsok } from '../../../src/dialects/httpsok/index.ts';
import { type Reason, reason } from '../../../src/domain/errors.ts';
import type { Preparations } from '../../../src/domain/ports/preparations.ts';
import { delegationOf } from '../../../src/pki/delegation.ts';
import { probeAnswer } from '../../../src/pki/responder-probe.ts';
import { type Customer, createCustomer, names, startTestApp, type TestApp } from '../../support/app.ts';
import { createZoneFake, type ZoneFake } from '../../support/zone-fake.ts';

let app: TestApp;
let customer: Customer;
let zone: ZoneFake;
let preparations: Preparations;
const { signal } = new AbortController();

beforeEach(async () => {
  zone = createZoneFake();
  app = await startTestApp({ aliasZone: 'acme.example.net', lookUpDelegation: createLookUpDelegation(zone.resolver) });
  customer = await createCustomer(app);
  preparations = createPreparations(app.context);
});
afterEach(() => app.close());

const missingDelegation = (...texts: readonly string[]) =>
  preparations.missingDelegation(customer.account.id, names(...texts), signal);
const recordOf = (text: string) => {
  const [name] = names(text);
  return delegationOf(customer.account.id, name ?? assert.fail(), app.context.alias ?? assert.fail('a zone'));
};
const delegate = (text: string) => zone.set(recordOf(text).host, 'CNAME', recordOf(text).target);
const partsOf = (found: Reason | undefined) => found?.parts?.map(({ name, reason: { key } }) => [name, key]);

describe('the delegation of names', () => {
  it('is looked at once for a name and its wildcard, and not for addresses', async () => {
    delegate('example.com');
    assert.equal(await missingDelegation('example.com', '*.example.com', '192.0.2.1'), undefined);
    assert.deepEqual(zone.asked, ['_acme-challenge.example.com CNAME']);
  });

  it('has a reason for each name that lacks it', async () => {
    delegate('a.example.com');
    zone.set('_acme-challenge.c.example.com', 'CNAME', 'other.example');
    const found = await missingDelegation('a.example.com', 'b.example.com', 'c.example.com');
    assert.equal(found?.turn, 'customer');
    assert.deepEqual(partsOf(found?.reason), [
      ['b.example.com', 'delegationNoName'],
      ['c.example.com', 'delegationElsewhere'],
    ]);
  });

  it('through several records is what the upstream follows', async () => {
    const { host, target } = recordOf('example.com');
    zone.set(host, 'CNAME', 'dns.provider.example');
    zone.set('dns.provider.example', 'CNAME', target);
    assert.equal(await missingDelegation('example.com'), undefined);
  });

  it('is the customer’s to mend where the zone fails, and the operator’s where no resolver answers', async () => {
    const { host } = recordOf('example.com');
    const rows = [
      [reason('dnsServerFailure', { name: host, rcode: 'SERVFAIL' }), 'customer', 'delegationUnresolved'],
      [reason('dnsServerFailure', { name: host, rcode: 'REFUSED' }), 'operator', 'delegationUnchecked'],
      [reason('dnsTimeout', { name: host }), 'operator', 'delegationUnchecked'],
      [reason('resolversAway', {}), 'operator', 'delegationUnchecked'],
    ] as const;
    for (const [problem, turn, key] of rows) {
      zone.fail(host, problem);
      const found = await missingDelegation('example.com');
      assert.deepEqual([found?.turn, found?.reason.key], [turn, key], problem.key);
    }
  });

  it('of names inside is not read out to customers', async () => {
    zone.set('_acme-challenge.app.internal', 'CNAME', 'secret.corp.internal');
    const found = await missingDelegation('app.internal');
    assert.deepEqual(found, { turn: 'customer', reason: reason('delegationUnseen', recordOf('app.internal')) });
  });

  it('cannot be without a zone, which the operator has to configure', async () => {
    const without = createPreparations({ ...app.context, alias: null });
    const found = await without.missingDelegation(customer.account.id, names('example.com'), signal);
    assert.deepEqual([found?.turn, found?.reason.key], ['operator', 'aliasZoneMissing']);
  });

  it('has its labels under the secret that httpsok has had from the start', () => {
    assert.equal(aliasSecretName, dialectSecretName(httpsok.name, 'alias'));
    assert.ok(httpsok.secretPurposes?.includes('alias'));
  });
});

describe('our responder', () => {
  const unreachable = (...texts: readonly string[]) => preparations.unreachableResponder(names(...texts), signal);

  it('is looked for with a token of its own at every name, addresses too', async () => {
    const secret = app.context.responderSecret;
    const urls: string[] = [];
    app.hooks.answer(200, ({ url }) => {
      urls.push(url);
      return probeAnswer(secret, url.split('/').at(-1) ?? '') ?? '';
    });
    assert.equal(await unreachable('example.com', '192.0.2.1', '2001:db8::1'), undefined);
    const hosts = urls.map((url) => url.slice(0, url.indexOf('/.well-known/acme-challenge/certmux-')));
    assert.deepEqual(hosts, ['http://example.com', 'http://192.0.2.1', 'http://[2001:db8::1]']);
    assert.equal(new Set(urls.map((url) => url.split('/').at(-1))).size, 3);
  });

  it('is missing where something else answers, or nothing', async () => {
    app.hooks.answer(200, () => 'index.html');
    assert.deepEqual((await unreachable('example.com'))?.reason.key, 'responderOther');
    app.hooks.answer(404);
    assert.deepEqual((await unreachable('example.com'))?.reason.key, 'responderUnreachable');
    const refused = { url: 'http://example.com/', peer: '10.0.0.9:80', detail: 'ECONNREFUSED' };
    app.hooks.fail({ problem: reason('httpConnectFailed', refused), isPublic: false });
    const found = await unreachable('example.com');
    assert.deepEqual([found?.turn, found?.reason.key], ['customer', 'responderUnreachable']);
    assert.ok(!JSON.stringify(found).includes('10.0.0.9'), 'customers do not read internal addresses');
    app.hooks.fail({ problem: reason('resolversAway', {}), isPublic: false });
    assert.equal((await unreachable('example.com'))?.turn, 'operator');
  });
});

describe('a record that stays', () => {
  const at = { issuers: ['ca.example'], accountUrl: 'https://ca.example/acct/1' };
  const missing = (texts: readonly string[], of = at as Parameters<Preparations['missingRecord']>[1]) =>
    preparations.missingRecord(names(...texts), of, signal);

  it('names the CA and our account, at the name or at a parent that allows those below', async () => {
    const found = await missing(['www.example.com']);
    assert.equal(found?.turn, 'customer');
    assert.equal(found?.reason.key, 'persistentRecordMissing');
    app.checks.placeText(
      '_validation-persist.example.com',
      'ca.example; accounturi=https://ca.example/acct/1; policy=wildcard',
    );
    assert.equal(await missing(['www.example.com', '*.example.com', 'example.com']), undefined);
  });

  it('of another account is none', async () => {
    app.checks.placeText('_validation-persist.example.com', 'ca.example; accounturi=https://ca.example/acct/2');
    assert.equal((await missing(['example.com']))?.reason.key, 'persistentRecordMissing');
  });

  it('waits for the operator while we have no account there', async () => {
    const found = await missing(['example.com'], { ...at, accountUrl: null });
    assert.deepEqual(found, { turn: 'operator', reason: reason('persistentAccountUnknown', {}) });
  });
});
