/** What a page and the hub that follows the stream for it say to each other. */
import type { Change } from './change.ts';

export type FromPage =
  /** It is seen: it wants to hear. */
  | { readonly kind: 'show' }
  /** It is hidden: nothing is of use to it. */
  | { readonly kind: 'hide' }
  /** It is still there. */
  | { readonly kind: 'alive' }
  /** Somebody signed in again: the stream may be tried at once. */
  | { readonly kind: 'again' }
  /** Somebody signed out in it: the stream ends for all pages. */
  | { readonly kind: 'signOut' };

export type ToPage =
  | { readonly kind: 'sign' }
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  | { readonly kind: 'reset' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'signedOut' };

/** How often a page that is seen says that it is there: one that was closed says nothing. */
export const aliveMs = 10_000;
/** After which a page is taken for closed. */
export const goneMs = 35_000;
