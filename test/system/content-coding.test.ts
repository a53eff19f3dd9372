/** Compressed answers, as servers and the boxes before them send them without being asked. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { withoutCodings } from '../../src/system/content-coding.ts';

const limit = 65_536;
const proof = Buffer.from('proof\nof control');
const whole = proof.toString();

const rows: readonly (readonly [why: string, body: Buffer, codings: readonly string[], expected: string])[] = [
  ['none', proof, [], whole],
  ['gzip', gzipSync(proof), ['gzip'], whole],
  ['gzip by its old name', gzipSync(proof), ['x-gzip'], whole],
  ['deflate in the zlib format', deflateSync(proof), ['deflate'], whole],
  ['deflate without a header', deflateRawSync(proof), ['deflate'], whole],
  ['brotli', brotliCompressSync(proof), ['br'], whole],
  ['identity', proof, ['identity'], whole],
  ['two, one after the other', gzipSync(deflateSync(proof)), ['deflate', 'gzip'], whole],
  ['gzip without its check sum', gzipSync(proof).subarray(0, -8), ['gzip'], whole],
  ['gzip of nothing', gzipSync(''), ['gzip'], ''],
  ['nothing', Buffer.alloc(0), ['gzip'], ''],
  ['gzip announced, but not done', proof, ['gzip'], whole],
  ['deflate announced, but not done', proof, ['deflate'], whole],
  ['brotli announced, but not done', proof, ['br'], whole],
  ['one that nobody knows', proof, ['rot13'], whole],
  ['one that is a property of every object', proof, ['constructor'], whole],
];

describe('what comes out', () => {
  for (const [why, body, codings, expected] of rows) {
    test(why, () => assert.equal(withoutCodings(body, codings, limit)?.toString(), expected));
  }

  test('more codings than anyone applies are left as they are', () => {
    const thrice = gzipSync(gzipSync(gzipSync(proof)));
    assert.equal(withoutCodings(thrice, ['gzip', 'gzip', 'gzip'], limit), thrice);
  });
});

describe('a small answer never becomes a large one', () => {
  const zeros = Buffer.alloc(20_000_000);
  const bombs: Readonly<Record<string, readonly [body: Buffer, codings: readonly string[]]>> = {
    gzip: [gzipSync(zeros), ['gzip']],
    zlib: [deflateSync(zeros), ['deflate']],
    deflate: [deflateRawSync(zeros), ['deflate']],
    brotli: [brotliCompressSync(zeros), ['br']],
    'gzip in gzip': [gzipSync(gzipSync(zeros)), ['gzip', 'gzip']],
  };
  for (const [name, [body, codings]] of Object.entries(bombs)) {
    test(name, () => {
      assert.ok(body.length < limit);
      assert.equal(withoutCodings(body, codings, limit), undefined);
    });
  }

  test('the limit itself is allowed', () => {
    assert.equal(withoutCodings(gzipSync(zeros.subarray(0, limit)), ['gzip'], limit)?.length, limit);
    assert.equal(withoutCodings(gzipSync(zeros.subarray(0, limit + 1)), ['gzip'], limit), undefined);
  });
});
