/** The key that a certificate is for: the customer's, known by its CSR, or one that we make and keep sealed. */
import { CertError } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { type IssuanceId, nextId, type OrderId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { objectionToKey } from '../../domain/policy.ts';
import type { SealedObject } from '../../domain/ports/key-sealer.ts';
import type { CsrSource } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { KeyKind, Profile } from '../../domain/profile.ts';
import { parseCsr, verifyCsr } from '../../pki/csr.ts';
import { createCsr } from '../../pki/csr-writer.ts';
import { createLocalSigner, generateKey, spkiOf } from '../../pki/key.ts';
import { hashesOf } from '../../pki/key-fingerprint.ts';
import type { KeyAlgorithm, PublicKey } from '../../pki/public-key.ts';
import type { AppContext } from '../context.ts';

export function keyKindOf({ algorithm }: PublicKey): KeyKind {
  if (algorithm.type === 'rsa') return 'rsa';
  return algorithm.type === 'ec' ? algorithm.curve : 'Ed25519';
}

export interface SubscriberKey {
  /** Chosen before the issuance is stored, since the key is sealed for it. */
  readonly issuanceId: IssuanceId;
  /** Null: it comes later. */
  readonly csr: Uint8Array | null;
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

/**
 * @param source null: it comes later
 * @param issuanceId of one that is there already
 * @throws {CertError} badCsr, badKey
 */
export async function subscriberKeyOf(
  context: AppContext,
  source: CsrSource | null,
  {
    names,
    profile,
    issuanceId: known,
  }: { readonly names: readonly Identifier[]; readonly profile: Profile; readonly issuanceId?: IssuanceId },
): Promise<SubscriberKey> {
  await requireGoodKey(source, profile);
  return keyOfIssuance(context, source, { names, issuanceId: known ?? (await nextId('issuance', context)) });
}

/** The same for an order that is still to be placed, with its id: both numbers are drawn at once. @throws {CertError} badCsr, badKey */
export async function keyOfNewOrder(
  context: AppContext,
  source: CsrSource | null,
  { names, profile }: { readonly names: readonly Identifier[]; readonly profile: Profile },
): Promise<{ readonly orderId: OrderId; readonly key: SubscriberKey }> {
  await requireGoodKey(source, profile);
  const [issuanceId, orderId] = await Promise.all([nextId('issuance', context), nextId('order', context)]);
  return { orderId, key: await keyOfIssuance(context, source, { names, issuanceId }) };
}

async function keyOfIssuance(
  context: AppContext,
  source: CsrSource | null,
  { names, issuanceId }: { readonly names: readonly Identifier[]; readonly issuanceId: IssuanceId },
): Promise<SubscriberKey> {
  if (source === null || source instanceof Uint8Array) return { issuanceId, csr: source, sealedKey: null };
  const { privateKeyPkcs8, spkiDer } = await generateKey(algorithms[source.make]);
  const csr = await createCsr({ subject: {}, names, spkiDer }, createLocalSigner(privateKeyPkcs8));
  const sealedKey = context.keySealer.seal(privateKeyPkcs8, sealedObject(issuanceId));
  privateKeyPkcs8.fill(0);
  return { issuanceId, csr, sealedKey };
}

/** The CSR's signature and the kind of key; makes no key. @throws {CertError} badCsr, badKey */
export async function requireGoodKey(source: CsrSource | null, profile: Profile): Promise<void> {
  if (source === null) return;
  if (!(source instanceof Uint8Array)) return requireAllowed(source.make, profile);
  const csr = parseCsr(source);
  requireAllowed(keyKindOf(csr.publicKey), profile);
  await verifyCsr(csr);
}

/** The CSR for the same key again; for a key that we made, the wish for a new one of its kind. */
export function sameKeyAs({ csr, sealedKey }: Pick<Issuance, 'csr' | 'sealedKey'>): CsrSource | null {
  return csr === null || sealedKey === null ? csr : { make: keyKindOf(parseCsr(csr).publicKey) };
}

/** The key that we made for an issuance, for one more of its order; undefined where the customer has the key. @throws {CertError} badKey */
export async function keptKeyOf(
  context: AppContext,
  { id, csr, sealedKey }: Pick<Issuance, 'id' | 'csr' | 'sealedKey'>,
  profile: Profile,
): Promise<SubscriberKey | undefined> {
  if (csr === null || sealedKey === null) return undefined;
  await requireGoodKey(csr, profile);
  const issuanceId = await nextId('issuance', context);
  const privateKey = openKey(context, id, sealedKey);
  const sealedAgain = context.keySealer.seal(privateKey, sealedObject(issuanceId));
  privateKey.fill(0);
  return { issuanceId, csr, sealedKey: sealedAgain };
}

/** The key that an upstream made for an issuance, in place of ours. @throws {CertError} badKey, badCsr for one that cannot be used */
export async function arrivedKeyOf(
  context: AppContext,
  privateKey: Uint8Array,
  { id, names }: Pick<Issuance, 'id' | 'names'>,
): Promise<SubscriberKey & { readonly csr: Uint8Array; readonly sealedKey: Uint8Array }> {
  const request = { subject: {}, names: names.map(({ identifier }) => identifier), spkiDer: spkiOf(privateKey) };
  const csr = await createCsr(request, createLocalSigner(privateKey));
  return { issuanceId: id, csr, sealedKey: context.keySealer.seal(privateKey, sealedObject(id)) };
}

/** Runs in the transaction that stores the key: from then on no CSR that is sent may be for it. */
export async function noteMadeKey(tx: Stores, { issuanceId, csr, sealedKey }: SubscriberKey): Promise<void> {
  if (csr === null || sealedKey === null) return;
  for (const hash of hashesOf(parseCsr(csr).publicKey)) await tx.madeKeys.insert(hash, issuanceId);
}

/** The PKCS#8 again. @throws {Error} when it does not open */
export function openKey(context: AppContext, issuanceId: IssuanceId, sealedKey: Uint8Array): Uint8Array {
  return context.keySealer.open(sealedKey, sealedObject(issuanceId));
}

/** Seals the key in the transaction that stores it, which may run after the master key was changed. See `KeySealer.seal`. */
export function storedKey(context: AppContext, { issuanceId, sealedKey }: SubscriberKey): Uint8Array | null {
  return sealedKey && context.keySealer.renew(sealedKey, sealedObject(issuanceId));
}

function sealedObject(id: IssuanceId): SealedObject {
  return { kind: 'subscriberKey', id };
}

function requireAllowed(keyKind: KeyKind, profile: Profile): void {
  const objection = objectionToKey(keyKind, profile);
  if (objection !== undefined) throw new CertError(objection);
}
