import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { formatToken, newTokenParts, parseToken } from '../../../src/dialects/native/auth.ts';
import { createFakeRandomness } from '../../support/system.ts';
import { baseUrl, createSession } from './session.ts';

const random = createFakeRandomness();

test('a token is its two halves behind a prefix, and reads back', () => {
  const parts = newTokenParts(random);
  assert.match(formatToken(parts), /^cmx_[0-9a-z]{16}_[0-9a-z]{32}$/);
  assert.deepEqual(parseToken(formatToken(parts)), parts);
});

describe('what is no token', () => {
  const texts: readonly string[] = [
    '',
    'cmx__',
    'cmx_0123456789abcdef_short',
    'abc_0123456789abcdef_0123456789abcdef0123456789abcdef',
    'cmx_0123456789ABCDEF_0123456789abcdef0123456789abcdef',
    'cmx_0123456789abcdef_0123456789abcdef0123456789abcdef_',
  ];
  for (const text of texts) test(`"${text}"`, () => assert.equal(parseToken(text), undefined));
});

const session = await createSession();

describe('who is let in', () => {
  const rows: readonly (readonly [title: string, header: string | undefined, status: number, detail?: RegExp])[] = [
    ['the token as a bearer', `Bearer ${session.token}`, 200],
    ['the scheme in any case', `bEARER  ${session.token}`, 200],
    ['no header', undefined, 401, /missing/],
    ['another scheme', `Basic ${session.token}`, 401, /wrong/],
    ['the token alone', session.token, 401, /wrong/],
    ['a token of nobody', `Bearer ${formatToken(newTokenParts(random))}`, 401, /wrong/],
    ['the right public half with another secret', `Bearer ${session.token.slice(0, -1)}!`, 401, /wrong/],
  ];
  for (const [title, authorization, status, detail] of rows) {
    test(`${title}: ${status}`, async () => {
      const headers = authorization === undefined ? {} : { authorization };
      const reply = await session.fetch(new Request(`${baseUrl}/api/v1/me`, { headers }));
      assert.equal(reply.status, status);
      if (detail === undefined) return;
      assert.match(((await reply.json()) as { detail: string }).detail, detail);
      assert.equal(reply.headers.get('www-authenticate'), 'Bearer realm="certmux"');
    });
  }

  test('no message and no log line holds the token', async () => {
    const headers = { authorization: `Bearer ${session.token}x` };
    const reply = await session.fetch(new Request(`${baseUrl}/api/v1/me`, { headers }));
    const secret = session.token.slice(-32);
    assert.ok(!(await reply.text()).includes(secret));
    assert.ok(!JSON.stringify(session.logLines).includes(secret));
  });
});

describe('calls without valid credentials', () => {
  it('are refused as too many by network, while a right key is let in', async () => {
    const own = await createSession();
    const call = (token: string | undefined, id: number) =>
      own.fetch(
        new Request(`${baseUrl}/api/v1/me?${id}`, {
          headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
        }),
      );
    const wrong = formatToken(newTokenParts(random));
    const statuses: number[] = [];
    for (let id = 0; id < 310; id++) statuses.push((await call(id % 2 === 0 ? wrong : undefined, id)).status);
    assert.equal(statuses.indexOf(429), 300);
    assert.ok(statuses.slice(300).every((status) => status === 429));
    const late = await call(wrong, 0);
    assert.ok(Number(late.headers.get('retry-after')) > 0);
    assert.equal(((await late.json()) as { code: string }).code, 'rateLimited');
    const reply = await own.fetch(
      new Request(`${baseUrl}/api/v1/me`, { headers: { Authorization: `Bearer ${own.token}` } }),
    );
    assert.equal(reply.status, 200, 'whoever has a key is let in');
    await own.app.advance(2);
    assert.equal((await call(wrong, 0)).status, 401);
    await own.app.close();
  });
});

/** What anybody may call: the description of the API, the report of a key by whoever holds it, the sign-in, and a link that was shared. */
const open = ['openapi.show', 'keys.report', 'session.create', 'orders.shared'];

test('every other operation needs a token', async () => {
  const { native } = await import('../../../src/dialects/native/index.ts');
  for (const { id, method, path, access } of native.operations) {
    if (open.includes(id)) continue;
    assert.equal(access, 'caller', id);
    const url = baseUrl + path.replaceAll(/:\w+/g, '1');
    const reply = await session.fetch(new Request(url, { method, ...(method === 'GET' ? {} : { body: '{}' }) }));
    assert.equal(reply.status, 401, id);
  }
});
