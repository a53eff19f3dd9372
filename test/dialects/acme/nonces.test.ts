/** Nonces: on every answer to a POST, good once, for an hour, and of this process only. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNonces } from '../../../src/dialects/acme/nonces.ts';
import { createNumberMemory, openOneTimeNumbers } from '../../../src/system/index.ts';
import { createFakeClock, createFakeRandomness } from '../../support/system.ts';
import { createSession, directoryUrl } from './harness.ts';

const numbersOf = (seed: number) => openOneTimeNumbers(createNumberMemory(createFakeRandomness(seed)));
const fresh = () => {
  const clock = createFakeClock();
  return { clock, nonces: createNonces({ clock, numbers: numbersOf(7) }) };
};

describe('a nonce', () => {
  it('is good once', () => {
    const { nonces } = fresh();
    const all = Array.from({ length: 1000 }, () => nonces.issue());
    assert.equal(new Set(all).size, 1000);
    for (const nonce of all) assert.match(nonce, /^[A-Za-z0-9_-]{22,}$/);
    assert.deepEqual(
      all.map((nonce) => nonces.use(nonce)),
      all.map(() => true),
    );
    assert.deepEqual(
      all.map((nonce) => nonces.use(nonce)),
      all.map(() => false),
    );
  });

  it('is good for an hour, and never again after that', async () => {
    const { clock, nonces } = fresh();
    const [first, second] = [nonces.issue(), nonces.issue()];
    await clock.advance(3_600_000);
    assert.equal(nonces.use(first), true);
    await clock.advance(1);
    assert.equal(nonces.use(second), false);
    assert.equal(nonces.use(first), false);
  });

  it('of another process, or made up, is not good', () => {
    const clock = createFakeClock();
    const nonces = createNonces({ clock, numbers: numbersOf(1) });
    const other = createNonces({ clock, numbers: numbersOf(2) }).issue();
    const own = nonces.issue();
    const changed = Buffer.from(own, 'base64url');
    changed[0] = (changed[0] ?? 0) ^ 1;
    for (const nonce of [other, changed.toString('base64url'), `${own}=`, own.slice(1), '', '!', 'a'.repeat(5000)]) {
      assert.equal(nonces.use(nonce), false, nonce);
    }
    assert.equal(nonces.use(own), true);
  });

  it('comes with a HEAD and a GET, and is never cached', async () => {
    const { client } = await createSession();
    const url = client.directory.newNonce ?? '';
    for (const [method, status] of [
      ['HEAD', 200],
      ['GET', 204],
    ] as const) {
      const reply = await client.get(url, method);
      assert.equal(reply.status, status);
      assert.equal(reply.text, '');
      assert.equal(reply.headers.get('cache-control'), 'no-store');
      assert.equal(reply.headers.get('link'), `<${directoryUrl}>;rel="index"`);
      assert.match(reply.headers.get('replay-nonce') ?? '', /^[A-Za-z0-9_-]{22,}$/);
    }
  });

  it('that was used before is refused in the words that clients look for, with a fresh one', async () => {
    const { client } = await createSession();
    const nonce = (await client.get(client.directory.newNonce ?? '')).headers.get('replay-nonce');
    const again = () => client.post(client.account ?? '', undefined, { header: { nonce } });
    assert.equal((await again()).status, 200);
    const refused = await again();
    assert.equal(refused.status, 400);
    assert.deepEqual(refused.body, {
      type: 'urn:ietf:params:acme:error:badNonce',
      detail: 'JWS has an invalid anti-replay nonce',
      status: 400,
    });
    const next = refused.headers.get('replay-nonce');
    assert.equal((await client.post(client.account ?? '', undefined, { header: { nonce: next } })).status, 200);
  });

  it('is not burnt by somebody who does not hold the key', async () => {
    const { client, stranger } = await createSession();
    const nonce = (await client.get(client.directory.newNonce ?? '')).headers.get('replay-nonce');
    const { key } = await stranger();
    assert.equal((await client.post(client.account ?? '', undefined, { header: { nonce }, key })).status, 400);
    assert.equal((await client.post(client.account ?? '', undefined, { header: { nonce } })).status, 200);
  });
});
