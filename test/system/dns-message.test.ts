import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Answer, decode, encode, type Packet } from 'dns-packet';
import fc from 'fast-check';
import {
  caseBytesOf,
  createQuery,
  type DnsQuery,
  type DnsQuestion,
  type DnsReply,
  readReply,
} from '../../src/system/dns-message.ts';
import { canBeAsked, dnsName, labelsOf, nameOfLabels } from '../../src/system/dns-name.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { assertLinear } from '../support/growth.ts';

const question: DnsQuestion = { name: 'www.example.com', type: 'A' };
const id = 0x1234;
const idBytes = Uint8Array.of(0x12, 0x34);
const lowerCase = new Uint8Array();
const query = createQuery(question, idBytes, lowerCase);
const asked = { type: 'A', name: 'www.example.com' } as const;

function answerOf(answers: Answer[], more: Packet = {}): Buffer {
  return encode({ type: 'response', id, questions: [asked], answers, ...more });
}

const answer = answerOf([
  { type: 'CNAME', name: 'www.example.com', data: 'other.example.com' },
  { type: 'A', name: 'other.example.com', data: '192.0.2.1' },
  { type: 'TXT', name: 'other.example.com', data: ['a', 'b'] },
]);

const read = (bytes: Buffer): DnsReply => readReply(bytes, query, 'udp');

/** A message with our header and question, these counts, and these bytes behind. */
function raw(counts: readonly [number, number, number], records: string, flags = 0x8180): Buffer {
  const header = Buffer.alloc(12);
  [id, flags, 1, ...counts].forEach((value, index) => {
    header.writeUInt16BE(value, 2 * index);
  });
  return Buffer.concat([header, query.question, Buffer.from(records.replaceAll(' ', ''), 'hex')]);
}

/** Of the name in the question: type, IN, TTL 60, and the data with a length of its own or this one. */
function record(type: number, data: string, length = data.replaceAll(' ', '').length / 2): string {
  const hex = (value: number) => value.toString(16).padStart(4, '0');
  return `c00c ${hex(type)} 0001 0000003c ${hex(length)} ${data}`;
}

test('every type that is asked for is read as dns-packet wrote it', () => {
  const name = 'www.example.com';
  const answers: Answer[] = [
    { type: 'A', name, data: '192.0.2.1', ttl: 60 },
    { type: 'AAAA', name, data: '2001:db8::1', ttl: 60 },
    { type: 'CNAME', name, data: 'Other.Example.com', ttl: 60 },
    { type: 'DNAME', name, data: 'other.example.com', ttl: 60 },
    { type: 'NS', name, data: 'ns.example.com', ttl: 60 },
    { type: 'PTR', name, data: 'ptr.example.com', ttl: 60 },
    { type: 'TXT', name, data: ['one ', '二'], ttl: 60 },
    { type: 'CAA', name, data: { flags: 128, tag: 'issue', value: 'ca.example; a="b"' }, ttl: 60 },
    {
      type: 'SOA',
      name,
      data: { mname: 'a.example', rname: 'b.example', serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5 },
    },
    { type: 'MX', name, data: { preference: 10, exchange: 'mx.example' }, ttl: 60 },
    { type: 'A', name, class: 'CH', data: '192.0.2.2', ttl: 60 }, // of another class: not told
  ];
  const reply = read(answerOf(answers));
  assert.equal(reply.kind, 'answer');
  assert.deepEqual(reply.kind === 'answer' && reply.records.map((one) => `${one.type} ${one.data}`), [
    'A 192.0.2.1',
    'AAAA 2001:db8::1',
    'CNAME other.example.com',
    'DNAME other.example.com',
    'NS ns.example.com',
    'PTR ptr.example.com',
    'TXT one 二',
    'CAA 128 issue "ca.example; a=\\"b\\""',
    'SOA a.example b.example 1 2 3 4 5',
    'TYPE15 000a026d78076578616d706c6500',
  ]);
  assert.ok(reply.kind === 'answer' && reply.records.every((one) => one.name === name));
});

test('what we ask, dns-packet reads', () => {
  const { bytes } = createQuery({ name: '_a.例子.example.com', type: 'CAA' }, idBytes, lowerCase);
  const packet = decode(bytes);
  const opt = packet.additionals?.[0];
  assert.deepEqual([packet.id, packet.flag_qr, packet.flag_rd, packet.flag_ad], [id, false, true, true]);
  assert.deepEqual(packet.questions, [{ name: '_a.例子.example.com', type: 'CAA', class: 'IN' }]);
  assert.equal(opt?.type === 'OPT' && opt.udpPayloadSize, 1232);
});

describe('the question must be ours before anything else is looked at', () => {
  const rows: readonly (readonly [what: string, bytes: Buffer, kind: DnsReply['kind']])[] = [
    ['a query is not an answer, even with our id', query.bytes, 'foreign'],
    ['an answer to a delivery', raw([0, 0, 0], '', 0xa180), 'foreign'],
    ['another id', Buffer.concat([Buffer.of(0x12, 0x35), answer.subarray(2)]), 'foreign'],
    ['another name', answerOf([], { questions: [{ type: 'A', name: 'www.example.org' }] }), 'foreign'],
    ['another type', answerOf([], { questions: [{ type: 'AAAA', name: 'www.example.com' }] }), 'foreign'],
    ['another class', answerOf([], { questions: [{ type: 'A', name: 'www.example.com', class: 'CH' }] }), 'foreign'],
    ['our question twice', answerOf([], { questions: [asked, asked] }), 'foreign'],
    ['an answer without a question', answerOf([], { questions: [] }), 'foreign'],
    ['a question that is cut off', answer.subarray(0, 20), 'foreign'],
    ['a refusal without a question', answerOf([], { questions: [], flags: 5 }), 'answer'],
    // `@` and a backquote differ from each other as capitals differ from small letters.
    ['another character that is no letter', createQueryReply('a`.example', 'a@.example'), 'foreign'],
  ];
  for (const [what, bytes, kind] of rows) {
    const own = what.startsWith('another character')
      ? createQuery({ name: 'a`.example', type: 'A' }, idBytes, lowerCase)
      : query;
    test(what, () => assert.equal(readReply(bytes, own, 'udp').kind, kind));
  }
});

function createQueryReply(_asked: string, answered: string): Buffer {
  return encode({ type: 'response', id, questions: [{ type: 'A', name: answered }] });
}

describe('a message that does not hold what it claims is malformed', () => {
  const rows: readonly (readonly [what: string, bytes: Buffer])[] = [
    ['65,535 records in no bytes', raw([0xffff, 0, 0], '')],
    ['65,535 records of each kind', raw([0xffff, 0xffff, 0xffff], '')],
    ['one record more than there is', raw([2, 0, 0], record(1, 'c0000201'))],
    ['an authority that is not there', raw([1, 1, 0], record(1, 'c0000201'))],
    ['TXT data beyond the message', raw([1, 0, 0], record(16, '0161', 0xffff))],
    ['a TXT string beyond its record', raw([2, 0, 0], record(16, 'ff61') + record(1, 'c0000201'))],
    ['TXT without a string', raw([1, 0, 0], record(16, ''))],
    ['an address of three bytes', raw([1, 0, 0], record(1, 'c00002'))],
    ['an address of five bytes', raw([1, 0, 0], record(1, 'c000020101'))],
    ['an IPv6 address of four bytes', raw([1, 0, 0], record(28, 'c0000201'))],
    ['a name beyond its record', raw([2, 0, 0], record(5, '0361') + record(1, 'c0000201'))],
    ['a name that ends before its record', raw([1, 0, 0], record(5, '01610000'))],
    ['a pointer to itself', raw([1, 0, 0], record(5, `c0${(12 + query.question.length + 12).toString(16)}`))],
    ['a pointer forwards', raw([1, 0, 0], record(5, 'c0ff'))],
    ['a pointer into the header', raw([1, 0, 0], record(5, 'c002'))],
    ['a label of a kind that nobody uses', raw([1, 0, 0], record(5, '416100'))],
    ['a name of 256 bytes', raw([1, 0, 0], record(5, `${'3f'.padEnd(128, '61').repeat(4)}00`))],
    ['a tag of CAA that is cut off', raw([1, 0, 0], record(257, '0005697373'))],
    ['CAA without a tag', raw([1, 0, 0], record(257, '0000'))],
    ['SOA without its numbers', raw([1, 0, 0], record(6, '00 00'))],
    ['two OPT records', raw([0, 0, 2], '00 0029 1000 00000000 0000'.repeat(2))],
  ];
  for (const [what, bytes] of rows) test(what, () => assert.equal(read(bytes).kind, 'malformed'));

  test('wherever an answer is cut off', () => {
    for (let length = 12 + query.question.length; length < answer.length; length++) {
      assert.equal(read(answer.subarray(0, length)).kind, 'malformed', `cut at ${length}`);
    }
  });

  test('pointers that lead to pointers end', () => {
    // 200 records, the data of each a pointer to the data of the one before: more than a name has labels.
    const first = 12 + query.question.length + 12;
    const records = Array.from({ length: 200 }, (_, index) => {
      const target = index === 0 ? 12 : first + 14 * (index - 1);
      return record(5, (0xc000 + target).toString(16));
    });
    assert.equal(read(raw([200, 0, 0], records.join(''))).kind, 'malformed');
    assert.equal(read(raw([100, 0, 0], records.slice(0, 100).join(''))).kind, 'answer');
  });
});

describe('a small message costs little', () => {
  test('TXT data that claims what the message does not hold is not read beyond it', () => {
    // 49 bytes: dns-packet needs half a second and 400 MB for it.
    const bytes = raw([1, 0, 0], record(16, '', 0xffff).slice(0, -5));
    const startMs = cpuMs();
    for (let index = 0; index < 1000; index++) assert.equal(read(bytes).kind, 'malformed');
    assert.ok(cpuMs() - startMs < 1000, `${cpuMs() - startMs} ms`);
  });

  const shapes: readonly (readonly [what: string, make: (count: number) => Buffer])[] = [
    ['records with the shortest names', (count) => raw([count, 0, 0], record(5, 'c00c').repeat(count))],
    ['empty TXT strings', (count) => raw([1, 0, 0], record(16, '00'.repeat(count * 10)))],
    [
      'names that all lead to one long one',
      (count) => {
        const long = `${'3f'.padEnd(128, '61').repeat(3)}3d${'61'.repeat(61)}00`;
        const target = 12 + query.question.length + 12;
        return raw([count + 1, 0, 0], record(5, long) + record(5, (0xc000 + target).toString(16)).repeat(count));
      },
    ],
    ['records of no known type', (count) => raw([count, 0, 0], record(99, 'ab').repeat(count))],
  ];
  for (const [what, make] of shapes) {
    test(`${what}: the time grows with the length`, () => assertLinear(500, make, (bytes) => read(bytes)));
  }
});

test('nothing that arrives makes the reader throw or loop', () => {
  const mutation = fc.array(fc.tuple(fc.nat(answer.length - 1), fc.nat(255)), { maxLength: 6 });
  fc.assert(
    fc.property(mutation, fc.nat(answer.length), (changes, length) => {
      const bytes = Buffer.from(answer);
      for (const [offset, byte] of changes) bytes[offset] = byte;
      read(bytes.subarray(0, length));
    }),
    { numRuns: 2000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (noise) => {
      read(Buffer.concat([answer.subarray(0, 12 + query.question.length), noise]));
    }),
    { numRuns: 1000 },
  );
});

test('a truncated answer is truncated, wherever it was cut', () => {
  const truncated = answerOf([{ type: 'A', name: 'www.example.com', data: '192.0.2.1' }], { flags: 0x0200 });
  for (const bytes of [truncated, truncated.subarray(0, -6)]) assert.equal(read(bytes).kind, 'truncated');
});

test('a response code beyond four bits is not taken for NOERROR', () => {
  // BADVERS (16): the upper bits are in the OPT record.
  const reply = read(raw([0, 0, 1], '00 0029 04d0 01000000 0000'));
  assert.equal(reply.kind === 'answer' && reply.rcode, 'RCODE_16');
});

describe('the case of the name (0x20)', () => {
  const bits = Uint8Array.of(0b1010_0101, 0b0000_1111);
  const mixed = createQuery(question, idBytes, bits);

  test('is drawn from the random bits, letter by letter', () => {
    assert.equal(decode(mixed.bytes).questions?.[0]?.name, 'WwW.exAmPLE.COm');
    assert.equal(caseBytesOf(question.name) >= 2, true);
    const all = createQuery({ name: 'a-1.b_2.c', type: 'TXT' }, idBytes, Uint8Array.of(0xff));
    assert.equal(decode(all.bytes).questions?.[0]?.name, 'A-1.B_2.C');
  });

  const reply = (name: string) => encode({ type: 'response', id, questions: [{ type: 'A', name }] });
  const rows: readonly (readonly [name: string, transport: 'udp' | 'tcp', kind: DnsReply['kind']])[] = [
    ['WwW.exAmPLE.COm', 'udp', 'answer'],
    ['www.example.com', 'udp', 'caseChanged'],
    ['WwW.exAmPLE.Com', 'udp', 'caseChanged'], // one letter is enough
    ['www.example.com', 'tcp', 'answer'], // nobody else can answer there
    ['www.example.org', 'tcp', 'foreign'],
  ];
  for (const [name, transport, kind] of rows) {
    test(`an answer for ${name} over ${transport} is ${kind}`, () => {
      assert.equal(readReply(reply(name), mixed, transport).kind, kind);
    });
  }

  test('is nothing that anyone sees in the records', () => {
    const name = 'WwW.exAmPLE.COm';
    const bytes = encode({
      type: 'response',
      id,
      questions: [{ type: 'A', name }],
      answers: [{ type: 'A', name, data: '192.0.2.1' }],
    });
    const found = readReply(bytes, mixed, 'udp');
    assert.equal(found.kind === 'answer' && found.records[0]?.name, 'www.example.com');
  });
});

describe('names', () => {
  test('only ASCII letters are lowered', () => {
    assert.equal(dnsName('WWW.Example.COM.'), 'www.example.com');
    assert.equal(dnsName('\u212A.example'), '\u212A.example'); // the Kelvin sign is not a k
    assert.equal(dnsName('.'), '.');
  });

  test('a dot inside a label does not read like one between labels', () => {
    assert.equal(nameOfLabels([Buffer.from('a.b\\'), Buffer.from('C')]), 'a\\.b\\\\.c');
    assert.equal(nameOfLabels([Buffer.from('例 子')]), '例\\032子');
    assert.equal(nameOfLabels([Buffer.of(0xff, 0x61)]), '\\255a');
    assert.equal(nameOfLabels([]), '.');
  });

  test('the text of any labels is read as the same labels', () => {
    const label = fc.uint8Array({ minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 5 }), (labels) => {
        const lowered = labels.map((one) => one.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte)));
        assert.deepEqual(
          labelsOf(nameOfLabels(labels))?.map((one) => [...one]),
          lowered.map((one) => [...one]),
        );
      }),
    );
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
    ['a\\', false],
    ['a\\999', false],
    ['a\\.b', true],
  ];
  for (const [name, isFine] of rows) {
    test(`${JSON.stringify(name.slice(0, 20))} (${name.length}) can ${isFine ? '' : 'not '}be asked`, () => {
      assert.equal(canBeAsked(name), isFine);
    });
  }
});

test('a query names its own id and question', () => {
  const one: DnsQuery = createQuery(question, idBytes, lowerCase);
  assert.equal(one.id, id);
  assert.deepEqual(one.bytes.subarray(12, 12 + one.question.length), one.question);
});
