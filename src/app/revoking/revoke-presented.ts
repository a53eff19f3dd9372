/**
 * Revocation by whoever presents the certificate: its account, an account that controls all of its names, or the holder of its
 * private key (RFC 8555 §7.6, BR §4.9.1.1).
 */
import { timingSafeEqual } from 'node:crypto';
import type { Approval } from '../../domain/approval.ts';
import { accountIdOf, type Caller } from '../../domain/caller.ts';
import type { Certificate, RevocationReason } from '../../domain/certificate.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import { parseIdentifier } from '../../domain/identifier.ts';
import { profileUnder } from '../../domain/key-policy.ts';
import type { Order } from '../../domain/order.ts';
import { provingNames, reusableProofs } from '../../domain/policy.ts';
import type { Revocations } from '../../domain/ports/revocations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { listedKey } from '../../pki/key-list.ts';
import { isKeySignature } from '../../pki/key-signature.ts';
import { parsePublicKey, spkiSha256 } from '../../pki/public-key.ts';
import { type AppContext, profileOf } from '../context.ts';
import { hasOrdered } from '../orders/acme-certificate.ts';
import { keyOfClient, servingRequester } from '../orders/key-terms.ts';
import { isWithin } from '../scope.ts';
import { alarm } from './block-key.ts';
import { blockProvedKey } from './report-compromise.ts';
import { type Compromised, onFullDiskToo, revokeCertificate } from './revoke-certificate.ts';

type RevokePresented = Pick<Revocations, 'revokePresented' | 'revokeByKey'>;

/** @param revokeOwn what the account of the certificate does, with the approvals that it needs */
export function createRevokePresented(
  context: AppContext,
  revokeOwn: (caller: Caller, id: string, reason: RevocationReason) => Promise<{ readonly approval: Approval | null }>,
): RevokePresented {
  const { database, queue } = context;

  return {
    async revokePresented(caller, der, reason) {
      const found = await findPresented(context, der);
      if (isWithin(caller, found.accountId)) {
        // One client of an account is not every client of it.
        if (!(await hasOrdered(database.read, caller, found)))
          await requireControl(context, database.read, caller, found);
        requireRevocable(found, reason);
        const { approval } = await revokeOwn({ ...caller, seesAllDialects: true }, found.id, reason);
        return { approval };
      }
      // Who only controls the names knows nothing of the key: its holder's account must not have it blocked by a stranger.
      const givenReason = reason === 'keyCompromise' ? 'cessationOfOperation' : reason;
      const compromised = await database.write(async (tx) => {
        await requireControl(context, tx, caller, found);
        return revokeFor(context, tx, caller, { found, reason: givenReason });
      }, onFullDiskToo);
      alarm(context, compromised);
      queue.wake();
      return { approval: null };
    },

    async revokeByKey({ certificate, publicKey, proof }, origin) {
      const found = await findPresented(context, certificate);
      const key = parsePublicKey(publicKey);
      if (found.keyHash !== spkiSha256(key.spkiDer)) throw refuse('notOwnCertificate', {});
      if (!(await isKeySignature(key, proof))) throw refuse('credentialsWrong', { field: 'credential.signature' });
      const by = { actor: 'system', requestId: origin.requestId } as const;
      const note = `certificate ${found.number}, from ${origin.address}`;
      const compromised = await database.write(async (tx) => {
        const revoked = await revokeFor(context, tx, null, { found, reason: 'keyCompromise' });
        const blocked = await blockProvedKey(context, tx, by, { key: listedKey(key), note });
        return blocked === undefined ? revoked : [...revoked, blocked];
      }, onFullDiskToo);
      alarm(context, compromised);
      queue.wake();
    },
  };
}

/** The certificate with exactly these bytes, of whatever account. @throws {CertError} notFound, wrongState for one that has expired */
async function findPresented({ database, clock }: AppContext, der: Uint8Array): Promise<Certificate> {
  const serial = serialIn(der);
  const all = serial === undefined ? [] : await database.read.certificates.listBySerial(serial);
  const found = all.find((one) => one.der.length === der.length && timingSafeEqual(one.der, der));
  if (found === undefined || found.isWithheld) throw refuse('presentedUnknown', {});
  if (found.notAfter < clock.now()) throw refuse('presentedExpired', { at: found.notAfter.toISOString() });
  return found;
}

function serialIn(der: Uint8Array): string | undefined {
  try {
    return parseCertificate(der).serial.toString('hex');
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

/** What is revoked stays so; only its reason may still become keyCompromise. @throws {CertError} wrongState */
function requireRevocable({ state, revocationReason, number }: Certificate, reason: RevocationReason): void {
  if (state === 'valid' || (reason === 'keyCompromise' && revocationReason !== 'keyCompromise')) return;
  throw refuse('alreadyRevoked', { certificate: String(number) });
}

/** Whoever controls every name now may have the certificate of an earlier holder revoked. @throws {CertError} forbidden */
async function requireControl(
  context: AppContext,
  stores: Stores,
  caller: Caller,
  { issuanceId, names: texts }: Certificate,
): Promise<void> {
  const issuance = await stores.issuances.get(issuanceId);
  if (issuance === undefined) throw refuse('notOwnCertificate', {});
  const requester = { credentialId: caller.credentialId, key: await keyOfClient(stores, caller) };
  const profile = profileUnder(requester.key?.policy ?? null, profileOf(context, issuance.profileId));
  const names = texts.map((text) => parseIdentifier(text, 'certificate'));
  const candidates = [...new Set(names.flatMap((name) => provingNames(name, context.publicSuffixes)))];
  const now = context.clock.now();
  const found = await stores.authorizations.listUsable(accountIdOf(caller), candidates, { now, keyHash: null });
  const usable = await servingRequester(stores, requester, found);
  const proved = reusableProofs(usable, { names, keyHash: null, profile, now });
  if (!names.every(({ value }) => proved.has(value))) throw refuse('notOwnCertificate', {});
}

async function revokeFor(
  context: AppContext,
  tx: Stores,
  by: Caller | null,
  { found, reason }: { readonly found: Certificate; readonly reason: RevocationReason },
): Promise<Compromised> {
  const order = await orderOf(tx, found);
  const compromised = await revokeCertificate(context, tx, by, { order, certificate: found, reason });
  if (compromised !== undefined) return compromised;
  throw refuse('alreadyRevoked', { certificate: String(found.number) });
}

async function orderOf(tx: Stores, { orderId }: Certificate): Promise<Order> {
  const order = await tx.orders.getForUpdate(orderId);
  if (order === undefined) throw refuse('internal', {}, { cause: new Error(`certificate of no order ${orderId}`) });
  return order;
}
