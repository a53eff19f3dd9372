/** What an order at a CA waits for, who is told, and that it goes on by itself. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { acmeCas } from '../../../src/issuers/acme/presets.ts';
import type { Manner, Moment } from '../../support/acme-ca/manners.ts';
import { type AcmeScene, type AcmeSceneOptions, money, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;
const week = 7 * 86_400;
const name = 'www.example.com';
const patient = { deadlineHours: 24 * 30 };
const begin = async (options: AcmeSceneOptions['cas'] = [{}]) => {
  scene = await startAcmeScene({ cas: options.map((one) => ({ ...one, terms: { ...patient, ...one.terms } })) });
};

describe('the deadline of an order', () => {
  const limitedFor = (days: number): Manner => ({ problem: 'rateLimited', status: 429, retryAfter: days * 86_400 });
  const usual = { terms: { deadlineHours: 72 } };

  for (const on of ['newOrder', 'finalize'] as const satisfies readonly Moment[]) {
    it(`does not run while the CA limits it for a week at ${on}, over a restart`, async () => {
      await begin([usual]);
      scene.ca.misbehave({ on, how: limitedFor(7) });
      const view = await scene.place([name]);
      await scene.passHours(24 * 2);
      await scene.restart({ afterSeconds: 86_400 * 2 });
      await scene.passHours(24 * 2);
      assert.equal((await scene.told(view)).key, 'upstreamLimit');
      await scene.passHours(25);
      await scene.assertIssued(view);
    });
  }

  for (const on of ['newOrder', 'finalize'] as const satisfies readonly Moment[]) {
    it(`does not run while the CA limits it for 20 days at ${on}, and it is not asked before they are over`, async () => {
      await begin([usual]);
      scene.ca.misbehave({ on, how: limitedFor(20) });
      const view = await scene.place([name]);
      await scene.passHours(24 * 20 - 1);
      assert.equal(scene.ca.calls(on).length, 1);
      assert.equal((await scene.told(view)).key, 'upstreamLimit');
      await scene.passHours(2);
      await scene.assertIssued(view);
    });
  }

  it('runs again once that time has come, and ends it where the CA then does nothing', async () => {
    await begin([{ terms: { deadlineHours: 1 } }]);
    scene.ca.misbehave({ on: 'newOrder', how: limitedFor(7) });
    scene.ca.misbehave({ on: 'validate', how: 'never' });
    const view = await scene.place([name]);
    await scene.passHours(7 * 24 + 0.5);
    assert.equal((await scene.see(view)).issuance.state, 'issuing');
    await scene.passHours(1);
    await scene.assertRefunded(view, 'upstreamOverdue');
  });

  it('stays where the CA names a time that is longer than customers have for proofs', async () => {
    await begin([usual]);
    scene.ca.misbehave({ on: 'newOrder', how: limitedFor(60), times: always });
    const view = await scene.place([name]);
    await scene.passHours(73);
    await scene.assertRefunded(view, 'upstreamOverdue');
  });

  it('is of no account to a customer who cancels meanwhile: the money is back at once, and nothing is bought', async () => {
    await begin([usual]);
    scene.ca.misbehave({ on: 'newOrder', how: limitedFor(7) });
    const view = await scene.place([name]);
    await scene.passHours(96);
    await scene.app.ports.orders.cancel(scene.customer.caller, view.order, { note: 'not needed' });
    assert.equal(await scene.balance(), money);
    await scene.passHours(24 * 8);
    assert.equal((await scene.see(view)).order.state, 'cancelled');
    assert.equal((await scene.upstreamOrder(view))?.state, 'cancelled');
    assert.deepEqual(scene.ca.books.certificates, []);
  });

  it('of a pool does not run while each of its CAs limits it', async () => {
    scene = await startAcmeScene({
      cas: ['one', 'two'].map((id) => ({ id, terms: { deadlineHours: 24 }, ca: { settings: { organization: id } } })),
      pool: 'both',
    });
    for (const [index, { ca }] of scene.upstreams.entries()) {
      ca.misbehave({ on: 'newOrder', how: limitedFor(2 + index) });
    }
    const view = await scene.place([name]);
    await scene.passHours(40);
    assert.equal((await scene.told(view)).key, 'poolHasNoRoom');
    await scene.ends(view);
    await scene.assertIssued(view);
  });
});

describe('an order that waits at a CA', () => {
  const limited: Manner = { problem: 'rateLimited', detail: 'too many certificates', status: 429, retryAfter: week };
  for (const on of ['newOrder', 'finalize', 'authorization'] as const satisfies readonly Moment[]) {
    it(`for a week, since it is limited at ${on}: the operator reads until when, and one certificate comes`, async () => {
      await begin();
      scene.ca.misbehave({ on, how: limited });
      const view = await scene.place([name]);
      await scene.passHours(24);
      const { key, turn, en, zh } = await scene.told(view);
      assert.deepEqual([key, turn], ['upstreamLimit', 'operator']);
      for (const text of [en, zh]) assert.match(text, /2026-06-08.*too many certificates/);
      const { length } = scene.ca.calls();
      await scene.passHours(24 * 5);
      assert.equal(scene.ca.calls(on).length, 1, 'it is not asked again before');
      assert.ok(scene.ca.calls().length - length < 10);
      await scene.passHours(48);
      await scene.ends(view);
      await scene.assertIssued(view);
    });
  }

  it('for the operator, who must agree to something at the CA: the page is shown', async () => {
    await begin();
    const instance = 'https://ca.example/agreement';
    scene.ca.misbehave({ on: 'newOrder', how: { problem: 'userActionRequired', detail: 'new terms', instance } });
    const view = await scene.place([name]);
    await scene.passHours(0.1);
    const { key, turn, en, zh } = await scene.told(view);
    assert.deepEqual([key, turn], ['caWantsAction', 'operator']);
    for (const text of [en, zh]) assert.ok(text.includes(instance) && text.includes('new terms'), text);
    await scene.ends(view);
    await scene.assertIssued(view);
  });

  for (const [what, ca, key] of [
    ['terms of service that nobody has agreed to', { account: { termsAgreed: false } }, 'upstreamTermsNotAgreed'],
    ['a binding that is missing', { ca: { preset: 'google' }, caId: 'google' }, 'upstreamBindingMissing'],
    [
      'a contact that is missing',
      {
        account: { contacts: [] },
        caId: 'sslcom-ecc',
        settings: { ca: { ...acmeCas['sslcom-ecc'], needsExternalKey: false } },
      },
      'upstreamContactMissing',
    ],
  ] as const) {
    it(`for the operator, because of ${what}`, async () => {
      await begin([ca]);
      const view = await scene.place([name]);
      await scene.passHours(2);
      const told = await scene.told(view);
      assert.deepEqual([told.key, told.turn], [key, 'operator']);
      assert.equal(scene.ca.books.orders.length, 0);
    });
  }

  it('for the customer, whose delegation was taken away before the CA looked, goes on when it is back', async () => {
    await begin();
    const rule = scene.ca.misbehave({ on: 'authorization', how: { status: 502 } });
    const view = await scene.place([name]);
    await scene.passUntil(() => rule.met > 0, 'the names are about to be proved');
    scene.upstream.unprepared.add(name);
    await scene.passHours(0.2);
    assert.equal((await scene.told(view)).turn, 'customer');
    assert.deepEqual(
      [scene.ca.calls('respond').length, scene.ca.books.orders.length],
      [0, 1],
      'nothing fails meanwhile',
    );
    scene.upstream.unprepared.clear();
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal(scene.ca.books.failedValidations.length, 0);
  });

  it('that is away for hours is issued once when it is back', async () => {
    await begin();
    const rule = scene.ca.misbehave({ on: 'any', how: 'loseRequest', times: always });
    const view = await scene.place([name]);
    await scene.passHours(8);
    assert.equal((await scene.see(view)).issuance.state, 'issuing');
    assert.match((await scene.upstreamOrder(view))?.lastFault ?? '', /cannot be reached|closed/);
    rule.stop();
    await scene.ends(view);
    await scene.assertIssued(view);
  });

  it('whose account the CA has lost is registered again, once', async () => {
    await begin();
    const before = await scene.place(['before.example.com']);
    await scene.ends(before);
    scene.ca.deleteAccount(scene.ca.books.accounts[0] ?? assert.fail());
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal(scene.ca.books.accounts.length, 2);
    scene.ca.misbehave({ on: 'newOrder', how: { problem: 'accountDoesNotExist', status: 400 }, times: always });
    const third = await scene.place(['third.example.com']);
    await scene.passHours(0.5);
    assert.equal((await scene.told(third)).key, 'caAccountGone');
    assert.ok(scene.ca.calls('newAccount').length < 10);
  });

  it('while the directory moves goes on at the new URLs', async () => {
    await begin();
    const rule = scene.ca.misbehave({ on: 'newOrder', how: { status: 502 } });
    const view = await scene.place([name]);
    await scene.passUntil(() => rule.met > 0, 'an order is about to be placed');
    scene.ca.move();
    await scene.ends(view);
    await scene.assertIssued(view);
  });

  for (const hidesTime of [false, true]) {
    for (const skewHours of [-24, -1, 0.05, 1, 24]) {
      const says = hidesTime ? 'does not say what time it is' : 'says so';
      it(`at a CA whose clock is ${skewHours} h off and that ${says} ends well or is refused, and is bought once`, async () => {
        const settings = { clockSkewMs: skewHours * 3_600_000, retryAfter: 'date', hidesTime } as const;
        await begin([{ ca: { settings } }]);
        const view = await scene.place([name]);
        await scene.ends(view);
        const { failure } = (await scene.see(view)).issuance;
        // A certificate that begins tomorrow would not work today. Where the CA shows its clock, it is waited for.
        assert.equal(failure?.key, skewHours > 1 && hidesTime ? 'certificateUnfit' : undefined);
        assert.equal(scene.ca.books.certificates.length, 1);
      });
    }
  }
});
