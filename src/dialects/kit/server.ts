/**
 * The server half that every dialect shares: finds the operation, reads the input, authenticates, validates, handles,
 * renders. What differs between vendors is handed in.
 */

import { type Context, Hono } from 'hono';
import { accountFilter, type Caller, requireRole } from '../../domain/caller.ts';
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, refuse, toCertError } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { SharedAllowances } from '../../domain/ports/allowances.ts';
import type { DialectServer, Peer } from '../../domain/ports/dialect.ts';
import type { RequestTurns, Turn } from '../../domain/ports/request-turns.ts';
import type { Clock, Log } from '../../domain/ports/system.ts';
import { requestPath, withoutLastSlash } from '../../domain/request-path.ts';
import { createAdmission, ownerOf, ownerUnknown } from './admission.ts';
import { type FieldNames, inVendorWords } from './field-names.ts';
import { createIncoming, type Incoming, type Input, type ReadInput } from './input.ts';
import type { Operation, OperationDescription, ReplyHead, Session } from './operation.ts';
import { checkReply, type OnAnswer, ReplyMismatch } from './reply.ts';
import { parseInput } from './schema-errors.ts';
import { requireNoZeros } from './zero-characters.ts';

export interface OperationServerOptions<Services> {
  readonly operations: readonly Operation<Services>[];
  /** Handed to every handler as `session.services`. */
  readonly services: Services;
  readonly clock: Clock;
  readonly turns: RequestTurns;
  readonly allowances: SharedAllowances;
  readonly log: Log;
  readonly language: Language | ((request: Request) => Language);
  /** Reads the input of this dialect's requests. An operation may have its own. */
  readonly read: ReadInput;
  /** Identifies the caller. Not called for public operations. */
  readonly credentials: Credentials;
  readonly renderReply: (
    output: unknown,
    operation: OperationDescription,
    request: Request,
    head: ReplyHead,
  ) => Response;
  readonly renderError: (error: CertError, context: ErrorContext) => Response;
  /** The vendor's names for fields that the core refuses. */
  readonly fieldNames: FieldNames;
  /** True if clients of this API are written in PHP: see `php-values.ts`. */
  readonly readsPhp?: boolean;
  /** Input fields whose values no message may quote. */
  readonly secretFields?: readonly string[];
  /** Top-level fields in which the dialect itself refuses U+0000: by default every text with it is refused as it is read. */
  readonly fieldsWithOwnCheck?: readonly string[];
  /** Default body limit of operations (`bodyLimitBytes` of an operation): 128 KiB. */
  readonly bodyLimitBytes?: number;
  /** The path of an operation for the path of a request, which has no doubled slashes and none at its end. Default: the same. */
  readonly operationPath?: (path: string) => string;
  /** Tests only: a reply that is not what its schema says makes `fetch` throw. */
  readonly checkReplies?: boolean;
  /** Tests only: sees every answer of an operation before its caller does. What it throws as `ReplyMismatch` `fetch` throws. */
  readonly onAnswer?: OnAnswer;
}

/**
 * Place of a dialect's credentials. Those of a header are checked before anything of the body is read, so that a stranger
 * costs no memory and no parsing. Those of a body can only be found in it: there every limit is what strangers may send.
 * @throws {CertError} unauthenticated, forbidden, rateLimited
 */
export type Credentials =
  | {
      readonly in: 'header';
      /** @param head of the answer, whatever it will be, for a caller who has to hear of something */
      readonly authenticate: (incoming: Incoming, head: ReplyHead) => Promise<Caller>;
    }
  | { readonly in: 'body'; readonly authenticate: (input: Input, incoming: Incoming) => Promise<Caller> };

/** Facts that an error's rendering may depend on. `operation` is undefined when the path names none. */
export interface ErrorContext {
  readonly language: Language;
  readonly requestId: string;
  readonly request: Request;
  readonly operation: OperationDescription | undefined;
}

/** Room for 250 names of 150 characters and a CSR with the same names; an operation that needs more says so itself. */
const defaultBodyLimitBytes = 128 << 10;

export function createOperationServer<Services>(options: OperationServerOptions<Services>): DialectServer {
  const { log, clock, checkReplies = false, onAnswer, credentials, readsPhp = false } = options;
  const secretFields = new Set(options.secretFields);
  const ownFields = options.fieldsWithOwnCheck ?? [];
  const admission = createAdmission(options);
  const languageOf = (request: Request) =>
    typeof options.language === 'string' ? options.language : options.language(request);

  async function answer(operation: Operation<Services>, request: Request, peer: Peer, params: Record<string, string>) {
    const startedMs = clock.monotonicMs();
    const language = languageOf(request);
    let caller: Caller | undefined;
    let owner: string | undefined;
    let turn: Turn | undefined;
    const head: ReplyHead = { headers: new Headers() };
    // What a schema refuses has the names of the wire already: one of them may be called as a field of the core.
    let isParsing = false;
    const inWireNames = <T>(check: () => T): T => {
      isParsing = true;
      const result = check();
      isParsing = false;
      return result;
    };
    const parsed = (input: Input) =>
      inWireNames(() => parseInput(operation.request, input, { language, secretFields, readsPhp }));
    const read = async (incoming: Incoming) => {
      const input = await (operation.read ?? options.read)(incoming);
      inWireNames(() => requireNoZeros(input, { secretFields, ownFields }));
      return input;
    };
    try {
      const limitBytes = limitOf(operation, request);
      const incoming = createIncoming(request, { peer, params, limitBytes });
      const session: Session<Services> = { services: options.services, origin: peer, language, request, reply: head };
      let output: unknown;
      if (operation.access === 'public') {
        owner = ownerUnknown(peer);
        turn = await admission.admit(owner, request);
        const input = await read(incoming);
        output = await operation.handle(parsed(input), session);
      } else {
        // Before validation: strangers learn nothing of what a request should look like.
        let input: Input;
        if (credentials.in === 'header') {
          caller = await credentials.authenticate(incoming, head);
          if (operation.roles !== undefined) requireRole(caller, ...operation.roles);
          owner = ownerOf(caller);
          turn = await admission.admit(owner, request);
          input = await read(incoming);
        } else {
          input = await read(incoming);
          caller = await credentials.authenticate(input, incoming);
          if (operation.roles !== undefined) requireRole(caller, ...operation.roles);
          owner = ownerOf(caller);
          turn = await admission.admit(owner, request);
        }
        output = await operation.handle(parsed(input), { ...session, caller });
      }
      if (checkReplies) checkReply(operation, output);
      const rendered = operation.render
        ? operation.render(output)
        : options.renderReply(output, operation, request, head);
      const reply = withCookie(rendered, head);
      log.debug(requestFields(operation.id, peer, caller, clock.monotonicMs() - startedMs), 'request answered');
      await onAnswer?.({ operation, response: reply.clone(), error: undefined });
      return reply;
    } catch (thrown) {
      if (thrown instanceof ReplyMismatch) throw thrown;
      const refused = toCertError(thrown);
      if (owner !== undefined) admission.noteRefusal(owner, refused);
      const error = isParsing ? refused : inVendorWords(refused, options.fieldNames, operation.fieldNames);
      logRefusal(error, requestFields(operation.id, peer, caller, clock.monotonicMs() - startedMs));
      const context = { language, requestId: peer.requestId, request, operation };
      const refusal = withCookie(withRetryAfter(options.renderError(error, context), error), head);
      await onAnswer?.({ operation, response: refusal.clone(), error });
      return refusal;
    } finally {
      turn?.end();
    }
  }

  function limitOf(operation: Operation<Services>, request: Request): number {
    const ofForms = operation.multipartLimitBytes;
    if (ofForms !== undefined && isMultipart(request)) return ofForms;
    return operation.bodyLimitBytes ?? options.bodyLimitBytes ?? defaultBodyLimitBytes;
  }

  function logRefusal(error: CertError, fields: object): void {
    if (error.code === 'internal') log.error({ ...fields, err: error.cause ?? error }, 'request failed');
    else if (error.code === 'unavailable')
      log.warn({ ...fields, err: error }, 'request failed; trying again later may work');
    else log.info({ ...fields, code: error.code, reason: error.message }, 'request refused');
  }

  function unknownPath(context: Context<{ Bindings: Peer }>): Response {
    const request = context.req.raw;
    const { method } = request;
    const path = context.req.path.slice(0, 200);
    const allowed = methodsOf(context.req.path).join(', ');
    const error =
      allowed === '' ? refuse('pathUnknown', { method, path }) : refuse('methodUnknown', { method, path, allowed });
    logRefusal(error, requestFields('unknown', context.env, undefined, 0));
    const response = options.renderError(error, {
      language: languageOf(request),
      requestId: context.env.requestId,
      request,
      operation: undefined,
    });
    if (allowed !== '') response.headers.set('allow', allowed);
    return response;
  }

  function mount(operation: Operation<Services>): void {
    app.on(operation.method, operation.path, (context) =>
      answer(operation, context.req.raw, context.env, context.req.param()),
    );
  }

  /** The methods that are answered at the path. */
  function methodsOf(path: string): readonly string[] {
    const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].filter(
      (method) => ofFixedPath.get(path)?.has(method) ?? app.router.match(method, path)[0].length > 0,
    );
    return methods.includes('GET') ? ['GET', 'HEAD', ...methods.slice(1)] : methods;
  }

  const { operationPath = (path: string) => path } = options;
  const getPath = (request: Request) => operationPath(withoutLastSlash(requestPath(request.url)));
  const app = new Hono<{ Bindings: Peer }>({ getPath });
  const isFixed = ({ path }: Operation<Services>) => !/[:*]/.test(path);
  const ofFixedPath = new Map<string, Set<string>>();
  // `/user/me` with another method is not the `/user/:id` of somebody called me: whatever comes to a fixed path ends there.
  for (const operation of options.operations.filter(isFixed)) {
    mount(operation);
    ofFixedPath.set(operation.path, (ofFixedPath.get(operation.path) ?? new Set()).add(operation.method));
  }
  for (const path of ofFixedPath.keys()) app.all(path, unknownPath);
  for (const operation of options.operations) if (!isFixed(operation)) mount(operation);
  app.notFound(unknownPath);
  app.onError((error, context) => {
    if (error instanceof ReplyMismatch) throw error;
    log.error({ requestId: context.env.requestId, err: error }, 'request failed');
    return options.renderError(refuse('internal', {}, { cause: error }), {
      language: languageOf(context.req.raw),
      requestId: context.env.requestId,
      request: context.req.raw,
      operation: undefined,
    });
  });
  return { fetch: async (request, peer) => app.fetch(request, peer) };
}

function isMultipart(request: Request): boolean {
  return /^\s*multipart\//i.test(request.headers.get('content-type') ?? '');
}

/**
 * Retry-After for clients (RFC 6585 §4, RFC 9110 §10.2.3): the time where the reason has one, else a few seconds where something is down for
 * the moment, and a minute where a limit is reached that other requests or the end of something make room under.
 */
function withRetryAfter(response: Response, { code, reason }: CertError): Response {
  const params: Readonly<Record<string, unknown>> = reason.params;
  const seconds = params.retryAfterSeconds ?? usualRetrySeconds[code];
  if (seconds !== undefined) response.headers.set('retry-after', String(seconds));
  return response;
}

/** A client's cookie may have changed while it was found out who it is: also for one that is then refused something. */
function withCookie(response: Response, { headers }: ReplyHead): Response {
  const cookie = headers.get('set-cookie');
  if (cookie !== null) response.headers.set('set-cookie', cookie);
  return response;
}

const usualRetrySeconds: Readonly<Partial<Record<ErrorCode, number>>> = { unavailable: 5, rateLimited: 60 };

function requestFields(operation: string, peer: Peer, caller: Caller | undefined, durationMs: number) {
  return {
    operation,
    requestId: peer.requestId,
    address: peer.address,
    account: caller === undefined ? null : accountFilter(caller),
    credential: caller?.credentialId ?? null,
    durationMs,
  };
}
