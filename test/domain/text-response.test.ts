/** An answer whose text is at hand is a `Response` to everybody. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { TextResponse } from '../../src/domain/text-response.ts';

const json = () =>
  new TextResponse('{"name":"测试"}', { status: 201, headers: { 'content-type': 'application/json' } });
const bytes = new TextEncoder().encode('{"name":"测试"}');

const readings = {
  text: { read: (answer: Response) => answer.text(), gives: '{"name":"测试"}' },
  json: { read: (answer: Response) => answer.json(), gives: { name: '测试' } },
  bytes: { read: (answer: Response) => answer.bytes(), gives: bytes },
  arrayBuffer: { read: (answer: Response) => answer.arrayBuffer(), gives: bytes.buffer },
  blob: { read: async (answer: Response) => (await answer.blob()).text(), gives: '{"name":"测试"}' },
  body: { read: (answer: Response) => new Response(answer.body).text(), gives: '{"name":"测试"}' },
};

describe('an answer whose text is at hand', () => {
  for (const [name, { read, gives }] of Object.entries(readings)) {
    test(`gives its content by ${name}, once, and then its text is nobody's to send`, async () => {
      const answer = json();
      assert.equal(answer.unreadText, '{"name":"测试"}');
      assert.equal(answer.bodyUsed, false);
      assert.deepEqual(await read(answer), gives);
      assert.equal(answer.bodyUsed, true);
      assert.equal(answer.unreadText, undefined);
      await assert.rejects(answer.text(), TypeError);
    });
  }

  test('has status, headers that may be set, and copies that are whole', async () => {
    const answer = json();
    assert.ok(answer instanceof Response);
    answer.headers.set('x-request-id', 'one');
    const copies = [answer.clone(), new Response(answer.clone().body, answer)];
    for (const copy of copies) {
      assert.equal(copy.status, 201);
      assert.deepEqual(
        [...copy.headers],
        [
          ['content-type', 'application/json'],
          ['x-request-id', 'one'],
        ],
      );
      assert.equal(await copy.text(), '{"name":"测试"}');
    }
    assert.equal(await answer.text(), '{"name":"测试"}');
  });

  test('is read as a form like any other', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = await new TextResponse('a=1', { headers }).formData();
    assert.equal(form.get('a'), '1');
  });
});
