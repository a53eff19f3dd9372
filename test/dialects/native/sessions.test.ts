/** Sessions as a browser has them: what opens them, what counts as a request of the console, and what attackers try. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { baseUrl, createSession, type NativeSession, placeOrder, type SessionOptions } from './session.ts';

const password = 'correct horse battery staple';

const sameOrigin = { 'sec-fetch-site': 'same-origin' };
const fromConsole = { ...sameOrigin, 'x-certmux-console': '1', 'content-type': 'application/json' };

type Headers = Readonly<Record<string, string>>;

/** A browser at the server: its requests, and the cookie that it keeps. */
function createBrowser({ fetch }: Pick<NativeSession, 'fetch'>) {
  let cookie = '';
  async function send(
    method: string,
    path: string,
    { headers = fromConsole, body }: { readonly headers?: Headers; readonly body?: unknown } = {},
  ) {
    const request = new Request(`${baseUrl}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(cookie === '' ? {} : { cookie }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = await fetch(request);
    const set = response.headers.get('set-cookie');
    if (set !== null) cookie = /Max-Age=0/.test(set) ? '' : (set.split(';')[0] ?? '');
    const text = await response.text();
    return { status: response.status, headers: response.headers, set, body: JSON.parse(text) };
  }
  return {
    send,
    get cookie() {
      return cookie;
    },
    set cookie(value: string) {
      cookie = value;
    },
    get: (path: string, headers: Headers = sameOrigin) => send('GET', path, { headers }),
    signIn: (username: string, typed = password, headers: Headers = fromConsole) =>
      send('POST', '/session', { headers, body: { username, password: typed } }),
  };
}

let session: NativeSession;
before(async () => {
  session = await createSession();
  await createPeople(session);
});

async function createPeople({ operator }: NativeSession): Promise<void> {
  await operator.users.create({ account: '1', username: 'jill', password, roles: ['administrator'] });
  await operator.users.create({ account: '1', username: 'vic', password, roles: ['viewer'] });
  await operator.users.create({ username: 'root', password });
}

async function signedIn(username = 'jill', at: Pick<NativeSession, 'fetch'> = session) {
  const browser = createBrowser(at);
  const { status } = await browser.signIn(username);
  assert.equal(status, 201);
  return browser;
}

async function scene(options: SessionOptions): Promise<NativeSession> {
  const other = await createSession(options);
  await createPeople(other);
  return other;
}

describe('signing in', () => {
  it('answers with a cookie that no script reads, no other site sends, and no plain http carries', async () => {
    const browser = createBrowser(session);
    const { status, set, body, headers } = await browser.signIn('jill');
    assert.equal(status, 201);
    assert.match(
      set ?? '',
      /^__Host-certmux=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict; Expires=Mon, 08 Jun 2026 /,
    );
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.ok(
      !JSON.stringify(body).includes(browser.cookie.split('=')[1] ?? 'none'),
      'the secret is in the cookie only',
    );
    assert.equal((await browser.get('/me')).body.user.username, 'jill');
  });

  it('is for operators as well, who see every account', async () => {
    const browser = await signedIn('root');
    const { body } = await browser.get('/me');
    assert.deepEqual([body.account, body.roles, body.credentialId], [null, ['operator'], null]);
    assert.equal((await browser.get('/accounts')).status, 200);
  });

  it('answers every failure in the same words', async () => {
    const answers = [];
    for (const [name, typed] of [
      ['jill', 'a guess'],
      ['nobody-at-all', password],
    ] as const) {
      const { status, body, set } = await createBrowser(session).signIn(name, typed);
      answers.push([status, body.code, body.detail, set]);
    }
    assert.deepEqual(answers, [
      [401, 'unauthenticated', 'wrong user name or password', null],
      [401, 'unauthenticated', 'wrong user name or password', null],
    ]);
  });

  it('hashes and writes as much for a name that there is not, so that both take the same time', async () => {
    const work = [];
    for (const name of ['vic', 'nobody-2']) {
      const events = await countOf('session.refused');
      assert.equal((await createBrowser(session).signIn(name, 'a guess')).status, 401);
      work.push((await countOf('session.refused')) - events);
    }
    assert.deepEqual(work, [1, 1]);
  });

  it('is slowed down: 429, with the time to wait, and no line in the audit log for each', async () => {
    const other = await scene({ from: '192.0.2.66' });
    const browser = createBrowser(other);
    for (let i = 0; i < 5; i++) assert.equal((await browser.signIn('vic', 'a guess')).status, 401);
    const { status, headers, body } = await browser.signIn('vic');
    assert.deepEqual([status, body.code], [429, 'rateLimited']);
    assert.ok(Number(headers.get('retry-after')) > 0);
    const { items } = await other.operator.events.list({ limit: 200 });
    assert.equal(items.filter(({ kind }) => kind === 'session.refused').length, 5);
  });

  it('keeps what was typed as a name out of the audit log and the log', async () => {
    const typed = 'my-secret-password-in-the-wrong-field';
    await createBrowser(session).signIn(typed, 'x');
    const { items } = await session.operator.events.list({ limit: 50 });
    assert.ok(!JSON.stringify(items).includes(typed));
    assert.ok(
      !JSON.stringify(session.logLines).includes(typed) && !JSON.stringify(session.logLines).includes(password),
    );
  });

  it('refuses a body that is longer than any name and password', async () => {
    const browser = createBrowser(session);
    const { status } = await browser.send('POST', '/session', {
      body: { username: 'jill', password: 'x'.repeat(10_000) },
    });
    assert.equal(status, 413);
  });

  it('is refused in a suspended account, and so is what was signed in before', async () => {
    const other = await scene({});
    const browser = await signedIn('jill', other);
    await other.operator.accounts.change({ account: '1', state: 'suspended' });
    assert.equal((await browser.get('/me')).status, 403);
    assert.equal((await createBrowser(other).signIn('jill')).status, 403);
    await other.operator.accounts.change({ account: '1', state: 'active' });
    assert.equal((await browser.get('/me')).status, 200);
  });
});

async function countOf(kind: string): Promise<number> {
  const { items } = await session.operator.events.list({ limit: 200 });
  return items.filter((one) => one.kind === kind).length;
}

const { 'sec-fetch-site': _site, ...withoutSite } = fromConsole;
const { 'x-certmux-console': _console, ...withoutConsole } = fromConsole;
const { 'content-type': _type, ...withoutType } = fromConsole;

/** Headers of requests that another page has a browser send, or that were not sent by our console; what they lack. */
const foreign: readonly (readonly [what: string, headers: Headers, names: string])[] = [
  ['from another site', { ...fromConsole, 'sec-fetch-site': 'cross-site' }, 'Sec-Fetch-Site: same-origin'],
  [
    'from a neighbour of the same site',
    { ...fromConsole, 'sec-fetch-site': 'same-site' },
    'Sec-Fetch-Site: same-origin',
  ],
  ['from the address bar', { ...fromConsole, 'sec-fetch-site': 'none' }, 'Sec-Fetch-Site: same-origin'],
  ['from nowhere', withoutSite, 'Sec-Fetch-Site: same-origin'],
  [
    'of an old browser, from another origin',
    { ...withoutSite, origin: 'https://evil.example' },
    'Sec-Fetch-Site: same-origin',
  ],
  ['of an old browser, from a frame without one', { ...withoutSite, origin: 'null' }, 'Sec-Fetch-Site: same-origin'],
  [
    'of an old browser, from our name over http',
    { ...withoutSite, origin: 'http://certs.example.com' },
    'Sec-Fetch-Site: same-origin',
  ],
  [
    'from another site, with our origin',
    { ...fromConsole, 'sec-fetch-site': 'cross-site', origin: baseUrl },
    'Sec-Fetch-Site: same-origin',
  ],
];
const unmarked: typeof foreign = [
  ['without the mark of the console', withoutConsole, 'X-Certmux-Console: 1'],
  ['with another mark', { ...fromConsole, 'x-certmux-console': 'true' }, 'X-Certmux-Console: 1'],
  [
    'of a form',
    { ...fromConsole, 'content-type': 'application/x-www-form-urlencoded' },
    'Content-Type: application/json',
  ],
  [
    'of a form that looks like JSON',
    { ...fromConsole, 'content-type': 'text/plain' },
    'Content-Type: application/json',
  ],
];

describe('a request that is not the console’s', () => {
  for (const [what, headers, names] of [...foreign, ...unmarked]) {
    it(`changes nothing and signs nobody in or out: ${what}`, async () => {
      const browser = await signedIn();
      const before = await session.app.tables();
      const calls = [
        ['POST', '/users', { username: 'evil', roles: ['administrator'] }],
        ['PATCH', '/me', { language: 'zh' }],
        ['POST', '/session', { username: 'vic', password }],
        ['POST', '/session/confirm', { password }],
        ['DELETE', '/session', {}],
      ] as const;
      for (const [method, path, body] of calls) {
        const { status, body: problem, set } = await browser.send(method, path, { headers, body });
        assert.deepEqual([status, problem.code, set], [403, 'forbidden', null], `${method} ${path}`);
        assert.ok(problem.detail.includes(names), problem.detail);
      }
      assert.deepEqual(await session.app.tables(), before);
      assert.equal((await browser.get('/me')).status, 200);
    });
  }

  for (const [what, headers] of foreign) {
    it(`reads nothing: ${what}`, async () => {
      const browser = await signedIn();
      assert.equal((await browser.get('/me', headers)).status, 403);
    });
  }

  it('is told apart by no answer of ours to a preflight', async () => {
    const response = await session.fetch(
      new Request(`${baseUrl}/api/v1/users`, {
        method: 'OPTIONS',
        headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
      }),
    );
    assert.ok([...response.headers.keys()].every((name) => !name.startsWith('access-control-')));
    assert.ok(response.status >= 400);
  });

  it('is the console’s with the origin of this server, in browsers that say no more', async () => {
    const browser = await signedIn();
    assert.equal((await browser.get('/me', { origin: baseUrl })).status, 200);
    const { status } = await browser.send('PATCH', '/me', {
      headers: { ...withoutSite, origin: baseUrl },
      body: { language: 'en' },
    });
    assert.equal(status, 200);
  });

  it('reads without the mark, which streams and links to files cannot send', async () => {
    const browser = await signedIn();
    assert.equal((await browser.get('/me', sameOrigin)).status, 200);
    assert.equal((await browser.send('DELETE', '/session', { headers: withoutType })).status, 200);
  });
});

describe('a session beside a token', () => {
  it('is refused, whichever of them is good', async () => {
    const browser = await signedIn();
    for (const authorization of [`Bearer ${session.token}`, 'Bearer cmx_nothing', 'Basic cm9vdDp4']) {
      const { status, body } = await browser.get('/me', { ...sameOrigin, authorization });
      assert.deepEqual([status, body.code], [400, 'malformedRequest']);
    }
    const { status } = await createBrowser(session).signIn('jill', password, {
      ...fromConsole,
      authorization: `Bearer ${session.token}`,
    });
    assert.equal(status, 400);
  });

  it('does not stand in the way of cookies of others', async () => {
    const browser = createBrowser(session);
    browser.cookie = 'other=1; certmux=nothing';
    assert.equal((await browser.get('/me', { authorization: `Bearer ${session.token}` })).status, 200);
    assert.equal((await browser.get('/me')).status, 401);
  });

  it('has no way to sign out, confirm, or be asked', async () => {
    for (const [method, path, body] of [
      ['DELETE', '/session', undefined],
      ['POST', '/session/confirm', { password }],
    ] as const) {
      const headers = { authorization: `Bearer ${session.token}`, 'content-type': 'application/json' };
      const { status, body: problem } = await createBrowser(session).send(method, path, { headers, body });
      assert.equal(status, 403);
      assert.match(problem.detail, /signed in/);
    }
  });
});

describe('where others may listen on the way', () => {
  it('nobody signs in, and a cookie counts for nothing', async () => {
    const other = await scene({ channel: 'plain' });
    const { status, body, set } = await createBrowser(other).signIn('jill');
    assert.deepEqual([status, body.code, set], [403, 'forbidden', null]);
    assert.match(body.detail, /https/);
    const { secret } = await other.app.ports.signIn.createSession(
      { dialect: 'native', username: 'jill', password },
      { address: '192.0.2.7', requestId: 'req-1' },
    );
    const browser = createBrowser(other);
    browser.cookie = `__Host-certmux=${secret}`;
    assert.equal((await browser.get('/me')).status, 403);
    browser.cookie = `certmux=${secret}`;
    assert.equal((await browser.get('/me')).status, 401);
  });

  it('is not on this machine: a cookie without a prefix, which counts nowhere else', async () => {
    const other = await scene({ channel: 'loopback' });
    const browser = createBrowser(other);
    const { status, set } = await browser.signIn('jill');
    assert.equal(status, 201);
    assert.match(set ?? '', /^certmux=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Expires=/);
    assert.equal((await browser.get('/me')).status, 200);
    assert.match(
      (await browser.send('DELETE', '/session')).set ?? '',
      /^certmux=; Path=\/; HttpOnly; SameSite=Strict; Max-Age=0$/,
    );
  });

  it('a cookie for this machine opens nothing from elsewhere', async () => {
    const browser = await signedIn();
    browser.cookie = browser.cookie.replace('__Host-certmux', 'certmux');
    assert.equal((await browser.get('/me')).status, 401);
  });
});

describe('every reply', () => {
  const replies = [
    ['an answer', '/me', sameOrigin, 200],
    ['a refusal', '/orders/nothing', sameOrigin, 404],
    ['a file', '/orders', { ...sameOrigin, accept: 'text/csv' }, 200],
  ] as const;
  for (const [what, path, headers, status] of replies) {
    it(`is no page to a browser, and says nothing to the next: ${what}`, async () => {
      const { cookie } = await signedIn();
      const request = new Request(`${baseUrl}/api/v1${path}`, { headers: { ...headers, cookie } });
      const response = await session.fetch(request);
      await response.text();
      const seen = ['x-content-type-options', 'referrer-policy', 'strict-transport-security'].map((name) =>
        response.headers.get(name),
      );
      assert.deepEqual([response.status, ...seen], [status, 'nosniff', 'no-referrer', 'max-age=63072000']);
    });
  }
});

describe('a page that is left open', () => {
  const minutes = 60;
  const unattended = { ...sameOrigin, 'x-certmux-unattended': '1' };
  const asked = [
    ['what it asks for by itself', 'GET', '/orders', unattended, 401],
    ['what somebody asks for', 'GET', '/orders', sameOrigin, 200],
    ['what somebody changes, whatever the request says', 'PATCH', '/me', { ...fromConsole, ...unattended }, 200],
  ] as const;
  for (const [what, method, path, headers, then] of asked) {
    it(`${then === 401 ? 'does not keep' : 'keeps'} a session: ${what}`, async () => {
      const other = await scene({});
      const browser = await signedIn('root', other);
      await other.app.advance(29 * minutes);
      const body = method === 'PATCH' ? { body: { language: 'en' } } : {};
      assert.equal((await browser.send(method, path, { headers, ...body })).status, 200);
      await other.app.advance(2 * minutes);
      assert.equal((await browser.get('/me', unattended)).status, then);
    });
  }
});

it('a page that is left open does not keep a session by its stream', async () => {
  const other = await scene({});
  const browser = await signedIn('root', other);
  await other.app.advance(29 * 60);
  const headers = { ...sameOrigin, cookie: browser.cookie };
  const stream = await other.fetch(new Request(`${baseUrl}/api/v1/stream`, { headers }));
  assert.equal(stream.status, 200);
  await stream.body?.cancel();
  await other.app.advance(2 * 60);
  assert.equal((await browser.get('/me')).status, 401);
});

describe('a stolen or planted cookie', () => {
  it('opens nothing after signing out, by whoever has kept it', async () => {
    const browser = await signedIn();
    const { cookie } = browser;
    const { status, set } = await browser.send('DELETE', '/session');
    assert.equal(status, 200);
    assert.match(set ?? '', /^__Host-certmux=; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=0$/);
    browser.cookie = cookie;
    const { status: after, body } = await browser.get('/me');
    assert.deepEqual([after, body.detail], [401, 'this session is over; sign in again']);
  });

  it('that was there before the sign-in is not the one after it, and has ended', async () => {
    const attacker = await signedIn('vic');
    const victim = createBrowser(session);
    victim.cookie = attacker.cookie;
    await victim.signIn('jill');
    assert.notEqual(victim.cookie, attacker.cookie);
    assert.equal((await attacker.get('/me')).status, 401);
  });

  it('that an attacker made up is not taken over', async () => {
    const browser = createBrowser(session);
    browser.cookie = '__Host-certmux=made-up';
    assert.equal((await browser.get('/me')).status, 401);
    assert.equal((await browser.signIn('jill')).status, 201);
    assert.doesNotMatch(browser.cookie, /made-up/);
  });

  it('from before a confirmation opens nothing', async () => {
    const browser = await signedIn();
    const { cookie } = browser;
    const { status, body } = await browser.send('POST', '/session/confirm', { body: { password } });
    assert.equal(status, 200);
    assert.ok(body.confirmedUntil);
    assert.notEqual(browser.cookie, cookie);
    const thief = createBrowser(session);
    thief.cookie = cookie;
    assert.equal((await thief.get('/me')).status, 401);
    assert.equal((await browser.get('/me')).status, 200);
  });

  it('from before a change of roles opens nothing once the browser has another, also by an answer that refuses', async () => {
    const other = await scene({});
    const browser = await signedIn('vic', other);
    const { cookie } = browser;
    await other.operator.users.change({ user: 'vic', roles: ['requester'] });
    const { status, set } = await browser.send('POST', '/containers', { body: { name: 'x' } });
    assert.equal(status, 403, 'a requester adds no container');
    assert.match(set ?? '', /^__Host-certmux=/);
    assert.deepEqual((await browser.get('/me')).body.roles, ['requester']);
    const thief = createBrowser(other);
    thief.cookie = cookie;
    assert.equal((await thief.get('/me')).status, 401);
  });

  it('goes on after a wrong present password, which is a wrong field, and may not be guessed', async () => {
    const other = await scene({});
    const browser = await signedIn('jill', other);
    const change = (present: string) =>
      browser.send('PUT', '/me/password', { body: { present, password: `${password} 2` } });
    const { status, body } = await change('wrong horse battery staple');
    assert.deepEqual(
      [status, body.code, body.errors.map(({ field }: { field: string }) => field)],
      [422, 'invalidField', ['present']],
    );
    assert.match(body.detail, /^present is wrong; type the password with which you sign in$/);
    const { items } = await other.operator.events.list({ kind: 'user.passwordChangeRefused' });
    const [line = assert.fail(), ...more] = items;
    assert.deepEqual([line.actor.kind, line.data.username, more], ['person', 'jill', []]);
    assert.doesNotMatch(JSON.stringify(line), /battery staple/);
    assert.equal((await browser.get('/me')).status, 200);
    const statuses: number[] = [];
    for (let count = 0; count < 20 && statuses.at(-1) !== 429; count++)
      statuses.push((await change(`${count}`)).status);
    assert.deepEqual([...new Set(statuses)], [422, 429]);
    assert.equal((await change(password)).status, 429, 'the right one waits as well');
    assert.equal((await browser.get('/me')).status, 200);
  });

  it('ends with another password, with its person, and by the hand of a manager', async () => {
    const other = await scene({});
    const changing = await signedIn('jill', other);
    const second = await signedIn('jill', other);
    const { status } = await changing.send('PUT', '/me/password', {
      body: { present: password, password: `${password} 2` },
    });
    assert.equal(status, 200);
    for (const browser of [changing, second]) assert.equal((await browser.get('/me')).status, 401);
    const vic = await signedIn('vic', other);
    const [open] = (await other.operator.sessions.list({ user: 'vic' })).items;
    await other.operator.sessions.end({ session: open?.id ?? assert.fail('one is open') });
    assert.equal((await vic.get('/me')).status, 401);
    const again = await signedIn('vic', other);
    await other.operator.users.disable({ user: 'vic' });
    assert.equal((await again.get('/me')).status, 401);
  });
});

describe('what is done in a session', () => {
  it('says in the audit log in which, and from where', async () => {
    const other = await scene({});
    const browser = await signedIn('jill', other);
    const { body } = await browser.send('POST', '/containers', { body: { name: 'x' } });
    const sessions = await browser.send('GET', '/sessions');
    const [own] = sessions.body.items as readonly { readonly id: string }[];
    const { items } = await other.operator.events.list({ subject: String(body.id) });
    assert.deepEqual([items[0]?.session, typeof items[0]?.address], [own?.id, 'string']);
    const [made] = (await other.operator.events.list({ kind: 'account.created' })).items;
    assert.equal(made?.session, undefined, 'the operator has a key');
  });
});

describe('what needs a confirmation', () => {
  it('is refused with a code of its own, and done after the password', async () => {
    const other = await scene({});
    const browser = await signedIn('jill', other);
    await other.app.advance(601);
    const making = { username: 'new@example.com', roles: ['viewer'] };
    const { status, body } = await browser.send('POST', '/users', { body: making });
    assert.deepEqual(
      [status, body.code, body.type],
      [403, 'confirmationNeeded', 'urn:certmux:error:confirmationNeeded'],
    );
    const wrong = await browser.send('POST', '/session/confirm', { body: { password: 'a guess' } });
    assert.deepEqual([wrong.status, wrong.body.errors[0].field], [422, 'password']);
    assert.equal((await browser.get('/me')).body.session.confirmedUntil, null);
    assert.equal((await browser.send('POST', '/session/confirm', { body: { password } })).status, 200);
    assert.equal((await browser.send('POST', '/users', { body: making })).status, 201);
    // What is under way all day is not asked for it.
    await other.app.advance(3600);
    assert.equal((await browser.send('POST', '/containers', { body: { name: 'x' } })).status, 201);
  });

  it('is refused as a whole in bulk, and nothing of it is done', async () => {
    const other = await scene({});
    const browser = await signedIn('jill', other);
    const made = await browser.send('POST', '/credentials', { body: { label: 'one' } });
    assert.equal(made.status, 201);
    const { id } = made.body.credential as { readonly id: string };
    await other.app.advance(601);
    const act = { action: 'credentials.revoke', ids: [id, 'nosuch'] };
    const { status, body } = await browser.send('POST', '/bulk', { body: act });
    assert.deepEqual([status, body.code], [403, 'confirmationNeeded']);
    assert.equal((await browser.send('GET', `/credentials/${id}`)).body.revokedAt, null);
    assert.equal((await browser.send('POST', '/session/confirm', { body: { password } })).status, 200);
    const again = await browser.send('POST', '/bulk', { body: act });
    const results = again.body.results as readonly { readonly status: number }[];
    assert.deepEqual(
      results.map((one) => one.status),
      [200, 404],
    );
  });

  it('also by an operator who acts for an account, and by nobody with a token', async () => {
    const other = await scene({});
    const browser = await signedIn('root', other);
    await other.app.advance(601);
    const body = { username: 'new@example.com', roles: ['viewer'] };
    const refused = await browser.send('POST', '/users', { headers: { ...fromConsole, 'certmux-account': '1' }, body });
    assert.equal(refused.body.code, 'confirmationNeeded');
    await other.client.users.create({ username: 'by-token@example.com', roles: ['viewer'] });
  });
});

describe('who calls', () => {
  it('learns what the roles allow', async () => {
    const viewer = (await (await signedIn('vic')).get('/me')).body.may;
    assert.ok(viewer.includes('orders.list') && viewer.includes('session.end'));
    assert.ok(!viewer.includes('orders.place') && !viewer.includes('accounts.list') && !viewer.includes('events.list'));
    const operator = (await (await signedIn('root')).get('/me')).body.may;
    assert.ok(operator.includes('accounts.credit') && operator.includes('keyEncryption.rotate'));
  });

  it('keeps a language, a zone and lists, each person their own', async () => {
    const [jill, vic] = [await signedIn('jill'), await signedIn('vic')];
    const views = [{ name: 'Stuck', list: 'orders', query: 'failing=true' }];
    assert.equal((await jill.send('PUT', '/me/views', { body: { views } })).status, 200);
    await jill.send('PATCH', '/me', { body: { zone: 'Asia/Shanghai' } });
    await jill.send('PATCH', '/me', { body: { language: 'zh' } });
    const { user } = (await jill.get('/me')).body;
    assert.deepEqual([user.language, user.zone], ['zh', 'Asia/Shanghai']);
    assert.deepEqual((await jill.get('/me/views')).body.views, views);
    assert.deepEqual((await vic.get('/me/views')).body.views, []);
    const twice = await jill.send('PUT', '/me/views', { body: { views: [...views, ...views] } });
    assert.deepEqual([twice.status, twice.body.errors[0].field], [422, 'views']);
    const many = Array.from({ length: 51 }, (_, i) => ({ name: `v${i}`, list: 'orders', query: '' }));
    assert.equal((await jill.send('PUT', '/me/views', { body: { views: many } })).status, 422);
    const long = [{ name: 'x', list: 'orders', query: 'x'.repeat(2001) }];
    assert.equal((await jill.send('PUT', '/me/views', { body: { views: long } })).status, 422);
  });
});

describe('somebody of the server who is no operator', () => {
  const readable = [
    '/accounts',
    '/orders',
    '/certificates',
    '/users',
    '/credentials',
    '/events',
    '/products',
    '/organizations',
    '/jobs/failed',
    '/alarms',
    '/upstreams',
    '/sessions?user=jill',
    '/reports/months',
  ];
  const forbidden = [
    ['/accounts', { name: 'x' }],
    ['/accounts/1/credits', { minor: 1, currency: 'CNY', note: '' }],
    ['/users', { username: 'x', roles: ['auditor'] }],
    ['/users', { account: '1', username: 'x', roles: ['viewer'] }],
    ['/credentials', {}],
    ['/orders/17/cancel', {}],
    ['/orders/17/revoke', { reason: 'superseded' }],
    ['/orders/17/approve', {}],
  ] as const;

  for (const role of ['support', 'auditor'] as const) {
    it(`sees every account and runs none: ${role}`, async () => {
      const other = await scene({});
      await placeOrder(other);
      await other.operator.users.create({ username: 'sue', password, roles: [role] });
      const browser = await signedIn('sue', other);
      for (const path of readable) assert.equal((await browser.get(path)).status, 200, path);
      assert.equal((await browser.get('/orders/17')).status, 200);
      for (const [path, body] of forbidden) {
        assert.equal((await browser.send('POST', path, { body })).status, 403, path);
        const headers = { ...fromConsole, 'certmux-account': '1' };
        assert.equal((await browser.send('POST', path, { headers, body })).status, 403, `${path} for an account`);
      }
      assert.equal((await browser.get('/accounts/1/webhook-secret')).status, 403);
      const checked = await browser.send('POST', '/orders/17/check', { body: {} });
      assert.equal(checked.status, role === 'support' ? 200 : 403);
    });
  }

  it('looks at one account with its header, and is named beside it', async () => {
    const other = await scene({});
    const { number } = await other.operator.accounts.create({ name: 'Another' });
    await placeOrder(other);
    await other.operator.users.create({ username: 'sue', password, roles: ['support'] });
    const browser = await signedIn('sue', other);
    const of = async (account: string) =>
      (await browser.get('/orders', { ...sameOrigin, 'certmux-account': account })).body.items.length;
    assert.deepEqual([await of('1'), await of(String(number))], [1, 0]);
    const headers = { ...fromConsole, 'certmux-account': '1' };
    assert.equal((await browser.send('POST', '/orders/17/check', { headers, body: {} })).status, 200);
  });

  it('is made by an operator, and never in an account', async () => {
    const making = session.client.users.create({ username: 'evil', roles: ['auditor'] });
    await assert.rejects(making, { code: 'forbidden' });
    const inAccount = session.operator.users.create({ account: '1', username: 'evil', roles: ['support'] });
    await assert.rejects(inAccount, { code: 'forbidden' });
  });
});
