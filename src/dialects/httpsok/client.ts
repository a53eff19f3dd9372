/**
 * The client half: any server of this API as typed calls. Replies are read tolerantly, refusals become our own errors by
 * reading the error table backwards.
 */
import type { z } from 'zod';
import { withDefined } from '../../domain/with-defined.ts';
import { parseReply, replyObject, sendForText } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import type { OperationDescription } from '../kit/operation.ts';
import type { Secret } from '../kit/secret.ts';
import { codeOfReply } from './errors.ts';
import { apply, checkDelegation, showApplication } from './operations/certificates.ts';
import type { Algorithm, Application, Ca, WireDelegation } from './schema.ts';

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
  application(id: string, signal?: AbortSignal): Promise<Application>;
}

const replyLimitBytes = 1 << 20;

export function createHttpsokClient({ baseUrl, fetch, key }: HttpsokClientOptions): HttpsokClient {
  const upstream = new URL(baseUrl).host;
  const sender = { fetch, upstream, replyLimitBytes };

  async function call<Response extends z.ZodType>(
    operation: OperationDescription & { readonly response: Response },
    path: string,
    options: { readonly body?: object; readonly signal: AbortSignal | undefined },
  ): Promise<z.output<Response>> {
    const { body, signal } = options;
    const request = new Request(baseUrl + path, {
      method: operation.method,
      headers: { openapikey: key.reveal(), 'content-type': 'application/json', 'user-agent': 'certmux' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...withDefined({ signal }),
    });
    return readReply(operation, await sendForText(sender, request));
  }

  function readReply<Response extends z.ZodType>(
    operation: OperationDescription & { readonly response: Response },
    text: string,
  ): z.output<Response> {
    const reply = replyObject(sender, text);
    // The PowerShell client compares the code as text, so a server may send it so.
    const code = Number(reply.code);
    if (code !== 0) {
      const detail = typeof reply.msg === 'string' ? reply.msg : 'no message';
      throw upstreamError(codeOfReply(code, detail), { upstream, detail });
    }
    return parseReply(
      sender,
      { call: operation.path, schema: operation.response },
      { msg: '', traceId: '', ...reply, code },
    );
  }

  return {
    checkDelegation: async (names, signal) =>
      (await call(checkDelegation, checkDelegation.path, { body: { domainList: names }, signal })).data,
    apply: async ({ names, ...rest }, signal) =>
      (await call(apply, apply.path, { body: { domainList: names, ...rest }, signal })).data,
    application: async (id, signal) =>
      (await call(showApplication, showApplication.path.replace(':id', encodeURIComponent(id)), { signal })).data,
  };
}
