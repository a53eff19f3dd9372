import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { renderReason } from '../../src/domain/errors.ts';
import type { UntrustedOutcome, UntrustedRequest } from '../../src/domain/ports/system.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createFetchUntrusted, type FetchUntrustedOptions } from '../../src/system/fetch-untrusted.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { nasty, startNastyDns } from '../support/nasty-dns.ts';
import { type NastyPage, nastyPages, redirectTo, startNastyWeb } from '../support/nasty-web.ts';
import { selfSigned } from '../support/self-signed.ts';

const random = createRandomness();
const never = new AbortController().signal;
const longMs = 5000;
const shortMs = 80;

let dns: LoopbackDns;
let web: LoopbackWeb;

before(async () => {
  web = await startLoopbackWeb({ tls: await selfSigned('customer.example') });
  dns = await startLoopbackDns({
    records: [
      { name: 'www.example.com', type: 'A', value: '127.0.0.1' },
      { name: 'alias.example.com', type: 'CNAME', value: 'www.example.com' },
      { name: 'mapped.example.com', type: 'AAAA', value: '::ffff:127.0.0.1' },
      { name: 'private.example.com', type: 'A', value: ['10.0.0.7', '169.254.169.254'] },
      { name: 'private6.example.com', type: 'AAAA', value: 'fd00:ec2::254' },
      { name: 'mixed.example.com', type: 'A', value: ['10.0.0.7', '127.0.0.1'] },
      { name: 'second.example.com', type: 'A', value: ['127.0.0.99', '127.0.0.1'] }, // nobody listens on .99
      { name: 'closed.example.com', type: 'A', value: '127.0.0.99' },
      { name: 'text.example.com', type: 'TXT', value: 'no address' },
      { name: 'dangling.example.com', type: 'CNAME', value: 'gone.example.com' },
      { name: 'loop.example.com', type: 'CNAME', value: 'pool.example.com' },
      { name: 'pool.example.com', type: 'CNAME', value: 'loop.example.com' },
      { name: 'self.example.com', type: 'CNAME', value: 'self.example.com' },
    ],
  });
  web.put('www.example.com', '/file', 'proof');
  web.put('alias.example.com', '/file?q=1', 'proof of the alias');
  web.put('127.0.0.1', '/file', 'proof of the address');
});
after(async () => {
  await dns.close();
  await web.close();
});

function fetchUrl(
  url: string,
  options: Partial<FetchUntrustedOptions> & { signal?: AbortSignal; post?: UntrustedRequest['post'] } = {},
) {
  const { signal = never, post, ...rest } = options;
  const resolver = createResolver({ servers: [dns], timeoutMs: longMs, random });
  const ports = { http: web.httpPort, https: web.httpsPort ?? 0 };
  const dangerAllowAddresses = ['127.0.0.0/8'];
  return createFetchUntrusted({ resolver, ports, dangerAllowAddresses, timeoutMs: longMs, ...rest })({
    url,
    signal,
    ...(post === undefined ? {} : { post }),
  });
}

/** Fetches `http://www.example.com/file` from a server that misbehaves. */
async function fetchFrom(page: NastyPage, options: Parameters<typeof fetchUrl>[1] = {}) {
  const server = await startNastyWeb(page);
  try {
    const ports = { http: server.port, https: server.port };
    const outcome = await fetchUrl('http://www.example.com/file', { ports, ...options });
    await server.idle(); // the client has closed every connection, whatever happened on it
    return { outcome, heads: server.heads };
  } finally {
    await server.close();
  }
}

function summary(outcome: UntrustedOutcome): string {
  if (!outcome.ok) return outcome.problem.key;
  return `${outcome.status} ${new TextDecoder().decode(outcome.body.slice(0, 40))}`;
}

describe('what can be fetched', () => {
  const rows: readonly (readonly [url: string, expected: string])[] = [
    ['http://www.example.com/file', '200 proof'],
    ['https://www.example.com/file', '200 proof'],
    ['http://www.example.com:80/file', '200 proof'],
    ['http://WWW.Example.com/file#part', '200 proof'],
    ['http://alias.example.com/file?q=1', '200 proof of the alias'],
    ['http://127.0.0.1/file', '200 proof of the address'],
    ['https://127.0.0.1/file', '200 proof of the address'],
    ['http://2130706433/file', '200 proof of the address'], // 127.0.0.1 in disguise: guarded as such
    ['http://mixed.example.com/file', '404 not found\n'], // the private address is left out
    ['http://second.example.com/file', '404 not found\n'], // the next address is tried
    ['http://mapped.example.com/file', '404 not found\n'], // ::ffff:127.0.0.1 is judged as 127.0.0.1
    ['http://private.example.com/file', 'httpForbiddenAddress'],
    ['http://private6.example.com/file', 'httpForbiddenAddress'],
    ['http://10.0.0.7/file', 'httpForbiddenAddress'],
    ['http://[::1]/file', 'httpForbiddenAddress'],
    ['http://[64:ff9b::10.0.0.1]/file', 'httpForbiddenAddress'],
    ['http://0x7f.1:81/file', 'httpForbiddenPort'],
    ['http://www.example.com:22/file', 'httpForbiddenPort'],
    ['ftp://www.example.com/file', 'httpForbiddenScheme'],
    ['file:///etc/passwd', 'httpForbiddenScheme'],
    ['not a url', 'httpForbiddenScheme'],
    ['http://closed.example.com/file', 'httpConnectFailed'],
    ['https://closed.example.com/file', 'httpConnectFailed'],
    ['http://text.example.com/file', 'httpNoAddress'],
    ['http://nothing.example.com/file', 'dnsNoSuchName'],
    ['http://dangling.example.com/file', 'dnsNoSuchName'],
    ['http://loop.example.com/file', 'dnsLoop'],
    ['http://self.example.com/file', 'dnsLoop'],
    ['http://a..example.com/file', 'dnsNoSuchName'],
  ];
  for (const [url, expected] of rows) {
    test(`${url} gives ${JSON.stringify(expected)}`, async () => {
      assert.equal(summary(await fetchUrl(url)), expected);
    });
  }

  test('without exceptions loopback is refused, by name and by address', async () => {
    for (const url of ['http://www.example.com/file', 'http://127.0.0.1/file', 'http://mapped.example.com/file']) {
      assert.equal(summary(await fetchUrl(url, { dangerAllowAddresses: [] })), 'httpForbiddenAddress');
    }
  });

  test('a refusal names the host and the address', async () => {
    const outcome = await fetchUrl('http://private.example.com/file');
    assert.equal(
      outcome.ok ? '' : renderReason(outcome.problem, 'en'),
      'private.example.com points to 10.0.0.7, an address this server does not connect to; for a private network the ' +
        'operator sets validation.dangerAllowAddresses (certmux init --private-network does)',
    );
    assert.deepEqual(outcome.connectedTo, []);
  });

  test('a failed connection names the address', async () => {
    const outcome = await fetchUrl('http://closed.example.com/file');
    assert.equal(
      outcome.ok ? '' : renderReason(outcome.problem, 'en'),
      `could not connect to http://closed.example.com/file: 127.0.0.99:${web.httpPort} refused the connection`,
    );
  });

  test('the address that answered is reported', async () => {
    assert.deepEqual((await fetchUrl('http://second.example.com/file')).connectedTo, [`127.0.0.1:${web.httpPort}`]);
  });

  test('an exception list that is no list of ranges is refused at the start', () => {
    assert.throws(() => fetchUrl('http://www.example.com/', { dangerAllowAddresses: ['anything'] }), RangeError);
  });
});

describe('what is sent', () => {
  test('a GET with the name in Host and SNI, and nothing that tells more', async () => {
    const before = web.requests.length;
    await fetchUrl('https://user:password@www.example.com/file');
    const [request] = web.requests.slice(before);
    assert.deepEqual(
      { ...request, headers: { ...request?.headers } },
      {
        scheme: 'https',
        method: 'GET',
        host: 'www.example.com',
        path: '/file',
        serverName: 'www.example.com',
        headers: {
          host: 'www.example.com',
          'user-agent': 'certmux-validation/1',
          accept: '*/*',
          'accept-encoding': 'identity',
          connection: 'close',
        },
      },
    );
  });

  test('an address is not sent as SNI', async () => {
    const before = web.requests.length;
    await fetchUrl('https://127.0.0.1/file');
    const [request] = web.requests.slice(before);
    assert.deepEqual([request?.host, request?.serverName], ['127.0.0.1', undefined]);
  });
});

describe('misbehaving web servers', () => {
  const rows: readonly (readonly [page: keyof typeof nastyPages, expected: string])[] = [
    ['hang', 'httpTimeout'],
    ['dripBody', 'httpTimeout'],
    ['dripHeaders', 'httpTimeout'],
    ['endlessContinue', 'httpTimeout'],
    ['reset', 'httpConnectFailed'],
    ['closeAtOnce', 'httpConnectFailed'],
    ['notHttp', 'httpConnectFailed'],
    ['hugeHeaders', 'httpConnectFailed'],
    ['cutBody', 'httpConnectFailed'],
    ['switchProtocols', 'httpConnectFailed'],
    ['hugeBody', 'httpTooLarge'],
    ['hugeBodyAnnounced', 'httpTooLarge'],
    ['hugeErrorPage', `500 ${'x'.repeat(40)}`], // its status says what is wrong, not its size
    ['compressed', '200 not gzip at all'], // announced, but not done: the file as it is
    ['forbidden', '403 no'],
  ];
  for (const [page, expected] of rows) {
    test(`${page} gives ${expected.slice(0, 30)}`, async () => {
      const timeoutMs = expected === 'httpTimeout' ? shortMs : longMs;
      assert.equal(summary((await fetchFrom(nastyPages[page], { timeoutMs })).outcome), expected);
    });
  }

  test('plain HTTP on the HTTPS port is a failed connection', async () => {
    const ports = { http: web.httpPort, https: web.httpPort };
    assert.equal(summary(await fetchUrl('https://www.example.com/file', { ports })), 'httpConnectFailed');
  });

  test('a TLS handshake that hangs meets the time limit', async () => {
    const server = await startNastyWeb(nastyPages.hang);
    const ports = { http: server.port, https: server.port };
    const outcome = await fetchUrl('https://www.example.com/file', { ports, timeoutMs: shortMs });
    assert.equal(summary(outcome), 'httpTimeout');
    await server.close();
  });

  test('an address that swallows the handshake leaves time for the next one', async () => {
    const swallowed: string[] = [];
    const server = createServer((socket) => {
      swallowed.push(socket.localAddress ?? '');
      socket.on('error', () => socket.destroy()).resume();
    });
    await new Promise<void>((listening) => server.listen(web.httpsPort, '127.0.0.98', listening));
    dns.set('slow.example.com', 'A', ['127.0.0.98', '127.0.0.1']);
    assert.equal(summary(await fetchUrl('https://slow.example.com/file', { timeoutMs: 800 })), '404 not found\n');
    assert.deepEqual(swallowed, ['127.0.0.98']);
    await new Promise((closed) => server.close(closed));
  });

  test('a resolver that is silent meets the same limit', async () => {
    const silent = await startNastyDns(nasty.silent);
    const resolver = createResolver({ servers: [silent], timeoutMs: 60_000, random });
    assert.equal(summary(await fetchUrl('http://www.example.com/', { resolver, timeoutMs: shortMs })), 'httpTimeout');
    await silent.close();
  });

  for (const [behaviour, expected] of [
    ['serverFailure', 'dnsServerFailure'],
    ['garbage', 'dnsMalformed'],
    ['cnameLoop', 'dnsLoop'],
    ['longChain', 'dnsLoop'],
  ] as const) {
    test(`a resolver with ${behaviour} gives ${expected}`, async () => {
      const server = await startNastyDns(nasty[behaviour]);
      const resolver = createResolver({ servers: [server], attempts: 1, timeoutMs: longMs, random });
      assert.equal(summary(await fetchUrl('http://www.example.com/', { resolver })), expected);
      await server.close();
    });
  }
});

describe('redirects', () => {
  const rows: readonly (readonly [location: string, expected: string])[] = [
    ['http://10.0.0.7/', 'httpForbiddenAddress'],
    ['http://private.example.com/', 'httpForbiddenAddress'],
    ['//10.0.0.7/', 'httpForbiddenAddress'],
    ['http:\\\\10.0.0.7\\', 'httpForbiddenAddress'], // as browsers read it
    ['http://１０.0.0.7/', 'httpForbiddenAddress'], // digits of another width
    ['https:/10.0.0.7/', 'httpForbiddenAddress'],
    ['http://169.254.169.254/latest/meta-data/', 'httpForbiddenAddress'],
    ['http://www.example.com:81/', 'httpForbiddenPort'],
    ['ftp://www.example.com/', 'httpForbiddenScheme'],
    ['file:///etc/passwd', 'httpForbiddenScheme'],
    ['javascript:alert(1)', 'httpForbiddenScheme'],
    ['http://www.example.com/file', 'httpTooManyRedirects'],
    ['/file', 'httpTooManyRedirects'],
    ['http://nothing.example.com/', 'dnsNoSuchName'],
    ['http://[broken', '302 '], // unreadable: the answer is the redirect itself
    [`/${'x'.repeat(3000)}`, '302 '],
  ];
  for (const [location, expected] of rows) {
    test(`to ${location.slice(0, 50)} gives ${expected}`, async () => {
      assert.equal(summary((await fetchFrom(redirectTo(location))).outcome), expected);
    });
  }

  describe('from a public address to an internal one that is open', () => {
    // 127.0.0.1 stands for a public address; the others of loopback are internal and open.
    const isSpecial = (address: string) => address !== '127.0.0.1';
    before(() => {
      dns.set('inside.example.com', 'A', '127.0.0.2');
      dns.set('both.example.com', 'A', ['127.0.0.2', '127.0.0.1']);
      web.put('both.example.com', '/file', 'proof of both');
    });

    test('is not followed, and the refusal says why', async () => {
      const { outcome } = await fetchFrom(redirectTo('http://inside.example.com/secret'), { isSpecial });
      assert.equal(
        outcome.ok ? '' : renderReason(outcome.problem, 'en'),
        'a public address redirects to inside.example.com, which points to 127.0.0.2; such redirects are not followed',
      );
      assert.equal(outcome.isPublic, false);
    });

    test('nor over another public host, nor when the name has a public address as well', async () => {
      web.redirect('www.example.com', '/one', 'http://alias.example.com/two');
      web.redirect('alias.example.com', '/two', 'http://inside.example.com/secret');
      assert.equal(summary(await fetchUrl('http://www.example.com/one', { isSpecial })), 'httpForbiddenRedirect');
      web.redirect('www.example.com', '/three', 'http://both.example.com/file');
      const outcome = await fetchUrl('http://www.example.com/three', { isSpecial });
      assert.equal(summary(outcome), '200 proof of both');
      assert.deepEqual([outcome.isPublic, outcome.connectedTo.length], [true, 2]);
    });

    test('the name itself may point there', async () => {
      web.redirect('www.example.com', '/inside', '/file');
      const outcome = await fetchUrl('http://www.example.com/inside', { isSpecial: () => true });
      assert.deepEqual([summary(outcome), outcome.isPublic], ['200 proof', false]);
    });
  });

  test('an address is not followed, unless it is the one that was asked', async () => {
    assert.equal(summary((await fetchFrom(redirectTo('http://127.0.0.9/file'))).outcome), 'httpRedirectToAddress');
    web.redirect('127.0.0.1', '/again', 'https://127.0.0.1/file');
    assert.equal(summary(await fetchUrl('http://127.0.0.1/again')), '200 proof of the address');
  });

  test('five are followed, the sixth is not', async () => {
    for (let hop = 1; hop <= 6; hop++)
      web.redirect('www.example.com', `/hop${hop}`, hop === 1 ? '/file' : `/hop${hop - 1}`);
    const outcome = await fetchUrl('http://www.example.com/hop5');
    assert.equal(summary(outcome), '200 proof');
    assert.equal(outcome.ok && outcome.url, 'http://www.example.com/file');
    assert.equal(outcome.connectedTo.length, 6);
    assert.equal(summary(await fetchUrl('http://www.example.com/hop6')), 'httpTooManyRedirects');
  });

  for (const status of [301, 302, 307, 308]) {
    test(`${status} is followed, to HTTPS too`, async () => {
      web.redirect('www.example.com', '/secure', 'https://www.example.com/file', status);
      assert.equal(summary(await fetchUrl('http://www.example.com/secure')), '200 proof');
    });
  }

  // 303 leads to another resource than the one that was asked for (BR §3.2.2.4.18).
  for (const status of [300, 303, 304, 305]) {
    test(`${status} is not followed`, async () => {
      web.redirect('www.example.com', '/odd', '/file', status);
      assert.equal(summary(await fetchUrl('http://www.example.com/odd')), `${status} `);
    });
  }

  test('one whose page never ends is followed', async () => {
    const page: NastyPage = (socket) => socket.write('HTTP/1.1 302 Found\r\nLocation: ftp://www.example.com/\r\n\r\n<');
    assert.equal(summary((await fetchFrom(page)).outcome), 'httpForbiddenScheme');
  });

  test('credentials in a redirect are not sent', async () => {
    web.redirect('www.example.com', '/login', 'http://user:password@www.example.com/file');
    const before = web.requests.length;
    const outcome = await fetchUrl('http://www.example.com/login');
    assert.equal(outcome.ok && outcome.url, 'http://www.example.com/file');
    assert.deepEqual(
      web.requests.slice(before).map((request) => request.headers.authorization),
      [undefined, undefined],
    );
  });
});

describe('aborting', () => {
  test('an aborted fetch ends at once, whatever it waits for', async () => {
    for (const page of [nastyPages.hang, nastyPages.dripBody]) {
      const controller = new AbortController();
      const server = await startNastyWeb(page);
      const ports = { http: server.port, https: server.port };
      const fetching = fetchUrl('http://www.example.com/file', { ports, signal: controller.signal, timeoutMs: 60_000 });
      while (server.heads.length === 0) await new Promise(setImmediate);
      controller.abort();
      assert.equal(summary(await fetching), 'checkAborted');
      await server.close();
    }
  });

  test('a signal that was aborted before connects to nobody', async () => {
    const before = web.requests.length;
    assert.equal(
      summary(await fetchUrl('http://www.example.com/file', { signal: AbortSignal.abort() })),
      'checkAborted',
    );
    assert.equal(summary(await fetchUrl('http://127.0.0.1/file', { signal: AbortSignal.abort() })), 'checkAborted');
    assert.equal(web.requests.length, before);
  });
});

describe('what is sent', () => {
  const post = { body: '{"name":"例子"}', headers: { 'Content-Type': 'application/json', 'X-Mark': 'yes' } };

  test('arrives whole, with its headers', async () => {
    const { outcome, heads } = await fetchFrom(
      (socket) => socket.end('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n'),
      { post },
    );
    assert.equal(summary(outcome), '202 ');
    assert.match(heads[0] ?? '', /^POST \/file HTTP\/1\.1\r\n/);
    for (const header of ['Content-Type: application/json', 'X-Mark: yes', 'Content-Length: 17']) {
      assert.ok(heads[0]?.includes(`${header}\r\n`), header);
    }
  });

  test('follows no redirect', async () => {
    const page: NastyPage = (socket) => redirectTo('http://www.example.com/elsewhere')(socket, '');
    const { outcome, heads } = await fetchFrom(page, { post });
    assert.equal(summary(outcome), '302 ');
    assert.equal(heads.length, 1);
  });

  test('goes to no server whose certificate is not good', async () => {
    const outcome = await fetchUrl('https://www.example.com/file', { post });
    assert.equal(summary(outcome), 'httpConnectFailed');
  });

  test('is guarded as what is fetched', async () => {
    assert.equal(summary(await fetchUrl('http://private.example.com/file', { post })), 'httpForbiddenAddress');
    assert.equal(summary(await fetchUrl('http://www.example.com:22/file', { post })), 'httpForbiddenPort');
  });
});
