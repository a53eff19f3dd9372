/**
 * A client half whose answers are fit to be stored, acted on and shown, whatever the vendor sends: each dialect reads what its vendor
 * says, and what no vendor may say is the same for all of them.
 */
import { quoted } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Money } from '../../domain/money.ts';
import type { WantedProof } from '../../domain/ports/issuer.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { ListedPurchase, Purchase, Upstream, VendorAnswer } from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorReference } from '../../domain/vendor-order.ts';
import { flawOfChallenge } from './placeable.ts';
import type { VendorWords } from './vendor-words.ts';

export interface Guard {
  readonly shown: VendorWords;
  readonly publicSuffixes: PublicSuffixes;
}

/** Numbers, hex, and handles, which are `handle_` and letters and digits behind it. */
const numberForm = /^[\x21-\x7e]{1,128}$/;
/** No vendor is older, and nothing is sold for longer: `0001-01-01` and `9999-12-31` say that there is none. */
const [earliest, latest] = [Date.UTC(2000, 0), Date.UTC(2100, 0)];

/** Throws what it throws, and `away` for an answer whose order has no number that can be one. */
export function guardedUpstream(upstream: Upstream, guard: Guard): Upstream {
  const { shown } = guard;
  const { relayed } = upstream.manners;
  const answerFor = (answer: VendorAnswer, { names }: Purchase) => checkedAnswer(answer, { names, relayed }, guard);
  const { find, proofs, orders, standing } = upstream;
  return {
    ...upstream,
    place: async (purchase, signal) => answerFor(await upstream.place(purchase, signal), purchase),
    state: async (reference, purchase, signal) =>
      answerFor(await upstream.state(reference, purchase, signal), purchase),
    products: async (signal) =>
      (await upstream.products(signal)).map((product) => ({
        ...product,
        code: shown(product.code),
        title: shown(product.title),
      })),
    ...(find && {
      find: async (lost, signal) => {
        const found = await find(lost, signal);
        return found === 'absent' ? found : answerFor(found, lost);
      },
    }),
    ...(proofs && { proofs: async (names, signal) => proofsBefore(await proofs(names, signal), names, guard) }),
    ...(orders && {
      orders: async (since, signal) => (await orders(since, signal)).flatMap((one) => listedFor(one, shown)),
    }),
    ...(standing && {
      standing: async (question, signal) => ({
        missing: (await standing(question, signal)).missing.map(({ what, words }) => ({ what, words: shown(words) })),
      }),
    }),
  };
}

function checkedAnswer(
  answer: VendorAnswer,
  { names, relayed }: Pick<Purchase, 'names'> & Pick<Upstream['manners'], 'relayed'>,
  guard: Guard,
): VendorAnswer {
  const { reference, proofs, proofsUntil, coverageUntil, price } = answer;
  if (!isReference(reference)) {
    throw new UpstreamFailure('away', `a reply with an order number that is none: ${quoted(reference.order)}`);
  }
  // A file that is of our own configuration is no word of the vendor's.
  const { kept, flaw } =
    relayed.length === 0 ? { kept: proofs, flaw: undefined } : placeable(proofs, names, guard.publicSuffixes);
  const common = {
    ...answer,
    words: guard.shown(answer.words),
    proofsUntil: likelyTime(proofsUntil),
    coverageUntil: likelyTime(coverageUntil),
    price: priceOf(price),
  };
  const isWaiting = answer.state === 'proving' || answer.state === 'preparing';
  if (flaw === undefined || !isWaiting) return { ...common, proofs: kept };
  // Somebody has to ask the vendor: the customer is shown nothing of it.
  const words = guard.shown(`${answer.words}: ${flaw}; certmux hands that on to nobody`);
  return { ...common, state: 'held', words, proofs: [] };
}

/** @throws {UpstreamFailure} refused: there is no order yet that could wait for a person */
function proofsBefore(
  proofs: readonly WantedProof[],
  names: readonly Identifier[],
  { shown, publicSuffixes }: Guard,
): readonly WantedProof[] {
  const { kept, flaw } = placeable(proofs, names, publicSuffixes);
  if (flaw === undefined) return kept;
  throw new UpstreamFailure('refused', shown(`${flaw}; certmux hands that on to nobody`), { isSent: false });
}

/**
 * Without the challenges that may not be handed on.
 * @returns with the flaw of one, where nothing is left for a name that is not proved
 */
function placeable(
  proofs: readonly WantedProof[],
  names: readonly Identifier[],
  publicSuffixes: PublicSuffixes,
): { readonly kept: readonly WantedProof[]; readonly flaw: string | undefined } {
  let flaw: string | undefined;
  const kept = proofs.map((proof) => {
    const name = names.find(({ value }) => value === proof.name);
    if (name === undefined) return { ...proof, challenges: [] };
    const flaws = proof.challenges.map((challenge) => flawOfChallenge(challenge, name, publicSuffixes));
    const challenges = proof.challenges.filter((_, index) => flaws[index] === undefined);
    if (challenges.length === 0 && proof.isProved !== true) flaw ??= flaws.find((one) => one !== undefined);
    return { ...proof, challenges };
  });
  return { kept, flaw };
}

function listedFor(one: ListedPurchase, shown: VendorWords): readonly ListedPurchase[] {
  if (!isReference(one.reference)) return [];
  const { clientReference, words, names, placedAt, price } = one;
  return [
    {
      ...one,
      clientReference: clientReference === null ? null : shown(clientReference),
      words: shown(words),
      names: names.map(shown),
      placedAt: likelyTime(placedAt),
      price: priceOf(price),
    },
  ];
}

function isReference({ order, certificate }: VendorReference): boolean {
  return numberForm.test(order) && (certificate === null || numberForm.test(certificate));
}

function likelyTime(at: Date | null): Date | null {
  return at !== null && at.getTime() >= earliest && at.getTime() < latest ? at : null;
}

/** Nobody is paid for buying. */
function priceOf(price: Money | null): Money | null {
  return price !== null && price.minor >= 0 ? price : null;
}
