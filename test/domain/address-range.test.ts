import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { checkAddressRange, isInRanges } from '../../src/domain/address-range.ts';
import { CertError } from '../../src/domain/errors.ts';

describe('isInRanges', () => {
  const rows: readonly (readonly [address: string, ranges: readonly string[], expected: boolean])[] = [
    ['203.0.113.7', [], false],
    ['203.0.113.7', ['203.0.113.7'], true],
    ['203.0.113.7', ['203.0.113.8'], false],
    ['203.0.113.0', ['203.0.113.0/24'], true],
    ['203.0.113.255', ['203.0.113.0/24'], true],
    ['203.0.114.0', ['203.0.113.0/24'], false],
    ['203.0.112.255', ['203.0.113.0/24'], false],
    ['203.0.113.7', ['203.0.113.99/24'], true], // bits of the base behind the prefix do not count
    ['203.0.113.127', ['203.0.113.0/25'], true],
    ['203.0.113.128', ['203.0.113.0/25'], false],
    ['203.0.113.1', ['203.0.113.0/31'], true],
    ['203.0.113.2', ['203.0.113.0/31'], false],
    ['203.0.113.7', ['203.0.113.7/32'], true],
    ['203.0.113.6', ['203.0.113.7/32'], false],
    ['203.0.113.7', ['0.0.0.0/0'], true],
    ['::1', ['0.0.0.0/0'], false], // every IPv4 address is not every address
    ['203.0.113.7', ['::/0'], false],
    ['2001:db8::1', ['2001:db8::/32'], true],
    ['2001:DB8:0::1', ['2001:db8::/32'], true],
    ['2001:db9::1', ['2001:db8::/32'], false],
    ['2001:db8:ffff:ffff::', ['2001:db8::/33'], false],
    ['2001:db8:7fff::', ['2001:db8::/33'], true],
    ['::1', ['::1'], true],
    ['::2', ['::1'], false],
    ['10.1.2.3', ['192.168.0.0/16', '10.0.0.0/8'], true], // any of them
    ['localhost', ['0.0.0.0/0', '::/0'], false], // a name is no address
    ['', ['0.0.0.0/0', '::/0'], false],
    ['unix:', ['0.0.0.0/0', '::/0'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], false], // as it is written; the listener makes an IPv4 address of it first
  ];
  for (const [address, ranges, expected] of rows) {
    test(`${address || 'nothing'} is ${expected ? '' : 'not '}in ${ranges.join(' ') || 'no range'}`, () => {
      assert.equal(isInRanges(address, ranges), expected);
    });
  }
});

describe('checkAddressRange', () => {
  for (const range of ['203.0.113.7', '203.0.113.0/24', '0.0.0.0/0', '10.0.0.0/32', '::1', '2001:db8::/32', '::/128']) {
    test(`${range} is a range`, () => assert.doesNotThrow(() => checkAddressRange(range, 'addresses')));
  }
  const refused = [
    ...['', 'localhost', 'example.com/8', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/08x'],
    ...['10.0.0/8', '10.0.0.0/1e1', '::/129', '2001:db8::/ 32', '*', '10.0.0.*', '10.0.0.1-10.0.0.9'],
  ];
  for (const range of refused) {
    test(`"${range}" is none`, () => {
      assert.throws(
        () => checkAddressRange(range, 'allowed_addresses'),
        (thrown) => {
          assert.ok(thrown instanceof CertError);
          assert.equal(
            thrown.message,
            `allowed_addresses must be an IP address or a range such as 203.0.113.0/24, not "${range}"`,
          );
          return thrown.code === 'invalidField';
        },
      );
    });
  }
});
