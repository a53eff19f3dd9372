/** A passphrase of a key file: from a file, or from a person, who types a new one twice. */
import type { Command } from 'commander';
import { readFirstLine } from './command.ts';
import { UsageError } from './failure.ts';
import type { Terminal } from './terminal.ts';

export interface PassphraseOptions {
  readonly passphraseFile?: string;
}

export function withPassphrase(command: Command): Command {
  return command.option('--passphrase-file <file>', 'holds the passphrase in its first line; else it is asked for');
}

/** Undefined where there is nobody to ask. */
export async function passphraseOf(
  terminal: Terminal,
  { passphraseFile }: PassphraseOptions,
  { isNew }: { readonly isNew: boolean },
): Promise<string | undefined> {
  if (passphraseFile !== undefined) return readFirstLine(terminal, passphraseFile);
  const passphrase = await terminal.askSecret('Passphrase of the key file: ');
  if (!isNew || passphrase === undefined) return passphrase;
  if (passphrase === (await terminal.askSecret('Once more: '))) return passphrase;
  throw new UsageError('the two passphrases differ', 'try again');
}
