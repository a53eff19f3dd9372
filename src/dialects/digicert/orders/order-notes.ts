/**
 * Notes of an order: those that people wrote, and for each certificate that cannot be made why not. The vendor's status `rejected` has no
 * words, and notes are what its console and clients show beside an order.
 */
import { renderReason } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
import type { Note } from '../../../domain/order.ts';
import type { IssuanceView, OrderView } from '../../../domain/ports/orders.ts';

/** A note as people wrote it; of one that nobody wrote the author is null. */
export interface ShownNote extends Pick<Note, 'number' | 'createdAt' | 'text'> {
  readonly author: Note['author'] | null;
}

/**
 * Newest first. What only waits is shown as long as it does, what failed for good.
 * @param view of the order: a change that an upstream refused is shown until another one is wished
 */
export function shownNotes(
  view: Pick<OrderView, 'issuance' | 'refusedWish'>,
  {
    notes,
    issuances,
  }: { readonly notes: readonly Note[]; readonly issuances: readonly Pick<IssuanceView, 'issuance'>[] },
  language: Language,
): readonly ShownNote[] {
  const ours = issuances.flatMap(({ issuance: { id, number, createdAt, state, failure, rest } }): ShownNote[] => {
    const isHeldUp = state === 'ready' || state === 'issuing';
    const refused = id === view.issuance.id && state !== 'issuing' ? view.refusedWish : undefined;
    const reason = failure ?? (isHeldUp ? rest?.reason : undefined) ?? refused;
    // Nothing in this API takes a note's number: that of the certificate says which one is meant.
    return reason === undefined ? [] : [{ number, createdAt, text: renderReason(reason, language), author: null }];
  });
  return [...notes, ...ours].toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
}
