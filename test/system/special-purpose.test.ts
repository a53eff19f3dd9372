import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSpecialPurpose, parseRanges, specialPurposeRanges } from '../../src/system/special-purpose.ts';

const rows: readonly (readonly [address: string, isSpecial: boolean])[] = [
  ['8.8.8.8', false],
  ['1.1.1.1', false],
  ['9.255.255.255', false],
  ['10.0.0.0', true],
  ['10.255.255.255', true],
  ['11.0.0.0', false],
  ['100.63.255.255', false],
  ['100.64.0.1', true],
  ['100.100.100.200', true], // metadata of Alibaba Cloud
  ['100.128.0.0', false],
  ['127.0.0.1', true],
  ['127.255.255.254', true],
  ['0.0.0.0', true],
  ['168.63.129.16', true], // Azure
  ['168.63.129.17', false],
  ['169.254.169.254', true], // metadata
  ['172.15.255.255', false],
  ['172.16.0.1', true],
  ['172.31.255.255', true],
  ['172.32.0.0', false],
  ['192.0.0.192', true], // Oracle
  ['192.0.2.1', true],
  ['192.88.99.1', true],
  ['192.168.1.1', true],
  ['198.18.0.1', true],
  ['198.20.0.0', false],
  ['198.51.100.1', true],
  ['203.0.113.1', true],
  ['224.0.0.1', true],
  ['239.255.255.255', true],
  ['240.0.0.1', true],
  ['255.255.255.255', true],
  ['2606:4700:4700::1111', false],
  ['2001:4860:4860::8888', false],
  ['::', true],
  ['::1', true],
  ['::127.0.0.1', true], // IPv4-compatible
  ['::8.8.8.8', true],
  ['::ffff:8.8.8.8', false], // mapped: judged by the address inside
  ['::ffff:127.0.0.1', true],
  ['::FFFF:7F00:1', true],
  ['0:0:0:0:0:ffff:a9fe:a9fe', true],
  ['::ffff:0:0', true],
  ['64:ff9b::8.8.8.8', false], // NAT64: judged by the address inside
  ['64:ff9b::10.0.0.1', true],
  ['64:ff9b::', true],
  ['64:ff9b::1', true],
  ['64:ff9b:1::8.8.8.8', true], // local-use NAT64
  ['100::1', true],
  ['2001::1', true], // Teredo
  ['2001:2::1', true], // benchmarking
  ['2001:db8::1', true],
  ['2002:7f00:1::', true], // 6to4
  ['3fff::1', true],
  ['4000::1', true], // not allocated
  ['5f00::1', true],
  ['fc00::1', true],
  ['fd00:ec2::254', true], // metadata of AWS
  ['fe80::1', true],
  ['fe80::1%lo', true],
  ['fec0::1', true],
  ['ff02::1', true],
  ['example.com', true], // not an address: nothing to connect to
  ['', true],
  ['127.1', true],
];

for (const [address, isSpecial] of rows) {
  test(`${JSON.stringify(address)} is ${isSpecial ? '' : 'not '}special`, () => {
    assert.equal(isSpecialPurpose(address), isSpecial);
  });
}

test('the first address of every range of the table is special', () => {
  for (const [cidr] of specialPurposeRanges) assert.ok(isSpecialPurpose(cidr.split('/')[0] ?? ''), cidr);
});

test('ranges hold what they name and nothing else', () => {
  const ranges = parseRanges(['10.1.0.0/16', '192.0.2.7', 'fd00::/8', '::1']);
  const inside = ['10.1.0.0', '10.1.255.255', '192.0.2.7', 'fd12::1', '::1', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3'];
  const outside = ['10.2.0.0', '192.0.2.8', 'fe80::1', '::2', '::ffff:10.2.0.0', 'nonsense', ''];
  assert.deepEqual(
    inside.filter((address) => !ranges.includes(address)),
    [],
  );
  assert.deepEqual(
    outside.filter((address) => ranges.includes(address)),
    [],
  );
});

test('no range is an empty set', () => {
  assert.equal(parseRanges([]).includes('10.0.0.1'), false);
});

const notRanges = [
  '',
  'example.com',
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/',
  '10.0.0/8',
  '::/129',
  '10.0.0.0/8/8',
  '10.0.0.0/8x',
];
for (const text of notRanges) {
  test(`${JSON.stringify(text)} is no range`, () => {
    assert.throws(() => parseRanges([text]), RangeError);
  });
}
