/** What a customer is told of a check: nothing of what an internal host, or another one than the ordered name, answered. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createCheckChallenge } from '../../src/dcv/index.ts';
import type { CheckedChallenge, CheckResult } from '../../src/domain/challenge.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { customersCheck, customersEvent } from '../../src/domain/evidence.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import { evidenceReasons } from '../../src/domain/messages/evidence.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createClock } from '../../src/system/clock.ts';
import { createFetchUntrusted } from '../../src/system/fetch-untrusted.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { createHandshakeUntrusted } from '../../src/system/untrusted-handshake.ts';
import { challengeCertificate, startChallengeServer } from '../support/challenge-certificate.ts';
import { nasty, startNastyDns } from '../support/nasty-dns.ts';
import { type NastyPage, nastyPages, redirectTo, startNastyWeb } from '../support/nasty-web.ts';

const path = '/proof.txt';
const httpFile: CheckedChallenge = { method: 'httpFile', binding: 'server', path, content: 'expected' };
const secret = 'secret-of-an-internal-host';
const never = new AbortController().signal;
const seen = new Set<string>();

let dns: LoopbackDns;
let web: LoopbackWeb;

// 127.0.0.1 stands for a public address; the rest of loopback is internal, and the operator has opened it.
const isSpecial = (address: string) => address !== '127.0.0.1';

before(async () => {
  web = await startLoopbackWeb();
  dns = await startLoopbackDns({
    records: [
      { name: 'public.example.com', type: 'A', value: '127.0.0.1' },
      { name: 'elsewhere.example.com', type: 'A', value: '127.0.0.1' },
      { name: 'inside.example.com', type: 'A', value: '127.0.0.2' },
      { name: 'closed.example.com', type: 'A', value: '127.0.0.3' },
      { name: 'forbidden.example.com', type: 'A', value: '10.0.0.7' },
      { name: 'alias.example.com', type: 'CNAME', value: 'gone.inside.example' },
      { name: '_text.public.example.com', type: 'TXT', value: secret },
      { name: '_aliased.public.example.com', type: 'CNAME', value: 'zone.inside.example' },
      { name: 'zone.inside.example', type: 'TXT', value: secret },
      { name: '_dangling.public.example.com', type: 'CNAME', value: 'nothing.inside.example' },
      { name: '_cname.public.example.com', type: 'CNAME', value: 'found.example' },
      { name: '_text.host.internal', type: 'TXT', value: secret },
      { name: '_cname.host.internal', type: 'CNAME', value: `${secret}.internal` },
    ],
  });
});
after(async () => {
  await dns.close();
  await web.close();
});

interface Around {
  readonly page?: NastyPage;
  /** Where the page is served. */
  readonly address?: string;
  readonly resolver?: { readonly address: string; readonly port: number };
  readonly timeoutMs?: number;
  /** Where port 443 really is. */
  readonly tlsPort?: number;
}

async function full(name: string, challenge: CheckedChallenge, around: Around = {}): Promise<CheckResult> {
  const { page, address = '127.0.0.1', timeoutMs = 5000 } = around;
  const server = page === undefined ? undefined : await startNastyWeb(page, { address });
  const http = server?.port ?? web.httpPort;
  const random = createRandomness();
  const resolver = createResolver({ servers: [around.resolver ?? dns], timeoutMs, attempts: 1, random });
  const guarded = {
    resolver,
    isSpecial,
    dangerAllowAddresses: ['127.0.0.0/8'],
    ports: { http, https: around.tlsPort ?? http },
    timeoutMs,
  };
  const publicSuffixes = createPublicSuffixes();
  const check = createCheckChallenge({
    clock: createClock(),
    resolver,
    fetchUntrusted: createFetchUntrusted(guarded),
    handshakeUntrusted: createHandshakeUntrusted(guarded),
    publicSuffixes,
  });
  try {
    return await check(parseIdentifier(name, 'name'), challenge, never);
  } finally {
    await server?.close();
  }
}

async function shown(name: string, challenge: CheckedChallenge, around: Around = {}): Promise<CheckResult> {
  const check = customersCheck(await full(name, challenge, around));
  if (check.problem !== undefined) seen.add(check.problem.key);
  return check;
}

const text = ({ problem }: CheckResult) => (problem === undefined ? '' : renderReason(problem, 'en'));
const answered: NastyPage = (socket) => socket.end(`HTTP/1.1 200 OK\r\n\r\n${secret}`);

test('what the ordered name itself answers at a public address is shown whole', async () => {
  web.put('public.example.com', path, 'something else');
  const check = await shown('public.example.com', httpFile);
  assert.deepEqual(check.answeredBy, [`127.0.0.1:${web.httpPort}`]);
  assert.equal(check.answer, 'HTTP 200, 14 bytes: "something else"');
  assert.match(text(check), /holds "something else", not "expected"$/);
  assert.equal(typeof check.durationMs, 'number');
});

test('of what an internal host answers only status and size are shown', async () => {
  const check = await shown('inside.example.com', httpFile, { page: answered, address: '127.0.0.2' });
  assert.equal(check.answer, 'HTTP 200, 26 bytes');
  const url = `http://inside.example.com${path}`;
  assert.equal(text(check), `the file at ${url} is not "expected": it answered 200, 26 bytes`);
  assert.deepEqual([check.answeredBy, check.durationMs], [[], null]);
  assert.doesNotMatch(JSON.stringify(check), /secret-of|127\.0\.0/);
});

test('nor is what another public host answers, to which the name redirects', async () => {
  web.redirect('public.example.com', '/away', 'http://elsewhere.example.com/there');
  web.put('elsewhere.example.com', '/there', secret);
  const check = await shown('public.example.com', { ...httpFile, path: '/away' });
  assert.equal(check.answer, 'HTTP 200, 26 bytes');
  assert.doesNotMatch(JSON.stringify(check), /secret-of|elsewhere|127\.0\.0/);
});

test('a proof that an internal host gives is a proof, of which the customer is told its size', async () => {
  const page: NastyPage = (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nexpected');
  const check = await shown('inside.example.com', httpFile, { page, address: '127.0.0.2' });
  assert.deepEqual([check.proved, check.answer], [true, 'HTTP 200, 8 bytes']);
});

describe('ports and hosts of an internal network cannot be told apart', () => {
  const noAnswer = `http://inside.example.com${path} did not give a usable answer`;
  const at = { address: '127.0.0.2' };
  const rows: readonly (readonly [what: string, name: string, around: Around, expected: string])[] = [
    ['one that resets', 'inside.example.com', { page: nastyPages.reset, ...at }, noAnswer],
    ['one that closes', 'inside.example.com', { page: nastyPages.closeAtOnce, ...at }, noAnswer],
    ['one that speaks another protocol', 'inside.example.com', { page: nastyPages.notHttp, ...at }, noAnswer],
    ['one that is silent', 'inside.example.com', { page: nastyPages.hang, ...at, timeoutMs: 80 }, noAnswer],
    ['a closed port', 'closed.example.com', {}, noAnswer.replace('inside', 'closed')],
  ];
  for (const [what, name, around, expected] of rows) {
    test(`${what}: ${expected}`, async () => {
      const check = await shown(name, httpFile, around);
      assert.deepEqual([text(check), check.answeredBy, check.answer, check.durationMs], [expected, [], '', null]);
    });
  }

  test('an internal address that is refused, and a name that has none, are the same', async () => {
    for (const name of ['forbidden.example.com', 'alias.example.com', 'public.example.com.internal']) {
      const check = await shown(name, httpFile);
      if (name.endsWith('internal')) continue;
      assert.match(
        text(check),
        new RegExp(`^${RegExp.escape(name)} has no address that this server connects to; for a private`),
      );
    }
  });

  for (const [what, location] of [
    ['a closed port', 'http://closed.example.com/'],
    ['a refused address', 'http://forbidden.example.com/'],
    ['a name that is not there', 'http://nothing.inside.example/'],
    ['an internal host', 'http://inside.example.com/'],
    ['an address', 'http://127.0.0.2/'],
    ['another port', 'http://inside.example.com:8080/'],
  ] as const) {
    test(`a redirect to ${what} tells nothing of it`, async () => {
      const check = await shown('public.example.com', httpFile, { page: redirectTo(location) });
      assert.equal(
        text(check),
        `http://public.example.com${path} redirects to a place from which no file could be fetched`,
      );
      assert.doesNotMatch(JSON.stringify(check), /127\.0\.0\.[23]|10\.0\.0|inside|forbidden|closed/);
    });
  }

  for (const page of [nastyPages.forbidden, nastyPages.hugeBody]) {
    test(`the status, or that it is too large, is told: ${page.name}`, async () => {
      const check = await shown('inside.example.com', httpFile, { page, address: '127.0.0.2' });
      assert.match(text(check), /answered with HTTP status 403$|is larger than 65536 bytes$/);
    });
  }
});

test('of the certificate of an internal host nothing is shown', async () => {
  const credentials = await challengeCertificate({ names: [{ type: 'dns', value: secret }] });
  const tlsAlpn: CheckedChallenge = { method: 'tlsAlpn', binding: 'server', identifierHash: 'ab' };
  for (const [address, expected] of [
    ['127.0.0.1', /^the certificate that public\.example\.com presented is for secret-of/],
    ['127.0.0.2', /^inside\.example\.com did not present the certificate of the TLS-ALPN challenge$/],
  ] as const) {
    const server = await startChallengeServer(credentials, { place: { address } });
    const name = address === '127.0.0.1' ? 'public.example.com' : 'inside.example.com';
    const check = await shown(name, tlsAlpn, { tlsPort: server.port });
    await server.close();
    assert.match(text(check), expected);
    if (name.startsWith('inside')) assert.doesNotMatch(JSON.stringify(check), /secret-of|127\.0\.0/);
  }
});

describe('DNS', () => {
  const txt = (host: string): CheckedChallenge => ({ method: 'dnsTxt', binding: 'server', host, value: 'expected' });
  const cname = (host: string): CheckedChallenge => ({
    method: 'dnsCname',
    binding: 'server',
    host,
    target: 'target.example',
  });

  test('a record of the name itself is shown, the resolver is not', async () => {
    const check = await shown('public.example.com', txt('_text.public.example.com'));
    assert.deepEqual([check.answer, check.answeredBy], [`TXT "${secret}"`, []]);
    const other = await shown('public.example.com', cname('_cname.public.example.com'));
    assert.equal(text(other), 'the CNAME of _cname.public.example.com is found.example, not target.example');
  });

  test('what is behind a CNAME is not, nor whether there is anything', async () => {
    const found = await shown('public.example.com', txt('_aliased.public.example.com'));
    assert.equal(text(found), '_aliased.public.example.com does not lead to the expected TXT record "expected"');
    assert.doesNotMatch(JSON.stringify(found), /secret-of|inside/);
    const dangling = await shown('public.example.com', txt('_dangling.public.example.com'));
    assert.equal(text(dangling), '_dangling.public.example.com does not lead to the expected TXT record');
  });

  test('nor what the internal DNS knows of names outside of the public one', async () => {
    for (const challenge of [txt('_text.host.internal'), cname('_cname.host.internal')]) {
      const check = await shown('host.internal', challenge);
      assert.equal(check.answer, '');
      assert.doesNotMatch(JSON.stringify(check), /secret-of/);
    }
  });

  test('a resolver in trouble is not named', async () => {
    const server = await startNastyDns(nasty.serverFailure);
    for (const challenge of [txt('_text.public.example.com'), httpFile]) {
      const check = await shown('public.example.com', challenge, { resolver: server });
      assert.match(text(check), /^the resolver answered SERVFAIL for /);
      assert.doesNotMatch(JSON.stringify(check), /127\.0\.0\.1/);
    }
    await server.close();
  });
});

test('of a mail server its code is told, and nothing of who opened the link from where', () => {
  const base: Omit<CheckResult, 'answer' | 'answeredBy'> = {
    method: 'email',
    binding: 'server',
    proved: false,
    checkedAt: new Date(0),
    durationMs: 5,
    asked: 'mail to a@b.example',
  };
  const detail = '550 5.1.1 no such user on mx7.inside.example';
  const refused = customersCheck({
    ...base,
    method: 'email',
    answeredBy: ['10.0.0.25:587'],
    answer: detail,
    problem: { key: 'mailRefused', params: { address: 'a@b.example', server: '10.0.0.25:587', detail } },
  });
  assert.deepEqual([refused.answer, refused.answeredBy], ['550', []]);
  assert.equal(text(refused), 'the mail server refused the mail to a@b.example: 550');
  const confirmed = customersCheck({ ...base, method: 'email', answeredBy: ['192.0.2.77'], answer: 'confirmed' });
  assert.deepEqual([confirmed.answer, confirmed.answeredBy], ['confirmed', []]);
});

test('the audit log that an account reads has the same gaps', () => {
  const event = (data: Readonly<Record<string, unknown>>) =>
    customersEvent({
      sequence: 1,
      kind: 'notification.tried',
      accountId: 'acc_1' as AccountId,
      actor: 'system',
      subject: 'x',
      requestId: null,
      at: new Date(0),
      data,
    }).data;
  assert.deepEqual(event({ url: 'u', answer: 'HTTP status 500' }), { url: 'u', answer: 'HTTP status 500' });
  assert.deepEqual(event({ url: 'u', answer: '10.0.0.5:443 refused the connection' }), { url: 'u' });
  assert.deepEqual(event({ address: 'a', server: '10.0.0.25:587', detail: secret }), { address: 'a' });
  assert.deepEqual(event({ answeredBy: ['10.0.0.53'], answer: secret, isOwn: false }), { isOwn: false });
  assert.deepEqual(event({ answeredBy: ['10.0.0.53'], answer: 'TXT "x"', isOwn: true }), {
    isOwn: true,
    answer: 'TXT "x"',
  });
});

test('what was checked before sources were kept is not shown either', async () => {
  const { source: _, ...old } = await full('public.example.com', httpFile);
  assert.deepEqual([customersCheck(old).answer, customersCheck(old).answeredBy], ['', []]);
});

test('every reason of the catalogue was seen above', () => {
  assert.deepEqual(
    Object.keys(evidenceReasons).filter((key) => !seen.has(key)),
    [],
  );
});
