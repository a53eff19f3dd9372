/** One request to the CA and its reply: evidence for the operator, nonces for later, and a failure where it was refused. */
import { type Reason, type ReasonOfName, reason, withParts } from '../../../domain/errors.ts';
import { textOfReply } from '../../../domain/reply-text.ts';
import { UpstreamFault } from '../../../domain/upstream-fault.ts';
import { upstreamError } from '../../kit/error-table.ts';
import { readBytesWithin } from '../../kit/input.ts';
import { replyJson } from '../../kit/json.ts';
import { reasonOfProblem } from '../errors.ts';
import type { AcmeClientOptions, AcmeExchange } from './face.ts';
import { type AcmeCall, AcmeFailure, acmeErrorName, type FailedCall } from './failure.ts';
import { retryAfterIn } from './links.ts';
import type { KeptNonces } from './nonces.ts';
import { readableWords, type SeenProblem, seenProblem } from './schema.ts';
import { createServerClock } from './server-clock.ts';

export interface AcmeRequest {
  readonly call: AcmeCall;
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For evidence, without secrets. */
  readonly payload?: unknown;
  /** What the request was signed for: it is nobody's business either. */
  readonly nonce?: string;
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface AcmeReply {
  readonly request: AcmeRequest;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly retryAfter: Date | null;
}

export interface Exchanger {
  /** A reply of success. @throws {AcmeFailure} for any other; the signal's reason where it was aborted */
  send(request: AcmeRequest): Promise<AcmeReply>;
  /** A failure of a call whose reply was a success. */
  failure(reply: AcmeReply, kind: 'unreadable' | 'otherNames', detail: string): AcmeFailure;
  /** The directory has no URL for the call. */
  notOffered(call: AcmeCall): AcmeFailure;
  /** How far our clock is ahead of the CA's, as far as its replies say. */
  clockAheadMs(): number | null;
}

/** A chain of certificates is some KiB long; nothing else comes near it. */
const replyLimitBytes = 1 << 20;
const evidenceLength = 2048;

export function createExchanger(
  { directoryUrl, fetch, clock, onExchange }: AcmeClientOptions,
  nonces: KeptNonces,
): Exchanger {
  const upstream = new URL(directoryUrl).host;
  const serverClock = createServerClock(clock);

  async function send(request: AcmeRequest): Promise<AcmeReply> {
    const { signal } = request;
    const at = clock.now();
    signal?.throwIfAborted();
    let status: number | null = null;
    if (isLessSafe(request.url, directoryUrl)) throw faultOf(request, null, leadsAstray());
    const note = (body: string) => onExchange?.(evidenceOf(request, { at, status, body, now: clock.now() }));
    try {
      const reply = await fetch(requestOf(request), limitsOf(request));
      ({ status } = reply);
      serverClock.note(reply.headers, at);
      // That of a new-nonce is for the call that asked for it.
      if (request.method === 'POST') nonces.keepFrom(reply.headers);
      // A proxy on the way may write its page in another charset.
      const text = textOfReply(await readBytesWithin(reply, replyLimitBytes), reply.headers.get('content-type'));
      note(text);
      const retryAfter = retryAfterIn(reply.headers, clock.now());
      const read = { request, status, headers: reply.headers, text, retryAfter };
      if (reply.ok) return read;
      const refusal = refusalIn(read);
      if (acmeErrorName(refusal.failed.type) === 'badNonce') {
        // Those of the same time are no better.
        nonces.forget();
        nonces.keepFrom(reply.headers);
      }
      throw refusal;
    } catch (thrown) {
      if (thrown instanceof AcmeFailure) throw thrown;
      note(faultText(thrown));
      signal?.throwIfAborted();
      throw faultOf(request, status, thrown);
    }
  }

  function refusalIn(reply: AcmeReply): AcmeFailure {
    const problem = problemIn(reply.text);
    const detail = detailOf(problem, reply.status);
    const failed: FailedCall = {
      ...factsOf(reply.request),
      kind: 'refused',
      status: reply.status,
      type: problem === undefined ? null : problem.type,
      detail,
      subproblems: problem?.subproblems ?? [],
      retryAfter: reply.retryAfter,
      instance: problem?.instance ?? null,
    };
    if (problem === undefined)
      return new AcmeFailure(failed, upstreamError('unavailable', { upstream, detail }).reason);
    return new AcmeFailure(failed, reasonOfRefusal({ ...problem, detail, status: reply.status }, upstream));
  }

  function faultOf(request: AcmeRequest, status: number | null, cause: unknown): AcmeFailure {
    const failed = {
      ...factsOf(request),
      ...nothing,
      kind: cause instanceof UpstreamFault && !cause.isSent ? 'notSent' : 'noAnswer',
      status,
      detail: faultText(cause),
    } as const;
    const why =
      cause instanceof UpstreamFault
        ? reason('upstreamNoAnswer', { upstream, detail: cause.message })
        : upstreamError('unavailable', { upstream, detail: 'it cannot be reached' }).reason;
    return new AcmeFailure(failed, why, { cause });
  }

  return {
    send,
    clockAheadMs: serverClock.aheadMs,
    failure({ request, status, retryAfter }, kind, words) {
      const detail = readableWords(words);
      const failed = { ...factsOf(request), ...nothing, kind, status, detail, retryAfter };
      return new AcmeFailure(failed, upstreamError('unavailable', { upstream, detail }).reason);
    },
    notOffered(call) {
      const detail = `its directory has no ${call}`;
      const failed = {
        ...nothing,
        kind: 'notOffered',
        call,
        method: 'GET',
        url: directoryUrl,
        status: null,
        detail,
      } as const;
      return new AcmeFailure(failed, upstreamError('unsupported', { upstream, detail }).reason);
    },
  };
}

/** Nothing is sent in the clear because an answer said so, and nothing but HTTP is spoken. */
function isLessSafe(url: string, directoryUrl: string): boolean {
  const { protocol = '' } = URL.parse(url) ?? {};
  return protocol !== 'https:' && protocol !== new URL(directoryUrl).protocol;
}

function leadsAstray(): UpstreamFault {
  return new UpstreamFault('sent a URL that is not https', { isSent: false });
}

const nothing = { type: null, subproblems: [], retryAfter: null, instance: null } as const;

function factsOf({ call, method, url }: AcmeRequest) {
  return { call, method, url };
}

function requestOf({ url, method, headers, body, signal }: AcmeRequest): Request {
  return new Request(url, {
    method,
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    signal: signal ?? null,
    // A CA that moves says so in its directory.
    redirect: 'manual',
  });
}

function limitsOf({ timeoutMs }: AcmeRequest) {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

/** RFC 8555 §6.7; whatever its media type. Any JSON object with one of the members counts. */
function problemIn(text: string): SeenProblem | undefined {
  const value = replyJson(text);
  const isProblem = typeof value === 'object' && value !== null && ('type' in value || 'detail' in value);
  return isProblem ? seenProblem.safeParse(value).data : undefined;
}

function detailOf(problem: SeenProblem | undefined, status: number): string {
  return problem?.detail || problem?.title || `HTTP status ${status}`;
}

/** With a part for each name that has one of its own (RFC 8555 §6.7.1). */
function reasonOfRefusal(
  problem: Pick<SeenProblem, 'type' | 'detail' | 'subproblems'> & { readonly status: number },
  upstream: string,
): Reason {
  const parts = problem.subproblems.flatMap(({ type, detail, identifier }): readonly ReasonOfName[] => {
    if (identifier === null) return [];
    return [{ name: identifier.value, reason: reasonOfProblem({ type, detail, status: null }, upstream) }];
  });
  return withParts(reasonOfProblem(problem, upstream), parts);
}

function faultText(thrown: unknown): string {
  return readableWords(thrown instanceof Error ? thrown.message : String(thrown));
}

function evidenceOf(
  { call, method, url, payload, nonce = '' }: AcmeRequest,
  { at, status, body, now }: Pick<AcmeExchange, 'at' | 'status' | 'body'> & { readonly now: Date },
): AcmeExchange {
  // Some CAs repeat the nonce that they refuse, and the account object repeats its binding (RFC 8555 §7.1.2).
  const withoutNonce = nonce === '' ? body : body.replaceAll(nonce, '…');
  const shown = withoutNonce.replaceAll(/("signature"\s*:\s*")[^"]*/g, '$1…');
  return {
    at,
    call,
    method,
    url,
    payload: payload === undefined ? null : cut(JSON.stringify(payload)),
    status,
    body: cut(shown),
    durationMs: now.getTime() - at.getTime(),
  };
}

function cut(text: string): string {
  return text.length <= evidenceLength ? text : `${text.slice(0, evidenceLength - 1)}…`;
}
