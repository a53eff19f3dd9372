/** When a CA is asked again. */
import type { AcmeIssuerContext } from './context.ts';

const soonestMs = 1000;
const latestMs = 6 * 3_600_000;
const usualOwnMs = 30_000;
const longestOwnMs = 3_600_000;

/**
 * 2, 4, 8 … 30 s since it began, or when the CA says, whichever is later; some say a day where minutes will do (`presets.ts`). What has
 * taken hours will not be done in seconds, and some orders take a month: from 20 minutes on a fortieth of the time until now.
 * @param asked the time that the CA named
 */
export function retryAfter(
  { clock, ca }: Pick<AcmeIssuerContext, 'clock' | 'ca'>,
  { since, asked }: { readonly since: Date; readonly asked: Date | null },
): Date {
  const nowMs = clock.now().getTime();
  const elapsedMs = Math.max(nowMs - since.getTime(), 0);
  // Doubling waits have lasted about as long as the next one is.
  const ownMs = Math.max(Math.min(Math.max(elapsedMs, 2000), usualOwnMs), Math.min(elapsedMs / 40, longestOwnMs));
  const askedMs = asked === null ? 0 : asked.getTime() - nowMs;
  const cappedMs = ca.longestWaitSeconds === null ? askedMs : Math.min(askedMs, ca.longestWaitSeconds * 1000);
  return new Date(nowMs + Math.min(Math.max(ownMs, cappedMs, soonestMs), latestMs));
}
