/** The vendor's words in refusals: of the core's states, and of the things that it calls otherwise. */
import type { Reason } from '../../domain/errors.ts';
import { things as allThings, type Thing } from '../../domain/messages/row.ts';
import type { Condition, Conditions } from '../../domain/messages/words.ts';
import { byIssuance, byOrder } from './status.ts';

type Words = Readonly<Partial<Record<Condition, Condition>>>;

const ofCertificates: Words = { ...byIssuance, valid: 'issued' };

const ofProofs: Words = { valid: 'approved', invalid: 'rejected', deactivated: 'rejected', cancelled: 'canceled' };

const wordsOf: Readonly<Partial<Record<Thing, Words>>> = {
  order: { ...byIssuance, ...byOrder, valid: 'issued' },
  certificate: ofCertificates,
  issuance: ofCertificates,
  approval: { awaitingApproval: 'pending' },
  managedDomain: { valid: 'approved' },
  name: ofProofs,
  authorization: ofProofs,
  user: { disabled: 'inactive' },
};

const things: Readonly<Partial<Record<Thing, Thing>>> = {
  approval: 'request',
  credential: 'key',
  externalAccountKey: 'key',
  issuance: 'certificate',
};

/** The reason with the vendor's words, which its subscriber has read elsewhere in the API. */
export function inWireWords(reason: Reason): Reason {
  if (!('what' in reason.params)) return reason;
  const { what } = reason.params;
  if (!isThing(what)) return reason;
  const params = { ...reason.params, what: things[what] ?? what };
  if (reason.key !== 'wrongState') return { ...reason, params } as Reason;
  const words = wordsOf[what] ?? {};
  const state = isReissuing(what, reason.params)
    ? 'reissue_pending'
    : (words[reason.params.state] ?? reason.params.state);
  const needed = neededIn(words, reason.params.needed, state);
  return { key: reason.key, params: { ...reason.params, ...params, state, needed } };
}

/** An order that is in the state of an issuance under way has a certificate and waits for the next: its own states are others. */
function isReissuing(
  what: Thing,
  { state, needed }: { readonly state: Condition; readonly needed: Conditions },
): boolean {
  const isOfIssuance = Object.hasOwn(byIssuance, state) && !Object.hasOwn(byOrder, state);
  return what === 'order' && isOfIssuance && needed === 'an order with an issued certificate and no issuance under way';
}

/** Each word once. Several states of the core's have one word here: the one that it is in is not what is needed. */
function neededIn(words: Words, needed: Conditions, state: Condition): Conditions {
  const all = [needed].flat().map((one) => words[one] ?? one);
  const others = [...new Set(all)].filter((one) => one !== state);
  return others.length === 0 ? [...new Set(all)] : others;
}

function isThing(what: unknown): what is Thing {
  return typeof what === 'string' && Object.hasOwn(allThings, what);
}
