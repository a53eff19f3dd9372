/** TLS-ALPN (RFC 8737, RFC 8738) over the real resolver and guard, against TLS servers on loopback. */
import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { createCheckChallenge } from '../../src/dcv/index.ts';
import type { CheckedChallenge, CheckResult } from '../../src/domain/challenge.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { tlsAlpnReasons } from '../../src/domain/messages/tls-alpn.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { createClock } from '../../src/system/clock.ts';
import { createFetchUntrusted } from '../../src/system/fetch-untrusted.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { createHandshakeUntrusted } from '../../src/system/untrusted-handshake.ts';
import {
  type ChallengeCertificate,
  challengeCertificate,
  identifierContent,
  startChallengeServer,
} from '../support/challenge-certificate.ts';
import { listen } from '../support/listen.ts';

const identifierHash = 'ab'.repeat(32);
const challenge: CheckedChallenge = { method: 'tlsAlpn', binding: 'server', identifierHash };
const identifier = identifierContent(identifierHash);
const name = 'www.example.com';
const names = [{ type: 'dns', value: name }] as const;
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1'));

/** The reasons that some test here has seen. */
const seen = new Set<string>();

let dns: LoopbackDns;
before(async () => {
  dns = await startLoopbackDns({
    records: [
      { name: '*.example.com', type: 'A', value: '127.0.0.1' },
      { name: 'private.example.com', type: 'A', value: '10.0.0.7' },
      { name: 'two.example.com', type: 'A', value: '127.0.0.3' },
      { name: 'two.example.com', type: 'A', value: '127.0.0.1' },
    ],
  });
});
after(() => dns.close());

interface Around {
  readonly port?: number;
  readonly allowed?: readonly string[];
  readonly timeoutMs?: number;
}

async function check(of: string, { port = 1, allowed, timeoutMs = 5000 }: Around = {}): Promise<CheckResult> {
  const resolver = createResolver({ servers: [dns], timeoutMs: 2000, attempts: 1, random: createRandomness() });
  const guarded = {
    resolver,
    ports: { http: 1, https: port },
    dangerAllowAddresses: allowed ?? ['127.0.0.0/8', '::1'],
    timeoutMs,
  };
  const checkChallenge = createCheckChallenge({
    clock: createClock(),
    resolver,
    fetchUntrusted: createFetchUntrusted(guarded),
    handshakeUntrusted: createHandshakeUntrusted(guarded),
    publicSuffixes: createPublicSuffixes(),
  });
  const result = await checkChallenge(parseIdentifier(of, 'name'), challenge, new AbortController().signal);
  if (result.problem !== undefined) seen.add(result.problem.key);
  return result;
}

const verdict = ({ problem }: CheckResult) => (problem === undefined ? 'proved' : problem.key);
const text = ({ problem }: CheckResult) => (problem === undefined ? '' : renderReason(problem, 'en'));

describe('what the certificate must be', () => {
  const other = { type: 'dns', value: 'mail.example.com' } as const;
  const rows: readonly (readonly [why: string, certificate: ChallengeCertificate, expected: string])[] = [
    ['as RFC 8737 §3 wants it', { names, identifier }, 'proved'],
    ['the name in upper case', { names: [{ type: 'dns', value: 'WWW.Example.COM' }], identifier }, 'proved'],
    ['another name', { names: [other], identifier }, 'alpnWrongNames'],
    ['another name beside it', { names: [...names, other], identifier }, 'alpnWrongNames'],
    [
      'a mail address beside it',
      { names: [...names, { type: 'email', value: 'a@b.example' }], identifier },
      'alpnWrongNames',
    ],
    ['its wildcard', { names: [{ type: 'dns', value: '*.example.com' }], identifier }, 'alpnWrongNames'],
    ['no name', { names: [], identifier }, 'alpnWrongNames'],
    ['an ordinary certificate', { names }, 'alpnNoIdentifier'],
    ['an extension that is not critical', { names, identifier, isCritical: false }, 'alpnNotCritical'],
    ['another hash', { names, identifier: identifierContent('cd'.repeat(32)) }, 'alpnWrongValue'],
    ['half of the hash', { names, identifier: identifierContent('ab'.repeat(16)) }, 'alpnWrongValue'],
    ['the hash without its OCTET STRING', { names, identifier: identifier.slice(2) }, 'alpnWrongValue'],
    ['something behind the hash', { names, identifier: Uint8Array.from([...identifier, 0]) }, 'alpnWrongValue'],
    ['a signature of another key', { names, identifier, isForged: true }, 'alpnNotSelfSigned'],
    ['another issuer', { names, identifier, issuer: 'some CA' }, 'alpnNotSelfSigned'],
  ];
  for (const [why, certificate, expected] of rows) {
    test(`${why}: ${expected}`, async () => {
      const server = await startChallengeServer(await challengeCertificate(certificate));
      const result = await check(name, { port: server.port });
      await server.close();
      assert.equal(verdict(result), expected, text(result));
      assert.deepEqual([result.asked, result.answeredBy], [`tls://${name}`, [`127.0.0.1:${server.port}`]]);
      assert.deepEqual(server.serverNames, [name]);
    });
  }
});

describe('addresses are asked for by their reverse name (RFC 8738 §6)', () => {
  const zeros = Array.from({ length: 31 }, () => '0').join('.');
  const rows = [
    ['127.0.0.1', '1.0.0.127.in-addr.arpa', false],
    ['::1', `1.${zeros}.ip6.arpa`, !hasIpv6 && 'this machine has no IPv6'],
  ] as const;
  for (const [address, serverName, skip] of rows) {
    test(`${address} as ${serverName}`, { skip }, async () => {
      const certificate = await challengeCertificate({ names: [{ type: 'ip', value: address }], identifier });
      const server = await startChallengeServer(certificate, { place: { address } });
      const result = await check(address, { port: server.port });
      await server.close();
      assert.equal(verdict(result), 'proved', text(result));
      assert.deepEqual(server.serverNames, [serverName]);
    });
  }

  test('another address in the certificate is no proof', async () => {
    const certificate = await challengeCertificate({ names: [{ type: 'ip', value: '127.0.0.2' }], identifier });
    const server = await startChallengeServer(certificate);
    const result = await check('127.0.0.1', { port: server.port });
    await server.close();
    assert.match(text(result), /is for 127\.0\.0\.2; it must be for exactly this name$/);
  });
});

describe('servers that do not play', () => {
  test('one that knows no ALPN', async () => {
    const server = await startChallengeServer(await challengeCertificate({ names, identifier }), { protocols: [] });
    const result = await check(name, { port: server.port });
    await server.close();
    assert.equal(verdict(result), 'alpnNotNegotiated');
  });

  test('one that speaks only HTTP over TLS says so in words', async () => {
    const credentials = await challengeCertificate({ names, identifier });
    const server = await startChallengeServer(credentials, { protocols: ['h2', 'http/1.1'] });
    const result = await check(name, { port: server.port });
    await server.close();
    assert.match(text(result), /^could not connect to tls:.* knows none of the protocols that ALPN offered$/);
  });

  type Row = readonly [what: string, answer: (socket: Socket) => void, expected: string, words: RegExp, Around?];
  const rows: readonly Row[] = [
    [
      'one of mail',
      (socket) => socket.end('220 smtp.example ESMTP\r\n'),
      'httpConnectFailed',
      / does not speak TLS on this port$/,
    ],
    [
      'one that hangs up',
      (socket) => socket.end(),
      'httpConnectFailed',
      /(reset|closed) the connection( in the TLS handshake)?$/,
    ],
    [
      'one that resets',
      (socket) => socket.resetAndDestroy(),
      'httpConnectFailed',
      /(reset|closed) the connection( in the TLS handshake)?$/,
    ],
    ['a silent one', () => undefined, 'httpTimeout', / did not answer within 80 ms$/, { timeoutMs: 80 }],
  ];
  for (const [what, answer, expected, words, around] of rows) {
    test(`${what}: ${expected}`, async () => {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket.on('error', () => undefined));
        answer(socket);
      });
      const result = await check(name, { port: await listen(server), ...around });
      for (const socket of sockets) socket.destroy();
      server.close();
      assert.equal(verdict(result), expected, text(result));
      assert.match(text(result), words);
    });
  }

  test('a port where nobody listens', async () => {
    assert.match(text(await check(name, { port: 1 })), /refused the connection$/);
  });
});

describe('the guard', () => {
  test('an address of a private network is not connected to unless configured', async () => {
    const refused = await check('private.example.com');
    assert.deepEqual([verdict(refused), refused.answeredBy], ['httpForbiddenAddress', []]);
    assert.equal(verdict(await check('127.0.0.1', { allowed: [] })), 'httpForbiddenAddress');
    assert.equal(verdict(await check('host.internal', { allowed: [] })), 'httpInternalName');
  });

  test('a name that does not exist', async () => {
    assert.equal(verdict(await check('gone.example.net')), 'dnsNoSuchName');
  });

  test('of two addresses the second is tried when the first does not answer', async () => {
    const certificate = await challengeCertificate({ names: [{ type: 'dns', value: 'two.example.com' }], identifier });
    const server = await startChallengeServer(certificate);
    const result = await check('two.example.com', { port: server.port });
    await server.close();
    assert.equal(verdict(result), 'proved', text(result));
  });
});

test('every reason of TLS-ALPN was seen above, save a server without a certificate', () => {
  const unseen = Object.keys(tlsAlpnReasons).filter((key) => !seen.has(key));
  assert.deepEqual(unseen, ['alpnNoCertificate']);
});
