/** Queries as clients really write them, and what filters mean. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { queryOf } from '../../../src/dialects/digicert/read.ts';
import { numbersOf, rangeOf, searchOf, sortOf } from '../../../src/dialects/digicert/wire/filters.ts';
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
    const values = (count: number) => ({ id: Array.from({ length: count }, (_, index) => String(index)) });
    assert.equal(numbersOf(values(100), 'id')?.length, 100);
    assert.deepEqual(numbersOf({ id: ['7', '7', '', '7'] }, 'id'), [7]);
    assert.throws(() => numbersOf(values(101), 'id'), {
      message: 'filters[id] may have at most 100 values',
    });
    assert.throws(() => searchOf({ search: ['x'.repeat(301)] }), isInvalid('filters[search]'));
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
    assert.throws(() => numbersOf({ id: ['x'] }, 'id'), isInvalid('filters[id]'));
    assert.throws(() => rangeOf({ date_created: ['yesterday'] }, 'date_created'), isInvalid('filters[date_created]'));
    for (const text of ['2018-02-31', '2018-02-31 10:00:00', '<', '2018-01-01......']) {
      assert.throws(() => rangeOf({ date_created: [text] }, 'date_created'), isInvalid('filters[date_created]'), text);
    }
  });
});

function isInvalid(field: string) {
  return (error: unknown) => error instanceof CertError && (error.reason.params as { field?: string }).field === field;
}
