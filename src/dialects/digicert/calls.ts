/** Calls of this API as another server answers them: a status, a text, and of a refusal its code and message. */
import { type CertError, refuse } from '../../domain/errors.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { replyText, type Sender, send as sendRequest } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import { replyJson } from '../kit/json.ts';
import type { HttpMethod } from '../kit/operation.ts';
import type { Secret } from '../kit/secret.ts';
import { keyHeader } from './auth.ts';
import { codeOfWire } from './errors.ts';

export interface CallOptions {
  /** `https://www.digicert.com`. With `/services/v2`, as the vendor writes it, it is the same. */
  readonly baseUrl: string;
  /** Carries proxies, trust and time-outs. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly key: Secret;
}

export interface Call {
  readonly method: HttpMethod;
  /** From `/services/v2` on. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  /** Of a refusal: absent where it is none of this API's. */
  readonly code?: string;
  readonly message?: string;
}

export interface Calls {
  readonly sender: Sender;
  /** Answers refusals as well. @throws {CertError} unavailable for no reply at all */
  call(call: Call): Promise<Reply>;
  /** What a refusal means in our own words. */
  refusalOf(reply: Reply): CertError;
}

/** A thousand orders of a list with all their names. */
const replyLimitBytes = 32 << 20;

export function isRefusal({ status }: Reply): boolean {
  return status >= 300;
}

export function createCalls({ baseUrl, fetch, key }: CallOptions): Calls {
  const upstream = new URL(baseUrl).host;
  const sender: Sender = { fetch, upstream, replyLimitBytes };

  return {
    sender,
    async call({ method, path, query = {}, body, signal }) {
      const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
      const url = `${baseUrl}${path}${search.size === 0 ? '' : `?${search}`}`;
      const reply = await sendRequest(
        sender,
        new Request(url, {
          method,
          headers: { [keyHeader]: key.reveal(), 'content-type': 'application/json', 'user-agent': 'certmux' },
          ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
          ...withDefined({ signal }),
        }),
      );
      const text = await replyText(sender, reply);
      return { status: reply.status, text, ...(reply.status >= 300 ? firstError(replyJson(text)) : {}) };
    },
    refusalOf({ status, code, message }) {
      const known = code === undefined ? undefined : codeOfWire(status, code);
      const detail = message ?? `HTTP status ${status}`;
      // The owner of the name has to mend it.
      if (code?.startsWith('caa_') === true) return refuse('caaForbids', { issuer: upstream, detail });
      return upstreamError(known ?? (status === 429 ? 'rateLimited' : 'unavailable'), { upstream, detail });
    },
  };
}

/** The list, or the bare object that documents of the API's XML days show. */
function firstError(reply: unknown): { readonly code?: string; readonly message?: string } {
  const errors = (reply as { readonly errors?: unknown } | null | undefined)?.errors;
  const first: unknown = Array.isArray(errors) ? errors[0] : errors;
  if (typeof first !== 'object' || first === null) return {};
  const { code, message } = first as { readonly code?: unknown; readonly message?: unknown };
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  };
}
