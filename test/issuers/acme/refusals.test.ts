/** What a CA refuses for good: the customer reads why in both languages, the money is back, and nothing is ordered again. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Manner, Moment } from '../../support/acme-ca/manners.ts';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const name = 'www.example.com';
const always = Number.POSITIVE_INFINITY;

const refusals: readonly (readonly [on: Moment, how: Manner, key: string, ...words: readonly string[]])[] = [
  [
    'newOrder',
    {
      problem: 'rejectedIdentifier',
      detail: 'policy forbids it',
      subproblems: [{ identifier: { type: 'dns', value: name } }],
    },
    'caRefused',
    'policy forbids it',
    name,
  ],
  ['newOrder', { problem: 'unsupportedIdentifier', detail: 'no such names' }, 'caRefused', 'no such names'],
  ['newOrder', { problem: 'malformed', detail: 'odd' }, 'caRefused', 'odd'],
  ['newOrder', 'addName', 'caRefused', 'www.also.example'],
  ['validate', { problem: 'unauthorized', detail: 'wrong value found' }, 'caCouldNotValidate', name, 'wrong value'],
  ['validate', { problem: 'caa', detail: 'CAA forbids' }, 'caCouldNotValidate', name, 'CAA forbids'],
  ['validate', { problem: 'dns', detail: 'SERVFAIL' }, 'caCouldNotValidate', name, 'SERVFAIL'],
  ['validate', { problem: 'connection', detail: 'timed out' }, 'caCouldNotValidate', name, 'timed out'],
  ['finalize', { problem: 'badCSR', detail: 'weak key' }, 'caRefused', 'weak key'],
  ['finalize', { problem: 'badPublicKey', detail: 'known key' }, 'caRefused', 'known key'],
  ['issue', { problem: 'caa', detail: 'CAA changed' }, 'caRefused', 'CAA changed'],
  ['issue', { problem: 'badCSR', detail: 'odd extension' }, 'caRefused', 'odd extension'],
];

describe('an order that a CA refuses', () => {
  for (const [on, how, key, ...words] of refusals) {
    const title = typeof how === 'string' ? how : 'problem' in how ? how.problem : '';

    it(`at ${on} with ${title} fails with its words, and the money back`, async () => {
      scene = await startAcmeScene();
      scene.ca.misbehave({ on, how, times: always });
      const view = await scene.place([name, 'example.com']);
      await scene.ends(view);
      await scene.assertRefunded(view, key);
      const { en, zh } = await scene.told(view);
      for (const word of words) for (const text of [en, zh]) assert.ok(text.includes(word), `${word} is in: ${text}`);
      assert.match(zh, /[\u4e00-\u9fff]/);
      const { length } = scene.ca.calls('newOrder');
      await scene.passHours(48);
      assert.deepEqual([scene.ca.calls('newOrder').length, scene.ca.books.certificates.length], [length, 0]);
      assert.equal(length, 1);
    });
  }

  it('by leaving its wildcard out is refused before anything is proved (lego#2519)', async () => {
    scene = await startAcmeScene();
    scene.ca.misbehave({ on: 'newOrder', how: 'dropWildcard', times: always });
    const view = await scene.place(['*.example.com']);
    await scene.ends(view);
    await scene.assertRefunded(view, 'caRefused');
    assert.deepEqual([scene.ca.calls('respond'), scene.ca.calls('finalize')], [[], []]);
  });

  it('by offering none of the challenges that we answer is refused with those it has', async () => {
    scene = await startAcmeScene({ cas: [{ ca: { settings: { challengeTypes: ['http-01'] } } }] });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertRefunded(view, 'caOffersNoChallenge');
    assert.match((await scene.told(view)).en, /dns-01.*only http-01/);
  });
});
