import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';

const suffixes = createPublicSuffixes();

const rows: readonly (readonly [name: string, registrable: string | undefined, isSuffix: boolean, isKnown: boolean])[] =
  [
    ['example.com', 'example.com', false, true],
    ['a.b.example.co.uk', 'example.co.uk', false, true],
    ['co.uk', undefined, true, true],
    ['com', undefined, true, true],
    ['github.io', undefined, true, true], // private section
    ['me.github.io', 'me.github.io', false, true], // strangers have its siblings
    ['a.me.github.io', 'me.github.io', false, true],
    ['printer.internal', 'printer.internal', false, false], // the list does not know it; its default rule is *
    ['xn--fiqs8s', undefined, true, true], // 中国
    ['xn--fsqu00a.xn--fiqs8s', 'xn--fsqu00a.xn--fiqs8s', false, true],
    ['www.city.kawasaki.jp', 'city.kawasaki.jp', false, true], // an exception to a wildcard rule
    ['foo.kawasaki.jp', undefined, true, true],
  ];

for (const [name, registrable, isSuffix, isKnown] of rows) {
  test(`${name} belongs to ${registrable ?? 'nobody'}`, () => {
    assert.equal(suffixes.registrableDomain(name), registrable);
    assert.equal(suffixes.isPublicSuffix(name), isSuffix);
    assert.equal(suffixes.hasKnownSuffix(name), isKnown);
  });
}
