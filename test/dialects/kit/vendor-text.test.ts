/** Texts of vendors: in the character sets that they are sent in, and as they may be kept and shown. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createVendorWords } from '../../../src/dialects/kit/vendor-words.ts';
import { hostFromWire } from '../../../src/dialects/kit/wire-host.ts';
import { currencyFromWire } from '../../../src/dialects/kit/wire-money.ts';
import { textOfReply } from '../../../src/domain/reply-text.ts';

describe('a reply', () => {
  const gbk = Buffer.from('d3e0b6eeb2bbd7e3', 'hex');
  for (const [title, bytes, contentType, text] of [
    ['in UTF-8', Buffer.from('余额不足'), 'application/json', '余额不足'],
    ['in UTF-8 with a mark', Buffer.from('\ufeff{}'), null, '{}'],
    ['in UTF-8, said to be GBK', Buffer.from('余额不足'), 'text/html; charset=gb2312', '余额不足'],
    ['in GBK', gbk, 'text/html; charset=gb2312', '余额不足'],
    ['in GBK, and not said', gbk, null, '余额不足'],
    ['in GBK, said to be UTF-8', gbk, 'application/json; charset=utf-8', '余额不足'],
    ['in GBK, said to be of a set of no name', gbk, 'text/plain; charset="x-none"', '余额不足'],
    ['in Latin', Buffer.from('fc', 'hex'), 'text/plain; charset=iso-8859-1', 'ü'],
    ['without anything', new Uint8Array(), null, ''],
  ] as const) {
    test(title, () => assert.equal(textOfReply(bytes, contentType), text));
  }
});

describe('a vendor’s words', () => {
  const secret = 'Ab+/9"secret';
  const shown = createVendorWords([secret, 'abc']);
  for (const [title, text, expected] of [
    ['as they are', '余额不足', '余额不足'],
    ['on one line', ' a\r\n\tb ', 'a b'],
    ['with a NUL, a bell and a turn', 'a\u0000b\u0007c\u202ed', 'a\\u{0}b\\u{7}c\\u{202e}d'],
    ['with half a character', 'a\ud800', 'a\ufffd'],
    ['with the secret', `bad key ${secret}.`, 'bad key [secret].'],
    ['with the secret in capitals', `bad key ${secret.toUpperCase()}.`, 'bad key [secret].'],
    ['with the secret in a URL', `bad key ${encodeURIComponent(secret)}.`, 'bad key [secret].'],
    ['with the secret in JSON', `bad key ${JSON.stringify(secret)}.`, 'bad key "[secret]".'],
    ['with the secret in base64', `bad key ${Buffer.from(secret).toString('base64')}`, 'bad key [secret]'],
    ['with what is too short to be one', 'abc', 'abc'],
  ] as const) {
    test(title, () => assert.equal(shown(text), expected));
  }

  test('with a secret where they are cut', () => {
    const cut = shown(`${'x'.repeat(495)}${secret}`);
    assert.ok(!cut.includes('Ab+'), cut);
    assert.ok(cut.length <= 501);
  });
});

test('hosts in capitals, with a dot at the end, in Unicode', () => {
  assert.equal(hostFromWire(' _MD5.Example.COM. '), '_md5.example.com');
  assert.equal(hostFromWire('_acme-challenge.例子。中国'), '_acme-challenge.xn--fsqu00a.xn--fiqs8s');
  assert.equal(hostFromWire('<b>'), '<b>');
});

test('codes of currencies', () => {
  assert.deepEqual(['CNY', 'usd', ' eur ', '¥', 'yuan', '', null, 156].map(currencyFromWire), [
    'CNY',
    'USD',
    'EUR',
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
