import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DerReader, readTime } from '../../src/pki/der-reader.ts';
import {
  bmpString,
  element,
  encodeTime,
  flags,
  oid,
  sequence,
  setOf,
  smallInteger,
  unsignedInteger,
} from '../../src/pki/der-writer.ts';
import { encodeOid, parseOid } from '../../src/pki/oid.ts';
import { certError } from './support.ts';

type Read = (reader: DerReader) => unknown;

const integer: Read = (reader) => reader.integer();
const unsigned: Read = (reader) => reader.unsigned();
const bytes: Read = (reader) => reader.octetString();
const objectId: Read = (reader) => reader.oid();
const time: Read = (reader) => readTime(reader);

const refused: readonly [hex: string, read: Read, message: string][] = [
  ['', integer, 'INTEGER is missing or cut off at byte 0'],
  ['02', integer, 'INTEGER is missing or cut off at byte 1'],
  ['0201', integer, 'INTEGER of 1 bytes is cut off after 0 at byte 0'],
  ['0200', integer, 'INTEGER is empty at byte 0'],
  ['02020001', integer, 'INTEGER is not minimal at byte 0'],
  ['0202ff80', integer, 'INTEGER is not minimal at byte 0'],
  ['0201ff', unsigned, 'INTEGER is negative at byte 0'],
  ['0401', bytes, 'OCTET STRING of 1 bytes is cut off after 0 at byte 0'],
  ['048000', bytes, 'indefinite length at byte 0'],
  ['2480040000', bytes, 'tag 0x24 instead of OCTET STRING at byte 0'], // BER's constructed string
  ['04810100', bytes, 'length is not minimal at byte 0'],
  ['0482007f', bytes, 'length is not minimal at byte 0'],
  ['0484ffffffff', bytes, 'OCTET STRING of 4294967295 bytes is cut off after 0 at byte 0'],
  ['0485ffffffffff', bytes, 'OCTET STRING claims an impossible length at byte 0'],
  ['04ff', bytes, 'OCTET STRING claims an impossible length at byte 0'],
  ['1f8101', (reader) => reader.raw(), 'a tag of several bytes at byte 0'],
  ['0600', objectId, 'OBJECT IDENTIFIER is not minimal or too long at byte 0'],
  ['06022a80', objectId, 'OBJECT IDENTIFIER is not minimal or too long at byte 0'], // ends inside an arc
  ['06032a8001', objectId, 'OBJECT IDENTIFIER is not minimal or too long at byte 0'], // padded arc
  ['010101', (reader) => reader.boolean(), 'BOOLEAN is not 00 or FF at byte 0'],
  ['050100', (reader) => reader.null(), 'NULL is not empty at byte 0'],
  ['03020780', (reader) => reader.bitString(), 'BIT STRING does not hold whole bytes at byte 0'],
  ['030206c1', (reader) => reader.flags(), 'BIT STRING has set or missing unused bits at byte 0'],
  ['030101', (reader) => reader.flags(), 'BIT STRING has set or missing unused bits at byte 0'],
  ['170d3236313132313030303030305a', (reader) => reader.integer(), 'UTCTime instead of INTEGER at byte 0'],
  ['170b323631313231303030305a', time, 'a time is not in the form of RFC 5280 at byte 0'], // no seconds
  ['170d3236303233303030303030305a', time, 'a time does not exist at byte 0'], // 30 February
  ['170d3236303230313234303030305a', time, 'a time does not exist at byte 0'], // 24 o'clock
  ['30030201010500', (reader) => [reader.sequence(), reader.finish()], '2 unexpected bytes at byte 5'],
  [
    '30043002027f',
    (reader) => reader.sequence().sequence().integer(),
    'INTEGER of 127 bytes is cut off after 0 at byte 4',
  ],
];

for (const [hex, read, message] of refused) {
  test(`The reader refuses ${hex || 'nothing'}: ${message}.`, () => {
    const reader = new DerReader(Buffer.from(hex, 'hex'), 'the test');
    assert.throws(() => read(reader), certError('badCsr', `the test is not valid DER: ${message}`));
  });
}

test('The reader stops at 24 levels, however deep the input nests.', () => {
  let nested: Buffer = sequence([]);
  for (let level = 0; level < 5000; level += 1) nested = sequence([nested]);
  let reader = new DerReader(nested, 'the test');
  const dive = () => {
    for (;;) reader = reader.sequence();
  };
  assert.throws(dive, certError('badCsr', /nested deeper than 24 levels/));
});

test('The reader takes a plain Uint8Array in the middle of its buffer without copying it.', () => {
  const whole = Uint8Array.of(9, 9, 0x04, 0x01, 0x07, 9);
  const content = new DerReader(whole.subarray(2, 5), 'the test').octetString();
  assert.equal(content.toString('hex'), '07');
  assert.equal(content.buffer, whole.buffer);
});

const integers: readonly [magnitude: string, der: string][] = [
  ['', '020100'],
  ['00', '020100'],
  ['0000', '020100'],
  ['7f', '02017f'],
  ['80', '02020080'],
  ['0080', '02020080'],
  ['00017f', '0202017f'],
];

for (const [magnitude, der] of integers) {
  test(`The magnitude ${magnitude || '(empty)'} is written as ${der}.`, () => {
    assert.equal(unsignedInteger(Buffer.from(magnitude, 'hex')).toString('hex'), der);
  });
}

const lengths: readonly [length: number, header: string][] = [
  [0, '0400'],
  [127, '047f'],
  [128, '048180'],
  [255, '0481ff'],
  [256, '04820100'],
  [65535, '0482ffff'],
  [65536, '0483010000'],
  [16777216, '048401000000'],
];

for (const [length, header] of lengths) {
  test(`An element of ${length} bytes begins with ${header}, and reads back.`, () => {
    const der = element(0x04, [Buffer.alloc(length)]);
    assert.equal(der.toString('hex', 0, header.length / 2), header);
    assert.equal(new DerReader(der, 'the test').octetString().length, length);
  });
}

const oidRows: readonly [dotted: string, hex: string][] = [
  ['2.5.4.3', '550403'],
  ['1.2.840.113549.1.1.11', '2a864886f70d01010b'],
  ['2.999.3', '883703'], // X.690 §8.19.5
  ['0.9.2342.19200300.100.1.25', '0992268993f22c640119'],
  ['1.39.0', '4f00'],
];

for (const [dotted, hex] of oidRows) {
  test(`The OID ${dotted} is ${hex} both ways.`, () => {
    assert.equal(Buffer.from(encodeOid(dotted)).toString('hex'), hex);
    assert.equal(parseOid(Buffer.from(hex, 'hex')), dotted);
  });
}

for (const wrong of ['', '1', '3.1', '1.40', '1.02', '1.2.x', '1.2.-3']) {
  test(`"${wrong}" is not written as an OID.`, () => {
    assert.throws(() => oid(wrong), /is not an object identifier/);
  });
}

const flagRows: readonly [bits: number[], der: string][] = [
  [[0], '03020780'], // digitalSignature
  [[0, 2], '030205a0'],
  [[5, 6], '03020106'],
  [[8], '0303070080'], // decipherOnly is the only one in the second byte
];

for (const [bits, der] of flagRows) {
  test(`The flags ${bits.join(', ')} are ${der} both ways.`, () => {
    assert.equal(flags(bits).toString('hex'), der);
    assert.deepEqual(new DerReader(Buffer.from(der, 'hex'), 'the test').flags(), bits);
  });
}

const times: readonly [iso: string, text: string][] = [
  ['1950-01-01T00:00:00.000Z', '500101000000Z'],
  ['2000-02-29T12:34:56.000Z', '000229123456Z'],
  ['2049-12-31T23:59:59.000Z', '491231235959Z'],
  ['2050-01-01T00:00:00.000Z', '20500101000000Z'],
  ['9999-12-31T23:59:59.000Z', '99991231235959Z'], // "no well-defined expiration", RFC 5280 §4.1.2.5
];

for (const [iso, text] of times) {
  test(`The time ${iso} is ${text} both ways.`, () => {
    const der = encodeTime(new Date(iso));
    assert.equal(der.toString('latin1', 2), text);
    assert.equal(readTime(new DerReader(der, 'the test')).toISOString(), iso);
  });
}

for (const wrong of [new Date('1949-12-31T23:59:59Z'), new Date('+010000-01-01T00:00:00Z'), new Date(Number.NaN)]) {
  test(`The time ${String(wrong)} cannot be written.`, () => {
    assert.throws(() => encodeTime(wrong), /cannot be written into a certificate/);
  });
}

test('A BMPString is UTF-16, big-endian, pairs included.', () => {
  assert.equal(bmpString('泛A🔑').toString('hex'), '1e086cdb0041d83ddd11');
});

test('The members of a SET OF stand in the order of their bytes (X.690 §11.6).', () => {
  const [a, b, c] = [Buffer.of(5, 0), Buffer.of(4, 1, 9), Buffer.of(4, 1, 2)];
  assert.equal(setOf([a, b, c]).toString('hex'), '31080401020401090500');
});

test('Every number that is written reads back.', () => {
  fc.assert(
    fc.property(fc.nat({ max: 0x7fffffff }), (value) => {
      assert.equal(new DerReader(smallInteger(value), 'the test').smallUnsigned(), value);
    }),
  );
});

test('Every time that is written reads back, to the second.', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('1950-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (at) => {
      const seconds = Math.floor(at.getTime() / 1000);
      assert.equal(readTime(new DerReader(encodeTime(at), 'the test')).getTime(), seconds * 1000);
    }),
  );
});
