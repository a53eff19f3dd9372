/** Checks signatures in a thread of its own, which `signature-thread.ts` starts and feeds. */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { Check } from './signature-thread.ts';

/** Enough for the accounts that are busy at one time: each signs many requests, and reading its key costs a fifth of a check. */
const keptKeys = 500;

/** Keys by their bytes, the least used first. */
const keys = new Map<string, KeyObject>();

/** @throws {Error} for bytes that are no key */
function keyOf(spki: Buffer): KeyObject {
  const name = spki.toString('latin1');
  const key = keys.get(name) ?? createPublicKey({ key: spki, format: 'der', type: 'spki' });
  keys.delete(name);
  keys.set(name, key);
  const [oldest] = keys.keys();
  if (keys.size > keptKeys && oldest !== undefined) keys.delete(oldest);
  return key;
}

/** An error means a key or a signature that is not even well formed: the answer is no, as for any other wrong one. */
function isRight({ digest, hasPlainNumbers, bytes, spkiSize, dataSize }: Check): boolean {
  // A Buffer, which node:crypto takes as it is, over the bytes that came as a plain array.
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const key = keyOf(all.subarray(0, spkiSize));
    const dataEnd = spkiSize + dataSize;
    const checked = hasPlainNumbers ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
    return verify(digest, all.subarray(spkiSize, dataEnd), checked, all.subarray(dataEnd));
  } catch {
    return false;
  }
}

parentPort?.on('message', (checks: readonly Check[]) => parentPort?.postMessage(checks.map(isRight)));
