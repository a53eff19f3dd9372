/** Certificates that are not what was ordered, and more of them than one: refused, kept as evidence, and nothing is ordered again. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { renderReason } from '../../../src/domain/errors.ts';
import type { Manner, Moment } from '../../support/acme-ca/manners.ts';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;

const misfits: readonly (readonly [on: Moment, how: Manner, fault: RegExp])[] = [
  ['issue', 'anotherKey', /another key/],
  ['issue', 'missingName', /lacks/],
  ['issue', 'furtherName', /also names/],
  ['issue', 'expired', /expired/],
  ['issue', 'notYetValid', /not valid/],
  ['issue', 'strangersChain', /not signed by|without the certificate/],
  ['certificate', 'noChain', /without the certificate of its issuer/],
  ['newOrder', 'bornValid', /another key/],
];

describe('a certificate of an ACME CA that is not what was ordered', () => {
  for (const [on, how, fault] of misfits) {
    it(`is refused, kept and not ordered again: ${String(how)}`, async () => {
      scene = await startAcmeScene();
      scene.ca.misbehave({ on, how, times: always });
      const view = await scene.place(['example.com', 'www.example.com']);
      await scene.ends(view);
      await scene.assertRefunded(view, 'certificateUnfit');
      const kept = await scene.upstreamOrder(view);
      assert.equal(kept?.state, 'unfit');
      assert.match(renderReason(kept.evidence?.reason ?? assert.fail(), 'en'), fault);
      assert.deepEqual(Buffer.from(kept.evidence?.der ?? []), scene.ca.books.certificates[0]?.der);
      await scene.passHours(48);
      assert.deepEqual([scene.ca.books.orders.length, scene.ca.books.certificates.length], [1, 1]);
    });
  }

  it('because its serial number is that of another one is refused', async () => {
    scene = await startAcmeScene();
    const first = await scene.place(['first.example.com']);
    await scene.ends(first);
    scene.ca.misbehave({ on: 'issue', how: 'usedSerial', times: always });
    const second = await scene.place(['second.example.com']);
    await scene.ends(second);
    const { issuance } = await scene.see(second);
    assert.equal(issuance.failure?.key, 'certificateUnfit');
    assert.equal((await scene.see(first)).certificate?.state, 'valid');
    assert.equal(scene.ca.books.certificates.length, 2);
  });
});

describe('a CA that issues more than was ordered', () => {
  it('has one of two certificates of one finalize stored', async () => {
    scene = await startAcmeScene();
    scene.ca.misbehave({ on: 'finalize', how: 'issueTwice' });
    const view = await scene.place(['example.com']);
    await scene.ends(view);
    const { certificate } = await scene.see(view);
    assert.equal(certificate?.state, 'valid');
    assert.ok(scene.ca.books.certificates.some(({ serialHex }) => serialHex === certificate.serial));
    assert.equal(scene.ca.books.orders.length, 1);
  });

  it('at every download, one of which is lost, has the one stored that came', async () => {
    scene = await startAcmeScene();
    scene.ca.misbehave({ on: 'certificate', how: 'issueAgain', times: always });
    scene.ca.misbehave({ on: 'certificate', how: 'loseReply' });
    const view = await scene.place(['example.com']);
    await scene.ends(view);
    assert.equal((await scene.see(view)).certificate?.serial, scene.ca.books.certificates.at(-1)?.serialHex);
    assert.equal(scene.ca.calls('finalize').length, 1);
  });
});
