/** Issuers of the section `issuers` that buy from vendors: what it takes, and what it refuses in both languages. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { ConfigError, parseConfig } from '../../src/config/load.ts';
import { soldThrough, unknownProducts } from '../../src/config/pairs.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { assertBothLanguages } from '../support/both-languages.ts';

const products = { 'tls-dv': 'dv' };
const racent = { kind: 'racent', credentials: { api_token: 'secret-token' }, products };
const encryption365 = {
  kind: 'encryption365',
  credentials: { client_id: '1', access_token: 'secret-token' },
  products,
};
const digicert = { kind: 'digicert', credentials: { 'X-DC-DEVKEYFile': '/etc/key' }, products };
const wosign = {
  kind: 'wosign',
  url: 'https://api.example.com/acmapi',
  credentials: { customer_id: '1', auth_token: 'secret-token', signfile: 'abc' },
  products,
};
const httpsok = { kind: 'httpsok', credentials: { OpenApiKey: 'secret-token' }, products: { 'tls-dv': 'google' } };
const ca = { kind: 'acme', directory: 'https://ca.example.com/directory', termsAgreed: true, mode: 'serve' };

function read(issuers: object, others: object = {}) {
  return parseConfig(stringify({ ...others, issuers }), 'certmux.yaml');
}

/** The lines do not count here. */
function refusalOf(issuers: object, others?: object): { readonly en: readonly string[]; readonly zh: string } {
  try {
    read(issuers, others);
  } catch (thrown) {
    assert.ok(thrown instanceof ConfigError, String(thrown));
    assertBothLanguages(thrown);
    const zh = renderReason(thrown.reason, 'zh').replaceAll(/（第 \d+ 行）/g, '');
    return { en: thrown.problems.map((problem) => problem.replace(/ \(line \d+\)$/, '')), zh };
  }
  return { en: [], zh: '' };
}

describe('accepted', () => {
  const rows: readonly (readonly [why: string, issuers: object])[] = [
    ['credentials and a product', { v: racent }],
    ['http on loopback', { v: { ...racent, url: 'http://127.0.0.1:8080' } }],
    ['numbers for the vendor’s codes', { v: { ...racent, products: { 'encryption365:100': 100 }, container: 5 } }],
    ['a coverage that is bought', { v: { ...racent, products: { 'tls-dv': { code: 'dv', years: 2 } } } }],
    ['one product for all', { v: { ...racent, products: {}, otherProducts: { code: 7, months: 6 } } }],
    ['organizations by number', { v: { ...digicert, organizations: { 100001: 334455 } } }],
    ['two issuers of one account', { a: { ...racent, account: 'both' }, b: { ...racent, account: 'both' } }],
    ['a pool of one mode', { v: digicert, w: { ...digicert }, all: { kind: 'pool', members: ['v', 'w'] } }],
    ['a contact in a country', { v: { ...racent, contact: { country: 'GB' } } }],
    ['an amount', { v: { ...encryption365, balanceWarning: '100.00 CNY', currency: 'CNY' } }],
    ['ids that are numbers', { v: { ...digicert, organizations: { 12: '334455' }, container: 5 } }],
  ];
  for (const [why, issuers] of rows) test(why, () => assert.deepEqual(refusalOf(issuers).en, []));
});

describe('refused', () => {
  const rows: readonly (readonly [issuers: object, en: string, zh: RegExp, others?: object])[] = [
    // where it is
    ...[
      'http://api.example.com',
      'ftp://api.example.com/ssl',
      'api.example.com/ssl',
      'https://api.example.com/ssl?a=b',
      'https://api.example.com/ssl#a',
      'https://user:word@api.example.com/ssl',
    ].flatMap((url) => [
      [
        { v: { ...racent, url } },
        'issuers.v.url: must be an https address without a query or fragment, like https://api.example.com, or http on loopback',
        /issuers\.v\.url：必须是不带查询参数和片段的 https 地址/,
      ] as const,
      [
        { v: { ...racent, formerUrls: [url] } },
        'issuers.v.formerUrls.0: must be an https address without a query or fragment, like https://api.example.com, or http on loopback',
        /issuers\.v\.formerUrls\.0：必须是不带查询参数和片段的 https 地址/,
      ] as const,
    ]),
    [
      { v: { ...wosign, url: undefined } },
      'issuers.v.url: is missing: WoSign ACMAPI has no address of its own any more; name the server that speaks its API',
      /WoSign ACMAPI 已没有自己的地址/,
    ],
    // modes
    [
      { v: { ...wosign, mode: 'relay' } },
      'issuers.v.mode: "relay" is no mode of WoSign ACMAPI; it has signfile',
      /WoSign ACMAPI 没有 "relay" 模式，可用的有 signfile/,
    ],
    [
      { v: { ...racent, mode: 'alias' } },
      'issuers.v.mode: must be relay or standing or signfile, not "alias"',
      /issuers\.v\.mode/,
    ],
    // credentials: values are never shown
    [
      { v: { ...racent, credentials: {} } },
      'issuers.v.credentials.api_tokenFile: is missing, or api_token: Racent knows us by it',
      /api_tokenFile：缺失（也可填写 api_token）/,
    ],
    [
      { v: { ...wosign, credentials: { customer_id: '1', auth_token: 'secret-token' } } },
      'issuers.v.credentials.signfile: is missing: WoSign ACMAPI knows us by it',
      /credentials\.signfile：缺失/,
    ],
    [
      { v: { ...racent, credentials: { api_token: 'secret-token', api_tokenFile: '/f' } } },
      'issuers.v.credentials.api_token: api_tokenFile is set as well; one of them must go',
      /同时设置了 api_tokenFile/,
    ],
    [
      { v: { ...racent, credentials: { api_token: 'secret-token', api_tokn: 'x' } } },
      'issuers.v.credentials.api_tokn: Racent has no such credential; did you mean api_token?',
      /Racent 没有这一凭证，是否为 api_token？/,
    ],
    [
      { v: { ...racent, credentials: { api_token: 'secret-token', 'X-DC-DEVKEY': 'secret-key' } } },
      'issuers.v.credentials.X-DC-DEVKEY: Racent has no such credential; there is api_token, api_tokenFile',
      /可用的有 api_token、api_tokenFile/,
    ],
    [
      { v: { ...racent, credentials: { api_token: 12345 } } },
      'issuers.v.credentials.api_token: must be text: write it in quotes',
      /credentials\.api_token/,
    ],
    // the contact
    ...['China', 'cn', 'XX', 'UK', 'ZZ', ''].map(
      (country) =>
        [
          { v: { ...racent, contact: { country } } },
          'issuers.v.contact.country: must be the code of a country in ISO 3166-1, in two capital letters, like CN or DE (the United Kingdom is GB)',
          /contact\.country：必须是 ISO 3166-1 中的两位大写国家代码/,
        ] as const,
    ),
    // products
    [
      { v: { ...racent, products: {} } },
      'issuers.v.products: is missing, and so is otherProducts: nothing could be bought there; name at least one product of ours with the code that the vendor has for it',
      /也没有 otherProducts/,
    ],
    [
      { v: { ...racent, products: { 'encryption356:100': 'dv' } } },
      'issuers.v.products.encryption356:100: "encryption356:100" is not the code of a product, like tls-dv or encryption365:100; did you mean encryption365:100?',
      /"encryption356:100" 不是产品代码.*是否为 encryption365:100？/,
    ],
    [
      { v: { ...racent, products: { 'racent:': 'dv' } } },
      'issuers.v.products.racent:: "racent:" is not the code of a product, like tls-dv or encryption365:100',
      /"racent:" 不是产品代码/,
    ],
    [
      { v: { ...racent, products: { 'tls-dv': { code: 'dv', years: 0 } } } },
      'issuers.v.products.tls-dv.years: must be at least 1, not "0"',
      /products\.tls-dv\.years/,
    ],
    [
      { v: { ...racent, products: { 'tls-dv': { code: 'dv', years: 1, months: 12 } } } },
      'issuers.v.products.tls-dv: years and months are both set; one of them must go',
      /同时设置了 years 和 months/,
    ],
    [
      { v: { ...racent, organizations: { 'Example Ltd': '1' } } },
      'issuers.v.organizations.Example Ltd: "Example Ltd" is not the number of an organization, like 12 (certmux organization list)',
      /"Example Ltd" 不是组织编号/,
    ],
    [
      { v: { ...racent, credentials: { api_token: '“secret-token”' } } },
      'issuers.v.credentials.api_token: holds characters that no key has, such as typographic quotes; copy it again from the console of the vendor',
      /含有密钥中不会出现的字符/,
    ],
    // the vendor's own words
    [
      { v: { ...httpsok, products: { 'tls-dv': 'letsencript' } } },
      'issuers.v.products.tls-dv: "letsencript" is nothing of httpsok: google or letsencrypt or zerossl',
      /httpsok 没有 "letsencript"：google 或 letsencrypt 或 zerossl/,
    ],
    [
      { v: { ...httpsok, products: {}, otherProducts: { code: 'gts', years: 1 } } },
      'issuers.v.otherProducts: "gts" is nothing of httpsok: google or letsencrypt or zerossl',
      /httpsok 没有 "gts"/,
    ],
    [
      { v: { ...digicert, organizations: { 12: 'Example Ltd' } } },
      'issuers.v.organizations.12: "Example Ltd" is nothing of DigiCert CertCentral: must be its number there, as its console shows it',
      /没有 "Example Ltd"：必须是其控制台中显示的编号/,
    ],
    [
      { v: { ...digicert, container: 'Web' } },
      'issuers.v.container: "Web" is nothing of DigiCert CertCentral: must be its number there, as its console shows it',
      /没有 "Web"：必须是/,
    ],
    [
      { v: { ...racent, balanceWarning: '100.00 CNY' } },
      'issuers.v.balanceWarning: Racent does not tell a balance, so that nothing would ever be warned of; remove it',
      /Racent 不提供余额，永远不会告警，请删除此项/,
    ],
    // the rest
    [
      { v: { ...racent, contact: { email: 'nobody' } } },
      'issuers.v.contact.email: must be a mail address, like certs@example.com',
      /contact\.email/,
    ],
    [
      { v: { ...racent, balanceWarning: '100 yuan' } },
      'issuers.v.balanceWarning: must be an amount with its currency, like 100.00 CNY',
      /balanceWarning/,
    ],
    [
      { v: { ...racent, products2: {} } },
      'issuers.v.products2: there is no such setting; did you mean issuers.v.products?',
      /products2/,
    ],
    // pools
    [
      { v: racent, all: { kind: 'pool', members: ['v'] } },
      'issuers.all.members: "v" cannot be in a pool: in mode relay it is bought from before the names are proved, by challenges of its own, so that no other member could take over; let products name it',
      /"v" 不能放入签发机构池：relay 模式/,
    ],
    [
      { v: digicert, w: wosign, all: { kind: 'pool', members: ['v', 'w'] } },
      'issuers.all.members: the members of a pool must have the same mode, since customers prepare for one; these have: v standing, w signfile',
      /v standing、w signfile/,
    ],
    // accounts
    [
      { a: { ...racent, account: 'x' }, b: { ...racent, account: 'x', credentials: { api_token: 'other-token' } } },
      'issuers.b.account: "x" is the account of the issuer a as well, whose credentials are not the same; they belong to the account',
      /两者的 credentials 不同/,
    ],
    [
      { a: { ...racent, account: 'x' }, b: { ...digicert, account: 'x' } },
      'issuers.b.account: "x" is the account of the issuer a at another CA (https://portal.racent.com); choose another name',
      /签发机构 a 在另一个 CA（https:\/\/portal\.racent\.com）/,
    ],
    [
      { a: { ...racent, account: 'x' }, b: { ...ca, account: 'x' } },
      'issuers.b.account: "x" is the account of the issuer a at another CA (https://portal.racent.com); choose another name',
      /在另一个 CA/,
    ],
    [
      { a: { ...ca, account: 'x' }, b: { ...racent, account: 'x' } },
      'issuers.b.account: "x" is the account of the issuer a at another CA (https://ca.example.com/directory); choose another name',
      /在另一个 CA/,
    ],
    // pairs
    [
      { v: racent },
      'dialects: nothing of the issuer v can be sold: it validates names itself, and none of the open front doors (acme) can show its challenges and take orders as it needs them; open another one (docs/pairs.md says which)',
      /v/,
      { dialects: onlyOpen('acme') },
    ],
    [
      { v: httpsok },
      'dialects: nothing of the issuer v can be sold: it validates names itself, and none of the open front doors (digicert) can show its challenges and take orders as it needs them; open another one (docs/pairs.md says which)',
      /v/,
      { dialects: onlyOpen('digicert') },
    ],
  ];
  for (const [issuers, en, zh, others] of rows) {
    test(en, () => {
      const refusal = refusalOf(issuers, others);
      assert.deepEqual(refusal.en, [en]);
      assert.match(refusal.zh, zh);
      assert.doesNotMatch(JSON.stringify(refusal), /secret-|other-token/);
    });
  }
});

/** All front doors closed but one. */
function onlyOpen(name: string): object {
  const all = ['native', 'encryption365', 'wosign', 'httpsok', 'digicert', 'racent', 'acme'];
  return Object.fromEntries(all.filter((one) => one !== name).map((one) => [one, { enabled: false }]));
}

describe('what is sold', () => {
  test('is by mode and by what a front door can show; the key of httpsok fits only orders without a CSR', () => {
    const config = read({ v: racent, h: httpsok, d: digicert, w: wosign });
    const refused = soldThrough(config).map(({ issuer, mode, doors }) => [
      issuer,
      mode,
      ...doors.flatMap(({ dialect, standing }) => (standing === 'none' ? [dialect] : [])),
    ]);
    assert.deepEqual(refused, [
      ['v', 'relay', 'wosign', 'acme'],
      ['h', 'relay', 'native', 'encryption365', 'wosign', 'digicert', 'acme'],
      ['d', 'standing'],
      ['w', 'signfile'],
    ]);
  });

  test('products that no front door has are named', () => {
    const config = read({ v: { ...racent, products: { 'tls-dv': 'dv', 'tls-xv': 'xv', 'native:tls-ov': 'ov' } } });
    assert.deepEqual(unknownProducts(config), [{ issuer: 'v', code: 'tls-xv' }]);
  });
});
