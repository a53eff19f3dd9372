/** What a play is played with, and its steps: each has a time limit, and is shown as it is done. */
import type { Terminal } from '../cli/terminal.ts';
import type { SecretOptions } from '../main.ts';
import type { CustomerScript } from './customer.ts';
import { withDeadline } from './deadline.ts';
import type { Progress } from './progress.ts';
import type { Report } from './report.ts';
import type { Via } from './via.ts';

export interface Play extends Pick<Terminal, 'clock' | 'random' | 'fetch'> {
  readonly script: CustomerScript;
  /** Where certificates come from; certmux's own CA by default. */
  readonly via: Via | undefined;
  /** Where the certificate is written. */
  readonly directory: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  /** The same of the CA, where certificates come from one. */
  readonly upstream: { readonly dataDirectory: string; readonly logFile: string };
  readonly progress: Progress;
  readonly report: Report;
  readonly interrupted: AbortSignal;
  /** Waits for the interruption in the end. */
  readonly keep: boolean;
  readonly secrets: SecretOptions;
}

const stepLimitMs = 30_000;
/** Of a certificate that a vendor issues: it is looked at there as seldom as the real one asks for. */
export const vendorPatienceMs = 150_000;
/** Of any other. Shorter than the limit of a step, so that the message can say what is missing. */
export const patienceMs = 20_000;

export interface StepContext {
  readonly signal: AbortSignal;
  readonly note: (text: string) => void;
}

export type RunStep = <T>(
  title: string,
  run: (context: StepContext) => Promise<T>,
  describe: (result: T) => string,
) => Promise<T>;

export function createStep({ progress, clock, interrupted, via }: Play): RunStep {
  const limitMs = via?.vendor === undefined ? stepLimitMs : vendorPatienceMs + stepLimitMs;
  const deadline = { clock, limitMs, signal: interrupted };
  return (title, run, describe) =>
    progress.run({
      title,
      run: (note) => withDeadline(deadline, (signal) => run({ signal, note })),
      describe,
    });
}

/** For a step that describes itself. */
export function asItIs(text: string): string {
  return text;
}
