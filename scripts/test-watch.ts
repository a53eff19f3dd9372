/** The thread that watches over the test files of its process (`test-files.ts`): it still runs when the main thread does not. */
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

/** What the main thread says of itself: the file that it begins, the test that it begins, what its event loop waits for. */
export interface Progress {
  readonly file?: string;
  readonly test?: string;
  readonly waitingFor?: readonly string[];
}

const limitMs: number = workerData;
const standardError = 2;

let last: Progress = {};
let timer = setTimeout(end, limitMs);
parentPort?.on('message', (progress: Progress) => {
  last = { ...last, ...progress };
  if (progress.file === undefined) return;
  clearTimeout(timer);
  timer = setTimeout(end, limitMs);
});

function end(): void {
  const { file = 'no file yet', test = 'none yet', waitingFor = [] } = last;
  const started = descendantsOf(process.pid);
  const lines = [
    `${file} has not ended after ${limitMs / 60_000} minutes: this process and what it started are ended.`,
    `  The last test that began: ${test}`,
    `  Its event loop waited for: ${waitingFor.join(', ')}`,
    ...started.map((pid) => `  It had started: ${pid} ${commandOf(pid)}`),
  ];
  writeSync(standardError, `${lines.join('\n')}\n`);
  for (const pid of [...started, process.pid]) kill(pid);
}

/** Where there is no /proc, only the process itself is ended. */
function descendantsOf(pid: number): readonly number[] {
  const parents = new Map(processes().map((each) => [each, parentOf(each)]));
  const found = [pid];
  for (const parent of found) {
    for (const [child, itsParent] of parents) if (itsParent === parent) found.push(child);
  }
  return found.slice(1);
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number | undefined {
  // The name in brackets may hold anything: what counts stands behind it.
  const [, fields = ''] = read(`/proc/${pid}/stat`).split(/\) (?!.*\) )/);
  const parent = Number(fields.split(' ')[1]);
  return Number.isInteger(parent) ? parent : undefined;
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').slice(0, 200);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
