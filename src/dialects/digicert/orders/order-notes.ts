/**
 * Notes of an order: those that people wrote, and for each certificate that cannot be made why not. The vendor's status `rejected` has no
 * words, and notes are what its console and clients show beside an order.
 */
import { renderReason } from '../../../domain/errors.ts';
import type { Issuance } from '../../../domain/issuance.ts';
import type { Language } from '../../../domain/language.ts';
import type { Note } from '../../../domain/order.ts';

/** A note as people wrote it; of one that nobody wrote the author is null. */
export interface ShownNote extends Pick<Note, 'number' | 'createdAt' | 'text'> {
  readonly author: Note['author'] | null;
}

/** Newest first. What only waits is shown as long as it does, what failed for good. */
export function shownNotes(
  notes: readonly Note[],
  issuances: readonly Issuance[],
  language: Language,
): readonly ShownNote[] {
  const ours = issuances.flatMap(({ number, createdAt, state, failure, rest }): ShownNote[] => {
    const reason = failure ?? (state === 'issuing' ? rest?.reason : undefined);
    // Nothing in this API takes a note's number: that of the certificate says which one is meant.
    return reason === undefined ? [] : [{ number, createdAt, text: renderReason(reason, language), author: null }];
  });
  return [...notes, ...ours].toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime());
}
