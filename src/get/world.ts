/** What `certmux get` works with. */
import { CommandFailure } from '../cli/failure.ts';
import type { Words } from '../cli/get-words.ts';
import type { NativeClient } from '../dialects/native/client.ts';
import type { Clock, Randomness } from '../domain/ports/system.ts';
import type { RunCommand } from './commands.ts';

export interface GetWorld {
  readonly client: NativeClient;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly words: Words;
  readonly runCommand: RunCommand;
  /** A line for the person, beside the result. */
  readonly say: (line: string) => void;
  /** Ctrl-C, SIGTERM. */
  readonly signal: AbortSignal;
}

/** It did not end yet: the order stays, and the same command goes on with it. */
export class Unfinished extends CommandFailure {}

/** Somebody pressed Ctrl-C. */
export class Interrupted extends CommandFailure {
  constructor(words: Words) {
    super('failure', words.interrupted);
  }
}

export async function pause({ clock, signal, words }: GetWorld, delayMs: number): Promise<void> {
  try {
    await clock.sleep(delayMs, signal);
  } catch (thrown) {
    throw signal.aborted ? new Interrupted(words) : thrown;
  }
}

export function problemOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
