/**
 * The native API as functions, for the command line, the console and scripts: `client.orders.show({ order: '17' })`.
 * Every endpoint of the schema is here, since the functions are made from it.
 */

import type { z } from 'zod';
import { type ErrorCode, errorCodes } from '../../domain/error-codes.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { asPhrase } from '../../domain/two-languages.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { codeOfRow, upstreamError } from '../kit/error-table.ts';
import { replyJson } from '../kit/json.ts';
import { accountHeader } from './auth.ts';
import { type FollowedChange, readChanges } from './changes-reader.ts';
import { errors } from './errors.ts';
import { type Endpoint, problem } from './schema/shapes.ts';
import { type Api, api } from './schema.ts';

export interface NativeClientOptions {
  /** Base URL of the server, without a path: `https://certs.example.com`. */
  readonly baseUrl: string;
  /** Undefined only for calls that need none; the others answer `unauthenticated`. */
  readonly token?: string | undefined;
  /** The account that an operator acts for, by id or number, in every call. */
  readonly account?: string | undefined;
  /** Brings its own time limit. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** Language of the server's messages; English by default. */
  readonly language?: Language;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Makes a POST safe to repeat: the same call with the same key is answered what the first one was. */
  readonly idempotencyKey?: string;
}

type Call<E> =
  E extends Endpoint<infer Request, infer Response>
    ? (input: z.input<Request>, options?: CallOptions) => Promise<z.output<Response>>
    : never;

type Calls = { readonly [Noun in keyof Api]: { readonly [Verb in keyof Api[Noun]]: Call<Api[Noun][Verb]> } };

export interface CertificateDownload {
  readonly mediaType: string;
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

export type { FollowedChange };

export interface FollowOptions {
  readonly signal?: AbortSignal;
  /** The last one that was dealt with; what changes from now on without it. */
  readonly lastEventId?: string;
}

export interface NativeClient extends Omit<Calls, 'certificates' | 'stream'> {
  readonly stream: {
    /** Changes as they happen, until the stream ends. `fetch` must not limit its time. */
    open(options?: FollowOptions): AsyncIterable<FollowedChange>;
  };
  readonly certificates: Omit<Calls['certificates'], 'download'> & {
    download(input: z.input<Api['certificates']['download']['request']>): Promise<CertificateDownload>;
  };
}

/** Name of the other side in messages. */
const upstream = 'certmux';
/** An order of 1,000 names with all its challenges has some MB; no other reply is larger. */
const limitBytes = 16 << 20;

/**
 * Calls throw CertError with the code the server gave and its words; `serverUnreachable` when nothing answers and
 * `replyUnreadable` when something else does.
 */
export function createNativeClient(options: NativeClientOptions): NativeClient {
  const call = (endpoint: AnyEndpoint) => async (input: Input, callOptions?: CallOptions) => {
    const { text, url } = await exchange(endpoint, input, options, callOptions);
    return parseReply(endpoint, text(), url);
  };
  // The schemas of each endpoint give its function its type; TypeScript cannot follow that through Object.entries.
  const calls = mapValues(api, (noun: Readonly<Record<string, AnyEndpoint>>) =>
    mapValues(noun, call),
  ) as unknown as Calls;
  return {
    ...calls,
    stream: {
      async *open({ signal, lastEventId } = {}) {
        const request = requestOf(api.stream.open, {}, options, withDefined({ signal }));
        request.headers.set('accept', 'text/event-stream, application/json;q=0.5');
        if (lastEventId !== undefined) request.headers.set('last-event-id', lastEventId);
        const reply = await fetched(request, options);
        if (reply.body !== null) yield* readChanges(reply.body, request.url);
      },
    },
    certificates: {
      ...calls.certificates,
      download: async (input) => {
        const { headers, bytes } = await exchange(api.certificates.download, input, options);
        const fileName = /filename="([^"/\\]+)"/.exec(headers.get('content-disposition') ?? '')?.[1];
        return {
          mediaType: headers.get('content-type') ?? 'application/octet-stream',
          fileName: fileName ?? 'certificate.pem',
          bytes,
        };
      },
    },
  };
}

type AnyEndpoint = Endpoint<z.ZodObject, z.ZodType>;
type Input = Readonly<Record<string, unknown>>;

interface Answer {
  readonly url: string;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  text(): string;
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** Sends and receives; what comes back is a success. @throws {CertError} */
async function exchange(
  endpoint: AnyEndpoint,
  input: Input,
  options: NativeClientOptions,
  callOptions: CallOptions = {},
): Promise<Answer> {
  const request = requestOf(endpoint, input, options, callOptions);
  const { url } = request;
  const reply = await fetched(request, options);
  const bytes = await reached(readLimited(reply, url), options);
  return { url, headers: reply.headers, bytes, text: () => new TextDecoder().decode(bytes) };
}

/** A success, whose body is not read yet. @throws {CertError} */
async function fetched(request: Request, options: NativeClientOptions): Promise<Response> {
  const reply = await reached(options.fetch(request), options);
  if (reply.ok) return reply;
  const bytes = await reached(readLimited(reply, request.url), options);
  throw refusalOf(reply, new TextDecoder().decode(bytes), request.url);
}

async function reached<T>(work: Promise<T>, { baseUrl }: NativeClientOptions): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    if (thrown instanceof CertError) throw thrown;
    throw refuse('serverUnreachable', { url: baseUrl, detail: detailOf(thrown) }, { cause: thrown });
  }
}

function requestOf(
  endpoint: AnyEndpoint,
  input: Input,
  options: NativeClientOptions,
  { signal, idempotencyKey }: CallOptions,
): Request {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = String(rest.get(name) ?? '');
    rest.delete(name);
    return encodeURIComponent(value);
  });
  const url = new URL(options.baseUrl.replace(/(?<!\/)\/+$/, '') + path);
  const headers = new Headers({ accept: 'application/json, */*;q=0.5', 'accept-language': options.language ?? 'en' });
  if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
  if (options.account !== undefined) headers.set(accountHeader, options.account);
  if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey);
  const isGet = endpoint.method === 'GET';
  if (isGet) for (const [name, value] of rest) url.searchParams.set(name, String(value));
  else headers.set('content-type', 'application/json');
  return new Request(url, {
    method: endpoint.method,
    headers,
    // A redirect would turn a POST into a GET: it is better to report the right URL.
    redirect: 'manual',
    ...withDefined({ signal }),
    ...(isGet ? {} : { body: JSON.stringify(Object.fromEntries(rest)) }),
  });
}

async function readLimited(reply: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply.body ?? []) {
    size += chunk.length;
    if (size > limitBytes) throw refuse('replyUnreadable', { url, detail: `more than ${limitBytes} bytes` });
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

function parseReply(endpoint: AnyEndpoint, text: string, url: string): unknown {
  const json = replyJson(text);
  const result = endpoint.response.safeParse(json);
  if (result.success) return result.data;
  const [{ path, message } = { path: [], message: '' }] = result.error.issues;
  const detail = json === undefined ? 'no JSON' : `${path.join('.')} ${asPhrase(message)?.en ?? message}`;
  throw refuse('replyUnreadable', { url, detail });
}

/** The error table, read backwards. What is no problem of ours, such as a proxy's page, goes by its status. */
function refusalOf(reply: Response, text: string, url: string): CertError {
  const fault = problem.safeParse(replyJson(text));
  if (fault.success) {
    const code = errorCodes.find((known) => known === fault.data.code) ?? codeOfStatus(fault.data.status);
    return upstreamError(code, { upstream, detail: fault.data.detail });
  }
  const location = reply.headers.get('location');
  if (location !== null) return refuse('replyUnreadable', { url, detail: `it redirects to ${location}: use that` });
  const { status } = reply;
  if (status === 404) return refuse('replyUnreadable', { url, detail: 'HTTP status 404, so it has no certmux API' });
  if (status >= 502 && status <= 504) {
    return refuse('serverUnreachable', { url, detail: `something in front of it answered with HTTP status ${status}` });
  }
  return upstreamError(codeOfStatus(status), { upstream, detail: `HTTP status ${status}` });
}

function codeOfStatus(status: number): ErrorCode {
  return codeOfRow<{ readonly status: number }>(errors, (row) => row.status === status) ?? 'internal';
}

/** fetch says only "fetch failed"; what failed is in the cause, or in the causes of that. */
function detailOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.name === 'TimeoutError') return 'no answer in time';
  const { cause } = thrown;
  if (cause instanceof AggregateError && cause.errors.length > 0) return detailOf(cause.errors[0]);
  return cause instanceof Error ? detailOf(cause) : thrown.message;
}
