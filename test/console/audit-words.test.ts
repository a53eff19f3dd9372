/** Every kind of event has its words on the page of the audit log, in both languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit as en } from '../../console/src/messages/en/audit.ts';
import { audit as zh } from '../../console/src/messages/zh/audit.ts';
import { eventKinds } from '../../src/domain/event.ts';

for (const [language, { nouns, verbs }] of Object.entries({ en, zh })) {
  test(`an event is said in words: ${language}`, () => {
    const unsaid = eventKinds.filter((kind) => {
      const [noun = '', verb = ''] = kind.split('.');
      return !(noun in nouns && verb in verbs);
    });
    assert.deepEqual(unsaid, []);
  });
}
