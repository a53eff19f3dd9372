/** The certificate of an order that is issued, with the chain that the operator prefers. */
import type { AcmeAnswer } from '../../dialects/acme/client/face.ts';
import type { SeenOrder } from '../../dialects/acme/client/schema.ts';
import type { AcmeUpstreamOrder } from '../../domain/acme-upstream-order.ts';
import { CertError, type Reason, reason } from '../../domain/errors.ts';
import { clockToleranceMs } from '../../domain/ports/clock-guard.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { keyHashOf } from '../../pki/csr.ts';
import { preferredChain } from './preferred-chain.ts';
import { keepWithoutProofs, pendingUntil, type Run, type Step } from './run.ts';
import { waitForOperator } from './verdict-outcome.ts';

/** A certificate that comes without its chain is fetched again for so long, at these intervals. */
const incompleteMs = 600_000;
const fetchAgainMs = 30_000;

export async function download(run: Run, row: AcmeUpstreamOrder, order: AcmeAnswer<SeenOrder>): Promise<Step> {
  const { context, client, request, signal } = run;
  const { certificate: certificateUrl } = order.shown;
  // A few are `valid` a moment before they have it.
  if (certificateUrl === null) return { outcome: pendingUntil(run, row, order) };
  await keepWithoutProofs(context, { ...row, step: 'download', certificateUrl });
  const first = await client.certificate(certificateUrl, signal);
  const { chain, isFound } = await preferredChain(client, first.shown, context.preferredChain, signal);
  if (!isFound) {
    const facts = { issuer: context.id, issuance: row.issuanceId, preferred: context.preferredChain };
    context.log.warn(facts, 'the CA has no chain that leads to the preferred one');
  }
  const { leaf, others } = splitChain(chain.certificates, request.csr);
  const nowMs = context.clock.now().getTime();
  // Cut off, or not assembled yet (RFC 8555 §9.1 has the chain with it): looked at again before the certificate is refused for it.
  if (others.length === 0 && nowMs - (row.finalizedAt?.getTime() ?? 0) < incompleteMs) {
    return { outcome: { kind: 'pending', reference: row.orderUrl, retryAt: new Date(nowMs + fetchAgainMs) } };
  }
  const clocks = clockThatDiffers(run, leaf);
  if (clocks !== undefined) {
    const again = new Date(nowMs + lookAtClockMs);
    return { outcome: waitForOperator(context, row.orderUrl, clocks, again) };
  }
  return { outcome: { kind: 'issued', reference: row.orderUrl ?? certificateUrl, der: leaf, chain: others } };
}

/** The certificate stays at the CA until our clock is right. */
const lookAtClockMs = 600_000;

/**
 * A certificate that is not valid by our clock is refused for good where it is examined. Where the CA's clock says that it is, ours is
 * wrong, and the operator is told.
 */
function clockThatDiffers({ client, context }: Run, der: Uint8Array): Reason | undefined {
  const { clockAheadMs } = client;
  if (clockAheadMs === null || Math.abs(clockAheadMs) <= clockToleranceMs) return undefined;
  const period = periodOf(der);
  if (period === undefined) return undefined;
  const { notBefore, notAfter } = period;
  const now = context.clock.now();
  const isValidAt = (ms: number) => ms + clockToleranceMs >= notBefore.getTime() && ms <= notAfter.getTime();
  if (isValidAt(now.getTime()) || !isValidAt(now.getTime() - clockAheadMs)) return undefined;
  return reason('caClockDiffers', {
    issuer: context.id,
    from: notBefore.toISOString(),
    until: notAfter.toISOString(),
    now: now.toISOString(),
    theirs: new Date(now.getTime() - clockAheadMs).toISOString(),
  });
}

function periodOf(der: Uint8Array): Pick<Certificate, 'notBefore' | 'notAfter'> | undefined {
  try {
    return parseCertificate(der);
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

/** RFC 8555 §9.1 has the leaf first; where it is not, it is the one that has the key. */
function splitChain(certificates: readonly Uint8Array[], csr: Uint8Array) {
  const wanted = keyHashOf(csr);
  const at = Math.max(
    certificates.findIndex((der) => hasKey(der, wanted)),
    0,
  );
  const leaf = certificates[at];
  if (leaf === undefined) throw new Error('a chain has at least one certificate');
  return { leaf, others: certificates.filter((_, index) => index !== at) };
}

function hasKey(der: Uint8Array, keyHash: string): boolean {
  try {
    return parseCertificate(der).spkiSha256 === keyHash;
  } catch (thrown) {
    // What cannot be read is refused where the certificate is examined.
    if (thrown instanceof CertError) return false;
    throw thrown;
  }
}
