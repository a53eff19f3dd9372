/** What a refusal of this API says about our call. @see contract 2.2, response codes */
import { UpstreamFailure, type UpstreamFailureKind } from '../../../domain/upstream-failure.ts';
import { upstreamError } from '../../kit/error-table.ts';
import { codeOfSentence } from '../../kit/sentences.ts';
import { failureOf } from '../../kit/upstream-failure.ts';
import { type Reply, wordsOf } from '../calls.ts';

/** `buy`: it may have taken an order when it says that something went wrong. `act`: it changes something about one. */
export type CallKind = 'buy' | 'read' | 'act';

export const codes = { success: 1, beingIssued: 2, invalid: -1, cancelFailed: -6, cancelledBefore: -8 } as const;

/**
 * By code. -2 is any fault of its own, and was seen for an empty balance as well: only a search tells whether it has taken an order. -6
 * is a CA that did not answer it, and of a call about proofs a certificate that is being signed.
 */
const byCode: Readonly<Record<number, UpstreamFailureKind>> = {
  2: 'wrongState',
  [-1]: 'refused',
  [-2]: 'away',
  [-3]: 'refused',
  [-4]: 'balance',
  [-5]: 'wrongState',
  [-6]: 'wrongState',
  [-7]: 'wrongState',
  [-8]: 'wrongState',
  400: 'credentials',
};

/** Where it may have done all the same what was asked. */
const unsure: Readonly<Record<CallKind, readonly number[]>> = { buy: [2, -6], read: [-6], act: [] };

export function failureOfReply(reply: Reply, kind: CallKind, upstream: string): unknown {
  const words = wordsOf(reply);
  if (isAbsent(reply)) return new UpstreamFailure('absent', words);
  if (unsure[kind].includes(reply.code)) return new UpstreamFailure('away', words);
  // Another certmux's sentences tell more than the code, as of a limit, which has no code here.
  const known = codeOfSentence(reply.messages[0] ?? '');
  if (known !== undefined) return failureOf(upstreamError(known, { upstream, detail: words }));
  // A code of no document: nobody knows what was done.
  return new UpstreamFailure(byCode[reply.code] ?? 'away', words);
}

const references = ['certId', 'refId', 'renewId', 'orderId'];

/** The vendor's text is in no document. These are those of its framework (Laravel's rule `exists`), ours, and the usual Chinese ones. */
const notFound =
  /not? (be )?found|not exists?\b|no such|unknown (order|cert)|selected .{1,40} is invalid|不存在|未找到|找不到|没有找到|查无|无此/i;

/** Decides whether an order may be sent again, so that a message about anything else than the reference, or none, is no such answer. */
function isAbsent({ code, messages, fields }: Reply): boolean {
  if (code !== codes.invalid) return false;
  const isAboutReference = fields.length === 0 || fields.some((field) => references.includes(field));
  return isAboutReference && messages.some((message) => notFound.test(message));
}
