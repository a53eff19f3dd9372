/** Bad manners of a CA at each call of an order, once: the order goes on, and one certificate comes of it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { createDice } from '../../support/acme-ca/dice.ts';
import { createManners, type Manner, type Operation, plainManners } from '../../support/acme-ca/manners.ts';
import { type AcmeScene, startAcmeScene } from '../../support/acme-scene.ts';

/** At every call. */
const everywhere: readonly Manner[] = [
  ...(['loseRequest', 'loseReply', 'hang', 'hangAfterwards', 'emptyBody', 'cutBody', 'htmlPage'] as const),
  ...(['wrongContentType', 'contentTypeWithCharset', 'actTwice'] as const),
  ...(['badNonce', 'noNonce', 'usedNonce'] as const),
  { status: 500 },
  { status: 502 },
  { status: 503, headers: { 'retry-after': '120' } },
  { problem: 'serverInternal', status: 500 },
  { problem: 'badNonce', status: 400 },
  { problem: 'rateLimited', status: 429, retryAfter: 600 },
  { takesMs: 20_000 },
];
const ofJson = ['nullMembers', 'furtherMembers'] as const;
/** Where an order is shown. */
const ofOrders = ['noLocation', 'noExpires', 'reordered', 'upperCase', 'repeated', 'strangeStatus'] as const;

const table: Partial<Readonly<Record<Operation, readonly Manner[]>>> = {
  newOrder: [...everywhere, ...ofJson, ...ofOrders, 'bornReady', 'alwaysValid'],
  authorization: [
    ...everywhere,
    ...ofJson,
    ...(['noExpires', 'strangeStatus', 'strangeChallenges', 'noChallengeStatus', 'noWildcardMark'] as const),
  ],
  respond: [...everywhere, ...ofJson, 'strangeStatus', 'noChallengeStatus'],
  order: [...everywhere, ...ofJson, ...ofOrders, 'noCertificateUrl', 'readyAgain'],
  finalize: [...everywhere, ...ofJson, ...ofOrders, 'readyAgain', 'forgetFinalize'],
  certificate: [
    ...everywhere,
    ...(['noChain', 'leafLast', 'withRoot', 'crlf', 'noFinalNewline', 'textAround', 'noAlternates'] as const),
    'derInstead',
  ],
};

/** What no order gets over, or what these calls do not show. */
const elsewhere: readonly Manner[] = [
  // Of problems, which other tests have.
  ...(['plainProblem', 'status401'] as const),
  // Other names, another certificate, more certificates than one: `misfits.test.ts`.
  ...(['dropWildcard', 'addName', 'bornValid', 'issueTwice', 'issueAgain'] as const),
  // Without profiles: `profiles.test.ts`.
  'noProfiles',
  // A certificate that is not JSON, an order that is not issued yet.
  ...(['nullMembers', 'furtherMembers', 'noCertificateUrl'] as const),
];

export function mannersSuite(on: Operation): void {
  const manners = table[on] ?? assert.fail(`no manners at ${on}`);

  describe(`an ACME CA with bad manners at ${on}`, () => {
    let scene: AcmeScene;
    const views: OrderView[] = [];
    const rules: { readonly met: number }[] = [];
    const nameOf = (index: number) => `m${index}.example.com`;

    before(async () => {
      scene = await startAcmeScene({ cas: [{ ca: { settings: { alternates: 2, finalize: slowly } } }] });
      for (const [index, how] of manners.entries()) {
        const isOurs = (name: string) => name.endsWith(nameOf(index));
        rules.push(scene.ca.misbehave({ on, how, when: ({ names }) => names.some(isOurs) }));
        views.push(await scene.place([nameOf(index), `*.${nameOf(index)}`]));
        // One at a time, so that they share no fault.
        await scene.passHours(0.5);
      }
    });
    after(() => scene.close());

    for (const [index, how] of manners.entries()) {
      it(`that has the manner ${JSON.stringify(how)} once sells one certificate`, async () => {
        const view = views[index] ?? assert.fail();
        await scene.ends(view);
        await scene.assertIssued(view);
        assert.ok((rules[index]?.met ?? 0) > 0, 'it has had that manner');
      });
    }

    it('is tried with every manner there is', () => {
      for (const how of plainManners) {
        if (isPossible(on, how)) assert.ok(manners.includes(how) || elsewhere.includes(how), how);
      }
    });
  });
}

const slowly = { isSynchronous: false, takesMs: 5000 };

function isPossible(on: Operation, how: Manner): boolean {
  try {
    createManners(createDice(1)).add({ on, how });
    return true;
  } catch {
    return false;
  }
}
