/** What no server could leave out, measured in the same run: one CSR check or one new key, one signature, one flush to disk. */

import { generateKeyPairSync } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsr, verifyCsrSync } from '../src/pki/csr.ts';
import { createLocalSigner, generateKey } from '../src/pki/key.ts';

export interface Unavoidable {
  readonly csrVerifyUs: number;
  /** Making a P-256 key and writing it down, where the server makes it. */
  readonly newKeyUs: number;
  readonly signUs: number;
  readonly fsyncUs: number;
}

export async function measureUnavoidable(csr: Uint8Array, directory: string): Promise<Unavoidable> {
  const parsed = parseCsr(csr);
  const signer = createLocalSigner((await generateKey({ type: 'ec', curve: 'P-256' })).privateKeyPkcs8);
  const tbs = Buffer.alloc(700, 7);
  const path = join(directory, 'fsync.tmp');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 7);
  try {
    return {
      csrVerifyUs: microsecondsEach(3000, () => verifyCsrSync(parsed)),
      newKeyUs: microsecondsEach(3000, newKey),
      signUs: microsecondsEach(3000, () => signer.signSync(tbs)),
      fsyncUs: microsecondsEach(300, () => {
        writeSync(file, page);
        fdatasyncSync(file);
      }),
    };
  } finally {
    closeSync(file);
    unlinkSync(path);
  }
}

function newKey(): void {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  privateKey.export({ format: 'der', type: 'pkcs8' });
  publicKey.export({ format: 'der', type: 'spki' });
}

/** The median of five rounds, so that one disturbance does not decide. */
function microsecondsEach(times: number, work: () => unknown): number {
  const rounds = Array.from({ length: 5 }, () => {
    const start = performance.now();
    for (let i = 0; i < times / 5; i++) work();
    return ((performance.now() - start) * 1000) / (times / 5);
  });
  return rounds.toSorted((a, b) => a - b)[2] ?? Number.NaN;
}
