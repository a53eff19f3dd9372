import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nonEmpty, withDefined } from '../../src/domain/with-defined.ts';

test('members that are undefined are left out, the others keep their order', () => {
  const rows: readonly (readonly [members: object, json: string])[] = [
    [{}, '{}'],
    [{ b: undefined }, '{}'],
    [{ b: 1, a: undefined, c: 2 }, '{"b":1,"c":2}'],
    [{ a: null, b: '', c: 0, d: false }, '{"a":null,"b":"","c":0,"d":false}'], // only undefined is left out
    [{ a: { b: undefined } }, '{"a":{}}'],
  ];
  for (const [members, json] of rows) {
    const defined = withDefined(members);
    assert.equal(JSON.stringify(defined), json);
    assert.deepEqual(
      Object.keys(defined),
      Object.entries(members).flatMap(([key, value]) => (value === undefined ? [] : [key])),
    );
  }
});

test('an empty text or list is undefined', () => {
  assert.equal(nonEmpty(''), undefined);
  assert.equal(nonEmpty([]), undefined);
  assert.equal(nonEmpty<string>(undefined), undefined);
  assert.equal(nonEmpty(' '), ' ');
  assert.deepEqual(nonEmpty([0]), [0]);
});
