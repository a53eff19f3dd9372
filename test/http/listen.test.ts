/** Sockets, with and without TLS: what comes in, what is cut off, and how it all ends. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
import { TextResponse } from '../../src/domain/text-response.ts';
import type { Front } from '../../src/http/front.ts';
import { type Limits, type Listener, listen, type TlsMaterial } from '../../src/http/listen.ts';
import { createClock } from '../../src/system/index.ts';
import { selfSigned } from '../support/self-signed.ts';
import { createFakeClock, until } from '../support/system.ts';

let first: TlsMaterial;
let second: TlsMaterial;
before(async () => {
  const material = async (name: string) => {
    const { cert, key } = await selfSigned(name);
    return { certificate: cert, key };
  };
  [first, second] = await Promise.all([material('first.example'), material('second.example')]);
});

const open = new Set<Listener>();
after(async () => {
  for (const listener of open) await listener.close(0);
});

/** Answers `/wait` when it is told to, everything else at once with what it heard. */
function createScene() {
  const waiting: (() => void)[] = [];
  const front: Front = async (request, remoteAddress) => {
    const path = new URL(request.url).pathname;
    const body = request.body === null ? '' : await request.text();
    if (path.startsWith('/wait')) await new Promise<void>((resolve) => waiting.push(resolve));
    if (path.startsWith('/wait/large')) return new Response(large);
    if (path.startsWith('/text')) return textAnswer();
    if (path.startsWith('/copy')) return textAnswer().clone();
    return Response.json({ method: request.method, url: request.url, remoteAddress, body: body.length });
  };
  return { front, waiting };
}

function textAnswer(): TextResponse {
  const headers = new Headers({ 'content-type': 'application/json', link: '<a>;rel="up"' });
  headers.append('link', '<b>;rel="index"');
  headers.append('set-cookie', 'a=1');
  headers.append('set-cookie', 'b=2');
  return new TextResponse('{"name":"测试"}', { status: 201, headers });
}

const large = 'x'.repeat(8 << 20);

async function start(
  protocol: 'http' | 'https',
  options: { readonly limits?: Partial<Limits>; readonly clock?: ReturnType<typeof createFakeClock> } = {},
) {
  const scene = createScene();
  const listener = await listen({
    url: `${protocol}://127.0.0.1:0`,
    front: scene.front,
    clock: options.clock ?? createClock(),
    tls: protocol === 'https' ? first : undefined,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  open.add(listener);
  return { ...scene, listener, port: Number(new URL(listener.url).port) };
}

interface Call {
  readonly agent?: Agent | TlsAgent;
  readonly method?: string;
  readonly body?: string;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** One request by Node's own client, which shows connections as they are. */
function call(url: string, { agent, method = 'GET', body }: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = send(url, { agent, method, rejectUnauthorized: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** What a socket says until it is closed. */
async function everything(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (part) => {
    text += part.toString('latin1');
  });
  socket.on('error', () => undefined);
  if (!socket.closed) await once(socket, 'close');
  return text;
}

for (const protocol of ['http', 'https'] as const) {
  describe(protocol, () => {
    test('answers on the port that was taken and tells the address of the caller', async () => {
      const { listener, port } = await start(protocol);
      assert.notEqual(port, 0);
      assert.equal(listener.url, `${protocol}://127.0.0.1:${port}`);
      const { status, text } = await call(`${listener.url}/a?b=c`, { method: 'POST', body: 'hello' });
      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(text), {
        method: 'POST',
        url: `${listener.url}/a?b=c`,
        remoteAddress: '127.0.0.1',
        body: 5,
      });
      await listener.close(1000);
    });

    for (const method of ['GET', 'HEAD']) {
      test(`sends an answer whose text is at hand as it sends any other: ${method}`, async () => {
        const { listener } = await start(protocol);
        const [plain, streamed] = await Promise.all([
          call(`${listener.url}/text`, { method }),
          call(`${listener.url}/copy`, { method }),
        ]);
        const { date: _, ...headers } = plain.headers;
        const { date: __, ...others } = streamed.headers;
        assert.deepEqual([plain.status, headers, plain.text], [streamed.status, others, streamed.text]);
        assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
        assert.equal(headers['content-length'], '17');
        assert.equal(plain.text, method === 'HEAD' ? '' : '{"name":"测试"}');
        await listener.close(1000);
      });
    }

    test('refuses a port that is taken', async () => {
      const { listener } = await start(protocol);
      const again = { url: listener.url, front: createScene().front, clock: createClock(), tls: first };
      await assert.rejects(listen(again), { code: 'EADDRINUSE' });
      await listener.close(1000);
    });

    test('answers what is under way before it closes, and takes no more', { timeout: 10_000 }, async () => {
      const { listener, waiting } = await start(protocol);
      const agent = protocol === 'https' ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
      await call(`${listener.url}/`, { agent }); // leaves an idle connection
      const answers = [call(`${listener.url}/wait/1`, { agent }), call(`${listener.url}/wait/large`)];
      await until(() => waiting.length === 2, 'both requests are under way');
      let isClosed = false;
      const closing = listener.close(60_000).then(() => {
        isClosed = true;
      });
      await assert.rejects(call(`${listener.url}/`), { code: 'ECONNREFUSED' });
      assert.equal(isClosed, false);
      for (const answer of waiting) answer();
      const [small, big] = await Promise.all(answers);
      await closing;
      assert.equal(small?.status, 200);
      assert.equal(small?.headers.connection, 'close', 'the client is told not to use the connection again');
      assert.equal(big?.text.length, large.length, 'a long answer is not cut off');
      agent.destroy();
    });

    test('ends idle connections at once when it closes', { timeout: 10_000 }, async () => {
      const { listener, port } = await start(protocol);
      const agent = protocol === 'https' ? new TlsAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
      await call(`${listener.url}/`, { agent });
      // A connection on which nothing was ever said; for https not even a handshake.
      const silent = connect(port, '127.0.0.1');
      await once(silent, 'connect');
      const said = everything(silent);
      await listener.close(60_000);
      assert.equal(await said, '');
      agent.destroy();
    });

    test('cuts off what is not answered when the grace is over', { timeout: 10_000 }, async () => {
      const clock = createFakeClock();
      const { listener, waiting } = await start(protocol, { clock });
      const answer = call(`${listener.url}/wait`);
      const refused = assert.rejects(answer, { code: 'ECONNRESET' });
      await until(() => waiting.length === 1, 'the request is under way');
      let isClosed = false;
      const closing = listener.close(5000).then(() => {
        isClosed = true;
      });
      await clock.advance(4999);
      assert.equal(isClosed, false);
      await clock.advance(1);
      await refused;
      await closing;
      for (const late of waiting) late(); // an answer that comes too late harms nobody
    });

    test('ends a connection that is too slow with its headers', { timeout: 10_000 }, async () => {
      const { listener, port } = await start(protocol, { limits: { headersTimeoutMs: 300, requestTimeoutMs: 600 } });
      const socket =
        protocol === 'https'
          ? tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false })
          : connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: a.example\r\nX-Slow: ');
      assert.match(await everything(socket), /^HTTP\/1\.1 408 Request Timeout\r\n/);
      await listener.close(1000);
    });

    test('ends a connection that is too slow with its body', { timeout: 10_000 }, async () => {
      const { listener, port } = await start(protocol, { limits: { headersTimeoutMs: 50, requestTimeoutMs: 100 } });
      const socket =
        protocol === 'https'
          ? tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false })
          : connect(port, '127.0.0.1');
      socket.write('POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 100\r\n\r\nonly this');
      await everything(socket);
      await listener.close(1000);
    });

    test('ends streams at once when it closes, and cuts off one that nobody reads', { timeout: 20_000 }, async () => {
      let cancelled = 0;
      const front = async () =>
        new Response(
          new ReadableStream({
            pull: async (controller) => {
              // More than the system takes for a reader that stands still.
              controller.enqueue(new Uint8Array(1 << 20));
            },
            cancel: () => {
              cancelled++;
            },
          }),
          { headers: { 'content-type': 'text/event-stream; charset=utf-8' } },
        );
      const tls = protocol === 'https' ? first : undefined;
      const limits = { streamStallMs: 300 };
      const listener = await listen({ url: `${protocol}://127.0.0.1:0`, front, clock: createClock(), tls, limits });
      const open = async () => {
        const port = Number(new URL(listener.url).port);
        const socket =
          protocol === 'https'
            ? tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false })
            : connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
        await once(socket, 'readable');
        return socket;
      };
      const stalled = await open();
      await until(() => cancelled === 1, 'the stalled stream is cut off');
      stalled.destroy();
      const read = await open();
      read.resume();
      const startedMs = performance.now();
      await listener.close(60_000);
      await until(() => cancelled === 2, 'the other one has ended');
      assert.ok(performance.now() - startedMs < 10_000, 'no grace is waited for');
    });

    test('ends an idle connection after a while', { timeout: 10_000 }, async () => {
      const { listener, port } = await start(protocol, { limits: { keepAliveTimeoutMs: 20 } });
      const socket =
        protocol === 'https'
          ? tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false })
          : connect(port, '127.0.0.1');
      socket.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n');
      assert.match(await everything(socket), /^HTTP\/1\.1 200 OK\r\n/);
      await listener.close(1000);
    });
  });
}

test('A request of HTTP/1.0 need not say its host.', async () => {
  const { listener, port } = await start('http');
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /pki/x.crl HTTP/1.0\r\n\r\n');
  const text = await everything(socket);
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(text, /"url":"http:\/\/localhost\/pki\/x.crl"/);
  await listener.close(1000);
});

test('What is not HTTP is answered with 400.', async () => {
  const { listener, port } = await start('http');
  const rows = [
    '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1', // a TLS handshake at the wrong port
    'hello\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a.example\r\nHost : b\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a/b?c\r\nConnection: close\r\n\r\n',
    'POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n', // request smuggling
  ];
  for (const text of rows) {
    const socket = connect(port, '127.0.0.1');
    socket.write(Buffer.from(text, 'latin1'));
    assert.match(await everything(socket), /^HTTP\/1\.1 400 /, JSON.stringify(text));
  }
  assert.equal((await call(`${listener.url}/`)).status, 200, 'others are still answered');
  await listener.close(1000);
});

describe('a request that two readers could read in two ways', () => {
  const head = (lines: readonly string[]) => `${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`;
  const rows: readonly (readonly [what: string, request: string, status: number, text: RegExp])[] = [
    ['TRACE', head(['TRACE / HTTP/1.1', 'Host: a.example']), 405, /^certmux: TRACE is not answered here\n$/],
    ['CONNECT', head(['CONNECT a.example:443 HTTP/1.1', 'Host: a.example:443']), 405, /CONNECT is not answered/],
    ['two Host headers', head(['GET / HTTP/1.1', 'Host: a.example', 'host: b.example']), 400, /one Host header, not 2/],
    ['the same Host twice', head(['GET / HTTP/1.1', 'Host: a.example', 'Host: a.example']), 400, /one Host header/],
    ['two Host headers in HTTP/1.0', head(['GET / HTTP/1.0', 'Host: a.example', 'Host: b']), 400, /one Host header/],
    ['no Host header', head(['GET / HTTP/1.1']), 400, /./],
    ['an empty Host header', head(['GET / HTTP/1.1', 'Host:']), 400, /must be a name or an address/],
    ['a path in the Host header', head(['GET / HTTP/1.1', 'Host: a.example/b']), 400, /not "a\.example\/b"$/m],
    ['a user in the Host header', head(['GET / HTTP/1.1', 'Host: u@a.example']), 400, /not "u@a\.example"$/m],
    ['a list in the Host header', head(['GET / HTTP/1.1', 'Host: a.example, b.example']), 400, /must be a name/],
    ['a URL of another host', head(['GET http://b.example/ HTTP/1.1', 'Host: a.example']), 400, /at "b\.example", but/],
    ['a URL with a user', head(['GET http://u@a.example/ HTTP/1.1', 'Host: a.example']), 400, /but the Host header/],
    ['a URL of another kind', head(['GET ftp://a.example/ HTTP/1.1', 'Host: a.example']), 400, /path that begins with/],
    ['no path', head(['OPTIONS * HTTP/1.1', 'Host: a.example']), 400, /path that begins with/],
    ['a backslash in the path', head(['GET /a\\b HTTP/1.1', 'Host: a.example']), 400, /encode a backslash as %5C/],
    ['a header over two lines', head(['GET / HTTP/1.1', 'Host: a.example', 'X-A: b', ' c']), 400, /second line/],
    ['a blank before the colon', head(['GET / HTTP/1.1', 'Host : a.example']), 400, /certmux: /],
    ['bare line feeds', 'GET / HTTP/1.1\nHost: a.example\n\n', 400, /certmux: /],
    [
      'Content-Length and Transfer-Encoding',
      head(['POST / HTTP/1.1', 'Host: a.example', 'Content-Length: 5', 'Transfer-Encoding: chunked']),
      400,
      /does not go together with Transfer-Encoding/,
    ],
    [
      'Transfer-Encoding and Content-Length',
      head(['POST / HTTP/1.1', 'Host: a.example', 'Transfer-Encoding: chunked', 'Content-Length: 5']),
      400,
      /Content-Length/,
    ],
    [
      'Content-Length twice',
      head(['POST / HTTP/1.1', 'Host: a.example', 'Content-Length: 5', 'Content-Length: 5']),
      400,
      /one Content-Length/,
    ],
    [
      'a transfer coding that is not ours',
      head(['POST / HTTP/1.1', 'Host: a.example', 'Transfer-Encoding: gzip, chunked']),
      501,
      /must be chunked, not "gzip, chunked"/,
    ],
    [
      'a transfer coding that looks like ours',
      head(['POST / HTTP/1.1', 'Host: a.example', 'Transfer-Encoding: xchunked']),
      501,
      /must be chunked, not "xchunked"/,
    ],
    [
      'chunks in HTTP/1.0',
      head(['POST / HTTP/1.0', 'Host: a.example', 'Transfer-Encoding: chunked']),
      400,
      /does not belong into HTTP\/1\.0/,
    ],
    ['HTTP/2.0 in the words of HTTP/1', head(['GET / HTTP/2.0', 'Host: a.example']), 400, /use HTTP\/1\.1/],
    ['headers of 20 KiB', head(['GET / HTTP/1.1', 'Host: a.example', `X: ${'a'.repeat(20_000)}`]), 431, /16 KiB/],
  ];
  for (const [what, request, status, expected] of rows) {
    test(`is refused in words: ${what}`, async () => {
      const { listener, port } = await start('http');
      const socket = connect(port, '127.0.0.1');
      socket.write(request);
      const said = await everything(socket);
      assert.match(said, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.match(said, /\r\nConnection: close\r\n/i);
      assert.match(said.slice(said.indexOf('\r\n\r\n') + 4), expected);
      await listener.close(1000);
    });
  }

  test('is told from one with a whole URL of the same host, and from an upgrade that nobody answers', async () => {
    const { listener, port } = await start('http');
    const requests = [
      head(['GET http://A.example:80/x HTTP/1.1', 'Host: a.example:80']),
      head(['GET / HTTP/1.1', 'Host: [2001:db8::1]:8080']),
      'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n',
    ];
    for (const request of requests) {
      const socket = connect(port, '127.0.0.1');
      socket.write(request);
      assert.match(await everything(socket), /^HTTP\/1\.1 200 OK\r\n/, request);
    }
    await listener.close(1000);
  });

  test('hides no second request in its body', async () => {
    const { listener, port } = await start('http');
    const socket = connect(port, '127.0.0.1');
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: a.example\r\n\r\n';
    const lines = ['POST / HTTP/1.1', 'Host: a.example', 'Transfer-Encoding: xchunked', '', hidden];
    socket.write(lines.join('\r\n'));
    const said = await everything(socket);
    assert.equal(said.match(/HTTP\/1\.1 \d/g)?.length, 1);
    assert.doesNotMatch(said, /hidden/);
    await listener.close(1000);
  });
});

test('An https listener without a certificate is refused.', async () => {
  const options = { url: 'https://127.0.0.1:0', front: createScene().front, clock: createClock(), tls: undefined };
  await assert.rejects(listen(options), { message: 'an https listener needs a certificate' });
});

describe('the certificate', () => {
  /** The CN that the server shows to a new connection, and the version of TLS. */
  async function shown(port: number, maxVersion: 'TLSv1.3' | 'TLSv1.2' | 'TLSv1.1' = 'TLSv1.3') {
    const socket = tlsConnect({
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      minVersion: 'TLSv1.1',
      maxVersion,
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    try {
      await once(socket, 'secureConnect');
      return [socket.getPeerCertificate().subject.CN, socket.getProtocol()];
    } finally {
      socket.destroy();
    }
  }

  test('is renewed for new connections while old ones go on', async () => {
    const { listener, port } = await start('https');
    const agent = new TlsAgent({ keepAlive: true, maxSockets: 1 });
    await call(`${listener.url}/`, { agent });
    assert.deepEqual(await shown(port), ['first.example', 'TLSv1.3']);
    listener.renewTls(second);
    assert.deepEqual(await shown(port), ['second.example', 'TLSv1.3']);
    assert.deepEqual(await shown(port, 'TLSv1.2'), ['second.example', 'TLSv1.2']);
    await assert.rejects(shown(port, 'TLSv1.1'), 'TLS 1.1 is refused, after a renewal too');
    assert.equal((await call(`${listener.url}/`, { agent })).status, 200);
    agent.destroy();
    await listener.close(1000);
  });

  test('with a key that is not its own changes nothing', async () => {
    const { listener, port } = await start('https');
    assert.throws(() => listener.renewTls({ certificate: second.certificate, key: first.key }), /key values mismatch/);
    assert.deepEqual(await shown(port), ['first.example', 'TLSv1.3']);
    await listener.close(1000);
  });

  test('is nothing to a plain listener', async () => {
    const { listener } = await start('http');
    listener.renewTls(second);
    assert.equal((await call(`${listener.url}/`)).status, 200);
    await listener.close(1000);
  });
});
