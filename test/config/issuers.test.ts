/** The section `issuers`: what it takes, and what it refuses in both languages. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { stringify } from 'yaml';
import { ConfigError, parseConfig } from '../../src/config/load.ts';
import { upstreamsApi } from '../../src/dialects/native/schema/upstreams.ts';
import { renderReason } from '../../src/domain/errors.ts';
import { assertBothLanguages } from '../support/both-languages.ts';

const zone = {
  aliasZone: {
    zone: 'acme.example.com',
    nameServers: [{ name: 'ns.acme.example.com', addresses: ['192.0.2.53'] }],
    contact: 'dns@example.com',
  },
};
const ca = { kind: 'acme', directory: 'https://ca.example.com/directory', termsAgreed: true };

function read(issuers: object, others: object = zone) {
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

test('No account at an upstream is called like a path of the native API beside those of accounts.', () => {
  const ofAccount = Object.values(upstreamsApi).map(({ method, path }) => `${method} ${path}`);
  const siblings = Object.values(upstreamsApi)
    .filter(({ path }) => path.startsWith('/api/v1/upstreams/') && !path.startsWith('/api/v1/upstreams/:'))
    .map(({ method, path }) => [method, path.split('/').slice(4)] as const)
    // Taken by the other path where that has as many parts.
    .filter(([method, { length }]) =>
      ofAccount.some(
        (one) => one.startsWith(`${method} /api/v1/upstreams/:upstream`) && one.split('/').length === length + 4,
      ),
    )
    .map(([, [name = '']]) => name);
  assert.ok(siblings.length > 0);
  for (const name of siblings) {
    assert.match(
      refusalOf({ [name]: ca }).en.join(),
      new RegExp(`^issuers\\.${name}: the account cannot be called "${name}"`),
    );
    const { en, zh } = refusalOf({ le: { ...ca, account: name } });
    assert.match(en.join(), new RegExp(`^issuers\\.le\\.account: the account cannot be called "${name}"`));
    assert.match(zh, /账户不能命名为/);
    assert.deepEqual(refusalOf({ [name]: { ...ca, account: 'le' } }).en, [], 'an issuer may');
  }
});

test('Without the section there is only the embedded CA.', () => {
  assert.deepEqual(parseConfig('', 'certmux.yaml').issuers, {});
});

test('An ACME CA needs little: its name and that the terms are agreed to.', () => {
  const { issuers } = read({ le: { kind: 'acme', ca: 'letsencrypt', termsAgreed: true } });
  assert.deepEqual(issuers.le, {
    kind: 'acme',
    ca: 'letsencrypt',
    mode: 'alias',
    contacts: [],
    termsAgreed: true,
    deadlineHours: 72,
    afterDeadline: 'fail',
    concurrency: 8,
  });
});

describe('accepted', () => {
  const rows: readonly (readonly [why: string, issuers: object, others?: object])[] = [
    ['http on loopback', { test: { ...ca, directory: 'http://127.0.0.1:14000/dir' } }],
    ['serve without a zone', { le: { ...ca, mode: 'serve' } }, {}],
    ['persist without a zone', { le: { ...ca, mode: 'persist' } }, {}],
    ['two issuers of one account', { one: { ...ca, account: 'both' }, two: { ...ca, account: 'both' } }],
    ['a pool before its members', { all: { kind: 'pool', members: ['le'] }, le: ca }],
    ['a key for the account', { le: { ...ca, externalKey: { keyId: 'k', hmacKey: 'c2VjcmV0LXNlY3JldA' } } }],
    ['padding of a key', { le: { ...ca, externalKey: { keyId: 'k', hmacKey: 'c2VjcmV0LXNlY3JldA==' } } }],
    ['a proxy with a password', { le: { ...ca, proxy: 'http://user:word@gateway.example.com:8888' } }],
    [
      'budgets by name',
      { le: { kind: 'acme', ca: 'letsencrypt', termsAgreed: true, budgets: { 'new orders': 'off' } } },
    ],
    [
      'budgets of another CA as a list',
      { le: { ...ca, budgets: [{ name: 'orders', counts: 'order', per: 'account', limit: 5, windowHours: 24 }] } },
    ],
  ];
  for (const [why, issuers, others] of rows) test(why, () => assert.deepEqual(refusalOf(issuers, others).en, []));
});

describe('refused', () => {
  const idForm = 'must be 1 to 32 lower-case letters, digits and hyphens, like letsencrypt-main';
  const rows: readonly (readonly [issuers: object, en: string, zh: RegExp, others?: object])[] = [
    // ids
    [
      { embedded: ca },
      'issuers.embedded: "embedded" is the CA of certmux itself; choose another id',
      /"embedded" 是 certmux 内置的签发机构/,
    ],
    [{ 'Le/1': ca }, `issuers.Le/1: the id ${idForm}, not "Le/1"`, /不能是 "Le\/1"/],
    [
      { le: { ...ca, account: 'a b' } },
      `issuers.le.account: the name of the account ${idForm}, not "a b"`,
      /账户名必须是.*不能是 "a b"/,
    ],
    // kinds and settings that do not exist
    [
      { le: { ...ca, kind: 'vendor' } },
      'issuers.le.kind: must be acme, digicert, encryption365, httpsok, racent, wosign or pool, not "vendor"',
      /issuers\.le\.kind/,
    ],
    [
      { le: { ...ca, kind: 'digicrt' } },
      'issuers.le.kind: must be acme, digicert, encryption365, httpsok, racent, wosign or pool, not "digicrt"; did you mean digicert?',
      /issuers\.le\.kind/,
    ],
    [
      { le: { ...ca, directry: 'x' } },
      'issuers.le.directry: there is no such setting; did you mean issuers.le.directory?',
      /directry/,
    ],
    // where the CA is
    [
      { le: { ...ca, directory: 'http://ca.example.com/directory' } },
      'issuers.le.directory: must be an https address, like https://ca.example.com/acme/directory, or http on loopback',
      /issuers\.le\.directory/,
    ],
    [
      { le: { kind: 'acme', ca: 'step-ca', termsAgreed: true } },
      'issuers.le.directory: is missing: step-ca has no address that is the same for everybody',
      /step-ca 没有统一的目录地址/,
    ],
    // what must be agreed to and prepared
    [
      { le: { ...ca, termsAgreed: false } },
      'issuers.le.termsAgreed: must be true, not false: read the terms of service of ACME, to which its directory leads, and agree to them',
      /issuers\.le\.termsAgreed：必须为 true，不能是 false/,
    ],
    [
      { le: ca },
      'issuers.le.mode: "alias" needs the setting aliasZone.zone, into which customers delegate; or choose serve or persist',
      /"alias" 需要设置 aliasZone\.zone/,
      {},
    ],
    [
      { x: { kind: 'acme', ca: 'sslcom-ecc', termsAgreed: true, externalKey: { keyId: 'k', hmacKeyFile: 'f' } } },
      'issuers.x.contacts: SSL.com, ECC requires a mail address; the list is empty',
      /要求提供邮箱地址/,
    ],
    // keys
    [
      { z: { kind: 'acme', ca: 'zerossl', termsAgreed: true } },
      'issuers.z.externalKey: is missing: ZeroSSL takes only accounts that are bound to one of its own; set zerosslEmail, or keyId and hmacKeyFile',
      /ZeroSSL 只接受与其账户绑定（EAB）的 ACME 账户，请设置 zerosslEmail，或 keyId 和 hmacKeyFile/,
    ],
    [
      { le: { ...ca, externalKey: { keyId: 'k', hmacKey: 'c2VjcmV0LXNlY3JldA', hmacKeyFile: 'f' } } },
      'issuers.le.externalKey: hmacKey and hmacKeyFile are both set; one of them must go',
      /同时设置了 hmacKey 和 hmacKeyFile/,
    ],
    [{ le: { ...ca, externalKey: { hmacKeyFile: 'f' } } }, 'issuers.le.externalKey: keyId is missing', /缺少 keyId/],
    [
      { le: { ...ca, externalKey: { keyId: 'k' } } },
      'issuers.le.externalKey: hmacKeyFile is missing, or hmacKey',
      /缺少 hmacKeyFile/,
    ],
    [
      { le: { ...ca, externalKey: { keyId: 'k', hmacKey: 'not so secret' } } },
      'issuers.le.externalKey: hmacKey must be base64url', // the value is not shown
      /hmacKey 必须是 base64url 文本/,
    ],
    [
      { le: { ...ca, externalKey: { zerosslEmail: 'a@b.example' } } },
      'issuers.le.externalKey: zerosslEmail is for the CA zerossl, not "custom"',
      /zerosslEmail 仅用于 zerossl，不能用于 "custom"/,
    ],
    // budgets
    [
      { le: { ...ca, budgets: { orders: { limit: 5 } } } },
      'issuers.le.budgets.orders: no budgets of "custom" are known; write a list instead, each with name, counts, per, limit and windowHours',
      /没有 "custom" 的已知限额/,
    ],
    [
      { le: { ...ca, budgets: { orders: { limit: 0 } } } },
      'issuers.le.budgets.orders.limit: must be at least 1, not "0"',
      /issuers\.le\.budgets\.orders\.limit/,
    ],
    // pools
    [
      { le: ca, all: { kind: 'pool', members: ['lee'] } },
      'issuers.all.members: there is no issuer "lee"; did you mean le?',
      /issuers\.all\.members：没有签发机构 "lee"，是否为 le？/,
    ],
    [
      { le: ca, some: { kind: 'pool', members: ['le'] }, all: { kind: 'pool', members: ['some'] } },
      'issuers.all.members: "some" is a pool itself; list its members here',
      /"some" 本身就是签发机构池/,
    ],
    [
      { le: ca, all: { kind: 'pool', members: ['le', 'le'] } },
      'issuers.all.members: "le" is listed twice',
      /"le" 重复列出/,
    ],
    [
      { all: { kind: 'pool', members: ['embedded'] } },
      'issuers.all.members: "embedded" cannot be in a pool: it relies on certmux\'s own checks of names, and never has to be replaced',
      /"embedded" 不能放入签发机构池/,
    ],
    [
      { all: { kind: 'pool', members: [] } },
      'issuers.all.members: must have at least 1 entry',
      /issuers\.all\.members/,
    ],
    [
      { le: ca, other: { ...ca, mode: 'serve' }, all: { kind: 'pool', members: ['le', 'other'] } },
      'issuers.all.members: the members of a pool must have the same mode, since customers prepare for one; these have: le alias, other serve',
      /mode 必须相同，.*le alias、other serve/,
    ],
    // accounts
    [
      { one: { ...ca, account: 'a' }, two: { ...ca, account: 'a', directory: 'https://other.example/directory' } },
      'issuers.two.account: "a" is the account of the issuer one at another CA (https://ca.example.com/directory); choose another name',
      /"a" 是签发机构 one 在另一个 CA/,
    ],
    [
      { one: { ...ca, account: 'a' }, two: { ...ca, account: 'a', contacts: ['x@y.example'] } },
      'issuers.two.account: "a" is the account of the issuer one as well, whose contacts are not the same; they belong to the account',
      /两者的 contacts 不同/,
    ],
  ];
  for (const [issuers, en, zh, others] of rows) {
    test(en, () => {
      const refusal = refusalOf(issuers, others);
      assert.deepEqual(refusal.en, [en]);
      assert.match(refusal.zh, zh);
    });
  }
});
