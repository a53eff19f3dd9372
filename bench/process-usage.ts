/** What the kernel counts of processes: Linux only. */
import { readdir, readFile } from 'node:fs/promises';

/** The main processes of a server; what they started belongs to them. */
export type Pids = readonly (number | undefined)[];

/** CPU time used so far by these processes and all that they started, all threads. */
export async function cpuSeconds(pids: Pids): Promise<number> {
  const all = (await processTree(pids)).map(({ fields }) => fields);
  // proc(5): utime, stime, and both of children that have ended, in ticks of 10 ms.
  const ticks = all.flatMap((fields) => fields.slice(11, 15).map(Number));
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

/** Memory that these processes and all that they started hold in RAM and that is not a part of files, MB. What they share counts once. */
export async function anonymousMegabytes(pids: Pids): Promise<number> {
  const sizes = (await processTree(pids)).map(async ({ pid }) => {
    const rollup = await readIfThere(`/proc/${pid}/smaps_rollup`);
    return kilobytesIn(rollup, 'Pss_Anon') + kilobytesIn(rollup, 'Pss_Shmem');
  });
  return (await Promise.all(sizes)).reduce((sum, each) => sum + each, 0) / 1024;
}

/** CPU time of the whole machine so far that was not idle, in seconds of one core. */
export async function machineCpuSeconds(): Promise<number> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupts + softInterrupts) / 100;
}

interface Process {
  readonly pid: number;
  /** What follows the name of the program in /proc/pid/stat. */
  readonly fields: readonly string[];
}

async function processTree(pids: Pids): Promise<readonly Process[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
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
function readIfThere(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function kilobytesIn(rollup: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0);
}
