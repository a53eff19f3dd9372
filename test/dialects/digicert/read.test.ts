/** Queries as clients really write them, and what filters mean. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { queryOf } from '../../../src/dialects/digicert/read.ts';
import { idsOf, rangeOf, searchOf, sortOf } from '../../../src/dialects/digicert/wire/filters.ts';
import { listRequest } from '../../../src/dialects/digicert/wire/shapes.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { assertLinear } from '../../support/growth.ts';

const host = 'https://www.digicert.com';

describe('a query', () => {
  const rows: readonly (readonly [who: string, query: string, read: object])[] = [
    ['Keyfactor begins with &', '?&container_id=1', { container_id: '1' }],
    ['sapcc', '?container_id/4', { container_id: '4' }],
    ['unknown keys stay', '?nonsense=1&limit=5', { nonsense: '1', limit: '5' }],
    ['nothing', '', {}],
    ['a filter', '?filters[status]=issued', { filters: { status: ['issued'] } }],
    ['an encoded filter', '?filters%5Bstatus%5D=issued', { filters: { status: ['issued'] } }],
    [
      'several values',
      '?filters[status][0]=issued&filters[status][1]=revoked',
      { filters: { status: ['issued', 'revoked'] } },
    ],
    ['a property called like a method', '?filters[__proto__]=1', { filters: { ['__proto__']: ['1'] } }],
  ];
  for (const [who, query, read] of rows) {
    test(who, () => assert.equal(JSON.stringify(queryOf(`${host}/x${query}`)), JSON.stringify(read)));
  }

  test('may begin at 0; no items at all are not meant', () => {
    const { limit, offset } = listRequest.parse({ limit: '0', offset: '0' });
    assert.deepEqual([limit, offset], [undefined, 0]);
    assert.equal(listRequest.parse({ limit: '100000000000' }).limit, 100_000_000_000); // read as the most
    const { issues } = listRequest.safeParse({ offset: '99999999999' }).error ?? { issues: [] };
    assert.deepEqual(
      issues.map(({ code }) => code),
      ['too_big'], // a number all the same, whatever its size
    );
  });
});

describe('filters', () => {
  const day = (text: string) => new Date(`${text}T00:00:00Z`);
  const endOf = (text: string) => new Date(`${text}T23:59:59Z`);
  const ranges: readonly (readonly [values: readonly string[], range: object])[] = [
    [['2018-01-01...2018-02-01'], { from: day('2018-01-01'), until: endOf('2018-02-01') }],
    [['2018-01-01'], { from: day('2018-01-01'), until: endOf('2018-01-01') }],
    [['>2018-01-01'], { from: day('2018-01-01') }],
    [['<2018-01-01'], { until: endOf('2018-01-01') }],
    [['>2018-01-01', '<2018-02-01'], { from: day('2018-01-01'), until: endOf('2018-02-01') }],
    [['2018-01-01...'], { from: day('2018-01-01') }],
    [
      ['2018-01-01+10:00:00...2018-01-01+11:00:00'],
      { from: new Date('2018-01-01T10:00:00Z'), until: new Date('2018-01-01T11:00:00Z') },
    ],
  ];
  for (const [values, range] of ranges) {
    test(`the range ${values.join(', ')}`, () =>
      assert.deepEqual(rangeOf({ valid_till: values }, 'valid_till'), range));
  }

  test('a search begins with % for a part', () => {
    assert.deepEqual(searchOf({ search: ['%exam'] }), { value: 'exam', isExact: false });
    assert.deepEqual(searchOf({ search: ['example.com'] }), { value: 'example.com', isExact: true });
  });

  test('a sort may have lost its plus signs', () => {
    const keys = { order_id: 'number', date_created: 'createdAt' } as const;
    assert.deepEqual(sortOf('-date_created, order_id,unknown', keys), [
      { by: 'createdAt', descending: true },
      { by: 'number', descending: false },
    ]);
  });

  test('sort by each key once, however often it is named', () => {
    const keys = { order_id: 'number' } as const;
    assert.deepEqual(sortOf('-order_id,order_id,'.repeat(1000), keys), [{ by: 'number', descending: true }]);
  });

  test('have at most 100 values, each once, of at most 300 characters', () => {
    const values = (count: number) => ({ id: Array.from({ length: count }, (_, index) => String(index + 1)) });
    assert.equal(idsOf(values(100), 'id')?.length, 100);
    assert.deepEqual(idsOf({ id: ['7', '7', '', '7'] }, 'id'), [7]);
    assert.throws(() => idsOf(values(101), 'id'), {
      message: 'filters[id] may have at most 100 values',
    });
    assert.throws(() => searchOf({ search: ['x'.repeat(301)] }), isInvalid('filters[search]'));
  });

  test('of ids: 0 is none, and a number that nothing can have finds nothing', () => {
    assert.equal(idsOf({ id: ['0', '00'] }, 'id'), undefined);
    assert.deepEqual(idsOf({ id: ['0', ' 7 '] }, 'id'), [7]);
    const most = Number.MAX_SAFE_INTEGER;
    assert.deepEqual(idsOf({ id: ['-1', '99999999999'] }, 'id'), [-1, 99_999_999_999]);
    assert.deepEqual(idsOf({ id: [`${'9'.repeat(20)}`, `-${'9'.repeat(20)}`] }, 'id'), [most, -most]);
  });

  test('that have one value are refused with several, none of which is passed over', () => {
    assert.deepEqual(searchOf({ search: ['a', 'a'] }), { value: 'a', isExact: true });
    assert.throws(() => searchOf({ search: ['a', 'b'] }), { message: 'filters[search] may have only one value' });
    for (const days of [
      ['2018-01-01', '2018-02-01'],
      ['>2018-01-01', '>2018-02-01'],
      ['2018-01-01...2018-02-01', '<2018-03-01'],
    ]) {
      assert.throws(() => rangeOf({ date_created: days }, 'date_created'), isInvalid('filters[date_created]'));
    }
    assert.deepEqual(rangeOf({ date_created: ['>2018-01-01', '<2018-02-01'] }, 'date_created'), {
      from: new Date('2018-01-01T00:00:00Z'),
      until: new Date('2018-02-01T23:59:59Z'),
    });
  });

  test('read the offset of a time whose + arrived as a blank', () => {
    for (const text of ['2018-01-01T08:00:00 08:00', '2018-01-01 08:00:00+08:00', '2018-01-01T00:00:00z']) {
      assert.deepEqual(rangeOf({ date: [`${text}...`] }, 'date'), { from: new Date('2018-01-01T00:00:00Z') }, text);
    }
  });

  for (const [what, make] of [
    ['dots', (count: number) => `${'.'.repeat(count)}\n`],
    ['blanks', (count: number) => `x\n${' '.repeat(count)}x`],
  ] as const) {
    test(`of many ${what} take time that grows with their length`, () => {
      assertLinear(20_000, make, (text) => sortOf(text, { order_id: 'number' }));
      assertLinear(20_000, make, (text) => assert.throws(() => rangeOf({ valid_till: [text] }, 'valid_till')));
    });
  }

  test('that are no numbers and no dates are refused by name', () => {
    assert.throws(() => idsOf({ id: ['x'] }, 'id'), isInvalid('filters[id]'));
    assert.throws(() => rangeOf({ date_created: ['yesterday'] }, 'date_created'), isInvalid('filters[date_created]'));
    for (const text of ['2018-02-31', '2018-02-31 10:00:00', '<', '2018-01-01......']) {
      assert.throws(() => rangeOf({ date_created: [text] }, 'date_created'), isInvalid('filters[date_created]'), text);
    }
  });
});

function isInvalid(field: string) {
  return (error: unknown) => error instanceof CertError && (error.reason.params as { field?: string }).field === field;
}
