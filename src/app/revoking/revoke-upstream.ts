/** Revoking at the upstream what is revoked here. A job, because an upstream may be away; tried until it is done. */
import type { Certificate } from '../../domain/certificate.ts';
import { CertError } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import { laneOfIssuer } from '../../domain/job.ts';
import { canRevoke } from '../../domain/ports/issuer.ts';
import type { JobHandler } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

import { type AppContext, issuerOf } from '../context.ts';
import { isStopping, messageOf, untilAborted } from '../issuing/upstream-call.ts';
import { noteAnswer, noteFault, waitForUpstream } from '../issuing/upstream-gate.ts';

/** Part of the transaction that revoked it, or changed its reason. The queue is woken after the commit. */
export async function queueUpstreamRevocation(
  { clock, issuers }: AppContext,
  tx: Stores,
  { id, issuerId, authorityId }: Certificate,
): Promise<void> {
  const issuer = issuers.get(issuerId);
  // Without the issuer it is not known whether it can: the job checks when it is configured again.
  if (authorityId !== null || (issuer !== undefined && !canRevoke(issuer))) return;
  await tx.jobs.enqueue({ kind: 'revokeUpstream', subject: id, runAt: clock.now(), lane: laneOfIssuer(issuerId) });
}

/** It was bought elsewhere, by what the configuration says now: nobody was called, and the breaker has nothing to count. */
function isUnasked(thrown: unknown): boolean {
  const keys: readonly string[] = ['vendorAccountChanged', 'vendorAddressChanged', 'vendorAddressUnknown'];
  return thrown instanceof CertError && keys.includes(thrown.reason.key);
}

export function createRevokeUpstreamHandler(context: AppContext): JobHandler {
  const { database, clock } = context;
  return async ({ subject }, signal) => {
    const certificate = isId('certificate', subject) ? await database.read.certificates.get(subject) : undefined;
    if (certificate?.state !== 'revoked') return { kind: 'done' };
    const issuer = issuerOf(context, certificate.issuerId);
    if (!canRevoke(issuer)) return { kind: 'done' };
    const terms = issuer.upstream;
    const until = await database.write((tx) => waitForUpstream(context, tx, terms));
    if (until !== undefined) return { kind: 'again', at: until };
    const reason = certificate.revocationReason ?? 'unspecified';
    try {
      await untilAborted(signal, issuer.revoke(certificate, reason, signal));
    } catch (thrown) {
      // The job counts it, and shows it to the operator in the end.
      if (!isStopping(signal) && !isUnasked(thrown))
        await database.write((tx) => noteFault(context, tx, terms, messageOf(thrown)));
      throw thrown;
    }
    await database.write(async (tx) => {
      await noteAnswer(context, tx, terms);
      await tx.events.append({
        kind: 'certificate.revokedUpstream',
        accountId: certificate.accountId,
        actor: 'system',
        subject: certificate.orderId,
        data: { certificate: certificate.id, serial: certificate.serial, issuer: certificate.issuerId, reason },
        requestId: null,
        at: clock.now(),
      });
    });
    return { kind: 'done' };
  };
}
