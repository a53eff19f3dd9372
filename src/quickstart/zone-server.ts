/** The name server of a delegated zone, as the loopback DNS asks it. */
import type { Randomness } from '../domain/ports/system.ts';
import { createResolver } from '../system/index.ts';
import type { AskZone } from './loopback-dns.ts';

export function askServer(endpoint: { readonly address: string; readonly port: number }, random: Randomness): AskZone {
  const resolver = createResolver({ servers: [endpoint], random });
  // It has time limits of its own.
  const { signal: never } = new AbortController();
  return async (name, type) => {
    const outcome = await resolver.query(name, type, never);
    if (!outcome.ok) throw new Error(`nobody answers for ${name}`);
    return { records: outcome.records, exists: outcome.rcode === 'NOERROR' };
  };
}
