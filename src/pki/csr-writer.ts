/** Writes certificate signing requests: for keys that certmux makes for a subscriber, and towards upstream CAs. */
import type { Identifier } from '../domain/identifier.ts';
import { context, oid, sequence, setOfOne, smallInteger } from './der-writer.ts';
import { subjectAltName } from './extension.ts';
import { encodeName, type NameFields } from './name.ts';
import { oids } from './oid.ts';
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
