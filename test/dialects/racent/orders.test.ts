/** What the calls do, over the real core with a clock moved by hand. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { createProofs } from '../../../src/dialects/racent/proofs.ts';
import { decodePem } from '../../../src/pki/pem.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { origin } from '../../support/app.ts';
import { createSubscriber } from '../../support/subscriber.ts';
import {
  administrator,
  createSession,
  csrPem,
  orderFields,
  organization,
  params,
  prove,
  type Reply,
  type Session,
  twoNames,
} from './harness.ts';

async function ok(session: Session, path: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Reply> {
  const reply = await session.post(path, fields);
  assert.equal(reply.code, 1, JSON.stringify(reply));
  await session.app.idle();
  return reply;
}

const collect = async (session: Session, certId: string) => (await ok(session, '/ssl/collect', { certId })).data;
const balance = async ({ app, account }: Session) =>
  (await app.ports.accounts.get(app.operator, account.id)).balanceMinor;
const orderCount = async ({ app }: Session) => (await app.tables()).orders?.length ?? 0;

test('what nobody filled in is none: empty texts, nulls, and PHP arrays for objects without fields', async () => {
  for (const [blank, object] of [
    ['', []],
    [null, null],
    ['', ''],
  ] as const) {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', {
      ...orderFields({ refId: blank }),
      params: {
        ...params,
        server: blank,
        uniqueValue: blank,
        privateKey: blank,
        dcvMethod: blank,
        organizationInfo: object,
        tech: object,
        finance: object,
      },
    });
    const { certId } = data;
    await ok(session, '/ssl/updateDCV', {
      certId,
      domainName: 'a.example.com',
      dcvMethod: 'HTTP_CSR_HASH',
      dcvEmail: blank,
      domainInfo: object,
    });
    await ok(session, '/ssl/list', { page: blank });
  }
});

describe("the document's own sample", () => {
  // Everything as on the page, but for names, the addresses at them (the page hides those), CSR and product.
  const sample = {
    csr: csrPem,
    server: 'other',
    uniqueValue: '',
    domainInfo: [
      { dcvEmail: 'admin@xxx.com', dcvMethod: 'EMAIL', domainName: 'www.xxx.com' },
      { dcvEmail: 'admin@aaa.com', dcvMethod: 'EMAIL', domainName: 'aaa.com' },
      { dcvEmail: 'admin@racent.com', dcvMethod: 'EMAIL', domainName: 'racent.com' },
    ],
    organizationInfo: {
      organizationCity: '上海',
      organizationName: '某公司',
      organizationMobile: '18111111111',
      organizationAddress: '上海市路',
      organizationCountry: 'CN',
      organizationPostCode: '401320',
    },
    Administrator: contact('总经办'),
    finance: contact('财务部'),
    tech: contact('技术部'),
  };

  function contact(job: string) {
    return {
      job,
      city: '上海市',
      email: '[email protected]',
      state: '上海市',
      mobile: '18111111111',
      address: '上海市',
      country: 'CN',
      lastName: 'zhang',
      postCode: '401320',
      firstName: 'nick',
      organization: '某公司',
    };
  }

  test('as multipart is an OV order that is mailed about, verified by the operator, and issued', async () => {
    const session = await createSession();
    const { app } = session;
    const form = new FormData();
    form.set('api_token', session.token);
    form.set('productCode', 'sectigo-ov-multi-san');
    form.set('years', '1');
    form.set('refId', 'R-20241017');
    form.set('params', JSON.stringify(sample));
    const placed = await session.postRaw('/ssl/place', form);
    assert.equal(placed.code, 1, JSON.stringify(placed));
    const { certId } = placed.data;
    await app.idle();
    assert.deepEqual(session.mail.sent.map(({ to }) => to).sort(), [
      'admin@aaa.com',
      'admin@racent.com',
      'admin@xxx.com',
    ]);
    for (const { text } of session.mail.sent) {
      const token = /\/confirm\/([0-9a-z]+)/.exec(text)?.[1] ?? '';
      await app.ports.confirmations.decide(token, 'confirm', origin);
    }
    await app.advance(5);
    const waiting = await collect(session, certId);
    assert.deepEqual([waiting.status, waiting.ov, waiting.certificate], ['PENDING', { status: 'notdone' }, '']);
    assert.deepEqual(
      waiting.dcvList.map((entry: Reply) => Object.values(entry)),
      [
        ['www.xxx.com', 'EMAIL', 'admin@xxx.com', 'verified'],
        ['aaa.com', 'EMAIL', 'admin@aaa.com', 'verified'],
        ['racent.com', 'EMAIL', 'admin@racent.com', 'verified'],
      ],
    );
    assert.equal(waiting.applyParams.finance.job, '财务部');

    const { items } = await app.ports.organizations.list(app.operator, { limit: 10, offset: 0 });
    const decision = { level: 'ov', verified: true, note: 'checked' } as const;
    await app.ports.organizations.verify(app.operator, { id: items[0]?.id ?? '' }, decision);
    await app.advance(5);
    const issued = await collect(session, certId);
    assert.deepEqual([issued.status, issued.ov], ['COMPLETE', { status: 'done' }]);
    const { subject } = new X509Certificate(issued.certificate);
    for (const part of ['C=CN', 'ST=上海市', 'L=上海', 'O=某公司']) assert.ok(subject.includes(part), subject);
  });
});

describe('placing', () => {
  test('is the same in every encoding', async () => {
    const session = await createSession();
    const { token } = session;
    const head = { api_token: token, productCode: 'comodo-positivessl', years: '1' };
    const form = new FormData();
    for (const [key, value] of Object.entries({ ...head, params: JSON.stringify(params) })) form.set(key, value);
    const urlencoded = new URLSearchParams({ ...head, params: JSON.stringify(params) }).toString();
    const flat = new URLSearchParams({
      ...head,
      csr: params.csr,
      server: params.server,
      domainInfo: JSON.stringify(params.domainInfo),
      Administrator: JSON.stringify(params.Administrator),
    }).toString();
    const php = new URLSearchParams({
      ...head,
      'params[csr]': params.csr,
      'params[server]': params.server,
      'params[domainInfo][0][domainName]': 'a.example.com',
      'params[domainInfo][0][dcvMethod]': 'CNAME_CSR_HASH',
      ...Object.fromEntries(
        Object.entries(administrator).map(([key, value]) => [`params[Administrator][${key}]`, value]),
      ),
    }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const replies = [
      await session.postRaw('/ssl/place', form),
      await session.postRaw('/ssl/place', urlencoded, type),
      await session.postRaw('/ssl/place', flat, type),
      await session.postRaw('/ssl/place', php, type),
      await session.postRaw('/ssl/place', JSON.stringify({ ...head, params })),
      await session.postRaw('/ssl/place', JSON.stringify({ ...head, params: JSON.stringify(params) })),
    ];
    const shown = await Promise.all(
      replies.map(async ({ code, data, errors }) => {
        assert.equal(code, 1, JSON.stringify(errors));
        const { vendorId: _, ...rest } = await collect(session, data.certId);
        return rest;
      }),
    );
    for (const one of shown) assert.deepEqual(one, shown[0]);
  });

  test('takes paths in any case, with slashes too many', async () => {
    const session = await createSession();
    for (const path of ['/ssl/PLACE', '/SSL/place/', '//ssl//Place']) await ok(session, path, orderFields());
    const { data } = await ok(session, '/ssl/place', orderFields());
    await ok(session, '/ssl/batchupdateDCV', { certId: data.certId });
  });

  test('takes every spelling of the company, and answers one', async () => {
    const session = await createSession();
    const { organation: _, ...bare } = administrator;
    const contacts = {
      Administrator: { ...bare, organation: 'A', organization: 'ignored' },
      tech: { ...bare, organization: 'B' },
      finance: { ...bare, origination: 'C' },
    };
    const { data } = await ok(session, '/ssl/place', orderFields({ params: contacts }));
    const { applyParams } = await collect(session, data.certId);
    assert.deepEqual(
      ['Administrator', 'tech', 'finance'].map((role) => applyParams[role].organization),
      ['A', 'B', 'C'],
    );
  });

  test('copies the administrator where nobody else is named', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', orderFields({ params: { tech: null, finance: [] } }));
    const { applyParams } = await collect(session, data.certId);
    assert.deepEqual(applyParams.tech, applyParams.Administrator);
    assert.deepEqual(applyParams.finance, applyParams.Administrator);
  });

  test('ignores what clients send beside it', async () => {
    const session = await createSession();
    const more = { originalfromOthers: '1', domainCount: 1, idType: 'TYDMZ', originalDomains: 'x', validate_only: 0 };
    await ok(session, '/ssl/place', { ...orderFields({ params: { ...more, server: 'NGINX' } }), ...more });
  });

  test('takes one name without its list, a post code that is a number, a CSR without its armour', async () => {
    const session = await createSession();
    const domainInfo = { domainName: ' A.Example.com. ', dcvMethod: 'cname_csr_hash' };
    const csr = csrPem.replaceAll(/-----.*-----|\s/g, '');
    const change = { domainInfo, csr, Administrator: { ...administrator, postCode: 401320 } };
    const { data } = await ok(session, '/ssl/place', { ...orderFields(), params: { ...params, ...change } });
    const { dcvList, applyParams } = await collect(session, data.certId);
    assert.equal(dcvList[0].domainName, 'a.example.com');
    assert.equal(applyParams.Administrator.postCode, '401320');
  });

  test('keeps the DCV method that stands for all names, and knows what fits a name', async () => {
    const session = await createSession();
    const domainInfo = [
      { domainName: 'a.example.com' },
      { domainName: 'b.example.com', dcvMethod: 'https_csr_hash' },
      { domainName: '*.c.example.com', dcvMethod: 'CNAME_CSR_HASH' },
    ];
    const fields = {
      productCode: 'comodo-positive-multi-domain-wildcard',
      params: { dcvMethod: 'HTTP_CSR_HASH', domainInfo },
    };
    const { data } = await ok(session, '/ssl/place', orderFields(fields));
    assert.deepEqual(Object.keys(data.dcvInfo), ['a.example.com', 'b.example.com', '*.c.example.com']);
    const { dcvList } = await collect(session, data.certId);
    assert.deepEqual(
      dcvList.map(({ dcvMethod }: Reply) => dcvMethod),
      ['HTTP_CSR_HASH', 'HTTPS_CSR_HASH', 'CNAME_CSR_HASH'],
    );
  });

  test('costs a year for each year', async () => {
    const session = await createSession();
    const before = await balance(session);
    const { data } = await ok(session, '/ssl/place', orderFields({ years: '3' }));
    assert.equal(before - (await balance(session)), 3 * 6000);
    assert.equal(data.dcvInfo, undefined, 'one name has no values of its own');
  });

  test('is a dry run as validate: nothing is there afterwards', async () => {
    const session = await createSession();
    const before = await session.app.tables();
    await ok(session, '/ssl/validate', orderFields());
    await ok(session, '/ssl/validate', orderFields({ params: { csr: null } }));
    const after = await session.app.tables();
    for (const table of ['orders', 'issuances', 'authorizations', 'ledger', 'jobs']) {
      assert.equal(after[table]?.length, before[table]?.length, table);
    }
  });
});

describe('a refId', () => {
  test('is one order, whatever the CSR; for other names it is a mistake', async () => {
    const session = await createSession();
    const first = await ok(session, '/ssl/place', orderFields({ refId: 'A-1' }));
    const money = await balance(session);
    const other = await createSubscriber('a.example.com');
    const again = await ok(session, '/ssl/place', orderFields({ refId: 'A-1', params: { csr: other.csrPem } }));
    assert.equal(again.data.certId, first.data.certId);
    assert.equal(again.data.DCVdnsValue, first.data.DCVdnsValue, 'the values are those of the order that there is');
    assert.equal(await balance(session), money);
    assert.equal(await orderCount(session), 1);
    const wrong = { domainInfo: [{ domainName: 'b.example.com', dcvMethod: 'CNAME_CSR_HASH' }] };
    const refused = await session.post('/ssl/place', orderFields({ refId: 'A-1', params: wrong }));
    assert.deepEqual([refused.code, Object.keys(refused.errors ?? {})], [-1, ['refId']]);
    assert.equal((await session.post('/ssl/place', orderFields({ refId: 'A-1', productCode: 'comodo-ssl' }))).code, -1);
  });

  test('is free again after the order was given up', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', orderFields({ refId: 'A-1' }));
    await ok(session, '/ssl/cancel', { certId: data.certId, reason: 'x' });
    const next = await ok(session, '/ssl/place', orderFields({ refId: 'A-1' }));
    assert.notEqual(next.data.certId, data.certId);
    const { data: found } = await ok(session, '/ssl/certIdByrefId', { refId: 'A-1' });
    assert.equal(found.certId, next.data.certId);
  });

  test('of a reissue finds the reissue, and that of the order still the order', async () => {
    const session = await createSession();
    const certId = await session.issue({ refId: 'A-1' });
    const { data } = await ok(session, '/ssl/reissue', { certId, reason: 'x', refId: 'B-1' });
    const again = await ok(session, '/ssl/reissue', { certId, reason: 'x', refId: 'B-1' });
    assert.equal(again.data.certId, data.certId);
    const find = async (refId: string) => (await ok(session, '/ssl/getCertByRefId', { refId })).data.certId;
    assert.equal(await find('B-1'), data.certId);
    assert.equal(await find('A-1'), certId);
    assert.equal((await session.post('/ssl/certIdByrefId', { refId: '-1' })).code, -1, 'a part is not enough');
  });
});

describe('the key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-racent-'));
  const file = (name: string, content: string | Buffer) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

  for (const [generatedKey, header] of [
    ['rsa', 'RSA PRIVATE KEY'],
    ['P-256', 'EC PRIVATE KEY'],
  ] as const) {
    test(`made by certmux (${generatedKey}) comes with the certificate, in every form, and not before`, async () => {
      const session = await createSession({ config: { generatedKey } });
      const { data } = await ok(session, '/ssl/place', orderFields({ params: { csr: '' } }));
      const pending = await collect(session, data.certId);
      assert.deepEqual([pending.privateKey, pending.rsaPrivateKey, pending.pkcs12, pending.jks], ['', '', '', '']);
      assert.match(pending.applyParams.csr, /^-----BEGIN CERTIFICATE REQUEST-----/);
      assert.equal(pending.DCVdnsValue, data.DCVdnsValue);
      prove(session.app, ['a.example.com']);
      await session.app.advance(5);
      const issued = await collect(session, data.certId);
      const leaf = new X509Certificate(issued.certificate);
      assert.match(issued.privateKey, /^-----BEGIN PRIVATE KEY-----\n/);
      assert.ok(issued.rsaPrivateKey.startsWith(`-----BEGIN ${header}-----\n`), issued.rsaPrivateKey.slice(0, 40));
      for (const pem of [issued.privateKey, issued.rsaPrivateKey])
        assert.ok(leaf.checkPrivateKey(createPrivateKey(pem)));
      assert.match(issued.pkcsPass, /^[A-Za-z0-9]{16}$/);
      assert.equal(issued.jksPass, issued.pkcsPass);
      const p12 = file('a.p12', Buffer.from(issued.pkcs12, 'base64'));
      const opened = execFileSync('openssl', ['pkcs12', '-in', p12, '-nodes', '-passin', `pass:${issued.pkcsPass}`], {
        encoding: 'utf8',
      });
      assert.equal(opened.match(/BEGIN CERTIFICATE/g)?.length, 3);
      const [inside = ''] = /-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/.exec(opened) ?? [];
      assert.ok(leaf.checkPrivateKey(createPrivateKey(inside)));
      assert.equal(Buffer.from(issued.jks, 'base64').readUInt32BE(0), 0xfeedfeed);
      assert.equal((await collect(session, data.certId)).jksPass, issued.jksPass, 'a stored password stays good');
      const { items } = await session.app.ports.events.list(session.app.operator, { limit: 50 });
      assert.ok(items.some(({ kind }) => kind === 'key.delivered'));
    });
  }

  test('comes in the old form of PKCS #12 where the setting says so', async () => {
    for (const [pkcs12, cipher] of [
      ['3des', /pbeWithSHA1And3-KeyTripleDES-CBC/],
      ['aes', /AES-256-CBC/],
    ] as const) {
      const session = await createSession({ config: { pkcs12 } });
      const issued = await collect(session, await session.issue({ params: { csr: null } }));
      const p12 = file('form.p12', Buffer.from(issued.pkcs12, 'base64'));
      const { stderr } = spawnSync(
        'openssl',
        ['pkcs12', '-in', p12, '-info', '-noout', '-passin', `pass:${issued.pkcsPass}`],
        { encoding: 'utf8' },
      );
      assert.match(stderr, cipher);
    }
  });

  test('of the customer never comes back', async () => {
    const session = await createSession();
    const issued = await collect(session, await session.issue());
    for (const field of ['privateKey', 'rsaPrivateKey', 'pkcs12', 'pkcsPass', 'jks', 'jksPass']) {
      assert.equal(issued[field], '', field);
    }
  });

  test('that the customer sends makes the CSR and is forgotten', async () => {
    const session = await createSession();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ format: 'pem', type: 'sec1' }).toString();
    const certId = await session.issue({ params: { csr: null, privateKey: pem } });
    const issued = await collect(session, certId);
    assert.ok(new X509Certificate(issued.certificate).checkPrivateKey(privateKey));
    assert.equal(issued.privateKey, '');
    const secret = privateKey.export({ format: 'jwk' }).d ?? '';
    const bytes = Buffer.from(secret, 'base64url');
    for (const [table, rows] of Object.entries(await session.app.tables())) {
      for (const value of rows.flatMap((row) => Object.values(row as object))) {
        const isThere =
          value instanceof Uint8Array ? Buffer.from(value).includes(bytes) : String(value).includes(pem.slice(40, 80));
        assert.ok(!isThere, table);
      }
    }
  });
});

describe('proofs', () => {
  test('are looked for again by every call that may', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', orderFields(twoNames));
    const { certId } = data;
    await session.app.idle();
    for (const [path, fields] of [
      ['updateDCV', { certId, domainName: 'a.example.com', dcvMethod: 'HTTP_CSR_HASH' }],
      ['batchUpdateDCV', { certId }],
      ['batchUpdateDCV', { certId, dcvMethod: 'CNAME_CSR_HASH' }],
      ['validatefile', { certId }],
      ['validatedns', { orderId: certId, domain: 'b.example.com' }],
    ] as const) {
      const before = session.app.checks.looks.length;
      await ok(session, `/ssl/${path}`, fields);
      await session.app.advance(1);
      assert.ok(session.app.checks.looks.length > before, path);
    }
  });

  test('of an order from before accounts had values of their own are shown as they are looked for', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', orderFields(twoNames));
    const plain = createProofs(decodePem(csrPem, { what: 'csr', labels: ['CERTIFICATE REQUEST'] }), '', {
      suffix: 'sectigo.com',
      publicSuffixes: createPublicSuffixes(),
    });
    const view = await session.app.ports.orders.get(session.app.operator, { number: Number(data.orderNum) });
    await session.app.database.write(async (tx) => {
      for (const { id, identifier } of view.authorizations) {
        await tx.authorizations.updateChallenges(id, { challenges: plain.challengesFor(identifier, 'request') });
      }
    });
    const { DCVdnsValue, DCVfileContent } = await collect(session, data.certId);
    const expected = plain.fieldsOf(view.authorizations[0]?.identifier ?? assert.fail(), 'dnsCname');
    assert.deepEqual([DCVdnsValue, DCVfileContent], [expected.DCVdnsValue, expected.DCVfileContent]);
    assert.notEqual(DCVdnsValue, data.DCVdnsValue);
  });

  test('of one name do not need its method any more', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', orderFields(twoNames));
    const { certId } = data;
    prove(session.app, ['a.example.com']);
    await session.app.advance(5);
    await ok(session, '/ssl/updateDCV', { certId, domainName: 'a.example.com', dcvMethod: 'HTTP_CSR_HASH' });
    await ok(session, '/ssl/batchUpdateDCV', { certId, dcvMethod: 'HTTPS_CSR_HASH' });
    const { dcvList, dcv, status } = await collect(session, certId);
    assert.deepEqual(
      dcvList.map(({ dcvMethod, is_verify }: Reply) => [dcvMethod, is_verify]),
      [
        ['CNAME_CSR_HASH', 'verified'],
        ['HTTPS_CSR_HASH', ''],
      ],
    );
    assert.deepEqual([status, dcv], ['PENDING', { status: 'notdone' }]);
  });

  test('that never come are given up by taking the names out, with a refund', async () => {
    const session = await createSession();
    const before = await balance(session);
    const { data } = await ok(session, '/ssl/place', orderFields(twoNames));
    prove(session.app, ['a.example.com']);
    await session.app.advance(5);
    await ok(session, '/ssl/batchRemoveMdcDomain', { certId: data.certId, domainName: '*' });
    await session.app.advance(5);
    const issued = await collect(session, data.certId);
    assert.equal(issued.status, 'COMPLETE');
    assert.equal(new X509Certificate(issued.certificate).subjectAltName, 'DNS:a.example.com');
    assert.equal(before - (await balance(session)), 6000);
  });

  test('by mail are asked for by updateDCV and by DCVemail', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', orderFields(twoNames));
    const { certId } = data;
    const mail = { dcvMethod: 'EMAIL', dcvEmail: 'Admin@Example.com' };
    await ok(session, '/ssl/updateDCV', { certId, domainName: 'a.example.com', ...mail });
    const { data: listed } = await ok(session, '/ssl/DCVemail', {
      certId,
      domainName: 'b.example.com',
      dcvEmail: 'webmaster@b.example.com',
    });
    assert.equal(listed.emails.length, 10);
    await session.app.idle();
    assert.deepEqual(
      session.mail.sent.map(({ to }) => to),
      ['admin@example.com', 'webmaster@b.example.com'],
    );
  });

  test('choose their method by domainInfo where a client sends that to updateDCV', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/place', orderFields());
    const domainInfo = JSON.stringify([{ domainName: 'a.example.com', dcvMethod: 'HTTPS_CSR_HASH' }]);
    const updated = await ok(session, '/ssl/updateDCV', { certId: data.certId, domainInfo });
    assert.match(updated.data.DCVfilePath, /^https:/);
  });
});

describe('a certificate', () => {
  test('is no longer than configured, inside years of coverage', async () => {
    const session = await createSession({ config: { certificateDays: 90 } });
    const certId = await session.issue({ years: 2 });
    const { certificate, beginDate, endDate, dueDate } = await collect(session, certId);
    const leaf = new X509Certificate(certificate);
    const days = (leaf.validToDate.getTime() + 1000 - leaf.validFromDate.getTime()) / 86_400_000;
    assert.equal(days, 90);
    const china = (text: string) => Date.parse(`${text.replace(' ', 'T')}+08:00`);
    assert.deepEqual([china(beginDate), china(endDate)], [leaf.validFromDate.getTime(), leaf.validToDate.getTime()]);
    assert.match(dueDate, /^2028-06-01 /);
  });

  test('is replaced for another key, and the first certId says so', async () => {
    const session = await createSession();
    const certId = await session.issue();
    const other = await createSubscriber('a.example.com');
    const replaced = await ok(session, '/ssl/replace', { certId, params: { ...params, csr: other.csrPem } });
    assert.notEqual(replaced.data.certId, certId);
    await session.app.advance(5);
    const [old, fresh] = [await collect(session, certId), await collect(session, replaced.data.certId)];
    assert.deepEqual([old.status, fresh.status], ['REISSUED', 'COMPLETE']);
    assert.ok(new X509Certificate(fresh.certificate).publicKey.export({ format: 'der', type: 'spki' }).length > 0);
    assert.notEqual(old.certificate, fresh.certificate);
    const key = createPrivateKey({ key: other.privateKeyPkcs8, format: 'der', type: 'pkcs8' });
    assert.ok(new X509Certificate(fresh.certificate).checkPrivateKey(key));
  });

  test('is replaced for other names, whose proofs are to be placed first', async () => {
    const session = await createSession();
    const certId = await session.issue(twoNames);
    const domainInfo = [
      { domainName: 'a.example.com', dcvMethod: 'CNAME_CSR_HASH' },
      { domainName: 'new.example.com', dcvMethod: 'HTTP_CSR_HASH' },
    ];
    const { data } = await ok(session, '/ssl/replace', { certId, csr: csrPem, domainInfo });
    await session.app.advance(5);
    const waiting = await collect(session, data.certId);
    assert.equal(waiting.status, 'PENDING');
    assert.equal((await collect(session, certId)).status, 'REISSUED');
    await ok(session, '/ssl/cancel', { certId: data.certId, reason: 'changed our mind' });
    assert.equal((await collect(session, certId)).status, 'COMPLETE', 'the certificate before it stands');
    assert.equal((await collect(session, data.certId)).status, 'CANCELLED');
  });

  test('of our key is reissued with the same key and CSR, also by the call of the PHP SDK', async () => {
    const session = await createSession();
    const certId = await session.issue({ params: { csr: null } });
    const before = await collect(session, certId);
    let newest = certId;
    for (const path of ['/ssl/reissue', '/ssl/place']) {
      const { data } = await ok(session, path, { certId: newest, reason: 'x' });
      await session.app.advance(5);
      const after = await collect(session, data.certId);
      assert.equal(after.status, 'COMPLETE');
      assert.notEqual(after.certificate, before.certificate);
      assert.equal(after.privateKey, before.privateKey);
      assert.equal(after.applyParams.csr, before.applyParams.csr);
      assert.ok(new X509Certificate(after.certificate).checkPrivateKey(createPrivateKey(after.privateKey)));
      newest = data.certId;
    }
    assert.deepEqual([(await collect(session, certId)).privateKey], [before.privateKey]);
  });

  test('of our key that was compromised is not reissued with it, but replaced with a new one', async () => {
    const session = await createSession();
    const certId = await session.issue({ params: { csr: null } });
    const { data: reissued } = await ok(session, '/ssl/reissue', { certId, reason: 'x' });
    await session.app.advance(5);
    // The first one alone; its key is that of the newest.
    await ok(session, '/ssl/revoke', { certId, reason: 'Key Compromise' });
    const refused = await session.post('/ssl/reissue', { certId: reissued.certId, reason: 'x' });
    assert.deepEqual([refused.code, Object.keys(refused.errors ?? {})], [-1, ['csr']], JSON.stringify(refused));
    const { data } = await ok(session, '/ssl/replace', { certId: reissued.certId });
    await session.app.advance(5);
    assert.equal((await collect(session, data.certId)).status, 'COMPLETE');
  });

  test('of our key is replaced with a new one', async () => {
    const session = await createSession();
    const certId = await session.issue({ params: { csr: null } });
    const before = await collect(session, certId);
    const { data } = await ok(session, '/ssl/replace', { certId });
    await session.app.advance(5);
    const fresh = await collect(session, data.certId);
    assert.equal(fresh.status, 'COMPLETE');
    assert.notEqual(fresh.privateKey, before.privateKey);
    assert.ok(new X509Certificate(fresh.certificate).checkPrivateKey(createPrivateKey(fresh.privateKey)));
    const again = await collect(session, certId);
    assert.deepEqual([again.status, again.privateKey], ['REISSUED', before.privateKey]);
  });

  test('with a CSR and no reason is a replacement (WHMCS module)', async () => {
    const session = await createSession();
    const certId = await session.issue();
    await ok(session, '/ssl/reissue', { certId, csr: csrPem, domainInfo: JSON.stringify(params.domainInfo) });
  });

  test('is cancelled with a refund within thirty days, and revoked', async () => {
    const session = await createSession();
    const before = await balance(session);
    const certId = await session.issue();
    await session.pass(29);
    await ok(session, '/ssl/cancel', { certId, reason: 'x' });
    assert.equal(await balance(session), before);
    assert.equal((await collect(session, certId)).status, 'CANCELLED');
    const { items } = await session.app.ports.events.list(session.app.operator, { limit: 100 });
    assert.ok(items.some(({ kind }) => kind === 'certificate.revoked'));
  });

  test('is not cancelled any more after thirty days', async () => {
    const session = await createSession();
    const certId = await session.issue();
    await session.pass(31);
    const refused = await session.post('/ssl/cancel', { certId, reason: 'x' });
    assert.ok([-5, -7].includes(refused.code), JSON.stringify(refused));
    assert.equal((await collect(session, certId)).status, 'COMPLETE');
  });

  test('is revoked with its reason, alone where another took its place', async () => {
    const session = await createSession();
    const certId = await session.issue();
    const { data } = await ok(session, '/ssl/reissue', { certId, reason: 'x' });
    await session.app.advance(5);
    await ok(session, '/ssl/revoke', { certId, reason: 'Key Compromise' });
    assert.equal((await collect(session, data.certId)).status, 'COMPLETE');
    assert.equal((await collect(session, certId)).status, 'CANCELLED');
    await ok(session, '/ssl/revoke', { certId: data.certId, reason: 'no more need' });
    assert.equal((await collect(session, data.certId)).status, 'CANCELLED');
    const rows = ((await session.app.tables()).certificates ?? []) as readonly { readonly revocation_reason: string }[];
    assert.deepEqual(rows.map((row) => row.revocation_reason).sort(), ['keyCompromise', 'unspecified']);
  });
});

describe('a renewal', () => {
  test('is ordered from ninety days before the end on, with what was said the first time', async () => {
    const session = await createSession();
    const certId = await session.issue({ refId: 'A-1', ...twoNames });
    await session.pass(274);
    const early = await session.post('/ssl/renew', { renewId: certId, years: 1 });
    assert.deepEqual([early.code, Object.keys(early.errors ?? {})], [-5, ['renewId']]);
    await session.pass(2);
    const { data } = await ok(session, '/ssl/renew', { renewId: certId, years: 2, refId: 'A-2' });
    await session.app.advance(5);
    const renewed = await collect(session, data.certId);
    assert.deepEqual(
      renewed.dcvList.map(({ domainName, dcvMethod }: Reply) => [domainName, dcvMethod]),
      [
        ['a.example.com', 'CNAME_CSR_HASH'],
        ['b.example.com', 'HTTP_CSR_HASH'],
      ],
    );
    assert.deepEqual([renewed.applyParams.server, renewed.applyParams.tech.job], ['nginx', 'ops']);
    const old = await session.app.ports.orders.list(session.app.operator, { limit: 5 });
    assert.equal(old.items.length, 2);
    assert.equal(old.items[0]?.order.renewalOf, old.items[1]?.order.id);
    assert.equal(old.items[0]?.order.coverage.count, 2);
  });
});

describe('lists', () => {
  test('of products have every vendor without one, and no empty blocks', async () => {
    const session = await createSession();
    const { data } = await ok(session, '/ssl/productList');
    assert.equal(data.length, 32);
    assert.doesNotMatch(JSON.stringify(data), /null|\{\}|\[\]/);
    const wildcard = data.find(({ code }: Reply & { code: unknown }) => String(code) === 'comodo-positivessl-wildcard');
    assert.equal(wildcard.price.basePrice.price012, 480);
    assert.equal(wildcard.price.basePrice.price072, 2880);
    const digicert = await ok(session, '/ssl/productList', { vendor: 'DIGICERT' });
    assert.ok(digicert.data.every(({ vendor }: Reply) => vendor === 'Digicert'));
  });

  test('of orders show every certId that the customer asked for', async () => {
    const session = await createSession();
    assert.deepEqual((await ok(session, '/ssl/list')).data, []);
    const certId = await session.issue();
    const { data } = await ok(session, '/ssl/reissue', { certId, reason: 'x' });
    await session.app.advance(5);
    const second = await ok(session, '/ssl/place', orderFields(twoNames));
    const rows = (await ok(session, '/ssl/list')).data;
    assert.deepEqual(
      rows.map((row: Reply) => [row.certId, row.status]),
      [
        [second.data.certId, 'PENDING'],
        [data.certId, 'COMPLETE'],
        [certId, 'REISSUED'],
      ],
    );
    assert.deepEqual((await ok(session, '/ssl/list', { page: '2' })).data, []);
  });

  test('of countries are in the language of the messages', async () => {
    const session = await createSession();
    const { countries } = (await ok(session, '/ssl/country')).data;
    assert.equal(countries.length, 249);
    assert.deepEqual(
      countries.find(({ code }: Reply & { code: unknown }) => String(code) === 'CN'),
      { code: 'CN', name: '中国' },
    );
  });
});

describe('levels above DV', () => {
  test('carry what organizationInfo says, with its further fields', async () => {
    const session = await createSession();
    const more = { organizationState: '上海市', organizationRegNumber: '91310000', organizationDivision: 'IT' };
    const fields = {
      productCode: 'comodo-ev-ssl-certificate',
      params: { organizationInfo: { ...organization, ...more }, Administrator: administrator },
    };
    await ok(session, '/ssl/place', orderFields(fields));
    const { items } = await session.app.ports.organizations.list(session.app.operator, { limit: 10, offset: 0 });
    assert.deepEqual(items[0]?.details, {
      name: '某公司',
      city: '上海',
      state: '上海市',
      country: 'CN',
      unit: 'IT',
      street: '上海市路',
      postalCode: '401320',
      phone: '18111111111',
      registrationNumber: '91310000',
      // Proposed to the operator: the vendor has no fields for it.
      businessCategory: 'Private Organization',
      jurisdictionCountry: 'CN',
    });
  });

  test("is EV with the vendor's six fields: the operator finds the number that the certificate says", async () => {
    const session = await createSession();
    const { app } = session;
    const { data } = await ok(
      session,
      '/ssl/place',
      orderFields({ productCode: 'comodo-ev-ssl-certificate', params: { organizationInfo: organization } }),
    );
    prove(app, ['a.example.com']);
    await app.advance(120);
    const waiting = await collect(session, data.certId);
    assert.deepEqual([waiting.status, waiting.ov], ['PENDING', { status: 'notdone' }]);
    const { items } = await app.ports.organizations.list(app.operator, { limit: 10, offset: 0 });
    const registrationNumber = '91310000MA1K00000X';
    const decision = { level: 'ev', verified: true, note: 'checked', registrationNumber } as const;
    await app.ports.organizations.verify(app.operator, { id: items[0]?.id ?? '' }, decision);
    await app.advance(5);
    const issued = await collect(session, data.certId);
    assert.deepEqual([issued.status, issued.ov], ['COMPLETE', { status: 'done' }]);
    const { subject } = new X509Certificate(issued.certificate);
    for (const part of [
      `serialNumber=${registrationNumber}`,
      'businessCategory=Private Organization',
      'jurisdictionC=CN',
      'O=某公司',
    ]) {
      assert.ok(subject.includes(part), subject);
    }
  });

  test('are no levels of a DV order, whatever it says', async () => {
    const session = await createSession();
    await ok(session, '/ssl/place', orderFields({ params: { organizationInfo: organization } }));
    const { items } = await session.app.ports.organizations.list(session.app.operator, { limit: 10, offset: 0 });
    assert.deepEqual(items, []);
  });
});
