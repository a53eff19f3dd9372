/** The signature algorithms we make and accept, by the names their RFCs give them. SHA-1 is not among them (BR §7.1.3.2). */
import type { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { derNull, oid, sequence } from './der-writer.ts';
import { oids } from './oid.ts';
import type { KeyAlgorithm } from './public-key.ts';

export type SignatureAlgorithm = keyof typeof table;

interface Entry {
  readonly oid: string;
  /** What node:crypto calls the hash; null where the algorithm has its own. */
  readonly digest: 'sha256' | 'sha384' | 'sha512' | null;
  readonly keyType: KeyAlgorithm['type'];
}

const table = {
  sha256WithRSAEncryption: { oid: oids.sha256WithRSAEncryption, digest: 'sha256', keyType: 'rsa' },
  sha384WithRSAEncryption: { oid: oids.sha384WithRSAEncryption, digest: 'sha384', keyType: 'rsa' },
  sha512WithRSAEncryption: { oid: oids.sha512WithRSAEncryption, digest: 'sha512', keyType: 'rsa' },
  'ecdsa-with-SHA256': { oid: oids.ecdsaWithSha256, digest: 'sha256', keyType: 'ec' },
  'ecdsa-with-SHA384': { oid: oids.ecdsaWithSha384, digest: 'sha384', keyType: 'ec' },
  'ecdsa-with-SHA512': { oid: oids.ecdsaWithSha512, digest: 'sha512', keyType: 'ec' },
  Ed25519: { oid: oids.ed25519, digest: null, keyType: 'ed25519' },
} as const satisfies Record<string, Entry>;

const byOid = new Map<string, SignatureAlgorithm>(
  signatureAlgorithms().map((algorithm) => [table[algorithm].oid, algorithm]),
);

export function signatureAlgorithms(): SignatureAlgorithm[] {
  return Object.keys(table).filter((name): name is SignatureAlgorithm => name in table);
}

export function signatureAlgorithmOf(dotted: string): SignatureAlgorithm | undefined {
  return byOid.get(dotted);
}

export function digestOf(algorithm: SignatureAlgorithm): Entry['digest'] {
  return table[algorithm].digest;
}

/** Whether a key of this type makes and checks signatures of this kind. */
export function matchesKey(algorithm: SignatureAlgorithm, key: KeyAlgorithm): boolean {
  return table[algorithm].keyType === key.type;
}

/** What we sign with a key: a hash as strong as the key (RFC 5480 §4, BR §7.1.3.2). */
export function signatureAlgorithmFor(key: KeyAlgorithm): SignatureAlgorithm {
  if (key.type === 'rsa') return 'sha256WithRSAEncryption';
  if (key.type === 'ed25519') return 'Ed25519';
  return ({ 'P-256': 'ecdsa-with-SHA256', 'P-384': 'ecdsa-with-SHA384', 'P-521': 'ecdsa-with-SHA512' } as const)[
    key.curve
  ];
}

/** The AlgorithmIdentifier. RSA carries NULL parameters, the others none at all (RFC 4055 §5, RFC 5758 §3.2, RFC 8410 §3). */
export function algorithmIdentifier(algorithm: SignatureAlgorithm): Buffer {
  const entry = table[algorithm];
  return sequence(entry.keyType === 'rsa' ? [oid(entry.oid), derNull] : [oid(entry.oid)]);
}

/**
 * Reads an AlgorithmIdentifier of a signature and returns its OID. Parameters may be NULL or absent whatever the RFC
 * says for the algorithm: Java and old Windows clients mix that up, and it changes nothing.
 */
export function readSignatureAlgorithm(reader: DerReader): string {
  const identifier = reader.sequence();
  const dotted = identifier.oid();
  if (identifier.peek() === tag.null) identifier.null();
  // PSS and others that we do not know carry real parameters; the caller refuses them by name.
  if (byOid.has(dotted)) identifier.finish();
  return dotted;
}
