/** What a customer reads when the TLS of a web server does not work, and what is accepted since no certificate is checked. */
import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { before, describe, test } from 'node:test';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { renderReason } from '../../src/domain/errors.ts';
import { connectionFaultsZh } from '../../src/domain/messages/words.ts';
import type { UntrustedOutcome } from '../../src/domain/ports/system.ts';
import { faultOf } from '../../src/system/connection-fault.ts';
import { createFetchUntrusted } from '../../src/system/fetch-untrusted.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { listen } from '../support/listen.ts';
import { selfSigned } from '../support/self-signed.ts';

const never = new AbortController().signal;
const weak = 'DEFAULT:@SECLEVEL=0';
let identity: { readonly key: string; readonly cert: string };

before(async () => {
  identity = await selfSigned('other.example');
});

const page = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproof';

function tlsServer(options: TlsOptions): Server {
  const server = createTlsServer({ ...identity, ...options }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end(page));
  });
  return server.on('tlsClientError', () => undefined);
}

/** A server that says this to whatever comes first, and closes. */
function says(bytes: string, then: (socket: Socket) => void = (socket) => socket.end()): Server {
  return createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      socket.write(Buffer.from(bytes, 'latin1'));
      then(socket);
    });
  });
}

function alert(description: number): Server {
  return says(`\x15\x03\x03\x00\x02\x02${String.fromCharCode(description)}`);
}

async function fetchFrom(server: Server, options: { timeoutMs?: number; isPost?: boolean } = {}) {
  const { timeoutMs = 5000, isPost = false } = options;
  const port = await listen(server);
  const fetchUntrusted = createFetchUntrusted({
    resolver: createResolver({ servers: [{ address: '127.0.0.1', port: 9 }], random: createRandomness() }),
    ports: { http: 80, https: port },
    dangerAllowAddresses: ['127.0.0.0/8'],
    timeoutMs,
  });
  const post = { body: '{}', headers: {} };
  const outcome = await fetchUntrusted({ url: 'https://127.0.0.1/', signal: never, ...(isPost ? { post } : {}) });
  await new Promise((closed) => server.close(closed));
  return { outcome, peer: `127.0.0.1:${port}` };
}

function texts(outcome: UntrustedOutcome, peer: string): readonly string[] {
  if (outcome.ok) return [`${outcome.status} ${Buffer.from(outcome.body).toString()}`];
  return (['en', 'zh'] as const).map((language) => renderReason(outcome.problem, language).replace(peer, 'PEER'));
}

describe('faults', () => {
  const rows: readonly (readonly [why: string, server: () => Server, en: string, zh: string])[] = [
    [
      'TLS 1.0',
      () => tlsServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: weak }),
      'speaks only TLS 1.0; TLS 1.2 or later is needed',
      '仅支持 TLS 1.0，需支持 TLS 1.2 或更高版本',
    ],
    [
      'TLS 1.0 and 1.1',
      () => tlsServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: weak }),
      'speaks only TLS 1.1; TLS 1.2 or later is needed',
      '仅支持 TLS 1.1，需支持 TLS 1.2 或更高版本',
    ],
    [
      'a version that nobody knows',
      () => alert(70),
      'speaks no version of TLS that this server speaks',
      '支持的 TLS 版本与本服务器（TLS 1.2、1.3）均不相同',
    ],
    [
      'no common cipher',
      () => tlsServer({ maxVersion: 'TLSv1.2', ciphers: 'NULL-SHA256:@SECLEVEL=0' }),
      'has no cipher in common with this server, or wants a client certificate',
      '与本服务器没有共同的加密套件，或要求客户端证书',
    ],
    [
      'client certificates',
      () => tlsServer({ requestCert: true, rejectUnauthorized: true }),
      'wants a client certificate',
      '要求客户端证书',
    ],
    ['a name that it does not serve', () => alert(112), 'has no TLS site of this name', '没有配置该域名的 TLS 站点'],
    ['another alert', () => alert(80), 'ended the TLS handshake (internal_error)', '终止了 TLS 握手（internal_error）'],
    ['plain HTTP', () => says(page), 'does not speak TLS on this port', '该端口提供的不是 TLS 服务'],
    ['SSH', () => says('SSH-2.0-OpenSSH_9.2\r\n'), 'does not speak TLS on this port', '该端口提供的不是 TLS 服务'],
    ['an end', () => says(''), 'closed the connection in the TLS handshake', '在 TLS 握手过程中关闭了连接'],
    [
      'a reset',
      () => says('', (socket) => socket.resetAndDestroy()),
      'closed the connection in the TLS handshake',
      '在 TLS 握手过程中关闭了连接',
    ],
    [
      'a handshake message that is none',
      () => says('\x16\x03\x03\x00\x04\x02\xff\xff\xff'),
      'broke the rules of TLS',
      '返回的 TLS 数据不符合协议',
    ],
  ];
  for (const [why, server, en, zh] of rows) {
    test(`${why}: ${en}`, async () => {
      const { outcome, peer } = await fetchFrom(server());
      assert.deepEqual(texts(outcome, peer), [
        `could not connect to https://127.0.0.1/: PEER ${en}`,
        `无法连接 https://127.0.0.1/：PEER ${zh}`,
      ]);
    });
  }

  test('silence meets the time limit', async () => {
    const { outcome } = await fetchFrom(
      says('', () => undefined),
      { timeoutMs: 80 },
    );
    assert.equal(outcome.ok ? '' : outcome.problem.key, 'httpTimeout');
  });

  test('a certificate that must be good says what is wrong with it', async () => {
    const { outcome, peer } = await fetchFrom(tlsServer({}), { isPost: true });
    assert.deepEqual(texts(outcome, peer), [
      'could not connect to https://127.0.0.1/: PEER has a self-signed certificate',
      '无法连接 https://127.0.0.1/：PEER 证书为自签名证书',
    ]);
  });
});

describe('no fault where the certificate does not matter', () => {
  const rows: readonly (readonly [why: string, options: TlsOptions])[] = [
    ['a self-signed certificate for another name', {}],
    ['TLS 1.2 only', { maxVersion: 'TLSv1.2' }],
    ['TLS 1.3 only', { minVersion: 'TLSv1.3' }],
    ['a client certificate that may be missing', { requestCert: true, rejectUnauthorized: false }],
    ['HTTP/2 before HTTP/1.1', { ALPNProtocols: ['h2', 'http/1.1'] }],
  ];
  for (const [why, options] of rows) {
    test(why, async () => {
      const { outcome, peer } = await fetchFrom(tlsServer(options));
      assert.deepEqual(texts(outcome, peer), ['200 proof']);
    });
  }
});

describe('every code has words', () => {
  const codes = [
    ...['ECONNREFUSED', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EACCES', 'EPERM', 'EMFILE', 'EPROTO', 'EPIPE'],
    ...['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_DH_KEY_TOO_SMALL', 'ERR_SSL_BAD_SIGNATURE', 'ERR_SSL_LENGTH_MISMATCH'],
    ...[
      'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
      'ERR_SSL_TLSV1_ALERT_NO_RENEGOTIATION',
      'ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC',
    ],
    ...['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
    ...[
      'CERT_HAS_EXPIRED',
      'CERT_CHAIN_TOO_LONG',
      'ERR_TLS_CERT_ALTNAME_INVALID',
      'UNABLE_TO_GET_CRL',
      'constructor',
      '',
    ],
  ];
  for (const code of codes) {
    test(code === '' ? 'an error without a code' : code, () => {
      const text = faultOf(Object.assign(new Error('error:0A000102:SSL routines::text of OpenSSL'), { code }));
      const [words = '', detail = ''] = text.replace(/\)$/, '').split(' (');
      assert.ok(Object.hasOwn(connectionFaultsZh, words), text);
      // The name of an alert (RFC 8446 §6) or of an error of the system, never a code of OpenSSL.
      assert.match(detail, /^(?:[a-z_]*|E[A-Z]+)$/);
    });
  }
});
