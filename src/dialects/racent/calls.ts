/** Calls of this API as another server answers them: a code, the messages of a refusal, and whatever else there is. */
import { withDefined } from '../../domain/with-defined.ts';
import { replyObject, type Sender, sendForText } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import { looseText } from '../kit/loose.ts';
import type { Secret } from '../kit/secret.ts';

export interface CallOptions {
  /** `https://portal.racent.com`, where `/ssl/place` hangs under. */
  readonly baseUrl: string;
  /** Carries proxies, trust and time-outs. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly token: Secret;
}

export interface Reply {
  /** 1 is a success. */
  readonly code: number;
  readonly messages: readonly string[];
  /** Fields that the messages are about, where it names them. */
  readonly fields: readonly string[];
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Calls {
  readonly sender: Sender;
  /** @throws {CertError} unavailable for what is no reply of this API */
  call(path: string, body: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<Reply>;
}

/** A collected certificate of 250 names with its key stores is about 200 KiB. */
const replyLimitBytes = 4 << 20;

export function createCalls({ baseUrl, fetch, token }: CallOptions): Calls {
  const sender: Sender = { fetch, upstream: new URL(baseUrl).host, replyLimitBytes };
  return {
    sender,
    async call(path, body, signal) {
      const request = new Request(baseUrl + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', 'user-agent': 'certmux' },
        body: JSON.stringify({ api_token: token.reveal(), ...body }),
        ...withDefined({ signal }),
      });
      const reply = replyObject(sender, await sendForText(sender, request));
      // A boolean, or a list of one, would be a number too.
      const code = Number(looseText(reply.code));
      // 0 is no code of the vendor.
      if (!Number.isInteger(code) || code === 0) {
        throw upstreamError('unavailable', { upstream: sender.upstream, detail: 'a reply without a code' });
      }
      return { code, messages: messagesOf(reply), fields: fieldsOf(reply.errors), body: { ...reply, code } };
    },
  };
}

/** Words for a refusal that may have none. */
export function wordsOf({ code, messages }: Pick<Reply, 'code' | 'messages'>): string {
  return messages.join('; ') || `code ${code}`;
}

/** "Array or String", by the vendor's table; lists by field, by its live service. Its WHMCS module reads `msg`. */
function messagesOf({ errors, msg }: Readonly<Record<string, unknown>>): readonly string[] {
  const found = typeof errors === 'object' && errors !== null ? Object.values(errors).flat() : [errors];
  const messages = found.filter((message): message is string => typeof message === 'string' && message !== '');
  return messages.length === 0 && typeof msg === 'string' && msg !== '' ? [msg] : messages;
}

function fieldsOf(errors: unknown): readonly string[] {
  return typeof errors === 'object' && errors !== null && !Array.isArray(errors) ? Object.keys(errors) : [];
}
