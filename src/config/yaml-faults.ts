/** A file that cannot be read as YAML: the fault in both languages, with its place. The library's own words are English only. */
import type { YAMLError } from 'yaml';
import type { Phrase } from '../domain/messages/expectations.ts';

export function yamlFault({ code, message, linePos }: YAMLError): Phrase {
  // The lines below the first draw an arrow under the place, which the first names as well.
  const english = (message.split('\n')[0] ?? '').replace(/:$/, '');
  const place = linePos === undefined ? '' : `（第 ${linePos[0].line} 行第 ${linePos[0].col} 列）`;
  return { en: `the file is not YAML: ${english}`, zh: `文件不是有效的 YAML：${faultsZh[code]}${place}` };
}

const faultsZh: Readonly<Record<YAMLError['code'], string>> = {
  ALIAS_PROPS: '别名不能带锚点或标签',
  BAD_ALIAS: '别名书写有误',
  BAD_DIRECTIVE: '指令书写有误',
  BAD_DQ_ESCAPE: '双引号文本中的转义有误',
  BAD_INDENT: '缩进有误，或缺少右括号',
  BAD_PROP_ORDER: '锚点和标签必须写在内容之前',
  BAD_SCALAR_START: '文本不能以该字符开头，请加上引号',
  BLOCK_AS_IMPLICIT_KEY: '同一行中不能嵌套多级设置',
  BLOCK_IN_FLOW: '方括号或花括号之内不能使用缩进写法',
  DUPLICATE_KEY: '同一设置项重复出现',
  IMPOSSIBLE: '内容无法解析',
  KEY_OVER_1024_CHARS: '设置项名称超过 1024 个字符',
  MISSING_CHAR: '缺少字符，例如引号、冒号、逗号或括号',
  MULTILINE_IMPLICIT_KEY: '设置项名称不能跨行',
  MULTIPLE_ANCHORS: '同一处不能有多个锚点',
  MULTIPLE_DOCS: '只能包含一个文档（不能用 --- 分隔为多个）',
  MULTIPLE_TAGS: '同一处不能有多个标签',
  NON_STRING_KEY: '设置项名称必须是文本',
  RESOURCE_EXHAUSTION: '嵌套层数或别名过多',
  TAB_AS_INDENT: '不能用制表符缩进，请使用空格',
  TAG_RESOLVE_FAILED: '不支持该标签（! 开头的写法）',
  UNEXPECTED_TOKEN: '此处出现了多余的内容',
  BAD_COLLECTION_TYPE: '标签与内容的类型不符',
};

/** What is wrong where the text is YAML, and its aliases lead nowhere, into themselves or into gigabytes. */
export function valueFault(thrown: unknown): Phrase {
  const [english = ''] = String(thrown instanceof Error ? thrown.message : thrown).split('\n');
  return { en: `the file cannot be read: ${english}`, zh: `无法读取文件：${valueFaultZh(english)}` };
}

function valueFaultZh(english: string): string {
  const [, unresolved] = /^Unresolved alias .*: (.*)$/.exec(english) ?? [];
  if (unresolved !== undefined) return `别名 ${unresolved} 没有对应的锚点（锚点必须写在别名之前）`;
  return /circular|cyclic/i.test(english) ? '别名引用了自身' : '别名展开后的内容过大，或无法展开';
}
