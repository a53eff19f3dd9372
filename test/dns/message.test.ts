/** What is around questions and answers: headers, EDNS, sizes, and packets that are no queries or hostile ones. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAliasServer } from '../../src/dns/index.ts';
import type { AliasRecords } from '../../src/domain/ports/alias-records.ts';
import {
  aliasSettings,
  askAlias,
  createAliasStage,
  optRecord,
  overTcp,
  overUdp,
  type QueryParts,
  queryOf,
  shownAnswer,
  words,
} from '../support/alias-server.ts';
import { createFakeClock, createFakeLog, settle } from '../support/system.ts';

/** As long as a value of dns-01 (RFC 8555 §8.4). */
const dns01 = (index: number) => `${String(index).padStart(2, '0')}${'v'.repeat(41)}`;
const twenty = Array.from({ length: 20 }, (_, index) => dns01(index));
const name = 'one.acme.example.com';
const live = { [name]: ['text'], 'twenty.acme.example.com': twenty };
const { answer, meter } = createAliasStage({ live });

const headerOf = (bytes: Buffer) => bytes.subarray(0, 12).toString('hex');

describe('the header of an answer', () => {
  const rows: readonly (readonly [flags: number, expected: number, why: string])[] = [
    [0x0100, 0x8500, 'RD is copied'],
    [0x0000, 0x8400, 'and so is its absence'],
    [0x0180, 0x8500, 'RA is never set'],
    [0x0170, 0x8500, 'Z, AD and CD are not copied'],
    [0x0700, 0x8500, 'nor are AA and TC of a query'],
    [0x010f, 0x8500, 'nor is a code'],
  ];
  for (const [flags, expected, why] of rows) {
    test(`${flags.toString(16).padStart(4, '0')}: ${why}`, async () => {
      const bytes = await askAlias(answer, queryOf(name, 'TXT', { flags, id: 0xbeef }));
      assert.equal(bytes.readUInt16BE(0), 0xbeef);
      assert.equal(bytes.readUInt16BE(2).toString(16), expected.toString(16));
    });
  }
});

describe('an operation other than a query', () => {
  const rows: readonly (readonly [opcode: number, why: string])[] = [
    [1, 'IQUERY'],
    [2, 'STATUS'],
    [4, 'NOTIFY'],
    [5, 'UPDATE'],
    [6, 'DSO'],
    [15, 'nobody knows'],
  ];
  for (const [opcode, why] of rows) {
    test(`${opcode} is not implemented: ${why}`, async () => {
      const flags = opcode << 11;
      const bytes = await askAlias(answer, queryOf('acme.example.com', 'SOA', { flags }));
      // RFC 8906 §8.1.2: the operation, NOTIMP, and no section.
      assert.equal(
        bytes.toString('hex'),
        Buffer.concat([words(0x1234, 0x8004 | flags), Buffer.alloc(8)]).toString('hex'),
      );
    });
  }
});

describe('EDNS', () => {
  const shown = async (parts: QueryParts) => shownAnswer(await askAlias(answer, queryOf(name, 'TXT', parts)));
  const text = [`${name} 10 TXT ["text"]`];

  test('is answered where it was used, and only there', async () => {
    assert.deepEqual((await shown({})).additionals, []);
    assert.deepEqual((await shown({ edns: {} })).additionals, ['OPT 1232 v0']);
    assert.deepEqual((await shown({ edns: { bytes: 4096 } })).additionals, ['OPT 1232 v0']);
  });
  test('has DO as it was', async () =>
    assert.deepEqual((await shown({ edns: { isDnssecOk: true } })).additionals, ['OPT 1232 v0 do']));
  for (const version of [1, 2, 255]) {
    test(`of version ${version} is BADVERS, with our own and nothing else`, async () =>
      assert.deepEqual(await shown({ edns: { version } }), {
        head: 'NOERROR rd',
        answers: [],
        authorities: [],
        additionals: ['OPT 1232 v0 code 1'],
      }));
  }
  const options: readonly (readonly [why: string, options: Buffer])[] = [
    ['a cookie', Buffer.concat([words(10, 8), Buffer.alloc(8, 7)])],
    ['a subnet', Buffer.concat([words(8, 7), Buffer.of(0, 1, 24, 0, 192, 0, 2)])],
    ['padding', Buffer.concat([words(12, 64), Buffer.alloc(64)])],
    ['NSID', words(3, 0)],
    ['one that nobody knows', Buffer.concat([words(65_001, 3), Buffer.alloc(3)])],
    ['two of a kind', words(3, 0, 3, 0)],
  ];
  for (const [why, bytes] of options) {
    test(`ignores ${why}`, async () => {
      const { answers, additionals } = await shown({ edns: { options: bytes } });
      assert.deepEqual({ answers, additionals }, { answers: text, additionals: ['OPT 1232 v0'] });
    });
  }
  const broken: readonly (readonly [why: string, options: Buffer])[] = [
    ['an option that reaches beyond', words(10, 9)],
    ['half of an option', words(10)],
  ];
  for (const [why, bytes] of broken) {
    test(`${why} is FORMERR, with an OPT record (RFC 6891 §7)`, async () => {
      const query = queryOf(name, 'TXT', { edns: { options: bytes } });
      assert.deepEqual(shownAnswer(await askAlias(answer, query)), {
        head: 'FORMERR rd',
        answers: [],
        authorities: [],
        additionals: ['OPT 1232 v0'],
      });
    });
  }
  test('two OPT records are FORMERR, and so is one that is not of the root or not additional', async () => {
    const twice = Buffer.concat([queryOf(name, 'TXT', { edns: {} }), optRecord({})]);
    twice.writeUInt16BE(2, 10);
    const owned = queryOf(name, 'TXT');
    owned.writeUInt16BE(1, 10);
    const notRoot = Buffer.concat([owned, Buffer.of(0xc0, 12), optRecord({}).subarray(1)]);
    const misplaced = queryOf(name, 'TXT', { edns: {} });
    misplaced.writeUInt32BE(0x0001_0000, 8);
    for (const query of [twice, notRoot, misplaced]) {
      assert.equal(shownAnswer(await askAlias(answer, query)).head, 'FORMERR rd');
    }
  });
});

describe('the size of an answer', () => {
  const twentyTexts = (parts: QueryParts) => queryOf('twenty.acme.example.com', 'TXT', parts);
  const rows: readonly (readonly [why: string, parts: QueryParts, isWhole: boolean, most: number])[] = [
    ['512 bytes without EDNS', {}, false, 512],
    ['what EDNS says', { edns: { bytes: 1024 } }, false, 1024],
    ['no more than 1232, whatever it says', { edns: { bytes: 65_535 } }, true, 1232],
    ['no less than 512, whatever it says', { edns: { bytes: 0 } }, false, 512],
  ];
  for (const [why, parts, isWhole, most] of rows) {
    test(`is over UDP ${why}`, async () => {
      const bytes = await askAlias(answer, twentyTexts(parts));
      const { head, answers, additionals } = shownAnswer(bytes);
      assert.ok(bytes.length <= most, `${bytes.length} bytes`);
      assert.equal(head, isWhole ? 'NOERROR aa rd' : 'NOERROR tc rd');
      assert.equal(answers.length, isWhole ? 20 : 0);
      assert.equal(additionals.length, parts.edns === undefined ? 0 : 1);
    });
  }
  test('is over TCP what it is', async () => {
    const { head, answers } = shownAnswer(await askAlias(answer, twentyTexts({}), overTcp));
    assert.equal(head, 'NOERROR aa rd');
    assert.deepEqual(
      answers,
      twenty.map((text) => `twenty.acme.example.com 10 TXT ["${text}"]`),
    );
  });
  test('leaves out addresses of name servers before it is truncated', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `ns${index}.${'x'.repeat(20)}.acme.example.com`);
    const nameServers = names.map((server) => ({ name: server, addresses: ['192.0.2.1', '2001:db8::1'] }));
    const stage = createAliasStage({ settings: { ...aliasSettings, nameServers } });
    const ask = async (from = overUdp) =>
      shownAnswer(await askAlias(stage.answer, queryOf('acme.example.com', 'NS'), from));
    const [short, long] = [await ask(), await ask(overTcp)];
    assert.deepEqual([short.head, short.answers.length, short.additionals.length], ['NOERROR aa rd', 8, 0]);
    assert.deepEqual([long.head, long.answers.length, long.additionals.length], ['NOERROR aa rd', 8, 16]);
  });
  test('of a long value: it is split into strings of 255 bytes', async () => {
    const long = `${'a'.repeat(255)}${'b'.repeat(255)}ü`;
    const stage = createAliasStage({ live: { [name]: [long, ''] } });
    const { answers } = shownAnswer(await askAlias(stage.answer, queryOf(name, 'TXT'), overTcp));
    assert.deepEqual(answers, [
      `${name} 10 TXT ["${'a'.repeat(255)}","${'b'.repeat(255)}","ü"]`,
      `${name} 10 TXT [""]`,
    ]);
  });
  test('of values that no message holds: SERVFAIL over TCP, and truncated before', async () => {
    const stage = createAliasStage({ live: { [name]: ['x', 'y'].map((letter) => letter.repeat(40_000)) } });
    assert.equal(shownAnswer(await askAlias(stage.answer, queryOf(name, 'TXT'))).head, 'NOERROR tc rd');
    assert.equal(shownAnswer(await askAlias(stage.answer, queryOf(name, 'TXT'), overTcp)).head, 'SERVFAIL rd');
  });
});

describe('what forgers would have sent to others', () => {
  test('is never more than 1232 bytes, and little for what they can ask without knowing a live name', async () => {
    const known = ['acme', 'ns1.acme', 'other.acme', 'x.other.acme', 'hollow.acme', 'example'].map(
      (label) => `${label}.example.com`,
    );
    let worst = 0;
    for (const one of known) {
      for (const type of [1, 2, 6, 16, 28, 46, 48, 252, 255, 257, 65_535]) {
        for (const parts of [{}, { edns: { bytes: 65_535, isDnssecOk: true } }]) {
          const query = queryOf(one, type, parts);
          const bytes = await askAlias(answer, query);
          assert.ok(bytes.length <= 1232);
          worst = Math.max(worst, bytes.length / query.length);
        }
      }
    }
    // The name servers with their addresses; an open resolver gives 50 times as much and more.
    assert.ok(worst > 1 && worst < 7, `${worst.toFixed(1)} times`);
  });
  test('is the most for a name with twenty values, of which there are none that live long', async () => {
    const query = queryOf('twenty.acme.example.com', 'TXT', { edns: { bytes: 65_535 } });
    const ratio = (await askAlias(answer, query)).length / query.length;
    assert.ok(ratio < 25, `${ratio.toFixed(1)} times`);
  });
  test('is nothing over TCP, once a network has had twenty times its share there, and others are answered', async () => {
    const stage = createAliasStage({ live, perSecond: 1 });
    const query = queryOf('twenty.acme.example.com', 'TXT');
    const answers = await Promise.all(Array.from({ length: 30 }, () => stage.answer(query, overTcp)));
    assert.equal(answers.filter((bytes) => bytes !== undefined).length, 20);
    assert.equal(stage.meter.counted.filter((one) => one === 'tcp dropped rate').length, 10);
    assert.notEqual(await stage.answer(query, { ...overTcp, address: '203.0.113.7' }), undefined);
    assert.notEqual(await stage.answer(query, overUdp), undefined, 'over UDP it has its share still');
  });
  test('is as much as was asked, once a network has had its share', async () => {
    const stage = createAliasStage({ live, perSecond: 1 });
    const query = queryOf('twenty.acme.example.com', 'TXT', { edns: { bytes: 65_535 } });
    const sizes: number[] = [];
    for (let index = 0; index < 101; index++) sizes.push((await stage.answer(query, overUdp))?.length ?? 0);
    const beyond = sizes.slice(1).reduce((sum, size) => sum + size, 0);
    assert.equal(beyond, 50 * query.length);
  });
});

describe('a packet that is no query', () => {
  const query = queryOf(name, 'TXT', { edns: {} });
  const silent: readonly (readonly [why: string, packet: Buffer])[] = [
    ['nothing', Buffer.alloc(0)],
    ['one byte', Buffer.of(0)],
    ['eleven bytes', query.subarray(0, 11)],
    ['a response', queryOf(name, 'TXT', { flags: 0x8100 })],
    ['a refusal', Buffer.concat([words(0x1234, 0x8005), Buffer.alloc(8)])],
    ['a response to another operation', queryOf(name, 'TXT', { flags: 0xa800 })],
    ['ones', Buffer.alloc(512, 0xff)],
  ];
  for (const [why, packet] of silent) {
    test(`is not answered: ${why}`, async () => {
      assert.equal(await answer(packet, overUdp), undefined);
      assert.equal(await answer(packet, overTcp), undefined);
      assert.deepEqual(meter.counted.slice(-2), ['udp dropped unreadable', 'tcp dropped unreadable']);
    });
  }

  const header = (...counts: readonly number[]) => words(0x1234, 0x0100, ...counts);
  const loop = Buffer.concat([header(1, 0, 0, 0), Buffer.of(0xc0, 12), words(16, 1)]);
  const record = (owner: Buffer, length: number) => Buffer.concat([owner, words(16, 1, 0, 0, length)]);
  const extra = (bytes: Buffer, count = 1) => {
    const packet = Buffer.concat([queryOf(name, 'TXT'), bytes]);
    packet.writeUInt16BE(count, 10);
    return packet;
  };
  const malformed: readonly (readonly [why: string, packet: Buffer])[] = [
    ['a header alone', header(1, 0, 0, 0)],
    ['no question', header(0, 0, 0, 0)],
    ['two questions (RFC 9619)', Buffer.concat([header(2, 0, 0, 0), query.subarray(12, -11), query.subarray(12, -11)])],
    ['65,535 questions', Buffer.concat([header(65_535, 0, 0, 0), query.subarray(12, -11)])],
    ['a name that points to itself', loop],
    ['a name that points into the header', Buffer.concat([header(1, 0, 0, 0), Buffer.of(0xc0, 0), words(16, 1)])],
    ['a name that points forwards', Buffer.concat([header(1, 0, 0, 0), Buffer.of(1, 0x61, 0xc0, 99), words(16, 1)])],
    ['a label of a kind that nobody uses', Buffer.concat([header(1, 0, 0, 0), Buffer.of(0x41, 0x61, 0), words(16, 1)])],
    ['a label that is cut off', Buffer.concat([header(1, 0, 0, 0), Buffer.of(63, 0x61)])],
    ['a name without an end', Buffer.concat([header(1, 0, 0, 0), Buffer.of(1, 0x61)])],
    [
      'a name of 256 bytes',
      queryOf(
        Array.from({ length: 127 }, () => 'a')
          .concat('b')
          .join('.'),
        'TXT',
      ),
    ],
    ['a question without a class', query.subarray(0, 12 + name.length + 2 + 2)],
    ['fewer records than announced', queryWithCount(query, 2)],
    ['65,535 records', queryWithCount(query, 65_535)],
    ['a record that reaches beyond the packet', extra(record(Buffer.of(0), 1))],
    ['a record without an owner', extra(Buffer.alloc(11, 0x41))],
    ['a record whose owner never ends', extra(Buffer.concat([Buffer.alloc(300, 1), Buffer.alloc(20)]))],
    ['bytes behind its end', Buffer.concat([query, Buffer.of(0)])],
  ];
  for (const [why, packet] of malformed) {
    test(`is FORMERR: ${why}`, async () => {
      const bytes = await askAlias(answer, packet);
      assert.equal(headerOf(bytes), '123481010000000000000000', 'nothing but a header');
      assert.equal(bytes.length, 12);
    });
  }

  test('is cut off anywhere: FORMERR or nothing, and never more', async () => {
    for (let length = 0; length < query.length; length++) {
      const bytes = await answer(query.subarray(0, length), overUdp);
      const isWhole = bytes !== undefined && bytes.length > 23;
      assert.ok(!isWhole, `${length} bytes`);
    }
  });

  test('has other records besides, even compressed: they are not looked at', async () => {
    // An owner that is a loop: nobody follows it.
    const packet = extra(record(Buffer.of(0xc0, 12 + name.length + 6), 0));
    assert.deepEqual(shownAnswer(await askAlias(answer, packet)).answers, [`${name} 10 TXT ["text"]`]);
  });

  test('is the longest there is, in good time', async () => {
    const many = Buffer.concat(Array.from({ length: 5900 }, () => record(Buffer.of(0), 0)));
    const packet = extra(many, 5900);
    assert.ok(packet.length > 64_000 && packet.length <= 65_535);
    assert.deepEqual(shownAnswer(await askAlias(answer, packet, overTcp)).answers, [`${name} 10 TXT ["text"]`]);
  });
});

function queryWithCount(query: Buffer, additionals: number): Buffer {
  const packet = Buffer.from(query);
  packet.writeUInt16BE(additionals, 10);
  return packet;
}

describe('records that cannot be read', () => {
  let find: AliasRecords['find'];
  const log = createFakeLog();
  const clock = createFakeClock();
  const stage = createAliasStage();
  const server = createAliasServer({
    settings: aliasSettings,
    records: { find: (one) => find(one) },
    clock,
    log,
    meter: stage.meter,
  });
  const query = queryOf(name, 'TXT', { edns: {} });

  test('are SERVFAIL, with the question, and one line in the log until they can be read again', async () => {
    find = () => Promise.reject(new Error('the database is gone'));
    for (let index = 0; index < 3; index++) {
      const bytes = await askAlias(server, query);
      assert.deepEqual(shownAnswer(bytes), {
        head: 'SERVFAIL rd',
        answers: [],
        authorities: [],
        additionals: ['OPT 1232 v0'],
      });
      assert.deepEqual(bytes.subarray(12, query.length - 11), query.subarray(12, -11));
    }
    find = async () => ({ texts: [], hasBelow: false });
    await askAlias(server, query);
    await askAlias(server, query);
    assert.deepEqual(
      log.lines.map(({ level, message }) => [level, message]),
      [
        ['error', 'the records of the alias zone cannot be read: queries get SERVFAIL'],
        ['info', 'the alias zone is answered again'],
      ],
    );
  });

  test('are SERVFAIL where reading throws at once', async () => {
    find = () => {
      throw new TypeError('a mistake');
    };
    assert.equal(shownAnswer(await askAlias(server, query)).head, 'SERVFAIL rd');
  });

  test('are SERVFAIL after two seconds, and what needs none is answered at once', async () => {
    find = () => new Promise(() => {});
    const waiting = askAlias(server, query);
    assert.equal(shownAnswer(await askAlias(server, queryOf('acme.example.com', 'SOA'))).head, 'NOERROR aa rd');
    await clock.advance(1999);
    const isOver = await Promise.race([waiting.then(() => true), settle().then(() => false)]);
    assert.equal(isOver, false);
    await clock.advance(501);
    assert.equal(shownAnswer(await waiting).head, 'SERVFAIL rd');
  });

  test('leave one timer behind, for half a second, however many were read', async () => {
    find = async () => ({ texts: ['x'], hasBelow: false });
    for (let index = 0; index < 100; index++) await askAlias(server, query);
    assert.equal(clock.sleeping, 1);
    await clock.advance(500);
    assert.equal(clock.sleeping, 0);
  });
});

test('every answer and every packet that gets none is counted', async () => {
  const stage = createAliasStage({ live, perSecond: 7 });
  const rows = [
    queryOf(name, 'TXT'),
    queryOf('other.acme.example.com', 'TXT'),
    queryOf('example.org', 'TXT'),
    queryOf(name, 'TXT', { edns: { version: 1 } }),
    queryOf(name, 'TXT', { flags: 5 << 11 }),
    Buffer.concat([words(1, 0), Buffer.alloc(8)]),
    queryOf('twenty.acme.example.com', 'TXT'),
    queryOf(name, 'TXT'),
    queryOf(name, 'TXT'),
  ];
  for (const packet of rows) await stage.answer(packet, overUdp);
  await stage.answer(queryOf(name, 'TXT'), overTcp);
  assert.deepEqual(stage.meter.counted, [
    'udp NOERROR',
    'udp NXDOMAIN',
    'udp REFUSED',
    'udp BADVERS',
    'udp NOTIMP',
    'udp FORMERR',
    'udp truncated',
    'udp dropped rate',
    'udp truncated',
    'tcp NOERROR',
  ]);
});
