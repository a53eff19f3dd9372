/** Where the certificate of the https listeners comes from: files, or our own CA. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { AppContext } from '../app/index.ts';
import type { ConfigFile } from '../config/schema.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import type { LocalIssuer } from '../domain/ports/issuer.ts';
import type { TlsMaterial } from '../http/listen.ts';
import { type ServerCertificateOptions, serverCertificate } from '../issuers/embedded/server-certificate.ts';
import { fileRefusal, readText } from './configured-files.ts';
import type { DataDirectory } from './data-directory.ts';

export interface TlsSource {
  material(): TlsMaterial;
  /** Called with every later certificate. */
  onRenewal(use: (material: TlsMaterial) => void): void;
  /** Looks now whether there is a newer one. Never throws: the old one serves on. */
  refresh(): Promise<void>;
  stop(): Promise<void>;
}

export interface TlsFiles {
  readonly certificateFile: string;
  readonly keyFile: string;
}

interface TlsOptions {
  readonly config: ConfigFile;
  readonly context: AppContext;
  readonly issuer: LocalIssuer;
  readonly data: DataDirectory;
}

/** How often files are looked at again and our own certificate's age is checked. */
const lookAgainMs = 3_600_000;

export async function createTlsSource(options: TlsOptions): Promise<TlsSource | undefined> {
  const { config, context } = options;
  const { tls } = config;
  if (tls === undefined) return undefined;
  const read = 'selfServed' in tls ? selfServed(options, tls.selfServed) : () => readTlsFiles(tls);
  let current = await read();
  const uses: ((material: TlsMaterial) => void)[] = [];
  const stopped = new AbortController();

  async function refresh(): Promise<void> {
    try {
      const next = await read();
      if (next.certificate === current.certificate && next.key === current.key) return;
      for (const use of uses) use(next);
      current = next;
      context.log.info({}, 'the server certificate was renewed');
    } catch (thrown) {
      context.log.error({ err: thrown }, 'the server certificate could not be renewed; the old one serves on');
    }
  }

  async function keepFresh(): Promise<void> {
    for (;;) {
      // The sleep rejects when the server stops.
      const isStopped = await context.clock.sleep(lookAgainMs, stopped.signal).then(
        () => false,
        () => true,
      );
      if (isStopped) return;
      await refresh();
    }
  }
  const keepingFresh = keepFresh();

  return {
    material: () => current,
    onRenewal: (use) => uses.push(use),
    refresh,
    async stop() {
      stopped.abort();
      await keepingFresh;
    },
  };
}

/** @throws {CertError} for a file that is missing or holds something else, and for two that do not belong together */
export async function readTlsFiles({ certificateFile, keyFile }: TlsFiles): Promise<TlsMaterial> {
  const [certificate, key] = await Promise.all([
    readText('tls.certificateFile', certificateFile),
    readText('tls.keyFile', keyFile),
  ]);
  const parsed = parsedOr(
    () => new X509Certificate(certificate),
    'tls.certificateFile',
    certificateFile,
    noCertificate,
  );
  const privateKey = parsedOr(() => createPrivateKey(key), 'tls.keyFile', keyFile, noKey);
  // OpenSSL would only say "key values mismatch", and only when the listener opens.
  if (!parsed.checkPrivateKey(privateKey)) throw fileRefusal('tls.keyFile', keyFile, otherKey(certificateFile));
  return { certificate, key };
}

function parsedOr<T>(parse: () => T, setting: string, path: string, flaw: Phrase): T {
  try {
    return parse();
  } catch (cause) {
    throw fileRefusal(setting, path, flaw, { cause });
  }
}

const noCertificate: Phrase = {
  en: 'is not a certificate in PEM; name the file with the certificate and its chain',
  zh: '不是 PEM 格式的证书，请指定含证书及其证书链的文件',
};

const noKey: Phrase = {
  en: 'is not a private key in PEM without a passphrase',
  zh: '不是未加密的 PEM 私钥',
};

function otherKey(certificateFile: string): Phrase {
  return {
    en: `does not belong to the certificate in ${certificateFile}`,
    zh: `与 ${certificateFile} 中的证书不匹配`,
  };
}

function selfServed({ context, issuer, data }: TlsOptions, names: readonly string[]): () => Promise<TlsMaterial> {
  const profile = context.profiles.get('private-dv');
  if (profile === undefined) throw new Error('the profile private-dv is missing');
  const request: ServerCertificateOptions = { ...context, names, issuer, profile, files: data.keyFiles };
  return () => serverCertificate(request);
}
