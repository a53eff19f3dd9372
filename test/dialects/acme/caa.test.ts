/** CAA records behind ACME (RFC 8659, RFC 8657): asked when a challenge is checked and again before the certificate is signed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CaaOutcome, CaaRecord } from '../../../src/domain/caa.ts';
import { reason } from '../../../src/domain/errors.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { createSession, csrFor } from './harness.ts';

const name = 'www.example.com';
const urn = 'urn:ietf:params:acme:error:';
const checking = defaultProfiles.map((profile) => ({ ...profile, checksCaa: true }));

/** What DNS says at the moment: the lines of `issue`, or nothing of use. */
function startZone() {
  const zone: {
    issue: readonly string[];
    others: readonly CaaRecord[];
    at: string | null;
    isAway: boolean;
    looks: number;
  } = { issue: [], others: [], at: null, isAway: false, looks: 0 };
  const lookUpCaa = async (at: string): Promise<CaaOutcome> => {
    zone.looks++;
    if (zone.isAway) return { ok: false, problem: reason('dnsServerFailure', { name: at, rcode: 'SERVFAIL' }) };
    const records = [...zone.issue.map((value) => ({ flags: 0, tag: 'issue', value })), ...zone.others];
    return { ok: true, answer: { foundAt: records.length === 0 ? null : (zone.at ?? at), records } };
  };
  return { zone, lookUpCaa };
}

async function start(issue: readonly string[]) {
  const { zone, lookUpCaa } = startZone();
  const session = await createSession({ profiles: checking, lookUpCaa });
  zone.issue = issue;
  // The core has an address of its own here.
  const { pathname } = new URL(session.client.account ?? '');
  const accountUrl = `${session.app.context.publicUrl}${pathname}`;
  return { session, zone, accountUrl };
}

type Session = Awaited<ReturnType<typeof start>>['session'];

/** The authorization of an order of the name once its first challenge was answered, and the order. */
async function answered(session: Session, ordered = name) {
  const { client, app } = session;
  const order = await client.newOrder([ordered]);
  app.checks.place(ordered, ordered.startsWith('*') ? 'dnsTxt' : 'httpFile');
  const url = String(order.body.authorizations[0]);
  const { body } = await client.post(url);
  await client.post(body.challenges[0].url, {});
  await app.idle();
  return { url, order, look: async () => (await client.post(url)).body };
}

describe('a challenge', () => {
  it('of a name whose records forbid this CA fails with the type caa, at the first look', async () => {
    const { session, zone } = await start(['other.example']);
    const { look } = await answered(session);
    const { status, challenges } = await look();
    assert.equal(status, 'invalid');
    const { error } = challenges[0];
    assert.equal(error.type, `${urn}caa`);
    assert.match(error.detail, /other\.example/);
    assert.equal(zone.looks, 1);
  });

  it('fails with the type caa where the records cannot be looked up, after a few looks', async () => {
    const { session, zone } = await start([]);
    zone.isAway = true;
    const { look } = await answered(session);
    assert.equal((await look()).status, 'pending');
    await session.app.advance(10);
    const { status, challenges } = await look();
    assert.equal(status, 'invalid');
    assert.equal(challenges[0].error.type, `${urn}caa`);
    assert.match(challenges[0].error.detail, /SERVFAIL/);
  });

  it('is met for the account that the records name, and by the method', async () => {
    const { session, accountUrl, zone } = await start([]);
    zone.issue = [`ca.example; accounturi=${accountUrl}; validationmethods=http-01`];
    const { look } = await answered(session);
    assert.equal((await look()).status, 'valid');
  });

  const future = (flags: number) => ({ flags, tag: 'future', value: '<script>\u001b[2J</script>' });
  const met: readonly (readonly [what: string, issue: readonly string[], others: readonly CaaRecord[]])[] = [
    ['an unknown tag that is not critical', ['ca.example'], [future(0)]],
    ['reserved bits', ['ca.example'], [future(127)]],
    ['three hundred parameters', [`ca.example${'; p=1'.repeat(300)}`], []],
    ['wildcards of nobody, which the name is not', ['ca.example'], [{ flags: 0, tag: 'issuewild', value: ';' }]],
    ['nobody beside this CA', [';', 'ca.example'], []],
  ];
  for (const [what, issue, others] of met) {
    it(`is met where the records have ${what}`, async () => {
      const { session, zone } = await start(issue);
      zone.others = others;
      const { look } = await answered(session);
      assert.equal((await look()).status, 'valid');
    });
  }

  const unmet: readonly (readonly [what: string, issue: readonly string[], others: readonly CaaRecord[], RegExp])[] = [
    ['a critical tag that nobody knows', ['ca.example'], [future(128)], /only removing the record can allow it$/],
    ['the same with reserved bits', ['ca.example'], [future(255)], /255 future/],
    ['markup for a CA', ['<script>alert(1)</script>'], [], /0 issue "<script>alert\(1\)<\/script>"; to allow it, add/],
    ['control characters', ['ca.example\u0000\u001b[2J'], [], /"ca\.example\\u\{0\}\\u\{1b\}\[2J"/],
    ['a value of 5,000 characters', ['x'.repeat(5000)], [], /x{100}…"/],
    ['nobody', [';'], [], /0 issue ";"; to allow it, add there: 0 issue "/],
  ];
  for (const [what, issue, others, detail] of unmet) {
    it(`is not met where the records have ${what}, and the error has nothing that a terminal would obey`, async () => {
      const { session, zone } = await start(issue);
      zone.others = others;
      zone.at = 'example.com';
      const { look } = await answered(session);
      const { error } = (await look()).challenges[0];
      assert.equal(error.type, `${urn}caa`);
      assert.match(error.detail, /^the CAA records of example\.com do not allow/);
      assert.match(error.detail, detail);
      assert.doesNotMatch(error.detail, /\p{Cc}/u);
      assert.ok(error.detail.length < 500, String(error.detail.length));
    });
  }

  it('of a wildcard goes by issuewild, and says which record would allow it', async () => {
    const { session, zone } = await start(['ca.example']);
    zone.others = [{ flags: 0, tag: 'issuewild', value: 'other.example' }];
    const { look } = await answered(session, '*.example.com');
    const { error } = (await look()).challenges[0];
    assert.equal(error.type, `${urn}caa`);
    assert.match(error.detail, /a certificate for \*\.example\.com: 0 issuewild "other\.example"; .*: 0 issuewild "/);

    zone.others = [{ flags: 0, tag: 'issuewild', value: 'ca.example' }];
    zone.issue = [';'];
    assert.equal((await (await answered(session, '*.other.example')).look()).status, 'valid');
  });

  for (const [what, parameters] of [
    ['another account', 'accounturi=https://ca.example.com/acme/default/account/other'],
    ['another method', 'validationmethods=dns-01'],
  ] as const) {
    it(`is not met for ${what}`, async () => {
      const { session } = await start([`ca.example; ${parameters}`]);
      const { look } = await answered(session);
      assert.equal((await look()).challenges[0].error.type, `${urn}caa`);
    });
  }
});

describe('an order', () => {
  it('is processing while the records are looked up again, and issued then', async () => {
    const { session, zone } = await start([]);
    const order = await session.readyOrder([name]);
    await session.app.advance(9 * 3600);
    const looks = zone.looks;
    const finalized = await session.client.post(order.body.finalize, { csr: await csrFor([name]) });
    assert.ok(['processing', 'valid'].includes(finalized.body.status), finalized.text);
    await session.app.idle();
    const { body } = await session.client.post(order.headers.get('location') ?? '');
    assert.equal(body.status, 'valid');
    assert.equal(zone.looks, looks + 1);
  });

  it('is invalid with the type caa where the owner has changed their mind', async () => {
    const { session, zone } = await start([]);
    const order = await session.readyOrder([name]);
    await session.app.advance(9 * 3600);
    zone.issue = [';'];
    await session.client.post(order.body.finalize, { csr: await csrFor([name]) });
    await session.app.idle();
    const { body } = await session.client.post(order.headers.get('location') ?? '');
    assert.deepEqual([body.status, body.error.type, body.error.status], ['invalid', `${urn}caa`, 403]);
    assert.match(body.error.detail, /0 issue ";"/);
  });
});
