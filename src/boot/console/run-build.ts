/** Builds the console in a process of its own, which leaves the processor to the server. */
import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

export interface RunningBuild {
  /** Undefined for a build that is good; else what it wrote. */
  readonly failure: Promise<string | undefined>;
  stop(): void;
}

/** Many times what it takes on a small machine. */
const limitMs = 180_000;
/** The end of what it wrote, where the reason is. */
const keptCharacters = 4000;

export function runBuild(program: string, root: string): RunningBuild {
  const child = spawn(process.execPath, [program], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: limitMs,
  });
  let written = '';
  const keep = (text: Buffer) => {
    written = (written + text.toString('utf8')).slice(-keptCharacters);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.once('spawn', () => giveWay(child.pid));
  const failure = new Promise<string | undefined>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(`${written.trim()}\n(${signal === null ? `exit code ${code}` : signal})`.trim());
    });
  });
  return { failure, stop: () => void child.kill() };
}

function giveWay(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, or the system does not let us: it is a build either way.
  }
}
