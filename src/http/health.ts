/** `/healthz`: the process answers. `/readyz`: it can do its work; 503 while it starts, stops or has lost its database. */
import type { DialectServer } from '../domain/dialect.ts';
import type { Database } from '../domain/stores.ts';

export interface Readiness {
  isStopping(): boolean;
}

export function createHealth(database: Database, readiness: Readiness): DialectServer {
  return {
    async fetch(request) {
      if (!new URL(request.url).pathname.startsWith('/readyz')) return Response.json({ status: 'ok' });
      if (readiness.isStopping()) return Response.json({ status: 'stopping' }, { status: 503 });
      try {
        await database.read.settings.get('initialized');
        return Response.json({ status: 'ready' });
      } catch {
        return Response.json({ status: 'database unavailable' }, { status: 503 });
      }
    },
  };
}
