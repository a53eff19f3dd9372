/** Every reason a check can give, over the real resolver and fetcher, against servers on loopback. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, gzipSync } from 'node:zlib';
import type { Answer } from 'dns-packet';
import { createCheckChallenge } from '../../src/dcv/index.ts';
import type { CheckedChallenge as Challenge, CheckResult } from '../../src/domain/challenge.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { validationReasons } from '../../src/domain/messages/validation.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createClock } from '../../src/system/clock.ts';
import type { Endpoint } from '../../src/system/endpoint.ts';
import { createFetchUntrusted } from '../../src/system/fetch-untrusted.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { createHandshakeUntrusted } from '../../src/system/untrusted-handshake.ts';
import { forged, type NastyBehaviour, nasty, startNastyDns } from '../support/nasty-dns.ts';
import { type NastyPage, nastyPages, redirectTo, startNastyWeb } from '../support/nasty-web.ts';
import { selfSigned } from '../support/self-signed.ts';

const path = '/.well-known/pki-validation/proof.txt';
const content = 'a1b2c3\ncertmux.example\nxyz';
const httpFile: Challenge = { method: 'httpFile', binding: 'server', path, content };
const httpsFile: Challenge = { method: 'httpsFile', binding: 'server', path, content };
const never = new AbortController().signal;

let dns: LoopbackDns;
let web: LoopbackWeb;
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1'));

/** The reasons that some test here has seen. */
const seen = new Set<string>();

before(async () => {
  web = await startLoopbackWeb({ tls: await selfSigned('customer.example') });
  dns = await startLoopbackDns({
    records: [
      { name: '*.example.com', type: 'A', value: '127.0.0.1' },
      { name: 'inside.example.com', type: 'A', value: '127.0.0.9' },
    ],
  });
});
after(async () => {
  await dns.close();
  await web.close();
});

interface Around {
  readonly resolver?: Endpoint;
  readonly ports?: { readonly http: number; readonly https: number };
  readonly dangerAllowAddresses?: readonly string[];
  /** Which addresses stand for those that are no ordinary host's; the real ones unless given. */
  readonly isSpecial?: (address: string) => boolean;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

async function check(name: string, challenge: Challenge, around: Around = {}): Promise<CheckResult> {
  const { dangerAllowAddresses = ['127.0.0.0/8', '::1'], timeoutMs = 5000, signal = never } = around;
  const ports = around.ports ?? { http: web.httpPort, https: web.httpsPort ?? 0 };
  const random = createRandomness();
  const resolver = createResolver({ servers: [around.resolver ?? dns], timeoutMs, attempts: 1, random });
  const fetchUntrusted = createFetchUntrusted({
    resolver,
    ports,
    dangerAllowAddresses,
    timeoutMs,
    ...(around.isSpecial === undefined ? {} : { isSpecial: around.isSpecial }),
  });
  const checkChallenge = createCheckChallenge({
    clock: createClock(),
    resolver,
    fetchUntrusted,
    handshakeUntrusted: createHandshakeUntrusted({ resolver, ports, dangerAllowAddresses, timeoutMs }),
    publicSuffixes: createPublicSuffixes(),
  });
  const result = await checkChallenge(parseIdentifier(name, 'name'), challenge, signal);
  assert.equal(result.proved, result.problem === undefined);
  if (result.problem !== undefined) seen.add(result.problem.key);
  return result;
}

function verdict(result: CheckResult): string {
  return result.problem?.key ?? 'proved';
}

function told(result: CheckResult): string {
  return result.problem === undefined ? '' : renderReason(result.problem, 'en');
}

describe('what the file may look like', () => {
  const rows: readonly (readonly [file: string | Uint8Array, expected: string, why: string])[] = [
    [content, 'proved', 'as it was given'],
    [`${content}\n`, 'proved', 'a last newline'],
    [`${content}\r\n\r\n \r\n`, 'proved', 'empty lines at the end'],
    [content.replaceAll('\n', '\r\n'), 'proved', 'line ends of Windows'],
    [content.replaceAll('\n', ' \t\n'), 'proved', 'blanks at the end of lines'],
    [`\uFEFF${content}`, 'proved', 'a byte order mark'],
    [Buffer.from(`\uFEFF${content}\r\n`, 'utf16le'), 'proved', 'UTF-16 as Windows writes it'],
    [Buffer.from(`\uFEFF${content}`, 'utf16le').swap16(), 'proved', 'UTF-16 with the high byte first'],
    [Buffer.from(content, 'utf16le'), 'fileInUtf16', 'UTF-16 without a byte order mark'],
    [Buffer.from(content, 'utf16le').swap16(), 'fileInUtf16', 'the same with the high byte first'],
    [Buffer.from(`x${content}`, 'utf16le'), 'fileWrongContent', 'another in UTF-16'],
    [` ${content}`, 'fileWrongContent', 'a blank in front'],
    [`\n${content}`, 'fileWrongContent', 'an empty line in front'],
    [content.replace('\n', '\n\n'), 'fileWrongContent', 'an empty line in between'],
    [content.replaceAll('\n', ''), 'fileWrongContent', 'lines joined'],
    [content.toUpperCase(), 'fileWrongContent', 'upper case'],
    [`${content}x`, 'fileWrongContent', 'more than that'],
    [content.slice(0, -1), 'fileWrongContent', 'less than that'],
    [`<html>${content}</html>`, 'fileWrongContent', 'a page that holds it'],
    ['', 'fileWrongContent', 'nothing'],
    [Uint8Array.from([0xff, 0xfe, 0x00]), 'fileWrongContent', 'bytes that are no text'],
    [`${' '.repeat(65_000)}x`, 'fileWrongContent', 'blanks that would stall a careless pattern'],
  ];
  for (const [file, expected, why] of rows) {
    test(`${why}: ${expected}`, async () => {
      web.put('file.example.com', path, file);
      assert.equal(verdict(await check('file.example.com', httpFile)), expected);
    });
  }
});

describe('how the file may be sent', () => {
  const length = Buffer.byteLength(content);
  const rows: readonly (readonly [
    head: readonly string[],
    body: string | Uint8Array,
    expected: string,
    why: string,
  ])[] = [
    [['Content-Encoding: gzip'], gzipSync(content), 'proved', 'compressed'],
    [['Content-Encoding: deflate'], deflateRawSync(content), 'proved', 'compressed in the old way'],
    [['Content-Encoding: br'], brotliCompressSync(content), 'proved', 'compressed in the new way'],
    [['Content-Encoding: gzip'], content, 'proved', 'announced as compressed only'],
    [['Content-Encoding: gzip'], gzipSync('another'), 'fileWrongContent', 'another, compressed'],
    [['Content-Encoding: gzip'], gzipSync(Buffer.alloc(1_000_000)), 'httpTooLarge', 'larger than it looks'],
    [[`Content-Length: ${length + 2}`], content, 'proved', 'with more announced than sent'],
    [[`Content-Length: ${length + 2}`], content.slice(0, -1), 'httpConnectFailed', 'cut off'],
    [['Transfer-Encoding: chunked'], `${length.toString(16)}\r\n${content}\r\n`, 'proved', 'without a last chunk'],
    [['Transfer-Encoding: chunked'], `ff\r\n${content}x`, 'httpConnectFailed', 'in half a chunk'],
    [[`Content-Length : ${length}`, 'Junk', 'X-A: 1', ' 2'], content, 'proved', 'with odd headers'],
  ];
  for (const [head, body, expected, why] of rows) {
    test(`${why}: ${expected}`, async () => {
      const page: NastyPage = (socket) => {
        socket.write(['HTTP/1.1 200 OK', ...head, '', ''].join('\r\n'));
        socket.end(body);
      };
      const server = await startNastyWeb(page);
      const result = await check('file.example.com', httpFile, { ports: { http: server.port, https: 0 } });
      assert.equal(verdict(result), expected);
      await server.close();
    });
  }

  test('what came before the end is shown', async () => {
    const server = await startNastyWeb((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf'));
    const result = await check('file.example.com', httpFile, { ports: { http: server.port, https: 0 } });
    assert.equal(result.answer, 'HTTP 200, 4 bytes: "half"');
    assert.match(told(result), /closed the connection in the middle of the answer$/);
    await server.close();
  });
});

describe('where the file is looked for', () => {
  const rows: readonly (readonly [name: string, challenge: Challenge, asked: string])[] = [
    ['where.example.com', httpFile, `http://where.example.com${path}`],
    ['where.example.com', httpsFile, `https://where.example.com${path}`],
    ['*.where.example.com', httpFile, `http://where.example.com${path}`], // the base name
    ['127.0.0.1', httpFile, `http://127.0.0.1${path}`],
    ['127.0.0.1', httpsFile, `https://127.0.0.1${path}`],
    ['where.example.com', { ...httpFile, path: path.slice(1) }, `http://where.example.com${path}`],
  ];
  for (const [name, challenge, asked] of rows) {
    test(`${challenge.method} for ${name} is ${asked}`, async () => {
      web.put(new URL(asked).host, path, content);
      const result = await check(name, challenge);
      assert.deepEqual([verdict(result), result.asked], ['proved', asked]);
    });
  }

  test('an IPv6 address goes into brackets', async () => {
    const v6 = hasIpv6 ? await startLoopbackWeb({ address: '::1' }) : undefined;
    v6?.put('[::1]', path, content);
    const result = await check('::1', httpFile, { ports: { http: v6?.httpPort ?? 9, https: 0 } });
    // A machine without IPv6 writes the same request, and says that it leads nowhere.
    const expected = v6 === undefined ? 'httpConnectFailed' : 'proved';
    assert.deepEqual([verdict(result), result.asked], [expected, `http://[::1]${path}`]);
    assert.deepEqual(result.answeredBy, v6 === undefined ? [] : [`[::1]:${v6.httpPort}`]);
    await v6?.close();
  });
});

describe('why a file does not prove control', () => {
  const pages: readonly (readonly [page: NastyPage, expected: string, around?: Around])[] = [
    [nastyPages.forbidden, 'httpStatus'],
    [nastyPages.hugeErrorPage, 'httpStatus'],
    [nastyPages.hugeBody, 'httpTooLarge'],
    [nastyPages.reset, 'httpConnectFailed'],
    [nastyPages.hang, 'httpTimeout', { timeoutMs: 80 }],
    [nastyPages.dripBody, 'httpTimeout', { timeoutMs: 80 }],
    [redirectTo('http://192.168.0.1/'), 'httpForbiddenAddress'],
    [redirectTo('http://file.example.com:8080/'), 'httpForbiddenPort'],
    [redirectTo('gopher://file.example.com/'), 'httpForbiddenScheme'],
    [redirectTo('/again'), 'httpTooManyRedirects'],
    [redirectTo('http://127.0.0.9/'), 'httpRedirectToAddress'],
    // Here 127.0.0.1 stands for a public address, and 127.0.0.9 for an internal one that is open.
    [redirectTo('http://inside.example.com/'), 'httpForbiddenRedirect', { isSpecial: (one) => one !== '127.0.0.1' }],
    [redirectTo('/', '303 See Other'), 'httpStatus'], // BR §3.2.2.4.18
  ];
  for (const [page, expected, around] of pages) {
    test(`the server answers badly: ${expected}`, async () => {
      const server = await startNastyWeb(page);
      const result = await check('file.example.com', httpFile, { ports: { http: server.port, https: 0 }, ...around });
      assert.equal(verdict(result), expected);
      assert.deepEqual(result.answeredBy[0], `127.0.0.1:${server.port}`);
      await server.close();
    });
  }

  test('a name of local networks is not asked where no internal address is open', async () => {
    assert.equal(verdict(await check('host.internal', httpFile, { dangerAllowAddresses: [] })), 'httpInternalName');
  });

  const names: readonly (readonly [name: string, expected: string])[] = [
    ['gone.example.net', 'dnsNoSuchName'],
    ['mailonly.example.net', 'httpNoAddress'],
    ['loop.example.net', 'dnsLoop'],
  ];
  for (const [name, expected] of names) {
    test(`${name} cannot be reached: ${expected}`, async () => {
      dns.set('mailonly.example.net', 'TXT', 'v=spf1 -all');
      dns.set('loop.example.net', 'CNAME', 'loop.example.net');
      const result = await check(name, httpsFile);
      assert.deepEqual([verdict(result), result.answeredBy, result.answer], [expected, [], '']);
    });
  }
});

describe('CNAME', () => {
  const host = '_a1b2.www.example.org';
  const parent = '_a1b2.example.org';
  const target = 'xyz.certmux.example';
  const challenge: Challenge = { method: 'dnsCname', binding: 'server', host, alternativeHosts: [parent], target };

  type Records = Readonly<Record<string, string>>;
  const rows: readonly (readonly [records: Records, expected: string, answer: string])[] = [
    [{ [host]: target }, 'proved', `CNAME ${target}`],
    [{ [host]: 'XYZ.CertMux.Example.' }, 'proved', `CNAME ${target}`], // case and trailing dot do not matter
    [{ [host]: target, [target]: 'elsewhere.example' }, 'proved', `CNAME ${target}`], // what follows does not matter
    [{ [parent]: target }, 'proved', `NXDOMAIN, CNAME ${target}`], // the label at the registrable domain
    [{ [host]: 'wrong.example', [parent]: target }, 'proved', `CNAME wrong.example, CNAME ${target}`],
    [{ [host]: 'wrong.example' }, 'dnsWrongTarget', 'CNAME wrong.example, NXDOMAIN'],
    [{ [parent]: 'wrong.example' }, 'dnsWrongTarget', 'NXDOMAIN, CNAME wrong.example'], // shows where it went wrong
    [{ [host]: 'mid.example', 'mid.example': target }, 'dnsWrongTarget', 'CNAME mid.example, NXDOMAIN'], // only at the host
    [{ [host]: `x${target}` }, 'dnsWrongTarget', `CNAME x${target}, NXDOMAIN`],
    [{ [host]: host }, 'dnsLoop', `CNAME ${host}, NXDOMAIN`],
    [{ [`below.${host}`]: target }, 'dnsNoRecord', 'no CNAME, NXDOMAIN'], // the host itself is empty
    [{}, 'dnsNoSuchName', 'NXDOMAIN, NXDOMAIN'],
  ];
  for (const [records, expected, answer] of rows) {
    test(`${JSON.stringify(records)} gives ${expected}`, async () => {
      const own = await startLoopbackDns();
      for (const [name, value] of Object.entries(records)) own.set(name, 'CNAME', value);
      for (const name of ['www.example.org', '*.www.example.org']) {
        const result = await check(name, challenge, { resolver: own });
        assert.deepEqual([verdict(result), result.answer], [expected, answer]);
        assert.deepEqual(result.answeredBy, [`127.0.0.1:${own.port}`]);
      }
      await own.close();
    });
  }

  test('a host with other records than a CNAME has no CNAME', async () => {
    dns.set(host, 'TXT', target);
    assert.equal(told(await check('www.example.org', challenge)), `${host} has no CNAME record`);
    dns.remove(host);
  });

  test('alternatives are asked only when the host does not prove it', async () => {
    const own = await startLoopbackDns({ records: [{ name: host, type: 'CNAME', value: target }] });
    const result = await check('www.example.org', challenge, { resolver: own });
    assert.equal(result.asked, `${host} CNAME`);
    assert.deepEqual(
      own.queries.map((query) => query.name),
      [host],
    );
    await own.close();
  });

  const behaviours: readonly (readonly [behaviour: NastyBehaviour, expected: string, timeoutMs: number])[] = [
    [nasty.serverFailure, 'dnsServerFailure', 5000],
    [nasty.refused, 'dnsServerFailure', 5000],
    [nasty.garbage, 'dnsMalformed', 5000],
    [nasty.lowerCasedNoTcp, 'dnsCaseChanged', 5000],
    [nasty.silent, 'dnsTimeout', 60],
    [nasty.wrongId, 'dnsTimeout', 60],
    [nasty.cnameLoop, 'dnsLoop', 5000],
    [nasty.longChain, 'dnsWrongTarget', 5000],
  ];
  for (const [behaviour, expected, timeoutMs] of behaviours) {
    test(`a resolver in trouble gives ${expected}`, async () => {
      const server = await startNastyDns(behaviour);
      assert.equal(verdict(await check('www.example.org', challenge, { resolver: server, timeoutMs })), expected);
      await server.close();
    });
  }

  for (const address of ['127.0.0.1', '::1']) {
    test(`${address} cannot be proved by CNAME`, async () => {
      const before = dns.queries.length;
      assert.equal(
        told(await check(address, challenge)),
        `the method dnsCname cannot validate ${address}; choose another method`,
      );
      assert.equal(dns.queries.length, before);
    });
  }
});

describe('TXT', () => {
  const host = '_txt.www.example.org';
  const parent = '_txt.example.org';
  const value = 'a1b2c3.xyz';
  const challenge: Challenge = { method: 'dnsTxt', binding: 'server', host, alternativeHosts: [parent], value };

  type Records = Readonly<Record<string, string | readonly string[]>>;
  const rows: readonly (readonly [records: Records, expected: string, answer: string])[] = [
    [{ [host]: value }, 'proved', `TXT "${value}"`],
    [{ [host]: ['v=spf1 -all', value, 'other'] }, 'proved', `TXT "${value}"`], // others may stand beside it
    [{ [parent]: value }, 'proved', `NXDOMAIN, TXT "${value}"`], // the label at the registrable domain
    [{ [host]: 'wrong', [parent]: value }, 'proved', `TXT "wrong", TXT "${value}"`],
    [{ [host]: ['one', 'two'] }, 'dnsWrongText', 'TXT "one", "two", NXDOMAIN'],
    [{ [host]: value.toUpperCase() }, 'dnsWrongText', `TXT "${value.toUpperCase()}", NXDOMAIN`], // text has case
    [{ [host]: `${value} ` }, 'dnsWrongText', `TXT "${value} ", NXDOMAIN`],
    [{ [host]: `x${value}` }, 'dnsWrongText', `TXT "x${value}", NXDOMAIN`],
    [{ [host]: `"${value}"` }, 'dnsWrongText', `TXT ""${value}"", NXDOMAIN`], // pasted with its quotes
    [{ [parent]: 'wrong' }, 'dnsWrongText', 'NXDOMAIN, TXT "wrong"'], // shows where it went wrong
    [{ [`below.${host}`]: value }, 'dnsNoRecord', 'no TXT, NXDOMAIN'],
    [{}, 'dnsNoSuchName', 'NXDOMAIN, NXDOMAIN'],
  ];
  for (const [records, expected, answer] of rows) {
    test(`${JSON.stringify(records)} gives ${expected}`, async () => {
      const own = await startLoopbackDns();
      for (const [name, text] of Object.entries(records)) own.set(name, 'TXT', text);
      for (const name of ['www.example.org', '*.www.example.org']) {
        const result = await check(name, challenge, { resolver: own });
        assert.deepEqual([verdict(result), result.answer], [expected, answer]);
        assert.match(result.asked, /^_txt\.www\.example\.org TXT/);
      }
      await own.close();
    });
  }

  /** A resolver whose answer holds these records, whatever is asked. */
  async function answered(records: readonly Answer[], asked = challenge): Promise<CheckResult> {
    const udp: NastyBehaviour['udp'] = ({ packet, send }) => send(forged(packet, { answers: [...records] }));
    const server = await startNastyDns({ udp });
    const result = await check('www.example.org', asked, { resolver: server });
    await server.close();
    return result;
  }
  const txt = (name: string, data: string | string[]): Answer => ({ type: 'TXT', name, ttl: 0, data });
  const alias = (name: string, data: string): Answer => ({ type: 'CNAME', name, ttl: 0, data });

  test('the strings of one record are joined, and only those', async () => {
    const long = { ...challenge, value: 'x'.repeat(300) };
    assert.equal(verdict(await answered([txt(host, ['x'.repeat(255), 'x'.repeat(45)])], long)), 'proved');
    assert.equal(
      verdict(await answered([txt(host, 'x'.repeat(255)), txt(host, 'x'.repeat(45))], long)),
      'dnsWrongText',
    );
  });

  test('a CNAME at the host is followed: the zone has delegated it', async () => {
    const records = [alias(host, 'mid.example'), alias('mid.example', 'end.example'), txt('End.Example', value)];
    assert.equal(verdict(await answered(records)), 'proved');
  });

  test('records of other names in the answer count for nothing', async () => {
    assert.equal(verdict(await answered([txt('other.example', value)])), 'dnsNoRecord');
    assert.equal(verdict(await answered([alias(host, 'mid.example'), txt('end.example', value)])), 'dnsNoRecord');
    const loop = [alias(host, 'mid.example'), alias('mid.example', host), txt(host, value)];
    assert.equal(verdict(await answered(loop)), 'dnsLoop');
  });

  test('of very many records a few are shown', async () => {
    const result = await answered(Array.from({ length: 9 }, (_, index) => txt(host, `text ${index}`)));
    assert.match(told(result), /"text 4" and 4 more; none is "a1b2c3\.xyz"$/);
  });

  test('text that is no text is shown harmlessly', async () => {
    assert.match(told(await answered([txt(host, '\u001b[31m\u202e')])), /are "\\u\{1b\}\[31m\\u\{202e\}"; none/);
  });

  const behaviours: readonly (readonly [behaviour: NastyBehaviour, expected: string, timeoutMs: number])[] = [
    [nasty.serverFailure, 'dnsServerFailure', 5000],
    [nasty.garbage, 'dnsMalformed', 5000],
    [nasty.silent, 'dnsTimeout', 60],
    [nasty.wrongId, 'dnsTimeout', 60],
    [nasty.cnameLoop, 'dnsLoop', 5000],
  ];
  for (const [behaviour, expected, timeoutMs] of behaviours) {
    test(`a resolver in trouble gives ${expected}`, async () => {
      const server = await startNastyDns(behaviour);
      assert.equal(verdict(await check('www.example.org', challenge, { resolver: server, timeoutMs })), expected);
      await server.close();
    });
  }

  test('an address cannot be proved by TXT', async () => {
    assert.equal(
      told(await check('127.0.0.1', challenge)),
      'the method dnsTxt cannot validate 127.0.0.1; choose another method',
    );
  });
});

describe('evidence', () => {
  test('tells what was asked, who answered, what came back and when', async () => {
    web.put('evidence.example.com', path, 'wrong\u0000\u001b[31m\n\u202etxt');
    const { checkedAt, durationMs, ...rest } = await check('evidence.example.com', httpFile);
    assert.ok(checkedAt instanceof Date && typeof durationMs === 'number' && durationMs >= 0);
    assert.deepEqual(rest, {
      method: 'httpFile',
      binding: 'server',
      proved: false,
      asked: `http://evidence.example.com${path}`,
      answeredBy: [`127.0.0.1:${web.httpPort}`],
      answer: 'HTTP 200, 18 bytes: "wrong\\u{0}\\u{1b}[31m\\n\\u{202e}txt"',
      source: { isOwn: false, status: 200, sizeBytes: 18 },
      problem: {
        key: 'fileWrongContent',
        params: {
          url: `http://evidence.example.com${path}`,
          found: '"wrong\\u{0}\\u{1b}[31m\\n\\u{202e}txt"',
          expected: '"a1b2c3\\ncertmux.example\\nxyz"',
        },
      },
    });
  });

  test('is cut to a readable length', async () => {
    web.put('evidence.example.com', path, 'long '.repeat(10_000));
    const result = await check('evidence.example.com', httpFile);
    assert.ok(result.answer.length < 300, result.answer);
    assert.ok(told(result).length < 500);
  });

  test('says where a redirect led', async () => {
    web.redirect('evidence.example.com', path, 'https://other.example.com/proof');
    web.put('other.example.com', '/proof', content);
    const result = await check('evidence.example.com', httpFile);
    assert.equal(verdict(result), 'proved');
    assert.match(result.answer, /^HTTP 200 from https:\/\/other\.example\.com\/proof, 26 bytes: /);
    assert.deepEqual(result.answeredBy, [`127.0.0.1:${web.httpPort}`, `127.0.0.1:${web.httpsPort}`]);
  });
});

test('every method says when it was interrupted', async () => {
  const signal = AbortSignal.abort();
  const dnsCname: Challenge = { method: 'dnsCname', binding: 'server', host: '_a.example.com', target: 'x.example' };
  const dnsTxt: Challenge = { method: 'dnsTxt', binding: 'server', host: '_a.example.com', value: 'x' };
  const tlsAlpn: Challenge = { method: 'tlsAlpn', binding: 'server', identifierHash: '00' };
  for (const challenge of [httpFile, httpsFile, tlsAlpn, dnsCname, dnsTxt]) {
    assert.equal(verdict(await check('www.example.com', challenge, { signal })), 'checkAborted');
  }
});

test('every reason of the catalogue was seen above', () => {
  assert.deepEqual(
    Object.keys(validationReasons).filter((key) => !seen.has(key)),
    [],
  );
});
