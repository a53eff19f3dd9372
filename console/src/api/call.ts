/**
 * Calls the native API: `call('orders', 'show', { order: '17' })`. The types are those of its schemas; the schemas themselves stay on the
 * server, whose tests read every reply with them.
 */

import { endpoints } from 'virtual:native-endpoints';
import type { z } from 'zod';
import type { Api } from '../../../src/dialects/native/schema.ts';
import { spokenLanguage } from '../preferences/spoken-language.ts';
import { isAttended } from './attendance.ts';
import { Problem, problemOf, unreachable } from './problem.ts';
import { counted, othersAnswered } from './renewed-session.ts';
import { isSomebodyKnown, signInAgain } from './session-gate.ts';

export type Noun = keyof Api;
export type Verb<N extends Noun> = keyof Api[N] & string;
interface Described {
  readonly request: z.ZodType;
  readonly response: z.ZodType;
}
export type Input<N extends Noun, V extends Verb<N>> = Api[N][V] extends Described
  ? z.input<Api[N][V]['request']>
  : never;
export type Reply<N extends Noun, V extends Verb<N>> = Api[N][V] extends Described
  ? z.output<Api[N][V]['response']>
  : never;

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Makes a call that places or changes something safe to repeat. */
  readonly idempotencyKey?: string;
  /** Acts on just what was seen: the `version` of the order. */
  readonly ifMatch?: string;
  /** True: a session that is over is an answer like any other, and nobody is asked to sign in. */
  readonly endsSignedOut?: boolean;
}

interface Accepted {
  readonly accept?: string;
  readonly limitMs?: number;
}

/** Longer than any answer takes; a server that hangs must not hang the screen. */
const answerLimitMs = 60_000;
/** The longest list takes minutes. */
const csvLimitMs = 15 * 60_000;

/** @throws {Problem} */
export async function call<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: Input<N, V>,
  options: CallOptions = {},
): Promise<Reply<N, V>> {
  const response = await exchange(noun, verb, input, options);
  // What an endpoint answers is what its schema says: the server's tests hold it to that.
  return (await response.json()) as Reply<N, V>;
}

/** A list as a file for spreadsheets: everything that the filters leave. @throws {Problem} */
export async function callForCsv<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: Input<N, V>,
): Promise<Blob> {
  const response = await exchange(noun, verb, input, { accept: 'text/csv', limitMs: csvLimitMs });
  return response.blob();
}

/** A file that is text, such as PEM. @throws {Problem} */
export async function callForText<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: Input<N, V>,
): Promise<string> {
  const response = await exchange(noun, verb, input, { accept: '*/*' });
  return response.text();
}

async function exchange<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: Input<N, V>,
  options: CallOptions & Accepted,
): Promise<Response> {
  // A password that is wrong is so at the second time too, and would count as two.
  let mayBeRenewed = noun !== 'session' || verb !== 'create';
  for (;;) {
    const response = await counted(send(requestOf(noun, verb, input, options)));
    if (response.ok) return response;
    const problem = await problemOf(response);
    if (problem.status !== 401) throw problem;
    if (mayBeRenewed && isSomebodyKnown()) {
      mayBeRenewed = false;
      await othersAnswered();
      options.signal?.throwIfAborted();
      continue;
    }
    // Whoever was signed in signs in over the open page, and the call goes on as if nothing had happened.
    if (options.endsSignedOut === true || !(await signInAgain(options.signal))) throw problem;
  }
}

function requestOf<N extends Noun, V extends Verb<N>>(
  noun: N,
  verb: V,
  input: Input<N, V>,
  { signal, idempotencyKey, ifMatch, accept = 'application/json', limitMs = answerLimitMs }: CallOptions & Accepted,
): Request {
  const [method, path] = endpoints[noun]?.[verb] ?? [];
  if (method === undefined || path === undefined) throw new Error(`the API has no ${noun}.${verb}`);
  const rest = new Map(Object.entries(input ?? {}).filter(([, value]) => value !== undefined));
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = String(rest.get(name) ?? '');
    rest.delete(name);
    return encodeURIComponent(value);
  });
  const url = new URL(filled, window.location.origin);
  const headers = new Headers({ Accept: accept, 'Accept-Language': spokenLanguage() });
  const isGet = method === 'GET';
  if (isGet) {
    for (const [name, value] of rest) url.searchParams.set(name, String(value));
    // A session ends though a page that was left open goes on asking.
    if (!isAttended()) headers.set('X-Certmux-Unattended', '1');
  } else {
    headers.set('Content-Type', 'application/json');
    // Shows that this page sent it: no other origin can.
    headers.set('X-Certmux-Console', '1');
  }
  if (idempotencyKey !== undefined) headers.set('Idempotency-Key', idempotencyKey);
  if (ifMatch !== undefined) headers.set('If-Match', `"${ifMatch}"`);
  const limit = AbortSignal.timeout(limitMs);
  return new Request(url, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    ...(isGet ? {} : { body: JSON.stringify(Object.fromEntries(rest)) }),
  });
}

async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (thrown) {
    // Nobody waits for this answer any longer: a newer question took its place.
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw unreachable();
  }
}

export { Problem };
