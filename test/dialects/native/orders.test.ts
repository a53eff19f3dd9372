import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { summaryOf } from '../../../src/dialects/native/order-summary.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../../src/pki/key.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import {
  createSession,
  firstNumber,
  issueOrder,
  lockedIssuer,
  type NativeSession,
  placeOrder,
  type SessionOptions,
  seedCsr,
} from './session.ts';

const productCode = 'encryption365:100';

function refusedWith(code: string, message?: RegExp) {
  return (thrown: unknown) =>
    thrown instanceof CertError && thrown.code === code && (message === undefined || message.test(thrown.message));
}

test('without names the order is for those of the CSR', async () => {
  const { client } = await createSession();
  const order = await client.orders.place({ productCode, csr: seedCsr });
  assert.deepEqual(
    order.names.map(({ name }) => name),
    ['trustocean.com'],
  );
});

test('the names of the CSR are a set, and what it asks for in vain is said, in the language of the caller', async () => {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const names = ['www.trustocean.com', 'WWW.Trustocean.com.', 'trustocean.com'].map(
    (value) => ({ kind: 'dns', value }) as const,
  );
  const der = await createCsr(
    { subject: { CN: 'trustocean.com' }, names, spkiDer },
    createLocalSigner(privateKeyPkcs8),
  );
  const { client } = await createSession();
  const namesOf = async (order: Promise<{ readonly names: readonly { readonly name: string }[] }>) =>
    (await order).names.map(({ name }) => name);
  const csr = der.toString('base64');
  const both = client.orders.place({ productCode: 'encryption365:108', csr });
  assert.deepEqual(await namesOf(both), ['trustocean.com', 'www.trustocean.com']);
  assert.ok(!('leftOut' in (await both).issuance));
  const one = await client.orders.place({ productCode, csr, names: ['www.trustocean.com'] });
  const leftOut = [
    { kind: 'dNSName', value: 'trustocean.com', text: 'the name trustocean.com of the CSR is not part of the order' },
  ];
  assert.deepEqual(one.issuance.leftOut, leftOut);
  assert.deepEqual((await client.orders.show({ order: one.id })).issuance.leftOut, leftOut);
});

test('ordered by e-mail, each name gets a mail to its first address, or all to the one that is named', async () => {
  const mail = createMailFake();
  const { client, app } = await createSession({ mail });
  const names = ['trustocean.com', 'www.trustocean.com'];
  const product = { productCode: 'encryption365:108', csr: seedCsr, names };
  const chosenIn = ({ names: all }: Awaited<ReturnType<typeof client.orders.place>>) =>
    all.map(({ preferredMethod, proofs }) => {
      const proof = proofs.find(({ method }) => method === 'email');
      return `${preferredMethod} ${proof?.method === 'email' ? proof.chosen : ''}`;
    });
  const byDefault = await client.orders.place({ ...product, method: 'email' });
  assert.deepEqual(chosenIn(byDefault), ['email admin@trustocean.com', 'email admin@trustocean.com']);
  await app.idle();
  assert.deepEqual(
    mail.sent.map(({ to }) => to),
    ['admin@trustocean.com'],
    'one mail for both',
  );
  const address = 'Webmaster@trustocean.com';
  const named = await client.orders.place({ ...product, method: 'email', address });
  assert.deepEqual(chosenIn(named), ['email webmaster@trustocean.com', 'email webmaster@trustocean.com']);
  const orders = (await client.orders.list({})).items.length;
  await assert.rejects(
    client.orders.place({ ...product, method: 'email', address: 'jill@trustocean.com' }),
    refusedWith('invalidField', /jill@trustocean\.com.*trustocean\.com.*admin@trustocean\.com/),
  );
  await assert.rejects(
    client.orders.place({ ...product, method: 'dnsTxt', address }),
    refusedWith('invalidField', /address.*must be left out unless method is email/),
  );
  assert.equal((await client.orders.list({})).items.length, orders, 'a refusal orders nothing');
});

test('without a mail server nothing is ordered by e-mail', async () => {
  const { client } = await createSession({ mail: null });
  await assert.rejects(
    client.orders.place({ productCode, csr: seedCsr, method: 'email' }),
    refusedWith('unsupported', /no mail server is configured/),
  );
  assert.deepEqual((await client.orders.list({})).items, []);
});

test('the products of every dialect are listed by the code that an order names', async () => {
  const { client } = await createSession();
  const { items, nextCursor } = await client.products.list({});
  assert.ok(items.length > 1);
  assert.ok(items.some((product) => product.productCode === productCode));
  assert.equal(nextCursor, null);
});

test('an order is found by id and by number', async () => {
  const session = await createSession();
  const { id } = await placeOrder(session);
  assert.equal((await session.client.orders.show({ order: id })).number, firstNumber);
  assert.equal((await session.client.orders.show({ order: String(firstNumber) })).id, id);
});

test('the list goes on where the cursor says', async () => {
  const session = await createSession();
  for (let i = 0; i < 3; i++) await placeOrder(session);
  const first = await session.client.orders.list({ limit: 2 });
  assert.deepEqual(
    first.items.map(({ number }) => number),
    [19, 18],
  );
  assert.ok(first.nextCursor !== null);
  const second = await session.client.orders.list({ limit: 2, cursor: first.nextCursor });
  assert.deepEqual(
    second.items.map(({ number }) => number),
    [17],
  );
  assert.equal(second.nextCursor, null);
});

test('a wildcard is expected to be proved by DNS, other names by file, unless the caller says otherwise', async () => {
  const { client } = await createSession();
  const place = (names: string[], method?: 'httpsFile') =>
    client.orders.place({ productCode: 'encryption365:108', csr: seedCsr, names, method });
  const methodOf = async (order: ReturnType<typeof place>) => (await order).names[0]?.preferredMethod;
  assert.equal(await methodOf(place(['example.com'])), 'httpFile');
  assert.equal(await methodOf(place(['*.example.com'])), 'dnsCname');
  assert.equal(await methodOf(place(['*.example.com'], 'httpsFile')), 'httpsFile');
});

test('a reissue keeps the names unless others are given', async () => {
  const session = await createSession();
  await issueOrder(session);
  const again = await session.client.orders.reissue({ order: String(firstNumber), csr: seedCsr });
  assert.equal(again.issuance.kind, 'reissue');
  assert.deepEqual(
    again.names.map(({ name }) => name),
    ['trustocean.com'],
  );
});

test('an operator orders for the account they name, and for nobody otherwise', async () => {
  const { operator, client } = await createSession();
  const account = await operator.accounts.create({ name: 'Shop' });
  const order = { productCode, csr: seedCsr };
  assert.equal((await operator.orders.place({ ...order, account: String(account.number) })).accountId, account.id);
  await assert.rejects(operator.orders.place(order), refusedWith('invalidField', /account is required/));
  await assert.rejects(operator.orders.place({ ...order, account: '99' }), refusedWith('notFound'));
  await assert.rejects(client.orders.place({ ...order, account: account.id }), refusedWith('notFound'));
  const own = (await client.me.show({})).account;
  assert.equal((await client.orders.place({ ...order, account: own?.id })).accountId, own?.id);
});

describe('what a name of the list is called in a refusal', () => {
  test('its place is named when it is empty', async () => {
    const { client } = await createSession();
    const order = client.orders.place({ productCode, csr: seedCsr, names: ['example.com', ' '] });
    await assert.rejects(order, refusedWith('badName', /names\[1\]/));
  });
});

describe('the summary', () => {
  const names = ['a.example', 'b.example'];
  const place = ({ client }: NativeSession) =>
    client.orders.place({ productCode: 'encryption365:108', csr: seedCsr, names });

  const prove =
    (...proved: readonly string[]) =>
    async (session: NativeSession) => {
      for (const name of proved) session.app.checks.place(name);
      await place(session);
      await session.app.idle();
    };
  const manual: SessionOptions = { account: { approval: 'manual' } };
  const rows: readonly (readonly [
    title: string,
    arrange: (session: NativeSession) => Promise<unknown>,
    text: string,
    options?: SessionOptions,
  ])[] = [
    ['at first', place, 'waits for the proof of control of 2 of 2 names'],
    ['with one proved', prove('a.example'), 'waits for the proof of control of 1 of 2 names'],
    ['with an issuer that does not sign', prove(...names), 'is being issued', { issuer: lockedIssuer }],
    ['issued', prove(...names), 'issued; the certificate ends on 2027-06-01'],
    ['held', place, 'waits for an approver', manual],
    ['cancelled', async (session) => session.client.orders.cancel({ order: (await place(session)).id }), 'cancelled'],
  ];
  for (const [title, arrange, text, options = {}] of rows) {
    test(`${title}: ${text}`, async () => {
      const session = await createSession(options);
      await arrange(session);
      assert.equal((await session.client.orders.show({ order: '17' })).summary, text);
    });
  }
});

test('between the last proof and the signature its summary says what comes next', async () => {
  const session = await createSession();
  await issueOrder(session);
  const [view = assert.fail('there is an order')] = await session.orders();
  const ready = {
    ...view,
    order: { ...view.order, state: 'open' },
    issuance: { ...view.issuance, state: 'ready' },
  } as const;
  assert.equal(summaryOf(ready, 'en'), 'every name is proved; about to be issued');
});

test('a CSR that names nothing needs names', async () => {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const der = await createCsr({ subject: {}, names: [], spkiDer }, createLocalSigner(privateKeyPkcs8));
  const { client } = await createSession();
  const csr = der.toString('base64');
  await assert.rejects(client.orders.place({ productCode, csr }), refusedWith('invalidField', /names is required/));
  assert.equal((await client.orders.place({ productCode, csr, names: ['example.com'] })).names.length, 1);
});

test('periods, validity and renewal are kept as they were requested', async () => {
  const session = await createSession();
  const plain = { productCode: 'encryption365:periods', csr: seedCsr };
  const order = await session.client.orders.place({ ...plain, periods: 3, validityDays: 30, isAutoRenewed: true });
  assert.deepEqual([order.isAutoRenewed, order.renewedBy], [true, null]);
  await session.client.orders.place({ ...plain, names: ['www.trustocean.com'] });
  assert.deepEqual(
    (await session.orders()).map(({ order: { coverage, isAutoRenewed }, issuance: { validity } }) => [
      coverage,
      validity,
      isAutoRenewed,
    ]),
    [
      [{ unit: 'years', count: 1 }, null, false],
      [{ unit: 'years', count: 3 }, { days: 30 }, true],
    ],
  );
});
