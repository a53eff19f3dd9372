/** What the CA refuses with (RFC 8555 §6.7). */
export interface WireIdentifier {
  readonly type: string;
  readonly value: string;
}

export interface WireProblem {
  readonly type: string;
  readonly detail: string;
  readonly status: number;
  readonly subproblems?: readonly object[];
  readonly algorithms?: readonly string[];
  readonly instance?: string;
}

interface Extras {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly subproblems?: readonly object[];
  readonly algorithms?: readonly string[];
  readonly instance?: string;
}

const urn = 'urn:ietf:params:acme:error:';

/** Those that do not come with 400. */
const statuses: Readonly<Record<string, number>> = {
  alreadyReplaced: 409,
  caa: 403,
  externalAccountRequired: 403,
  orderNotReady: 403,
  rateLimited: 429,
  serverInternal: 500,
  unauthorized: 403,
  userActionRequired: 403,
};

/** Thrown by whatever refuses; answered as a problem document. */
export class AcmeProblem extends Error {
  readonly wire: WireProblem;
  readonly headers: Readonly<Record<string, string>>;

  /** @param type the last part of the registered ones, or a whole URN of the CA's own */
  constructor(type: string, detail: string, { status, headers = {}, ...members }: Extras = {}) {
    super(detail);
    this.wire = {
      type: type.includes(':') ? type : urn + type,
      detail,
      status: status ?? statuses[type] ?? 400,
      ...members,
    };
    this.headers = headers;
  }
}

export function problem(type: string, detail: string, extras?: Extras): AcmeProblem {
  return new AcmeProblem(type, detail, extras);
}

export function notFound(what: string): AcmeProblem {
  return problem('malformed', `there is no such ${what}`, { status: 404 });
}
