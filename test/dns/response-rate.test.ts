import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createResponseRate, siteOf } from '../../src/dns/response-rate.ts';
import { createFakeClock } from '../support/system.ts';

describe('addresses of one network', () => {
  const rows: readonly (readonly [one: string, other: string, isSame: boolean])[] = [
    ['192.0.2.1', '192.0.2.254', true],
    ['192.0.2.1', '192.0.3.1', false],
    ['::ffff:192.0.2.1', '192.0.2.9', true],
    ['2001:db8:1:ab00::1', '2001:db8:1:abff::1', true],
    ['2001:db8:1:ab00::1', '2001:db8:1:ac00::1', false],
    ['2001:db8::1', '2001:db8::ffff:ffff:ffff:ffff', true],
    ['2001:db8::1', '2001:db8:0:ff:1:2:3:4', true],
    ['2001:db8::1', '2001:db8:0:100:1:2:3:4', false],
    ['::1', '::2', true],
    ['::1', 'fe80::1', false],
    ['fe80::1%eth0', 'fe80::2%eth1', true],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:8', true],
  ];
  for (const [one, other, isSame] of rows) {
    test(`${one} and ${other}: ${isSame ? 'yes' : 'no'}`, () => assert.equal(siteOf(one) === siteOf(other), isSame));
  }
});

describe('the share of a network', () => {
  test('is so many answers in a second, and then every second one is to come over TCP', async () => {
    const clock = createFakeClock();
    const rate = createResponseRate({ clock, perSecond: 3 });
    const take = (count: number, address = '192.0.2.1') => Array.from({ length: count }, () => rate.take(address));
    assert.deepEqual(take(7), ['answer', 'answer', 'answer', 'drop', 'truncate', 'drop', 'truncate']);
    assert.deepEqual(take(1, '192.0.2.200'), ['drop'], 'the same network');
    assert.deepEqual(take(1, '198.51.100.1'), ['answer'], 'another one');
    await clock.advance(1000);
    assert.deepEqual(take(4), ['answer', 'answer', 'answer', 'truncate']);
    await clock.advance(400);
    assert.deepEqual(take(2), ['answer', 'drop'], 'it comes back bit by bit');
    await clock.advance(3_600_000);
    assert.equal(take(9).filter((share) => share === 'answer').length, 3, 'and is not saved up');
  });

  test('is remembered of so many networks, and of those that are seen all the time', () => {
    const clock = createFakeClock();
    const rate = createResponseRate({ clock, perSecond: 1, maxNetworks: 100 });
    const before = process.memoryUsage().heapUsed;
    assert.equal(rate.take('192.0.2.1'), 'answer');
    for (let index = 0; index < 200_000; index++) {
      const address = `10.${index >> 16}.${(index >> 8) & 0xff}.1`;
      rate.take(address);
      if (index % 10 === 0) assert.notEqual(rate.take('192.0.2.1'), 'answer');
    }
    for (let index = 0; index < 200_000; index++)
      rate.take(`2001:db8:${(index >> 8).toString(16)}:${((index & 0xff) << 8).toString(16)}::1`);
    const grown = process.memoryUsage().heapUsed - before;
    assert.ok(grown < 64 << 20, `${grown} bytes`);
    assert.equal(rate.take('192.0.2.1'), 'answer', 'what was not seen for long is forgotten');
  });
});
