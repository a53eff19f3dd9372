/** What follows from a failure of an ACME CA: each kind of failure, at each call where it means something else. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seenProblem } from '../../../src/dialects/acme/client/schema.ts';
import {
  type ProblemFacts,
  type ProblemKind,
  verdictOn,
  verdictOnShown,
} from '../../../src/issuers/acme/problem-kinds.ts';

const urn = 'urn:ietf:params:acme:error:';
const at = new Date('2026-06-01T00:10:00Z');

const usual: ProblemFacts = {
  kind: 'refused',
  call: 'newOrder',
  status: 400,
  type: `${urn}malformed`,
  detail: 'no',
  subproblems: [],
  retryAfter: null,
  instance: null,
};

type Flags = '' | 'over' | 'fault' | 'over fault';
type Row = readonly [what: string, facts: Partial<ProblemFacts>, kind: ProblemKind, flags: Flags];

const refusal = (type: string, status = 400, more: Partial<ProblemFacts> = {}): Partial<ProblemFacts> => ({
  ...{ type: `${urn}${type}`, status },
  ...more,
});

const rows: readonly Row[] = [
  // RFC 8555 §6.7, at newOrder.
  ['accountDoesNotExist', refusal('accountDoesNotExist'), 'accountGone', ''],
  ['alreadyReplaced', refusal('alreadyReplaced', 409), 'withoutReplaces', ''],
  ['alreadyRevoked', refusal('alreadyRevoked', 400, { call: 'revokeCert' }), 'alreadyDone', ''],
  ['badCSR', refusal('badCSR'), 'refused', ''],
  ['badNonce, after the retries of the client', refusal('badNonce'), 'retry', 'over fault'],
  ['badPublicKey', refusal('badPublicKey'), 'refused', 'over'],
  ['badRevocationReason', refusal('badRevocationReason', 400, { call: 'revokeCert' }), 'refused', ''],
  ['badSignatureAlgorithm', refusal('badSignatureAlgorithm'), 'refused', 'over'],
  ['caa', refusal('caa', 403), 'refused', 'over'],
  ['compound', refusal('compound'), 'refused', 'over'],
  ['connection', refusal('connection'), 'refused', ''],
  ['dns', refusal('dns'), 'refused', ''],
  ['externalAccountRequired', refusal('externalAccountRequired', 403, { call: 'newAccount' }), 'userAction', 'over'],
  ['incorrectResponse', refusal('incorrectResponse', 403), 'refused', ''],
  ['invalidContact', refusal('invalidContact', 400, { call: 'newAccount' }), 'userAction', 'over'],
  ['invalidProfile', refusal('invalidProfile'), 'profileGone', 'over'],
  ['malformed', {}, 'refused', 'over'],
  ['orderNotReady', refusal('orderNotReady', 403, { call: 'order' }), 'readOrderAgain', ''],
  ['rateLimited', refusal('rateLimited', 429), 'rateLimited', 'over'],
  ['rateLimited with 503', refusal('rateLimited', 503), 'rateLimited', 'over'],
  ['rejectedIdentifier', refusal('rejectedIdentifier'), 'refused', 'over'],
  ['serverInternal', refusal('serverInternal', 500), 'retry', 'over fault'],
  ['serverInternal with 200-odd nonsense', refusal('serverInternal', 400), 'retry', 'over fault'],
  ['tls', refusal('tls'), 'refused', ''],
  ['unauthorized', refusal('unauthorized', 403), 'refused', 'over'],
  ['unauthorized with 401', refusal('unauthorized', 401), 'refused', 'over'],
  ['unsupportedContact', refusal('unsupportedContact', 400, { call: 'newAccount' }), 'userAction', 'over'],
  ['unsupportedIdentifier', refusal('unsupportedIdentifier'), 'refused', 'over'],
  ['userActionRequired', refusal('userActionRequired', 403), 'userAction', 'over'],

  // By status, and without a problem document.
  ['429 with a page', { status: 429, type: null }, 'rateLimited', 'over'],
  ['503 with a time', { status: 503, type: null, retryAfter: at }, 'rateLimited', 'over'],
  ['503 without', { status: 503, type: null }, 'retry', 'over fault'],
  ['500 that calls itself unauthorized', refusal('unauthorized', 500), 'retry', 'over fault'],
  ['502 with a page', { status: 502, type: null }, 'retry', 'over fault'],
  ['403 with the page of a firewall', { status: 403, type: null }, 'retry', 'over fault'],
  ['a redirect', { status: 302, type: null }, 'retry', 'over fault'],
  ["400 in the CA's own words", { type: 'urn:digicert:x' }, 'refused', 'over'],
  ['404 with about:blank', { type: 'about:blank', status: 404 }, 'refused', 'over'],
  [
    'compound of a limit and another',
    refusal('compound', 400, {
      subproblems: [`${urn}caa`, `${urn}rateLimited`].map((type) => ({ type, detail: '', identifier: null })),
    }),
    'rateLimited',
    'over',
  ],

  // No answer, or none that is of use.
  ['not sent', { kind: 'notSent', status: null, type: null }, 'retry', 'over fault'],
  ['no answer', { kind: 'noAnswer', status: null, type: null }, 'retry', 'over fault'],
  ['an unreadable answer', { kind: 'unreadable', status: 201, type: null }, 'retry', 'over fault'],
  ['an order for other names', { kind: 'otherNames', status: 201, type: null }, 'refused', 'over'],
  ['a call that is not offered', { kind: 'notOffered', status: null, type: null }, 'refused', 'over'],

  // What is not shown: nothing is decided by that.
  ['order: unauthorized', refusal('unauthorized', 403, { call: 'order' }), 'orderHidden', 'over'],
  ['order: rejectedIdentifier', refusal('rejectedIdentifier', 403, { call: 'order' }), 'orderHidden', 'over'],
  ['order: malformed', { call: 'order' }, 'orderHidden', 'over'],
  ['authorization: unauthorized', refusal('unauthorized', 403, { call: 'authorization' }), 'readOrderAgain', ''],
  ['certificate: unauthorized', refusal('unauthorized', 403, { call: 'certificate' }), 'readOrderAgain', ''],
  ['certificate: malformed', { call: 'certificate' }, 'readOrderAgain', ''],
  ['certificate: rateLimited', refusal('rateLimited', 429, { call: 'certificate' }), 'rateLimited', 'over'],
  ['challenge: unauthorized', refusal('unauthorized', 403, { call: 'challenge' }), 'refused', 'over'],

  // What is gone.
  ['order: 404', { call: 'order', status: 404 }, 'orderGone', 'over'],
  ['order: 404 with a page', { call: 'order', status: 404, type: null }, 'retry', 'over fault'],
  ['authorization: 404', { call: 'authorization', status: 404 }, 'readOrderAgain', ''],
  ['challenge: 404', { call: 'challenge', status: 404 }, 'readOrderAgain', ''],
  ['certificate: 404', { call: 'certificate', status: 404 }, 'readOrderAgain', ''],
  ['renewalInfo: 404', { call: 'renewalInfo', status: 404 }, 'refused', 'over'],
  ['order: the account is gone', refusal('accountDoesNotExist', 404, { call: 'order' }), 'accountGone', ''],

  // Finalize: the order is read before anything else is decided, and no other CA may have it.
  ['finalize: orderNotReady', refusal('orderNotReady', 403, { call: 'finalize' }), 'readOrderAgain', ''],
  [
    'finalize: 400 though it was issued',
    { call: 'finalize', type: 'urn:digicert:finalizeorderrequestError' },
    'readOrderAgain',
    '',
  ],
  ['finalize: badCSR', refusal('badCSR', 400, { call: 'finalize' }), 'readOrderAgain', ''],
  ['finalize: 404', { call: 'finalize', status: 404 }, 'readOrderAgain', ''],
  ['finalize: 500', refusal('serverInternal', 500, { call: 'finalize' }), 'readOrderAgain', 'fault'],
  ['finalize: no answer', { call: 'finalize', kind: 'noAnswer', status: null, type: null }, 'readOrderAgain', 'fault'],
  [
    'finalize: unreadable',
    { call: 'finalize', kind: 'unreadable', status: 200, type: null },
    'readOrderAgain',
    'fault',
  ],
  ['finalize: other names', { call: 'finalize', kind: 'otherNames', status: 200, type: null }, 'readOrderAgain', ''],
  ['finalize: not sent', { call: 'finalize', kind: 'notSent', status: null, type: null }, 'retry', 'fault'],
  ['finalize: rateLimited', refusal('rateLimited', 429, { call: 'finalize' }), 'rateLimited', ''],
  ['finalize: accountDoesNotExist', refusal('accountDoesNotExist', 400, { call: 'finalize' }), 'accountGone', ''],
  ['finalize: userActionRequired', refusal('userActionRequired', 403, { call: 'finalize' }), 'userAction', ''],
];

const flagsOf = ({ mayFailOver, isFault }: { readonly mayFailOver: boolean; readonly isFault: boolean }) =>
  [mayFailOver ? 'over' : '', isFault ? 'fault' : ''].filter((flag) => flag !== '').join(' ');

describe('what follows from', () => {
  for (const [what, facts, kind, flags] of rows) {
    it(`${what}: ${kind}${flags === '' ? '' : ` (${flags})`}`, () => {
      const verdict = verdictOn({ ...usual, ...facts });
      assert.deepEqual([verdict.kind, flagsOf(verdict)], [kind, flags]);
    });
  }

  const replacing: readonly (readonly [what: string, facts: Partial<ProblemFacts>, kind: ProblemKind])[] = [
    ['malformed', {}, 'withoutReplaces'],
    ['404', { status: 404 }, 'withoutReplaces'],
    ["the CA's own words", { type: 'urn:example:x', status: 409 }, 'withoutReplaces'],
    ['caa', refusal('caa', 403), 'refused'],
    ['rateLimited', refusal('rateLimited', 429), 'rateLimited'],
    ['500', { status: 500 }, 'retry'],
  ];
  for (const [what, facts, kind] of replacing) {
    it(`${what} of an order that replaces a certificate: ${kind}`, () => {
      assert.equal(verdictOn({ ...usual, ...facts }, { hasReplaces: true }).kind, kind);
    });
  }
});

it('a verdict has the words, the time and the page of the CA', () => {
  const subproblems = [
    { type: `${urn}caa`, detail: 'not for us', identifier: { type: 'dns', value: 'a.example.com' } },
    { type: `${urn}caa`, detail: 'nor here', identifier: null },
  ];
  const page = 'https://ca.example/agree';
  const { text, notBefore, instance } = verdictOn({ ...usual, subproblems, retryAfter: at, instance: page });
  assert.equal(text, 'no; a.example.com: not for us; nor here');
  assert.deepEqual([notBefore, instance], [at, page]);
});

describe('what an invalid order or authorization shows', () => {
  const shown: readonly (readonly [problem: object, kind: ProblemKind, flags: Flags])[] = [
    [{ type: `${urn}unauthorized`, detail: 'wrong answer' }, 'refused', ''],
    [{ type: `${urn}dns`, detail: 'NXDOMAIN' }, 'refused', ''],
    [{ type: `${urn}caa`, detail: 'no' }, 'refused', 'over'],
    [{ type: `${urn}serverInternal`, detail: 'sorry' }, 'retry', 'over fault'],
    [{ type: `${urn}rateLimited`, detail: 'slow down' }, 'rateLimited', 'over'],
    [{ detail: 'no' }, 'refused', 'over'],
    [{}, 'refused', 'over'],
  ];
  for (const [problem, kind, flags] of shown) {
    it(`${JSON.stringify(problem)}: ${kind}`, () => {
      const verdict = verdictOnShown(seenProblem.parse(problem));
      assert.deepEqual([verdict.kind, flagsOf(verdict), verdict.notBefore], [kind, flags, null]);
    });
  }
});
