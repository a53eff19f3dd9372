/** The calls of a way out: JSON in, loose values out, and failures by the vendor's own codes. */
import { UpstreamFailure } from '../../../domain/upstream-failure.ts';
import { upstreamError } from '../../kit/error-table.ts';
import { replyJson } from '../../kit/json.ts';
import { type Loose, looseObject } from '../../kit/loose.ts';
import { failureOf } from '../../kit/upstream-failure.ts';
import { type Call, type Calls, isRefusal, type Reply } from '../calls.ts';
import { basePath } from '../name.ts';

export type Input = Omit<Call, 'path' | 'method'>;

export interface Requests {
  get(path: string, input: Input): Promise<Loose>;
  post(path: string, input: Input): Promise<Loose>;
  put(path: string, input: Input): Promise<Loose>;
  /** @returns the file; undefined: the certificate is not issued yet */
  file(path: string, input: Input): Promise<string | undefined>;
  /** @returns undefined where the vendor says that there is none */
  getIfAny(path: string, input: Input): Promise<Loose | undefined>;
}

/** All throw as `Upstream` does, with the wire's code as `FailureWithCode`. */
export function createRequests(calls: Calls): Requests {
  const { upstream } = calls.sender;

  async function reply(call: Call): Promise<Reply> {
    const answer = await calls.call({ ...call, path: basePath + call.path });
    if (isRefusal(answer)) throw failureOfReply(answer);
    return answer;
  }

  function failureOfReply(answer: Reply): unknown {
    const failure = failureOf(calls.refusalOf(answer));
    if (!(failure instanceof UpstreamFailure)) return failure;
    // A server without this call says nothing about the order.
    const kind = answer.code === 'not_found|route' ? 'away' : failure.kind;
    return new RefusedCall(kind, failure.message, answer.code ?? '', failure);
  }

  async function json(call: Call): Promise<Loose> {
    const { text } = await reply(call);
    if (text.trim() === '') return {};
    const value = replyJson(text);
    if (typeof value === 'object' && value !== null) return looseObject(value);
    throw upstreamError('unavailable', { upstream, detail: 'a reply that is not JSON' });
  }

  return {
    get: (path, input) => json({ method: 'GET', path, ...input }),
    post: (path, input) => json({ method: 'POST', path, ...input }),
    put: (path, input) => json({ method: 'PUT', path, ...input }),
    async file(path, input) {
      try {
        return (await reply({ method: 'GET', path, ...input })).text;
      } catch (thrown) {
        // With 400 or 404 (contract 14.2).
        if (thrown instanceof RefusedCall && thrown.code.startsWith('cert_unavailable')) return undefined;
        throw thrown;
      }
    },
    async getIfAny(path, input) {
      try {
        return await json({ method: 'GET', path, ...input });
      } catch (thrown) {
        if (thrown instanceof UpstreamFailure && thrown.kind === 'absent') return undefined;
        throw thrown;
      }
    },
  };
}

/** A refusal with the code that it had on the wire. */
export class RefusedCall extends UpstreamFailure {
  readonly code: string;

  constructor(kind: UpstreamFailure['kind'], words: string, code: string, cause: unknown) {
    super(kind, words, { cause });
    this.code = code;
  }
}
