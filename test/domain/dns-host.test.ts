/** Who hosts a zone, and a record's place in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dnsHostOf, dnsHosts, relativeHost } from '../../src/domain/dns-host.ts';

const rows = [
  [['dns9.hichina.com', 'dns10.hichina.com'], 'aliyun'],
  [['ns1.alidns.com'], 'aliyun'],
  [['f1g1ns1.dnspod.net', 'f1g1ns2.dnspod.net'], 'dnspod'],
  [['ns3.dnsv5.com', 'ns4.dnsv5.com'], 'dnspod'],
  [['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com'], 'cloudflare'],
  [['ns1.huaweicloud-dns.org', 'ns1.huaweicloud-dns.cn'], 'huawei'],
  [['ns-2048.awsdns-64.com', 'ns-2049.awsdns-65.net', 'ns-2051.awsdns-67.co.uk'], 'route53'],
  [['ns-cloud-a1.googledomains.com'], 'google'],
  [['ns1-01.azure-dns.com', 'ns2-01.azure-dns.net'], 'azure'],
  [['ns01.domaincontrol.com'], 'godaddy'],
  [['dns1.registrar-servers.com'], 'namecheap'],
  [['ns1.example.com'], null], // nobody that is known
  [['ns1.nothichina.com'], null], // the end of a label is no end of a name
  [['ada.ns.cloudflare.com', 'dns9.hichina.com'], null], // two hosts: the form of neither is the right one
  [[], null],
] as const;

for (const [servers, host] of rows) {
  test(`${servers.join(' ')} is ${host}`, () => assert.equal(dnsHostOf(servers), host));
}

test('every host that is named has a row', () => {
  const found = new Set(rows.map(([, host]) => host));
  for (const host of dnsHosts) assert.ok(found.has(host), host);
});

test('a host is relative to its zone, and to no other', () => {
  assert.equal(relativeHost('_a.www.example.com', 'example.com'), '_a.www');
  assert.equal(relativeHost('example.com', 'example.com'), '@');
  assert.equal(relativeHost('example.com', 'www.example.com'), undefined);
  assert.equal(relativeHost('notexample.com', 'example.com'), undefined);
});
