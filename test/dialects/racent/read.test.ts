/** Every encoding that documents and clients use comes out as the same record. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createIncoming } from '../../../src/dialects/kit/input.ts';
import { readRequest } from '../../../src/dialects/racent/read.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const peer = { address: '192.0.2.7', requestId: 'req-1' };

function read(body: string | FormData, headers: Readonly<Record<string, string>> = {}) {
  const request = new Request('https://portal.example/ssl/place', { method: 'POST', headers, body });
  return readRequest(createIncoming(request, { peer, params: {}, limitBytes: 1 << 20 }));
}

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

const domainInfo = [{ domainName: 'a.com', dcvMethod: 'EMAIL', dcvEmail: 'admin@a.com' }];
const expected = { api_token: 't', years: '1', csr: 'PEM+/=', domainInfo };

function multipart(fields: Readonly<Record<string, string | File>>): FormData {
  const data = new FormData();
  for (const [key, value] of Object.entries(fields)) data.set(key, value);
  return data;
}

const params = JSON.stringify({ csr: 'PEM+/=', domainInfo });

describe('a request', () => {
  test('as multipart, with params as text (the documents)', async () => {
    assert.deepEqual(await read(multipart({ api_token: 't', years: '1', params })), expected);
  });

  test('as multipart with pictures, which are not looked at, and a CSR as a file', async () => {
    const data = multipart({
      api_token: 't',
      years: '1',
      csr: new File(['PEM+/='], 'a.csr'),
      domainInfo: JSON.stringify(domainInfo),
      verificationPic: new File([new Uint8Array(300_000)], 'a.png'),
    });
    assert.deepEqual(await read(data), expected);
  });

  test('as a form, with params as text (WHMCS modules, resellers)', async () => {
    const body = new URLSearchParams({ api_token: 't', years: '1', params });
    assert.deepEqual(await read(body.toString(), form), expected);
    assert.deepEqual(await read(body.toString()), expected, 'without a content type');
  });

  test('as a form, flat, without params (WHMCS module: validate, reissue)', async () => {
    const flat = { api_token: 't', years: '1', csr: 'PEM+/=', domainInfo: JSON.stringify(domainInfo) };
    assert.deepEqual(await read(new URLSearchParams(flat).toString(), form), expected);
  });

  test('as a form with brackets, as PHP writes lists', async () => {
    const body = [
      ['api_token', 't'],
      ['years', '1'],
      ['params[csr]', 'PEM+/='],
      ['params[domainInfo][0][domainName]', 'a.com'],
      ['params[domainInfo][0][dcvMethod]', 'EMAIL'],
      ['params[domainInfo][0][dcvEmail]', 'admin@a.com'],
    ];
    assert.deepEqual(await read(new URLSearchParams(body).toString(), form), expected);
    const beside = body.map(([key = '', value = '']) => [key.replace(/^params\[(\w+)\]/, '$1'), value]);
    assert.deepEqual(await read(new URLSearchParams(beside).toString(), form), expected);
  });

  test('as JSON, with params as text (PHP SDK) or as an object (node clients)', async () => {
    const head = { api_token: 't', years: '1' };
    assert.deepEqual(await read(JSON.stringify({ ...head, params }), json), expected);
    assert.deepEqual(await read(JSON.stringify({ ...head, params: JSON.parse(params) }), json), expected);
  });

  test('as JSON that curl calls a form', async () => {
    assert.deepEqual(await read(` ${JSON.stringify({ ...expected })}`, form), expected);
  });

  test('params win over what stands beside them; other keys of theirs mean nothing', async () => {
    const body = { api_token: 't', csr: 'outer', params: { csr: 'inner', api_token: 'x', years: 6 } };
    assert.deepEqual(await read(JSON.stringify(body), json), { api_token: 't', csr: 'inner' });
  });

  test('leaves out nulls, empty texts, empty lists and empty objects', async () => {
    const body = {
      api_token: 't',
      certId: '',
      refId: null,
      params: { csr: null, tech: null, finance: [], organizationInfo: {}, dcvEmail: '', uniqueValue: ' ' },
    };
    assert.deepEqual(await read(JSON.stringify(body), json), { api_token: 't' });
    assert.deepEqual(await read('api_token=t&params=&csr=', form), { api_token: 't' });
    assert.deepEqual(await read('api_token=t&params=[]', form), { api_token: 't' });
  });

  test('reads the spellings that clients guessed', async () => {
    const body = { api_token: 't', cert_id: 'c', product_code: 'p', administrator: { job: 'x' } };
    assert.deepEqual(await read(JSON.stringify(body), json), {
      api_token: 't',
      certId: 'c',
      productCode: 'p',
      Administrator: { job: 'x' },
    });
  });

  for (const [title, body, field] of [
    ['params that break off', { params: '{"csr":"secret' }, 'params'],
    ['params that are a list', { params: '[1]' }, 'params'],
    ['params that are a number', { params: 7 }, 'params'],
    ['domainInfo that is no JSON', { domainInfo: 'a.com' }, 'domainInfo'],
    ['a contact that is no JSON', { params: { Administrator: 'nick' } }, 'Administrator'],
  ] as const) {
    test(`refuses ${title}, and quotes nothing of it`, async () => {
      await assert.rejects(read(JSON.stringify({ api_token: 't', ...body }), json), (error) => {
        assert.ok(error instanceof CertError);
        assert.equal('field' in error.reason.params && error.reason.params.field, field);
        assert.doesNotMatch(error.message, /secret|nick/);
        return true;
      });
    });
  }

  test('with keys that would reach the prototype changes nothing', async () => {
    const body = 'api_token=t&__proto__[polluted]=1&constructor[prototype][polluted]=1';
    const input = await read(body, form);
    assert.equal((input as { polluted?: unknown }).polluted, undefined);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });
});

/** More than the limit is a refusal, which is what these bodies are about. */
function refused(thrown: unknown): void {
  assert.ok(thrown instanceof CertError && thrown.code === 'tooLarge', String(thrown));
}

describe('a form', () => {
  test('of an order of 250 names, each with fields of its own, is read whole', async () => {
    const lines = Array.from({ length: 250 }, (_, index) =>
      ['domainName', 'dcvMethod', 'dcvEmail'].map((key) => `domainInfo[${index}][${key}]=x`),
    );
    const { domainInfo } = await read(lines.flat().join('&'), form);
    assert.equal(Array.isArray(domainInfo) && domainInfo.length, 250);
  });

  for (const [title, body] of [
    ['plus signs', `a=${'+'.repeat(1_000_000)}`],
    ['pairs', 'a=b&'.repeat(250_000)],
    ['places without a number', 'a[]&'.repeat(250_000)],
    ['separators', '&'.repeat(1_000_000)],
    ['brackets', `a${'[b]'.repeat(300_000)}=c`],
    ['places of a list', Array.from({ length: 80_000 }, (_, i) => `a[${i}]=x`).join('&')],
    ['nested keys', 'a[b][c][d][e][f][g]=x&'.repeat(45_000)],
  ] as const) {
    test(`of a megabyte of ${title} costs little`, async () => {
      const startMs = cpuMs();
      await read(body, form).catch(refused);
      assert.ok(cpuMs() - startMs < 1000, `${cpuMs() - startMs} ms`);
    });
  }

  test('of a megabyte in many parts costs little', async () => {
    const data = new FormData();
    for (let i = 0; i < 8000; i++) data.append(`k${i}`, 'x');
    const startMs = cpuMs();
    await assert.rejects(read(data), { message: 'the request has more than 2000 fields' });
    assert.ok(cpuMs() - startMs < 2000, `${cpuMs() - startMs} ms`);
  });
});
