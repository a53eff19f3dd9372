/** Keys that must not be certified: who blocks them, where, and every moment at which that is looked at. */

import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, generatePrimeSync, sign } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError, renderReason } from '../../../src/domain/errors.ts';
import type { Issuer, LocalIssuer } from '../../../src/domain/ports/issuer.ts';
import type { OrderView, PlaceOrder } from '../../../src/domain/ports/orders.ts';
import { compromiseReport } from '../../../src/pki/compromise-report.ts';
import { keyHashOf, parseCsr } from '../../../src/pki/csr.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner } from '../../../src/pki/key.ts';
import { modulusFingerprint } from '../../../src/pki/key-fingerprint.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { rsaSpki } from '../../pki/support.ts';
import {
  anyCsr,
  type Customer,
  createCaller,
  createCustomer,
  issue,
  names,
  orderFor,
  origin,
  place,
  reissueFor,
  startTestApp,
  steadyProfiles,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { csrOf } from '../../support/key-csr.ts';
import { refused } from '../../support/refused.ts';
import { createSubscriber, type Subscriber } from '../../support/subscriber.ts';

let app: TestApp;
let one: Customer;
let other: Customer;
/** A key that both accounts certify. */
let shared: Subscriber;

async function begin(options: TestAppOptions = {}): Promise<void> {
  app = await startTestApp({ profiles: steadyProfiles, ...options });
  one = await createCustomer(app, {
    balanceMinor: 10_000_00,
    dialect: 'native',
    roles: ['administrator', 'requester'],
  });
  other = await createCustomer(app, { balanceMinor: 10_000_00, dialect: 'native', roles: ['administrator'] });
  shared = await createSubscriber('shared.example');
}

beforeEach(() => begin());
afterEach(() => app.close());

const paid = { productCode: 'encryption365:paid' } satisfies Partial<PlaceOrder>;
const hash = () => keyHashOf(shared.csrDer);
const csr = (name = 'shared.example') => csrOf(shared.privateKeyPkcs8, name);
const issued = async ({ caller }: Customer, name: string, change: Partial<PlaceOrder> = {}) =>
  issue(app, caller, [name], { ...paid, csr: await csr(name), ...change });
const see = (caller: Caller, { order }: OrderView) => app.ports.orders.get(caller, order);
const balance = async ({ caller }: Customer) => (await app.ports.accounts.get(caller)).balanceMinor;
const blockedKeys = async (caller: Caller) => (await app.ports.keyRegister.list(caller, { limit: 100 })).items;
const report = async () =>
  app.ports.keyRegister.reportCompromise(await compromiseReport(shared.privateKeyPkcs8), origin);
const decide = (scope: Customer['account']['id'] | null = null) =>
  app.ports.keyRegister.block(app.operator, { key: hash(), scope, note: 'found on a pastebin' });
const placing = async ({ caller }: Customer, change: Partial<PlaceOrder> = {}) =>
  app.ports.orders.place(caller, await orderFor(['shared.example'], { ...paid, csr: await csr(), ...change }));

async function changesNothing(ask: () => Promise<unknown>, error: object | ((thrown: unknown) => boolean)) {
  const before = await app.tables();
  await assert.rejects(ask, error);
  assert.deepEqual(await app.tables(), before);
}

async function eventsOf(kind: string) {
  const { items } = await app.ports.events.list(app.operator, { limit: 100 });
  return items.filter((event) => event.kind === kind);
}

describe('a blocked key', () => {
  it('is refused when it is ordered, in a dry run, for a reissue, a duplicate and as a CSR that comes later', async () => {
    const active = await issue(app, one.caller, ['shared.example'], paid);
    const waiting = await place(app, one.caller, ['later.example.com'], {
      productCode: 'encryption365:years',
      csr: null,
    });
    await decide();
    const request = await reissueFor(['shared.example'], { csr: await csr() });
    const asks: Readonly<Record<string, () => Promise<unknown>>> = {
      place: () => placing(one),
      check: async () =>
        app.ports.orders.check(one.caller, await orderFor(['shared.example'], { ...paid, csr: await csr() })),
      reissue: () => app.ports.issuances.reissue(one.caller, active.order, request),
      duplicate: () => app.ports.issuances.duplicate(one.caller, active.order, request),
      provideCsr: async () => app.ports.issuances.provideCsr(one.caller, waiting.order, await csr()),
      'place for another account': () => placing(other),
    };
    for (const [what, ask] of Object.entries(asks)) {
      await changesNothing(ask, (thrown) => {
        assert.ok(thrown instanceof CertError, what);
        assert.equal(thrown.code, 'badKey', what);
        assert.match(thrown.message, new RegExp(`${hash().slice(0, 16)} must not .* is blocked; make a new key`), what);
        return true;
      });
    }
  });

  it('keeps the same key from a reissue with it', async () => {
    const active = await issued(one, 'shared.example');
    await decide();
    const ask = async () =>
      app.ports.issuances.reissue(one.caller, active.order, await reissueFor(['shared.example'], { csr: 'same' }));
    await changesNothing(ask, refused('keyBlocked'));
  });

  it('in one account is certified for others', async () => {
    await app.ports.keyRegister.block(one.caller, { key: hash(), scope: null, note: '' });
    await changesNothing(() => placing(one), refused('keyBlocked'));
    assert.equal((await issued(other, 'shared.example')).issuance.state, 'issued');
  });

  it('fails an order that waits with it: refunded, with words that name the key and what to do', async () => {
    const before = await balance(one);
    const waiting = await place(app, one.caller, ['shared.example'], { ...paid, csr: await csr() });
    assert.notEqual(await balance(one), before);
    await decide();
    await app.advance(120);
    // Before its names are proved: nobody goes on for nothing.
    const { order, issuance } = await see(one.caller, waiting);
    assert.deepEqual([order.state, issuance.state], ['failed', 'failed']);
    const failure = issuance.failure ?? assert.fail();
    assert.match(renderReason(failure, 'en'), new RegExp(`begins with ${hash().slice(0, 16)} .*make a new key`));
    assert.match(renderReason(failure, 'zh'), new RegExp(`${hash().slice(0, 16)}.*请生成新密钥`));
    assert.equal(await balance(one), before);
    assert.equal((await app.ports.certificates.list(one.caller, { limit: 9 })).items.length, 0);
  });

  it('is seen by an order that is placed at the same moment, whichever commits first', async () => {
    app.checks.place('shared.example');
    // Its name is proved, so that placing commits to signing at once.
    await issue(app, one.caller, ['shared.example'], paid);
    const [blocked, placed] = await Promise.allSettled([decide(), placing(one)]);
    assert.equal(blocked.status, 'fulfilled');
    await app.idle();
    const { items } = await app.ports.keyRegister.certificates(app.operator, { key: hash(), limit: 9 });
    if (placed.status === 'rejected') assert.deepEqual(items, []);
    assert.deepEqual(
      items.filter(({ state }) => state === 'valid'),
      [],
    );
  });

  it('is not certified again by what follows by itself', async () => {
    await app.close();
    await begin({ upkeep: true });
    const view = await issued(one, 'shared.example.com', { productCode: 'encryption365:years', periods: 2 });
    await decide();
    app = await app.restart({ afterSeconds: 175 * 86_400 });
    await app.idle();
    const { items } = await app.ports.events.list(app.operator, { limit: 9, subject: view.order.id });
    const refusal = items.find(({ kind }) => kind === 'order.reissueFailed') ?? assert.fail();
    assert.match(String(refusal.data.message), /must not be certified/);
    assert.equal((await app.ports.keyRegister.certificates(one.caller, { key: hash(), limit: 9 })).items.length, 1);
  });

  it('that is blocked while its certificate is signed has that certificate revoked at once', async () => {
    await app.close();
    const holds: (() => Promise<unknown>)[] = [];
    const issuer = (embedded: LocalIssuer): Issuer => ({
      ...embedded,
      async sign(request, signal) {
        for (const hold of holds.splice(0)) await hold();
        return embedded.sign(request, signal);
      },
    });
    await begin({ issuer });
    holds.push(() => decide());
    const { certificate } = await issued(one, 'shared.example');
    assert.deepEqual([certificate?.state, certificate?.revocationReason], ['revoked', 'keyCompromise']);
  });
});

describe('a claim of compromise', () => {
  it('blocks the key in the account that makes it and nowhere else, and alarms the operator', async () => {
    const mine = await issued(one, 'a.example');
    await issued(other, 'b.example');
    await app.ports.revocations.revokeOrder(one.caller, mine.order, 'keyCompromise');
    await changesNothing(() => placing(one), refused('keyBlocked'));
    assert.equal((await issued(other, 'c.example')).issuance.state, 'issued');
    const [blocked] = await blockedKeys(app.operator);
    assert.deepEqual(
      [blocked?.fingerprint, blocked?.accountId, blocked?.source, blocked?.certificateId],
      [hash(), one.account.id, 'revocation', mine.certificate?.id],
    );
    assert.equal((await eventsOf('key.blocked')).length, 1);
    const warnings = app.log.lines.filter(
      ({ level, message }) => level === 'warn' && /compromised/.test(message ?? ''),
    );
    assert.equal(warnings.length, 1);
    assert.deepEqual(await blockedKeys(other.caller), [], 'nothing tells another tenant');
  });

  it('counts at every call that revokes, also where somebody else approves it', async () => {
    const doors: Readonly<Record<string, (view: OrderView) => Promise<unknown>>> = {
      revoke: ({ order }) => app.ports.revocations.revokeOrder(one.caller, order, 'keyCompromise'),
      revokeCertificate: ({ certificate }) =>
        app.ports.revocations.revokeCertificate(one.caller, certificate?.id ?? '', 'keyCompromise'),
      requestRevocation: ({ order }) =>
        app.ports.revocations.request(one.caller, { order }, { reason: 'keyCompromise', wish: {} }),
    };
    for (const [door, ask] of Object.entries(doors)) {
      const key = await createSubscriber('door.example');
      const view = await issue(app, one.caller, ['door.example'], { ...paid, csr: key.csrDer });
      await ask(view);
      const found = await app.ports.keyRegister.list(one.caller, { limit: 9, key: keyHashOf(key.csrDer) });
      assert.equal(found.items.length, 1, door);
    }
    const manual = await createCustomer(app, { approval: 'manual', dialect: 'native', balanceMinor: 1_000_00 });
    const approver = await createCaller(app, manual.account, { dialect: 'native', roles: ['approver'] });
    const view = await place(app, manual.caller, ['shared.example'], { ...paid, csr: await csr() });
    app.checks.place('shared.example');
    await app.ports.approvals.decide(approver, { order: view.order }, { approve: true, note: '' });
    await app.idle();
    await app.ports.revocations.revokeOrder(manual.caller, view.order, 'keyCompromise');
    assert.deepEqual(await blockedKeys(manual.caller), [], 'nobody has approved it');
    await app.ports.approvals.decide(app.operator, { order: view.order }, { approve: true, note: '' });
    const [blocked] = await blockedKeys(manual.caller);
    assert.deepEqual([blocked?.fingerprint, blocked?.accountId], [hash(), manual.account.id]);
  });

  it('blocks the key of an order that has no certificate yet', async () => {
    const { order } = await place(app, one.caller, ['shared.example'], { ...paid, csr: await csr() });
    await app.ports.revocations.revokeOrder(one.caller, order, 'keyCompromise');
    await changesNothing(() => placing(one), refused('keyBlocked'));
  });

  it('by the operator blocks the key everywhere', async () => {
    const mine = await issued(one, 'a.example');
    await app.ports.revocations.revokeCertificate(app.operator, mine.certificate?.id ?? '', 'keyCompromise');
    await changesNothing(() => placing(other), refused('keyBlocked'));
  });

  it('takes the place of a block that the account could lift, and alarms all the same', async () => {
    const mine = await issued(one, 'a.example');
    const request = { key: hash(), scope: one.account.id };
    await app.ports.keyRegister.block(one.caller, { ...request, note: 'beforehand' });
    await app.ports.revocations.revokeOrder(one.caller, mine.order, 'keyCompromise');
    const [blocked, ...others] = await blockedKeys(app.operator);
    assert.deepEqual([blocked?.source, blocked?.certificateId, others], ['revocation', mine.certificate?.id, []]);
    assert.equal(app.log.lines.filter(({ message }) => /compromised/.test(message)).length, 1);
    await changesNothing(() => app.ports.keyRegister.unblock(one.caller, request), refused('keyBlockStays'));
  });

  it('is lifted by the operator, not by the account that made it', async () => {
    const mine = await issued(one, 'a.example');
    await app.ports.revocations.revokeOrder(one.caller, mine.order, 'keyCompromise');
    const request = { key: hash(), scope: null };
    await changesNothing(() => app.ports.keyRegister.unblock(one.caller, request), refused('keyBlockStays'));
    await app.ports.keyRegister.unblock(app.operator, { key: hash(), scope: one.account.id });
    assert.equal((await issued(one, 'b.example')).issuance.state, 'issued');
    assert.equal((await eventsOf('key.unblocked')).length, 1);
  });
});

describe('a key that signs that it is compromised', () => {
  it('is blocked everywhere, at once for all who wait with it', async () => {
    const waiting = await place(app, other.caller, ['shared.example'], { ...paid, csr: await csr() });
    assert.deepEqual(await report(), { keyHash: hash() });
    await changesNothing(() => placing(one), refused('keyBlocked'));
    await changesNothing(() => placing(other), refused('keyBlocked'));
    app.checks.place('shared.example');
    await app.advance(120);
    assert.equal((await see(other.caller, waiting)).order.state, 'failed');
    assert.deepEqual(await report(), { keyHash: hash() }, 'a second report is no error');
    assert.equal((await eventsOf('key.blocked')).length, 1);
  });

  it('is shown with all its certificates to the operator, and with their own to tenants, who revoke only those', async () => {
    await issued(one, 'a.example');
    await issued(one, 'b.example');
    await issued(other, 'c.example');
    await report();
    const seenBy = async (caller: Caller) =>
      (await app.ports.keyRegister.certificates(caller, { key: hash(), limit: 9 })).items.flatMap(
        (found) => found.names,
      );
    assert.deepEqual(await seenBy(app.operator), ['c.example', 'b.example', 'a.example']);
    assert.deepEqual(await seenBy(one.caller), ['b.example', 'a.example']);
    assert.deepEqual(await seenBy(other.caller), ['c.example']);
    const stranger = await createCustomer(app, { dialect: 'native' });
    assert.deepEqual(await seenBy(stranger.caller), []);
    assert.deepEqual(await app.ports.keyRegister.revokeCertificates(one.caller, hash()), {
      revoked: 2,
      requested: 0,
      left: 0,
    });
    const states = async ({ caller }: Customer) =>
      (await app.ports.certificates.list(caller, { limit: 9 })).items.map((found) => found.revocationReason);
    assert.deepEqual(await states(one), ['keyCompromise', 'keyCompromise']);
    assert.deepEqual(await states(other), [null]);
    assert.deepEqual(await app.ports.keyRegister.revokeCertificates(app.operator, hash()), {
      revoked: 1,
      requested: 0,
      left: 0,
    });
    assert.deepEqual(await states(other), ['keyCompromise']);
    assert.deepEqual(await blockedKeys(stranger.caller), []);
  });

  it('must say so in the subject and sign it; nothing else blocks a key that others hold', async () => {
    const signed = await compromiseReport(shared.privateKeyPkcs8, 'shared.example');
    const forged = Buffer.from(await compromiseReport(shared.privateKeyPkcs8));
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    const rows: readonly [Uint8Array | string, string][] = [
      [shared.csrDer, 'proofSubject'],
      [signed, 'proofSubject'],
      [forged, 'csrSignatureInvalid'],
      ['no CSR', 'pemMalformed'],
    ];
    for (const [text, key] of rows) {
      await changesNothing(() => app.ports.keyRegister.reportCompromise(text, origin), refused(key as 'proofSubject'));
    }
  });

  it('is reported no more than 20 times in 15 minutes from one network', async () => {
    const from = (address: string) => app.ports.keyRegister.reportCompromise(shared.csrDer, { ...origin, address });
    for (let count = 0; count < 20; count++) await assert.rejects(from(`2001:db8::${count}`), refused('proofSubject'));
    await assert.rejects(from('2001:db8::ffff'), refused('keyReportsLimited'));
    await assert.rejects(from('2001:db8:0:1::1'), refused('proofSubject'), 'another network');
    await app.clock.advance(15 * 60_000);
    await assert.rejects(from('2001:db8::1'), refused('proofSubject'));
  });
});

describe('a key that certmux made', () => {
  async function madeFor(caller: Caller, name: string) {
    const view = await issue(app, caller, [name], { ...paid, csr: { make: 'P-256' } });
    return { view, key: await app.ports.issuances.privateKey(caller, view.order) };
  }

  it('is never certified for a CSR that comes from outside: not elsewhere, not in its own order', async () => {
    const { view, key } = await madeFor(one.caller, 'made.example');
    const outside = await csrOf(key, 'made.example');
    const request = await reissueFor(['made.example'], { csr: outside });
    const later = await place(app, one.caller, ['later.example.com'], {
      productCode: 'encryption365:years',
      csr: null,
    });
    const asks: Readonly<Record<string, () => Promise<unknown>>> = {
      'its owner elsewhere': () => placing(one, { csr: outside }),
      'its own CSR': () => placing(one, { csr: view.issuance.csr }),
      'another account': () => placing(other, { csr: outside }),
      reissue: () => app.ports.issuances.reissue(one.caller, view.order, request),
      duplicate: () => app.ports.issuances.duplicate(one.caller, view.order, request),
      later: () => app.ports.issuances.provideCsr(one.caller, later.order, outside),
      check: async () =>
        app.ports.orders.check(other.caller, await orderFor(['made.example'], { ...paid, csr: outside })),
    };
    for (const [what, ask] of Object.entries(asks)) {
      await changesNothing(ask, (thrown) => {
        assert.ok(refused('keyMadeHere')(thrown), what);
        return true;
      });
    }
  });

  it('is protected before its certificate is there, also where it is made later', async () => {
    const { issuance } = await place(app, one.caller, ['made.example'], { ...paid, csr: { make: 'P-256' } });
    await changesNothing(() => placing(other, { csr: issuance.csr }), refused('keyMadeHere'));
    const later = await place(app, one.caller, ['later.example.com'], {
      productCode: 'encryption365:years',
      csr: null,
    });
    const view = await app.ports.issuances.provideCsr(one.caller, later.order, { make: 'P-256' });
    await changesNothing(() => placing(other, { csr: view.issuance.csr }), refused('keyMadeHere'));
  });

  it('is followed by a new one in a reissue of its order', async () => {
    const { view } = await madeFor(one.caller, 'made.example');
    await app.ports.issuances.reissue(one.caller, view.order, await reissueFor(['made.example'], { csr: 'same' }));
    await app.idle();
    const again = await see(one.caller, view);
    assert.equal(again.issuance.state, 'issued');
    assert.notDeepEqual(again.issuance.csr, view.issuance.csr);
  });
});

describe('keys of lists', () => {
  it('whose private half is published are refused from the start, and nobody lifts that', async () => {
    // RFC 8032 §7.1, TEST 1.
    const pkcs8 = Buffer.from(
      '302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'hex',
    );
    const published = await csrOf(pkcs8, 'shared.example');
    await changesNothing(() => placing(one, { csr: published }), /published in a document/);
    const ask = { key: keyHashOf(published), scope: null };
    await changesNothing(() => app.ports.keyRegister.unblock(app.operator, ask), /published in RFC 8032/);
  });

  it('are known by a fingerprint of the modulus as well, as Debian has it, whatever the exponent', async () => {
    const rsa = await createSubscriber('shared.example', { type: 'rsa', bits: 2048 });
    const { publicKey } = parseCsr(rsa.csrDer);
    assert.ok(publicKey.type === 'rsa');
    const text = `# openssl-blacklist\n00000000000000000000\n${modulusFingerprint(publicKey.rsa)}\n`;
    const request = { text, firstLine: 1, scope: null, note: 'blacklist.RSA-2048' };
    assert.deepEqual(await app.ports.keyRegister.import(app.operator, request), { added: 2, known: 0 });
    assert.deepEqual(await app.ports.keyRegister.import(app.operator, request), { added: 0, known: 2 });
    await changesNothing(() => placing(one, { csr: rsa.csrDer }), /list of compromised and weak keys/);
  });

  it('are taken in every usual form, and none of a part with a line that is no key', async () => {
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => createSubscriber(`${name}.example`)));
    assert.ok(a && b && c);
    const base64 = Buffer.from(keyHashOf(b.csrDer), 'hex').toString('base64');
    const text = [
      '# a list',
      '',
      `${keyHashOf(a.csrDer).toUpperCase()}  a.example`,
      `sha256//${base64} # a pin`,
      ...c.csrPem.trimEnd().split('\n'),
      encodePem('PUBLIC KEY', parseCsr(shared.csrDer).publicKey.spkiDer),
    ];
    const request = { firstLine: 1, scope: null, note: '' };
    for (const [line, value] of [
      ['not a key', '"not a key"'],
      [`${keyHashOf(a.csrDer)}0`, keyHashOf(a.csrDer)],
      ['-----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY-----', '"-----BEGIN PRIVATE KEY-----"'],
      ['-----BEGIN PUBLIC KEY-----', 'BEGIN PUBLIC KEY'],
    ] as const) {
      const wrong = { ...request, firstLine: 1001, text: [...text, line].join('\n') };
      const message = new RegExp(`line ${1000 + text.join('\n').split('\n').length + 1} is not a key: .*${value}`);
      await changesNothing(() => app.ports.keyRegister.import(app.operator, wrong), {
        code: 'invalidField',
        message,
      });
    }
    const added = await app.ports.keyRegister.import(app.operator, { ...request, text: text.join('\n') });
    assert.deepEqual(added, { added: 4, known: 0 });
    assert.deepEqual(
      new Set((await blockedKeys(app.operator)).map(({ fingerprint }) => fingerprint)),
      new Set([a, b, c, shared].map(({ csrDer }) => keyHashOf(csrDer))),
    );
    const long = { ...request, text: '\n'.repeat(1002) };
    await changesNothing(() => app.ports.keyRegister.import(app.operator, long), /at most 1000 lines/);
  });
});

describe('who may block', () => {
  it('is the operator, everywhere and in any account; an administrator in their own', async () => {
    const key = hash();
    for (const scope of [null, one.account.id, other.account.id]) {
      const blocked = await app.ports.keyRegister.block(app.operator, { key, scope, note: 'x' });
      assert.equal(blocked.accountId, scope);
      await app.ports.keyRegister.unblock(app.operator, { key, scope });
    }
    const mine = await app.ports.keyRegister.block(one.caller, { key, scope: null, note: '' });
    assert.equal(mine.accountId, one.account.id);
    assert.deepEqual(
      await app.ports.keyRegister.block(one.caller, { key, scope: null, note: '' }),
      mine,
      'twice is no error',
    );
    const elsewhere = { key, scope: other.account.id, note: '', text: key, firstLine: 1 };
    const requester = await createCaller(app, one.account, { dialect: 'native', roles: ['requester', 'approver'] });
    for (const call of ['block', 'unblock', 'import'] as const) {
      await changesNothing(() => app.ports.keyRegister[call](one.caller, elsewhere), refused('roleMissing'));
      await changesNothing(
        () => app.ports.keyRegister[call](requester, { ...elsewhere, scope: null }),
        refused('roleMissing'),
      );
    }
    await app.ports.keyRegister.unblock(one.caller, { key, scope: null });
    await changesNothing(
      () => app.ports.keyRegister.unblock(one.caller, { key, scope: null }),
      refused('keyNotBlocked'),
    );
  });

  it('sees what is blocked in the own account; an operator sees all', async () => {
    await decide();
    await app.ports.keyRegister.block(one.caller, { key: keyHashOf(await anyCsr()), scope: null, note: '' });
    assert.equal((await blockedKeys(app.operator)).length, 2);
    assert.deepEqual(
      (await blockedKeys(one.caller)).map(({ accountId }) => accountId),
      [one.account.id],
    );
    assert.deepEqual(await blockedKeys(other.caller), []);
  });
});

describe('another exponent of an RSA key', () => {
  const refuses = async (pkcs8: Uint8Array, key: Parameters<typeof refused>[0]) => {
    const evil = await csrOf(withExponent(pkcs8, 65539n), 'shared.example');
    await changesNothing(() => placing(other, { csr: evil }), refused(key));
  };

  it('is refused after a report, also where only its hash was blocked before, until it is lifted', async () => {
    const pkcs8 = rsaKey();
    const key = keyHashOf(await csrOf(pkcs8, 'shared.example'));
    await app.ports.keyRegister.block(app.operator, { key, scope: null, note: '' });
    await app.ports.keyRegister.reportCompromise(await compromiseReport(pkcs8), origin);
    await refuses(pkcs8, 'keyBlocked');
    assert.equal((await blockedKeys(app.operator)).length, 1);
    await app.ports.keyRegister.unblock(app.operator, { key, scope: null });
    await placing(other, { csr: await csrOf(withExponent(pkcs8, 65539n), 'shared.example') });
  });

  it('is refused after a revocation, a decision and a list that have the key itself', async () => {
    const revoked = await createSubscriber('a.example', { type: 'rsa', bits: 2048 });
    const view = await issue(app, other.caller, ['a.example'], { ...paid, csr: revoked.csrDer });
    await app.ports.revocations.revokeOrder(other.caller, view.order, 'keyCompromise');
    await refuses(revoked.privateKeyPkcs8, 'keyBlocked');
    for (const block of [
      (pem: string) => app.ports.keyRegister.block(app.operator, { key: pem, scope: null, note: '' }),
      (pem: string) => app.ports.keyRegister.import(app.operator, { text: pem, firstLine: 1, scope: null, note: '' }),
    ]) {
      const pkcs8 = rsaKey();
      await block(encodePem('CERTIFICATE REQUEST', await csrOf(pkcs8, 'a.example')));
      await refuses(pkcs8, 'keyBlocked');
    }
  });

  it('is refused of a key that certmux made', async () => {
    const view = await issue(app, one.caller, ['made.example'], { ...paid, csr: { make: 'rsa' } });
    await refuses(await app.ports.issuances.privateKey(one.caller, view.order), 'keyMadeHere');
  });

  it('is refused of a published key', async () => {
    // RFC 7515 §A.2.
    const p = numberOf(
      '4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc',
    );
    const q = numberOf(
      'uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc',
    );
    const evil = await csrOf(keyOfPrimes(p, q, 65539n), 'shared.example');
    await changesNothing(() => placing(one, { csr: evil }), /published in a document/);
  });
});

const rsaKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'der', type: 'pkcs8' });

const numberOf = (base64Url: string) => BigInt(`0x${Buffer.from(base64Url, 'base64url').toString('hex')}`);

function withExponent(pkcs8: Uint8Array, exponent: bigint): Buffer {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const { p = '', q = '' } = key.export({ format: 'jwk' });
  return keyOfPrimes(numberOf(p), numberOf(q), exponent);
}

function keyOfPrimes(p: bigint, q: bigint, e: bigint): Buffer {
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const texts = Object.entries(numbers).map(([name, value]) => {
    const hex = value.toString(16);
    return [name, Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')];
  });
  const key = createPrivateKey({ key: { kty: 'RSA', ...Object.fromEntries(texts) }, format: 'jwk' });
  return key.export({ format: 'der', type: 'pkcs8' });
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [r, next, s, nextS] = [modulus, value % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = r / next;
    [r, next, s, nextS] = [next, r - quotient * next, nextS, s - quotient * nextS];
  }
  return ((s % modulus) + modulus) % modulus;
}

describe('a prime RSA modulus', () => {
  it('is refused although its CSR is signed as it should be', async () => {
    const prime = generatePrimeSync(2048, { bigint: true });
    const power = (base: bigint, exponent: bigint) => {
      let [result, square] = [1n, base % prime];
      for (let left = exponent; left > 0n; left >>= 1n) {
        if ((left & 1n) === 1n) result = (result * square) % prime;
        square = (square * square) % prime;
      }
      return result;
    };
    // Anybody computes the private exponent: φ(n) is n − 1, and the inverse of e follows from it (65537 is prime).
    const order = prime - 1n;
    const k = Array.from({ length: 65537 }, (_, i) => BigInt(i)).find((i) => (i * order + 1n) % 65537n === 0n);
    const d = ((k ?? assert.fail('e divides p − 1')) * order + 1n) / 65537n;
    // A signature of another key of the same size, opened, is the padded hash that this key signs.
    const helper = await createSubscriber('helper.example', { type: 'rsa', bits: 2048 });
    const padded = paddedHash(helper);
    const signer = {
      algorithm: createLocalSigner(helper.privateKeyPkcs8).algorithm,
      sign: (data: Uint8Array) => Buffer.from(power(padded(data), d).toString(16).padStart(512, '0'), 'hex'),
    };
    const weak = await createCsr({ subject: {}, names: names('shared.example'), spkiDer: rsaSpki(prime) }, signer);
    await changesNothing(() => placing(one, { csr: weak }), { code: 'badKey', message: /it is prime/ });
  });
});

/** EMSA-PKCS1-v1_5 of the data (RFC 8017 §9.2), as the number that a private key signs. */
function paddedHash({ privateKeyPkcs8, csrDer }: Subscriber): (data: Uint8Array) => bigint {
  const { publicKey } = parseCsr(csrDer);
  assert.ok(publicKey.type === 'rsa');
  const modulus = BigInt(`0x${publicKey.rsa.modulus.toString('hex')}`);
  const key = { key: Buffer.from(privateKeyPkcs8), format: 'der', type: 'pkcs8' } as const;
  return (data) => {
    const signature = BigInt(`0x${sign('sha256', data, key).toString('hex')}`);
    let [result, square] = [1n, signature];
    for (let left = 65537n; left > 0n; left >>= 1n) {
      if ((left & 1n) === 1n) result = (result * square) % modulus;
      square = (square * square) % modulus;
    }
    return result;
  };
}
