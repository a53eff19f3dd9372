/**
 * Revokes certificates inside the transaction that decided it: the row, the CRL, the audit log, deliveries, and for a
 * compromised key the block that keeps it from being certified again (BR §4.9.1.1, §6.1.1.3).
 */
import type { BlockedKey } from '../../domain/blocked-key.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Certificate, RevocationReason } from '../../domain/certificate.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { parseCsr } from '../../pki/csr.ts';
import { keyOfCertificate, type ListedKey, listedKey } from '../../pki/key-list.ts';
import { namesOf } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { queueDeliveries } from '../outbound/deliveries.ts';
import { isOperator } from '../scope.ts';
import { blockKey } from './block-key.ts';
import { queueUpstreamRevocation } from './revoke-upstream.ts';

/** BR §4.9.1 has a certificate revoked within a day, whatever else the server cannot do. */
export const onFullDiskToo = { mayUseReserve: true } as const;

/** No order has more certificates than this inside one coverage; a longer list is read in pages. */
const pageSize = 100;

/** The revoker: a caller, or the platform itself (null), which makes no claim about a key. */
type By = Caller | null;

/** Keys that were blocked by a revocation: the caller of the transaction alarms the operator of them. */
export type Compromised = readonly BlockedKey[];

/** Revokes every certificate of the order that is not revoked yet, and queues the new CRLs. */
export async function revokeCertificatesOf(
  context: AppContext,
  tx: Stores,
  by: By,
  { order, reason }: { readonly order: Order; readonly reason: RevocationReason },
): Promise<Compromised> {
  const compromised: BlockedKey[] = [];
  for await (const certificate of certificatesOf(tx, order)) {
    compromised.push(...((await revokeCertificate(context, tx, by, { order, certificate, reason })) ?? []));
  }
  return compromised;
}

/**
 * For a certificate that is revoked already only the reason may change, and only to keyCompromise: its relying parties must
 * distrust what was signed with the key, and the key must not be certified again. The date stays (RFC 5280 §5.3.1).
 * @returns undefined, and nothing changes, where neither is to be done
 */
export async function revokeCertificate(
  context: AppContext,
  tx: Stores,
  by: By,
  input: { readonly order: Order; readonly certificate: Certificate; readonly reason: RevocationReason },
): Promise<Compromised | undefined> {
  const { order, certificate, reason } = input;
  const now = context.clock.now();
  if (!(await tx.certificates.moveToRevoked(certificate.id, now, reason))) {
    return reason === 'keyCompromise' ? raiseReason(context, tx, by, certificate) : undefined;
  }
  await record(context, tx, by, { kind: 'certificate.revoked', certificate, reason });
  await queueDeliveries(context, tx, { event: 'certificateRevoked', order, issuanceId: certificate.issuanceId });
  return reason === 'keyCompromise' ? claimCompromise(context, tx, by, certificate) : [];
}

/** @returns undefined where it is not revoked, or for keyCompromise already */
export async function raiseReason(
  context: AppContext,
  tx: Stores,
  by: By,
  certificate: Certificate,
): Promise<Compromised | undefined> {
  if (!(await tx.certificates.raiseToKeyCompromise(certificate.id))) return undefined;
  await record(context, tx, by, { kind: 'certificate.reasonRaised', certificate, reason: 'keyCompromise' });
  return claimCompromise(context, tx, by, certificate);
}

/** `raiseReason` of every certificate of the order; undefined when there was none to raise. */
export async function raiseReasonsOf(
  context: AppContext,
  tx: Stores,
  by: By,
  order: Order,
): Promise<Compromised | undefined> {
  let compromised: BlockedKey[] | undefined;
  for await (const certificate of certificatesOf(tx, order)) {
    const raised = await raiseReason(context, tx, by, certificate);
    if (raised !== undefined) compromised = [...(compromised ?? []), ...raised];
  }
  return compromised;
}

/** The key of an order that has no certificate yet. */
export function claimCompromiseOfCsr(
  context: AppContext,
  tx: Stores,
  by: Caller,
  { order, csr }: { readonly order: Order; readonly csr: Uint8Array | null },
): Promise<Compromised> {
  const key = csr === null ? null : listedKey(parseCsr(csr).publicKey);
  return claim(context, tx, by, {
    key,
    accountId: order.accountId,
    certificateId: null,
    note: `order ${order.number}`,
  });
}

function claimCompromise(context: AppContext, tx: Stores, by: By, certificate: Certificate): Promise<Compromised> {
  const { id, number, accountId } = certificate;
  return claim(context, tx, by, {
    key: keyIn(certificate),
    accountId,
    certificateId: id,
    note: `certificate ${number}`,
  });
}

/** A certificate that cannot be read is an upstream's of long ago: of its key no more is known than was kept. */
function keyIn({ der, keyHash }: Certificate): ListedKey | null {
  try {
    return keyOfCertificate(der);
  } catch {
    return keyHash === null ? null : { fingerprint: keyHash, modulusHash: null };
  }
}

/** An account says it of its own certificates only; what the operator says holds for everybody. */
async function claim(
  { clock }: AppContext,
  tx: Stores,
  by: By,
  claimed: Pick<BlockedKey, 'certificateId' | 'note'> & {
    readonly key: ListedKey | null;
    readonly accountId: Certificate['accountId'];
  },
): Promise<Compromised> {
  const { key, accountId, certificateId, note } = claimed;
  if (by === null || key === null) return [];
  const blocked = await blockKey(tx, by, {
    ...key,
    accountId: isOperator(by) ? null : accountId,
    source: 'revocation',
    note,
    certificateId,
    createdAt: clock.now(),
  });
  return blocked === undefined ? [] : [blocked];
}

async function record(
  context: AppContext,
  tx: Stores,
  by: By,
  event: {
    readonly kind: 'certificate.revoked' | 'certificate.reasonRaised';
    readonly certificate: Certificate;
    readonly reason: RevocationReason;
  },
): Promise<void> {
  const { kind, certificate, reason } = event;
  const now = context.clock.now();
  await tx.events.append({
    kind,
    accountId: certificate.accountId,
    subject: certificate.orderId,
    data: { certificate: certificate.id, serial: certificate.serial, reason },
    ...namesOf(by),
    at: now,
  });
  if (certificate.authorityId !== null) {
    await tx.jobs.enqueue({ kind: 'publishCrl', subject: certificate.authorityId, runAt: now });
  }
  await queueUpstreamRevocation(context, tx, certificate);
}

async function* certificatesOf(tx: Stores, { id, accountId }: Order): AsyncGenerator<Certificate> {
  let before: number | undefined;
  do {
    const query = { accountId, orderId: id, limit: pageSize, ...(before === undefined ? {} : { before }) };
    const page = await tx.certificates.list(query);
    yield* page;
    before = page.length === pageSize ? page.at(-1)?.number : undefined;
  } while (before !== undefined);
}
