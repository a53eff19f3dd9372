/**
 * One call of an API, described as data: the server mounts it, the client types itself by it, the OpenAPI document and the
 * conformance suite are read from it.
 */

import type { z } from 'zod';
import type { Caller, Origin } from '../../domain/caller.ts';
import type { Language } from '../../domain/language.ts';
import type { Wording } from '../../domain/messages/words.ts';
import type { Role } from '../../domain/role.ts';
import type { OperationFieldNames } from './field-names.ts';
import type { ReadInput } from './input.ts';

/** Facts that a handler gets besides its input. `services` is whatever the dialect hands its operations. */
export interface Session<Services> {
  readonly services: Services;
  readonly origin: Origin;
  /** The language of this request's messages. */
  readonly language: Language;
  readonly request: Request;
  /** Set by a handler whose answer has another status than its operation's, or headers of its own. */
  readonly reply: ReplyHead;
}

/** The head of the answer to one request. */
export interface ReplyHead {
  status?: number;
  readonly headers: Headers;
  /** The answer as a text that is written piece by piece, where its dialect sends such; what the handler returns is then its beginning. */
  pieces?: AsyncIterable<string>;
}

export interface CallerSession<Services> extends Session<Services> {
  readonly caller: Caller;
}

export type RequestType =
  | 'application/json'
  | 'application/x-www-form-urlencoded'
  | 'multipart/form-data'
  | 'text/plain';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Description<Request extends z.ZodType, Response extends z.ZodType> {
  /** Noun and verb: `cert.create`. Unique in the dialect; named by exchanges, logs and documents. */
  readonly id: string;
  readonly method: HttpMethod;
  /** A Hono pattern: `/order/:id`. */
  readonly path: string;
  readonly summary: { readonly en: string; readonly zh: string };
  /** Tolerant: reads what real clients send. Sees path parameters, query and body as the dialect's reader merged them. */
  readonly request: Request;
  /**
   * Both halves: what we send must be a fixed point of it (same keys, same order, same values; see `checkReplies`), what
   * we read may be whatever it accepts.
   */
  readonly response: Response;
  /** Roles of which the caller needs one; absent: any may call. */
  readonly roles?: readonly Role[];
  /** HTTP status of a success; 200 by default. */
  readonly status?: number;
  /** This operation's own names for the fields that the core refuses, where its dialect's do not fit. */
  readonly fieldNames?: OperationFieldNames;
  /** Set where this operation's input or reply has another form than its siblings'. */
  readonly read?: ReadInput;
  readonly render?: (output: unknown) => globalThis.Response;
  /** Largest accepted body, where that is not the server's default; a comment beside it says why. */
  readonly bodyLimitBytes?: number;
  /** The same for `multipart/form-data`, where clients send files. */
  readonly multipartLimitBytes?: number;
  /** Documents a `read` that takes another kind of body than its siblings'. */
  readonly requestType?: RequestType;
  /** Documents a `render` that sends a file: the media types it may have. */
  readonly mediaTypes?: readonly string[];
  /** Documents what a caller may choose instead of JSON, such as a list as CSV. */
  readonly otherMediaTypes?: readonly string[];
  /** Documents fields that are read before the schema is. */
  readonly otherFields?: Readonly<Record<string, Wording>>;
  /** Documents that its refusals are a sentence as plain text, whatever those of its siblings are. */
  readonly refusesInText?: boolean;
  /** Documents further statuses of a success, with the same body or none. */
  readonly otherStatuses?: readonly number[];
  /** Documents headers of a success that clients need. */
  readonly replyHeaders?: Readonly<Record<string, Wording>>;
  /** Documents request headers that this operation reads. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

export interface PublicOperation<
  Services,
  Request extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> extends Description<Request, Response> {
  readonly access: 'public';
  handle(input: z.output<Request>, session: Session<Services>): Promise<z.output<Response>>;
}

export interface CallerOperation<
  Services,
  Request extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> extends Description<Request, Response> {
  readonly access: 'caller';
  handle(input: z.output<Request>, session: CallerSession<Services>): Promise<z.output<Response>>;
}

export type Operation<Services> = PublicOperation<Services> | CallerOperation<Services>;

/** The part of an operation that does not depend on its dialect's services. */
export type OperationDescription = Description<z.ZodType, z.ZodType> & { readonly access: 'public' | 'caller' };

/** An operation anyone may call. The function only infers the types of its schemas. */
export function publicOperation<Services, Request extends z.ZodType, Response extends z.ZodType>(
  operation: Omit<PublicOperation<Services, Request, Response>, 'access'>,
): PublicOperation<Services, Request, Response> {
  return { ...operation, access: 'public' };
}

/** An operation that needs credentials: the server authenticates before it looks at the input. */
export function callerOperation<Services, Request extends z.ZodType, Response extends z.ZodType>(
  operation: Omit<CallerOperation<Services, Request, Response>, 'access'>,
): CallerOperation<Services, Request, Response> {
  return { ...operation, access: 'caller' };
}

/** Roles by the id of an operation. Operations that are not in it are open to every role, since everybody may read. */
export type RolesOfOperations = Readonly<Record<string, readonly Role[]>>;

/**
 * The operations with their roles, which the server asks for before it reads what was sent: somebody who may not do it is not
 * helped by hearing how to ask for it. The core asks again, with everything in hand.
 */
export function withRoles<Services>(
  operations: readonly Operation<Services>[],
  table: RolesOfOperations,
): readonly Operation<Services>[] {
  return operations.map((operation) => {
    const roles = Object.hasOwn(table, operation.id) ? table[operation.id] : undefined;
    return roles === undefined ? operation : { ...operation, roles };
  });
}
