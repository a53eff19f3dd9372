/** The kind of a subscriber's key, in the words of profiles. */
import type { KeyKind } from '../domain/profile.ts';
import type { PublicKey } from '../pki/public-key.ts';

export function keyKindOf({ algorithm }: PublicKey): KeyKind {
  if (algorithm.type === 'rsa') return 'rsa';
  return algorithm.type === 'ec' ? algorithm.curve : 'Ed25519';
}
