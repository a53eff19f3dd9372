/** Text for people in both languages: the Chinese one is Chinese, not English in a Chinese frame. */
import assert from 'node:assert/strict';
import type { ConfigError } from '../../src/config/load.ts';
import type { Phrase } from '../../src/domain/messages/expectations.ts';

/** Four English words in a row, which no name, path or example is. */
const englishSentence = /\b[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}\b/i;

export function assertChinese(zh: string, quotedWords: readonly string[] = []): void {
  const own = quotedWords.reduce((text, word) => text.replaceAll(word, ''), zh).replaceAll(/"[^"]*"/g, '""');
  assert.match(own, /[\u4e00-\u9fff]/, zh);
  assert.doesNotMatch(own, englishSentence, zh);
}

/** Setting and line are the same in both, and both are there for every problem. */
export function assertBothLanguages({ phrases }: ConfigError): void {
  assert.ok(phrases.length > 0);
  for (const phrase of phrases) {
    const [en, zh] = [partsOf(phrase, 'en'), partsOf(phrase, 'zh')];
    assert.equal(zh.line, en.line, phrase.zh);
    if (en.setting !== 'the configuration') assert.equal(zh.setting, en.setting, phrase.zh);
    assertChinese(zh.text);
    assert.notEqual(zh.text, en.text);
  }
}

function partsOf(phrase: Phrase, language: 'en' | 'zh') {
  const text = phrase[language];
  const [, line] = (language === 'en' ? / \(line (\d+)\)$/ : /（第 (\d+) 行）$/).exec(text) ?? [];
  // A file that is no YAML has no setting in front.
  const [setting] = /^the file |^(无法读取)?文件/.test(text)
    ? [undefined]
    : text.split(language === 'en' ? ': ' : '：');
  return { text, line, setting };
}
