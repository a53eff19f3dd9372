/** How a request came, by its socket, its host, and what a trusted proxy says. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelOf } from '../../src/http/channel.ts';

const publicUrl = 'https://certs.example.com';
const trustedProxies = ['10.0.0.0/8', '127.0.0.1'];
const https = { 'x-forwarded-proto': 'https' };
const http = { 'x-forwarded-proto': 'http' };
const forwarded = { 'x-forwarded-for': '203.0.113.9' };

type Row = readonly [
  what: string,
  from: readonly [address: string, host: string],
  headers: Readonly<Record<string, string>>,
  channel: string,
  settings?: { readonly trustedProxies?: readonly string[]; readonly publicUrl?: string },
];

const nobody = { trustedProxies: [] };
const rows: readonly Row[] = [
  ['a stranger in clear', ['192.0.2.7', 'certs.example.com'], {}, 'plain'],
  ['a stranger who says that it is https', ['192.0.2.7', 'certs.example.com'], https, 'plain'],
  ['a proxy that says https', ['10.1.2.3', 'certs.example.com'], https, 'encrypted'],
  ['a proxy that says http', ['10.1.2.3', 'certs.example.com'], http, 'plain'],
  [
    'a proxy behind which somebody says https',
    ['10.1.2.3', 'certs.example.com'],
    { 'x-forwarded-proto': 'https, http' },
    'plain',
  ],
  [
    'a proxy before another one',
    ['10.1.2.3', 'certs.example.com'],
    { 'x-forwarded-proto': 'http, HTTPS' },
    'encrypted',
  ],
  ['a proxy that says nothing, at the public host', ['10.1.2.3', 'certs.example.com'], {}, 'encrypted'],
  ['a proxy that says nothing, at another host', ['10.1.2.3', 'other.example.com'], {}, 'plain'],
  [
    'a proxy that says nothing, where the public URL is http',
    ['10.1.2.3', 'certs.example.com'],
    {},
    'plain',
    { publicUrl: 'http://certs.example.com' },
  ],
  ['this machine', ['127.0.0.1', 'localhost'], {}, 'loopback', nobody],
  ['this machine by a name below', ['127.0.0.1', 'certs.localhost'], {}, 'loopback', nobody],
  ['this machine by its addresses', ['127.0.0.1', '127.0.0.1'], {}, 'loopback', nobody],
  ['this machine by IPv6', ['::1', '[::1]'], {}, 'loopback', nobody],
  ['this machine, where it is a proxy too', ['127.0.0.1', '127.0.0.1'], {}, 'loopback'],
  ['a proxy on this machine that nobody knows of', ['127.0.0.1', 'certs.example.com'], {}, 'plain', nobody],
  ['the same with the host of this machine', ['127.0.0.1', '127.0.0.1'], forwarded, 'plain', nobody],
  ['the same that says https', ['127.0.0.1', '127.0.0.1'], https, 'plain', nobody],
  ['a name that only begins so', ['127.0.0.1', 'localhost.example.com'], {}, 'plain', nobody],
  ['a stranger who says it is this machine', ['192.0.2.7', 'localhost'], {}, 'plain'],
];

describe('a request comes', () => {
  for (const [what, [remoteAddress, host], headers, channel, settings] of rows) {
    it(`${channel}: ${what}`, () => {
      const request = new Request(`http://${host}/api/v1/me`, { headers });
      const arrival = { remoteAddress, host, isEncrypted: false };
      assert.equal(channelOf(request, arrival, { trustedProxies, publicUrl, ...settings }), channel);
    });
  }

  it('encrypted: by our own TLS, whatever anybody says', () => {
    const request = new Request('https://certs.example.com/', { headers: http });
    const arrival = { remoteAddress: '192.0.2.7', host: 'certs.example.com', isEncrypted: true };
    assert.equal(channelOf(request, arrival, { trustedProxies, publicUrl }), 'encrypted');
  });
});
