/** Commands of the person's own: the DNS hook, the reload command. Each has a time limit and is stopped with all that it started. */
import { spawn } from 'node:child_process';
import type { Clock } from '../domain/ports/system.ts';

export interface CommandRun {
  /** A line for the shell. */
  readonly command: string;
  /** Handed to it as `"$@"`, whatever is in them. */
  readonly args: readonly string[];
  /** Beside those that this process has. */
  readonly variables: Readonly<Record<string, string>>;
  readonly seconds: number;
}

export type CommandOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'exited'; readonly code: number; readonly output: string }
  | { readonly kind: 'killed'; readonly signal: string; readonly output: string }
  | { readonly kind: 'hung' };

export type RunCommand = (run: CommandRun) => Promise<CommandOutcome>;

/** More of an output is of no use in a message. */
const keptOutput = 400;

export function createRunCommand(
  clock: Clock,
  environment: Readonly<Record<string, string | undefined>>,
  workingDirectory: string,
): RunCommand {
  return async ({ command, args, variables, seconds }) => {
    // The blank and the quotes let the line have arguments of its own, and the names none that the shell would read.
    const line = args.length === 0 ? command : `${command} "$@"`;
    const child = spawn('/bin/sh', ['-c', line, 'certmux', ...args], {
      cwd: workingDirectory,
      env: { ...environment, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, which can be ended as a whole.
      detached: true,
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-keptOutput);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const ended = new Promise<CommandOutcome>((resolve) => {
      child.on('error', (error) => resolve({ kind: 'exited', code: 127, output: error.message }));
      // Not `close`: what it left running in the background may hold its output open for ever.
      child.on('exit', (code, signal) => {
        if (code === 0) resolve({ kind: 'done' });
        else if (code === null) resolve({ kind: 'killed', signal: signal ?? '', output: lastLines(output) });
        else resolve({ kind: 'exited', code, output: lastLines(output) });
      });
    });
    const limit = new AbortController();
    const hung = clock.sleep(seconds * 1000, limit.signal).then(
      (): CommandOutcome => ({ kind: 'hung' }),
      () => ended,
    );
    const outcome = await Promise.race([ended, hung]);
    limit.abort();
    if (outcome.kind === 'hung' && child.pid !== undefined) killGroup(child.pid);
    child.stdout.destroy();
    child.stderr.destroy();
    child.unref();
    return outcome;
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-2).join(' ').trim();
}
