/**
 * Server certificates, fast: everything that is the same for all certificates of one issuer and profile is encoded once,
 * and a certificate is those parts with a serial, two times, a subject, a key and names between them.
 */

import { quoted, refuse } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import { expected } from '../domain/messages/expectations.ts';
import { parseOrganizationIdentifier } from '../domain/organization-identifier.ts';
import type { Profile, ValidationLevel } from '../domain/profile.ts';
import { context, encodeTime, oid, sequence, smallInteger, unsignedInteger } from './der-writer.ts';
import * as extensions from './extension.ts';
import { encodeName, type NameFields } from './name.ts';
import { oids } from './oid.ts';
import { keyIdentifier } from './public-key.ts';
import { algorithmIdentifier, type SignatureAlgorithm } from './signature.ts';

export interface LeafProfile {
  /** The issuer's subject, byte for byte: `certificate.subject.der`. */
  readonly issuerName: Uint8Array;
  /** The issuer's subject key identifier. */
  readonly issuerKeyId: Uint8Array;
  /** What the issuer signs with. */
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly validationLevel: ValidationLevel;
  /** BR §7.1.6.1 OIDs where the certificate claims to follow them; empty leaves the extension out. */
  readonly policies: readonly string[];
  /** CRLs in shards: make one template for each shard. */
  readonly crlUrl?: string;
  readonly caIssuersUrl?: string;
  readonly ocspUrl?: string;
  /** OIDs. Default: only serverAuth. */
  readonly purposes?: readonly string[];
  /** False: the subject repeats none of the names. */
  readonly includesCommonName?: boolean;
  /** False: without a subject key identifier. */
  readonly includesSubjectKeyId?: boolean;
}

/** What a template takes from the profile. */
export function leafSettingsOf({ level, policyOids, includesCommonName, includesSubjectKeyId }: Profile) {
  return { validationLevel: level, policies: policyOids, includesCommonName, includesSubjectKeyId };
}

export interface LeafInput {
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  /** The last second that is still valid: a 199-day certificate ends 199 × 86,400 − 1 seconds after it begins (BR §6.3.2). */
  readonly notAfter: Date;
  readonly spkiDer: Uint8Array;
  /** Canonical, without repetition, at least one. */
  readonly names: readonly Identifier[];
  /** The verified organization of an OV or EV certificate, without CN. A DV certificate has none. */
  readonly organization?: NameFields;
}

export interface LeafTemplate {
  readonly profile: LeafProfile;
  /**
   * The TBSCertificate to sign. Same input, same bytes.
   * @throws {CertError} organizationRequired, subjectTooLong, subjectInvalid
   */
  tbs(input: LeafInput): Buffer;
}

export function createLeafTemplate(profile: LeafProfile): LeafTemplate {
  const version = context(0, [smallInteger(2)]);
  const algorithm = algorithmIdentifier(profile.signatureAlgorithm);
  const issuerName = Buffer.from(profile.issuerName);
  const { caIssuersUrl, ocspUrl, crlUrl, policies, purposes = [oids.serverAuth] } = profile;
  const { includesCommonName = true, includesSubjectKeyId = true } = profile;
  // RSA keys may still have to decrypt for TLS 1.2 clients without (EC)DHE; others only sign (BR §7.1.2.7.11).
  const leafBasics = (usages: readonly extensions.KeyUsage[]) =>
    Buffer.concat([
      extensions.basicConstraints('leaf'),
      extensions.keyUsage(usages),
      extensions.extendedKeyUsage(purposes),
      extensions.authorityKeyIdentifier(profile.issuerKeyId),
    ]);
  const basicsRsa = leafBasics(['digitalSignature', 'keyEncipherment']);
  const basics = leafBasics(['digitalSignature']);
  const hasAccess = caIssuersUrl !== undefined || ocspUrl !== undefined;
  const pointers = Buffer.concat([
    ...(hasAccess ? [extensions.authorityInfoAccess({ caIssuersUrl, ocspUrl })] : []),
    ...(crlUrl === undefined ? [] : [extensions.crlDistributionPoints(crlUrl)]),
    ...(policies.length === 0 ? [] : [extensions.certificatePolicies(policies)]),
  ]);

  return {
    profile,
    tbs({ serial, notBefore, notAfter, spkiDer, names, organization }) {
      if (names.length === 0) throw new Error('a certificate needs a name');
      if (!(notBefore < notAfter)) throw new Error('a certificate must end after it begins');
      const subject = leafSubjectOf({ level: profile.validationLevel, includesCommonName, names, organization });
      return sequence([
        version,
        unsignedInteger(serial),
        algorithm,
        issuerName,
        sequence([encodeTime(notBefore), encodeTime(notAfter)]),
        subject,
        spkiDer,
        context(3, [
          sequence([
            isRsa(spkiDer) ? basicsRsa : basics,
            ...(includesSubjectKeyId ? [extensions.subjectKeyIdentifier(keyIdentifier(spkiDer))] : []),
            extensions.subjectAltName(names, subject.length === emptyNameSize),
            pointers,
            ...identifierExtension(profile.validationLevel, organization?.organizationIdentifier),
          ]),
        ]),
      ]);
    },
  };
}

const emptyNameSize = 2;
const rsaOid = oid(oids.rsaEncryption);

/** The key's OID stands first in the AlgorithmIdentifier, after two headers of at most four bytes each. */
function isRsa(spkiDer: Uint8Array): boolean {
  return Buffer.from(spkiDer.buffer, spkiDer.byteOffset, Math.min(spkiDer.length, 8 + rsaOid.length)).includes(rsaOid);
}

/** What must be known of an organization before it is named in a certificate (BR §7.1.2.7.4, EV guidelines §7.1.4.2). */
const requiredFields = {
  dv: [],
  ov: ['O', 'C'],
  ev: ['O', 'C', 'businessCategory', 'jurisdictionC', 'serialNumber'],
} as const satisfies Record<ValidationLevel, readonly (keyof NameFields)[]>;

export interface LeafSubjectInput {
  readonly level: ValidationLevel;
  readonly includesCommonName: boolean;
  readonly names: readonly Identifier[];
  readonly organization?: NameFields | undefined;
}

/** The DER of the subject. @throws {CertError} organizationRequired, subjectTooLong, subjectInvalid */
export function leafSubjectOf({ level, includesCommonName, names, organization }: LeafSubjectInput): Buffer {
  return leafSubject(level, includesCommonName ? chooseCommonName(names) : undefined, organization);
}

/** DV: the common name only. OV, EV: the organization, then the common name. */
function leafSubject(level: ValidationLevel, commonName: string | undefined, organization: NameFields = {}): Buffer {
  const fields = level === 'dv' ? {} : organization;
  for (const field of requiredFields[level]) {
    if (isBlank(fields[field])) throw refuse('organizationRequired', { field, level: level.toUpperCase() });
  }
  // BR §7.1.2.7.4: stateOrProvince or locality, whichever there is.
  if (level !== 'dv' && isBlank(fields.ST) && isBlank(fields.L)) {
    throw refuse('organizationRequired', { field: 'ST or L', level: level.toUpperCase() });
  }
  return encodeName(commonName === undefined ? fields : { ...fields, CN: commonName });
}

/** @throws {CertError} subjectInvalid for an identifier of another form, which the extension could not repeat */
function identifierExtension(level: ValidationLevel, text = ''): readonly Buffer[] {
  if (level === 'dv' || text === '') return [];
  const identifier = parseOrganizationIdentifier(text);
  if (identifier !== undefined) return [extensions.cabfOrganizationIdentifier(identifier)];
  throw refuse('subjectInvalid', {
    field: 'organizationIdentifier',
    value: quoted(text),
    expected: expected.organizationIdentifier,
  });
}

function isBlank(value: string | undefined): boolean {
  return value === undefined || value.trim() === '';
}

/**
 * The first DNS name that fits into 64 characters, else an IP address, else none: the common name is deprecated and must
 * repeat a subject alternative name (BR §7.1.4.3), and clients that read it want it to be a name they know.
 */
function chooseCommonName(names: readonly Identifier[]): string | undefined {
  const fitting = names.filter(({ value }) => value.length <= 64);
  return (fitting.find(({ kind }) => kind === 'dns' || kind === 'wildcard') ?? fitting[0])?.value;
}

/**
 * A serial number from 16 random bytes: 126 of their bits. The top bit is cleared so that it is positive, the next one
 * set so that it is never zero and always 16 bytes, 32 hex digits (RFC 5280 §4.1.2.2; BR §7.1 wants 64 random bits).
 */
export function serialFrom(randomBytes: Uint8Array): Buffer {
  if (randomBytes.length !== 16)
    throw new Error(`a serial number is made of 16 random bytes, not ${randomBytes.length}`);
  const serial = Buffer.from(randomBytes);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}
