/** What a schema refuses is read as PHP clients meant it, and nothing else is. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { fromEntries, listOf } from '../../../src/dialects/kit/php-form.ts';
import { parseAsPhp } from '../../../src/dialects/kit/php-values.ts';
import { cpuMs } from '../../support/cpu-time.ts';

const schema = z.object({
  names: z.array(z.string()).optional(),
  people: z.array(z.object({ name: z.string(), tags: z.array(z.string()).optional() })).optional(),
  place: z.object({ city: z.string().optional(), rooms: z.array(z.int()).optional() }).optional(),
  count: z.int().optional(),
  share: z.number().optional(),
  isOn: z.boolean().optional(),
  word: z.string().min(1).optional(),
  either: z.union([z.string(), z.array(z.string())]).optional(),
  free: z.record(z.string(), z.unknown()).optional(),
});

describe('a value is read', () => {
  const rows: readonly (readonly [why: string, sent: string, meant: object])[] = [
    ['as it stands where it fits', '{"names":["a"],"either":"{\\"0\\":1}"}', { names: ['a'], either: '{"0":1}' }],
    ['a list with a gap', '{"names":{"0":"a","2":"b"}}', { names: ['a', 'b'] }],
    ['a list with JSON_FORCE_OBJECT', '{"names":{"0":"a","1":"b"}}', { names: ['a', 'b'] }],
    ['an empty list with it', '{"names":{}}', { names: [] }],
    ['a list with a huge place', '{"names":{"999999999999999":"b","5":"a"}}', { names: ['a', 'b'] }],
    ['a list of objects with a gap', '{"people":{"1":{"name":"Ann"}}}', { people: [{ name: 'Ann' }] }],
    [
      'lists inside of lists',
      '{"people":{"3":{"name":"A","tags":{"1":"x"}}}}',
      { people: [{ name: 'A', tags: ['x'] }] },
    ],
    ['one of several types', '{"either":{"1":"b"}}', { either: ['b'] }],
    ['an empty object', '{"place":[]}', { place: {} }],
    ['an empty object for a map', '{"free":[]}', { free: {} }],
    [
      'an object in a list of its own',
      '{"place":[{"city":"Rome","rooms":{"2":7}}]}',
      { place: { city: 'Rome', rooms: [7] } },
    ],
    ['a number', '{"count":" 12 ","share":"-1.5"}', { count: 12, share: -1.5 }],
    ['a boolean', '{"isOn":"1"}', { isOn: true }],
    ['a boolean of zero', '{"isOn":0}', { isOn: false }],
    ['a boolean in words', '{"isOn":"false"}', { isOn: false }],
    ['nothing', '{"names":null,"place":"","count":"","isOn":"","word":null,"free":null}', {}],
    [
      'a JSON text in a field',
      '{"names":"[\\"a\\"]","place":"{\\"city\\":\\"Rome\\"}"}',
      { names: ['a'], place: { city: 'Rome' } },
    ],
  ];
  for (const [why, sent, meant] of rows) {
    test(`${why}: ${sent}`, () => {
      const { result } = parseAsPhp(schema, JSON.parse(sent));
      assert.deepEqual(result.data, meant);
    });
  }
});

describe('a value is refused', () => {
  const rows: readonly (readonly [why: string, sent: string, path: string])[] = [
    ['names beside numbers', '{"names":{"0":"a","x":"b"}}', 'names'],
    ['a number that is none', '{"names":{"00":"a"}}', 'names'],
    ['a negative place', '{"names":{"-1":"a"}}', 'names'],
    ['a list of two for one', '{"place":[{"city":"Rome"},{"city":"Oslo"}]}', 'place'],
    ['a list of texts for one', '{"place":["Rome"]}', 'place'],
    ['a number with words', '{"count":"12 pieces"}', 'count'],
    ['a number in another notation', '{"count":"0x10"}', 'count'],
    ['a number beyond all', `{"count":"${'9'.repeat(40)}"}`, 'count'],
    ['a number for a text', '{"word":5}', 'word'],
    ['a word for a boolean', '{"isOn":"maybe"}', 'isOn'],
    ['JSON that is none', '{"names":"[1,"}', 'names'],
    ['another fault beside one that is mended', '{"names":{"0":"a"},"count":"many"}', 'count'],
  ];
  for (const [why, sent, path] of rows) {
    test(`${why}: ${sent.slice(0, 60)}`, () => {
      const { result } = parseAsPhp(schema, JSON.parse(sent));
      assert.equal(result.error?.issues[0]?.path.join('.'), path);
    });
  }
});

describe('what is dangerous', () => {
  test('a key called __proto__ is a key', () => {
    const sent = JSON.parse('{"__proto__":{"isOn":true},"names":{"0":"a"},"place":[]}');
    const { result, input } = parseAsPhp(schema, sent);
    assert.deepEqual(result.data, { names: ['a'], place: {} });
    assert.ok(Object.hasOwn(input as object, '__proto__'));
    assert.equal(Object.getPrototypeOf(input), Object.prototype);
    assert.equal(Object.getOwnPropertyDescriptor(Object.prototype, 'isOn'), undefined);
    for (const key of ['__proto__[isOn]', 'place[__proto__][isOn]', 'constructor[prototype][isOn]']) {
      fromEntries([[key, '1']]);
      assert.equal(Object.getOwnPropertyDescriptor(Object.prototype, 'isOn'), undefined, key);
    }
  });

  test('what was sent stays as it was', () => {
    const sent = { names: { 0: 'a' }, place: [{ rooms: { 1: '7' } }] };
    const before = structuredClone(sent);
    assert.deepEqual(parseAsPhp(schema, sent).result.data, { names: ['a'], place: { rooms: [7] } });
    assert.deepEqual(sent, before);
  });

  test('many faults cost in proportion', () => {
    const wide = z.object({ rows: z.array(z.object({ n: z.int(), list: z.array(z.int()) })) });
    const rows = Array.from({ length: 5000 }, () => ({ n: '1', list: { 1: '5' } }));
    const startMs = cpuMs();
    const { result } = parseAsPhp(wide, { rows });
    assert.ok(result.success);
    assert.ok(cpuMs() - startMs < 2000);
  });
});

describe('the keys of a form', () => {
  const rows: readonly (readonly [query: string, read: object])[] = [
    ['a=1&b=', { a: '1', b: '' }],
    ['a=1&a=2', { a: '2' }], // the last one counts
    ['a[]=1&a[]=2', { a: ['1', '2'] }],
    ['a[0]=1&a[1]=2', { a: ['1', '2'] }],
    ['a[1]=2&a[0]=1', { a: ['1', '2'] }],
    ['a[3]=1&a[]=2', { a: ['1', '2'] }], // the next place is behind the last
    ['a[1]=x&a[]=y&a[1]=z', { a: ['z', 'y'] }],
    ['a[999999999]=2&a[5]=1', { a: ['1', '2'] }],
    ['a[x][y][z]=1', { a: { x: { y: { z: '1' } } } }],
    ['a[0][x]=1&a[1][x]=2', { a: [{ x: '1' }, { x: '2' }] }],
    ['a[][x]=1&a[][x]=2', { a: [{ x: '1' }, { x: '2' }] }],
    ['a[x]=1&a[0]=2', { a: { x: '1', 0: '2' } }],
    ['a=1&a[x]=2', { a: { x: '2' } }],
    ['a[x]=2&a=1', { a: '1' }],
    ['a[=1&]=2', { 'a[': '1', ']': '2' }],
    [`a${'[x]'.repeat(100)}=1`, { a: { x: { x: { x: { x: { x: '1' } } } } } }],
  ];
  for (const [query, read] of rows) {
    test(query.slice(0, 40), () => {
      assert.deepEqual(fromEntries([...new URLSearchParams(query)]), read);
    });
  }

  test('an object without members is no list', () => assert.equal(listOf({}), undefined));
});
