/** Reading a configuration file: YAML (or JSON, which is YAML), checked whole, with errors that name setting and line. */

import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { dialects } from '../dialects/registry.ts';
import { CertError, renderReason } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { unsoldIssuers } from '../domain/pair-table.ts';
import { pkiUrlProblem } from '../domain/pki-url.ts';
import type { ConfigIssue } from '../domain/ports/dialect.ts';
import { asPhrase } from '../domain/two-languages.ts';
import { aliasZoneOf, aliasZoneProblems } from './alias-zone.ts';
import { issuerProblems } from './issuer-problems.ts';
import { openDoors, sidesOf } from './pairs.ts';
import { pkiUrlOf } from './pki-url.ts';
import type { ConfigProblem } from './problem.ts';
import { profileProblems } from './profile-problems.ts';
import { type ConfigFile, configSchema, readDialectSection } from './schema.ts';
import { suggestionFor } from './suggest.ts';
import { wording } from './wording.ts';
import { valueFault, yamlFault } from './yaml-faults.ts';

/** What is wrong with a configuration, one line each, for people. */
export class ConfigError extends CertError {
  /** Each begins with the setting: `listen.0: …`. In English. */
  readonly problems: readonly string[];
  /** The same in both languages. */
  readonly phrases: readonly Phrase[];

  constructor(file: string, problems: readonly Phrase[]) {
    const all = { en: problems.map(({ en }) => en).join('; '), zh: problems.map(({ zh }) => zh).join('；') };
    super({ key: 'configRefused', params: { file, problems: all } });
    this.problems = problems.map(({ en }) => en);
    this.phrases = problems;
  }
}

/**
 * The configuration with every default filled in.
 * @param text the file's content; an empty one means all defaults
 * @param file its name, for messages
 * @throws {ConfigError} listing every problem, not only the first
 */
export function parseConfig(text: string, file: string): ConfigFile {
  return parse(text, file, () => []);
}

/** The same for a server that is still to make its CA. @throws {ConfigError} as well for what its certificates must not say */
export function parseFirstConfig(text: string, file: string): ConfigFile {
  return parse(text, file, (config) => {
    const problem = config.authority.allowLocalPkiUrl ? undefined : pkiUrlProblem(pkiUrlOf(config));
    return problem === undefined ? [] : [{ path: ['authority', 'pkiUrl'], message: problem }];
  });
}

/** What was found beside the file, in files that it names, with the lines of their settings. */
export function problemLines(text: string, problems: readonly ConfigProblem[]): readonly Phrase[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'error' });
  return problems.map((problem) => problemText(problem, lineOf(document, lines, problem.path)));
}

function parse(text: string, file: string, further: (config: ConfigFile) => readonly ConfigProblem[]): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true, logLevel: 'error' });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) throw new ConfigError(file, faults.map(yamlFault));
  const parsed = configSchema.safeParse(toValue(document, file) ?? {}, { error: wording });
  const problems = parsed.success
    ? [...dialectProblems(parsed.data), ...contradictions(parsed.data), ...further(parsed.data)]
    : parsed.error.issues.flatMap((issue) => problemsOf(issue, []));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      file,
      problems.map((problem) => problemText(problem, lineOf(document, lines, problem.path))),
    );
  }
  return parsed.data;
}

function toValue(document: Document, file: string): unknown {
  try {
    const value: unknown = document.toJS();
    // An alias inside of what it names would make whoever walks the value walk for ever.
    JSON.stringify(value);
    return withoutNulls(value);
  } catch (thrown) {
    // That, and aliases that would grow into gigabytes.
    throw new ConfigError(file, [valueFault(thrown)]);
  }
}

/** A setting without a value, such as a section whose lines are all commented out, is one that is not set. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const set = Object.entries(value).filter(([, child]) => child !== null);
  return Object.fromEntries(set.map(([key, child]) => [key, withoutNulls(child)]));
}

type Issue = ConfigIssue & {
  readonly errors?: readonly (readonly ConfigIssue[])[];
  /** Set for `invalid_key` and `invalid_element`. */
  readonly issues?: readonly ConfigIssue[];
};

function problemsOf(issue: Issue, prefix: readonly string[]): readonly ConfigProblem[] {
  const path = [...prefix, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => {
      const unknown = [...path, key];
      const { en, zh } = suggestionFor(unknown);
      return { path: unknown, message: { en: `there is no such setting${en}`, zh: `没有此设置项${zh}` } };
    });
  }
  // Of several ways to write a setting, the one that is nearest to what was written.
  const [nearest] = (issue.errors ?? []).toSorted((one, other) => one.length - other.length);
  if (nearest !== undefined) return nearest.flatMap((one) => problemsOf(one, path));
  // What is wrong with a name of a record, or with an entry, is said by the schema of that.
  const [inner = issue] = issue.issues ?? [];
  // The whole schema has its words in both languages (test/config/languages.test.ts).
  return [{ path, message: asPhrase(inner.message) ?? { en: inner.message, zh: inner.message } }];
}

function dialectProblems(config: ConfigFile): readonly ConfigProblem[] {
  return dialects.flatMap((dialect) => {
    const read = readDialectSection(config.dialects[dialect.name], dialect);
    if (!('issues' in read)) return [];
    return read.issues.flatMap((issue) => problemsOf(issue, ['dialects', dialect.name]));
  });
}

/** What is wrong although each setting by itself is right. */
function contradictions(config: ConfigFile): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const needsTls = config.listen.some((url) => url.startsWith('https:'));
  if (needsTls && config.tls === undefined) {
    problems.push({ path: ['listen'], message: needsTlsPhrase });
  }
  if (!needsTls && config.tls !== undefined) {
    problems.push({ path: ['tls'], message: unusedTls });
  }
  for (const [index, url] of config.listen.entries()) {
    // Port 0 is another free port each time.
    if (config.listen.indexOf(url) === index || url.endsWith(':0')) continue;
    problems.push({ path: ['listen', String(index)], message: listedTwice(url) });
  }
  const served = config.serve?.listen ?? [];
  for (const [index, url] of served.entries()) {
    const isTwice = served.indexOf(url) !== index || config.listen.includes(url);
    if (!isTwice || url.endsWith(':0')) continue;
    const message = {
      en: `${url} is listed twice; on the addresses of listen the responder answers anyway`,
      zh: `${url} 重复列出；响应服务本来就在 listen 的地址上应答`,
    };
    problems.push({ path: ['serve', 'listen', String(index)], message });
  }
  const wrongRole = objectionToRole(config);
  if (wrongRole !== undefined) problems.push({ path: ['role'], message: wrongRole });
  return [
    ...problems,
    ...mailContradictions(config),
    ...alarmContradictions(config),
    ...hostsTwice(config),
    ...(config.aliasZone === undefined ? [] : aliasZoneProblems(config.aliasZone)),
    ...zonesApart(config),
    ...issuerProblems(config),
    ...profileProblems(config),
    ...unsold(config),
  ];
}

/** Why a node cannot have this role; undefined: it can. */
export function objectionToRole({ role, database }: Pick<ConfigFile, 'role' | 'database'>): Phrase | undefined {
  if (role === 'all' || database !== undefined) return undefined;
  return {
    en: `${role} is for nodes that share a PostgreSQL database (the setting database); the embedded one belongs to one process, which does everything`,
    zh: `${role} 用于共用 PostgreSQL 数据库（设置项 database）的节点；内置数据库只属于一个进程，由它完成全部工作`,
  };
}

const needsTlsPhrase: Phrase = { en: 'an https address needs the setting tls', zh: 'https 地址需要设置 tls' };
const unusedTls: Phrase = {
  en: 'no listen address is https, so it would never be used',
  zh: 'listen 中没有 https 地址，此项不会被使用',
};

function listedTwice(what: string): Phrase {
  return { en: `${what} is listed twice`, zh: `${what} 重复列出` };
}

function alarmContradictions({ alarms, mail }: ConfigFile): readonly ConfigProblem[] {
  if (alarms.mail.length === 0 || mail !== undefined) return [];
  return [
    {
      path: ['alarms', 'mail'],
      message: { en: 'nobody can send it: the section mail is missing', zh: '缺少 mail 设置，无法发送邮件' },
    },
  ];
}

function mailContradictions(config: ConfigFile): readonly ConfigProblem[] {
  const { mail, publicUrl } = config;
  if (mail === undefined) return [];
  const host = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;
  const owner = dialects.find((dialect) => {
    const read = readDialectSection(config.dialects[dialect.name], dialect);
    return 'settings' in read && read.settings.hosts.some((bound) => bound.toLowerCase() === host);
  });
  if (owner !== undefined) {
    const message = {
      en: `its host is bound to ${owner.name}, so the links in mails (/confirm/…, /invitation/…, /mail/stop/…) would lead nowhere`,
      zh: `该主机名已绑定到 ${owner.name}，邮件中的链接（/confirm/…、/invitation/…、/mail/stop/…）将无法打开`,
    };
    return [{ path: ['publicUrl'], message }];
  }
  const { user, password, passwordFile } = mail;
  const path = ['mail', 'user'];
  if (password !== undefined && passwordFile !== undefined) {
    const message = {
      en: 'passwordFile is set as well; one of them must go',
      zh: '同时设置了 passwordFile，只能保留其中一项',
    };
    return [{ path: ['mail', 'password'], message }];
  }
  const hasPassword = password !== undefined || passwordFile !== undefined;
  if (user !== undefined && !hasPassword) {
    return [{ path, message: { en: 'needs password or passwordFile', zh: '需要设置 password 或 passwordFile' } }];
  }
  if (user === undefined && hasPassword) {
    return [{ path, message: { en: 'is missing, but there is a password', zh: '缺失，但已设置密码' } }];
  }
  return [];
}

function hostsTwice(config: ConfigFile): readonly ConfigProblem[] {
  const owners = new Map<string, string>();
  return dialects.flatMap((dialect) => {
    const { name } = dialect;
    const read = readDialectSection(config.dialects[name], dialect);
    if ('issues' in read) return [];
    return read.settings.hosts.flatMap((host, index) => {
      const owner = owners.get(host.toLowerCase()) ?? name;
      owners.set(host.toLowerCase(), owner);
      if (owner === name) return [];
      const message = { en: `${host} is bound to ${owner} already`, zh: `${host} 已绑定到 ${owner}` };
      return [{ path: ['dialects', name, 'hosts', String(index)], message }];
    });
  });
}

/** An issuer whose products no open front door can sell (docs/pairs.md). */
function unsold(config: ConfigFile): readonly ConfigProblem[] {
  return unsoldIssuers(openDoors(config), sidesOf(config)).map((reason) => ({
    path: ['dialects'],
    message: { en: renderReason(reason, 'en'), zh: renderReason(reason, 'zh') },
  }));
}

/** A name has one delegation: its label must lie in one zone, whichever front door shows it. */
function zonesApart({ aliasZone, dialects: sections }: ConfigFile): readonly ConfigProblem[] {
  if (aliasZone === undefined) return [];
  const { zone } = aliasZoneOf(aliasZone).settings;
  return dialects.flatMap(({ name }) => {
    const section = sections[name];
    const own =
      typeof section === 'object' && section !== null && 'aliasZone' in section ? section.aliasZone : undefined;
    if (own === undefined || own === zone) return [];
    const message = {
      en: `is ${own}, and aliasZone.zone is ${zone}: a name can be delegated to only one of them; leave this one out`,
      zh: `为 ${own}，而 aliasZone.zone 为 ${aliasZone.zone}：一个域名只能委托到其中之一，请删除此项`,
    };
    return [{ path: ['dialects', name, 'aliasZone'], message }];
  });
}

function lineOf(document: Document, lines: LineCounter, path: readonly string[]): number | undefined {
  // A setting that is missing has no line; the section it is missing from has.
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

function problemText(problem: ConfigProblem, line: number | undefined): Phrase {
  const setting = problem.path.join('.');
  const { en, zh } = problem.message;
  return {
    en: `${setting || 'the configuration'}: ${en}${line === undefined ? '' : ` (line ${line})`}`,
    zh: `${setting || '配置'}：${zh}${line === undefined ? '' : `（第 ${line} 行）`}`,
  };
}
