/** `certmux init`: a configuration file where there is none, and everything that a first start makes. */
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandFailure } from '../cli/failure.ts';
import type { InitOptions, InitResult } from '../cli/local.ts';
import { renderReason } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import type { Certmux } from '../main.ts';
import { type Environment, writeFileAtomically } from '../system/index.ts';
import { operatorFileName } from './data-directory.ts';
import { firstConfig } from './first-config.ts';

interface Surroundings {
  readonly environment: Environment;
  readonly language: Language;
  /** The configuration file, where it is, or would be. */
  readonly file: string;
  readonly hasCa: (dataDirectory: string) => Promise<boolean>;
  /** Starts on a port that nobody uses. */
  readonly start: () => Promise<{ readonly certmux: Certmux; readonly dataDirectory: string; readonly url: string }>;
}

export async function init(options: InitOptions, surroundings: Surroundings): Promise<InitResult> {
  const written = await writeConfig(options, surroundings);
  try {
    const { certmux, dataDirectory, url } = await surroundings.start();
    const authorities = await certmux.authorities();
    const awaited = await certmux.awaitedCa();
    await certmux.stop();
    const { firstOperator } = certmux;
    const isNew = firstOperator !== undefined;
    return {
      dataDirectory,
      operatorFile: join(dataDirectory, operatorFileName),
      configFile: written === undefined ? null : surroundings.file,
      url,
      isNew,
      operator: isNew ? { username: firstOperator.username, password: firstOperator.password } : null,
      ca: awaited === undefined ? null : renderReason(awaited, surroundings.language),
      made: isNew ? authorities.map(({ role, subject }) => `${role} ${subject}`) : [],
    };
  } catch (thrown) {
    await written?.undo();
    throw thrown;
  }
}

interface Written {
  undo(): Promise<void>;
}

/** @returns undefined where the file that is there is used, or none is wanted */
async function writeConfig(options: InitOptions, surroundings: Surroundings): Promise<Written | undefined> {
  const { environment, file, language, hasCa } = surroundings;
  const { privateNetwork, pkiUrl, listen, resolver, allow, allowLocalPkiUrl, force } = options;
  const isDescribed = [privateNetwork, pkiUrl, listen, resolver, allow].some((option) => option !== undefined);
  const isThere = existsSync(file);
  const dataDirectory = options.data ?? './data';
  if (isThere && force === undefined) {
    if (isDescribed) throw new CommandFailure('conflict', texts[language].exists(file));
    return undefined;
  }
  const isNamed = (options.config ?? environment.variables.CERTMUX_CONFIG) !== undefined;
  // What was named and is missing is said by whoever reads it.
  if (isNamed && !isThere && !isDescribed && allowLocalPkiUrl === undefined) return undefined;
  if ([privateNetwork, pkiUrl, allowLocalPkiUrl].every((option) => option === undefined)) {
    const isMade = await hasCa(resolve(environment.workingDirectory, dataDirectory));
    if (isMade && !isDescribed && force === undefined) return undefined;
    throw new CommandFailure('usage', texts[language].whichCa);
  }
  const text = firstConfig({ ...options, dataDirectory }, environment);
  const { parseConfig, parseFirstConfig } = await import('../config/load.ts');
  const { dataDirectory: chosen } = parseConfig(text, file);
  // A CA that is there says already where it is reached.
  if (!(await hasCa(resolve(environment.workingDirectory, chosen)))) parseFirstConfig(text, file);
  const before = isThere ? await readFile(file) : undefined;
  await writeFileAtomically(file, text, { mode: 0o644 });
  return { undo: () => (before === undefined ? rm(file) : writeFileAtomically(file, before, { mode: 0o644 })) };
}

const texts: Readonly<
  Record<
    Language,
    { readonly exists: (file: string) => readonly [string, string]; readonly whichCa: readonly [string, string] }
  >
> = {
  en: {
    exists: (file) => [
      `there is a configuration file already: ${file}`,
      'change it by hand, or have it replaced with --force',
    ],
    whichCa: [
      'every certificate of a CA says where its revocation lists are: where do others reach this server?',
      'use --pki-url http://NAME/pki, or --private-network on a LAN, or --allow-local-pki-url for a CA to try out',
    ],
  },
  zh: {
    exists: (file) => [`配置文件 ${file} 已存在`, '请手动修改该文件，或使用 --force 覆盖'],
    whichCa: [
      'CA 签发的每张证书都包含吊销列表的地址，请指明其他人如何访问本服务器',
      '请使用 --pki-url http://名称/pki；内网可用 --private-network；仅供试用可用 --allow-local-pki-url',
    ],
  },
};
