/** What is served below /pki/: the addresses that stand in certificates. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Authority, fromTheStart, type SignedCrl } from '../../src/domain/authority.ts';
import { newId } from '../../src/domain/ids.ts';
import { createPki } from '../../src/http/pki.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import * as chain from '../support/fake-chain.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

const clock = createFakeClock('2026-06-01T00:00:00.500Z');
const system = { clock, random: createFakeRandomness() };
const root: Authority = {
  id: newId('authority', system),
  issuerId: 'embedded',
  role: 'root',
  keyKind: 'P-256',
  parentId: null,
  subject: 'CN=Example Root,O=Example',
  certificate: chain.root,
  notAfter: new Date('2046-06-01T00:00:00Z'),
  createdAt: new Date('2026-05-31T12:00:00.900Z'),
  ...fromTheStart,
};
const intermediate: Authority = {
  ...root,
  id: newId('authority', system),
  role: 'intermediate',
  parentId: root.id,
  subject: 'CN=Example Intermediate,O=Example',
  certificate: chain.intermediate,
  notAfter: new Date('2036-06-01T00:00:00Z'),
  createdAt: clock.now(),
};
const crlDer = Buffer.from('not a real list, only its bytes');
const thisUpdate = new Date('2026-05-31T00:00:00Z');

function crlOf({ id: authorityId }: Authority, number: number, nextUpdate: Date): SignedCrl {
  const [head, tail] = [crlDer.subarray(0, 9), crlDer.subarray(9)];
  return { authorityId, number, head, tail, sizeBytes: crlDer.length, thisUpdate, nextUpdate };
}

let db: TempDatabase;
let pki: ReturnType<typeof createPki>;
before(async () => {
  db = await openTempDatabase(system);
  await db.database.write(async (tx) => {
    await tx.authorities.insert(root);
    await tx.authorities.insert(intermediate);
    const nextUpdate = new Date('2026-06-07T00:00:00Z');
    await tx.crls.put(crlOf(intermediate, 1, nextUpdate), 0);
  });
  pki = createPki({ database: db.database, clock, encodePem });
});
after(() => db.remove());

const peer = { address: '192.0.2.7', requestId: 'r' };
function get(path: string, init: RequestInit = {}): Promise<Response> {
  return pki.fetch(new Request(`http://ca.example/pki/${path}`, init), peer);
}

interface Served {
  readonly type: string;
  readonly body: Uint8Array | string;
  readonly etag: string;
  readonly lastModified: string;
  readonly cacheControl: string;
}

const pem = (der: Uint8Array) => encodePem('CERTIFICATE', der);
const served: Readonly<Record<string, Served>> = {
  [`${root.id}.cer`]: {
    type: 'application/pkix-cert', // RFC 2585 §4.1: one DER certificate
    body: chain.root,
    etag: `"${root.id}"`,
    lastModified: 'Sun, 31 May 2026 12:00:00 GMT',
    cacheControl: 'public, max-age=86400', // a certificate never changes
  },
  [`${intermediate.id}.cer`]: {
    type: 'application/pkix-cert',
    body: chain.intermediate,
    etag: `"${intermediate.id}"`,
    lastModified: 'Mon, 01 Jun 2026 00:00:00 GMT',
    cacheControl: 'public, max-age=86400',
  },
  [`${intermediate.id}.pem`]: {
    type: 'application/x-pem-file',
    body: pem(chain.intermediate),
    etag: `"${intermediate.id}"`,
    lastModified: 'Mon, 01 Jun 2026 00:00:00 GMT',
    cacheControl: 'public, max-age=86400',
  },
  [`${intermediate.id}.crl`]: {
    type: 'application/pkix-crl', // RFC 2585 §4.2
    body: crlDer,
    etag: `"${intermediate.id}-1"`,
    lastModified: 'Sun, 31 May 2026 00:00:00 GMT',
    cacheControl: 'public, max-age=3600',
  },
  'root.pem': {
    type: 'application/x-pem-file',
    body: pem(chain.root),
    etag: `"roots-${root.id}"`,
    lastModified: 'Sun, 31 May 2026 12:00:00 GMT',
    cacheControl: 'public, max-age=3600',
  },
  '': {
    type: 'text/plain; charset=utf-8',
    body: [
      'Certificates and revocation lists of this CA. All roots in one file: /pki/root.pem',
      '',
      'CN=Example Root,O=Example (root, until 2046-06-01)',
      `  /pki/${root.id}.cer`,
      `  /pki/${root.id}.pem`,
      `  /pki/${root.id}.crl`,
      'CN=Example Intermediate,O=Example (intermediate, until 2036-06-01)',
      `  /pki/${intermediate.id}.cer`,
      `  /pki/${intermediate.id}.pem`,
      `  /pki/${intermediate.id}.crl`,
      '',
    ].join('\n'),
    etag: `"index-${root.id}-${intermediate.id}"`,
    lastModified: 'Mon, 01 Jun 2026 00:00:00 GMT',
    cacheControl: 'public, max-age=60',
  },
};

for (const [path, expected] of Object.entries(served)) {
  describe(`/pki/${path}`, () => {
    const headersOf = ({ headers }: Response) => ({
      type: headers.get('content-type'),
      etag: headers.get('etag'),
      lastModified: headers.get('last-modified'),
      cacheControl: headers.get('cache-control'),
    });
    const { body, ...headers } = expected;
    const bytes = Buffer.from(body);

    test('is served with its type and for how long it may be kept', async () => {
      const response = await get(path);
      assert.equal(response.status, 200);
      assert.deepEqual(headersOf(response), headers);
      assert.deepEqual(Buffer.from(await response.bytes()), bytes);
      assert.equal(response.headers.get('content-length'), String(bytes.length));
    });

    test('answers HEAD with the same headers and no body', async () => {
      const response = await get(path, { method: 'HEAD' });
      assert.equal(response.status, 200);
      assert.deepEqual(headersOf(response), headers);
      assert.equal(response.headers.get('content-length'), String(bytes.length));
      assert.equal((await response.bytes()).length, 0);
    });

    const conditions: readonly (readonly [headers: Record<string, string>, status: number, why: string])[] = [
      [{ 'If-None-Match': expected.etag }, 304, 'the tag'],
      [{ 'If-None-Match': `W/${expected.etag}` }, 304, 'the tag, weakened by a cache on the way'],
      [{ 'If-None-Match': `"old", ${expected.etag}` }, 304, 'the tag among others'],
      [{ 'If-None-Match': '*' }, 304, 'any tag'],
      [{ 'If-None-Match': '"old"' }, 200, 'another tag'],
      [{ 'If-None-Match': expected.etag.slice(1, -1) }, 200, 'the tag without its quotes, which is none'],
      [{ 'If-Modified-Since': expected.lastModified }, 304, 'its date'],
      [{ 'If-Modified-Since': 'Tue, 02 Jun 2026 00:00:00 GMT' }, 304, 'a later date'],
      [{ 'If-Modified-Since': 'Sat, 30 May 2026 00:00:00 GMT' }, 200, 'an earlier date'],
      [{ 'If-Modified-Since': 'yesterday or so' }, 200, 'no date'],
      [{ 'If-None-Match': '"old"', 'If-Modified-Since': expected.lastModified }, 200, 'another tag, whatever the date'],
    ];
    for (const [conditional, status, why] of conditions) {
      test(`answers ${status} to ${why}`, async () => {
        const response = await get(path, { headers: conditional });
        assert.equal(response.status, status);
        assert.equal(response.headers.get('etag'), expected.etag);
        assert.equal((await response.bytes()).length, status === 304 ? 0 : bytes.length);
      });
    }
  });
}

const unknown = [
  'root.cer',
  'ca_unknown.cer',
  `${root.id}`,
  `${root.id}.`,
  `${root.id}.crl`, // no list made yet
  `${root.id}.key`,
  `${root.id}.cer.pem`,
  `${root.id}.CER`,
  `x${root.id}.cer`,
  `${root.id}.cer/`,
  '../root.pem',
  '%2e%2e/keys',
];
for (const path of unknown) {
  test(`/pki/${path} is not there`, async () => {
    assert.equal((await get(path)).status, 404);
  });
}

for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
  test(`${method} is refused`, async () => {
    const response = await get('root.pem', { method });
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'GET, HEAD');
  });
}

test('A list is kept by caches for an hour, but never past its end.', async () => {
  const id = root.id;
  const rows = [
    ['2026-06-01T00:59:59.500Z', 3599],
    ['2026-06-01T00:00:10.500Z', 10],
    ['2026-06-01T00:00:00.500Z', 0],
    ['2026-05-01T00:00:00Z', 0], // over long ago: better fetched again each time than kept
    ['2026-07-01T00:00:00Z', 3600],
  ] as const;
  for (const [index, [end, maxAge]] of rows.entries()) {
    const nextUpdate = new Date(end);
    await db.database.write((tx) => tx.crls.put(crlOf(root, index + 1, nextUpdate), 0));
    const response = await get(`${id}.crl`);
    assert.equal(response.headers.get('cache-control'), `public, max-age=${maxAge}`, end);
    assert.equal(response.headers.get('etag'), `"${id}-${index + 1}"`);
  }
});

test('A long list is sent part by part, with its length, to as many as ask for it.', async () => {
  const { id } = intermediate;
  const nextUpdate = new Date('2026-06-07T00:00:00Z');
  const der = Buffer.alloc(70_000, 7);
  await db.database.write(async (tx) => {
    await tx.crls.putPiece(id, { piece: 1, endsAt: nextUpdate, entries: 500, der });
    await tx.crls.putPiece(id, { piece: 2, endsAt: nextUpdate, entries: 1, der: Buffer.of(8) });
  });
  const { number, revision } = await db.database.read.crls.next(id);
  const sizeBytes = crlDer.length + der.length + 1;
  await db.database.write((tx) => tx.crls.put({ ...crlOf(intermediate, number, nextUpdate), sizeBytes }, revision));
  const whole = Buffer.concat([crlDer.subarray(0, 9), der, Buffer.of(8), crlDer.subarray(9)]);
  for (const response of await Promise.all([get(`${id}.crl`), get(`${id}.crl`)])) {
    assert.equal(response.headers.get('content-length'), String(sizeBytes));
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), whole);
  }
  const head = await get(`${id}.crl`, { method: 'HEAD' });
  assert.deepEqual([head.headers.get('content-length'), head.body], [String(sizeBytes), null]);
});
