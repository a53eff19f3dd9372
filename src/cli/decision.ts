/** The options of whoever decides a request for approval. */
import type { Command } from 'commander';
import { wholeNumber } from './command.ts';

export interface Decision {
  readonly note: string;
  readonly atVersion: number;
}

export function addDecisionOptions(command: Command, noteHelp: string): void {
  command
    .option('--note <text>', noteHelp, '')
    .option(
      '--at-version <version>',
      'the version that you looked at: refused if it has changed since',
      wholeNumber,
      1,
    );
}

/** What to add to a command that decides a request at this version. */
export function versionFlag(version: number): string {
  return version === 1 ? '' : ` --at-version ${version}`;
}
