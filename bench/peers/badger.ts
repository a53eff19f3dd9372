/** What a Badger database holds, read from a backup that its own program makes. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goProgram } from './program.ts';

const run = promisify(execFile);

/** How many keys there are for each table, in the way in which step-ca puts tables into one database. */
export async function countKeys(folder: string): Promise<ReadonlyMap<string, number>> {
  const program = await goProgram({ package: 'github.com/dgraph-io/badger/v2/badger', version: 'v2.2007.4' });
  const file = join(folder, '..', 'backup');
  await run(program, ['backup', '--dir', folder, '--backup-file', file], { maxBuffer: 64 << 20 });
  const counts = new Map<string, number>();
  for (const key of backedUpKeys(await readFile(file))) {
    const table = tableOf(key);
    if (table !== undefined) counts.set(table, (counts.get(table) ?? 0) + 1);
  }
  return counts;
}

/** Lists of pairs, each list behind its length of eight bytes: protobuf, where a list has its pairs in field 1, and a pair its key. */
export function* backedUpKeys(backup: Buffer): Iterable<Buffer> {
  for (let at = 0; at < backup.length; ) {
    const end = at + 8 + Number(backup.readBigUInt64LE(at));
    for (const pair of fieldsOne(backup.subarray(at + 8, end))) yield* fieldsOne(pair);
    at = end;
  }
}

const wireTypes = { varint: 0, eightBytes: 1, bytes: 2, fourBytes: 5 } as const;

function* fieldsOne(message: Buffer): Iterable<Buffer> {
  for (let at = 0; at < message.length; ) {
    const tag = readVarint(message, at);
    const type = tag.value & 7;
    at = tag.end;
    if (type === wireTypes.varint) at = readVarint(message, at).end;
    else if (type === wireTypes.eightBytes) at += 8;
    else if (type === wireTypes.fourBytes) at += 4;
    else {
      const length = readVarint(message, at);
      at = length.end + length.value;
      if (tag.value >> 3 === 1) yield message.subarray(length.end, at);
    }
  }
}

function readVarint(message: Buffer, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, factor = 1; ; at++, factor *= 128) {
    const byte = message.readUInt8(at);
    value += (byte & 127) * factor;
    if (byte < 128) return { value, end: at + 1 };
  }
}

/** A key is the table's name behind its length of two bytes, and the same of what is in it. The tables themselves are empty keys. */
export function tableOf(key: Buffer): string | undefined {
  if (key.length < 2) return undefined;
  const end = 2 + key.readUInt16LE(0);
  return key.length > end + 2 ? key.toString('latin1', 2, end) : undefined;
}
