/** What the last whole run saw, kept beside the scripts for docs/lint.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SituationId, VerifierId } from './expected.ts';

export interface Result {
  readonly situation: SituationId;
  readonly verifier: VerifierId;
  /** `cannotAsk`: it accepted, for a reason of `expected.ts`. */
  readonly verdict: 'ok' | 'refused' | 'cannotAsk';
}

export interface Results {
  /** `YYYY-MM-DD`. */
  readonly on: string;
  /** Titles with versions, in the order of the table. */
  readonly versions: Readonly<Record<VerifierId, string>>;
  readonly results: readonly Result[];
}

export const resultsFile = join(import.meta.dirname, 'results.json');

export function keptResults(): Results {
  return JSON.parse(readFileSync(resultsFile, 'utf8'));
}
