/** What the kernel counts of processes: Linux only. */
import { readFile } from 'node:fs/promises';
import { type Pids, processTree, readIfThere } from '../scripts/process-tree.ts';

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

function kilobytesIn(rollup: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0);
}
