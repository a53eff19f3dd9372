/** What a process uses, read from outside (proc(5)): memory, descriptors, and the size of its database. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Use {
  /** Anonymous memory: what it allocated, without the mapped part of the database file. */
  readonly memoryMiB: number;
  readonly descriptors: number;
}

export interface Gauge {
  now(): Promise<Use>;
  /** The most of each since the gauge was made, or since `reset`. */
  readonly peak: Use;
  reset(): void;
  stop(): void;
}

const everyMs = 200;

export function createGauge(pid: number): Gauge {
  let peak: Use = { memoryMiB: 0, descriptors: 0 };
  const now = async () => {
    const use = await useOf(pid);
    peak = {
      memoryMiB: Math.max(peak.memoryMiB, use.memoryMiB),
      descriptors: Math.max(peak.descriptors, use.descriptors),
    };
    return use;
  };
  const timer = setInterval(() => void now().catch(() => undefined), everyMs);
  return {
    now,
    get peak() {
      return peak;
    },
    reset() {
      peak = { memoryMiB: 0, descriptors: 0 };
    },
    stop: () => clearInterval(timer),
  };
}

async function useOf(pid: number): Promise<Use> {
  const [status, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  const anonymous = Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN);
  return { memoryMiB: anonymous / 1024, descriptors: descriptors.length };
}

export async function databaseMiB(directory: string): Promise<number> {
  const data = join(directory, 'data');
  const files = (await readdir(data)).filter((name) => name.includes('.db'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(data, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20;
}
