/** What the last whole run saw, kept beside the scripts for docs/lint.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SituationId, VerifierId } from './expected.ts';

/** `cannotAsk`: it accepted, for a reason of `expected.ts`. */
export type Verdict = 'ok' | 'refused' | 'cannotAsk';

export interface Results {
  /** `YYYY-MM-DD`. */
  readonly on: string;
  /** Titles with versions, in the order of the table. */
  readonly versions: Readonly<Partial<Record<VerifierId, string>>>;
  readonly results: Readonly<Partial<Record<SituationId, Readonly<Partial<Record<VerifierId, Verdict>>>>>>;
}

const file = join(import.meta.dirname, 'results.json');

export function keptResults(): Results {
  return JSON.parse(readFileSync(file, 'utf8'));
}

export function keepResults(results: Results): void {
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
}
