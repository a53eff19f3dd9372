/** The account at a CA gets another key while orders are under way there, from this node or another: none of them is lost for it. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const signal = new AbortController().signal;

/** What an order of two names needs, from the directory to the certificate. */
const requests = 15;

/** Another node with the same database. */
function otherNode() {
  const { app, upstream } = scene;
  const [issuer = assert.fail()] = upstream.issuersIn(app.context);
  return issuer;
}

async function isRegistered(): Promise<boolean> {
  const row = await scene.app.database.read.acmeUpstreamAccounts.get('ca', scene.ca.directoryUrl);
  return row?.url != null;
}

describe('a key that is changed by another node', () => {
  for (let at = 1; at <= requests; at++) {
    it(`while request ${at} of an order is on its way costs the order nothing`, async () => {
      scene = await startAcmeScene();
      let count = 0;
      let changed: Promise<unknown> | undefined;
      scene.upstream.beside = async () => {
        if (changed !== undefined || ++count < at || !(await isRegistered())) return undefined;
        changed = otherNode().changeKey(signal);
        await changed;
        return undefined;
      };
      const view = await scene.place(['example.com', '*.example.com']);
      await scene.ends(view);
      await scene.assertIssued(view);
      assert.ok(changed !== undefined, 'the key was changed');
      assert.equal(scene.ca.books.accounts.length, 1);
      const next = await scene.place(['www.example.com']);
      await scene.ends(next);
      await scene.assertIssued(next);
    });
  }
});

describe('a change of the key', () => {
  for (const how of ['loseRequest', 'loseReply', 'hang', 'hangAfterwards', 'htmlPage', 'emptyBody'] as const) {
    it(`that ends in ${how}, and in a restart, leaves an account that works`, async () => {
      scene = await startAcmeScene();
      const first = await scene.place(['a.example.com']);
      await scene.ends(first);
      const rule = scene.ca.misbehave({ on: 'keyChange', how });
      const cutOff = new AbortController();
      const change = otherNode()
        .changeKey(cutOff.signal)
        .catch(() => undefined);
      await scene.passUntil(() => rule.met > 0, 'the CA has heard of it');
      cutOff.abort();
      await change;
      await scene.restart();
      const second = await scene.place(['b.example.com']);
      await scene.ends(second);
      await scene.assertIssued(second);
      assert.equal(scene.ca.books.accounts.length, 1);
      const row = await scene.app.database.read.acmeUpstreamAccounts.get('ca', scene.ca.directoryUrl);
      assert.equal(row?.nextSealedKey, null, 'one key is left');
    });
  }
});
