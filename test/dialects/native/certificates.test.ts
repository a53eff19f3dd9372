import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { baseUrl, createSession, firstNumber, issueOrder } from './session.ts';

const session = await createSession();
await issueOrder(session);
const { certificate, chain } = await session.app.ports.certificates.get(session.app.operator, String(firstNumber));
const leaf = certificate.der;
const [intermediate, root] = [chain[0] ?? assert.fail(), chain[1] ?? assert.fail()];
const number = String(firstNumber);
const pem = (der: Uint8Array) => new X509Certificate(der).toString();

async function download(query = '', accept = '*/*'): Promise<Response> {
  const headers = { authorization: `Bearer ${session.token}`, accept };
  const reply = await session.fetch(
    new Request(`${baseUrl}/api/v1/certificates/${number}/download${query}`, { headers }),
  );
  assert.equal(reply.status, 200);
  return reply;
}

describe('a download', () => {
  const rows: readonly (readonly [query: string, accept: string, mediaType: string, fileName: string, text: string])[] =
    [
      // What web servers want: the root is not sent.
      ['', '*/*', 'application/pem-certificate-chain', 'trustocean.com.fullchain.pem', pem(leaf) + pem(intermediate)],
      ['?format=pem', '*/*', 'application/x-pem-file', 'trustocean.com.pem', pem(leaf)],
      [
        '?format=chain',
        '*/*',
        'application/pem-certificate-chain',
        'trustocean.com.chain.pem',
        pem(intermediate) + pem(root),
      ],
      ['', 'application/x-pem-file', 'application/x-pem-file', 'trustocean.com.pem', pem(leaf)],
      // The query is what was meant, whatever a browser accepts.
      ['?format=pem', 'application/pkix-cert', 'application/x-pem-file', 'trustocean.com.pem', pem(leaf)],
    ];
  for (const [query, accept, mediaType, fileName, text] of rows) {
    test(`${query || 'without format'}, Accept: ${accept}`, async () => {
      const reply = await download(query, accept);
      assert.equal(reply.headers.get('content-type'), mediaType);
      assert.equal(reply.headers.get('content-disposition'), `attachment; filename="${fileName}"`);
      assert.equal(await reply.text(), text);
    });
  }

  test('as DER is the bytes themselves', async () => {
    for (const reply of [await download('?format=der'), await download('', 'application/pkix-cert')]) {
      assert.equal(reply.headers.get('content-type'), 'application/pkix-cert');
      assert.deepEqual(new Uint8Array(await reply.arrayBuffer()), new Uint8Array(leaf));
    }
  });

  test('through the client has its name and type', async () => {
    const file = await session.client.certificates.download({ certificate: number, format: 'der' });
    assert.equal(file.fileName, 'trustocean.com.cer');
    assert.equal(file.mediaType, 'application/pkix-cert');
    assert.deepEqual(file.bytes, new Uint8Array(leaf));
  });
});

test('the details hold the chain, nearest first, and a description for people', async () => {
  const shown = await session.client.certificates.show({ certificate: number });
  assert.deepEqual(shown.chain, [pem(intermediate), pem(root)]);
  assert.match(shown.description, /^Subject +CN=trustocean\.com$/m);
});

test('a reason is read as other APIs spell it', async () => {
  const other = await createSession();
  await issueOrder(other);
  const reason = 'CESSATION_OF_OPERATION' as 'cessationOfOperation';
  await other.client.certificates.revoke({ certificate: number, reason });
  const shown = await other.client.certificates.show({ certificate: number });
  assert.equal(shown.revocationReason, 'cessationOfOperation');
});

test('a certificate whose time is over is expired, one that was revoked stays revoked', async () => {
  const later = await createSession();
  await issueOrder(later);
  const state = async () => (await later.client.certificates.show({ certificate: number })).state;
  assert.equal(await state(), 'valid');
  await later.client.certificates.revoke({ certificate: number, reason: 'keyCompromise' });
  assert.equal(await state(), 'revoked');
  await session.stayAway(91 * 86_400);
  await later.stayAway(91 * 86_400);
  assert.equal((await session.client.certificates.show({ certificate: number })).state, 'expired');
  assert.equal(await state(), 'revoked');
});
