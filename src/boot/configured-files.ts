/** Files that the configuration names. What is wrong with one is refused with its setting, by a start as by `certmux config check`. */
import { CertError, refuse } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { exposureOf, readFileIfPresent } from '../system/index.ts';

/** What is wrong with a file, behind its path. */
export const fileFlaws = {
  missing: { en: 'does not exist; check the path', zh: '不存在，请检查路径' },
  empty: { en: 'is empty; put the value into it', zh: '为空，请写入内容' },
} as const satisfies Record<string, Phrase>;

/** @param setting where the file is named: `mail.passwordFile` */
export function fileRefusal(setting: string, path: string, flaw: Phrase, options?: { readonly cause: unknown }) {
  return refuse('configuredFileRefused', { setting, path, flaw }, options);
}

/** A secret on a line of its own; its line end does not count. @throws {CertError} when it is missing or empty */
export async function readSecret(setting: string, path: string): Promise<string> {
  const text = (await readText(setting, path)).replace(/\r?\n$/, '');
  if (text === '') throw fileRefusal(setting, path, fileFlaws.empty);
  return text;
}

/** @throws {CertError} when it is missing */
export async function readText(setting: string, path: string): Promise<string> {
  const bytes = await readFileIfPresent(path);
  if (bytes === undefined) throw fileRefusal(setting, path, fileFlaws.missing);
  return Buffer.from(bytes).toString('utf8');
}

/** A secret that a group of the operator's own may read. @throws {CertError} where others can */
export async function privateText(setting: string, path: string): Promise<string> {
  const exposure = await exposureOf(path, { mode: 0o040 });
  if (exposure !== undefined) throw new CertError(exposure);
  return (await readSecret(setting, path)).trim();
}
