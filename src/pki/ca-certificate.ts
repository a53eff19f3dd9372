/** The certificates of certmux's own CA: a self-signed root and the intermediate that signs leaves (BR §7.1.2.1, §7.1.2.6). */
import { context, encodeTime, sequence, smallInteger, unsignedInteger } from './der-writer.ts';
import * as extensions from './extension.ts';
import { oids } from './oid.ts';
import { keyIdentifier } from './public-key.ts';
import { algorithmIdentifier, type SignatureAlgorithm } from './signature.ts';

interface CaCommon {
  /** The Name, from `encodeName`. */
  readonly subjectName: Uint8Array;
  readonly spkiDer: Uint8Array;
  readonly serial: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Of the key that signs: for a root, its own. */
  readonly signatureAlgorithm: SignatureAlgorithm;
}

export type RootInput = CaCommon;

export interface IntermediateInput extends CaCommon {
  readonly issuerName: Uint8Array;
  readonly issuerKeyId: Uint8Array;
  /** How many CAs may be below. Default: 0. */
  readonly pathLength?: number;
  /** OIDs. Default: only serverAuth (Chrome Root Program 1.8: no other purpose beside it). */
  readonly purposes?: readonly string[];
  /** OIDs. Default: anyPolicy, which BR §7.1.2.10.5 allows to an affiliated CA. An empty list leaves the extension out. */
  readonly policies?: readonly string[];
  readonly caIssuersUrl?: string;
  readonly crlUrl?: string;
}

/** The TBSCertificate of a self-signed root: no path length, no EKU, no policies, no pointers (BR §7.1.2.1.2). */
export function rootTbs(input: RootInput): Buffer {
  const keyId = keyIdentifier(input.spkiDer);
  return caTbs(input, input.subjectName, [
    extensions.basicConstraints({}),
    extensions.keyUsage(['keyCertSign', 'cRLSign']),
    extensions.subjectKeyIdentifier(keyId),
    extensions.authorityKeyIdentifier(keyId),
  ]);
}

/** The TBSCertificate of an intermediate that signs leaves and CRLs. */
export function intermediateTbs(input: IntermediateInput): Buffer {
  const { pathLength = 0, purposes = [oids.serverAuth], policies = [oids.anyPolicy], caIssuersUrl, crlUrl } = input;
  return caTbs(input, input.issuerName, [
    extensions.basicConstraints({ pathLength }),
    // digitalSignature too, so that the same key may sign OCSP answers (BR §7.1.2.10.7).
    extensions.keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign']),
    extensions.extendedKeyUsage(purposes),
    extensions.subjectKeyIdentifier(keyIdentifier(input.spkiDer)),
    extensions.authorityKeyIdentifier(input.issuerKeyId),
    ...(caIssuersUrl === undefined ? [] : [extensions.authorityInfoAccess({ caIssuersUrl })]),
    ...(crlUrl === undefined ? [] : [extensions.crlDistributionPoints(crlUrl)]),
    ...(policies.length === 0 ? [] : [extensions.certificatePolicies(policies)]),
  ]);
}

function caTbs(input: CaCommon, issuerName: Uint8Array, extensionList: readonly Uint8Array[]): Buffer {
  if (!(input.notBefore < input.notAfter)) throw new Error('a certificate must end after it begins');
  return sequence([
    context(0, [smallInteger(2)]),
    unsignedInteger(input.serial),
    algorithmIdentifier(input.signatureAlgorithm),
    issuerName,
    sequence([encodeTime(input.notBefore), encodeTime(input.notAfter)]),
    input.subjectName,
    input.spkiDer,
    context(3, [sequence(extensionList)]),
  ]);
}
