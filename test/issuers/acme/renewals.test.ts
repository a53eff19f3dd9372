/** Renewals (RFC 9773), chains and profiles, as the CA has them. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { preferredChain } from '../../../src/issuers/acme/preferred-chain.ts';
import { acmeCas } from '../../../src/issuers/acme/presets.ts';
import { parseCertificate, thumbprint } from '../../../src/pki/certificate.ts';
import { commonNameOf } from '../../../src/pki/name.ts';
import type { Manner } from '../../support/acme-ca/manners.ts';
import { type AcmeScene, type AcmeSceneOptions, startAcmeScene } from '../../support/acme-scene.ts';
import { reissueFor } from '../../support/app.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;
const name = 'www.example.com';
const begin = async (one: NonNullable<AcmeSceneOptions['cas']>[number] = {}) => {
  scene = await startAcmeScene({ cas: [one] });
};
const issue = async () => {
  const view = await scene.place([name]);
  await scene.ends(view);
  return view;
};
async function reissue(view: Awaited<ReturnType<typeof issue>>, how: 'reissue' | 'duplicate' = 'reissue') {
  const request = { ...(await reissueFor([name])), csr: await scene.csrFor([name]) };
  const next = await scene.app.ports.issuances[how](scene.customer.caller, view.order, request);
  await scene.ends(next);
  return next;
}
function beforeItWas(body: Record<string, unknown>): void {
  body.suggestedWindow = { start: '1970-01-01T00:00:00Z', end: '1970-01-02T00:00:00Z' };
}
const replaced = () => scene.ca.calls('newOrder').map(({ payload }) => payload?.replaces);
const firstId = () => scene.ca.books.certificates[0]?.certId ?? assert.fail();

describe('a reissue at an ACME CA', () => {
  it('says what it replaces, and a duplicate does not', async () => {
    await begin();
    const view = await issue();
    await reissue(view);
    await reissue(view, 'duplicate');
    assert.deepEqual(replaced(), [undefined, firstId(), undefined]);
    assert.equal(scene.ca.books.certificates.length, 3);
  });

  for (const [what, one] of [
    ['has no renewal information', { ca: { settings: { hasRenewalInfo: false } } }],
    ['is known not to take it', { settings: { ca: { ...acmeCas.custom, takesReplaces: false } } }],
  ] as const) {
    it(`does not say it to a CA that ${what}`, async () => {
      await begin(one);
      await reissue(await issue());
      assert.deepEqual(replaced(), [undefined, undefined]);
    });
  }

  for (const how of [
    { problem: 'alreadyReplaced', status: 409 },
    { problem: 'malformed', status: 404 },
    { problem: 'malformed', status: 400 },
  ] as const satisfies readonly Manner[]) {
    it(`goes on without where the CA says ${how.problem} with ${how.status}`, async () => {
      await begin();
      const view = await issue();
      scene.ca.misbehave({ on: 'newOrder', how });
      const next = await reissue(view);
      assert.equal((await scene.app.database.read.issuances.get(next.issuance.id))?.state, 'issued');
      assert.deepEqual(replaced(), [undefined, firstId(), undefined]);
    });
  }

  it('comes by itself when the CA wants it, and once', async () => {
    await begin();
    await issue();
    await scene.passHours(30);
    assert.equal(scene.ca.books.certificates.length, 1);
    scene.ca.renewNow(scene.ca.books.certificates[0] ?? assert.fail());
    await scene.passUntil(() => scene.ca.books.certificates.length === 2, 'it is renewed', 60);
    assert.deepEqual(replaced(), [undefined, firstId()]);
    await scene.passHours(48);
    assert.equal(scene.ca.books.certificates.length, 2);
  });

  for (const how of [
    'reversedWindow',
    'badDates',
    'loseReply',
    { status: 500 },
    { problem: 'malformed', status: 404 },
    { change: beforeItWas },
  ] as const) {
    it(`is not brought forward by renewal information that cannot be read: ${JSON.stringify(how)}`, async () => {
      await begin();
      await issue();
      const rule = scene.ca.misbehave({ on: 'renewalInfo', how, times: always });
      await scene.passHours(72);
      assert.ok(rule.met > 0);
      assert.equal(scene.ca.books.certificates.length, 1);
    });
  }
});

describe('the preferred chain', () => {
  const alternates = { ca: { settings: { alternates: 7 } } };
  const rootOf = (index: number) => scene.ca.books.certificates[0]?.chains[index]?.at(-1) ?? assert.fail();
  const chainOf = async (view: Awaited<ReturnType<typeof issue>>) => {
    const { certificate } = await scene.see(view);
    const { serial } = certificate ?? assert.fail();
    return (await scene.app.ports.certificates.get(scene.customer.caller, serial)).chain.map((der) =>
      thumbprint(der, 'sha256'),
    );
  };
  const sent = (index: number) =>
    (scene.ca.books.certificates[0]?.chains[index] ?? []).slice(0, -1).map((der) => thumbprint(der, 'sha256'));

  it('is the one that the CA sends first where nobody prefers another', async () => {
    await begin(alternates);
    assert.deepEqual(await chainOf(await issue()), sent(0));
    assert.equal(scene.ca.calls('certificate').length, 1);
  });

  it('is found by the name of its root, and its alternates are read until then', async () => {
    await begin(alternates);
    await issue();
    const root = commonNameOf(parseCertificate(rootOf(2)).subject) ?? assert.fail();
    assert.notEqual(root, commonNameOf(parseCertificate(rootOf(0)).subject));
    await scene.close();
    await begin({ ...alternates, settings: { preferredChain: root } });
    assert.deepEqual(await chainOf(await issue()), sent(2));
    assert.equal(scene.ca.calls('certificate').length, 3);
  });

  it('is found by the fingerprint of one of its certificates, as people paste it', async () => {
    await begin(alternates);
    await issue();
    const chains = scene.ca.books.certificates[0]?.chains ?? [];
    const [first, second] = [0, 1].map((index) => ({
      certificates: chains[index]?.slice(0, -1) ?? [],
      pem: '',
      alternates: ['https://ca.example/alternate'],
    }));
    const shown = second ?? assert.fail();
    const client = { certificate: async (url: string) => ({ url, shown, retryAfter: null, links: [] }) };
    const pasted = sent(1)[0]?.toUpperCase().match(/../g)?.join(':') ?? assert.fail();
    const found = await preferredChain(client, first ?? assert.fail(), pasted, new AbortController().signal);
    assert.deepEqual(found, { chain: shown, isFound: true });
  });

  it('that is not offered is not waited for: six chains are read at most, and the operator is told', async () => {
    await begin({ ...alternates, settings: { preferredChain: 'No Such Root' } });
    const view = await issue();
    await scene.assertIssued(view);
    assert.deepEqual(await chainOf(view), sent(0));
    assert.equal(scene.ca.calls('certificate').length, 6);
    assert.ok(scene.app.log.lines.some(({ message }) => /preferred/.test(message)));
  });
});

describe('a profile of the CA', () => {
  const profiles = { classic: 'as ever', slim: 'less' };

  it('is asked for', async () => {
    await begin({ settings: { profile: { name: 'slim', isMandatory: true } }, ca: { settings: { profiles } } });
    await scene.assertIssued(await issue());
    assert.equal(scene.ca.books.orders[0]?.profile, 'slim');
  });

  for (const isMandatory of [true, false]) {
    it(`that has vanished ${isMandatory ? 'waits for the operator' : 'is left out'}`, async () => {
      await begin({ settings: { profile: { name: 'gone', isMandatory } }, ca: { settings: { profiles } } });
      const view = await scene.place([name]);
      await scene.passHours(2);
      if (isMandatory) {
        const { key, turn, en, zh } = await scene.told(view);
        assert.deepEqual([key, turn, scene.ca.books.orders.length], ['caLacksProfile', 'operator', 0]);
        for (const text of [en, zh]) assert.match(text, /gone.*classic, slim/);
      } else {
        await scene.assertIssued(view);
        assert.equal(scene.ca.calls('newOrder')[0]?.payload?.profile, undefined);
      }
    });
  }

  it('that the CA refuses although its directory has it is left out where that may be', async () => {
    await begin({ settings: { profile: { name: 'slim', isMandatory: false } }, ca: { settings: { profiles } } });
    scene.ca.misbehave({ on: 'newOrder', how: { problem: 'invalidProfile' } });
    await scene.assertIssued(await issue());
    assert.deepEqual(
      scene.ca.calls('newOrder').map(({ payload }) => payload?.profile),
      ['slim', undefined],
    );
  });
});
