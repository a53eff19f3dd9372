/** Messages to a server of the operator's own, which may be in an internal network: none of the guard for strangers' servers. */
import type { OperatorWebhook } from '../domain/ports/system.ts';
import { printable } from '../domain/printable.ts';

export interface OperatorWebhookOptions {
  readonly url: string;
  /** Sent as a bearer token (RFC 6750 §2.1). */
  readonly token?: string | undefined;
}

const timeoutMs = 15_000;

export function createOperatorWebhook({ url, token }: OperatorWebhookOptions): OperatorWebhook {
  return {
    url,
    async post(body, signal) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'Content-Type': 'application/json; charset=utf-8',
            ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
          },
          body,
          // A token must not follow where a redirect leads.
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        await response.body?.cancel();
        return response.ok ? { ok: true } : { ok: false, detail: `HTTP status ${response.status}` };
      } catch (thrown) {
        return { ok: false, detail: printable(detailOf(thrown)).slice(0, 200) };
      }
    },
  };
}

/** What `fetch` says is only that it failed; its cause says why. */
function detailOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
}
