/** Reasons as titles of statistics: a sentence in both languages, without a case of it. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { reasons } from '../../src/domain/messages/index.ts';
import { outlineOf } from '../../src/domain/reason-outline.ts';

const rows = [
  ['validationExpired', 'control of … was not proved within … days', '… 天内未完成对 … 的验证'],
  ['caaForbids', 'the CAA records do not allow … to issue this certificate: …', 'CAA 记录不允许 … 签发此证书：…'],
  ['dnsNoSuchName', '… does not exist in DNS (NXDOMAIN)', '… 在 DNS 中不存在（NXDOMAIN）'],
  ['httpConnectFailed', 'could not connect to …', '无法连接 …：…'], // what differs side by side is one gap
] as const;
for (const [key, en, zh] of rows) {
  it(`${key}: ${en}`, () => assert.deepEqual([outlineOf(key, 'en'), outlineOf(key, 'zh')], [en, zh]));
}

it('of a reason that there is not there is none', () => {
  assert.equal(outlineOf('ofALaterVersion', 'en'), null);
  assert.equal(outlineOf('constructor', 'en'), null);
});

it('every reason of the catalogue has one, whatever its message does with its parameters', () => {
  const broken = Object.keys(reasons).filter((key) =>
    [outlineOf(key, 'en'), outlineOf(key, 'zh')].some((text) => text === null || /NaN|\[object/.test(text)),
  );
  assert.deepEqual(broken, []);
});
