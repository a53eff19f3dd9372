/** What an approver sees of a request is what is issued. */

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Approval } from '../../../src/domain/approval.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import type { ApprovalEffect } from '../../../src/domain/certificate-terms.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../../src/pki/key.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  place,
  reissueFor,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

let app: TestApp;
let customer: Customer;
let approver: Caller;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app, { approval: 'manual', balanceMinor: 100_000_00 });
  approver = await createCaller(app, customer.account, { dialect: 'native', roles: ['approver'] });
  for (const name of ['a.example', 'b.example', 'c.example']) app.checks.place(name);
});
afterEach(() => app.close());

const dayMs = 86_400_000;
const organization = { name: 'Example Ltd', city: 'Shanghai', state: 'Shanghai', country: 'CN' } as const;
const paid = { productCode: '108' } as const;

async function effectOf({ approval }: OrderView, caller = approver): Promise<ApprovalEffect> {
  assert.ok(approval, 'the request is one');
  return (await app.ports.orderPages.approval(caller, approval.id)).effect;
}

const decide = ({ approval }: Pick<OrderView, 'approval'>, approve = true) =>
  app.ports.approvals.decide(approver, { number: approval?.number ?? 0 }, { approve, note: '' });

async function approved(view: OrderView): Promise<OrderView> {
  await decide(view);
  await app.idle();
  return app.ports.orders.get(customer.caller, view.order);
}

async function csrOf(curve: 'P-256' | 'P-384'): Promise<Buffer> {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve });
  return createCsr({ subject: {}, names: [], spkiDer }, createLocalSigner(privateKeyPkcs8));
}

/** The same of a certificate's own bytes. */
function saidBy({ certificate }: OrderView) {
  const { names, keyName, spkiSha256, notBefore, notAfter, subject } = parseCertificate(
    certificate?.der ?? assert.fail('it is issued'),
  );
  return {
    names,
    key: { kind: keyName, sha256: spkiSha256 },
    days: Number(((notAfter.getTime() + 1000 - notBefore.getTime()) / dayMs).toFixed(2)),
    organization: subject.attributes.find(({ type }) => type === 'O')?.value ?? null,
  };
}

function shownIn(terms: ApprovalEffect['after']) {
  assert.ok(terms, 'there is one');
  const { names, key, validity, organization: named } = terms;
  return { names, key, days: validity?.days, organization: named?.name ?? null };
}

const reissue = async ({ order }: OrderView, texts: readonly string[], change: object = {}) =>
  app.ports.issuances.reissue(customer.caller, order, await reissueFor(texts, change));

describe('what a request changes', () => {
  it('is what is issued once it is approved: names, key, validity', async () => {
    const csr = await csrOf('P-256');
    const first = await place(app, customer.caller, ['a.example', 'b.example'], {
      ...paid,
      csr,
      validity: { days: 90 },
    });
    const effect = await effectOf(first);
    assert.equal(effect.before, null);
    assert.deepEqual(effect.price, { minor: first.order.totalMinor, currency: 'CNY' });
    const issued = await approved(first);
    assert.deepEqual(shownIn(effect.after), saidBy(issued));

    const asked = await reissue(issued, ['b.example', 'c.example'], { csr: await csrOf('P-384') });
    const change = await effectOf(asked);
    assert.equal(change.before?.certificateNumber, issued.certificate?.number);
    assert.deepEqual(shownIn(change.before), saidBy(issued));
    assert.equal(change.price?.minor, asked.issuance.chargedMinor);
    const reissued = await approved(asked);
    assert.deepEqual(shownIn(change.after), saidBy(reissued));
    assert.deepEqual(
      reissued.issuance.names.map(({ identifier }) => identifier.value),
      ['b.example', 'c.example'],
    );

    // Afterwards the same request shows the certificate that came of it, and still the one before.
    const later = await effectOf({ ...reissued, approval: asked.approval });
    assert.deepEqual(later.before, change.before);
    assert.equal(later.after?.certificateNumber, reissued.certificate?.number);
    assert.deepEqual(shownIn(later.after), saidBy(reissued));
  });

  it('says whether the organization of an OV order is verified yet', async () => {
    const view = await place(app, customer.caller, ['a.example'], { productCode: '118', organization });
    const { after } = await effectOf(view);
    assert.deepEqual(after?.organization, { name: 'Example Ltd', isVerified: false });
    const id = view.order.organizationId ?? assert.fail('it has one');
    await app.ports.organizations.verify(app.operator, { id }, { level: 'ov', verified: true, note: 'register' });
    const verified = await effectOf(view);
    assert.deepEqual(verified.after?.organization, { name: 'Example Ltd', isVerified: true });
    assert.deepEqual(shownIn(verified.after), saidBy(await approved(view)));
  });

  it('of a renewal begins with the certificate of the order that it renews', async () => {
    const first = await approved(await place(app, customer.caller, ['a.example'], paid));
    const renewal = await place(app, customer.caller, ['a.example'], { ...paid, renewalOf: first.order });
    const { before } = await effectOf(renewal);
    assert.equal(before?.certificateNumber, first.certificate?.number);
  });

  it('without a key says neither key nor validity', async () => {
    const view = await place(app, customer.caller, ['a.example.com'], { productCode: 'years', csr: null });
    const { after } = await effectOf(view);
    assert.deepEqual([after?.key, after?.validity], [null, null]);
  });

  it('of a revocation is what still ends, and nothing to issue or to pay', async () => {
    const view = await approved(await place(app, customer.caller, ['a.example'], paid));
    await app.ports.issuances.duplicate(customer.caller, view.order, await reissueFor(['a.example']));
    const duplicate = await app.ports.approvals.list(approver, { limit: 10, offset: 0, states: ['pending'] });
    await decide(duplicate.items[0] ?? assert.fail('the duplicate waits'));
    await app.idle();
    const wish = { reason: 'superseded', wish: {} } as const;
    const { approval } = await app.ports.revocations.request(customer.caller, { order: view.order }, wish);
    const effect = await effectOf({ ...view, approval });
    assert.deepEqual([effect.after, effect.price, effect.ends.length], [null, null, 2]);
    assert.equal(effect.before?.certificateNumber, view.certificate?.number);
    await decide({ approval });
    assert.deepEqual((await effectOf({ ...view, approval })).ends, []);
  });
});

describe('why the caller may not decide', () => {
  const whyInList = async (caller: Caller, { number }: Pick<Approval, 'number'>) => {
    const { items } = await app.ports.approvals.list(caller, { limit: 10, offset: 0, withWhy: true });
    return items.find(({ approval }) => approval.number === number)?.why?.key ?? null;
  };

  it('is the refusal of the call itself, on the page and in the list', async () => {
    const separate = await createCustomer(app, { approval: 'twoStep', separatesDuties: true, dialect: 'native' });
    const view = await place(app, separate.caller, ['a.example'], { productCode: 'encryption365:100' });
    const approval = view.approval ?? assert.fail('it waits');
    const other = await createCaller(app, separate.account, { dialect: 'native', roles: ['approver'] });
    const expected = new Map<Caller, string>([
      [separate.caller, 'roleMissing'],
      // Keys without a person count as one another.
      [other, 'approverIsRequester'],
    ]);
    for (const [caller, key] of expected) {
      const { why } = await effectOf(view, caller);
      assert.equal(why?.key, key);
      assert.equal(await whyInList(caller, approval), key);
      const call = app.ports.approvals.decide(caller, approval, { approve: true, note: '' });
      await assert.rejects(call, { reason: { key: key, params: why.params } });
    }
  });

  it('is nothing where they may, until it is decided', async () => {
    const view = await place(app, customer.caller, ['a.example'], paid);
    const approval = view.approval ?? assert.fail('it waits');
    assert.equal((await effectOf(view)).why, null);
    assert.equal(await whyInList(approver, approval), null);
    await decide(view);
    const keys: readonly unknown[] = [(await effectOf(view)).why?.key, await whyInList(approver, approval)];
    assert.deepEqual(keys, ['wrongState', 'wrongState']);
  });
});
