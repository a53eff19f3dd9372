/** `/healthz`: the process answers. `/readyz`: it can do its work; 503 while it starts, stops or has lost its database. */
import type { ClockGuard } from '../domain/clock-guard.ts';
import type { DialectServer } from '../domain/dialect.ts';
import { renderReason } from '../domain/errors.ts';
import type { Database } from '../domain/stores.ts';

/** Where the server is between its first and its last moment. */
export type Phase = 'starting' | 'ready' | 'stopping';

export function createHealth(database: Database, phase: () => Phase, clockGuard: ClockGuard): DialectServer {
  return {
    async fetch(request) {
      if (new URL(request.url).pathname === '/healthz') return answer('ok', 200);
      if (phase() !== 'ready') return answer(phase(), 503);
      try {
        await database.read.settings.get('initialized');
        // It still answers, revokes and shows: only what needs the time of day waits.
        const fault = clockGuard.fault();
        return answer('ready', 200, fault === undefined ? {} : { signing: renderReason(fault, 'en') });
      } catch {
        return answer('database unavailable', 503);
      }
    },
  };
}

function answer(text: string, status: number, more: { readonly signing?: string } = {}): Response {
  // An answer from a cache would say how things were.
  return Response.json({ status: text, ...more }, { status, headers: { 'Cache-Control': 'no-store' } });
}
