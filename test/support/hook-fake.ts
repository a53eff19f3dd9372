/** Customers' servers that are told things: a record of every request, and what they answer. */
import type { FetchUntrusted, UntrustedRequest } from '../../src/domain/system.ts';

export interface HookFake {
  readonly fetch: FetchUntrusted;
  readonly requests: readonly UntrustedRequest[];
  /** What is answered from now on; 200 at first. */
  answer(status: number): void;
}

export function createHookFake(): HookFake {
  const requests: UntrustedRequest[] = [];
  let status = 200;
  return {
    requests,
    answer(next) {
      status = next;
    },
    async fetch(request) {
      requests.push(request);
      const path = { url: request.url, connectedTo: ['192.0.2.80:443'], isPublic: true };
      return { ok: true, status, body: new Uint8Array(), ...path };
    },
  };
}
