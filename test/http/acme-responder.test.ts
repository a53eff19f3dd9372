/** The responder of http-01 over real sockets: the bytes that a CA reads, and what strangers get. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { listenForChallenges, type ResponderListeners } from '../../src/boot/responder.ts';
import { nextId } from '../../src/domain/ids.ts';
import { createAcmeResponder, responderPath } from '../../src/http/acme-responder.ts';
import { createMetrics } from '../../src/http/metrics/index.ts';
import { openTempDatabase, type TempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';

const clock = createFakeClock('2026-06-01T00:00:00Z');
const random = createFakeRandomness();
const token = 'evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA';
const keyAuthorization = `${token}.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI`;
let temp: TempDatabase;
let listeners: ResponderListeners;
/** Tokens that were looked up in the database. */
const lookedUp: string[] = [];

before(async () => {
  temp = await openTempDatabase();
  const { publishedProofs } = temp.database.read;
  const server = createAcmeResponder({
    proofs: {
      values(kind, place, ...rest) {
        lookedUp.push(place);
        return publishedProofs.values(kind, place, ...rest);
      },
    },
    clock,
    probeAnswer: (asked) => (asked === 'certmux-00' ? 'ours' : undefined),
  });
  const mount = { name: 'responder', paths: [responderPath], hosts: [], server };
  const metrics = createMetrics().meter;
  const options = {
    clock,
    random,
    log: createFakeLog(),
    metrics,
    trustedProxies: [],
    publicUrl: 'https://certs.example.com',
  };
  listeners = await listenForChallenges(['http://127.0.0.1:0'], mount, options);
  const until = new Date(clock.now().getTime() + 60_000);
  const proof = { issuanceId: await nextId('issuance', { ...temp, clock, random }), until };
  await temp.database.write(async (tx) => {
    await tx.publishedProofs.put({ ...proof, kind: 'http', place: token, value: keyAuthorization });
    await tx.publishedProofs.put({ ...proof, kind: 'http', place: 'over', value: 'over', until: clock.now() });
    await tx.publishedProofs.put({ ...proof, kind: 'dns', place: 'of-a-zone', value: 'a TXT value' });
  });
});
after(async () => {
  await listeners.close(0);
  await temp.remove();
});

/** The reply to the byte. */
async function exchange(method: string, path: string): Promise<{ readonly head: string; readonly body: string }> {
  const { hostname, port } = new URL(listeners.urls[0] ?? '');
  const socket = connect(Number(port), hostname);
  const parts: Buffer[] = [];
  socket.on('data', (part: Buffer) => parts.push(part));
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: www.customer.example\r\nConnection: close\r\n\r\n`);
  await once(socket, 'close');
  const [head = '', body = ''] = Buffer.concat(parts).toString('latin1').split('\r\n\r\n');
  return { head: head.toLowerCase(), body };
}

const at = (name: string) => `${responderPath}${name}`;

test('A live file is answered to the byte, as plain text and without a line end.', async () => {
  const { head, body } = await exchange('GET', at(token));
  assert.match(head, /^http\/1\.1 200 ok\r\n/);
  assert.match(head, /^content-type: text\/plain\r?$/m);
  assert.match(head, new RegExp(`^content-length: ${keyAuthorization.length}\\r?$`, 'm'));
  assert.match(head, /^cache-control: no-store\r?$/m);
  assert.equal(body, keyAuthorization);
});

test('HEAD has the same head and no body; a query changes nothing.', async () => {
  const { head, body } = await exchange('HEAD', at(token));
  assert.match(head, /^http\/1\.1 200 ok\r\n/);
  assert.match(head, new RegExp(`^content-length: ${keyAuthorization.length}\\r?$`, 'm'));
  assert.equal(body, '');
  assert.equal((await exchange('GET', `${at(token)}?a=b`)).body, keyAuthorization);
});

test('A probe of ours is answered without a look at the database.', async () => {
  lookedUp.length = 0;
  assert.equal((await exchange('GET', at('certmux-00'))).body, 'ours');
  assert.deepEqual(lookedUp, []);
});

test('What is over, of a zone, or was never there is not found.', async () => {
  for (const name of ['over', 'of-a-zone', 'unknown', `${token}A`]) {
    const { head, body } = await exchange('GET', at(name));
    assert.match(head, /^http\/1\.1 404 not found\r\n/, name);
    assert.ok(!body.includes('TXT') && !body.includes(keyAuthorization), name);
  }
});

test('What is no token is never looked up, however long it is.', async () => {
  lookedUp.length = 0;
  const names = [
    '',
    'a/b',
    'a%2fb',
    '..%2f..%2fetc',
    'a.b',
    'a b'.replace(' ', '%20'),
    'a'.repeat(129),
    'a'.repeat(8000),
  ];
  for (const name of names) {
    assert.match((await exchange('GET', at(name))).head, /^http\/1\.1 404 not found\r\n/, name.slice(0, 20));
  }
  assert.deepEqual(lookedUp, []);
  assert.match((await exchange('GET', at('a'.repeat(128)))).head, /^http\/1\.1 404/);
  assert.deepEqual(lookedUp, ['a'.repeat(128)]);
});

test('Other paths and methods are answered with nothing of ours, and a head without end is cut off.', async () => {
  lookedUp.length = 0;
  for (const path of ['/', '/readyz', '/api/v1/orders', '/.well-known/acme-challenge', `/x${at(token)}`]) {
    assert.match((await exchange('GET', path)).head, /^http\/1\.1 404 not found\r\n/, path);
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { head, body } = await exchange(method, at(token));
    assert.match(head, /^http\/1\.1 40[45] /, method);
    assert.ok(!body.includes(keyAuthorization), method);
  }
  assert.match((await exchange('GET', at('a'.repeat(100_000)))).head, /^http\/1\.1 (431|414) /);
  assert.deepEqual(lookedUp, []);
});

test('It is over to the moment.', async () => {
  await clock.advance(60_000);
  assert.match((await exchange('GET', at(token))).head, /^http\/1\.1 404 not found\r\n/);
});
