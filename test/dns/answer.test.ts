/** Each question that the alias zone may be asked, and exactly what it answers: code, flags and the records of all sections. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  aliasRecords,
  aliasSettings,
  askAlias,
  createAliasStage,
  type LiveTexts,
  queryOf,
  type queryTypes,
  type ShownAnswer,
  shownAnswer,
} from '../support/alias-server.ts';

const live: LiveTexts = {
  'one.acme.example.com': ['first'],
  'two.acme.example.com': ['first', 'second', 'second'],
  'deep.hollow.acme.example.com': ['below'],
  'under_score.acme.example.com': ['text'],
};
// The clock of tests stands at 2026-06-01T00:00:00Z.
const soaData = 'ns1.acme.example.com host\\.master.example.com 1780272000 7200 3600 1209600 10';
const negative = [`acme.example.com 10 SOA ${soaData}`];
const nameServers = ['ns1.acme.example.com', 'ns2.pop.acme.example.com', 'ns.example.net'].map(
  (name) => `acme.example.com 3600 NS ${name}`,
);
const glue = [
  'ns1.acme.example.com 3600 A 192.0.2.53',
  'ns1.acme.example.com 3600 AAAA 2001:db8::53',
  'ns2.pop.acme.example.com 3600 A 192.0.2.54',
];

interface Expected {
  readonly head?: string;
  readonly answers?: readonly string[];
  readonly authorities?: readonly string[];
  readonly additionals?: readonly string[];
}

type QueryType = keyof typeof queryTypes | number;
const none: Expected = { authorities: negative };
const missing: Expected = { head: 'NXDOMAIN aa rd', authorities: negative };
const refused: Expected = { head: 'REFUSED rd' };

function whole({ head = 'NOERROR aa rd', answers = [], authorities = [], additionals = [] }: Expected): ShownAnswer {
  return { head, answers, authorities, additionals };
}

const rows: readonly (readonly [name: string, type: QueryType, expected: Expected, why: string])[] = [
  ['acme.example.com', 'SOA', { answers: [`acme.example.com 3600 SOA ${soaData}`] }, 'the zone itself'],
  ['acme.example.com', 'NS', { answers: nameServers, additionals: glue }, 'with the addresses that are in the zone'],
  [
    'acme.example.com',
    'CAA',
    { answers: ['acme.example.com 3600 CAA 0 issue "ca.example"', 'acme.example.com 3600 CAA 128 issuewild ";"'] },
    'as configured',
  ],
  ['acme.example.com', 'TXT', none, 'NODATA: RFC 2308 §2.2'],
  ['acme.example.com', 'A', none, ''],
  ['acme.example.com', 'DS', none, 'there is no DNSSEC'],
  ['acme.example.com', 'DNSKEY', none, 'there is no DNSSEC'],
  ['acme.example.com', 'ANY', { answers: ['acme.example.com 3600 HINFO RFC8482 ""'] }, 'RFC 8482 §4.2'],
  ['ns1.acme.example.com', 'A', { answers: [glue[0] ?? ''] }, 'glue is answered as well'],
  ['ns1.acme.example.com', 'AAAA', { answers: [glue[1] ?? ''] }, ''],
  ['ns2.pop.acme.example.com', 'A', { answers: [glue[2] ?? ''] }, ''],
  ['ns2.pop.acme.example.com', 'AAAA', none, 'it has only the other'],
  ['ns1.acme.example.com', 'NS', none, 'no zone begins there'],
  ['ns1.acme.example.com', 'TXT', none, ''],
  ['pop.acme.example.com', 'A', none, 'an empty non-terminal of the settings'],
  ['pop.acme.example.com', 'ANY', none, 'has nothing of any type'],
  ['one.acme.example.com', 'TXT', { answers: ['one.acme.example.com 10 TXT ["first"]'] }, 'what a CA looks for'],
  [
    'two.acme.example.com',
    'TXT',
    { answers: ['two.acme.example.com 10 TXT ["first"]', 'two.acme.example.com 10 TXT ["second"]'] },
    'several values, each once (RFC 2181 §5)',
  ],
  ['under_score.acme.example.com', 'TXT', { answers: ['under_score.acme.example.com 10 TXT ["text"]'] }, ''],
  ['one.acme.example.com', 'ANY', { answers: ['one.acme.example.com 3600 HINFO RFC8482 ""'] }, ''],
  ['one.acme.example.com', 'CAA', none, 'CAs ask for it'],
  ['one.acme.example.com', 'SOA', none, 'CAs ask for it'],
  ['one.acme.example.com', 'NS', none, 'CAs ask for it'],
  ['one.acme.example.com', 'A', none, ''],
  ['one.acme.example.com', 'CNAME', none, ''],
  ['one.acme.example.com', 'MX', none, ''],
  ['one.acme.example.com', 'HTTPS', none, ''],
  ['one.acme.example.com', 'RRSIG', none, ''],
  ['one.acme.example.com', 'NSEC', none, ''],
  ['one.acme.example.com', 'OPT', none, 'a type that nobody may ask for is one that is not there'],
  ['one.acme.example.com', 0, none, ''],
  ['one.acme.example.com', 65_280, none, 'a type for private use'],
  ['one.acme.example.com', 65_535, none, ''],
  ['hollow.acme.example.com', 'TXT', none, 'a name with a live child: RFC 8020'],
  ['hollow.acme.example.com', 'A', none, ''],
  ['hollow.acme.example.com', 'ANY', none, ''],
  ['deep.hollow.acme.example.com', 'TXT', { answers: ['deep.hollow.acme.example.com 10 TXT ["below"]'] }, ''],
  ['other.acme.example.com', 'TXT', missing, 'NXDOMAIN: RFC 2308 §2.1'],
  ['other.acme.example.com', 'A', missing, ''],
  ['other.acme.example.com', 'ANY', missing, ''],
  ['x.one.acme.example.com', 'TXT', missing, 'nothing is below a live name'],
  ['x.ns1.acme.example.com', 'A', missing, ''],
  ['*.acme.example.com', 'TXT', missing, 'there are no wildcards'],
  ['example.com', 'SOA', refused, 'the parent is not ours'],
  ['com', 'NS', refused, ''],
  ['', 'NS', refused, 'nor is the root'],
  ['acme.example.org', 'TXT', refused, ''],
  ['xacme.example.com', 'TXT', refused, 'it only ends alike'],
  ['acme.example.com', 'AXFR', refused, 'nobody copies the zone'],
  ['one.acme.example.com', 'AXFR', refused, ''],
  ['acme.example.com', 'IXFR', refused, ''],
];

describe('the alias zone answers', () => {
  const { answer } = createAliasStage({ live });
  for (const [name, type, expected, why] of rows) {
    test(`${name || '.'} ${type}${why === '' ? '' : `: ${why}`}`, async () => {
      assert.deepEqual(shownAnswer(await askAlias(answer, queryOf(name, type))), whole(expected));
    });
  }

  test('every type at a name that is there, at one that is not, and at its own', async () => {
    for (const name of ['one', 'hollow', 'other', 'pop', 'ns1'].map((label) => `${label}.acme.example.com`)) {
      for (let type = 0; type < 300; type++) {
        const { head } = shownAnswer(await askAlias(answer, queryOf(name, type)));
        const isTransfer = type === 251 || type === 252;
        const code = isTransfer ? 'REFUSED' : name.startsWith('other') ? 'NXDOMAIN aa' : 'NOERROR aa';
        assert.equal(head, `${code} rd`, `${name} ${type}`);
      }
    }
  });
});

describe('the name of a question', () => {
  const { answer } = createAliasStage({ live });

  test('is compared without its case, and comes back as it was written (0x20)', async () => {
    const query = queryOf('oNe.AcMe.eXample.COM', 'TXT');
    const bytes = await askAlias(answer, query);
    assert.deepEqual(bytes.subarray(12, query.length), query.subarray(12));
    assert.deepEqual(shownAnswer(bytes).answers, ['oNe.AcMe.eXample.COM 10 TXT ["first"]']);
    const nothing = shownAnswer(await askAlias(answer, queryOf('other.ACME.example.com', 'TXT')));
    assert.deepEqual(nothing.authorities, [`ACME.example.com 10 SOA ${soaData}`]);
  });

  test('has labels, whose dots are none between two', async () => {
    const records = aliasRecords({ 'a.b.acme.example.com': ['secret'] });
    const stage = createAliasStage({ records });
    const query = queryOf('a.b.acme.example.com', 'TXT');
    query[12] = 3; // one label `a.b`
    query[14] = 0x2e;
    const { head } = shownAnswer(await askAlias(stage.answer, query));
    assert.equal(head, 'NXDOMAIN aa rd');
    assert.deepEqual(records.looked, []);
  });

  test('is not looked up where none of ours can have its bytes', async () => {
    const records = aliasRecords({});
    const stage = createAliasStage({ records });
    for (const label of ['\0', 'a b', '\xff', 'ä', '*', "a'b", 'a/b']) {
      const { head } = shownAnswer(await askAlias(stage.answer, queryOf(`${label}.acme.example.com`, 'TXT')));
      assert.equal(head, 'NXDOMAIN aa rd', label);
    }
    assert.deepEqual(records.looked, []);
  });

  test('is looked up in lower case, once, and not where it is there anyway', async () => {
    const records = aliasRecords(live);
    const stage = createAliasStage({ records });
    await askAlias(stage.answer, queryOf('ONE.acme.example.com', 'A'));
    await askAlias(stage.answer, queryOf('ns1.acme.example.com', 'A'));
    await askAlias(stage.answer, queryOf('pop.acme.example.com', 'MX'));
    await askAlias(stage.answer, queryOf('acme.example.com', 'NS'));
    await askAlias(stage.answer, queryOf('other.example.com', 'TXT'));
    assert.deepEqual(records.looked, ['one.acme.example.com']);
  });
});

describe('the class of a question', () => {
  const { answer } = createAliasStage({ live });
  const rowsOfClass: readonly (readonly [number, Expected, string])[] = [
    [1, { answers: ['one.acme.example.com 10 TXT ["first"]'] }, 'IN'],
    [
      255,
      { head: 'NOERROR rd', answers: ['one.acme.example.com 10 TXT ["first"]'] },
      'any, never authoritative (RFC 1035 §6.2)',
    ],
    [3, refused, 'CH'],
    [4, refused, 'HS'],
    [254, refused, 'NONE'],
    [0, refused, 'reserved'],
  ];
  for (const [dnsClass, expected, why] of rowsOfClass) {
    test(`${dnsClass}: ${why}`, async () => {
      const bytes = await askAlias(answer, queryOf('one.acme.example.com', 'TXT', { class: dnsClass }));
      assert.deepEqual(shownAnswer(bytes), whole(expected));
    });
  }
});

describe('what is configured', () => {
  test('as one name server that has the name of the zone, without CAA', async () => {
    const { answer } = createAliasStage({
      settings: {
        ...aliasSettings,
        nameServers: [{ name: 'acme.example.com', addresses: ['192.0.2.53'] }],
        caa: [],
        ttlSeconds: 1,
      },
    });
    const shown = async (type: QueryType) => shownAnswer(await askAlias(answer, queryOf('acme.example.com', type)));
    assert.deepEqual((await shown('NS')).additionals, ['acme.example.com 3600 A 192.0.2.53']);
    assert.deepEqual((await shown('A')).answers, ['acme.example.com 3600 A 192.0.2.53']);
    const [soa = ''] = (await shown('CAA')).authorities;
    assert.match(soa, /^acme\.example\.com 1 SOA acme\.example\.com .* 1$/);
  });

  test('as a mailbox with a dot is one label (RFC 1035 §8)', async () => {
    const { answer } = createAliasStage();
    const bytes = await askAlias(answer, queryOf('acme.example.com', 'SOA'));
    assert.ok(bytes.includes(Buffer.from('\x0bhost.master\x07example\x03com\0')));
  });
});

describe('the serial number', () => {
  const serialOf = async (answer: ReturnType<typeof createAliasStage>['answer']) =>
    Number(
      /SOA \S+ \S+ (\d+)/.exec(
        shownAnswer(await askAlias(answer, queryOf('acme.example.com', 'SOA'))).answers[0] ?? '',
      )?.[1],
    );

  test('is the beginning of the minute, and goes on with the clock but never back', async () => {
    const { answer, clock } = createAliasStage();
    const first = await serialOf(answer);
    assert.equal(first, Date.parse('2026-06-01T00:00:00Z') / 1000);
    await clock.advance(59_999);
    assert.equal(await serialOf(answer), first);
    await clock.advance(1);
    assert.equal(await serialOf(answer), first + 60);
    clock.set(-3_600_000);
    assert.equal(await serialOf(answer), first + 60);
    clock.set(2 * 3_600_000);
    assert.equal(await serialOf(answer), first + 60 + 3600);
  });

  test('is the same on two nodes that are asked together', async () => {
    const [one, other] = [createAliasStage(), createAliasStage()];
    await one.clock.advance(1000);
    await other.clock.advance(2000);
    assert.equal(await serialOf(one.answer), await serialOf(other.answer));
  });
});
