/** What follows from a failure of an ACME CA. One table; what is built on it branches on `kind` and on nothing else. */
import { type AcmeCall, acmeErrorName, type FailureKind } from '../../dialects/acme/client/failure.ts';
import type { SeenProblem } from '../../dialects/acme/client/schema.ts';

/**
 * - retry: it may pass; the same call again after a while. Where the call may have arrived, what it made is looked for first.
 * - rateLimited: not before `notBefore`; the CA's budget is spent until then, and another CA may be tried.
 * - refused: this CA will not issue this; its text is for the subscriber.
 * - accountGone: the CA does not know our account; it is registered again, once.
 * - userAction: a person must act at the CA; the operator is shown the text and `instance`.
 * - readOrderAgain: the order says more than the failure; it is read before anything else is decided.
 * - orderGone: the CA has forgotten the order; nothing was issued by it, unless it was finalized.
 * - orderHidden: the CA will not show the order, which says nothing of what it issued; before it was finalized another one is placed.
 * - withoutReplaces: the same order again without `replaces`.
 * - profileGone: the CA no longer has the profile.
 * - alreadyDone: what was asked for has been done before.
 */
export type ProblemKind =
  | 'retry'
  | 'rateLimited'
  | 'refused'
  | 'accountGone'
  | 'userAction'
  | 'readOrderAgain'
  | 'orderGone'
  | 'orderHidden'
  | 'withoutReplaces'
  | 'profileGone'
  | 'alreadyDone';

export interface Verdict {
  readonly kind: ProblemKind;
  /** The CA's `Retry-After`. */
  readonly notBefore: Date | null;
  /** Whether another CA may take the order. Never once it was finalized, whatever the CA answered. */
  readonly mayFailOver: boolean;
  /** Counts for the breaker: the CA is away or ill, whoever asks. */
  readonly isFault: boolean;
  /** For people, in the CA's words, with those for each name where there are several. */
  readonly text: string;
  readonly instance: string | null;
}

/** `AcmeFailure.failed` has all of these. */
export interface ProblemFacts {
  readonly kind: FailureKind;
  readonly call: AcmeCall;
  readonly status: number | null;
  readonly type: string | null;
  readonly detail: string;
  readonly subproblems: SeenProblem['subproblems'];
  readonly retryAfter: Date | null;
  readonly instance: string | null;
}

type Row = Pick<Verdict, 'kind' | 'mayFailOver' | 'isFault'>;

const retry: Row = { kind: 'retry', mayFailOver: true, isFault: true };
const limited: Row = { kind: 'rateLimited', mayFailOver: true, isFault: false };
/** By this CA's own rules: another one may have others. */
const refusedHere: Row = { kind: 'refused', mayFailOver: true, isFault: false };
/** Every CA would say the same. */
const refusedAnywhere: Row = { kind: 'refused', mayFailOver: false, isFault: false };
const ofOperator: Row = { kind: 'userAction', mayFailOver: true, isFault: false };
const withoutReplaces: Row = { kind: 'withoutReplaces', mayFailOver: false, isFault: false };
const readOrder: Row = { kind: 'readOrderAgain', mayFailOver: false, isFault: false };

/** By the error's name: RFC 8555 §6.7, and where another document is named, that. */
const rows: Readonly<Record<string, Row>> = {
  accountDoesNotExist: { kind: 'accountGone', mayFailOver: false, isFault: false },
  alreadyReplaced: withoutReplaces, // RFC 9773 §5
  alreadyRevoked: { kind: 'alreadyDone', mayFailOver: false, isFault: false },
  badCSR: refusedAnywhere,
  badNonce: retry, // after the client's own retries
  badPublicKey: refusedHere,
  badRevocationReason: refusedAnywhere,
  badSignatureAlgorithm: refusedHere,
  caa: refusedHere, // the records may name another CA
  compound: refusedHere,
  connection: refusedAnywhere,
  dns: refusedAnywhere,
  externalAccountRequired: ofOperator,
  incorrectResponse: refusedAnywhere,
  invalidContact: ofOperator,
  invalidProfile: { kind: 'profileGone', mayFailOver: true, isFault: false }, // draft-ietf-acme-profiles
  malformed: refusedHere,
  orderNotReady: readOrder,
  rateLimited: limited,
  rejectedIdentifier: refusedHere,
  serverInternal: retry,
  tls: refusedAnywhere,
  unauthorized: refusedHere,
  unsupportedContact: ofOperator,
  unsupportedIdentifier: refusedHere,
  userActionRequired: ofOperator,
};

/** Also for a validation that failed: `unauthorized` is then a wrong answer of the customer's server, not ours to take elsewhere. */
const ofValidation: Readonly<Record<string, Row>> = { ...rows, unauthorized: refusedAnywhere };

/** What stays true of a finalize that was refused: the order is ours still, and is tried again there. */
const validAtFinalize: readonly ProblemKind[] = ['rateLimited', 'accountGone', 'userAction'];

/** @param sent whether the call was a newOrder with `replaces` */
export function verdictOn(facts: ProblemFacts, sent: { readonly hasReplaces?: boolean } = {}): Verdict {
  const row = rowOf(facts, sent.hasReplaces === true);
  const { retryAfter: notBefore, instance } = facts;
  return {
    ...row,
    mayFailOver: row.mayFailOver && facts.call !== 'finalize',
    notBefore,
    instance,
    text: textOf(facts),
  };
}

/** What an `invalid` order, authorization or challenge shows as its error. */
export function verdictOnShown(problem: SeenProblem): Verdict {
  const { type, subproblems, instance } = problem;
  const row = namedRow(ofValidation, type, subproblems) ?? refusedHere;
  // Nobody is asked again who has decided: what may pass is tried with another order.
  return { ...row, notBefore: null, instance, text: textOf(problem) };
}

function rowOf(facts: ProblemFacts, hasReplaces: boolean): Row {
  const row = facts.kind === 'refused' ? rowOfRefusal(facts, hasReplaces) : rowOfKind(facts);
  if (facts.call !== 'finalize' || facts.kind === 'notSent' || validAtFinalize.includes(row.kind)) return row;
  // A lost answer, a fault, and DigiCert's 400 for what it has issued (cert-manager#7493): only the order knows.
  return { ...readOrder, isFault: row.isFault };
}

function rowOfKind({ kind }: ProblemFacts): Row {
  return kind === 'otherNames' || kind === 'notOffered' ? refusedHere : retry;
}

function rowOfRefusal({ call, status, type, retryAfter, subproblems }: ProblemFacts, hasReplaces: boolean): Row {
  const named = namedRow(rows, type, subproblems);
  if (named?.kind === 'rateLimited' || status === 429) return limited;
  // RFC 9110 §15.6.4: a server that says when it will be back is not ill.
  if (status === 503 && retryAfter !== null) return limited;
  if (status !== null && status >= 500) return retry;
  // A page of a proxy or a firewall in front of the CA, a redirect: not the CA's word.
  if (type === null) return retry;
  const isGone = status === 404 || status === 410;
  // Who is not shown something has not been refused it: nothing is decided by that.
  const isDecided = named === undefined || !ofReading.includes(call) || named.kind !== 'refused';
  if (named !== undefined && isDecided && !isGeneral(type)) return named;
  if (call === 'newOrder' && hasReplaces && (isGone || isGeneral(type))) return withoutReplaces;
  if (isGone && call === 'order') return { kind: 'orderGone', mayFailOver: true, isFault: false };
  if (call === 'order') return { kind: 'orderHidden', mayFailOver: true, isFault: false };
  if (ofReading.includes(call) || (isGone && call === 'challenge')) return readOrder;
  return named ?? refusedHere;
}

/** Calls that ask for nothing but to be shown what there is. */
const ofReading: readonly AcmeCall[] = ['order', 'authorization', 'certificate'];

/** `malformed` says no more than the status. So do types of the CA's own. */
function isGeneral(type: string): boolean {
  const name = acmeErrorName(type);
  return name === undefined || name === 'malformed';
}

function namedRow(
  table: Readonly<Record<string, Row>>,
  type: string | null,
  subproblems: SeenProblem['subproblems'],
): Row | undefined {
  const name = acmeErrorName(type);
  // RFC 8555 §6.7.1: one of several may be what has to be waited for.
  const names = name === 'compound' ? subproblems.map((one) => acmeErrorName(one.type)) : [];
  if (names.includes('rateLimited')) return limited;
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Orders have hundreds of names, and each may have its own problem. */
const longestText = 4000;

function textOf({ detail, subproblems }: Pick<ProblemFacts, 'detail' | 'subproblems'>): string {
  const parts = subproblems.map((one) =>
    one.identifier === null ? one.detail : `${one.identifier.value}: ${one.detail}`,
  );
  return [detail, ...parts]
    .filter((part) => part !== '')
    .join('; ')
    .slice(0, longestText);
}
