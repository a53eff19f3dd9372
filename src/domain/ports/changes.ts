/** Port for front doors: following what changes, as it changes. */
import type { Caller } from '../caller.ts';
import type { Change } from '../change.ts';

/** Streams that one session, or one key, may have open at once in a process; and all together. */
export const streamsPerOwner = 6;
export const streamsAtOnce = 2000;

export interface OpenStream {
  /** Names the stream, to nobody but who opened it. */
  readonly stream: string;
  /** Where it begins. */
  readonly seq: number;
  /** True: what was changed since the place that was asked for is not known any more. */
  readonly isReset: boolean;
}

export interface ChangeBatch {
  /** Each object once. Empty where nothing has changed that the caller may read. */
  readonly changes: readonly Change[];
  /** Where to go on. It moves on past what is not the caller's as well. */
  readonly seq: number;
  /** True: the reader was so slow that some of what has changed is not known any more. */
  readonly isReset: boolean;
}

export interface Changes {
  /**
   * Opens a stream of what the caller may read: what changes in their account, or in all of them.
   * @param after the place in an earlier stream, of whatever node; null: from now on
   * @throws {CertError} rateLimited
   */
  open(caller: Caller, after: number | null): Promise<OpenStream>;
  /**
   * What has changed after that place, at once or as soon as there is something, at the latest after `waitMs`. It takes no caller, since
   * it would hold up their other requests: whoever knows the name of the stream has opened it.
   * @returns null where the stream is over: closed, or no longer allowed to who opened it
   */
  next(stream: string, wanted: { readonly seq: number; readonly waitMs: number }): Promise<ChangeBatch | null>;
  close(stream: string): Promise<void>;
}
