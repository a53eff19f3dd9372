/** Nonces that replies brought (RFC 8555 §6.5), for the requests to come. CAs forget them: Boulder keeps some minutes' worth. */
import type { Clock } from '../../../domain/ports/system.ts';

export interface KeptNonces {
  /** The newest, once. */
  take(): string | undefined;
  keepFrom(headers: Headers): void;
  forget(): void;
}

const most = 8;
const longestMs = 10 * 60_000;

export function createKeptNonces(clock: Pick<Clock, 'now'>): KeptNonces {
  let kept: readonly { readonly nonce: string; readonly atMs: number }[] = [];

  return {
    take() {
      const now = clock.now().getTime();
      const fresh = kept.filter(({ atMs }) => now - atMs <= longestMs);
      const newest = fresh.at(-1);
      kept = fresh.slice(0, -1);
      return newest?.nonce;
    },
    keepFrom(headers) {
      const nonce = headers.get('replay-nonce');
      if (nonce === null || nonce === '') return;
      kept = [...kept, { nonce, atMs: clock.now().getTime() }].slice(-most);
    },
    forget() {
      kept = [];
    },
  };
}
