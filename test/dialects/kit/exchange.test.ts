/** The exchanges are evidence, so what compares them must see every difference. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertResponse, assertSame, parseExchange, requestOf } from '../../support/exchange.ts';

const text = `# source: seed line 7
# given: an account
POST /cert/create?x=<<x>>
Content-Type: application/json
X-Key: <<key>>

{"name": "<<x>>",

 "other": "<<unknown>>"}
---
201
Content-Type: application/json

{"id": "<<any integer>>", "name": "a"}
`;

test('an exchange is read with its notes, headers, body and status', async () => {
  const exchange = parseExchange('sample', text);
  assert.deepEqual(exchange.notes, { source: 'seed line 7', given: 'an account' });
  assert.equal(exchange.response.status, 201);
  const request = requestOf(exchange, 'http://test', { x: '1', key: 'k' });
  assert.equal(request.url, 'http://test/cert/create?x=1');
  assert.equal(request.headers.get('x-key'), 'k');
  assert.equal(await request.text(), '{"name": "1",\n\n "other": "<<unknown>>"}');
});

describe('a response is refused', () => {
  const exchange = parseExchange('sample', text);
  const rows: readonly [string, string, number][] = [
    ['with another status', '{"id":1,"name":"a"}', 200],
    ['with another value', '{"id":1,"name":"b"}', 201],
    ['with another type', '{"id":"1","name":"a"}', 201],
    ['with a key too many', '{"id":1,"name":"a","x":1}', 201],
    ['with a key missing', '{"id":1}', 201],
    ['with its keys in another order', '{"name":"a","id":1}', 201],
  ];
  for (const [title, body, status] of rows) {
    test(title, async () => {
      const response = new Response(body, { status, headers: { 'content-type': 'application/json' } });
      await assert.rejects(assertResponse(exchange, response), assert.AssertionError);
    });
  }

  test('and taken when it is the same', async () => {
    const headers = { 'content-type': 'application/json' };
    await assertResponse(exchange, new Response('{"id":7,"name":"a"}', { status: 201, headers }));
  });
});

test('placeholders stand for their kind only', () => {
  assertSame({ at: '2026-11-21 12:00:00', of: [1.5] }, { at: '<<any time>>', of: ['<<any number>>'] }, 'x');
  assertSame('order 17 is ord_0a (open)', 'order <<any integer>> is ord_<<any base32>> (open)', 'x');
  assertSame('2026-11-21T12:00:00.000Z', '<<any instant>>', 'x');
  for (const [actual, expected] of [
    ['', '<<any string>>'],
    [null, '<<any string>>'],
    ['yesterday', '<<any time>>'],
    ['2026-11-21 12:00:00', '<<any instant>>'],
    [1.5, '<<any integer>>'],
    ['1', '<<any number>>'],
    ['x', '<<any colour>>'],
    ['order 7x is open', 'order <<any integer>> is open'],
    ['order 7', 'order <<any integer>> is open'],
    ['ord_u', 'ord_<<any base32>>'],
    [[], {}],
    [[1], []],
  ]) {
    assert.throws(() => assertSame(actual, expected, 'x'), assert.AssertionError, JSON.stringify([actual, expected]));
  }
});
