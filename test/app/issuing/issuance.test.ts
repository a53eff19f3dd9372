/** From proved names to a certificate: what is committed before anything is signed, and what a crash leaves. */

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, it } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import type { Issuer, SignOutcome, SignRequest } from '../../../src/domain/ports/issuer.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import {
  type Customer,
  createCustomer,
  issue,
  place,
  restartAndTakeUp,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createSubscriber } from '../../support/subscriber.ts';
import { until } from '../../support/system.ts';

let app: TestApp;
afterEach(() => app.close());

const daySeconds = 86_400;
const failedJobs = async () => (await app.ports.operation.failedJobs(app.operator, { limit: 10 })).items;
const see = ({ caller }: Customer, { order }: OrderView) => app.ports.orders.get(caller, order);
const certificatesOf = ({ caller }: Customer) => app.ports.certificates.list(caller, { limit: 100 });

type Sign = (sign: () => Promise<SignOutcome>, request: SignRequest, calls: number) => Promise<SignOutcome>;

/** The embedded issuer with a way of its own to sign. */
function issuerThat(signs: Sign): NonNullable<TestAppOptions['issuer']> {
  let calls = 0;
  return (embedded): Issuer => ({
    ...embedded,
    sign: (request, signal) => signs(() => embedded.sign(request, signal), request, ++calls),
  });
}

describe('a certificate', () => {
  it('is for exactly the names, by the plan, and chains to the root in three', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await issue(app, customer.caller, ['leaf.example', '*.leaf.example', '203.0.113.4']);
    const { certificate, chain, issuance } = view;
    assert.ok(certificate);
    assert.equal(issuance.plan, null, 'the certificate says all of it');
    const [leaf, intermediate, root] = [certificate.der, ...chain].map((der) => new X509Certificate(Buffer.from(der)));
    assert.ok(leaf && intermediate && root);
    assert.equal(chain.length, 2);
    assert.ok(
      leaf.verify(intermediate.publicKey) && intermediate.verify(root.publicKey) && root.verify(root.publicKey),
    );
    assert.equal(leaf.subjectAltName, 'DNS:leaf.example, DNS:*.leaf.example, IP Address:203.0.113.4');
    assert.equal(leaf.serialNumber.toLowerCase().replace(/^0+/, ''), certificate.serial.replace(/^0+/, ''));
    assert.deepEqual([leaf.validFromDate, leaf.validToDate], [certificate.notBefore, certificate.notAfter]);
    assert.deepEqual(certificate.names, ['leaf.example', '*.leaf.example', '203.0.113.4']);
  });

  it('of an RSA key is signed by RSA all the way up', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const { csrDer: csr } = await createSubscriber('rsa.example', { type: 'rsa', bits: 2048 });
    const { certificate, chain } = await issue(app, caller, ['rsa.example'], { csr });
    assert.ok(certificate);
    for (const der of [certificate.der, ...chain]) {
      assert.equal(new X509Certificate(Buffer.from(der)).publicKey.asymmetricKeyType, 'rsa');
    }
  });

  it('starts the coverage of its order, which is active from then on', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app, { balanceMinor: 100_00 });
    const view = await place(app, customer.caller, ['cover.example'], { productCode: 'month' });
    app = await app.restart({ afterSeconds: daySeconds });
    app.checks.place('cover.example');
    await app.advance(3600);
    const { order } = await see(customer, view);
    assert.deepEqual([order.state, order.coverageFrom?.toISOString()], ['active', '2026-06-02T00:00:00.000Z']);
    assert.equal(order.coverageUntil?.toISOString(), '2026-07-02T00:00:00.000Z');
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: order.id });
    assert.equal(items[0]?.kind, 'certificate.issued');
  });

  const ends = [
    ['100', '2026-08-29T23:59:59.000Z', '90 days of coverage'],
    ['month', '2026-06-30T23:59:59.000Z', 'a month of coverage'],
    ['paid', '2027-05-31T23:59:59.000Z', 'a year of coverage, in one certificate'],
    ['public', '2026-12-16T23:58:59.000Z', '199 days from a notBefore that lies a minute back, both ends included'],
  ] as const;
  for (const [productCode, notAfter, why] of ends) {
    it(`of product ${productCode} ends ${notAfter}: ${why}`, async () => {
      app = await startTestApp();
      const { caller } = await createCustomer(app, { balanceMinor: 1_000_00 });
      const { certificate } = await issue(app, caller, ['end.example.com'], { productCode });
      assert.equal(certificate?.notAfter.toISOString(), notAfter);
      assert.equal(certificate?.notBefore.toISOString(), '2026-05-31T23:59:00.000Z');
    });
  }
});

describe('a crash', () => {
  it('after the plan is committed leaves a row that resumes with the same serial', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    await issue(app, customer.caller, ['crash.example']);
    app = await app.restart({ works: false });
    const view = await place(app, customer.caller, ['crash.example']);
    assert.equal(view.issuance.state, 'issuing');
    const stored = await app.database.read.issuances.get(view.issuance.id);
    assert.deepEqual(stored?.plan, view.issuance.plan);
    assert.equal((await certificatesOf(customer)).items.length, 1);

    app = await restartAndTakeUp(app, { afterSeconds: daySeconds });
    const { certificate, issuance } = await see(customer, view);
    assert.equal(certificate?.serial, view.issuance.plan?.serial);
    assert.deepEqual(certificate?.notAfter, view.issuance.plan?.notAfter);
    assert.equal(issuance.plan, null);
    assert.equal((await certificatesOf(customer)).items.length, 2);
  });

  it('between signature and certificate row signs again for the same row', async () => {
    const serials: string[] = [];
    const issuer = issuerThat(async (sign, request, calls) => {
      serials.push(request.plan.serial);
      const outcome = await sign();
      if (calls === 1) throw new Error('the power went out');
      return outcome;
    });
    app = await startTestApp({ issuer });
    const customer = await createCustomer(app);
    const view = await issue(app, customer.caller, ['power.example']);
    assert.equal(view.issuance.state, 'issuing');
    await app.advance(1);
    const { certificate } = await see(customer, view);
    assert.deepEqual(serials, [certificate?.serial, certificate?.serial]);
    assert.equal((await certificatesOf(customer)).items.length, 1);
  });

  it('of a server that dies while the issuer works is taken up by the next', async () => {
    const issuer = issuerThat((_, __, calls) => {
      assert.equal(calls, 1);
      return new Promise(() => {});
    });
    app = await startTestApp({ issuer });
    const customer = await createCustomer(app);
    app.checks.place('hang.example');
    const view = await place(app, customer.caller, ['hang.example']);
    const state = async () => (await app.database.read.issuances.get(view.issuance.id))?.state;
    await until(async () => (await state()) === 'issuing', 'it is being signed');
    const planned = await app.database.read.issuances.get(view.issuance.id);
    app = await app.restart({ issuer: (embedded) => embedded });
    await app.idle();
    const { certificate } = await see(customer, view);
    assert.equal(certificate?.serial, planned?.plan?.serial);
  });
});

describe('the issuer', () => {
  it('may refuse: the order fails with its reason and gets its money back', async () => {
    const refusal = reason('issuerRefused', { issuer: 'embedded', detail: 'CAA forbids it' });
    app = await startTestApp({ issuer: issuerThat(async () => ({ kind: 'refused', reason: refusal })) });
    const customer = await createCustomer(app, { balanceMinor: 100_00 });
    const { order, issuance } = await issue(app, customer.caller, ['refused.example'], { productCode: 'paid' });
    assert.deepEqual([order.state, issuance.state, issuance.failure], ['failed', 'failed', refusal]);
    assert.equal((await app.ports.accounts.get(customer.caller)).balanceMinor, 100_00);
    const { items: lines } = await app.ports.accounts.ledger(app.operator, customer.account.id, { limit: 2 });
    assert.deepEqual(
      lines.map(({ kind, amountMinor, orderId }) => [kind, amountMinor, orderId]),
      [
        ['refund', 100_00, order.id],
        ['charge', -100_00, order.id],
      ],
    );
    assert.equal(await app.database.read.jobs.get('issue', issuance.id), undefined);
    assert.equal((await certificatesOf(customer)).items.length, 0);
  });

  it('that fails for now is asked again after 1, 2, 5 and 10 s', async () => {
    const asked: number[] = [];
    const issuer = issuerThat(async (sign, _, calls) => {
      asked.push(app.clock.monotonicMs() / 1000);
      if (calls < 5) throw new Error('no answer');
      return sign();
    });
    app = await startTestApp({ issuer });
    const customer = await createCustomer(app);
    const view = await issue(app, customer.caller, ['flaky.example']);
    for (let i = 0; i < 20; i++) await app.advance(1);
    assert.deepEqual(asked, [0, 1, 3, 8, 18]);
    assert.equal((await see(customer, view)).issuance.state, 'issued');
  });

  it('that never works is given up: the order fails, with its money back, and the operator sees the job', async () => {
    app = await startTestApp({ issuer: issuerThat(() => Promise.reject(new Error('the token is locked'))) });
    const customer = await createCustomer(app, { balanceMinor: 100_00 });
    const view = await issue(app, customer.caller, ['locked.example'], { productCode: 'paid' });
    for (let i = 0; i < 60 && (await failedJobs()).length === 0; i++) await app.advance(300);
    const [job] = await failedJobs();
    assert.deepEqual(
      [job?.kind, job?.subject, job?.attempts, job?.lastError],
      ['issue', view.issuance.id, 50, 'the token is locked'],
    );
    const { order, issuance } = await see(customer, view);
    assert.deepEqual([order.state, issuance.state], ['failed', 'failed']);
    assert.deepEqual(issuance.failure, { key: 'workFailed', params: { what: 'issuance', attempts: 50 } });
    assert.equal((await app.ports.accounts.get(customer.caller)).balanceMinor, 100_00);
    const { items } = await app.ports.events.list(app.operator, { limit: 3 });
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ['job.failed', 'order.failed', 'issuance.failed'],
    );
  });

  it('that is taken out of the configuration leaves the order waiting, not lost', async () => {
    app = await startTestApp();
    const customer = await createCustomer(app);
    const view = await place(app, customer.caller, ['gone.example']);
    await app.idle();
    await app.database.write((tx) => tx.products.put({ ...view.product, issuerId: 'gone' }));
    app.checks.place('other.example');
    const without = await place(app, customer.caller, ['other.example']);
    await app.idle();
    const { state, rest } = (await see(customer, without)).issuance;
    assert.equal(state, 'awaitingValidation');
    assert.deepEqual([rest?.turn, rest?.reason], ['operator', reason('issuerUnavailable', { issuer: 'gone' })]);
    const job = await app.database.read.jobs.get('validate', without.issuance.id);
    assert.equal(job?.state, 'waiting');
  });
});

describe('a poll', () => {
  let isSigning = false;
  const slowIssuer = (ms: number) => {
    isSigning = false;
    return issuerThat(async (sign) => {
      isSigning = true;
      await app.clock.sleep(ms);
      return sign();
    });
  };

  it('waits for a signature that is under way, so that it sees the certificate', async () => {
    app = await startTestApp({ issuer: slowIssuer(1000) });
    const customer = await createCustomer(app);
    app.checks.place('poll.example');
    const view = await place(app, customer.caller, ['poll.example']);
    await until(() => isSigning, 'it is being signed');
    const polled = see(customer, view);
    await app.clock.advance(1000);
    assert.equal((await polled).issuance.state, 'issued');
    assert.ok((await polled).certificate);
  });

  it('waits for two seconds and no longer', async () => {
    app = await startTestApp({ issuer: slowIssuer(10_000) });
    const customer = await createCustomer(app);
    app.checks.place('poll.example');
    const view = await place(app, customer.caller, ['poll.example']);
    await until(() => isSigning, 'it is being signed');
    let isAnswered = false;
    const polled = see(customer, view).finally(() => {
      isAnswered = true;
    });
    await app.clock.advance(1999);
    assert.ok(!isAnswered);
    await app.clock.advance(1);
    assert.equal((await polled).issuance.state, 'issuing');
    await app.clock.advance(8000);
    await app.idle();
    assert.equal((await see(customer, view)).issuance.state, 'issued');
  });
});
