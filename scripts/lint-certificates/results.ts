/** What the last run judged, kept beside the scripts for docs/lint.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kind } from './made.ts';

export interface Judged {
  /** `YYYY-MM-DD`. */
  readonly on: string;
  readonly zlint: string;
  readonly pkilint: string;
  /** How many different certificates the products come to. */
  readonly looks: number;
  readonly products: readonly string[];
  /** In English: what they are. */
  readonly authorities: readonly string[];
  readonly made: Readonly<Partial<Record<Kind, number>>>;
}

const file = join(import.meta.dirname, 'results.json');

export function keptJudged(): Judged {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function keepJudged(judged: Judged): void {
  writeFileSync(file, `${JSON.stringify(judged, null, 2)}\n`);
}
