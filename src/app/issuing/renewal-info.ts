/** Suggested renewal time of an upstream's certificate (RFC 9773): before it revokes, or when it has little to do. */
import type { Certificate } from '../../domain/certificate.ts';
import { informsOfRenewal } from '../../domain/ports/issuer.ts';
import type { AppContext } from '../context.ts';
import { withinMs } from './time-limit.ts';
import { untilAborted } from './upstream-call.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** A look into a register of the upstream's; the job that asks must not wait for long. */
const answerMs = 10_000;
const never = new Date(8_640_000_000_000_000);

export function suggestsRenewal({ issuers }: AppContext, issuerId: string): boolean {
  const issuer = issuers.get(issuerId);
  return issuer !== undefined && informsOfRenewal(issuer);
}

/**
 * The time of the next certificate: as planned, or at the begin of the window that its issuer suggests, if that is
 * earlier. `lookAt`: when to ask again. An issuer that does not answer changes nothing.
 */
export async function renewalAt(
  { issuers, clock, log }: AppContext,
  { certificate, planned }: { readonly certificate: Certificate; readonly planned: Date },
): Promise<{ readonly due: Date; readonly lookAt: Date }> {
  const issuer = issuers.get(certificate.issuerId);
  if (issuer === undefined || !informsOfRenewal(issuer)) return { due: planned, lookAt: never };
  const tomorrow = new Date(clock.now().getTime() + dayMs);
  try {
    const window = await withinMs(clock, answerMs, (signal) =>
      untilAborted(signal, issuer.renewalInfo(certificate, signal)),
    );
    if (window === null) return { due: planned, lookAt: tomorrow };
    const soonestMs = clock.now().getTime() + hourMs;
    const lookAt = new Date(Math.min(Math.max(window.retryAt.getTime(), soonestMs), tomorrow.getTime()));
    return { due: window.from < planned ? window.from : planned, lookAt };
  } catch (thrown) {
    log.warn({ err: thrown, issuer: issuer.id, certificate: certificate.id }, 'an upstream did not say when to renew');
    return { due: planned, lookAt: tomorrow };
  }
}
