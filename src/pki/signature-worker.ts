/** Checks signatures in a thread of its own, which `signature-thread.ts` starts and feeds. */
import { createPublicKey, verify } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { Check } from './signature-thread.ts';

/** An error means a key or a signature that is not even well formed: the answer is no, as for any other wrong one. */
function isRight({ digest, hasPlainNumbers, bytes, spkiSize, dataSize }: Check): boolean {
  // A Buffer, which node:crypto takes as it is, over the bytes that came as a plain array.
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const key = createPublicKey({ key: all.subarray(0, spkiSize), format: 'der', type: 'spki' });
    const dataEnd = spkiSize + dataSize;
    const checked = hasPlainNumbers ? ({ key, dsaEncoding: 'ieee-p1363' } as const) : key;
    return verify(digest, all.subarray(spkiSize, dataEnd), checked, all.subarray(dataEnd));
  } catch {
    return false;
  }
}

parentPort?.on('message', (checks: readonly Check[]) => parentPort?.postMessage(checks.map(isRight)));
