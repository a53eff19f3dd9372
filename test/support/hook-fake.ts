/** Fake webhook receivers: a record of every request, and their replies. */
import type { Reason } from '../../src/domain/errors.ts';
import type { FetchUntrusted, UntrustedRequest } from '../../src/domain/ports/system.ts';

export interface HookFake {
  readonly fetch: FetchUntrusted;
  readonly requests: readonly UntrustedRequest[];
  /** Status and body of every reply from now on; 200 at first, and nothing. */
  answer(status: number, body?: (request: UntrustedRequest) => string): void;
  /** Nothing is answered from now on: this is what the network did. */
  fail(outcome: { readonly problem: Reason; readonly isPublic: boolean }): void;
}

export function createHookFake(): HookFake {
  const requests: UntrustedRequest[] = [];
  let status = 200;
  let bodyOf = (_: UntrustedRequest) => '';
  let failure: { readonly problem: Reason; readonly isPublic: boolean } | undefined;
  return {
    requests,
    answer(next, body = () => '') {
      status = next;
      bodyOf = body;
      failure = undefined;
    },
    fail(outcome) {
      failure = outcome;
    },
    async fetch(request) {
      requests.push(request);
      if (failure !== undefined) return { ok: false, url: request.url, connectedTo: [], ...failure };
      const path = { url: request.url, connectedTo: ['192.0.2.80:443'], isPublic: true };
      return { ok: true, status, body: new TextEncoder().encode(bodyOf(request)), ...path };
    },
  };
}
