/** The configuration's manual, made from its schema: `npm run docs` writes it, a test keeps it current. */

import { z } from 'zod';
import { dialects } from '../dialects/registry.ts';
import type { Dialect } from '../domain/ports/dialect.ts';
import { defaultProfiles, type Profile } from '../domain/profile.ts';
import { configSchema, dialectBase, profileOverride } from './schema.ts';

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

const introduction = `# Configuration

certmux reads the YAML file named by \`--config\` or \`CERTMUX_CONFIG\`; else \`certmux.yaml\` in the working directory, where there
is one. **Every setting has a default**: without a file it serves on http://127.0.0.1:8080 with its data in \`./data\`.

\`\`\`yaml
listen:
  - https://0.0.0.0:443
  - http://0.0.0.0:80
publicUrl: https://certs.example.com
authority:
  pkiUrl: http://certs.example.com/pki
dataDirectory: /var/lib/certmux
tls:
  selfServed: [certs.example.com]
dialects:
  encryption365:
    hosts: [panel.example.com]
\`\`\`

- Complete examples with comments are in [\`config/\`](../config); every one of them is started by the tests.
- \`certmux config check FILE\` lists everything that is wrong with a file, with setting and line. A setting that does not exist
  is an error, not ignored; one without a value has its default.
- Relative paths are relative to the working directory.
- A change takes effect at the next start.

This page is made from the schema by \`npm run docs\`.`;

const environment = `## Environment

| variable | meaning |
|---|---|
| \`CERTMUX_CONFIG\` | The configuration file, where \`--config\` does not name one. |
| \`CERTMUX_MASTER_KEY\` | The master key as base64, instead of a file: for secret stores. |
| \`CERTMUX_URL\`, \`CERTMUX_TOKEN\` | The server and the token that the command line uses, where no option names them. |`;

export function configurationDocument(): string {
  const schema: Setting = z.toJSONSchema(configSchema, { io: 'input' }) as Setting;
  const settings = Object.entries(schema.properties ?? {});
  const isSection = ([name, setting]: [string, Setting]) => name === 'tls' || setting.properties !== undefined;
  const plain = settings.filter((entry) => !isSection(entry));
  const sections = settings.filter((entry) => isSection(entry) && !['profiles', 'dialects'].includes(entry[0]));
  return [
    introduction,
    '## The server',
    table(plain.map(([name, setting]) => row(name, setting))),
    ...sections.flatMap(([name, setting]) => [
      `## ${name}`,
      setting.description ?? '',
      table(childrenOf(setting).flatMap(([child, one]) => rowsOf(`${name}.${child}`, one))),
    ]),
    ...profileParts(),
    ...dialectParts(),
    environment,
    '',
  ].join('\n\n');
}

function profileParts(): string[] {
  const override: Setting = z.toJSONSchema(profileOverride, { io: 'input' }) as Setting;
  const columns = Object.keys(override.properties ?? {}) as (keyof Profile)[];
  const built = defaultProfiles.map((profile) => [
    `\`${profile.id}\``,
    ...columns.map((column) => shown(profile[column])),
  ]);
  return [
    '## profiles',
    'What is issued. Each product names a profile; `profiles.<name>` changes what it lists and leaves the rest.',
    table(childrenOf(override).map(([name, setting]) => row(`profiles.<name>.${name}`, setting, 'see below'))),
    'Built in:',
    lines(['profile', ...columns.map((column) => `\`${column}\``)], built),
  ];
}

function dialectParts(): string[] {
  const base: Setting = z.toJSONSchema(dialectBase, { io: 'input' }) as Setting;
  return [
    '## dialects',
    'The front doors. Each answers its own paths on every listener, and every path on its own host names. These settings are the same for all:',
    table(childrenOf(base).map(([name, setting]) => row(`dialects.<name>.${name}`, setting))),
    ...dialects.flatMap(dialectPart),
  ];
}

function dialectPart({ name, title, paths, methods, configSchema: ownSchema }: Dialect): string[] {
  const own: Setting = ownSchema.toJSONSchema({ io: 'input' });
  const rows = childrenOf(own).flatMap(([child, setting]) => rowsOf(`dialects.${name}.${child}`, setting));
  const isExact = (path: string) => path === '/' || !path.endsWith('/');
  const pathList = paths.map((path) => `\`${path}${isExact(path) ? '' : '…'}\``).join(', ');
  const only = methods === undefined ? '' : ` (${methods.join(', ')})`;
  return [
    `### ${name}`,
    `${title}, at ${pathList}${only}.${rows.length === 0 ? ' It has no settings of its own.' : ''}`,
    ...(rows.length === 0 ? [] : [table(rows)]),
  ];
}

/** The settings inside one, those of all the ways to write it. */
function childrenOf(setting: Setting): readonly [string, Setting][] {
  return [setting, ...(setting.anyOf ?? [])].flatMap(({ properties = {} }) => Object.entries(properties));
}

/** A setting and those inside it. */
function rowsOf(path: string, setting: Setting): readonly (readonly string[])[] {
  return [row(path, setting), ...childrenOf(setting).map(([inner, one]) => row(`${path}.${inner}`, one))];
}

function row(path: string, setting: Setting, fallback = shown(setting.default)): readonly string[] {
  return [`\`${path}\``, kindOf(setting), fallback, setting.description ?? ''];
}

function kindOf({ type, enum: choices, const: only, items, minimum, maximum, anyOf, properties }: Setting): string {
  if (anyOf !== undefined) return anyOf.map(kindOf).join(' or ');
  if (properties !== undefined) return 'section';
  if (only !== undefined) return shown(only);
  if (choices !== undefined) return choices.map(shown).join(', ');
  if (type === 'array') {
    // `list of texts`, `list of numbers, 1 to 365`
    const [kind = 'value', ...limits] = items === undefined ? [] : kindOf(items).split(', ');
    return [`list of ${kind}s`, ...limits].join(', ');
  }
  if (type === 'boolean') return '`true`, `false`';
  if (type === 'string') return 'text';
  if (type === 'integer') return `number, ${minimum} to ${maximum}`;
  return type ?? '';
}

/** A value as it is written in the file. */
function shown(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? `\`${value}\`` : `\`${JSON.stringify(value)}\``;
}

function table(rows: readonly (readonly string[])[]): string {
  return lines(['setting', 'kind', 'default', 'meaning'], rows);
}

function lines(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
