/** Certificates as files, in the formats of the vendor's glossary. */
import { quoted, refuse } from '../../../domain/errors.ts';
import type { IssuanceView } from '../../../domain/ports/orders.ts';
import { parseCertificate } from '../../../pki/certificate.ts';
import { encodePem } from '../../../pki/pem.ts';
import { certsOnlyPkcs7Pem } from '../../../pki/pkcs7.ts';
import { createZip, type ZipFile } from '../../kit/zip.ts';
import type { WireFile } from '../reply.ts';
import { issuerFacts } from './chain.ts';

/** Leaf, those between, root; as PEM with LF: autossl splits files at `\n`. */
interface Parts {
  readonly leaf: string;
  readonly intermediates: readonly string[];
  readonly roots: readonly string[];
  readonly ders: readonly Uint8Array[];
  /** The common name as a file name. */
  readonly stem: string;
  readonly issuedAt: Date;
}

const pemType = 'application/x-pem-file';
const pkcs7Type = 'application/x-pkcs7-certificates';
const zipType = 'application/zip';

const formats = {
  default: (parts) => archive(parts, 'crt'),
  default_pem: (parts) => archive(parts, 'crt'),
  default_cer: (parts) => archive(parts, 'cer'),
  apache: ({ stem, leaf, intermediates, issuedAt }) =>
    zip(stem, [{ name: `${stem}.crt`, content: leaf }, ...intermediateFiles(intermediates, 'crt')], issuedAt),
  cer: (parts) => pkcs7(parts, 'cer'),
  p7b: (parts) => pkcs7(parts, 'p7b'),
  pem_all: ({ stem, leaf, intermediates, roots }) => pem(stem, [leaf, ...intermediates, ...roots]),
  pem_nointermediate: ({ stem, leaf }) => pem(stem, [leaf]),
  pem_noroot: ({ stem, leaf, intermediates }) => pem(stem, [leaf, ...intermediates]),
} as const satisfies Record<string, (parts: Parts) => WireFile>;

export type DownloadFormat = keyof typeof formats;

/** @throws {CertError} invalidField */
export function downloadFormat(text: string, field: string): DownloadFormat {
  const format = text.trim().toLowerCase();
  if (Object.hasOwn(formats, format)) return format as DownloadFormat;
  throw refuse('fieldInvalid', { field, value: quoted(text), expected: Object.keys(formats).join(', ') });
}

/** @throws {CertError} wrongState before the certificate is issued */
export function download(view: IssuanceView, format: DownloadFormat): WireFile {
  return formats[format](partsOf(view));
}

function partsOf({ certificate, chain, issuance }: IssuanceView): Parts {
  if (certificate === null) throw refuse('certificateNotIssued', { value: String(issuance.number) });
  const above = chain.map((der) => ({ der, pem: issuerFacts(der).pem, isRoot: isSelfIssued(der) }));
  const name = certificate.names[0] ?? String(issuance.number);
  return {
    leaf: encodePem('CERTIFICATE', certificate.der),
    intermediates: above.filter(({ isRoot }) => !isRoot).map(({ pem: text }) => text),
    roots: above.filter(({ isRoot }) => isRoot).map(({ pem: text }) => text),
    ders: [certificate.der, ...chain],
    stem: name.replace('*', 'star').replaceAll(/[^a-z0-9-]/g, '_'),
    issuedAt: certificate.createdAt,
  };
}

function isSelfIssued(der: Uint8Array): boolean {
  const { issuer, subject } = parseCertificate(der);
  return issuer.der.equals(subject.der);
}

function pem(stem: string, texts: readonly string[]): WireFile {
  return { mediaType: pemType, name: `${stem}.pem`, content: texts.join('') };
}

function pkcs7({ ders, stem }: Parts, extension: string): WireFile {
  return { mediaType: pkcs7Type, name: `${stem}.${extension}`, content: certsOnlyPkcs7Pem(ders) };
}

function archive({ stem, leaf, intermediates, roots, issuedAt }: Parts, extension: string): WireFile {
  const top = roots.map((content, index) => ({ name: `TrustedRoot${suffix(index)}.${extension}`, content }));
  const own = { name: `${stem}.${extension}`, content: leaf };
  return zip(stem, [...top, ...intermediateFiles(intermediates, extension), own], issuedAt);
}

function intermediateFiles(intermediates: readonly string[], extension: string): ZipFile[] {
  return intermediates.map((content, index) => ({ name: `DigiCertCA${suffix(index)}.${extension}`, content }));
}

function suffix(index: number): string {
  return index === 0 ? '' : String(index + 1);
}

function zip(stem: string, files: readonly ZipFile[], at: Date): WireFile {
  return { mediaType: zipType, name: `${stem}.zip`, content: Uint8Array.from(createZip(files, at)) };
}
