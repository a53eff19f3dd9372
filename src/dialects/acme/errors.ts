/** Problem documents (RFC 8555 §6.7, RFC 9457). Their details are always in English: clients look for words in them. */
import type { ErrorCode } from '../../domain/error-codes.ts';
import {
  type CertError,
  codeOf,
  codeOfKey,
  type PlainReason,
  type Reason,
  type ReasonOfName,
  reason,
  renderReason,
} from '../../domain/errors.ts';
import type { ReasonKey } from '../../domain/messages/index.ts';
import { type ErrorTable, upstreamError } from '../kit/error-table.ts';
import type { FieldNames } from '../kit/field-names.ts';
import type { OperationDescription } from '../kit/operation.ts';
import { identifierToWire } from './orders/identifiers.ts';
import type { Problem } from './schema.ts';

export const fieldNames = {
  credential: 'kid',
  'credential.secret': 'signature',
  'credential.signature': 'signature',
  validity: 'notAfter',
} as const satisfies FieldNames;

const urn = 'urn:ietf:params:acme:error:';

interface ProblemRow {
  readonly type: string;
  readonly status: number;
}

export const errors = {
  malformedRequest: { type: 'malformed', status: 400 },
  invalidField: { type: 'malformed', status: 400 },
  badName: { type: 'malformed', status: 400 },
  tooManyNames: { type: 'malformed', status: 400 },
  conflict: { type: 'malformed', status: 400 },
  wrongState: { type: 'malformed', status: 400 },
  unauthenticated: { type: 'unauthorized', status: 403 },
  forbidden: { type: 'unauthorized', status: 403 },
  insufficientBalance: { type: 'unauthorized', status: 403 },
  unknownProduct: { type: 'unauthorized', status: 403 },
  validationFailed: { type: 'unauthorized', status: 403 },
  notFound: { type: 'malformed', status: 404 },
  badCsr: { type: 'badCSR', status: 400 },
  badKey: { type: 'badPublicKey', status: 400 },
  refusedName: { type: 'rejectedIdentifier', status: 400 },
  tooLarge: { type: 'malformed', status: 413 },
  unsupported: { type: 'malformed', status: 404 },
  rateLimited: { type: 'rateLimited', status: 429 },
  issuerRefused: { type: 'serverInternal', status: 500 },
  unavailable: { type: 'serverInternal', status: 503 },
  internal: { type: 'serverInternal', status: 500 },
} as const satisfies ErrorTable<ProblemRow>;

/** Reasons with a type of their own. */
const ofReason: Readonly<Partial<Record<ReasonKey, ProblemRow>>> = {
  jwsAlgorithm: { type: 'badSignatureAlgorithm', status: 400 },
  jwsContentType: { type: 'malformed', status: 415 },
  methodUnknown: { type: 'malformed', status: 405 },
  nonceWrong: { type: 'badNonce', status: 400 },
  acmeAccountUnknown: { type: 'accountDoesNotExist', status: 400 },
  bindingMissing: { type: 'externalAccountRequired', status: 403 },
  termsNotAgreed: { type: 'userActionRequired', status: 403 },
  termsChanged: { type: 'userActionRequired', status: 403 },
  // The request is right; there is no more room.
  tooManyOfKind: { type: 'unauthorized', status: 403 },
  contactScheme: { type: 'unsupportedContact', status: 400 },
  contactAddress: { type: 'invalidContact', status: 400 },
  identifierType: { type: 'unsupportedIdentifier', status: 400 },
  caaForbids: { type: 'caa', status: 403 },
  caaProhibits: { type: 'caa', status: 403 },
  caaUnavailable: { type: 'caa', status: 403 },
  alreadyReplaced: { type: 'alreadyReplaced', status: 409 },
  alreadyRevoked: { type: 'alreadyRevoked', status: 400 },
  revocationReasonWrong: { type: 'badRevocationReason', status: 400 },
  accountKeyInUse: { type: 'malformed', status: 409 },
  acmeBusy: { type: 'rateLimited', status: 503 },
  productNotOfKey: { type: 'invalidProfile', status: 400 },
  profileUnknown: { type: 'invalidProfile', status: 400 },
  profileNotOfKey: { type: 'invalidProfile', status: 400 },
  profileChanged: { type: 'invalidProfile', status: 400 },
  acmeOrderExpired: { type: 'malformed', status: 404 },
  acmeAccountDeactivated: { type: 'unauthorized', status: 403 },
  acmeOrderCancelled: { type: 'unauthorized', status: 403 },
};

/** Where a problem is met: the call that is refused, or the order that shows why it is invalid. */
type Place = Pick<OperationDescription, 'id'>;

export const inOrder: Place = { id: 'order' };

function rowOf(reason: PlainReason, place: Place | undefined): ProblemRow {
  if (reason.key === 'credentialsWrong') {
    // An account that is not there, or a signature that is not its key's.
    return { type: reason.params.field === 'kid' ? 'accountDoesNotExist' : 'malformed', status: 400 };
  }
  const own = ofReason[reason.key];
  if (own !== undefined) return own;
  const code = codeOf(reason);
  // The key of a CSR, not that of an account.
  const isFinalize = place?.id === 'order.finalize';
  if (code === 'badKey' && (isFinalize || place === inOrder)) return errors.badCsr;
  if (code === 'wrongState' && isFinalize) return { type: 'orderNotReady', status: 403 };
  return errors[code];
}

export function problemOf(reason: PlainReason, place?: Place): Problem {
  const { type, status } = rowOf(reason, place);
  return { type: urn + type, detail: renderReason(reason, 'en'), status };
}

export function errorToProblem(
  { reason }: CertError,
  { operation, requestId }: { readonly operation: OperationDescription | undefined; readonly requestId: string },
): Problem {
  const whole = problemOf(reason, operation);
  const detail = codeOf(reason) === 'internal' ? `${whole.detail} (${requestId})` : whole.detail;
  if (reason.key === 'termsChanged') return { ...whole, detail, instance: reason.params.url };
  if (reason.key === 'jwsAlgorithm') return { ...whole, detail, algorithms: reason.params.accepted };
  const { parts } = reason;
  if (parts === undefined) return { ...whole, detail };
  const subproblems = parts.map((part) => subproblemOf(part, operation));
  const isMixed = subproblems.some(({ type }) => type !== whole.type);
  return { ...whole, detail, ...(isMixed ? { type: `${urn}compound` } : {}), subproblems };
}

function subproblemOf({ name, reason }: ReasonOfName, operation: OperationDescription | undefined) {
  const { type, detail } = problemOf(reason, operation);
  return { type, detail, identifier: identifierToWire(name) };
}

/** Another server's refusal, or what it says of an order or a challenge that failed. `status` null: it names none. */
export function reasonOfProblem(
  found: Pick<Problem, 'type' | 'detail'> & { readonly status: number | null },
  upstream: string,
): Reason {
  const { type, detail } = found;
  // The owner of the name has to mend it, and is told so at our own front doors too.
  if (type === `${urn}caa`) return reason('caaForbids', { issuer: upstream, detail });
  return upstreamError(codeOfProblem(found), { upstream, detail }).reason;
}

/** The code of a problem of another server, by its type; the status decides between several of one type. */
function codeOfProblem({ type, status }: { readonly type: string; readonly status: number | null }): ErrorCode {
  const name = type.startsWith(urn) ? type.slice(urn.length) : '';
  const rows = (Object.entries(errors) as [ErrorCode, ProblemRow][]).filter(([, row]) => row.type === name);
  const [code] = rows.find(([, row]) => row.status === status) ?? rows[0] ?? [];
  if (code !== undefined) return code;
  const [key] = (Object.entries(ofReason) as [ReasonKey, ProblemRow][]).find(([, row]) => row.type === name) ?? [];
  if (key !== undefined) return codeOfKey(key);
  return name === 'orderNotReady' ? 'wrongState' : 'issuerRefused';
}
