/**
 * What every front door says of an order whose CAA records cannot be looked up, and of one that they forbid: the core's own words, in
 * the place that the vendor's format has for them.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CaaOutcome } from '../../src/domain/caa.ts';
import { reason, renderReason } from '../../src/domain/errors.ts';
import type { Language } from '../../src/domain/language.ts';
import { defaultProfiles } from '../../src/domain/profile.ts';
import * as digicert from '../dialects/digicert/harness.ts';
import { orderBody as digicertOrder } from '../dialects/digicert/order-states.ts';
import * as encryption365 from '../dialects/encryption365/harness.ts';
import * as httpsok from '../dialects/httpsok/harness.ts';
import * as racent from '../dialects/racent/harness.ts';
import * as wosign from '../dialects/wosign/harness.ts';
import type { TestAppOptions } from '../support/app.ts';
import type { CoreSession } from '../support/dialect-session.ts';

type Options = Pick<TestAppOptions, 'profiles' | 'lookUpCaa'>;

/** A front door, with an order whose name is proved. */
interface Door {
  readonly language: Language;
  /** All that the format has room for while the order waits, in the place of the sentence. */
  readonly waiting?: object;
  open(options: Options): Promise<{ readonly session: CoreSession; readonly see: () => Promise<unknown> }>;
}

const doors: Readonly<Record<string, Door>> = {
  encryption365: {
    language: 'zh',
    async open(options) {
      const session = await encryption365.createSession(options);
      session.app.checks.placeEverywhere();
      await session.post('/cert/create', encryption365.orderBody());
      const details = () => session.post('/cert/details', { trustocean_id: encryption365.firstNumber });
      return { session, see: details };
    },
  },
  racent: {
    language: 'zh',
    async open(options) {
      const session = await racent.createSession(options);
      session.app.checks.placeEverywhere();
      const { data } = await session.post('/ssl/place', racent.orderFields());
      return { session, see: () => session.post('/ssl/collect', { certId: data.certId }) };
    },
  },
  wosign: {
    language: 'zh',
    // Its code for a domain that cannot be verified, with the domain.
    waiting: { result: 'error', status: '107', other_msg: 'test.ims.cn' },
    async open(options) {
      const session = await wosign.servedSession(options);
      await session.post(wosign.application());
      return { session, see: () => session.post(wosign.application()) };
    },
  },
  httpsok: {
    language: 'zh',
    async open(options) {
      const session = await httpsok.createSession(options);
      session.app.checks.placeEverywhere();
      await session.delegate(['fastpix.cn']);
      await session.post('/v1/cert/apply', { domainList: ['fastpix.cn'] });
      return { session, see: () => session.get(`/v1/cert/apply/${httpsok.firstNumber}`) };
    },
  },
  digicert: {
    language: 'en',
    async open(options) {
      const session = await digicert.createSession(options);
      session.app.checks.placeEverywhere();
      const { body } = await session.call('POST', '/order/certificate/ssl_dv_geotrust_flex', digicertOrder());
      const show = async () => (await session.call('GET', `/order/certificate/${body.id}`)).body;
      return { session, see: show };
    },
  },
};

const profiles = defaultProfiles.map((profile) => ({ ...profile, checksCaa: true }));

describe('an order whose CAA records', () => {
  for (const [name, { language, waiting, open }] of Object.entries(doors)) {
    test(`cannot be looked up, and then forbid it: ${name} says so in its own format`, async () => {
      let isAway = true;
      const lookUpCaa = async (at: string): Promise<CaaOutcome> =>
        isAway
          ? { ok: false, problem: reason('dnsServerFailure', { name: at, rcode: 'SERVFAIL' }) }
          : { ok: true, answer: { foundAt: at, records: [{ flags: 0, tag: 'issue', value: 'other.example' }] } };
      const { session, see } = await open({ profiles, lookUpCaa });
      await session.app.idle();

      const [resting] = await session.orders();
      const { state, rest } = resting?.issuance ?? assert.fail('there is no order');
      assert.deepEqual([state, rest?.reason.key], ['ready', 'caaUnavailable']);
      assert.ok(rest);
      if (waiting === undefined) assertSays(await see(), renderReason(rest.reason, language));
      else assert.deepEqual(await see(), waiting);

      isAway = false;
      await session.app.advance(60);
      const failure = (await session.orders()).find(({ order }) => order.id === resting?.order.id)?.issuance.failure;
      assert.equal(failure?.key, 'caaProhibits');
      assertSays(await see(), renderReason(failure, language));
    });
  }
});

function assertSays(reply: unknown, sentence: string): void {
  const texts: string[] = [];
  JSON.stringify(reply, (_, value: unknown) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  assert.ok(
    texts.some((text) => text.includes(sentence)),
    `${sentence}\n${JSON.stringify(reply)}`,
  );
}
