/**
 * The exact bytes of AlgorithmIdentifiers, as BR §7.1.3 prints them (those of Ed25519: RFC 8410 §3). Written out here, and not taken from the
 * writer, which would be compared with itself.
 */

/** The kinds of key that certmux certifies. */
export type LintedKeyKind = 'rsa' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519';

const rsaKey = '300d06092a864886f70d0101010500';
const p256Key = '301306072a8648ce3d020106082a8648ce3d030107';
const p384Key = '301006072a8648ce3d020106052b81040022';
const p521Key = '301006072a8648ce3d020106052b81040023';
const ed25519Key = '300506032b6570';

/** By the AlgorithmIdentifier of a public key (BR §7.1.3.1), in hex. */
const keyKinds: ReadonlyMap<string, LintedKeyKind> = new Map([
  [rsaKey, 'rsa'],
  [p256Key, 'P-256'],
  [p384Key, 'P-384'],
  [p521Key, 'P-521'],
  [ed25519Key, 'Ed25519'],
]);

/** What such a key signs with (BR §7.1.3.2), in hex: RSA with SHA-256, -384 or -512, a curve with the hash of its own size. */
const signatures: Readonly<Record<LintedKeyKind, readonly string[]>> = {
  rsa: ['300d06092a864886f70d01010b0500', '300d06092a864886f70d01010c0500', '300d06092a864886f70d01010d0500'],
  'P-256': ['300a06082a8648ce3d040302'],
  'P-384': ['300a06082a8648ce3d040303'],
  'P-521': ['300a06082a8648ce3d040304'],
  Ed25519: ['300506032b6570'],
};

/** The kind of key; undefined for one whose identifier is not exactly one of those above. */
export function keyKindOf(identifier: Buffer): LintedKeyKind | undefined {
  return keyKinds.get(identifier.toString('hex'));
}

export function isSignatureOf(kind: LintedKeyKind, identifier: Buffer): boolean {
  return signatures[kind].includes(identifier.toString('hex'));
}
