/** Certificates as files: every format of the vendor's glossary, with the media type that its clients compare. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { before, describe, test } from 'node:test';
import { unzipSync } from 'fflate';
import { keyHeader } from '../../../src/dialects/digicert/auth.ts';
import { createSession, type Session } from './harness.ts';
import { duplicateOf, issueOrder, orderBody } from './order-states.ts';

const pemType = 'application/x-pem-file';
const pkcs7Type = 'application/x-pkcs7-certificates';
const zipType = 'application/zip';

let session: Session;
let order: string;
let certificate: string;
before(async () => {
  session = await createSession();
  ({ order = '', certificate = '' } = await issueOrder(session, {
    body: orderBody({}, { common_name: 'example.com', server_platform: { id: 67 } }),
  }));
});

async function download(path: string) {
  const reply = await session.fetch(
    new Request(`${session.baseUrl}/services/v2${path}`, { headers: { [keyHeader]: session.apiKey } }),
  );
  assert.equal(reply.status, 200);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  return {
    type: reply.headers.get('content-type'),
    disposition: reply.headers.get('content-disposition'),
    bytes,
    text: Buffer.from(bytes).toString('latin1'),
  };
}

/** Common names of every PEM block, in its order. */
function namesIn(text: string): string[] {
  return text
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter((block) => block.startsWith('-----BEGIN CERTIFICATE-----\n'))
    .map((block) => /CN=(.*)/.exec(new X509Certificate(block).subject)?.[1] ?? '');
}

const leaf = 'example.com';
const intermediate = 'Example TLS CA E1';
const root = 'Example Root CA E1';

describe('a file of PEM', () => {
  for (const [format, names] of [
    ['pem_all', [leaf, intermediate, root]],
    ['pem_noroot', [leaf, intermediate]],
    ['pem_nointermediate', [leaf]],
  ] as const) {
    test(format, async () => {
      const { type, text, disposition } = await download(`/certificate/${certificate}/download/format/${format}`);
      assert.equal(type, pemType);
      assert.equal(disposition, 'attachment; filename="example_com.pem"');
      assert.deepEqual(namesIn(text), names);
      assert.ok(!text.includes('\r') && text.startsWith('-----BEGIN CERTIFICATE-----\n'));
    });
  }
});

describe('an archive', () => {
  for (const [format, files] of [
    ['default', { 'TrustedRoot.crt': root, 'DigiCertCA.crt': intermediate, 'example_com.crt': leaf }],
    ['default_pem', { 'TrustedRoot.crt': root, 'DigiCertCA.crt': intermediate, 'example_com.crt': leaf }],
    ['default_cer', { 'TrustedRoot.cer': root, 'DigiCertCA.cer': intermediate, 'example_com.cer': leaf }],
    ['apache', { 'example_com.crt': leaf, 'DigiCertCA.crt': intermediate }],
  ] as const) {
    test(format, async () => {
      const { type, bytes } = await download(`/certificate/${certificate}/download/format/${format}`);
      assert.equal(type, zipType);
      const found = Object.entries(unzipSync(bytes)).map(([name, content]) => [
        name,
        namesIn(Buffer.from(content).toString('latin1'))[0],
      ]);
      assert.deepEqual(Object.fromEntries(found), files);
    });
  }
});

describe('a PKCS#7 file', () => {
  for (const format of ['cer', 'p7b']) {
    test(format, async () => {
      const { type, text } = await download(`/certificate/${certificate}/download/format/${format}`);
      assert.equal(type, pkcs7Type);
      assert.ok(text.startsWith('-----BEGIN PKCS7-----\n'));
      const printed = execFileSync('openssl', ['pkcs7', '-print_certs'], { input: text }).toString();
      assert.deepEqual(namesIn(printed.replaceAll(/^(subject|issuer)=.*\n|^\n/gm, '')), [leaf, intermediate, root]);
    });
  }
});

describe('a download by other ways', () => {
  for (const [what, path, type] of [
    ['the platform of lemur', () => `/certificate/${certificate}/download/platform/29`, pemType],
    ['a platform of Windows', () => `/certificate/${certificate}/download/platform/40`, pkcs7Type],
    ['another platform', () => `/certificate/${certificate}/download/platform/2`, zipType],
    ['the platform of the order', () => `/certificate/${certificate}/download/platform`, pkcs7Type],
    ['the order', () => `/certificate/download/order/${order}`, zipType],
    ['the order and a format', () => `/certificate/download/order/${order}/format/pem_all`, pemType],
    ['the order in the words of dex', () => `/certificate/download/order/${order}?format_type=pem_all`, pemType],
    ['the order in the words of dcc', () => `/certificate/download/order/${order}?formatType=p7b`, pkcs7Type],
  ] as const) {
    test(what, async () => assert.equal((await download(path())).type, type));
  }

  test('a duplicate by its sub_id', async () => {
    const { duplicate } = await duplicateOf(session, { order });
    const bySubId = await download(`/certificate/download/order/${order}?format_type=pem_nointermediate&sub_id=001`);
    const byId = await download(`/certificate/${duplicate}/download/format/pem_nointermediate`);
    assert.equal(bySubId.text, byId.text);
    const own = await download(`/certificate/download/order/${order}/format/pem_nointermediate`);
    assert.notEqual(own.text, byId.text);
  });

  test('a wildcard has a name that every system can write', async () => {
    session.app.checks.place('*.example.org');
    const wild = await session.call(
      'POST',
      '/order/certificate/ssl_dv_geotrust_flex',
      orderBody({}, { common_name: '*.example.org' }),
    );
    await session.app.idle();
    const { disposition } = await download(`/certificate/${wild.body.certificate_id}/download/format/pem_all`);
    assert.equal(disposition, 'attachment; filename="star_example_org.pem"');
  });
});
