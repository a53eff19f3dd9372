/** Files that the configuration names. */
import { CertError } from '../domain/errors.ts';
import { exposureOf, readFileIfPresent } from '../system/index.ts';

/** A secret on a line of its own; its line end does not count. @throws when it is missing or empty, naming setting and file */
export async function readSecret(setting: string, path: string): Promise<string> {
  const text = (await readText(setting, path)).replace(/\r?\n$/, '');
  if (text === '') throw new Error(`${setting} ${path} is empty`);
  return text;
}

/** @throws when it is missing, naming setting and file */
export async function readText(setting: string, path: string): Promise<string> {
  const bytes = await readFileIfPresent(path);
  if (bytes === undefined) throw new Error(`${setting} ${path} does not exist`);
  return Buffer.from(bytes).toString('utf8');
}

/** A secret that a group of the operator's own may read. @throws {CertError} where others can */
export async function privateText(setting: string, path: string): Promise<string> {
  const exposure = await exposureOf(path, { mode: 0o040 });
  if (exposure !== undefined) throw new CertError(exposure);
  return (await readSecret(setting, path)).trim();
}
