/** Reading a configuration file: YAML (or JSON, which is YAML), checked whole, with errors that name line and setting. */
import { parseDocument } from 'yaml';
import { ZodError } from 'zod';
import { dialects } from '../dialects/registry.ts';
import { type ConfigFile, configSchema, dialectSettings } from './schema.ts';

/** What is wrong with a configuration, one line each, for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(`${file}: ${problems.join('; ')}`);
    this.problems = problems;
  }
}

/**
 * The configuration with every default filled in.
 * @param text the file's content; an empty one means all defaults
 * @param file its name, for messages
 * @throws {ConfigError} listing every problem, not only the first
 */
export function parseConfig(text: string, file: string): ConfigFile {
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0)
    throw new ConfigError(
      file,
      document.errors.map((error) => error.message.split('\n')[0] ?? ''),
    );
  const parsed = configSchema.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw new ConfigError(file, problemsOf(parsed.error, []));
  const problems = [...dialectProblems(parsed.data), ...contradictions(parsed.data)];
  if (problems.length > 0) throw new ConfigError(file, problems);
  return parsed.data;
}

function problemsOf(error: ZodError, prefix: readonly PropertyKey[]): string[] {
  return error.issues.map((issue) => {
    const path = [...prefix, ...issue.path].map(String).join('.');
    return `${path === '' ? 'the configuration' : path}: ${issue.message}`;
  });
}

function dialectProblems(config: ConfigFile): string[] {
  return dialects.flatMap(({ name }) => {
    try {
      dialectSettings(config, name);
      return [];
    } catch (thrown) {
      if (thrown instanceof ZodError) return problemsOf(thrown, ['dialects', name]);
      throw thrown;
    }
  });
}

function contradictions(config: ConfigFile): string[] {
  const needsTls = config.listen.some((url) => url.startsWith('https:'));
  if (needsTls && config.tls === undefined) return ['listen: an https address needs the setting tls'];
  if (!needsTls && config.tls !== undefined) return ['tls: no listen address is https, so it would never be used'];
  return [];
}
