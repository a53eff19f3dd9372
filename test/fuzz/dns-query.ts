/** Packets for the DNS server of the alias zone: what comes back is checked, whatever went in. */
import { headerBytes, readRecords } from '../../src/system/dns-reader.ts';
import { aliasRecords, createAliasStage, overTcp, overUdp } from '../support/alias-server.ts';
import type { Target } from './target.ts';

const live = {
  'one.acme.example.com': ['value'],
  'many.acme.example.com': Array.from({ length: 20 }, (_, index) => `${index}`.padStart(90, 'v')),
  'deep.hollow.acme.example.com': ['below'],
};
const records = aliasRecords(live);
/** Without the list of what was looked up, which would grow. */
const { answer } = createAliasStage({
  records: { find: (name) => records.find(name) },
  perSecond: Number.MAX_SAFE_INTEGER,
  meter: { dnsAnswered: () => {}, dnsDropped: () => {} },
});

async function answerBoth(input: Buffer): Promise<string> {
  const [udp, tcp] = [await answer(input, overUdp), await answer(input, overTcp)];
  check(input, udp, 1232);
  check(input, tcp, 65_535);
  return `${outcomeOf(udp)} ${outcomeOf(tcp)}`;
}

/** @throws {Error} where the answer is none that may be given */
function check(input: Buffer, answered: Uint8Array | undefined, maxBytes: number): void {
  const isQuery = input.length >= headerBytes && (input.readUInt8(2) & 0x80) === 0;
  if (!isQuery && answered !== undefined) throw new Error('what is no query was answered');
  if (isQuery && answered === undefined) throw new Error('a query was not answered');
  if (answered === undefined) return;
  const bytes = Buffer.from(answered);
  if (bytes.length > maxBytes) throw new Error(`${bytes.length} bytes`);
  if (bytes.readUInt16BE(0) !== input.readUInt16BE(0)) throw new Error('another id');
  if ((bytes.readUInt8(2) & 0xf8) !== (0x80 | (input.readUInt8(2) & 0x78))) throw new Error('not a response to it');
  const [questions = 0, ...counts] = [4, 6, 8, 10].map((at) => bytes.readUInt16BE(at));
  const end = questions === 0 ? headerBytes : questionEnd(input);
  if (!bytes.subarray(headerBytes, end).equals(input.subarray(headerBytes, end))) throw new Error('another question');
  const all = readRecords(
    bytes,
    end,
    counts.reduce((sum, count) => sum + count, 0),
  );
  if ((all.at(-1)?.dataEnd ?? end) !== bytes.length) throw new Error('bytes behind its end');
}

function questionEnd(input: Buffer): number {
  let at = headerBytes;
  while (input.readUInt8(at) !== 0) at += 1 + input.readUInt8(at);
  return at + 5;
}

/** Code, flags, and how many records. */
function outcomeOf(answered: Uint8Array | undefined): string {
  return answered === undefined ? 'silent' : Buffer.from(answered.subarray(2, headerBytes)).toString('hex');
}

export const dnsQueryTarget: Target = { name: 'dns-query', kind: 'bytes', parse: answerBoth };
