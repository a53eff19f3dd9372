/** Reading a configuration file: YAML (or JSON, which is YAML), checked whole, with errors that name setting and line. */

import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import { dialects } from '../dialects/registry.ts';
import { CertError, renderReason } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { unsoldIssuers } from '../domain/pair-table.ts';
import { pkiUrlProblem } from '../domain/pki-url.ts';
import type { ConfigIssue } from '../domain/ports/dialect.ts';
import { aliasZoneOf, aliasZoneProblems } from './alias-zone.ts';
import { issuerProblems } from './issuer-problems.ts';
import { openDoors, sidesOf } from './pairs.ts';
import { pkiUrlOf } from './pki-url.ts';
import { type ConfigProblem, inBoth } from './problem.ts';
import { type ConfigFile, configSchema, readDialectSection, wording } from './schema.ts';
import { suggestionFor } from './suggest.ts';

/** What is wrong with a configuration, one line each, for people. */
export class ConfigError extends CertError {
  /** Each begins with the setting: `listen.0: …`. In English; the message has those that there are in the reader's language. */
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
  if (faults.length > 0)
    throw new ConfigError(
      file,
      faults.map(yamlFault).map((message) => inBoth({ message })),
    );
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

function yamlFault({ message }: { readonly message: string }): string {
  // The lines below the first draw an arrow under the place, which the first names as well.
  return `the file is not YAML: ${(message.split('\n')[0] ?? '').replace(/:$/, '')}`;
}

function toValue(document: Document, file: string): unknown {
  try {
    const value: unknown = document.toJS();
    // An alias inside of what it names would make whoever walks the value walk for ever.
    JSON.stringify(value);
    return withoutNulls(value);
  } catch (thrown) {
    // That, and aliases that would grow into gigabytes.
    const [reason] = String(thrown instanceof Error ? thrown.message : thrown).split('\n');
    throw new ConfigError(file, [{ en: `the file cannot be read: ${reason}`, zh: `无法读取文件：${reason}` }]);
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
  /** Set for `invalid_key`. */
  readonly issues?: readonly ConfigIssue[];
};

function problemsOf(issue: Issue, prefix: readonly string[]): readonly ConfigProblem[] {
  const path = [...prefix, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => {
      const unknown = [...path, key];
      return { path: unknown, message: `there is no such setting${suggestionFor(unknown)}` };
    });
  }
  // Of several ways to write a setting, the one that is nearest to what was written.
  const [nearest] = (issue.errors ?? []).toSorted((one, other) => one.length - other.length);
  if (nearest !== undefined) return nearest.flatMap((one) => problemsOf(one, path));
  // What is wrong with a name of a record is said by the name's own schema.
  const message = issue.code === 'invalid_key' ? (issue.issues?.[0]?.message ?? issue.message) : issue.message;
  return [{ path, message }];
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
    problems.push({ path: ['listen'], message: 'an https address needs the setting tls' });
  }
  if (!needsTls && config.tls !== undefined) {
    problems.push({ path: ['tls'], message: 'no listen address is https, so it would never be used' });
  }
  for (const [index, url] of config.listen.entries()) {
    // Port 0 is another free port each time.
    if (config.listen.indexOf(url) === index || url.endsWith(':0')) continue;
    problems.push({ path: ['listen', String(index)], message: `${url} is listed twice` });
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
    ...unsold(config),
  ];
}

/** Why a node cannot have this role; undefined: it can. */
export function objectionToRole({ role, database }: Pick<ConfigFile, 'role' | 'database'>): string | undefined {
  if (role === 'all' || database !== undefined) return undefined;
  return `${role} is for nodes that share a PostgreSQL database (the setting database); the embedded one belongs to one process, which does everything`;
}

function alarmContradictions({ alarms, mail }: ConfigFile): readonly ConfigProblem[] {
  if (alarms.mail.length === 0 || mail !== undefined) return [];
  return [{ path: ['alarms', 'mail'], message: 'nobody can send it: the section mail is missing' }];
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
    const message = `its host is bound to ${owner.name}, so the links in mails (/confirm/…, /invitation/…, /mail/stop/…) would lead nowhere`;
    return [{ path: ['publicUrl'], message }];
  }
  const { user, password, passwordFile } = mail;
  const path = ['mail', 'user'];
  if (password !== undefined && passwordFile !== undefined) {
    return [{ path: ['mail', 'password'], message: 'passwordFile is set as well; one of them must go' }];
  }
  const hasPassword = password !== undefined || passwordFile !== undefined;
  if (user !== undefined && !hasPassword) return [{ path, message: 'needs password or passwordFile' }];
  if (user === undefined && hasPassword) return [{ path, message: 'is missing, but there is a password' }];
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
      return [{ path: ['dialects', name, 'hosts', String(index)], message: `${host} is bound to ${owner} already` }];
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
  const { en, zh } = inBoth(problem);
  return {
    en: `${setting || 'the configuration'}: ${en}${line === undefined ? '' : ` (line ${line})`}`,
    zh: `${setting || '配置'}：${zh}${line === undefined ? '' : `（第 ${line} 行）`}`,
  };
}
