/** Each rule for lists with a list that breaks it: the frame, and the entries of a piece. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CrlEntry, crlTbs, encodeCrlEntries } from '../../../src/pki/crl.ts';
import { oid } from '../../../src/pki/der-writer.ts';
import { type ListFacts, lintEntries, lintList, lintRules } from '../../../src/pki/lint/index.ts';
import { entryRules, listRules, uniqueEntryRule } from '../../../src/pki/lint/rules/list.ts';
import { encodeName } from '../../../src/pki/name.ts';
import { childOf, type DerNode, encodeTree, leafNode, parseTree } from '../../support/der-tree.ts';
import { sequenceOf } from './certificates.ts';

const now = new Date('2026-06-01T00:00:00.400Z');
const thisUpdate = new Date('2026-06-01T00:00:00Z');
const issuerName = encodeName({ O: 'Example', CN: 'Example TLS CA E1' });
const keyId = Buffer.alloc(20, 7);
const facts: ListFacts = {
  issuer: { name: issuerName, keyId, keyKind: 'P-256' },
  isOfLeaves: true,
  numberBefore: 6,
};

const entries: readonly CrlEntry[] = [
  { serial: Buffer.from('8a01', 'hex'), revokedAt: new Date('2026-05-01T10:00:00Z'), reason: 'keyCompromise' },
  { serial: Buffer.from('4a02', 'hex'), revokedAt: new Date('2026-05-02T10:00:00Z'), reason: 'unspecified' },
];

function listOf(some: readonly CrlEntry[], change: { readonly nextUpdate?: Date } = {}): Buffer {
  return crlTbs({
    issuerName,
    issuerKeyId: keyId,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    number: 7,
    thisUpdate,
    nextUpdate: new Date('2026-06-08T00:00:00Z'),
    ...change,
    entries: some,
  });
}

/** The list as it is signed: what is before the entries, their size, and what is behind them. */
function partsOf(tbs: Buffer): Parameters<typeof lintList>[0] {
  const tree = parseTree(tbs);
  const after = encodeTree(childOf(tree, -1));
  const list = tree.children.at(-2);
  const entriesSize = list?.tag === 0x30 && tree.children.length === 7 ? encodeTree(list).length - 2 : 0;
  // Short lists: their lengths have one octet, or two.
  const size = entriesSize > 0x7f ? entriesSize - 1 : entriesSize;
  return { before: tbs.subarray(0, tbs.length - after.length - size), after, entriesSize: size };
}

type Row = readonly [
  rule: string,
  spoil: (tree: DerNode) => void,
  change?: { readonly facts?: Partial<ListFacts>; readonly beside?: readonly string[]; readonly at?: Date },
];

const extensionsOf = (tree: DerNode) => childOf(tree, -1, 0);
const numberOf = (tree: DerNode) => childOf(extensionsOf(tree), 1);
const time = (index: 3 | 4, tag: 0x17 | 0x18, text: string) => (tree: DerNode) => {
  Object.assign(childOf(tree, index), leafNode(tag, text));
};
const setNumber =
  (...octets: number[]) =>
  (tree: DerNode) => {
    childOf(numberOf(tree), -1).bytes = Buffer.of(2, octets.length, ...octets);
  };

const rows: readonly Row[] = [
  ['list-version', (tree) => Object.assign(childOf(tree, 0), leafNode(0x02, Buffer.of(0)))],
  ['list-signature-algorithm', (tree) => childOf(tree, 1).children.push(leafNode(0x05, ''))],
  ['list-issuer-name', (tree) => childOf(tree, 2).children.reverse()],
  ['list-time-written', time(3, 0x17, '2606010000Z')],
  ['list-time-form', time(4, 0x18, '20260608000000Z')],
  ['list-next-update', (tree) => tree.children.splice(4, 1)],
  ['list-order', time(4, 0x17, '260601000000Z')],
  ['list-life', time(4, 0x17, '260611000001Z')],
  ['list-life', time(4, 0x17, '270603000000Z'), { facts: { isOfLeaves: false } }],
  ['list-life', () => undefined, { facts: { isLast: true } }], // the last one of its CA says no moment of a next
  ['list-life', time(4, 0x18, '99991231235959Z')], // and no other one says that there is none
  ['list-now', () => undefined, { at: new Date('2026-06-02T00:00:01Z') }],
  ['list-now', () => undefined, { at: new Date('2026-05-31T23:00:00Z') }],
  ['list-number', (tree) => extensionsOf(tree).children.splice(1, 1)],
  ['list-number', setNumber(0xf0)],
  ['list-number', setNumber(...Array.from({ length: 21 }, () => 0x41))],
  ['list-number-grows', () => undefined, { facts: { numberBefore: 7 } }],
  [
    'list-authority-key-id',
    (tree) => {
      childOf(extensionsOf(tree), 0, -1).bytes = encodeTree(sequenceOf([leafNode(0x80, Buffer.alloc(20, 8))]));
    },
  ],
  ['list-authority-key-id', (tree) => extensionsOf(tree).children.splice(0, 1)],
  ['list-extensions', (tree) => extensionsOf(tree).children.push(numberOf(tree))],
  [
    'list-extensions',
    (tree) => extensionsOf(tree).children.push(sequenceOf([parseTree(oid('2.5.29.46')), leafNode(0x04, '')])),
  ],
  ['list-extensions-critical', (tree) => numberOf(tree).children.splice(1, 0, leafNode(0x01, Buffer.of(0xff)))],
  ['list-extensions-critical', (tree) => numberOf(tree).children.splice(1, 0, leafNode(0x01, Buffer.of(0)))],
  [
    'list-extensions-critical', // a delta list, which nobody makes here
    (tree) =>
      extensionsOf(tree).children.push(
        sequenceOf([parseTree(oid('2.5.29.27')), leafNode(0x01, Buffer.of(0xff)), leafNode(0x04, Buffer.of(2, 1, 1))]),
      ),
    { beside: ['list-extensions'] },
  ],
  ['list-not-empty', (tree) => tree.children.splice(5, 0, sequenceOf([]))],
];

describe('the frame of a list', () => {
  test('as it is made is good, with entries and without', () => {
    for (const some of [[], entries]) assert.deepEqual(lintList(partsOf(listOf(some)), facts, now), []);
    const long = Array.from({ length: 300 }, (_, i) => ({ ...entries[0], serial: Buffer.of(0x41, i >> 8, i & 0xff) }));
    const encoded = encodeCrlEntries(long as CrlEntry[]);
    const tbs = listOf(long as CrlEntry[]);
    const at = tbs.indexOf(encoded);
    const parts = {
      before: tbs.subarray(0, at),
      after: tbs.subarray(at + encoded.length),
      entriesSize: encoded.length,
    };
    assert.deepEqual(lintList(parts, facts, now), []);
    assert.deepEqual(
      lintList({ ...parts, entriesSize: encoded.length - 1 }, facts, now).map(({ rule }) => rule),
      ['list-sizes'],
    );
  });

  test('of a root may be good for longer', () => {
    const tbs = listOf([], { nextUpdate: new Date('2027-05-01T00:00:00Z') });
    assert.deepEqual(lintList(partsOf(tbs), { ...facts, isOfLeaves: false }, now), []);
  });

  for (const [rule, spoil, change = {}] of rows) {
    test(`${rule} finds what breaks it, and nothing else does`, () => {
      const tree = parseTree(listOf([]));
      spoil(tree);
      const found = lintList(partsOf(encodeTree(tree)), { ...facts, ...change.facts }, change.at ?? now);
      assert.deepEqual(found.map((one) => one.rule).toSorted(), [rule, ...(change.beside ?? [])].toSorted());
    });
  }

  test('that cannot be read is one finding', () => {
    const { before, after, entriesSize } = partsOf(listOf([]));
    const broken = [
      { before: before.subarray(0, 30), after },
      { before: Buffer.alloc(0), after },
      { before, after: Buffer.from('x') },
      { before: Buffer.concat([before, Buffer.of(0x30, 0x02, 0x05, 0x00)]), after },
    ];
    for (const parts of broken) {
      assert.deepEqual(
        lintList({ ...parts, entriesSize }, facts, now).map(({ rule }) => rule),
        ['der'],
      );
    }
  });
});

const entryRows: readonly (readonly [rule: string, spoil: (entry: DerNode) => void])[] = [
  ['entry-serial', (entry) => Object.assign(childOf(entry, 0), { bytes: Buffer.of(0x8a, 1) })],
  ['entry-serial', (entry) => Object.assign(childOf(entry, 0), { bytes: Buffer.alloc(21, 0x41) })],
  ['entry-time', (entry) => Object.assign(childOf(entry, 1), leafNode(0x18, '20260501100000Z'))],
  ['entry-time', (entry) => Object.assign(childOf(entry, 1), leafNode(0x17, '2605011000Z'))],
  ['entry-reason', (entry) => Object.assign(childOf(entry, 2, 0, 1), { bytes: Buffer.of(0x0a, 1, 0) })],
  ['entry-reason', (entry) => Object.assign(childOf(entry, 2, 0, 1), { bytes: Buffer.of(0x0a, 1, 8) })],
  ['entry-extensions', (entry) => childOf(entry, 2, 0).children.splice(1, 0, leafNode(0x01, Buffer.of(0xff)))],
  ['entry-extensions', (entry) => childOf(entry, 2).children.push(childOf(entry, 2, 0))],
  [
    'entry-extensions', // certificateIssuer, of an indirect list
    (entry) => childOf(entry, 2).children.push(sequenceOf([parseTree(oid('2.5.29.29')), leafNode(0x04, '')])),
  ],
  ['der', (entry) => entry.children.push(leafNode(0x05, ''))],
];

describe('an entry', () => {
  const [first, second] = entries.map((entry) => encodeCrlEntries([entry]));

  test('as it is made is good, with each reason that BR §7.2.2 has', () => {
    const reasons = ['keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'privilegeWithdrawn'];
    const all = reasons.map((reason, at) => ({ ...entries[0], serial: Buffer.of(at + 1), reason }) as CrlEntry);
    assert.deepEqual(lintEntries(encodeCrlEntries([...entries, ...all])), []);
    assert.deepEqual(lintEntries(new Uint8Array()), []);
  });

  test('may be of a CA that began with 0, or used the highest bit of 20 octets', () => {
    const serials = [Buffer.of(0), Buffer.alloc(20, 0xff)];
    const taken = serials.map((serial) => ({ ...entries[0], serial }) as CrlEntry);
    assert.deepEqual(lintEntries(encodeCrlEntries(taken)), []);
  });

  for (const [rule, spoil] of entryRows) {
    test(`${rule} finds what breaks it, behind one that is good`, () => {
      const tree = parseTree(first ?? Buffer.alloc(0));
      spoil(tree);
      const found = lintEntries(Buffer.concat([second ?? Buffer.alloc(0), encodeTree(tree)]));
      assert.deepEqual(
        found.map((one) => one.rule),
        [rule],
      );
    });
  }

  test('is in the list once', () => {
    const twice = encodeCrlEntries([...entries, ...entries.slice(0, 1)]);
    assert.deepEqual(lintEntries(twice), [{ rule: 'entry-unique', source: uniqueEntryRule.source, found: '008a01' }]);
  });
});

test('Every rule for lists is broken by something here.', () => {
  const shown = new Set([...rows, ...entryRows].map(([rule]) => rule));
  const apart = ['list-sizes', 'entry-unique'];
  const all = [...listRules, ...entryRules, uniqueEntryRule].map(({ id }) => id);
  assert.deepEqual(all.filter((id) => !shown.has(id)).toSorted(), apart.toSorted());
});

test('Rules have an id of their own, a source, and what they demand in both languages.', () => {
  assert.equal(new Set(lintRules.map(({ id }) => id)).size, lintRules.length);
  assert.ok(lintRules.length >= 90, `${lintRules.length}`);
  for (const { id, source, demand, kinds } of lintRules) {
    assert.match(id, /^[a-z0-9-]+$/);
    assert.match(source, /^(RFC|BR|EVG|X\.690|Chrome|certmux: )/);
    assert.ok(kinds.length > 0);
    assert.match(demand.zh, /\p{Script=Han}/u);
    assert.doesNotMatch(demand.en, /\p{Script=Han}/u);
  }
});
