/** Reads a TBSCertificate for its rules, from the bytes that are to be signed and from nothing else (RFC 5280 §4.1). */
import { DerReader } from '../der-reader.ts';
import { tag } from '../der-tag.ts';
import { keyKindOf, type LintedKeyKind } from './algorithms.ts';
import { type LintedExtensions, readLintedExtensions } from './read-extensions.ts';
import { type LintedName, readLintedName } from './read-name.ts';
import { type LintedTime, readLintedTime } from './read-time.ts';

export interface Tbs extends LintedExtensions {
  /** As it is written: 2 for version 3; undefined where it is left out. */
  readonly version: number | undefined;
  /** The content of the INTEGER. */
  readonly serial: Buffer;
  /** AlgorithmIdentifier. */
  readonly signature: Buffer;
  readonly issuer: LintedName;
  readonly notBefore: LintedTime;
  readonly notAfter: LintedTime;
  readonly subject: LintedName;
  readonly key: LintedKey;
  readonly hasUniqueIds: boolean;
}

export interface LintedKey {
  readonly spki: Buffer;
  /** AlgorithmIdentifier. */
  readonly identifier: Buffer;
  /** Undefined for an identifier that is not exactly one of those on the list. */
  readonly kind: LintedKeyKind | undefined;
  /** The content of the BIT STRING behind the octet of unused bits. */
  readonly bits: Buffer;
}

const what = 'the certificate';

/** @throws {CertError} derMalformed for bytes that are no TBSCertificate in DER */
export function readTbs(bytes: Uint8Array): Tbs {
  const reader = new DerReader(bytes, what);
  const body = reader.sequence();
  reader.finish();
  const versionField = body.optionalContext(0);
  const version = versionField?.smallUnsigned();
  versionField?.finish();
  const serial = body.integer();
  const signature = body.raw();
  const issuer = readLintedName(body);
  const validity = body.sequence();
  const [notBefore, notAfter] = [readLintedTime(validity), readLintedTime(validity)];
  validity.finish();
  const subject = readLintedName(body);
  const key = readKey(body);
  let hasUniqueIds = false;
  for (const uniqueId of [uniqueIdTag(1), uniqueIdTag(2)]) {
    if (body.peek() !== uniqueId) continue;
    body.content(uniqueId);
    hasUniqueIds = true;
  }
  const wrapped = body.optionalContext(3);
  const extensions = wrapped === undefined ? noExtensions : readLintedExtensions(wrapped.enter(tag.sequence));
  wrapped?.finish();
  body.finish();
  return { version, serial, signature, issuer, notBefore, notAfter, subject, key, hasUniqueIds, ...extensions };
}

const noExtensions: LintedExtensions = { list: [], contents: {}, unreadable: [] };

/** issuerUniqueID and subjectUniqueID: [1] and [2] IMPLICIT BIT STRING. */
function uniqueIdTag(n: 1 | 2): number {
  return 0x80 | n;
}

function readKey(body: DerReader): LintedKey {
  const start = body.offset;
  const info = body.sequence();
  const identifier = info.raw();
  const bits = info.bitString();
  info.finish();
  return { spki: body.bytes.subarray(start, body.offset), identifier, kind: keyKindOf(identifier), bits };
}
