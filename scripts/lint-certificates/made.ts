/** What certmux makes, to be judged: certificates of all that is sold, its CAs, and their lists. */
import type { LintFinding } from '../../src/domain/lint.ts';

export const kinds = [
  'public-dv',
  'public-ov',
  'public-ev',
  'private',
  'root',
  'intermediate',
  'list',
  'imported-list',
  'root-list',
  'last-list',
] as const;

/** What the other linters are told that it is. */
export type Kind = (typeof kinds)[number];

export interface Made {
  readonly title: string;
  readonly kind: Kind;
  readonly pem: string;
  /** By certmux's own lint, at the moment when it was made. */
  readonly own: readonly LintFinding[];
}

/** Takes what was made. */
export type Put = (one: Made) => void;
