/** Every row of the catalogue says the same in both languages, with the values it is given. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { errorCodes } from '../../src/domain/error-codes.ts';
import { CertError, quoted, type Reason, reason, refuse, renderReason, toCertError } from '../../src/domain/errors.ts';
import { derFaults, jwsFaults, modulusFaults, pemFaults } from '../../src/domain/messages/faults.ts';
import { type ReasonKey, reasons } from '../../src/domain/messages/index.ts';
import { conditionsZh, connectionFaultsZh, encodedZh, methodsZh, rolesZh } from '../../src/domain/messages/words.ts';
import { printable } from '../../src/domain/printable.ts';

interface Rendering {
  readonly text: string;
  readonly read: readonly string[];
}

/** Renders a row with parameters that tell their own names, and sees which it read. */
function render(key: ReasonKey, language: 'en' | 'zh'): Rendering {
  const read = new Set<string>();
  const params = new Proxy(
    {},
    {
      get(_, name) {
        read.add(String(name));
        if (phrases.has(`${key}.${String(name)}`)) return { en: `<${String(name)}>`, zh: `<${String(name)}>` };
        // `what` is one of a list of things, each with its Chinese word.
        return name === 'what' && things.has(key) ? 'order' : `<${String(name)}>`;
      },
    },
  );
  const text = renderReason({ key, params } as unknown as Reason, language);
  return { text, read: [...read].toSorted() };
}

/** Rows whose `what` is a Thing, not a text. */
const things = new Set<ReasonKey>(['wrongState', 'notFound', 'alreadyExists', 'workFailed', 'tooManyOfKind']);

/** Values that are a text in each language. */
const phrases = new Set([
  'configRefused.problems',
  'configuredFileRefused.flaw',
  'authorityNotMade.problem',
  'webhookNotTaken.answer',
]);

const han = /\p{Script=Han}/u;
const keys = Object.keys(reasons) as ReasonKey[];

describe('the catalogue', () => {
  for (const key of keys) {
    test(key, () => {
      const [en, zh] = [render(key, 'en'), render(key, 'zh')];
      assert.deepEqual(zh.read, en.read, 'both languages tell the same values');
      for (const name of en.read) {
        const [inEnglish, inChinese] =
          name === 'what' && things.has(key) ? ['order', '订单'] : [`<${name}>`, `<${name}>`];
        assert.ok(en.text.includes(inEnglish), `${en.text} lacks ${name}`);
        assert.ok(zh.text.includes(inChinese), `${zh.text} lacks ${name}`);
      }
      assert.match(zh.text, han);
      assert.doesNotMatch(en.text, /[^\x20-\x7e–]/);
      // What another server answered begins with that server's name; the rest begins in lower case or with an acronym.
      assert.match(en.text, /^([a-z<*]|in |CSR|DNS|HTTP|RSA|JWS)/, en.text);
      for (const { text } of [en, zh]) {
        assert.doesNotMatch(text, /undefined|null|NaN|\[object/);
        assert.doesNotMatch(text, /[.。!！]$/, 'a message has no full stop');
        assert.doesNotMatch(text, /\s\s|^\s|\s$/);
      }
    });
  }

  test('has a row for every error code but none that stands for an unknown one', () => {
    const used = new Set(keys.map((key) => reasons[key].code));
    assert.deepEqual([...used].toSorted(), [...errorCodes].toSorted());
  });

  test('names every thing in Chinese', () => {
    const whats = [
      ...['order', 'certificate', 'user', 'credential', 'product', 'name', 'issuance', 'approval', 'authority'],
    ] as const;
    for (const what of whats) {
      const text = renderReason({ key: 'notFound', params: { what, value: '7' } } as Reason, 'zh');
      assert.match(text, /^该账户下不存在\p{Script=Han}+ 7$/u);
    }
    const account = { key: 'notFound', params: { what: 'account', value: '7' } } as const;
    assert.equal(renderReason(account, 'zh'), '账户 7 不存在'); // an account is in none
    assert.equal(renderReason(account, 'en'), 'there is no account 7');
  });
});

describe('a word of a message', () => {
  const tables = { conditionsZh, rolesZh, methodsZh, encodedZh, connectionFaultsZh };
  /** Names that Chinese readers know as they are. */
  const known = new Set(['ALPN', 'CNAME', 'CRL', 'CSR', 'DNS', 'HTTP', 'HTTPS', 'TLS', 'TXT']);
  for (const [name, table] of Object.entries(tables)) {
    test(`has a Chinese one: ${name}`, () => {
      for (const [key, word] of Object.entries(table)) {
        const foreign = word.match(/[A-Za-z]+/g) ?? [];
        assert.deepEqual(
          foreign.filter((one: string) => !known.has(one)),
          [],
          key,
        );
        assert.ok(han.test(word) || foreign.length > 0, key);
      }
    });
  }

  const rows: readonly (readonly [reason: Reason, zh: string])[] = [
    [
      reason('wrongState', { what: 'order', value: '7', state: 'issuing', needed: ['awaitingApproval', 'ready'] }),
      '订单 7 当前状态为“签发中”，该操作要求“待审批或待签发”',
    ],
    [reason('roleMissing', { role: ['operator', 'administrator'] }), '该操作需要角色：管理员或账户管理员'],
    [
      reason('methodNotAllowed', { method: 'httpFile', name: 'a.example' }),
      '不能用“HTTP 文件”方式验证 a.example，请更换验证方式',
    ],
    [
      reason('derMalformed', {
        what: 'the CSR',
        detail: { fault: 'cutOff', element: 'INTEGER', length: 9, left: 2 },
        offset: 4,
      }),
      'CSR 不是有效的 DER 编码：第 4 字节处，INTEGER 应有 9 字节，在 2 字节后被截断',
    ],
    [
      reason('derMalformed', { what: 'the CSR (extension 2.5.29.17)', detail: { fault: 'ipLength' }, offset: 4 }),
      'CSR（扩展 2.5.29.17） 不是有效的 DER 编码：第 4 字节处，IP 地址既不是 4 字节也不是 16 字节',
    ],
    [
      reason('pemMalformed', { what: 'csr_code', detail: { fault: 'empty' } }),
      'csr_code 既不是 PEM 也不是 base64：内容为空', // the name of a field stays
    ],
    [reason('keyRsaModulus', { detail: { fault: 'divisible', factor: 7 } }), 'RSA 模数不安全：可被 7 整除'],
    [
      reason('httpConnectFailed', { url: 'http://a.example/', peer: '192.0.2.1:80', detail: 'refused the connection' }),
      '无法连接 http://a.example/：192.0.2.1:80 拒绝连接',
    ],
    [
      reason('httpConnectFailed', {
        url: 'u',
        peer: 'p',
        detail: 'sent something that is not HTTP (HPE_INVALID_METHOD)',
      }),
      '无法连接 u：p 返回的内容不是 HTTP（HPE_INVALID_METHOD）',
    ],
    [reason('httpConnectFailed', { url: 'u', peer: 'p', detail: 'EPROTO' }), '无法连接 u：p EPROTO'], // no words of ours
    [
      reason('malformedJson', { detail: 'unexpected character at position 7' }),
      '请求内容不是有效的 JSON：位置 7 处的字符有误',
    ],
    [reason('malformedJson', { detail: 'unexpected end' }), '请求内容不是有效的 JSON：内容不完整'],
    [
      reason('fieldInvalid', { field: 'password', value: '[secret]', expected: { en: 'long', zh: '足够长' } }),
      '参数 password 无效：[secret]（应为足够长）',
    ],
  ];
  for (const [given, zh] of rows) test(zh, () => assert.equal(renderReason(given, 'zh'), zh));

  test('of several is told in English with "or"', () => {
    const needed = ['awaitingApproval', 'ready'] as const;
    const text = renderReason(reason('wrongState', { what: 'order', value: '7', state: 'issuing', needed }), 'en');
    assert.equal(text, 'order 7 is issuing; this needs awaitingApproval or ready');
  });
});

describe('a fault of an encoding', () => {
  for (const [key, row] of Object.entries({ ...derFaults, ...pemFaults, ...jwsFaults, ...modulusFaults })) {
    test(`is told in both languages, with the same values: ${key}`, () => {
      const rendered = (['en', 'zh'] as const).map((language) => {
        const read = new Set<string>();
        const params = new Proxy({}, { get: (_, name) => read.add(String(name)) && `<${String(name)}>` });
        return { text: (row[language] as (params: unknown) => string)(params), read: [...read].toSorted() };
      });
      const [en, zh] = rendered;
      assert.deepEqual(zh?.read, en?.read);
      assert.match(zh?.text ?? '', han);
      assert.doesNotMatch(en?.text ?? '', /[^\x20-\x7e]/);
      for (const { text, read } of rendered) for (const name of read) assert.ok(text.includes(`<${name}>`), text);
    });
  }

  test('that another version stored and this one does not know shows as its key', () => {
    const detail = { fault: 'tooFunny' };
    assert.equal(
      renderReason({ key: 'pemMalformed', params: { what: 'the CSR', detail } } as unknown as Reason, 'zh'),
      'CSR 既不是 PEM 也不是 base64：tooFunny',
    );
  });
});

test('A rejection is told with its note and without.', () => {
  const rows = [
    ['', 'en', 'the request was rejected by an approver'],
    ['too dear', 'en', 'the request was rejected by an approver: too dear'],
    ['', 'zh', '申请已被审批人拒绝'],
    ['太贵', 'zh', '申请已被审批人拒绝：太贵'],
  ] as const;
  for (const [note, language, expected] of rows) {
    assert.equal(renderReason(reason('approvalRejected', { note }), language), expected);
  }
});

test('A stored reason whose row is gone shows as its key.', () => {
  for (const key of ['nameTooFunny', 'constructor', '__proto__', 'toString']) {
    assert.equal(renderReason({ key, params: {} } as unknown as Reason, 'zh'), key);
  }
});

test('refuse makes the error of its row and keeps the cause for the log only.', () => {
  const cause = new Error('disk full at /secret/place');
  const error = refuse('fieldMissing', { field: 'pid' }, { cause });
  assert.ok(error instanceof CertError);
  assert.equal(error.name, 'CertError');
  assert.equal(error.code, 'invalidField');
  assert.equal(error.message, 'pid is required');
  assert.deepEqual(error.reason, { key: 'fieldMissing', params: { field: 'pid' } });
  assert.equal(error.cause, cause);
});

test('toCertError leaves a CertError as it is and hides everything else.', () => {
  const known = refuse('unknownProduct', { field: 'pid', value: '7' });
  assert.equal(toCertError(known), known);
  for (const thrown of [new Error('password=hunter2'), 'a text', undefined, null, { code: 'invalidField' }]) {
    const error = toCertError(thrown);
    assert.equal(error.code, 'internal');
    assert.equal(error.message, 'internal error; the operator can find the cause in the log by the request id');
    assert.equal(error.cause, thrown);
  }
});

describe('quoted', () => {
  const rows: readonly (readonly [value: unknown, expected: string])[] = [
    ['example.com', '"example.com"'],
    ['', '""'],
    ['a'.repeat(80), `"${'a'.repeat(80)}"`],
    ['a'.repeat(81), `"${'a'.repeat(80)}…"`],
    [5, '"5"'],
    [null, '"null"'],
    [undefined, '"undefined"'],
    [true, '"true"'],
    [['a', 1], '"["a",1]"'],
    [{ a: { b: 1 } }, '"{"a":{"b":1}}"'],
    ['a\r\nlevel=error forged', '"a\\r\\nlevel=error forged"'], // a log line of its own
    ['\u001b[31mred', '"\\u{1b}[31mred"'], // a terminal would turn red
    ['moc.\u202eelpmaxe', '"moc.\\u{202e}elpmaxe"'], // a bidi override would turn the rest around
    [`${'a'.repeat(79)}😀`, `"${'a'.repeat(79)}\ufffd…"`], // cut through a character
    ['证书', '"证书"'],
  ];
  for (const [value, expected] of rows) {
    test(JSON.stringify(value)?.slice(0, 40) ?? 'undefined', () => assert.equal(quoted(value), expected));
  }

  test('is cut to the length asked for', () => assert.equal(quoted('abcdef', 3), '"abc…"'));
});

test('printable escapes what a terminal or a log would obey, and nothing else.', () => {
  assert.equal(
    printable('a b\t\n\r\u0000\u007f\u0085\u200b\u2028\ud800ä证😀'),
    'a b\\t\\n\\r\\u{0}\\u{7f}\\u{85}\\u{200b}\\u{2028}\ufffdä证😀',
  );
});
