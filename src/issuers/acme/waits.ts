/** When a CA is asked again. */
import type { AcmeIssuerContext } from './context.ts';

const soonestMs = 1000;
const latestMs = 6 * 3_600_000;
const longestOwnMs = 30_000;

/**
 * 2, 4, 8 … 30 s since it began, or when the CA says, whichever is later; some say a day where minutes will do (`presets.ts`).
 * @param asked the time that the CA named
 */
export function retryAfter(
  { clock, ca }: Pick<AcmeIssuerContext, 'clock' | 'ca'>,
  { since, asked }: { readonly since: Date; readonly asked: Date | null },
): Date {
  const nowMs = clock.now().getTime();
  const elapsedMs = Math.max(nowMs - since.getTime(), 0);
  // Doubling waits have lasted about as long as the next one is.
  const ownMs = Math.min(Math.max(elapsedMs, 2000), longestOwnMs);
  const askedMs = asked === null ? 0 : asked.getTime() - nowMs;
  const cappedMs = ca.longestWaitSeconds === null ? askedMs : Math.min(askedMs, ca.longestWaitSeconds * 1000);
  return new Date(nowMs + Math.min(Math.max(ownMs, cappedMs, soonestMs), latestMs));
}
