/** Writes certificate signing requests: for keys that certmux makes for a subscriber, towards upstream CAs, and for its own CA. */
import type { Identifier } from '../domain/identifier.ts';
import { context, oid, sequence, setOfOne, smallInteger } from './der-writer.ts';
import { basicConstraints, extendedKeyUsage, keyUsage, subjectAltName, subjectKeyIdentifier } from './extension.ts';
import { encodeName, type NameFields } from './name.ts';
import { oids } from './oid.ts';
import { keyIdentifier } from './public-key.ts';
import { type Signer, signAndAssemble } from './signature.ts';

export interface CsrInput {
  /** Empty is fine: upstream CAs take the names from the subjectAltName. */
  readonly subject: NameFields;
  readonly names: readonly Identifier[];
  readonly spkiDer: Uint8Array;
}

/** The DER of a request for these names, signed by the key that it is for (RFC 2986 §4). */
export async function createCsr(input: CsrInput, signer: Signer): Promise<Buffer> {
  return signAndAssemble(csrTbs(input), signer);
}

function csrTbs({ subject, names, spkiDer }: CsrInput): Buffer {
  const request = sequence([subjectAltName(names, false)]);
  const attributes = names.length === 0 ? [] : [sequence([oid(oids.extensionRequest), setOfOne(request)])];
  return sequence([smallInteger(0), encodeName(subject), spkiDer, context(0, attributes)]);
}

/**
 * A request for the certificate of a subordinate CA: it asks for all that the certificate is to say, so that a CA that copies extensions
 * needs no settings.
 */
export async function createCaCsr({ subjectName, spkiDer, pathLength }: CaCsrInput, signer: Signer): Promise<Buffer> {
  const extensions = sequence([
    basicConstraints({ pathLength }),
    keyUsage(['digitalSignature', 'keyCertSign', 'cRLSign']),
    extendedKeyUsage([oids.serverAuth]),
    subjectKeyIdentifier(keyIdentifier(spkiDer)),
  ]);
  const attribute = sequence([oid(oids.extensionRequest), setOfOne(extensions)]);
  return signAndAssemble(sequence([smallInteger(0), subjectName, spkiDer, context(0, [attribute])]), signer);
}

export interface CaCsrInput {
  /** The Name, from `encodeName`, or as it stands in the certificate that is to be renewed. */
  readonly subjectName: Uint8Array;
  readonly spkiDer: Uint8Array;
  /** How many CAs may be below. */
  readonly pathLength: number;
}
