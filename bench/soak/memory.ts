/**
 * What the anonymous memory of a process is (proc(5), smaps): the arenas of glibc's allocator, in which SQLite and the libraries of Node allocate, and the
 * rest, which is mostly V8's.
 */
import { readFile } from 'node:fs/promises';

export interface MemoryParts {
  readonly arenasMiB: number;
  readonly otherMiB: number;
}

/** glibc maps an arena of a thread at a multiple of its largest size (malloc/arena.c, HEAP_MAX_SIZE). */
const arenaBytes = 64n << 20n;

export async function memoryParts(pid: number): Promise<MemoryParts> {
  return partsOf(await readFile(`/proc/${pid}/smaps`, 'utf8'));
}

export function partsOf(smaps: string): MemoryParts {
  let [arenas, other] = [0, 0];
  let isArena = false;
  for (const line of smaps.split('\n')) {
    const mapping = /^([0-9a-f]+)-[0-9a-f]+ \S+ \S+ \S+ (\d+) *(.*)$/.exec(line);
    if (mapping !== null) {
      const [, start = '0', inode, name = ''] = mapping;
      isArena = name === '[heap]' || (inode === '0' && name === '' && BigInt(`0x${start}`) % arenaBytes === 0n);
      continue;
    }
    const anonymous = Number(/^Anonymous: +(\d+) kB/.exec(line)?.[1] ?? 0);
    if (isArena) arenas += anonymous;
    else other += anonymous;
  }
  return { arenasMiB: arenas / 1024, otherMiB: other / 1024 };
}
