/** CAs as they are (contract §3.3), each with the row of the table of presets that is made for it: one certificate for each order. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { type AcmeCaId, acmeCas } from '../../../src/issuers/acme/presets.ts';
import { type Preset, presets } from '../../support/acme-ca/presets.ts';
import { type AcmeScene, type AcmeSceneOptions, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const names = ['example.com', '*.example.com', 'www.example.com'];
const hmacKey = Uint8Array.from({ length: 32 }, (_, index) => index);
const given = { kind: 'given', keyId: 'kid-1', hmacKey } as const;
type CaOptions = NonNullable<AcmeSceneOptions['cas']>[number];

async function begin(preset: Preset | undefined, caId: AcmeCaId, { ca, ...options }: CaOptions = {}) {
  const externalKeys = new Map([['kid-1', { hmacKey, usesLeft: 1 }]]);
  const settings = { externalKeys, ...ca?.settings };
  const one = { caId, ...options, ca: { ...(preset === undefined ? {} : { preset }), ...ca, settings } };
  scene = await startAcmeScene({ cas: [one] });
}

/** Two orders of these names, one after the other, each with its own certificate. */
async function assertTwoIssued(): Promise<void> {
  for (const count of [1, 2]) {
    const view = await scene.place(names);
    await scene.ends(view);
    const { certificate, issuance } = await scene.see(view);
    assert.deepEqual([issuance.failure, issuance.state], [null, 'issued']);
    assert.equal(certificate?.serial, scene.ca.books.certificates.at(-1)?.serialHex);
    assert.deepEqual(Object.values(scene.ca.counted()), [count]);
  }
  assert.deepEqual([scene.ca.books.accounts.length, scene.ca.books.bugs], [1, []]);
}

const alike: readonly (readonly [preset: Preset, caId: AcmeCaId, options?: CaOptions])[] = [
  ['letsEncrypt', 'letsencrypt'],
  ['google', 'google', { account: { externalKey: given } }],
  ['sectigo', 'sectigo-dv', { account: { externalKey: given } }],
  ['digiCert', 'digicert', { account: { externalKey: given } }],
  ['sslCom', 'sslcom-ecc', { account: { externalKey: given } }],
  ['stepCa', 'step-ca'],
  ['pebble', 'pebble'],
];

describe('CAs as they are', () => {
  for (const [preset, caId, options] of alike) {
    it(`${preset} sells one certificate for an order`, async () => {
      await begin(preset, caId, options);
      await assertTwoIssued();
    });
  }

  it('zeroSsl, whose external key is made for an address and whose challenges take minutes, does not take a day', async () => {
    const externalKey = { kind: 'byEmail', email: 'ops@certs.example' } as const;
    await begin('zeroSsl', 'zerossl', { account: { externalKey } });
    let calls = 0;
    scene.upstream.beside = ({ url }) => {
      if (!url.startsWith('https://api.zerossl.com/acme/eab-credentials-email')) return undefined;
      calls++;
      const text = Buffer.from(hmacKey).toString('base64url');
      return Response.json({ success: true, eab_kid: 'kid-1', eab_hmac_key: text });
    };
    const startMs = scene.app.clock.now().getTime();
    await assertTwoIssued();
    assert.equal(calls, 1);
    assert.ok(scene.app.clock.now().getTime() - startMs < 2 * 3_600_000, 'Retry-After says a day');
  });

  it('are all looked at', () => {
    const seen = [...alike.map(([preset]) => preset), 'zeroSsl'];
    assert.deepEqual(Object.keys(presets).toSorted(), seen.toSorted());
  });

  for (const [what, settings] of [
    ['half of the time', { authorizationReuseRate: 0.5 }],
    ['always', { authorizationReuseRate: 1 }],
  ] as const) {
    it(`one that uses authorizations again ${what}`, async () => {
      await begin(undefined, 'custom', { ca: { settings } });
      await assertTwoIssued();
    });
  }

  it('one that refuses half of the nonces', async () => {
    await begin(undefined, 'custom');
    scene.ca.misbehave({ on: 'any', how: 'badNonce', rate: 0.5 });
    await assertTwoIssued();
  });

  it('one that refuses, loses or spoils one call in five', async () => {
    await begin(undefined, 'custom');
    for (const how of ['loseRequest', 'loseReply', 'cutBody', 'htmlPage', { status: 500 }] as const) {
      scene.ca.misbehave({ on: 'any', how, rate: 0.04 });
    }
    await assertTwoIssued();
  });
});

describe('a column of the table of CAs', () => {
  const custom = acmeCas.custom;
  const withColumn = (change: object, options: CaOptions = {}) =>
    begin(undefined, 'custom', { ...options, settings: { ...options.settings, ca: { ...custom, ...change } } });
  const issue = async (...wanted: readonly string[]) => {
    const view = await scene.place(wanted);
    await scene.ends(view);
    return view;
  };

  it('finalizeTimeoutMs is the time that finalize is waited for', async () => {
    const settings = { finalize: { isSynchronous: true, takesMs: 100_000 } } as const;
    for (const [finalizeTimeoutMs, faults] of [
      [180_000, 0],
      [30_000, 1],
    ] as const) {
      await withColumn({ finalizeTimeoutMs }, { ca: { settings } });
      const view = await issue('example.com');
      await scene.assertIssued(view);
      const { lastFault } = (await scene.upstreamOrder(view)) ?? assert.fail();
      assert.deepEqual([lastFault === null ? 0 : 1, scene.ca.calls('finalize').length], [faults, 1]);
      if (finalizeTimeoutMs === 180_000) await scene.close();
    }
  });

  it('notAfterDays lets the customer choose the end, within its limits', async () => {
    for (const [days, expected] of [
      [30, 30],
      [365, 90],
    ] as const) {
      await withColumn({ notAfterDays: { min: 1, max: 90 } }, { ca: { settings: { takesDates: true } } });
      const view = await scene.place(['example.com'], { validity: { days } });
      await scene.ends(view);
      const notAfter = Date.parse(scene.ca.books.orders[0]?.notAfter ?? assert.fail());
      assert.equal(Math.round((notAfter - scene.app.clock.now().getTime()) / 86_400_000), expected);
      if (days === 30) await scene.close();
    }
  });

  it('keyTypes refuses other keys before anything is sent', async () => {
    await withColumn({ keyTypes: ['rsa'] });
    await assert.rejects(scene.place(['example.com']).then(issueOrThrow), /RSA/);
    assert.equal(scene.ca.calls('newOrder').length, 0);
  });

  it('takesWildcards and takesAddresses refuse names before anything is sent', async () => {
    await withColumn({ takesWildcards: false, takesAddresses: false }, { mode: 'serve' });
    await assert.rejects(scene.place(['192.0.2.7']).then(issueOrThrow), /addresses/);
    await assert.rejects(scene.place(['*.example.com']).then(issueOrThrow), /wildcard/i);
    assert.equal(scene.ca.calls('newOrder').length, 0);
  });

  it('takesAddresses names the profile of addresses', async () => {
    const settings = { profiles: { classic: '', shortlived: '' }, addressProfiles: ['shortlived'] };
    await withColumn({ takesAddresses: { profile: 'shortlived' } }, { mode: 'serve', ca: { settings } });
    await scene.assertIssued(await issue('192.0.2.7'));
    await scene.assertIssued(await issue('www.example.com'));
    assert.deepEqual(
      scene.ca.books.orders.map(({ profile }) => profile),
      ['shortlived', undefined],
    );
  });

  it('showsAuthorizations: where it is false, the order has to do', async () => {
    await withColumn({ showsAuthorizations: false });
    scene.ca.misbehave({ on: 'newOrder', how: 'bornReady' });
    scene.ca.misbehave({ on: 'authorization', how: { problem: 'unauthorized' }, times: Number.POSITIVE_INFINITY });
    await scene.assertIssued(await issue('example.com'));
  });

  it('longestWaitSeconds is the longest wait, whatever Retry-After says', async () => {
    const settings = { challengeRetrySeconds: 86_400 };
    await withColumn({ longestWaitSeconds: 600 }, { ca: { settings } });
    const startMs = scene.app.clock.now().getTime();
    await scene.assertIssued(await issue('example.com'));
    assert.ok(scene.app.clock.now().getTime() - startMs <= 1_300_000);
  });

  async function issueOrThrow(view: Awaited<ReturnType<AcmeScene['place']>>): Promise<void> {
    await scene.passHours(1);
    throw new Error((await scene.told(view)).en);
  }
});
