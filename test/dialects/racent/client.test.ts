/** The client half: against our own server, and against replies as other servers of this API give them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Secret } from '../../../src/dialects/kit/secret.ts';
import { createRacentClient, type NewOrder } from '../../../src/dialects/racent/client.ts';
import { administrator, baseUrl, createSession, csrPem, prove, type Session } from './harness.ts';

const order: NewOrder = {
  productCode: 'comodo-positive-multi-domain',
  years: 2,
  csrPem,
  names: [
    { name: 'a.example.com', method: 'CNAME_CSR_HASH' },
    { name: 'b.example.com', method: 'EMAIL', address: 'admin@example.com' },
  ],
  reference: 'A-1',
  uniqueValue: 'u7',
  contacts: { Administrator: administrator },
};

const clientOf = (session: Session) =>
  createRacentClient({ baseUrl, fetch: session.fetch, token: new Secret(session.token) });

describe('the client', () => {
  test('plays the whole life of an order', async () => {
    const session = await createSession();
    const client = clientOf(session);
    assert.equal((await client.products('sslTrus')).length, 8);
    await client.validateOrder(order);
    const { certId, DCVdnsValue } = await client.placeOrder(order);
    assert.match(DCVdnsValue, /\.u7\.sectigo\.com$/);
    assert.equal(await client.certIdByReference('A-1'), certId);
    await session.app.idle();
    assert.deepEqual(
      session.mail.sent.map(({ to }) => to),
      ['admin@example.com'],
    );
    prove(session.app, ['a.example.com']);
    await client.recheck(certId);
    const fields = await client.updateMethod(certId, { name: 'b.example.com', method: 'HTTP_CSR_HASH' });
    assert.match(fields.DCVfilePath, /^http:\/\/b\.example\.com\//);
    await session.app.advance(5);
    await client.removeName(certId, undefined);
    await session.app.advance(5);
    const { status, data } = await client.collect(certId);
    assert.equal(status, 'COMPLETE');
    assert.match(data.certificate, /^-----BEGIN CERTIFICATE-----/);
    const names = [{ name: 'a.example.com', method: 'CNAME_CSR_HASH' as const }];
    const replaced = await client.replace(certId, { csrPem, names });
    await session.app.advance(5);
    const reissued = await client.reissue(replaced.certId, 'test');
    await session.app.advance(5);
    assert.equal((await client.collect(replaced.certId)).status, 'REISSUED');
    await client.revoke(reissued.certId, 'keyCompromise');
    assert.equal((await client.collect(reissued.certId)).status, 'CANCELLED');
    await assert.rejects(client.cancel(reissued.certId, 'x'), { code: 'wrongState' });
    await assert.rejects(client.renew(reissued.certId, 1), { code: 'wrongState' });
  });

  test('keeps the kind of what our own server refuses', async () => {
    const session = await createSession({ balanceMinor: 100 });
    const client = clientOf(session);
    await assert.rejects(client.placeOrder(order), { code: 'insufficientBalance' });
    await assert.rejects(client.placeOrder({ ...order, productCode: 'x' }), { code: 'unknownProduct' });
    await assert.rejects(client.placeOrder({ ...order, csrPem: 'x' }), { code: 'badCsr' });
    await assert.rejects(client.placeOrder({ ...order, years: 9 }), { code: 'invalidField' });
    await assert.rejects(client.collect('x'), { code: 'notFound' });
    const stranger = createRacentClient({ baseUrl, fetch: session.fetch, token: new Secret('x') });
    await assert.rejects(stranger.collect('x'), { code: 'unauthenticated', message: /api_token/ });
  });

  const answered = (body: unknown, status = 200) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return createRacentClient({ baseUrl, fetch: async () => new Response(text, { status }), token: new Secret('t') });
  };

  for (const [title, body, code, message] of [
    [
      'errors as lists by field',
      { code: -1, errors: { years: ['years is required'] } },
      'invalidField',
      /years is required/,
    ],
    ['errors as a text', { code: -6, errors: 'the CA is closed' }, 'issuerRefused', /the CA is closed/],
    ['errors as a list', { code: -4, errors: ['no money'] }, 'insufficientBalance', /no money/],
    ['no errors at all', { code: -2 }, 'internal', /code -2/],
    ['a code as text', { code: '400' }, 'unauthenticated', /code 400/],
    ['a code of nobody', { code: -77, errors: null }, 'issuerRefused', /code -77/],
    ['no JSON', '<html>', 'unavailable', /not JSON/],
    ['a list', '[]', 'unavailable', /not JSON/],
    ['no code', '{}', 'unavailable', /without a code/],
    ['data of another shape', { code: 1, data: [] }, 'unavailable', /cannot be read/],
  ] as const) {
    test(`understands ${title}`, async () => {
      await assert.rejects(answered(body).placeOrder(order), { code, message });
    });
  }

  test('understands an HTTP error, and a server that is not there', async () => {
    await assert.rejects(answered('x', 502).collect('x'), { code: 'unavailable', message: /HTTP status 502/ });
    const fetch = () => Promise.reject(new Error('refused'));
    const client = createRacentClient({ baseUrl, fetch, token: new Secret('t') });
    await assert.rejects(client.collect('x'), { code: 'unavailable' });
  });

  test('reads a reply with the least that the document promises, and more than it', async () => {
    const least = await answered({ code: 1, data: { certId: 'c', vendorId: '1', vendorCertId: '' } }).placeOrder(order);
    assert.deepEqual([least.certId, least.DCVdnsHost], ['c', '']);
    const more = { code: 1, msg: 'success', data: { certId: 'c', vendorId: '1', extra: {} } };
    assert.equal((await answered(more).placeOrder(order)).certId, 'c');
  });

  test('reads what a client of the vendor recorded of a certificate', async () => {
    const recorded = {
      code: 1,
      status: 'COMPLETE',
      certStatus: 'COMPLETE',
      data: {
        beginDate: '2026-01-19 08:00:00',
        endDate: '2027-02-20 07:59:59',
        dueDate: '2028-01-19 00:00:00',
        certificate: '-----BEGIN CERTIFICATE-----',
        caCertificate: '-----BEGIN CERTIFICATE-----',
        rsaPrivateKey: '',
        jks: '/u3+7Q==',
        pkcs12: 'MIIK',
        jksPass: 'a',
        pkcsPass: 'b',
        vendorId: '2771240592',
        vendorCertId: '39831817562',
        certPath: '',
        DCVfileName: '148ECC23D64F50CDCCA4F0DAF72A9A4B.txt',
        DCVfileContent: 'x',
        DCVfilePath: 'http://example.com/.well-known/pki-validation/x.txt',
        DCVdnsHost: '_148ecc23d64f50cdcca4f0daf72a9a4b',
        DCVdnsValue: 'x.sectigo.com',
        DCVdnsType: 'CNAME',
        application: { status: 'done' },
        dcv: { status: 'done' },
        issued: { status: 'done' },
        dcvList: [{ domainName: 'a.com', dcvMethod: 'CNAME_CSR_HASH', dcvEmail: '', is_verify: 'verified' }],
        applyParams: '{"csr":"x"}',
      },
    };
    const { status, data } = await answered(recorded).collect('c');
    assert.deepEqual([status, data.vendorCertId, data.privateKey], ['COMPLETE', '39831817562', '']);
    const pending = await answered({ code: 1, status: 'PENDING', data: { vendorId: '' } }).collect('c');
    assert.deepEqual([pending.status, pending.data.dcvList], ['PENDING', []]);
  });

  test('never shows its token', () => {
    assert.doesNotMatch(JSON.stringify(answered('x')), /"t"/);
  });
});
