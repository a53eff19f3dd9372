import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encode } from 'dns-packet';
import fc from 'fast-check';
import { canBeAsked, type DnsQuestion, dnsName, encodeQuestion, readReply } from '../../src/system/dns-message.ts';

const question: DnsQuestion = { name: 'www.example.com', type: 'A' };
const id = 0x1234;
const answer = encode({
  type: 'response',
  id,
  questions: [{ type: 'A', name: 'www.example.com' }],
  answers: [
    { type: 'CNAME', name: 'www.example.com', data: 'other.example.com' },
    { type: 'A', name: 'other.example.com', data: '192.0.2.1' },
    { type: 'TXT', name: 'other.example.com', data: ['a', 'b'] },
  ],
});

test('nothing that arrives makes the reader throw or loop', () => {
  const mutation = fc.array(fc.tuple(fc.nat(answer.length - 1), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(mutation, fc.nat(answer.length), (changes, length) => {
      const bytes = Buffer.from(answer);
      for (const [offset, byte] of changes) bytes[offset] = byte;
      readReply(bytes.subarray(0, length), id, question);
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
      readReply(Buffer.concat([answer.subarray(0, 12), noise]), id, question);
    }),
    { numRuns: 1000 },
  );
});

test('an address record that is cut short is malformed, not half an address', () => {
  for (let cut = 1; cut <= 4; cut++) {
    const bytes = encode({
      type: 'response',
      id,
      questions: [{ type: 'A', name: 'www.example.com' }],
      answers: [{ type: 'A', name: 'www.example.com', data: '192.0.2.1' }],
    });
    assert.equal(readReply(bytes.subarray(0, -cut), id, question).kind, 'malformed');
  }
});

test('a response code beyond four bits is not taken for NOERROR', () => {
  // BADVERS (16): the upper bits are in the OPT record.
  const bytes = encode({
    type: 'response',
    id,
    questions: [{ type: 'A', name: 'www.example.com' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 1232,
        extendedRcode: 1,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  });
  const reply = readReply(bytes, id, question);
  assert.equal(reply.kind === 'answer' && reply.rcode, 'RCODE_16');
});

test('a query is not an answer, even with our id', () => {
  assert.equal(readReply(encodeQuestion(id, question), id, question).kind, 'foreign');
});

describe('names', () => {
  test('only ASCII letters are lowered', () => {
    assert.equal(dnsName('WWW.Example.COM.'), 'www.example.com');
    assert.equal(dnsName('\u212A.example'), '\u212A.example'); // the Kelvin sign is not a k
    assert.equal(dnsName('.'), '.');
  });

  const rows: readonly (readonly [name: string, isFine: boolean])[] = [
    ['example.com', true],
    ['_a.example.com', true],
    [`${'a'.repeat(63)}.com`, true],
    [`${'a'.repeat(64)}.com`, false],
    [`${'a.'.repeat(126)}a`, true], // 253
    [`${'a.'.repeat(126)}aa`, false],
    ['', false],
    ['a..b', false],
    ['.a', false],
  ];
  for (const [name, isFine] of rows) {
    test(`${JSON.stringify(name.slice(0, 20))} (${name.length}) can ${isFine ? '' : 'not '}be asked`, () => {
      assert.equal(canBeAsked(name), isFine);
    });
  }
});
