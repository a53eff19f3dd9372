/** Whether a certificate is what was asked for: so that the servers are compared by the same work. */
import { execFile } from 'node:child_process';
import { createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseCsr } from '../../src/pki/csr.ts';
import { decodePem } from '../../src/pki/pem.ts';
import type { Authorities } from '../peers/peer.ts';

const run = promisify(execFile);

export interface Expected {
  readonly name: string;
  readonly lifetimeDays: number;
  /** PEM: the request that was signed. */
  readonly csr: string;
  readonly authorities: Authorities;
}

export interface CheckedCertificate {
  readonly key: string;
  readonly names: string;
  readonly days: number;
  readonly issuer: string;
  readonly sizeBytes: number;
}

const dayMs = 86_400_000;

/** Servers begin the lifetime a little in the past, for clocks that are slow. */
const toleranceDays = 0.1;

/** @param pem the certificate, then its chain as far as the server sent it @throws {Error} that says what is not as expected */
export async function checkCertificate(pem: string, expected: Expected): Promise<CheckedCertificate> {
  const certificate = new X509Certificate(pem);
  const { publicKey } = certificate;
  const key = publicKey.asymmetricKeyDetails?.namedCurve ?? String(publicKey.asymmetricKeyType);
  const days = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / dayMs;
  const names = certificate.subjectAltName ?? 'none';
  expectSame('key', key, 'prime256v1');
  expectSame('subject alternative name', names, `DNS:${expected.name}`);
  if (Math.abs(days - expected.lifetimeDays) > toleranceDays) expectSame('days', days, expected.lifetimeDays);
  const { spkiDer } = parseCsr(decodePem(expected.csr, { what: 'csr', labels: ['CERTIFICATE REQUEST'] })).publicKey;
  const requested = createPublicKey({ key: Buffer.from(spkiDer), format: 'der', type: 'spki' });
  if (!requested.equals(publicKey)) throw new Error('the certificate is for another key');
  await verifyChain(pem, expected.authorities);
  return { key, names, days, issuer: certificate.issuer, sizeBytes: certificate.raw.length };
}

function expectSame(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`the certificate's ${what}: ${found} instead of ${wanted}`);
}

/** By `openssl verify`, as a server certificate. */
async function verifyChain(pem: string, { roots, intermediates }: Authorities): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'certmux-check-'));
  const place = async (name: string, content: string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  try {
    const leaf = await place('leaf.pem', pem);
    const chain = await place('chain.pem', `${pem}\n${intermediates}`);
    const options = ['-x509_strict', '-purpose', 'sslserver', '-CAfile', await place('roots.pem', roots)];
    await run('openssl', ['verify', ...options, '-untrusted', chain, leaf]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
