/** Certificates as files, alone and with the key that we made. */
import type { Certificate } from '../../domain/certificate.ts';
import type { CertificateView } from '../../domain/ports/certificates.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import { withoutRoot } from '../../pki/chain.ts';
import { createJks } from '../../pki/jks.ts';
import { privateKeyPem } from '../../pki/key.ts';
import { encodePem } from '../../pki/pem.ts';
import { certsOnlyPkcs7 } from '../../pki/pkcs7.ts';
import { createPkcs12 } from '../../pki/pkcs12.ts';
import { createZip } from '../kit/zip.ts';

export type CertificateFormat = 'pem' | 'fullchain' | 'chain' | 'der' | 'p7b' | 'nginx' | 'apache';

export interface CertificateFile {
  readonly mediaType: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** Media types of downloads: RFC 8555 §9.1 (a chain), RFC 2585 §4.1 (DER), RFC 8551 §3.2.2 (certs only). */
const mediaTypes = {
  pem: 'application/x-pem-file',
  fullchain: 'application/pem-certificate-chain',
  chain: 'application/pem-certificate-chain',
  der: 'application/pkix-cert',
  p7b: 'application/pkcs7-mime',
  nginx: 'application/zip',
  apache: 'application/zip',
} as const satisfies Record<CertificateFormat, string>;

export const certificateMediaTypes: readonly string[] = [...new Set(Object.values(mediaTypes))];

export function certificatePem(der: Uint8Array): string {
  return encodePem('CERTIFICATE', der);
}

export function certificateFile({ certificate, chain }: CertificateView, format: CertificateFormat): CertificateFile {
  const mediaType = mediaTypes[format];
  const name = fileNameOf(certificate);
  const text = (ders: readonly Uint8Array[]) => ders.map(certificatePem).join('');
  const full = text([certificate.der, ...withoutRoot(chain)]);
  switch (format) {
    case 'pem':
      return { mediaType, fileName: `${name}.pem`, bytes: Buffer.from(text([certificate.der])) };
    case 'fullchain':
      return { mediaType, fileName: `${name}.fullchain.pem`, bytes: Buffer.from(full) };
    case 'chain':
      return { mediaType, fileName: `${name}.chain.pem`, bytes: Buffer.from(text(chain)) };
    case 'der':
      return { mediaType, fileName: `${name}.cer`, bytes: certificate.der };
    case 'p7b':
      return { mediaType, fileName: `${name}.p7b`, bytes: certsOnlyPkcs7([certificate.der, ...chain]) };
    case 'nginx': {
      const files = [
        { name: `${name}.fullchain.pem`, content: full },
        { name: 'nginx.conf', content: nginxLines(name) },
      ];
      return { mediaType, fileName: `${name}.nginx.zip`, bytes: createZip(files, certificate.createdAt) };
    }
    case 'apache': {
      const files = [
        { name: `${name}.crt`, content: text([certificate.der]) },
        { name: `${name}.chain.crt`, content: text(withoutRoot(chain)) },
        { name: 'apache.conf', content: apacheLines(name) },
      ];
      return { mediaType, fileName: `${name}.apache.zip`, bytes: createZip(files, certificate.createdAt) };
    }
    default:
      return format satisfies never;
  }
}

function nginxLines(name: string): string {
  return `ssl_certificate     ${name}.fullchain.pem;\nssl_certificate_key ${name}.key;\n`;
}

/** Since 2.4.8 one file may hold the chain as well; three work with every version. */
function apacheLines(name: string): string {
  return [
    `SSLCertificateFile      ${name}.crt`,
    `SSLCertificateChainFile ${name}.chain.crt`,
    `SSLCertificateKeyFile   ${name}.key`,
    '',
  ].join('\n');
}

/** The format that an Accept header asks for; the chain that web servers want when it names none of them. */
export function formatForAccept(accept: string | null): CertificateFormat {
  const header = accept ?? '';
  if (header.includes(mediaTypes.der)) return 'der';
  return header.includes(mediaTypes.pem) ? 'pem' : 'fullchain';
}

export type KeyFormat = 'pem' | 'pfx' | 'jks';

interface KeyFileOptions {
  readonly format: KeyFormat;
  readonly passphrase: string;
  readonly random: Randomness;
}

/** @param pkcs8 the key that we made for the certificate */
export function keyFile(
  { certificate, chain }: CertificateView,
  pkcs8: Uint8Array,
  { format, passphrase: password, random }: KeyFileOptions,
): CertificateFile {
  const name = fileNameOf(certificate);
  const entry = { name, privateKeyPkcs8: pkcs8, chain: [certificate.der, ...chain] } as const;
  switch (format) {
    case 'pem':
      return {
        mediaType: 'application/x-pem-file',
        fileName: `${name}.key`,
        bytes: Buffer.from(privateKeyPem(pkcs8, 'pkcs8')),
      };
    case 'pfx':
      return {
        mediaType: 'application/x-pkcs12',
        fileName: `${name}.pfx`,
        bytes: createPkcs12(entry, { password, random }),
      };
    case 'jks':
      return {
        mediaType: 'application/x-java-keystore',
        fileName: `${name}.jks`,
        bytes: createJks(entry, { password, random, now: certificate.createdAt }),
      };
    default:
      return format satisfies never;
  }
}

/** The first name, with what a file system or a header could misread left out. */
function fileNameOf(certificate: Certificate): string {
  const [name = certificate.serial] = certificate.names;
  return name.replaceAll('*', '_').replaceAll(/[^a-z0-9._-]/g, '-');
}
