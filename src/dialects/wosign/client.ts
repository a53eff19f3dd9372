/**
 * The client half: any server of this API as typed calls. Replies are read as tolerantly as the document prints them;
 * refusals become our own errors by reading the error table backwards.
 */
import { withDefined } from '../../domain/with-defined.ts';
import { sendForText } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import type { Secret } from '../kit/secret.ts';
import { codeOfStatus, descriptions } from './errors.ts';
import { readObject } from './read.ts';
import { anyReply, takenReply } from './schema.ts';
import { issuedStatus, pendingStatus } from './status.ts';

export interface WosignClientOptions {
  /** `https://host`, with a path where the server has one. */
  readonly baseUrl: string;
  /** Carries proxies, trust and time-outs. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly credentials: { readonly customerId: string; readonly authToken: Secret };
}

export interface CertificateRequest {
  readonly names: readonly string[];
  readonly csrPem: string;
}

export type Outcome =
  /** `certificatePem`: the certificate, then its chain as far as the server sent it. `handle`: empty where it was left out. */
  | { readonly state: 'issued'; readonly handle: string; readonly certificatePem: string }
  | { readonly state: 'pending'; readonly handle: string };

/** Every call may be aborted. @throws {CertError} what the server refused, or `unavailable` */
export interface WosignClient {
  /** The signfile must be at every name before. */
  apply(request: CertificateRequest, signal?: AbortSignal): Promise<Outcome>;
  /** By the handle of a pending outcome. */
  fetchPending(handle: string, signal?: AbortSignal): Promise<Outcome>;
}

const replyLimitBytes = 1 << 20;

export function createWosignClient({ baseUrl, fetch, credentials }: WosignClientOptions): WosignClient {
  const upstream = new URL(baseUrl).host;
  const sender = { fetch, upstream, replyLimitBytes };
  const unavailable = (detail: string, cause?: unknown) =>
    upstreamError('unavailable', { upstream, detail }, { cause });

  async function call(body: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined): Promise<Outcome> {
    const { customerId, authToken } = credentials;
    const request = new Request(baseUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'certmux' },
      body: JSON.stringify({ customer_id: customerId, auth_token: authToken.reveal(), ...body }),
      ...withDefined({ signal }),
    });
    return readReply(await sendForText(sender, request));
  }

  function readReply(text: string): Outcome {
    const reply = parseReply(text);
    const error = anyReply.safeParse(reply);
    if (!error.success) throw unavailable('a reply without result and status', error.error);
    // An empty one is no 0.
    const status = error.data.status === '' ? Number.NaN : Number(error.data.status);
    const result = error.data.result.toLowerCase();
    const isTaken = status === issuedStatus || status === pendingStatus;
    // The status says that it has the order, and the result that it has not.
    if (result === 'error' && isTaken) throw unavailable('a reply that contradicts itself');
    // A word or a number that is in no document says nothing of what was done, unless the result is an error.
    if (result !== 'error' && !isTaken && descriptions[status] === undefined) {
      throw unavailable(`a reply with status ${error.data.status}`);
    }
    if (!isTaken) {
      throw upstreamError(codeOfStatus(status), { upstream, detail: wordsFor(status, error.data.other_msg) });
    }
    const { handle_id: handle = '', certificate: certificatePem = '' } = takenReply.safeParse(reply).data ?? {};
    // The certificate counts, and else the handle, whichever of the two the status belongs to: what is taken is not lost.
    if (certificatePem !== '') return { state: 'issued', handle, certificatePem };
    if (handle !== '') return { state: 'pending', handle };
    throw unavailable('a success without handle_id or certificate');
  }

  function parseReply(text: string): unknown {
    try {
      // The document prints other_msg behind the brace that ends its error reply.
      return readObject(text.replace(/\}\s*(?=["“]other_msg)/, ','));
    } catch (cause) {
      throw unavailable('a reply that is not JSON', cause);
    }
  }

  return {
    apply: ({ names, csrPem }, signal) => call({ req_type: 'cert_apply', domain_name: names, csr: csrPem }, signal),
    fetchPending: (handle, signal) => call({ req_type: 'cert_apply', handle_id: handle }, signal),
  };
}

function wordsFor(status: number, otherMessage: string | undefined): string {
  const words = `${status} ${descriptions[status] ?? 'an error that the document does not list'}`;
  return otherMessage === undefined ? words : `${words}: ${otherMessage}`;
}
