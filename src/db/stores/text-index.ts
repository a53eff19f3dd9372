/** Which orders have these parts of three letters in what is searched of them: each engine has an index of its own for that. */
import type { RawBuilder } from 'kysely';

/** The lists that have an index of parts. */
export type SearchedList = 'order_listings' | 'approval_listings';

export interface SearchedIn {
  readonly list: SearchedList;
  /** Undefined: of all accounts. */
  readonly shelf?: number;
  readonly limit: number;
}

export interface TextIndex {
  /**
   * A query for the numbers of the newest orders, or requests for approval, that have all of the parts, no more than `limit`. Whether the
   * parts stand next to each other, and in what, it does not say.
   */
  newestWith(parts: readonly string[], of: SearchedIn): RawBuilder<number>;
  /** It takes as long as the first of the parts is frequent. */
  readonly isOrdered: boolean;
}

/** The letters of a part. */
const length = 3;
/** More of them find no fewer orders. */
const mostParts = 24;

/** The parts of a text, each once; none of one that is too short. */
export function partsOf(text: string): readonly string[] {
  const letters = [...text.toLowerCase()];
  const parts = letters.slice(length - 1).map((_, at) => letters.slice(at, at + length).join(''));
  return [...new Set(parts)].slice(0, mostParts);
}

/** Letters that no text has stand for the shelf, so that one account's orders are found without looking at another's. */
const firstPrivate = 0xe000;
const privateLetters = 4096;
const places = [privateLetters ** 2, privateLetters, 1];

export function partOfShelf(shelf: number): string {
  return String.fromCharCode(...places.map((place) => firstPrivate + (Math.floor(shelf / place) % privateLetters)));
}

/** The same in SQL. @param letter the engine's function that makes a letter of its number */
export function partOfShelfIn(column: string, letter: string): string {
  return places.map((place) => `${letter}(${firstPrivate} + ${column} / ${place} % ${privateLetters})`).join(' || ');
}
