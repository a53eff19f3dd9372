/** What went wrong between us and a CA, kept for the operator without anything secret; and a directory that is not the configured one any more. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';
import { createAcmeUpstream } from '../../support/acme-upstream.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const name = 'www.example.com';
const kept = () => scene.app.database.read.upstreamExchanges.list('ca', 1000);

describe('exchanges with a CA', () => {
  it('that went wrong are kept with their issuance, and those that went well are not', async () => {
    scene = await startAcmeScene();
    scene.ca.misbehave({ on: 'newOrder', how: { problem: 'rejectedIdentifier', detail: 'policy forbids it' } });
    const view = await scene.place([name]);
    const good = await scene.place(['good.example.com']);
    await scene.ends(view, good);
    const failed = await kept();
    assert.deepEqual(
      failed.map(({ issuanceId, method, status, url }) => [issuanceId, method, status, url]),
      [[view.issuance.id, 'POST', 400, 'https://ca.example/new-order']],
    );
    assert.match(failed[0]?.answer ?? '', /policy forbids it/);
    assert.match(failed[0]?.asked ?? '', /www\.example\.com/);
  });

  it('that had no answer are kept with the fault', async () => {
    scene = await startAcmeScene();
    scene.ca.misbehave({ on: 'finalize', how: 'loseReply' });
    const view = await scene.place([name]);
    await scene.ends(view);
    const [failed] = await kept();
    assert.deepEqual([failed?.status, failed?.answer], [null, 'closed the connection']);
  });

  it('tell nobody a signature, a nonce or the key of a binding', async () => {
    const hmacKey = Uint8Array.from({ length: 32 }, (_, index) => 200 - index);
    const externalKeys = new Map([['kid-1', { hmacKey, usesLeft: 1 }]]);
    const settings = { requiresBinding: true, externalKeys };
    scene = await startAcmeScene({
      cas: [{ account: { externalKey: { kind: 'given', keyId: 'kid-1', hmacKey } }, ca: { settings } }],
    });
    const nonces: string[] = [];
    const signatures: string[] = [];
    const bodies: Promise<unknown>[] = [];
    scene.upstream.beside = (request) => {
      if (request.method === 'POST') bodies.push(request.clone().text().then(note));
      return undefined;
    };
    const note = (text: string) => {
      const jws = JSON.parse(text) as { protected: string; payload: string; signature: string };
      nonces.push((JSON.parse(Buffer.from(jws.protected, 'base64url').toString()) as { nonce: string }).nonce);
      signatures.push(jws.signature);
      const payload = Buffer.from(jws.payload, 'base64url').toString();
      const inner = /"signature":"([^"]*)"/.exec(payload)?.[1];
      if (inner !== undefined) signatures.push(inner);
    };
    for (const on of ['newAccount', 'newOrder', 'order', 'finalize'] as const) {
      scene.ca.misbehave({ on, how: { status: 500, body: 'oops' } });
    }
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view);
    await Promise.all(bodies);
    const text = JSON.stringify(await kept());
    assert.ok((await kept()).length >= 4 && signatures.length > 8);
    for (const secret of [...nonces, ...signatures, Buffer.from(hmacKey).toString('base64url')]) {
      assert.ok(!text.includes(secret), secret);
    }
  });
});

describe('a directory that is configured anew while an order is open', () => {
  it('has nothing ordered again, says so, and goes on when it is back', async () => {
    const settings = { validation: { looksAfterMs: 4 * 3_600_000, tellsAfterMs: 0 } };
    scene = await startAcmeScene({ cas: [{ ca: { settings } }] });
    const view = await scene.place([name]);
    await scene.passHours(0.1);
    const other = createAcmeUpstream(() => scene.app, { settings: { directory: 'https://other.example/directory' } });
    await scene.restart({ upstreams: other.issuersIn, afterSeconds: 60 });
    await scene.passHours(2);
    const { key, turn, en, zh } = await scene.told(view);
    assert.deepEqual([key, turn, other.ca.calls()], ['caElsewhere', 'operator', []]);
    for (const text of [en, zh]) assert.match(text, /ca\.example.*other\.example/);
    await scene.restart({ upstreams: scene.upstream.issuersIn, afterSeconds: 60 });
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal(scene.ca.books.orders.length, 1);
  });
});
