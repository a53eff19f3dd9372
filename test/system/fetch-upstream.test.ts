/** Fetching from an upstream of the operator's own: roots, a proxy, limits, and what is known of a request that failed. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { UpstreamFault } from '../../src/domain/upstream-fault.ts';
import { createFetchUpstream, type FetchUpstreamOptions } from '../../src/system/fetch-upstream.ts';
import { listen } from '../support/listen.ts';
import { rootedServer } from '../support/rooted-server.ts';

const stack = new AsyncDisposableStack();
after(() => stack.disposeAsync());

let identity: Awaited<ReturnType<typeof rootedServer>>;
before(async () => {
  identity = await rootedServer('localhost');
});

async function open(server: TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
  });
  const port = await listen(server);
  stack.defer(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return port;
}

const plain = async (listener: RequestListener) => `http://127.0.0.1:${await open(createServer(listener))}/`;

async function secure(listener: RequestListener): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createTlsServer({ key: identity.key, cert: identity.cert }, listener);
  return { url: `https://localhost:${await open(server)}/`, server };
}

function fetcher(options: FetchUpstreamOptions = {}) {
  const made = createFetchUpstream({ caPem: identity.root, ...options });
  stack.defer(() => made.close());
  return made;
}

async function faultFrom(promise: Promise<unknown>): Promise<UpstreamFault> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof UpstreamFault, String(thrown));
  return thrown;
}

describe('an upstream is fetched', () => {
  it('with a body, its headers, and the reply as it came', async () => {
    const url = await plain(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      response.writeHead(201, [
        ...['link', '<https://a.example/1>;rel="alternate"'],
        ...['link', '<https://a.example/2>;rel="alternate"'],
        ...['x-seen', `${request.method} ${request.headers['content-type']} ${request.headers['content-length']}`],
      ]);
      response.end(Buffer.concat(parts));
    });
    const headers = { 'content-type': 'application/jose+json' };
    const reply = await fetcher().fetch(new Request(url, { method: 'POST', headers, body: '{"ä":1}' }));
    assert.equal(reply.status, 201);
    assert.equal(reply.headers.get('x-seen'), 'POST application/jose+json 8');
    assert.equal(
      reply.headers.get('link'),
      '<https://a.example/1>;rel="alternate", <https://a.example/2>;rel="alternate"',
    );
    assert.equal(await reply.text(), '{"ä":1}');
  });

  it('without a body where there is none: HEAD, 204', async () => {
    const url = await plain((_, response) => response.writeHead(204, { 'replay-nonce': 'AAAA' }).end());
    const reply = await fetcher().fetch(new Request(url, { method: 'HEAD' }));
    assert.equal(reply.status, 204);
    assert.equal(reply.headers.get('replay-nonce'), 'AAAA');
  });

  it('and a redirect is not followed', async () => {
    let calls = 0;
    const url = await plain((_, response) => {
      calls++;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    assert.equal((await fetcher().fetch(new Request(url))).status, 302);
    assert.equal(calls, 1);
  });

  it('that compresses although nobody asked for it', async () => {
    for (const [encoding, encode] of [
      ['gzip', gzipSync],
      ['X-GZIP', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
      ['identity', (text: string) => Buffer.from(text)],
    ] as const) {
      const url = await plain((_, response) =>
        response.writeHead(200, { 'content-encoding': encoding, vary: '*' }).end(encode('{"ä":1}')),
      );
      const reply = await fetcher().fetch(new Request(url));
      assert.equal(await reply.text(), '{"ä":1}', encoding);
      assert.equal(reply.headers.get('vary'), '*');
    }
  });

  it('over one connection, as long as it is kept', async () => {
    let connections = 0;
    const { url, server } = await secure((_, response) => response.end('here'));
    server.on('secureConnection', () => connections++);
    const { fetch } = fetcher();
    for (let count = 0; count < 3; count++) assert.equal(await (await fetch(new Request(url))).text(), 'here');
    assert.equal(connections, 1);
  });

  it('by its own roots and by no others', async () => {
    const { url } = await secure((_, response) => response.end('here'));
    assert.equal((await fetcher().fetch(new Request(url))).status, 200);
    const other = await rootedServer('localhost');
    const fault = await faultFrom(fetcher({ caPem: other.root }).fetch(new Request(url)));
    assert.match(fault.message, /^does not send the intermediate|issuer that is not trusted|not good/);
    assert.equal(fault.isSent, false);
    const named = await faultFrom(fetcher().fetch(new Request(url.replace('localhost', '127.0.0.1'))));
    assert.equal(named.message, 'has a certificate for other names');
    assert.equal(named.isSent, false);
  });
});

describe('a request without a reply', () => {
  it('was not sent where nobody listens', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((closed) => server.close(closed));
    const fault = await faultFrom(fetcher().fetch(new Request(`http://127.0.0.1:${port}/`)));
    assert.deepEqual([fault.message, fault.isSent], ['refused the connection', false]);
  });

  it('was not sent where the TLS handshake takes too long', async () => {
    const port = await open(createTcpServer(() => undefined));
    const fault = await faultFrom(fetcher({ connectTimeoutMs: 50 }).fetch(new Request(`https://localhost:${port}/`)));
    assert.deepEqual([fault.message, fault.isSent], ['did not accept the connection in time', false]);
  });

  it('may have been carried out where no answer comes in time, by the time limit of this call', async (t) => {
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const url = await plain(() => resolve());
    const { fetch } = fetcher({ timeoutMs: 60_000 });
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const fault = faultFrom(fetch(new Request(url, { method: 'POST', body: '{}' }), { timeoutMs: 180_000 }));
    await arrived;
    t.mock.timers.tick(179_999);
    t.mock.timers.tick(1);
    const { message, isSent } = await fault;
    assert.deepEqual([message, isSent], ['did not answer in time', true]);
  });

  it('may have been carried out where the connection ends, before the answer or within it', async () => {
    const before = await plain((request) => request.socket.destroy());
    assert.equal((await faultFrom(fetcher().fetch(new Request(before)))).isSent, true);
    const within = await plain((request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('begun', () => request.socket.destroy());
    });
    const fault = await faultFrom(fetcher().fetch(new Request(within)));
    assert.deepEqual([fault.message, fault.isSent], ['closed the connection in the middle of the answer', true]);
  });

  it('is said to be no HTTP where it is none', async () => {
    const url = await plain((request) => request.socket.end('220 mail.example ESMTP\r\n'));
    const { message, isSent } = await faultFrom(fetcher().fetch(new Request(url)));
    assert.match(message, /^sent something that is not HTTP \(HPE_/);
    assert.equal(isSent, true);
  });

  it('is cut off where the reply has no end', async () => {
    const url = await plain((_, response) => {
      response.writeHead(200);
      const write = () => response.write(Buffer.alloc(65_536), () => !response.destroyed && setImmediate(write));
      write();
    });
    const fault = await faultFrom(fetcher({ replyLimitBytes: 200_000 }).fetch(new Request(url)));
    assert.deepEqual([fault.message, fault.isSent], ['sent an answer that is too large', true]);
  });

  it('is cut off where a small reply unpacks to a large one, and is none where it does not unpack', async () => {
    for (const [body, message] of [
      [gzipSync(Buffer.alloc(10_000_000)), 'sent an answer that is too large'],
      [Buffer.from('<html>'), 'sent something that is not HTTP (content-encoding)'],
      [gzipSync('{"id":1}').subarray(0, 15), 'sent something that is not HTTP (content-encoding)'],
    ] as const) {
      const url = await plain((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(body));
      const fault = await faultFrom(fetcher({ replyLimitBytes: 200_000 }).fetch(new Request(url)));
      assert.deepEqual([fault.message, fault.isSent], [message, true]);
    }
  });

  it('rejects with the reason of the signal', async () => {
    const aborter = new AbortController();
    const url = await plain(() => aborter.abort(new Error('shutting down')));
    const { fetch } = fetcher();
    await assert.rejects(fetch(new Request(url, { signal: aborter.signal })), { message: 'shutting down' });
    await assert.rejects(fetch(new Request(url, { signal: aborter.signal })), { message: 'shutting down' });
  });
});

describe('a proxy', () => {
  async function proxy(answer: string): Promise<{ readonly url: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const server = createServer();
    server.on('connect', ({ url, headers }, socket: Socket) => {
      asked.push(`${url} ${headers['proxy-authorization']}`);
      if (!answer.startsWith('HTTP/1.1 200')) return void socket.end(answer);
      const onward = connect(Number(url?.split(':')[1]), '127.0.0.1', () => {
        socket.write(answer);
        onward.pipe(socket).pipe(onward);
      });
      onward.on('error', () => socket.destroy());
      socket.on('close', () => onward.destroy());
      return undefined;
    });
    return { url: `http://ops:s3cret@127.0.0.1:${await open(server)}`, asked };
  }

  it('is asked for a way to the upstream, whose TLS ends here', async () => {
    const { url } = await secure((_, response) => response.end('here'));
    const { url: proxyUrl, asked } = await proxy('HTTP/1.1 200 OK\r\n\r\n');
    const { fetch } = fetcher({ proxyUrl });
    for (let count = 0; count < 2; count++) assert.equal(await (await fetch(new Request(url))).text(), 'here');
    const credentials = Buffer.from('ops:s3cret').toString('base64');
    assert.deepEqual(asked, [`localhost:${new URL(url).port} Basic ${credentials}`]);
  });

  it('is not waited for any longer once there is a way, however slow the upstream is', async (t) => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: waited, resolve: answer } = Promise.withResolvers<void>();
    const { url } = await secure(async (_, response) => {
      arrive();
      await waited;
      response.end('late');
    });
    const { url: proxyUrl } = await proxy('HTTP/1.1 200 OK\r\n\r\n');
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const reply = fetcher({ proxyUrl, connectTimeoutMs: 1000 }).fetch(new Request(url));
    await arrived;
    t.mock.timers.tick(1001);
    answer();
    assert.equal(await (await reply).text(), 'late');
  });

  it('that refuses is named, without its words and its password', async () => {
    const { url } = await secure((_, response) => response.end('here'));
    const { url: proxyUrl } = await proxy('HTTP/1.1 407 Proxy Authentication Required\r\nX: s3cret\r\n\r\n');
    const fault = await faultFrom(fetcher({ proxyUrl }).fetch(new Request(url)));
    assert.deepEqual([fault.message, fault.isSent], ['cannot be reached through the proxy (407)', false]);
  });
});

it('what is kept open is closed', async () => {
  const { url, server } = await secure((_, response) => response.end('here'));
  const { fetch, close } = createFetchUpstream({ caPem: identity.root });
  const connected = once(server, 'secureConnection') as Promise<[Socket]>;
  await fetch(new Request(url));
  const [socket] = await connected;
  const closed = once(socket, 'close');
  close();
  await closed;
});
