/** Software that holds a private key in place of a secret: its registration, and the check of its signatures at every call. */
import type { Credential, CredentialKey } from '../../domain/account.ts';
import type { Origin } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { type AccountId, base32, type ExternalAccountKeyId, newId } from '../../domain/ids.ts';
import type { KeySignature } from '../../domain/key-signature.ts';
import type { NewKeyCredential, SignIn } from '../../domain/ports/sign-in.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { checkModulus, checkPublicKey } from '../../pki/key-check.ts';
import { isKeySignature } from '../../pki/key-signature.ts';
import { type PublicKey, parsePublicKey, spkiSha256 } from '../../pki/public-key.ts';
import type { AppContext } from '../context.ts';
import { objectionToBlockedPublicKey } from '../revoking/blocked-keys.ts';
import { accountNamed } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { admit, requireActive, requireAddress } from './admission.ts';
import { checkBinding } from './external-account-keys.ts';

/** The public id is part of URLs, and no secret: nobody can go through all of them. */
const publicIdBytes = 16;

export function createKeySignIn(context: AppContext): Pick<SignIn, 'registerKey' | 'authenticateKey'> {
  const { database } = context;

  return {
    async registerKey(request, origin) {
      const { dialect, realm } = request;
      const publicKey = await newProvedKey(request.publicKey, request.proof);
      const key = { ...credentialKeyOf(publicKey), realm };
      const known = await database.read.credentials.getByKey(dialect, key);
      if (known !== undefined) return { credential: requireNotDeactivated(known), isNew: false };
      const holder = await holderOf(context, request);
      await requireActive(context, holder.accountId);
      return insertKey(context, { request, key, publicKey, holder }, origin);
    },

    async authenticateKey({ dialect, realm, holder, proof }, origin) {
      const { credentials } = database.read;
      const credential = await ('publicId' in holder
        ? credentials.getByPublicId(dialect, holder.publicId)
        : credentials.getByKey(dialect, { realm, hash: spkiSha256(parsePublicKey(holder.publicKey).spkiDer) }));
      if (credential === undefined || credential.key?.realm !== realm) {
        throw refuse('credentialsWrong', { field: 'credential' });
      }
      await provedKey(credential.key.spki, proof);
      return { caller: await admit(context, requireNotDeactivated(credential), origin), credential };
    },
  };
}

/**
 * A key that comes with the request, once its signature is right and nobody else can find its private half. Its numbers are
 * looked at before the signature: a stranger's could keep the thread that checks signatures busy for long.
 * @throws {CertError} badKey, unauthenticated
 */
export async function newProvedKey(spki: Uint8Array, proof: KeySignature): Promise<PublicKey> {
  checkPublicKey(parsePublicKey(spki));
  const publicKey = await provedKey(spki, proof);
  await checkModulus(publicKey);
  return publicKey;
}

/** The key, once its signature is right. @throws {CertError} badKey, unauthenticated */
async function provedKey(spki: Uint8Array, proof: KeySignature): Promise<PublicKey> {
  const publicKey = parsePublicKey(spki);
  if (await isKeySignature(publicKey, proof)) return publicKey;
  throw refuse('credentialsWrong', { field: 'credential.signature' });
}

export function credentialKeyOf({ spkiDer }: PublicKey): Pick<CredentialKey, 'spki' | 'hash'> {
  // A copy of its own: it is a part of larger memory.
  return { spki: Uint8Array.from(spkiDer), hash: spkiSha256(spkiDer) };
}

/** A key that others may have is no key to an account. @throws {CertError} badKey */
export async function requireUnblocked(stores: Stores, accountId: AccountId, publicKey: PublicKey): Promise<void> {
  const objection = await objectionToBlockedPublicKey(stores, { accountId, publicKey });
  if (objection?.key === 'keyBlocked') throw refuse('accountKeyBlocked', objection.params);
}

interface Holder {
  readonly accountId: AccountId;
  readonly externalAccountKeyId: ExternalAccountKeyId | null;
}

async function holderOf(context: AppContext, { holder }: NewKeyCredential): Promise<Holder> {
  if ('account' in holder) {
    return { accountId: (await accountNamed(context.database.read, holder.account)).id, externalAccountKeyId: null };
  }
  const { id, accountId } = await checkBinding(context, holder.binding, holder.accepts);
  return { accountId, externalAccountKeyId: id };
}

async function insertKey(
  context: AppContext,
  input: {
    readonly request: NewKeyCredential;
    readonly key: CredentialKey;
    readonly publicKey: PublicKey;
    readonly holder: Holder;
  },
  { requestId, address }: Origin,
): Promise<{ readonly credential: Credential; readonly isNew: boolean }> {
  const { request, key, publicKey } = input;
  const { accountId, externalAccountKeyId } = input.holder;
  const { dialect, dialectData = {}, label, roles, allowedAddresses } = request;
  const createdAt = context.clock.now();
  const fresh: Omit<Credential, 'number'> = {
    id: newId('credential', context),
    accountId,
    userId: null,
    dialect,
    publicId: base32(context.random.bytes(publicIdBytes)),
    secretHash: null,
    key,
    externalAccountKeyId,
    dialectData,
    label,
    roles,
    allowedAddresses,
    createdBy: null,
    createdAt,
    lastUsedAt: null,
    lastUsedAddress: null,
    expiresAt: null,
    revokedAt: null,
  };
  return context.database.write(async (tx) => {
    // The same request at the same time, or again after a lost reply.
    const known = await tx.credentials.getByKey(dialect, key);
    if (known !== undefined) return { credential: requireNotDeactivated(known), isNew: false };
    await requireUnblocked(tx, accountId, publicKey);
    await requireBinding(tx, request, { address, now: createdAt });
    const credential = await tx.credentials.insert(fresh);
    const by = { actor: fresh.id, requestId };
    const data = {
      dialect,
      label,
      keyHash: key.hash,
      ...(externalAccountKeyId === null ? {} : { externalAccountKeyId }),
    };
    await recordAccount(tx, by, 'credential.created', { accountId, subject: fresh.id, data, at: createdAt });
    return { credential, isNew: true };
  });
}

/** The external account key may still bind, and another one, from there. @throws {CertError} forbidden, conflict */
async function requireBinding(
  tx: Stores,
  { holder }: NewKeyCredential,
  { address, now }: { readonly address: string; readonly now: Date },
): Promise<void> {
  if ('account' in holder) return;
  const { keyId } = holder.binding;
  const key = await tx.externalAccountKeys.getByKeyId(keyId);
  if (key === undefined || key.revokedAt !== null) throw refuse('bindingWrong', { keyId: quoted(keyId) });
  const { id, expiresAt, policy } = key;
  requireAddress(policy, address);
  const bound = await tx.credentials.countOfExternalAccountKey(id);
  if (bound === 0 && expiresAt !== null && expiresAt <= now) {
    throw refuse('bindingKeyExpired', { keyId: key.keyId, until: expiresAt.toISOString() });
  }
  const limit = Math.min(holder.atMost, policy.accounts ?? holder.atMost);
  if (bound >= limit) throw refuse('tooManyOfKind', { what: 'credential', limit });
}

function requireNotDeactivated(credential: Credential): Credential {
  if (credential.revokedAt === null) return credential;
  throw refuse('keyDeactivated', {});
}
