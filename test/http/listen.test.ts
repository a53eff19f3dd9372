/** Sockets, with and without TLS: what comes in, what is cut off, and how it all ends. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { connect as tlsConnect } from 'node:tls';
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
    return Response.json({ method: request.method, url: request.url, remoteAddress, body: body.length });
  };
  return { front, waiting };
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
      const { listener, port } = await start(protocol, { limits: { headersTimeoutMs: 50, requestTimeoutMs: 100 } });
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
