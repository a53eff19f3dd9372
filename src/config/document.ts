/** The configuration's manual, made from its schema: `npm run docs` writes it, a test keeps it current. */
import { z } from 'zod';
import { dialects } from '../dialects/registry.ts';
import { configSchema } from './schema.ts';

interface Setting {
  readonly description?: string;
  readonly default?: unknown;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Setting>>;
  readonly items?: Setting;
  readonly anyOf?: readonly Setting[];
  readonly oneOf?: readonly Setting[];
}

export function configurationDocument(): string {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' }) as Setting;
  const lines = [
    '# Configuration',
    '',
    'certmux reads `certmux.yaml` in the working directory, or the file named by `--config` or `CERTMUX_CONFIG`. Every setting',
    'has a default: without a file it serves on http://127.0.0.1:8080 with its data in `./data`. `certmux config check FILE`',
    'checks a file and lists everything that is wrong with it. This page is made from the schema by `npm run docs`.',
    '',
    '| setting | kind | default | meaning |',
    '|---|---|---|---|',
    ...rows(schema, ''),
    ...dialects.flatMap((dialect) => {
      const own = z.toJSONSchema(z.object({}).and(dialect.configSchema as unknown as z.ZodType), {
        io: 'input',
        unrepresentable: 'any',
      }) as { allOf?: Setting[] };
      return rows(own.allOf?.at(-1) ?? {}, `dialects.${dialect.name}.`);
    }),
    '',
    'Environment: `CERTMUX_CONFIG` (the file), `CERTMUX_MASTER_KEY` (the master key as base64, instead of a file),',
    '`CERTMUX_URL` and `CERTMUX_TOKEN` (the server and token that the command line talks to).',
    '',
  ];
  return lines.join('\n');
}

function rows(setting: Setting, prefix: string): string[] {
  return Object.entries(setting.properties ?? {}).flatMap(([name, child]) => {
    const variants = child.anyOf ?? child.oneOf ?? [];
    const nested = [child, ...variants].flatMap((variant) => rows(variant, `${prefix}${name}.`));
    const isSection = child.properties !== undefined && child.description === undefined;
    return [...(isSection ? [] : [row(`${prefix}${name}`, child)]), ...nested];
  });
}

function row(path: string, setting: Setting): string {
  const fallback =
    setting.default === undefined || isEmptyObject(setting.default) ? '' : `\`${JSON.stringify(setting.default)}\``;
  return `| \`${path}\` | ${kindOf(setting)} | ${fallback} | ${(setting.description ?? '').replaceAll('|', '\\|')} |`;
}

function kindOf(setting: Setting): string {
  if (setting.enum !== undefined) return setting.enum.map(String).join(', ');
  if (setting.type === 'array') return `list of ${setting.items?.type ?? 'value'}s`;
  return setting.type ?? 'section';
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}
