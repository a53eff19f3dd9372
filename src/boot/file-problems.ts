/** What is wrong with the files that a configuration names: `certmux config check` finds here what a start would stop at, all of it at once. */
import { systemRefusal } from '../cli/system-refusal.ts';
import { type AcmeIssuerSection, isVendorSection } from '../config/issuers.ts';
import type { ConfigProblem } from '../config/problem.ts';
import type { ConfigFile } from '../config/schema.ts';
import { fileSetting } from '../config/vendor-problems.ts';
import type { VendorIssuerSection } from '../config/vendor-section.ts';
import { vendorOf } from '../dialects/registry.ts';
import { CertError, renderReason } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { readSecret, readText } from './configured-files.ts';
import type { KeysOfEnvironment } from './environment-keys.ts';
import { hmacKeyText } from './issuer-settings.ts';
import { readNamed } from './master-keys.ts';
import { readTlsFiles } from './tls-source.ts';
import { credentialText } from './vendor-settings.ts';

interface NamedFile {
  readonly path: readonly string[];
  readonly file: string | undefined;
  /** As a start reads it. */
  read(setting: string, file: string): Promise<unknown>;
}

/** @param config each of its settings is right by itself */
export async function fileProblems(config: ConfigFile, keys: KeysOfEnvironment): Promise<readonly ConfigProblem[]> {
  const problems = await Promise.all(filesOf(config, keys).map(problemOf));
  const found = problems.flatMap((problem) => (problem === undefined ? [] : [problem]));
  // Of two files that belong together, one that is missing is found twice.
  const texts = found.map((problem) => JSON.stringify(problem));
  return found.filter((_problem, index) => texts.indexOf(texts[index] ?? '') === index);
}

function filesOf(config: ConfigFile, keys: KeysOfEnvironment): readonly NamedFile[] {
  const { tls, mail, alarms, issuers } = config;
  const files = tls !== undefined && 'keyFile' in tls ? tls : undefined;
  return [
    {
      path: ['masterKeyFile'],
      file: keys.masterKeyText === undefined ? config.masterKeyFile : undefined,
      read: readNamed,
    },
    {
      path: ['masterKeyOldFile'],
      file: keys.masterKeyOldText === undefined ? config.masterKeyOldFile : undefined,
      read: readNamed,
    },
    { path: ['tls', 'certificateFile'], file: files?.certificateFile, read: readText },
    { path: ['tls', 'keyFile'], file: files?.keyFile, read: readText },
    { path: ['tls', 'keyFile'], file: files?.keyFile, read: async () => files && readTlsFiles(files) },
    { path: ['mail', 'caFile'], file: mail?.caFile, read: readText },
    { path: ['mail', 'passwordFile'], file: mail?.passwordFile, read: readSecret },
    { path: ['alarms', 'webhook', 'tokenFile'], file: alarms.webhook?.tokenFile, read: readSecret },
    ...Object.entries(issuers).flatMap(([id, section]) => {
      if (isVendorSection(section)) return filesOfVendor(id, section);
      return section.kind === 'pool' ? [] : filesOfCa(id, section);
    }),
  ];
}

function filesOfVendor(id: string, { kind, credentials, caFile }: VendorIssuerSection): readonly NamedFile[] {
  const path = ['issuers', id];
  const secrets = vendorOf(kind).credentials.filter(({ isSecret }) => isSecret);
  return [
    ...secrets.map(({ name }) => {
      const setting = fileSetting(name);
      return { path: [...path, 'credentials', setting], file: credentials[setting], read: credentialText };
    }),
    { path: [...path, 'caFile'], file: caFile, read: readText },
  ];
}

function filesOfCa(id: string, { externalKey, caFile }: AcmeIssuerSection): readonly NamedFile[] {
  const path = ['issuers', id];
  return [
    { path: [...path, 'externalKey', 'hmacKeyFile'], file: externalKey?.hmacKeyFile, read: hmacKeyText },
    { path: [...path, 'caFile'], file: caFile, read: readText },
  ];
}

async function problemOf({ path, file, read }: NamedFile): Promise<ConfigProblem | undefined> {
  if (file === undefined) return undefined;
  try {
    await read(path.join('.'), file);
    return undefined;
  } catch (thrown) {
    const refusal = thrown instanceof CertError ? thrown : systemRefusal(thrown);
    if (refusal === undefined) throw thrown;
    const { reason } = refusal;
    if (reason.key !== 'configuredFileRefused') return { path, message: inBothLanguages(refusal) };
    const { setting, path: named, flaw } = reason.params;
    return {
      path: setting.split('.'),
      message: { en: `${named} ${flaw.en}`, zh: `文件 ${named} ${flaw.zh}` },
    };
  }
}

function inBothLanguages({ reason }: CertError): Phrase {
  return { en: renderReason(reason, 'en'), zh: renderReason(reason, 'zh') };
}
