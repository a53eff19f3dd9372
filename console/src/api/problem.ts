/** What goes wrong in a call, as screens show it: the words of the API, and the id by which the operator finds the request in the log. */

export interface FieldProblem {
  readonly field: string;
  readonly detail: string;
}

export class Problem extends Error {
  /** HTTP status; 0: no answer came. */
  readonly status: number;
  /** Of the API; `unreachable` where no answer came, `unreadable` where one came that is none of its own. */
  readonly code: string;
  /** In the language of the console; empty where no answer came. */
  readonly detail: string;
  readonly requestId: string | null;
  readonly fields: readonly FieldProblem[];
  /** When it may be tried again; null: nobody said. */
  readonly retryAfterSeconds: number | null;

  constructor(facts: Pick<Problem, 'status' | 'code' | 'detail' | 'requestId' | 'fields' | 'retryAfterSeconds'>) {
    super(`${facts.code} ${facts.status}`);
    this.name = 'Problem';
    this.status = facts.status;
    this.code = facts.code;
    this.detail = facts.detail;
    this.requestId = facts.requestId;
    this.fields = facts.fields;
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** No answer: the network, or the server, is not there. */
export function unreachable(): Problem {
  return new Problem({
    status: 0,
    code: 'unreachable',
    detail: '',
    requestId: null,
    fields: [],
    retryAfterSeconds: null,
  });
}

/** Reads a refusal. What is no problem of the API's, such as a proxy's page, goes by its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const said = isRecord(body) ? body : {};
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new Problem({
    status: response.status,
    code: typeof said.code === 'string' ? said.code : 'unreadable',
    detail: typeof said.detail === 'string' ? said.detail : '',
    requestId: typeof said.instance === 'string' ? said.instance : response.headers.get('x-request-id'),
    fields: Array.isArray(said.errors) ? said.errors.filter(isFieldProblem) : [],
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : null,
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isFieldProblem(value: unknown): value is FieldProblem {
  return isRecord(value) && typeof value.field === 'string' && typeof value.detail === 'string';
}
