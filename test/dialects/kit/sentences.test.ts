import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeOfSentence } from '../../../src/dialects/kit/sentences.ts';
import { type Reason, reason, renderReason } from '../../../src/domain/errors.ts';
import type { Language } from '../../../src/domain/language.ts';
import { reasons } from '../../../src/domain/messages/index.ts';
import { startReasons } from '../../../src/domain/messages/start.ts';

/** Stands in for every parameter; things have names, the rest is text. */
const params = new Proxy({}, { get: (_, key) => (key === 'what' ? 'order' : 'x 7') });

describe('a sentence of the message catalogue', () => {
  for (const [key, row] of Object.entries(reasons)) {
    if (key.startsWith('upstream')) continue; // quotes what another server said, which decides the code
    if (Object.hasOwn(startReasons, key)) continue; // is for who starts a server, and never on the wire
    test(`is recognized in both languages: ${key}`, () => {
      for (const language of ['en', 'zh'] satisfies Language[]) {
        const sentence = renderReason({ key, params } as unknown as Reason, language);
        assert.equal(codeOfSentence(sentence), row.code, sentence);
      }
    });
  }

  test('is recognized with real values', () => {
    const missing = renderReason(reason('notFound', { what: 'order', value: '7' }), 'zh');
    assert.equal(codeOfSentence(missing), 'notFound');
  });

  test('is recognized when something follows it', () => {
    assert.equal(codeOfSentence(`${renderReason(reason('internal', {}), 'zh')} (req-1)`), 'internal');
  });

  test('is not seen where there is none', () => {
    for (const text of ['', 'hello', '订单', 'certificate', 'certificate status error', 'code: none', '证书 状态：无'])
      assert.equal(codeOfSentence(text), undefined, text);
  });
});
