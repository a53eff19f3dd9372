/** The key that a certificate is for: the customer's, known by its CSR, or one that we make and keep sealed. */
import { CertError } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import { type IssuanceId, newId } from '../domain/ids.ts';
import type { CsrSource } from '../domain/platform.ts';
import { objectionToKey } from '../domain/policy.ts';
import type { KeyKind, Profile } from '../domain/profile.ts';
import { parseCsr, verifyCsr } from '../pki/csr.ts';
import { createCsr } from '../pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../pki/key.ts';
import type { KeyAlgorithm } from '../pki/public-key.ts';
import type { AppContext } from './context.ts';
import { keyKindOf } from './key-kind.ts';

export interface SubscriberKey {
  /** Chosen before the issuance is stored, since the key is sealed for it. */
  readonly issuanceId: IssuanceId;
  readonly csr: Uint8Array;
  readonly sealedKey: Uint8Array | null;
}

/** RSA of 2048 bits: BR §6.1.5's least, and what every client of the vendors expects. */
const algorithms = {
  rsa: { type: 'rsa', bits: 2048 },
  'P-256': { type: 'ec', curve: 'P-256' },
  'P-384': { type: 'ec', curve: 'P-384' },
  'P-521': { type: 'ec', curve: 'P-521' },
  Ed25519: { type: 'ed25519' },
} as const satisfies Record<KeyKind, KeyAlgorithm>;

/** @throws {CertError} badCsr, badKey */
export async function subscriberKeyOf(
  context: AppContext,
  source: CsrSource,
  { names, profile }: { readonly names: readonly Identifier[]; readonly profile: Profile },
): Promise<SubscriberKey> {
  const issuanceId = newId('issuance', context);
  if (source instanceof Uint8Array) {
    const csr = parseCsr(source);
    requireAllowed(keyKindOf(csr.publicKey), profile);
    await verifyCsr(csr);
    return { issuanceId, csr: source, sealedKey: null };
  }
  requireAllowed(source.make, profile);
  const { privateKeyPkcs8, spkiDer } = await generateKey(algorithms[source.make]);
  const csr = await createCsr({ subject: {}, names, spkiDer }, createLocalSigner(privateKeyPkcs8));
  const sealedKey = context.keySealer.seal(privateKeyPkcs8, sealingContext(issuanceId));
  privateKeyPkcs8.fill(0);
  return { issuanceId, csr, sealedKey };
}

/** The PKCS#8 again. @throws {Error} when it does not open */
export function openKey(context: AppContext, issuanceId: IssuanceId, sealedKey: Uint8Array): Uint8Array {
  return context.keySealer.open(sealedKey, sealingContext(issuanceId));
}

function sealingContext(issuanceId: IssuanceId): string {
  return `key:${issuanceId}`;
}

function requireAllowed(keyKind: KeyKind, profile: Profile): void {
  const objection = objectionToKey(keyKind, profile);
  if (objection !== undefined) throw new CertError(objection);
}
