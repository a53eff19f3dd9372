/** What each vendor is like, as tables for people, made from its manners: docs/pairs.md and docs/upstreams.md have them. */
import { type Vendor, vendors } from '../../src/dialects/registry.ts';
import type { Language } from '../../src/domain/language.ts';
import type { UpstreamManners } from '../../src/domain/ports/upstream.ts';

type Words = Readonly<Record<Language, string>>;

const yes: Words = { en: 'yes', zh: '是' };
const no: Words = { en: 'no', zh: '否' };
const none: Words = { en: 'none', zh: '无' };

interface Fact {
  readonly name: Words;
  of(vendor: Vendor, language: Language): string;
}

const fact = (en: string, zh: string, of: Fact['of']): Fact => ({ name: { en, zh }, of });
const ofManners = (en: string, zh: string, of: (manners: UpstreamManners, language: Language) => string): Fact =>
  fact(en, zh, ({ maker }, language) => of(maker.manners, language));

const listed = (words: readonly string[], language: Language) =>
  words.map((word) => `\`${word}\``).join(language === 'en' ? ', ' : '、') || none[language];

const setUp: readonly Fact[] = [
  fact('kind', 'kind', ({ kind }) => `\`${kind}\``),
  fact('credentials', '凭证', ({ maker }, language) =>
    listed(
      maker.credentials.map(({ name, isSecret }) => (isSecret ? `${name}File` : name)),
      language,
    ),
  ),
  fact('usual address', '默认地址', ({ maker: { usualUrl } }, language) =>
    usualUrl === null ? { en: 'none: set `url`', zh: '无，须设置 `url`' }[language] : `\`${usualUrl}\``,
  ),
  ofManners('modes, the usual one first', '模式（默认的在前）', ({ modes }, language) => listed(modes, language)),
  ofManners('methods shown in mode relay', 'relay 模式展示的验证方式', ({ modes, relayed }, language) =>
    listed(modes.includes('relay') ? relayed : [], language),
  ),
];

const limits: readonly Fact[] = [
  ofManners('names at most', '域名数上限', ({ mostNames }) => String(mostNames)),
  ofManners('wildcards', '通配符域名', ({ takesWildcards }, language) => (takesWildcards ? yes : no)[language]),
  ofManners('addresses', 'IP 地址', ({ takesAddresses }, language) =>
    takesAddresses.length === 1 ? 'IPv4' : (takesAddresses.length > 0 ? yes : no)[language],
  ),
  ofManners('CSR', 'CSR', ({ takesCsr }, language) =>
    takesCsr
      ? { en: 'ours or the customer’s', zh: '由客户提交或 certmux 生成' }[language]
      : { en: 'none: the vendor makes the key', zh: '不接受：密钥由厂商生成' }[language],
  ),
];

const changes = {
  sameNames: { en: 'with the same names', zh: '域名不变时' },
  anyNames: { en: 'with any names', zh: '域名可变' },
} as const;
const boughtAgain: Words = { en: 'none: it is bought again', zh: '无，重新购买' };

const orders: readonly Fact[] = [
  ofManners(
    'a reissue inside of what was bought',
    '在已购订单内重新签发',
    ({ reissues }, language) => (reissues === null ? boughtAgain : changes[reissues])[language],
  ),
  ofManners(
    'a duplicate inside of what was bought',
    '在已购订单内签发副本',
    ({ duplicates }, language) => (duplicates === null ? boughtAgain : changes[duplicates])[language],
  ),
  ofManners('our reference is sent as', '我们的参考号字段', ({ referenceField }, language) =>
    referenceField === null ? none[language] : `\`${referenceField}\``,
  ),
  ofManners('a lost reply', '应答丢失时', ({ lostPurchases, settlesSeconds }, language) =>
    lostPurchases === 'never'
      ? { en: 'cannot be found: the operator decides', zh: '无法查找，由管理员决定' }[language]
      : { en: `is searched for, and sure after ${settlesSeconds} s`, zh: `自动查找，${settlesSeconds} 秒后可以确定` }[
          language
        ],
  ),
  ofManners('cancelled and paid back within', '可取消并退款的期限', ({ cancelDays }, language) =>
    cancelDays === null
      ? { en: 'not said', zh: '未说明' }[language]
      : { en: `${cancelDays} days`, zh: `${cancelDays} 天` }[language],
  ),
  ofManners(
    'we look every',
    '查询间隔',
    ({ pollSeconds: { first, longest } }, language) =>
      ({ en: `${first} s at first, ${longest} s at most`, zh: `最初 ${first} 秒，最长 ${longest} 秒` })[language],
  ),
];

export const vendorSetUp = (language: Language) => tableOf(setUp, language);
export const vendorLimits = (language: Language) => tableOf(limits, language);
export const vendorOrders = (language: Language) => tableOf(orders, language);

function tableOf(facts: readonly Fact[], language: Language): string {
  const head = [language === 'en' ? 'vendor' : '厂商', ...facts.map(({ name }) => name[language])];
  const rows = vendors.map((vendor) => [vendor.maker.manners.title, ...facts.map(({ of }) => of(vendor, language))]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
