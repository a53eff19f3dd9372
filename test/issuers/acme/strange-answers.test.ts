/** Answers of a CA that are odd in what they say rather than in their form: words, URLs, times. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { Manner, Moment } from '../../support/acme-ca/manners.ts';
import { type AcmeScene, type AcmeSceneOptions, startAcmeScene } from '../../support/acme-scene.ts';

let scene: AcmeScene;
afterEach(() => scene.close());

const always = Number.POSITIVE_INFINITY;
const name = 'www.example.com';
const shownOrders = ['newOrder', 'order', 'finalize'] as const;
const begin = async (one: NonNullable<AcmeSceneOptions['cas']>[number] = {}) => {
  scene = await startAcmeScene({ cas: [one] });
};

describe('words of a CA with control characters, and without end,', () => {
  const nasty = `\u001b[31mred\r\n\u202eevil<script>${'x'.repeat(200_000)}`;
  const refused = { problem: 'caa', detail: nasty, subproblems: [{ identifier: { type: 'dns', value: nasty } }] };
  const asTerms = (body: Record<string, unknown>) => {
    body.meta = { termsOfService: nasty };
  };
  const asChallenge = (body: Record<string, unknown>) => {
    body.challenges = Array.from({ length: 50 }, (_, index) => ({
      type: `${index}${nasty.slice(0, 10_000)}`,
      url: nasty.slice(0, 10),
      token: 'x',
    }));
  };
  const asName = (body: Record<string, unknown>) => {
    body.identifier = { type: 'dns', value: nasty };
  };
  const asStatus = (body: Record<string, unknown>) => {
    body.status = nasty;
  };
  const rows: readonly (readonly [what: string, on: Moment, how: Manner, key: string])[] = [
    ['a refusal of the order', 'newOrder', refused, 'caRefused'],
    ['a refusal of the account', 'newAccount', refused, 'caRefused'],
    ['a refusal of the CSR', 'finalize', refused, 'caRefused'],
    ['the error of an order', 'issue', refused, 'caRefused'],
    ['the error of a challenge', 'validate', refused, 'caCouldNotValidate'],
    ['the types of challenges', 'authorization', { change: asChallenge }, 'caOffersNoChallenge'],
    ['a name', 'authorization', { change: asName }, 'upstreamUnavailable'],
    ['the status of an authorization', 'authorization', { change: asStatus }, 'caLostOrders'],
    ['the terms of service', 'directory', { change: asTerms }, 'upstreamTermsNotAgreed'],
    ['a page', 'newOrder', { problem: 'userActionRequired', instance: nasty, detail: '' }, 'caWantsAction'],
  ];
  for (const [what, on, how, key] of rows) {
    it(`in ${what} are shown as readable text of some length`, async () => {
      await begin({ account: { termsAgreed: key !== 'upstreamTermsNotAgreed' } });
      scene.ca.misbehave({ on, how, times: always });
      const view = await scene.place([name]);
      await scene.passHours(0.2);
      const told = await scene.told(view);
      assert.equal(told.key, key);
      const kept = (await scene.acmeOrder(view))?.lastProblem ?? '';
      for (const text of [told.en, told.zh, kept]) {
        assert.ok(text.length < 5000, `${text.length} characters`);
        assert.doesNotMatch(text, /[\p{Cc}\p{Cf}]/u);
      }
    });
  }
});

describe('a CA whose URLs', () => {
  const pathOf = (url: unknown) => new URL(String(url)).pathname;

  it('are those of its own server without it sells a certificate', async () => {
    await begin();
    scene.ca.misbehave({
      on: shownOrders,
      how: {
        change(body) {
          body.finalize = pathOf(body.finalize);
          if (Array.isArray(body.authorizations)) body.authorizations = body.authorizations.map(pathOf);
          if (body.certificate !== undefined) body.certificate = pathOf(body.certificate);
        },
      },
      times: always,
    });
    scene.ca.misbehave({
      on: 'authorization',
      how: {
        change(body) {
          const challenges = Array.isArray(body.challenges) ? body.challenges : [];
          for (const challenge of challenges) challenge.url = pathOf(challenge.url);
        },
      },
      times: always,
    });
    scene.ca.misbehave({
      on: 'directory',
      how: {
        change(body) {
          for (const call of ['newNonce', 'newAccount', 'newOrder']) body[call] = pathOf(body[call]);
        },
      },
      times: always,
    });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view);
  });

  for (const elsewhere of ['http://ca.example/1', 'http://169.254.169.254/latest', 'file:///etc/passwd', 'nowhere:']) {
    it(`are ${elsewhere} gets nothing sent there, and the operator reads why`, async () => {
      await begin();
      const change = (body: Record<string, unknown>) => {
        body.authorizations = [elsewhere];
      };
      const asked: string[] = [];
      scene.upstream.beside = ({ url }) => {
        asked.push(url);
        return undefined;
      };
      const rule = scene.ca.misbehave({ on: shownOrders, how: { change }, times: always });
      const view = await scene.place([name]);
      await scene.passUntil(async () => (await scene.upstreamOrder(view))?.lastFault != null, 'it has failed');
      assert.ok(rule.met > 0);
      assert.match((await scene.upstreamOrder(view))?.lastFault ?? '', /sent a URL that is not https/);
      assert.deepEqual(
        asked.filter((url) => !url.startsWith('https://ca.example/')),
        [],
      );
    });
  }
});

describe('a CA whose other chains', () => {
  for (const how of [{ status: 500 }, { problem: 'malformed', status: 404 }, 'htmlPage', 'cutBody'] as const) {
    it(`do not come (${JSON.stringify(how)}) has its first chain taken at once`, async () => {
      await begin({ settings: { preferredChain: 'Nobody Has It' }, ca: { settings: { alternates: 2 } } });
      const isAlternate = ({ url }: { readonly url: string | undefined }) => url?.includes('/certificate/1/') === true;
      const rule = scene.ca.misbehave({ on: 'certificate', how, times: always, when: isAlternate });
      const view = await scene.place([name]);
      await scene.ends(view);
      await scene.assertIssued(view);
      assert.equal(rule.met, 2);
    });
  }
});

describe('a CA whose times', () => {
  it('are behind our clock sells a certificate: an order that was placed now has not ended', async () => {
    await begin();
    const change = (body: Record<string, unknown>) => {
      body.expires = '2020-01-01T00:00:00Z';
    };
    scene.ca.misbehave({ on: shownOrders, how: { change }, times: always });
    const view = await scene.place([name]);
    await scene.ends(view);
    await scene.assertIssued(view);
    assert.equal(scene.ca.books.orders.length, 1);
  });

  for (const status of ['pending', 'processing']) {
    it(`never come, since an order with all names proved stays ${status}, is asked ever less often`, async () => {
      await begin();
      const change = (body: Record<string, unknown>) => {
        body.status = status;
      };
      scene.ca.misbehave({ on: 'newOrder', how: 'bornReady' });
      scene.ca.misbehave({ on: 'order', how: { change }, times: always });
      await scene.place([name]);
      await scene.passHours(1);
      const { length } = scene.ca.calls('order');
      assert.ok(length > 10 && length < 150, `${length} looks`);
    });
  }
});
