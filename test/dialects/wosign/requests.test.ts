/** Every form in which a request may come: the readings that the document allows and the slips that it prints itself. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cpuMs } from '../../support/cpu-time.ts';
import { bareBase64, csrPem, oneLine } from './csr.ts';
import { application, createSession, credentials, type Session, servedSession } from './harness.ts';

const fields = { ...credentials, req_type: 'cert_apply', csr: csrPem };

async function namesOf(session: Session): Promise<readonly string[]> {
  const [order] = await session.orders();
  return (order ?? assert.fail()).issuance.names.map(({ identifier }) => identifier.value);
}

async function applied(init: Parameters<Session['send']>[0]): Promise<readonly string[]> {
  const session = await servedSession();
  const reply = await session.send(init);
  assert.deepEqual([reply.result, reply.status], ['success', '0']);
  return namesOf(session);
}

describe('a body', () => {
  const names = ['test.ims.cn', 'www.ims.cn'];
  const json = JSON.stringify({ ...fields, domain_name: names });

  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    'image/png',
  ]) {
    test(`of JSON sent as ${type}`, async () => {
      assert.deepEqual(await applied({ body: json, headers: { 'content-type': type } }), names);
    });
  }

  test('of JSON without a content type', async () => {
    assert.deepEqual(await applied({ body: new TextEncoder().encode(json) }), names);
  });

  test('of JSON behind a byte order mark', async () =>
    assert.deepEqual(await applied({ body: `\ufeff${json}` }), names));

  test('of a form, with the list as PHP writes it', async () => {
    for (const key of ['domain_name[]', 'domain_name', ' domain_name []']) {
      const body = new URLSearchParams([...Object.entries(fields), ...names.map((name) => [key, name])] as string[][]);
      assert.deepEqual(await applied({ body }), names, key);
    }
    const numbered = new URLSearchParams({
      ...fields,
      'domain_name[0]': 'test.ims.cn',
      'domain_name[1]': 'www.ims.cn',
    });
    assert.deepEqual(await applied({ body: numbered }), names);
  });

  test('of a form without its content type', async () => {
    const body = new URLSearchParams({ ...fields, domain_name: names.join() }).toString();
    assert.deepEqual(await applied({ body, headers: { 'content-type': 'text/plain' } }), names);
    assert.deepEqual(await applied({ body: new TextEncoder().encode(body) }), names);
  });

  test('of multipart form data, the CSR as a file', async () => {
    const body = new FormData();
    for (const [key, value] of Object.entries(fields)) if (key !== 'csr') body.append(key, value);
    for (const name of names) body.append('domain_name[]', name);
    body.append('csr', new Blob([csrPem]), 'request.csr');
    assert.deepEqual(await applied({ body }), names);
  });

  test('of the largest form keeps nobody waiting, whatever it is made of', async () => {
    const session = await createSession();
    // 111: more fields than anybody has; 101: read whole, and without credentials.
    const rows: readonly (readonly [part: string, status: string])[] = [
      ['domain_name[]=a&', '111'],
      ['a+++++++&', '111'],
      ['++++++++', '101'],
      ['a[1]=b&', '111'],
      ['[[[[[[[[', '101'],
      ['a=&', '111'],
    ];
    for (const [part, status] of rows) {
      const startedAt = cpuMs();
      const reply = await session.send({ body: `x=1&y${part.repeat(32_000 / part.length)}z` });
      assert.equal(reply.status, status);
      assert.ok(cpuMs() - startedAt < 10_000, part);
    }
  });

  for (const path of ['/', '/acmapi', '/acmapi/', '/index.php', '/api/v1?x=y', '/%zz']) {
    test(`at ${path}`, async () => assert.deepEqual(await applied({ path, body: json }), names));
  }
});

describe('the slips of the document:', () => {
  const { customer_id, auth_token } = credentials;
  const rows: readonly (readonly [what: string, body: string])[] = [
    [
      'blanks at the ends of keys',
      JSON.stringify({ ...application(), 'customer_id ': customer_id, ' auth_token ': auth_token }),
    ],
    [
      'blanks at the ends of values',
      JSON.stringify({
        ...application({ req_type: ' cert_apply' }),
        customer_id: ` ${customer_id} `,
        auth_token: ` ${auth_token}`,
      }),
    ],
    [
      'a missing comma',
      JSON.stringify({ ...credentials, ...application() }).replace('"cert_apply",', '"cert_apply"\n'),
    ],
    ['a comma at the end', JSON.stringify({ ...credentials, ...application() }).replace(/\}$/, ',}')],
    ['typographic quotes', JSON.stringify({ ...credentials, ...application() }).replaceAll(/"(\w+)"/g, '“$1”')],
    ['line breaks in the text of a CSR', JSON.stringify({ ...credentials, ...application() }).replaceAll('\\n', '\n')],
  ];
  for (const [what, body] of rows) {
    test(what, async () => assert.deepEqual(await applied({ body }), ['test.ims.cn']));
  }
});

describe('names', () => {
  const rows: readonly (readonly [value: unknown, names: readonly string[]])[] = [
    [
      ['a.com', 'b.com'],
      ['a.com', 'b.com'],
    ],
    [
      ['www. example.com', ' a.com '],
      ['www.example.com', 'a.com'],
    ], // the document's sample
    [
      ['a.com,b.com', 'c.com'],
      ['a.com', 'b.com', 'c.com'],
    ],
    [['a.com', ''], ['a.com']],
    ['a.com', ['a.com']],
    ['a.com,b.com', ['a.com', 'b.com']],
    ['a.com b.com\nc.com', ['a.com', 'b.com', 'c.com']],
    ['a.com， b.com、c.com；d.com;e.com,', ['a.com', 'b.com', 'c.com', 'd.com', 'e.com']],
    [['WWW.A.com.'], ['www.a.com']],
    [['例子.中国'], ['xn--fsqu00a.xn--fiqs8s']],
    [
      ['b.com', 'a.com'],
      ['b.com', 'a.com'],
    ], // the order of the request
  ];
  for (const [value, names] of rows) {
    test(`${JSON.stringify(value)} are ${names.join(' ')}`, async () => {
      assert.deepEqual(await applied({ body: JSON.stringify({ ...fields, domain_name: value }) }), names);
    });
  }
});

describe('a CSR', () => {
  const crlf = csrPem.replaceAll('\n', '\r\n');
  for (const [what, csr] of [
    ['as PEM', csrPem],
    ['as PEM with CRLF', crlf],
    ['as PEM on one line', oneLine],
    ['as bare base64', bareBase64],
    ['as base64 with line breaks', csrPem.split('\n').slice(1, -2).join('\n')],
    ['with its line breaks escaped twice', csrPem.replaceAll('\n', '\\n')],
    ['of the label that old tools write', csrPem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
  ] as const) {
    test(what, async () => {
      const session = await servedSession();
      assert.equal((await session.post(application({ csr }))).result, 'success');
      const [stored] = await session.orders();
      assert.equal(Buffer.from(stored?.issuance.csr ?? []).toString('base64'), bareBase64);
    });
  }
});

describe('a handle', () => {
  test('is enough without req_type, as in the sample, and with it, as in the table', async () => {
    for (const more of [
      {},
      { req_type: 'cert_apply' },
      { domain_name: [], csr: '' },
      { domain_name: null, csr: null },
    ]) {
      const session = await createSession({ approval: 'manual' });
      await session.post(application());
      const handle_id = await session.handle();
      assert.deepEqual(await session.post({ handle_id, ...more }), { result: 'pending', status: '1', handle_id });
    }
  });

  test('that is empty or null is none', async () => {
    for (const handle_id of ['', ' ', null]) {
      const session = await servedSession();
      assert.equal((await session.post(application({ handle_id }))).result, 'success');
    }
  });
});
