/** `certmux get --watch`: the same run again whenever the certificate is due, and sooner where one failed. */
import type { GetRequest, GetResult } from '../cli/get-request.ts';
import { getCertificate } from './get-certificate.ts';
import { type GetWorld, Interrupted, pause, problemOf } from './world.ts';

const hourMs = 3_600_000;
/** A certificate may be revoked, or the server may have a new CA, long before its end. */
const longestPauseMs = 12 * hourMs;
const firstRetryMs = hourMs / 6;

/** Runs until it is interrupted. @param show what a run has brought about */
export async function watch(world: GetWorld, request: GetRequest, show: (result: GetResult) => void): Promise<void> {
  const { clock, say, words, signal } = world;
  let failed = 0;
  // What was forced once is not forced for ever.
  let force = request.force;
  while (!signal.aborted) {
    let pauseMs: number;
    try {
      const result = await getCertificate(world, { ...request, force });
      failed = 0;
      force = false;
      show(result);
      pauseMs = untilDue(result, clock.now());
      say(words.nextLook(momentOf(clock.now(), pauseMs)));
    } catch (thrown) {
      if (thrown instanceof Interrupted) return;
      pauseMs = Math.min(firstRetryMs * 2 ** failed, longestPauseMs);
      failed += 1;
      say(words.watchFailed(problemOf(thrown), momentOf(clock.now(), pauseMs)));
    }
    try {
      await pause(world, pauseMs);
    } catch (thrown) {
      if (thrown instanceof Interrupted) return;
      throw thrown;
    }
  }
}

function untilDue({ renewAt }: GetResult, now: Date): number {
  const leftMs = Date.parse(renewAt) - now.getTime();
  // At least a minute: what cannot be renewed in time is not ordered again and again without a pause.
  return Math.min(Math.max(leftMs, 60_000), longestPauseMs);
}

function momentOf(now: Date, pauseMs: number): string {
  return `${new Date(now.getTime() + pauseMs).toISOString().slice(0, 16)}Z`;
}
