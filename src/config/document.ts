/** The configuration's manual in both languages, made from its schema: `npm run docs` writes it, a test keeps it current. */

import { z } from 'zod';
import { dialects } from '../dialects/registry.ts';
import type { Language } from '../domain/language.ts';
import type { Dialect } from '../domain/ports/dialect.ts';
import { defaultProfiles, type Profile } from '../domain/profile.ts';
import { type ManualWords, manualWords } from './document-words.ts';
import { meaningsZh } from './document-zh.ts';
import { acmeIssuerSection, poolSection } from './issuers.ts';
import { profileOverride } from './profiles.ts';
import { configSchema, dialectBase } from './schema.ts';
import { vendorIssuerSection, vendorKinds } from './vendor-section.ts';

/** The part of JSON Schema that Zod makes of our schemas. */
interface Setting {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly items?: Setting;
  readonly anyOf?: readonly Setting[];
}

/** @throws {Error} where a setting has no meaning in this language */
export function configurationDocument(language: Language): string {
  const words = manualWords[language];
  const page: Page = {
    words,
    meaning: (path, setting) => (language === 'en' ? (setting.description ?? '') : chineseMeaning(path, setting)),
  };
  const schema: Setting = z.toJSONSchema(configSchema, { io: 'input' }) as Setting;
  const settings = Object.entries(schema.properties ?? {});
  const isSection = ([name, setting]: [string, Setting]) => name === 'tls' || setting.properties !== undefined;
  const plain = settings.filter((entry) => !isSection(entry) && entry[0] !== 'issuers');
  const sections = settings.filter((entry) => isSection(entry) && !['profiles', 'dialects'].includes(entry[0]));
  return [
    words.introduction,
    `## ${words.server}`,
    table(
      page,
      plain.map(([name, setting]) => row(page, name, setting)),
    ),
    ...sections.flatMap(([name, setting]) => [
      `## ${name}`,
      page.meaning(name, setting),
      table(
        page,
        childrenOf(setting).flatMap(([child, one]) => rowsOf(page, `${name}.${child}`, one)),
      ),
    ]),
    ...issuerParts(page, schema.properties?.issuers ?? {}),
    ...profileParts(page),
    ...dialectParts(page),
    words.environment,
    '',
  ].join('\n\n');
}

interface Page {
  readonly words: ManualWords;
  meaning(path: string, setting: Setting): string;
}

function chineseMeaning(path: string, { description }: Setting): string {
  const meaning = meaningsZh[path];
  if (meaning === undefined && description !== undefined) {
    throw new Error(`the setting ${path} has no meaning in Chinese (src/config/document-zh.ts)`);
  }
  return meaning ?? '';
}

/** The kinds share one table, in which `kind` is one setting with a choice; those that are vendors have a table of their own. */
function issuerParts(page: Page, section: Setting): string[] {
  const kinds = [acmeIssuerSection, poolSection].map((one): Setting => z.toJSONSchema(one, { io: 'input' }) as Setting);
  const vendor: Setting = z.toJSONSchema(vendorIssuerSection, { io: 'input' }) as Setting;
  const choice = {
    ...kinds[0]?.properties?.kind,
    const: undefined,
    enum: [...kinds.map((one) => one.properties?.kind?.const), ...vendorKinds],
  };
  const others = kinds.flatMap((one) => childrenOf(one).filter(([name]) => name !== 'kind'));
  return [
    '## issuers',
    page.meaning('issuers', section),
    table(page, [
      row(page, 'issuers.<id>.kind', choice),
      ...others.flatMap(([name, setting]) => rowsOf(page, `issuers.<id>.${name}`, setting)),
    ]),
    page.words.vendors(vendorKinds),
    table(
      page,
      childrenOf(vendor)
        .filter(([name]) => name !== 'kind')
        .flatMap(([name, setting]) => rowsOf(page, `issuers.<vendor>.${name}`, setting)),
    ),
  ];
}

function profileParts(page: Page): string[] {
  const override: Setting = z.toJSONSchema(profileOverride, { io: 'input' }) as Setting;
  const columns = Object.keys(override.properties ?? {}) as (keyof Profile)[];
  const built = defaultProfiles.map((profile) => [
    `\`${profile.id}\``,
    ...columns.map((column) => shown(profile[column])),
  ]);
  const { words } = page;
  return [
    '## profiles',
    words.profiles,
    table(
      page,
      childrenOf(override).map(([name, setting]) => row(page, `profiles.<name>.${name}`, setting, words.seeBelow)),
    ),
    words.builtIn,
    lines(['profile', ...columns.map((column) => `\`${column}\``)], built),
  ];
}

function dialectParts(page: Page): string[] {
  const base: Setting = z.toJSONSchema(dialectBase, { io: 'input' }) as Setting;
  return [
    '## dialects',
    page.words.dialects,
    table(
      page,
      childrenOf(base).map(([name, setting]) => row(page, `dialects.<name>.${name}`, setting)),
    ),
    ...dialects.flatMap((dialect) => dialectPart(page, dialect)),
  ];
}

function dialectPart(page: Page, { name, title, paths, methods, configSchema: ownSchema }: Dialect): string[] {
  const own: Setting = ownSchema.toJSONSchema({ io: 'input' });
  const rows = childrenOf(own).flatMap(([child, setting]) => rowsOf(page, `dialects.${name}.${child}`, setting));
  const isExact = (path: string) => path === '/' || !path.endsWith('/');
  const pathList = paths.map((path) => `\`${path}${isExact(path) ? '' : '…'}\``).join(', ');
  const only = methods === undefined ? '' : ` (${methods.join(', ')})`;
  const introduction = page.words.dialect(title, `${pathList}${only}`);
  return rows.length === 0
    ? [`### ${name}`, `${introduction}${page.words.hasNoSettings}`]
    : [`### ${name}`, introduction, table(page, rows)];
}

/** The settings inside one, those of all the ways to write it; of a list, those of each entry. */
function childrenOf(setting: Setting): readonly [string, Setting][] {
  const ways = [setting, ...(setting.anyOf ?? [])].flatMap((one) =>
    one.items === undefined ? [one] : [one, one.items],
  );
  return ways.flatMap(({ properties = {} }) => Object.entries(properties));
}

/** A setting and those inside it. */
function rowsOf(page: Page, path: string, setting: Setting): readonly (readonly string[])[] {
  return [row(page, path, setting), ...childrenOf(setting).map(([inner, one]) => row(page, `${path}.${inner}`, one))];
}

function row(page: Page, path: string, setting: Setting, fallback = shown(setting.default)): readonly string[] {
  return [`\`${path}\``, kindOf(page, setting), fallback, page.meaning(path, setting)];
}

function kindOf(
  page: Page,
  { type, enum: choices, const: only, items, minimum, maximum, anyOf, properties }: Setting,
): string {
  const { words } = page;
  if (anyOf !== undefined) return anyOf.map((one) => kindOf(page, one)).join(words.or);
  if (properties !== undefined) return words.section;
  if (only !== undefined) return shown(only);
  if (choices !== undefined) return choices.map(shown).join(', ');
  if (type === 'array') return words.list(items === undefined ? '' : kindOf(page, items));
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'string') return words.text;
  if (type === 'integer') return words.number(minimum, maximum);
  return type ?? '';
}

/** A value as it is written in the file. */
function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? `\`${value}\`` : `\`${JSON.stringify(value)}\``;
}

function table({ words }: Page, rows: readonly (readonly string[])[]): string {
  return lines(words.head, rows);
}

function lines(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
