/** What is wrong with a value, in both languages, for every kind of issue that schemas know: their library's own words are English only. */
import type { z } from 'zod';
import { quoted } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import type { ConfigWording, SchemaIssue } from '../domain/ports/dialect.ts';
import { asOneText } from '../domain/two-languages.ts';

/** Words for what a schema leaves to its library. A schema's own words come first; they are one text in both languages as well. */
export const wording: ConfigWording = (issue) => asOneText(phraseOf(issue));

function phraseOf(issue: SchemaIssue): Phrase {
  const phrase = Object.hasOwn(phrases, issue.code) ? phrases[issue.code as z.core.$ZodIssueCode] : undefined;
  return (phrase ?? phrases.custom)(issue);
}

const phrases: Readonly<Record<z.core.$ZodIssueCode, (issue: SchemaIssue) => Phrase>> = {
  invalid_type: ({ input, expected = '' }) => {
    if (input === undefined) return { en: 'is missing', zh: '缺失' };
    return mustBe(kinds[expected] ?? { en: expected, zh: expected }, input);
  },
  invalid_value: ({ input, values = [] }) => mustBe(oneOf(values.map(String)), input),
  too_small: (issue) => {
    const limit = issue.minimum ?? 0;
    if (issue.exact === true) return exactly(limit, issue);
    return issue.inclusive === false
      ? bounded('more than', '大于', limit, issue)
      : bounded('at least', '至少', limit, issue);
  },
  too_big: (issue) => {
    const limit = issue.maximum ?? 0;
    if (issue.exact === true) return exactly(limit, issue);
    return issue.inclusive === false
      ? bounded('less than', '小于', limit, issue)
      : bounded('at most', '至多', limit, issue);
  },
  // A text is not quoted: it may be a password.
  invalid_format: (issue) => {
    const { en, zh } = formatOf(issue);
    return { en: `must be ${en}`, zh: `必须是${zh}` };
  },
  not_multiple_of: ({ input, divisor = 1 }) =>
    mustBe({ en: `a multiple of ${divisor}`, zh: `${divisor} 的倍数` }, input),
  unrecognized_keys: ({ keys = [] }) => ({
    en: `there is no such setting: ${keys.join(', ')}`,
    zh: `没有此设置项：${keys.join('、')}`,
  }),
  invalid_union: ({ inclusive }) =>
    inclusive === false
      ? { en: 'can be read in several ways; write it in one of them', zh: '可作多种理解，请改为其中一种写法' }
      : { en: 'is not written in any of the ways that this setting takes', zh: '不符合此设置项支持的任何一种写法' },
  invalid_key: () => ({ en: 'is not a name that can stand here', zh: '不是此处可用的名称' }),
  invalid_element: () => ({ en: 'has an entry that cannot stand here', zh: '含有此处不可用的项' }),
  custom: () => ({ en: 'is not a value that this setting takes', zh: '不是此设置项可用的值' }),
};

function mustBe({ en, zh }: Phrase, input: unknown): Phrase {
  return { en: `must be ${en}, not ${quoted(input)}`, zh: `必须是${spaced(zh)}，不能是 ${quoted(input)}` };
}

function oneOf(values: readonly string[]): Phrase {
  return { en: values.join(' or '), zh: values.join(' 或 ') };
}

/** Chinese text stands apart from what is none. */
function spaced(zh: string): string {
  return /^[\x21-\x7e]/.test(zh) ? ` ${zh}` : zh;
}

function exactly(limit: number | bigint, issue: SchemaIssue): Phrase {
  return bounded('exactly', '正好', limit, issue);
}

/** A text is not quoted: it may be a password. */
function bounded(en: string, zh: string, limit: number | bigint, { origin = '', input }: SchemaIssue): Phrase {
  const unit = Object.hasOwn(units, origin) ? units[origin] : undefined;
  if (unit === undefined) {
    return {
      en: `must be ${en} ${limit}, not ${quoted(input)}`,
      zh: `必须${zh}${zh === '至少' || zh === '至多' ? '为' : ''} ${limit}，不能是 ${quoted(input)}`,
    };
  }
  const [one, several, counted] = unit;
  const verb = zh === '至多' || zh === '小于' ? '只能有' : '需要';
  return { en: `must have ${en} ${limit} ${limit === 1 ? one : several}`, zh: `${zh}${verb} ${limit} ${counted}` };
}

/** What is counted, where it is not the value itself. */
const units: Readonly<Record<string, readonly [one: string, several: string, zh: string]>> = {
  string: ['character', 'characters', '个字符'],
  array: ['entry', 'entries', '项'],
  set: ['entry', 'entries', '项'],
  map: ['entry', 'entries', '项'],
  record: ['entry', 'entries', '项'],
  file: ['byte', 'bytes', '字节'],
};

const list = { en: 'a list', zh: '列表' };
const section = { en: 'a section', zh: '一组设置' };
const nothing = { en: 'left out', zh: '空' };

const kinds: Readonly<Record<string, Phrase>> = {
  string: { en: 'text', zh: '文本' },
  number: { en: 'a number', zh: '数字' },
  int: { en: 'a whole number', zh: '整数' },
  bigint: { en: 'a whole number', zh: '整数' },
  nan: { en: 'not a number', zh: '非数字' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  array: list,
  tuple: list,
  set: list,
  object: section,
  record: section,
  map: section,
  date: { en: 'a date', zh: '日期' },
  null: nothing,
  undefined: nothing,
  never: nothing,
  void: nothing,
  nonoptional: { en: 'set', zh: '已设置的值' },
  file: { en: 'a file', zh: '文件' },
  symbol: { en: 'a symbol', zh: '符号' },
  function: { en: 'a function', zh: '函数' },
};

function formatOf({ format = '', pattern, prefix, suffix, includes }: SchemaIssue): Phrase {
  switch (format) {
    case 'regex':
      return { en: `text of the form ${pattern}`, zh: `符合 ${pattern} 的文本` };
    case 'starts_with':
      return { en: `text that begins with ${quoted(prefix)}`, zh: `以 ${quoted(prefix)} 开头的文本` };
    case 'ends_with':
      return { en: `text that ends with ${quoted(suffix)}`, zh: `以 ${quoted(suffix)} 结尾的文本` };
    case 'includes':
      return { en: `text with ${quoted(includes)} in it`, zh: `含有 ${quoted(includes)} 的文本` };
    default:
      return (
        (Object.hasOwn(formats, format) ? formats[format] : undefined) ?? { en: format, zh: ` ${format} 格式的文本` }
      );
  }
}

const formats: Readonly<Record<string, Phrase>> = {
  url: { en: 'a URL', zh: '网址' },
  email: { en: 'a mail address', zh: '邮箱地址' },
  ipv4: { en: 'an IPv4 address', zh: ' IPv4 地址' },
  ipv6: { en: 'an IPv6 address', zh: ' IPv6 地址' },
  cidrv4: { en: 'a range of IPv4 addresses', zh: ' IPv4 网段' },
  cidrv6: { en: 'a range of IPv6 addresses', zh: ' IPv6 网段' },
  date: { en: 'a date such as 2026-06-01', zh: '日期，例如 2026-06-01' },
  time: { en: 'a time such as 08:00:00', zh: '时间，例如 08:00:00' },
  datetime: { en: 'a time such as 2026-06-01T08:00:00Z', zh: '时间，例如 2026-06-01T08:00:00Z' },
  duration: { en: 'a duration such as P1D', zh: '时长，例如 P1D' },
  base64: { en: 'base64', zh: ' base64 文本' },
  base64url: { en: 'base64url', zh: ' base64url 文本' },
  lowercase: { en: 'text in lower case', zh: '小写文本' },
  uppercase: { en: 'text in upper case', zh: '大写文本' },
};
