/** An intermediate is revoked: the list of its root names it, and it signs no more. */
import type { Authority } from '../../domain/authority.ts';
import type { ListSettings } from '../../domain/crl-times.ts';
import { refuse } from '../../domain/errors.ts';
import type { AuthorityRevocation } from '../../domain/ports/issuer.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { type CrlReason, encodeCrlEntries } from '../../pki/crl.ts';
import type { AuthoritiesOptions } from './authorities.ts';

const dayMs = 86_400_000;

export interface Revoking extends AuthorityRevocation {
  readonly authority: Authority;
  readonly lists: ListSettings;
}

/**
 * The entry, the change and the job that publishes the list are one transaction.
 * @throws {CertError} authorityNotRevocable for a root, which no list names, and for one whose root is not here
 */
export async function revokeIntermediate(
  { database, clock }: Pick<AuthoritiesOptions, 'database' | 'clock'>,
  { authority: { id }, lists, reason, by }: Revoking,
): Promise<void> {
  await database.write(async (tx) => {
    const now = clock.now();
    const authority = await tx.authorities.get(id);
    const { parentId = null, subject = '' } = authority ?? {};
    const root = parentId === null ? undefined : await tx.authorities.get(parentId);
    if (authority === undefined || root === undefined || root.keyPlace === 'outside' || root.closedAt !== null)
      throw refuse('authorityNotRevocable', { subject });
    if (authority.revokedAt !== null) return;
    const { serialHex, notAfter } = parseCertificate(authority.certificate);
    const piece = await tx.crls.nextPieceNumber(root.id);
    await tx.crls.putPiece(root.id, {
      piece,
      endsAt: new Date(notAfter.getTime() + dayMs),
      entries: 1,
      der: encodeCrlEntries([
        {
          serial: Buffer.from(serialHex, 'hex'),
          // As of a list of certificates: by a clock that is as much slower as the list is backdated.
          revokedAt: new Date(now.getTime() - lists.backdateSeconds * 1000),
          reason: listed[reason],
        },
      ]),
    });
    await tx.authorities.change({
      ...authority,
      retiredAt: authority.retiredAt ?? now,
      revokedAt: now,
      revocationReason: reason,
    });
    await tx.events.append({
      kind: 'authority.revoked',
      accountId: null,
      ...by,
      subject: id,
      data: { role: authority.role, subject, reason },
      at: now,
    });
    await tx.jobs.enqueue({ kind: 'publishCrl', subject: root.id, runAt: now });
  });
}

/** RFC 5280 §5.3.1 has a reason of its own for the key of a CA; BR §7.2.2 wants one in every entry of a CA. */
const listed: Readonly<Record<AuthorityRevocation['reason'], CrlReason>> = {
  keyCompromise: 'cACompromise',
  affiliationChanged: 'affiliationChanged',
  superseded: 'superseded',
  cessationOfOperation: 'cessationOfOperation',
};
