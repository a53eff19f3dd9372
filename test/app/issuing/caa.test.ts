/** CAA before a certificate is signed: who may issue, what is looked up when, and what becomes of orders that may not be issued. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { CaaOutcome } from '../../../src/domain/caa.ts';
import { reason } from '../../../src/domain/errors.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { createCustomer, place, startTestApp, type TestApp, type TestAppOptions } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

const checking = defaultProfiles.map((profile) => ({ ...profile, checksCaa: true }));
const hourSeconds = 3600;

/** Records by name; `away`: the resolver answers nothing of use. */
type Zone = Record<string, readonly string[] | 'away'>;

function lookUpIn(zone: Zone, asked: string[] = []) {
  return async (name: string): Promise<CaaOutcome> => {
    asked.push(name);
    const found = zone[name] ?? [];
    if (found === 'away') return { ok: false, problem: reason('dnsServerFailure', { name, rcode: 'SERVFAIL' }) };
    const records = found.map((line) => {
      const [, flags = '', tag = '', value = ''] = /^(\d+) (\S+) (.*)$/.exec(line) ?? assert.fail(line);
      return { flags: Number(flags), tag, value };
    });
    return { ok: true, answer: { foundAt: records.length === 0 ? null : name, records } };
  };
}

async function start(zone: Zone, options: TestAppOptions = {}) {
  const asked: string[] = [];
  app = await startTestApp({ profiles: checking, lookUpCaa: lookUpIn(zone, asked), ...options });
  const customer = await createCustomer(app, { balanceMinor: 1_000_00 });
  return { caller: customer.caller, asked };
}

/** Placed and proved. */
async function order(caller: Awaited<ReturnType<typeof start>>['caller'], ...names: readonly string[]) {
  for (const name of names) app.checks.place(name);
  const view = await place(app, caller, names);
  await app.idle();
  return { view, see: () => app.ports.orders.get(caller, view.order) };
}

describe('a certificate is signed', () => {
  const allowed: readonly (readonly [why: string, records: readonly string[]])[] = [
    ['where there are no records', []],
    ['where they name the CA', ['0 issue ca.example']],
    ['by the method that proved it', ['0 issue ca.example; validationmethods=ca-http-file,dns-01']],
  ];
  for (const [why, records] of allowed) {
    it(why, async () => {
      const { caller, asked } = await start({ 'www.example.com': records });
      const { see } = await order(caller, 'www.example.com');
      assert.equal((await see()).issuance.state, 'issued');
      assert.deepEqual(asked, ['www.example.com']);
    });
  }

  it('without a look where the profile does not ask', async () => {
    const { caller, asked } = await start({ 'www.example.com': ['0 issue ;'] }, { profiles: defaultProfiles });
    const { see } = await order(caller, 'www.example.com');
    assert.equal((await see()).issuance.state, 'issued');
    assert.deepEqual(asked, []);
  });
});

describe('nothing is signed', () => {
  const forbidden: readonly (readonly [why: string, records: readonly string[]])[] = [
    ['where the records name another CA', ['0 issue other.example']],
    ['where a critical tag is unknown', ['128 future x', '0 issue ca.example']],
    ['for another method', ['0 issue ca.example; validationmethods=dns-01']],
    [
      'for an account that nobody here has',
      ['0 issue ca.example; accounturi=https://certs.example/acme/default/account/1'],
    ],
  ];
  for (const [why, records] of forbidden) {
    it(`${why}: the order fails, is paid back, and says which record`, async () => {
      const { caller } = await start({ 'www.example.com': records });
      const balance = async () => (await app.ports.accounts.get(caller)).balanceMinor;
      const before = await balance();
      const { see } = await order(caller, 'www.example.com');
      const { issuance, order: failed } = await see();
      assert.equal(issuance.state, 'failed');
      assert.equal(failed.state, 'failed');
      assert.equal(issuance.failure?.key, 'caaProhibits');
      assert.match(JSON.stringify(issuance.failure), /www\.example\.com/);
      assert.deepEqual(await balance(), before);
    });
  }

  it('for a wildcard that issuewild forbids, while the name itself is allowed', async () => {
    const { caller } = await start({ 'example.com': ['0 issue ca.example', '0 issuewild ;'] });
    const { see } = await order(caller, 'example.com', '*.example.com');
    const { failure } = (await see()).issuance;
    assert.equal(failure?.key, 'caaProhibits');
    assert.equal(failure?.key === 'caaProhibits' && failure.params.name, '*.example.com');
  });
});

describe('a look-up that fails', () => {
  it('lets the order rest, ready, with the reason, and looks again by the schedule until it is answered', async () => {
    const zone: Zone = { 'www.example.com': 'away' };
    const { caller, asked } = await start(zone);
    const { see } = await order(caller, 'www.example.com');
    const { issuance } = await see();
    assert.equal(issuance.state, 'ready');
    assert.equal(issuance.rest?.reason.key, 'caaUnavailable');
    assert.equal(issuance.rest?.turn, 'customer');
    await app.advance(2);
    assert.equal(asked.length, 2);
    delete zone['www.example.com'];
    await app.advance(5);
    const after = (await see()).issuance;
    assert.equal(after.state, 'issued');
    assert.equal(after.rest, null);
  });

  it('is repeated at once when somebody asks for a check', async () => {
    const zone: Zone = { 'www.example.com': 'away' };
    const { caller } = await start(zone);
    const { view, see } = await order(caller, 'www.example.com');
    await app.advance(hourSeconds);
    delete zone['www.example.com'];
    await app.ports.proving.recheck(caller, view.order);
    await app.idle();
    assert.equal((await see()).issuance.state, 'issued');
  });

  it('ends the order when it goes on for as long as names may take to be proved', async () => {
    const { caller } = await start({ 'www.example.com': 'away' });
    const { see } = await order(caller, 'www.example.com');
    await app.advance(30 * 24 * hourSeconds);
    await app.advance(2 * hourSeconds);
    const { issuance } = await see();
    assert.equal(issuance.state, 'failed');
    assert.equal(issuance.failure?.key, 'caaUnavailable');
  });
});

describe('evidence', () => {
  it('serves every order of the name for eight hours', async () => {
    const { caller, asked } = await start({});
    await order(caller, 'www.example.com');
    await app.advance(7 * hourSeconds);
    await order(caller, 'www.example.com');
    assert.equal(asked.length, 1);
    await app.advance(2 * hourSeconds);
    const { see } = await order(caller, 'www.example.com');
    assert.equal((await see()).issuance.state, 'issued');
    assert.equal(asked.length, 2);
  });

  it('that forbids is looked up again for the next order', async () => {
    const zone: Zone = { 'www.example.com': ['0 issue other.example'] };
    const { caller } = await start(zone);
    await order(caller, 'www.example.com');
    zone['www.example.com'] = ['0 issue ca.example'];
    await app.advance(600);
    const { see } = await order(caller, 'www.example.com');
    assert.equal((await see()).issuance.state, 'issued');
  });

  it('outlives a restart in the middle', async () => {
    const zone: Zone = { 'www.example.com': 'away' };
    const { caller } = await start(zone);
    const { view } = await order(caller, 'www.example.com');
    app = await app.restart({ profiles: checking, lookUpCaa: lookUpIn({}) });
    await app.idle();
    await app.advance(10);
    assert.equal((await app.ports.orders.get(caller, view.order)).issuance.state, 'issued');
  });
});
