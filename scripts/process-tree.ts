/** Processes and what they started, as /proc of Linux shows them. */
import { readdir, readFile } from 'node:fs/promises';

/** The main processes; what they started belongs to them. */
export type Pids = readonly (number | undefined)[];

export interface Process {
  readonly pid: number;
  /** What follows the name of the program in /proc/pid/stat. */
  readonly fields: readonly string[];
}

/** These processes and all below them; none where there is no /proc. */
export async function processTree(pids: Pids): Promise<readonly Process[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = await Promise.all(ids.map(readProcess));
  const tree = all.filter(({ pid }) => pids.includes(pid));
  // The list grows while it is walked: children follow their parents.
  for (const parent of tree) tree.push(...all.filter(({ fields }) => Number(fields[1]) === parent.pid));
  return tree;
}

async function readProcess(pid: number): Promise<Process> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  return { pid, fields: stat.slice(stat.lastIndexOf(')') + 2).split(' ') };
}

/** A process may end at any time. */
export function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Ends all that this process started. */
export async function endDescendants(): Promise<void> {
  for (const { pid } of await descendants()) kill(pid);
}

export async function descendants(): Promise<readonly Process[]> {
  return (await processTree([process.pid])).filter(({ pid }) => pid !== process.pid);
}

/** The start of its command line. */
export async function commandOf({ pid }: Process): Promise<string> {
  return (await readIfThere(`/proc/${pid}/cmdline`)).replaceAll('\0', ' ').slice(0, 200);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
