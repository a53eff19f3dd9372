/** What DER is, as far as its first elements tell: for messages, and for files that do not say it. */
import { CertError } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
import { contextConstructed, tag } from './der-tag.ts';

/** Labels of RFC 7468; PKCS#12 has none. */
export type DerKind =
  | 'CERTIFICATE REQUEST'
  | 'CERTIFICATE'
  | 'X509 CRL'
  | 'PUBLIC KEY'
  | 'PRIVATE KEY'
  | 'RSA PRIVATE KEY'
  | 'EC PRIVATE KEY'
  | 'PKCS7'
  | 'PKCS12';

/** Undefined for what is none of them, or no DER. */
export function derKindOf(der: Uint8Array): DerKind | undefined {
  try {
    return kindOf(new DerReader(der, '').sequence());
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

function kindOf(outer: DerReader): DerKind | undefined {
  if (outer.peek() === tag.oid) return 'PKCS7';
  if (outer.peek() === tag.integer) return kindWithVersion(outer);
  const first = outer.sequence();
  if (first.peek() === tag.oid && outer.peek() === tag.bitString) return 'PUBLIC KEY';
  // The version of a certificate; one of version 1 has only a serial, and then an algorithm where a CSR has a subject.
  if (first.peek() === contextConstructed(0)) return 'CERTIFICATE';
  // A list of version 1 has no version either, and begins with its algorithm.
  const hasNumber = first.peek() === tag.integer;
  if (hasNumber) first.raw();
  const isSigned = first.sequence().peek() === tag.oid;
  if (hasNumber && !isSigned) return 'CERTIFICATE REQUEST';
  if (isSigned && isTimeNextToName(first)) return 'X509 CRL';
  return hasNumber ? 'CERTIFICATE' : undefined;
}

/** Of a list, where a certificate has a sequence of two times behind its issuer (RFC 5280 §4.1, §5.1). */
function isTimeNextToName(body: DerReader): boolean {
  body.sequence();
  return body.peek() === tag.utcTime || body.peek() === tag.generalizedTime;
}

/** RFC 7292 §4 has version 3, RFC 5915 §3 has 1, RFC 5958 §2 and RFC 8017 A.1.2 have 0 and mostly 0 or 1. */
function kindWithVersion(outer: DerReader): DerKind | undefined {
  const version = outer.content(tag.integer)[0];
  const next = outer.peek();
  if (version === 3) return 'PKCS12';
  if (next === tag.integer) return 'RSA PRIVATE KEY';
  if (next === tag.octetString) return 'EC PRIVATE KEY';
  return next === tag.sequence ? 'PRIVATE KEY' : undefined;
}
