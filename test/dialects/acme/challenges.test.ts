/** Challenges and authorizations as they are shown and answered (RFC 8555 §7.1.4, §7.1.5, §7.5, §8): status, headers, members. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AcmeReply } from '../../support/acme-client.ts';
import { createCaller, place } from '../../support/app.ts';
import { createSession, directoryUrl, type Session } from './harness.ts';

const name = 'www.example.com';
const urn = 'urn:ietf:params:acme:error:';

const refusal = ({ status, body }: AcmeReply) => `${status} ${body.type?.slice(urn.length)}`;

async function pending(session: Session) {
  const { client } = session;
  const order = await client.newOrder([name]);
  const url = String(order.body.authorizations[0]);
  const authorization = await client.post(url);
  const challengeUrl = (type: string): string =>
    authorization.body.challenges.find((one: { type: string }) => one.type === type).url;
  return { order, url, authorization, challengeUrl, look: () => client.post(url) };
}

const checksAskedFor = async ({ app }: Session) =>
  (await app.ports.events.list(app.operator, { limit: 100 })).items.filter(
    ({ kind }) => kind === 'authorization.checkRequested',
  ).length;

/** The answer to a challenge waits a moment for the first look: the clock goes on until it is there. */
const patience =
  ({ app }: Session) =>
  async <T>(answer: Promise<T>): Promise<T> => {
    let isThere = false;
    const answered = answer.finally(() => {
      isThere = true;
    });
    while (!isThere) await app.clock.advance(100);
    return answered;
  };

describe('a pending authorization', () => {
  it('shows every type that is offered, in the order that clients expect, each with a token', async () => {
    const session = await createSession();
    const { authorization, url } = await pending(session);
    const { status, headers, body } = authorization;
    assert.deepEqual([status, headers.get('location'), headers.get('retry-after')], [200, url, null]);
    assert.deepEqual(Object.keys(body), ['status', 'expires', 'identifier', 'challenges']);
    assert.match(body.expires, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const types = body.challenges.map(({ type }: { type: string }) => type);
    assert.deepEqual(types, ['http-01', 'dns-01', 'tls-alpn-01']);
    for (const challenge of body.challenges) {
      assert.deepEqual(Object.keys(challenge), ['type', 'url', 'status', 'token']);
      assert.match(challenge.token, /^[A-Za-z0-9_-]{22,}$/);
      assert.equal(challenge.status, 'pending');
    }
  });
});

describe('an authorization', () => {
  it('of a wildcard says so beside the name without it, in every state', async () => {
    const { client, app } = await createSession();
    const order = await client.newOrder(['*.example.com', 'example.com']);
    const [wildcard, base] = order.body.authorizations;
    const identifier = { type: 'dns', value: 'example.com' };
    const pendingOne = (await client.post(wildcard)).body;
    assert.deepEqual([pendingOne.identifier, pendingOne.wildcard], [identifier, true]);
    const other = (await client.post(base)).body;
    assert.deepEqual([other.identifier, 'wildcard' in other], [identifier, false]);
    assert.notEqual(other.challenges[1].token, pendingOne.challenges[0].token);
    app.checks.place('*.example.com', 'dnsTxt');
    await client.post(pendingOne.challenges[0].url, {});
    await app.idle();
    const valid = (await client.post(wildcard)).body;
    assert.deepEqual([valid.status, valid.identifier, valid.wildcard], ['valid', identifier, true]);
  });

  it('that was proved by what ACME has no type for is shown as DNS, with a token', async () => {
    const { client, app, account } = await createSession();
    app.checks.place(name, 'dnsCname');
    await place(app, await createCaller(app, account), [name], { productCode: 'paid' });
    await app.idle();
    const order = await client.newOrder([name]);
    assert.equal(order.body.status, 'ready', order.text);
    const { body } = await client.post(order.body.authorizations[0]);
    assert.equal(body.status, 'valid');
    const [challenge, ...others] = body.challenges;
    assert.deepEqual(others, []);
    assert.deepEqual([challenge.type, challenge.status], ['dns-01', 'valid']);
    assert.match(challenge.token, /^[A-Za-z0-9_-]{22,}$/);
    assert.match(challenge.validated, /^2026-06-01T08:00:0\dZ$/);
    const shown = await client.post(challenge.url);
    assert.deepEqual([shown.status, shown.body], [200, challenge]);
  });

  it('that nobody proved in a week has expired, and its challenges are gone', async () => {
    const session = await createSession();
    const { client, app } = session;
    const { order, url, challengeUrl, look } = await pending(session);
    await app.advance(7 * 86_400);
    const { body } = await look();
    assert.deepEqual([body.status, body.expires, body.challenges], ['expired', order.body.expires, []]);
    assert.equal(refusal(await client.post(challengeUrl('http-01'), {})), '404 malformed');
    assert.equal(refusal(await client.post(url, { status: 'valid' })), '400 malformed');
    const shown = await client.post(order.headers.get('location') ?? '');
    assert.deepEqual([shown.body.status, shown.body.error.type], ['invalid', `${urn}malformed`]);
    assert.equal(await checksAskedFor(session), 0);
  });
});

describe('a challenge', () => {
  it('is only shown by a POST-as-GET', async () => {
    const session = await createSession();
    const { challengeUrl, url } = await pending(session);
    const reply = await session.client.post(challengeUrl('http-01'));
    assert.deepEqual([reply.status, reply.body.status], [200, 'pending']);
    assert.equal(reply.headers.get('location'), challengeUrl('http-01'));
    assert.equal(reply.headers.get('link'), `<${url}>;rel="up", <${directoryUrl}>;rel="index"`);
    assert.equal(reply.headers.get('retry-after'), null);
    assert.equal(await checksAskedFor(session), 0);
  });

  it('that is answered twice is looked for once, and its authorization waits as pending', async () => {
    const session = await createSession({ works: false });
    const { challengeUrl, look, url } = await pending(session);
    const post = () => session.client.post(challengeUrl('http-01'), {});
    const patient = patience(session);
    const replies = [await patient(post()), ...(await patient(Promise.all([post(), post()])))];
    for (const reply of replies) {
      assert.deepEqual([reply.status, reply.body.status], [200, 'processing'], reply.text);
      assert.equal(reply.headers.get('link'), `<${url}>;rel="up", <${directoryUrl}>;rel="index"`);
      assert.equal(reply.headers.get('retry-after'), '2');
    }
    assert.equal(await checksAskedFor(session), 1);
    const shown = await look();
    assert.deepEqual([shown.body.status, shown.headers.get('retry-after')], ['pending', '2']);
  });

  it('that is answered after it was met, or was not, shows how it ended and changes nothing', async () => {
    for (const isMet of [true, false]) {
      const session = await createSession();
      const { app, client } = session;
      const { challengeUrl, look } = await pending(session);
      if (isMet) app.checks.place(name);
      await client.post(challengeUrl('http-01'), {});
      await app.advance(60);
      const status = isMet ? 'valid' : 'invalid';
      const shown = await look();
      assert.deepEqual(
        [
          shown.body.status,
          shown.body.challenges.map((one: { type: string; status: string }) => [one.type, one.status]),
        ],
        [status, [['http-01', status]]],
      );
      const [challenge] = shown.body.challenges;
      assert.deepEqual(Object.keys(challenge), [
        'type',
        'url',
        'status',
        'token',
        ...(isMet ? ['validated'] : []),
        ...(isMet ? [] : ['error']),
      ]);
      const again = await client.post(challengeUrl('http-01'), {});
      assert.deepEqual([again.status, again.body], [200, challenge]);
      assert.equal(again.headers.get('retry-after'), null);
      assert.equal(await checksAskedFor(session), 1);
      // The others are gone: what is decided is decided.
      assert.equal(refusal(await client.post(challengeUrl('dns-01'), {})), '404 malformed');
      assert.equal((await look()).text, shown.text);
    }
  });

  it('takes what older clients send with it, and is refused for what is no object', async () => {
    const session = await createSession({ works: false });
    const { client } = session;
    const { challengeUrl } = await pending(session);
    for (const payload of [[], 'x', 1, null]) {
      assert.equal(refusal(await client.post(challengeUrl('http-01'), payload)), '400 malformed');
    }
    assert.equal(await checksAskedFor(session), 0);
    const payload = { resource: 'challenge', keyAuthorization: 'x', type: 'http-01', token: 'y' };
    assert.equal((await patience(session)(client.post(challengeUrl('http-01'), payload))).body.status, 'processing');
  });

  it('of no such type, of no such authorization, and of another account is not found', async () => {
    const session = await createSession();
    const { client } = session;
    const { challengeUrl, url } = await pending(session);
    const http = challengeUrl('http-01');
    for (const wrong of [
      http.replace('http-01', 'http-02'),
      http.replace('http-01', 'HTTP-01'),
      http.replace(url.split('/').at(-1) ?? '', 'aut_00000000000000000000000000'),
    ]) {
      assert.equal(refusal(await client.post(wrong, {})), '404 malformed', wrong);
    }
  });
});
