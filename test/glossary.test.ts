/** docs/glossary.md, the messages and the documents of the APIs use the same words, and one word for one thing. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { conditionsZh, rolesZh } from '../src/domain/messages/words.ts';
import { messagesDocument } from './support/messages-document.ts';
import { readSources } from './support/source.ts';

const glossary = await readFile(join(import.meta.dirname, '..', 'docs', 'glossary.md'), 'utf8');
const messages = messagesDocument();

/** What the front doors say in Chinese in their documents: summaries, fields, groups. */
const sources = await readSources(join(import.meta.dirname, '..', 'src', 'dialects'));
const documented = sources.flatMap(({ path, code }) =>
  [...code.matchAll(/\bzh:\s*'([^']*)'/g)].map(([, text = '']) => `${path}: ${text}`),
);

/** The Chinese of each word; a row may explain several: `failed, cancelled`. */
const terms = new Map<string, string>();
for (const [, words = '', , chinese = ''] of glossary.matchAll(/^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)) {
  const [each, texts] = [words.split(', '), chinese.split('、')];
  for (const [index, word] of each.entries()) terms.set(word, texts[index] ?? chinese);
}

describe('a term of the glossary', () => {
  /** What other words a translator might take for the same. */
  const rows: readonly (readonly [word: string, others: RegExp])[] = [
    ['account', /帐户|帐号|账号/],
    ['credential', /凭据|证件/],
    ['issuer', /颁发机构|发证机构|签发者|颁发者/],
    ['order', /定单|工单/],
    ['product', /商品/],
    // With a path after it, it is the file of settings.
    ['profile', /配置文件(?! \/)|证书策略/],
    ['reissue', /重新签发|重新颁发|补发|重发/],
    ['duplicate', /复本|拷贝|重复证书/],
    ['renewal', /续费|续期/],
    ['approval request', /审核申请|审批请求|批准请求/],
    ['private key', /私密密钥|私有密钥|密匙/],
    ['to revoke', /撤销|作废|注销/],
    ['organization', /(?<!货币)单位(?!所需)|机构(?<!签发机构)/],
    ['validation method', /校验方式|验证方法|认证方式/],
    ['resolver', /解析器|域名服务器/],
    ['wildcard', /泛域名|野卡/],
    ['token', /口令|令符/],
    ['expiry reminder', /到期通知|过期提醒/],
    ['master key', /主钥|主秘钥|根密钥/],
    ['profile', /模版/],
  ];
  test('is looked for in what the front doors say', () => assert.ok(documented.length > 300));

  for (const [word, others] of rows) {
    test(`is the word of the messages: ${word}`, () => {
      const chinese = terms.get(word);
      assert.ok(chinese !== undefined, `${word} is not in the glossary`);
      assert.ok(messages.includes(chinese), `no message says ${chinese}`);
      const found = [...messages.split('\n'), ...documented].filter((line) => others.test(line));
      assert.deepEqual(found, []);
    });
  }

  test('is there for every state and role, in the same Chinese', () => {
    for (const [word, chinese] of Object.entries({ ...conditionsZh, ...rolesZh })) {
      if (word.includes(' ')) continue; // a condition, in words of its own
      assert.equal(terms.get(word), chinese, word);
    }
  });
});

test('The English of messages has no words that the style bans.', () => {
  const banned = /\b(anew|dear|unless told|no good|any more|whom to ask|was told|is told)\b/;
  assert.deepEqual(
    messages.split('\n').filter((line) => banned.test(line)),
    [],
  );
});
