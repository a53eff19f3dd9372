/** Records and pieces of configuration as people paste them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { recordForms, relativeHost, zoneLine } from '../../src/domain/record-forms.ts';
import { responderSnippets } from '../../src/domain/responder-snippets.ts';

const cname = { type: 'CNAME', host: '_acme-challenge.www.example.co.uk', value: 'abc.acme.example.net' } as const;
const txt = {
  type: 'TXT',
  host: '_validation-persist.example.com',
  value: 'ca.example; accounturi=https://a/1',
} as const;

describe('a record', () => {
  test('is a line of any zone file: absolute names, quoted strings of at most 255 bytes', () => {
    assert.equal(zoneLine(cname), '_acme-challenge.www.example.co.uk. 300 IN CNAME abc.acme.example.net.');
    assert.equal(zoneLine(txt), '_validation-persist.example.com. 300 IN TXT "ca.example; accounturi=https://a/1"');
    const long = zoneLine({ ...txt, value: `${'a'.repeat(255)}b"\\` });
    assert.ok(long.endsWith(` "${'a'.repeat(255)}" "b\\"\\\\"`), long);
  });

  test('is relative to its domain in panels; the domain itself is @', () => {
    assert.equal(relativeHost('_acme-challenge.www.example.co.uk', 'example.co.uk'), '_acme-challenge.www');
    assert.equal(relativeHost('example.com', 'example.com'), '@');
    assert.equal(relativeHost('notexample.com', 'example.com'), 'notexample.com');
  });

  test('has the words of each panel', () => {
    const form = (title: string, record: typeof cname | typeof txt, domain: string) =>
      recordForms(record, domain).find((one) => one.title === title)?.fields;
    assert.deepEqual(form('Cloudflare', cname, 'example.co.uk'), [
      ['Type', 'CNAME'],
      ['Name', '_acme-challenge.www'],
      ['Target', 'abc.acme.example.net'],
      ['Proxy status', 'DNS only'],
    ]);
    assert.deepEqual(form('Cloudflare', txt, 'example.com'), [
      ['Type', 'TXT'],
      ['Name', '_validation-persist'],
      ['Content', txt.value],
    ]);
    assert.deepEqual(form('Aliyun 云解析', cname, 'example.co.uk'), [
      ['记录类型', 'CNAME'],
      ['主机记录', '_acme-challenge.www'],
      ['记录值', 'abc.acme.example.net'],
    ]);
    assert.deepEqual(form('DNSPod', cname, 'example.co.uk'), [
      ['主机记录', '_acme-challenge.www'],
      ['记录类型', 'CNAME'],
      ['记录值', 'abc.acme.example.net.'],
    ]);
  });
});

describe('a piece of configuration', () => {
  const linesOf = (responder: string, name = 'www.example.com') =>
    Object.fromEntries(responderSnippets(name, responder).map(({ title, lines }) => [title, lines.join('\n')]));

  test('passes the files of http-01 on to certmux over http', () => {
    const { nginx = '', Apache = '', Caddy = '' } = linesOf('http://certs.example:8080');
    assert.match(
      nginx,
      /^location \^~ \/\.well-known\/acme-challenge\/ \{\n {4}proxy_pass http:\/\/certs\.example:8080;\n\}$/m,
    );
    assert.ok(
      Apache.includes(
        'ProxyPass "/.well-known/acme-challenge/" "http://certs.example:8080/.well-known/acme-challenge/"',
      ),
    );
    assert.match(Apache, /^ {4}RewriteRule "\^\/\\\.well-known\/acme-challenge\/" - \[END\]$/m);
    assert.ok(!Apache.includes('SSLProxyEngine'));
    assert.ok(
      Caddy.startsWith('http://www.example.com {') && Caddy.includes('reverse_proxy http://certs.example:8080\n'),
    );
  });

  test('names the host of certmux where it is reached over https', () => {
    const { nginx = '', Apache = '', Caddy = '' } = linesOf('https://certs.example');
    assert.ok(nginx.includes('proxy_ssl_server_name on;'));
    assert.ok(Apache.includes('SSLProxyEngine on'));
    assert.ok(Caddy.includes('header_up Host {upstream_hostport}'));
  });

  test('writes an IPv6 address in brackets', () => {
    assert.ok(linesOf('http://certs.example', '2001:db8::1').Caddy?.startsWith('http://[2001:db8::1] {'));
  });
});
