/**
 * The client half: any server of this API as typed calls. Replies are read tolerantly, refusals become our own errors by
 * reading the error table backwards.
 */
import type { z } from 'zod';
import type { ErrorCode } from '../../domain/error-codes.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { parseReply, replyText, send } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import { replyJson } from '../kit/json.ts';
import type { OperationDescription } from '../kit/operation.ts';
import type { Secret } from '../kit/secret.ts';
import { codeOfReply } from './errors.ts';
import { apply, checkDelegation, showApplication } from './operations/certificates.ts';
import { type ApplicationReply, applicationReply, appliedReply, delegationsReply, envelope } from './replies.ts';
import type { Algorithm, Ca, WireDelegation } from './schema.ts';

export interface HttpsokClientOptions {
  /** `https://openapi.httpsok.com`, where `/v1/cert/apply` hangs under. */
  readonly baseUrl: string;
  /** Carries proxies, trust and time-outs. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly key: Secret;
}

export interface NewApplication {
  readonly names: readonly string[];
  readonly algorithm?: Algorithm;
  readonly ca?: Ca;
  readonly notifyUrl?: string;
}

/** Every call may be aborted. @throws {CertError} what the server refused, or `unavailable` */
export interface HttpsokClient {
  checkDelegation(
    names: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ readonly configs: readonly WireDelegation[]; readonly valid: boolean }>;
  /** Answers the id of the application. */
  apply(request: NewApplication, signal?: AbortSignal): Promise<string>;
  application(id: string, signal?: AbortSignal): Promise<ApplicationReply>;
}

const replyLimitBytes = 1 << 20;

export function createHttpsokClient({ baseUrl, fetch, key }: HttpsokClientOptions): HttpsokClient {
  const upstream = new URL(baseUrl).host;
  const sender = { fetch, upstream, replyLimitBytes };

  const failed = (code: ErrorCode, detail: string, cause?: unknown) =>
    upstreamError(code, { upstream, detail }, { cause });

  async function call<Data extends z.ZodType>(
    { method }: OperationDescription,
    path: string,
    { schema, body, signal }: Call<Data>,
  ): Promise<z.output<Data>> {
    const request = new Request(baseUrl + path, {
      method,
      headers: { openapikey: key.reveal(), 'content-type': 'application/json', 'user-agent': 'certmux' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...withDefined({ signal }),
    });
    const reply = await send(sender, request);
    const { code, msg, data } = envelopeOf(reply.status, await replyText(sender, reply));
    if (code !== 0) throw failed(codeOfReply(code, msg), msg === '' ? `code ${code}` : msg);
    return parseReply(sender, { call: path, schema }, data);
  }

  /** The document does not say which HTTP status an error has: its envelope counts, unless the server failed. */
  function envelopeOf(status: number, text: string) {
    const { success, data } = envelope.safeParse(status >= 500 ? undefined : replyJson(text));
    // The PowerShell client compares the code as text, so a server may send it so.
    if (success && data.code !== null) return { ...data, code: data.code };
    if (status === 401) throw failed('unauthenticated', 'HTTP status 401');
    if (status === 403) throw failed('forbidden', 'HTTP status 403');
    if (status !== 200) throw failed('unavailable', `HTTP status ${status}`);
    throw failed('unavailable', 'a reply without a code, or that is not JSON');
  }

  return {
    checkDelegation: (names, signal) =>
      call(checkDelegation, checkDelegation.path, { schema: delegationsReply, body: { domainList: names }, signal }),
    apply: ({ names, ...rest }, signal) =>
      call(apply, apply.path, { schema: appliedReply, body: { domainList: names, ...rest }, signal }),
    application: (id, signal) =>
      call(showApplication, showApplication.path.replace(':id', encodeURIComponent(id)), {
        schema: applicationReply,
        signal,
      }),
  };
}

interface Call<Data extends z.ZodType> {
  /** Of `data` in the envelope. */
  readonly schema: Data;
  readonly body?: object;
  readonly signal: AbortSignal | undefined;
}
