/** Whatever code the server sends as a reason is said in words on every page, in both languages: in a few of the console's, or in the server's sentence. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonText } from '../../console/src/home/reason-text.ts';
import { home as en } from '../../console/src/messages/en/home.ts';
import { home as zh } from '../../console/src/messages/zh/home.ts';
import { checkWords, timelineWords } from '../../src/dialects/native/timeline-words.ts';
import { checkProblems } from '../../src/domain/check-advice.ts';
import { reasons } from '../../src/domain/messages/index.ts';
import { outlineOf } from '../../src/domain/reason-outline.ts';

const chinese = /\p{Script=Han}/u;
const languages = { en: en.codes, zh: zh.codes } as const;

for (const language of ['en', 'zh'] as const) {
  const codes: Readonly<Record<string, string>> = languages[language];

  test(`what a check found is said in a few words: ${language}`, () => {
    assert.deepEqual(
      checkProblems.filter((code) => !(code in codes)),
      [],
    );
  });

  test(`no reason of the server, be it of a failure or of an act that is refused, shows as its code: ${language}`, () => {
    const unsaid = Object.keys(reasons).filter((code) => {
      const text = reasonText(code, codes, outlineOf(code, language));
      return text === '' || text === code || (language === 'zh' && !chinese.test(text));
    });
    assert.deepEqual(unsaid, []);
  });

  test(`each line of a timeline is said in words: ${language}`, () => {
    const lines = Object.entries({ ...timelineWords, ...checkWords });
    const unsaid = lines.filter(
      ([, words]) => words[language] === '' || chinese.test(words[language]) !== (language === 'zh'),
    );
    assert.deepEqual(unsaid, []);
  });
}

test('no words are kept for a code that the server does not have', () => {
  // Of events that do not say why.
  const known = new Set([...Object.keys(reasons), 'unknown']);
  assert.deepEqual(
    Object.keys(en.codes).filter((code) => !known.has(code)),
    [],
  );
});
