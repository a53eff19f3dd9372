/**
 * The certificate that an upstream sent, and its chain, whatever their form: PEM with any line ends, several blocks in a text, bare
 * base64, in any order, the certificate once more among those of its chain.
 */
import { CertError } from '../domain/errors.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { orderChain } from './chain.ts';
import { decodePem, decodePemBundle } from './pem.ts';

export interface ReceivedCertificate {
  readonly der: Uint8Array;
  /** Nearest first, without the certificate itself. */
  readonly chain: readonly Uint8Array[];
}

const labels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

/**
 * The one for the key, or else the first that is no CA: whether it fits is for the caller to see. What has no place in its chain is left
 * out.
 * @param texts those that may hold them, the likeliest first; empty ones count for nothing
 * @param spkiDer the key that it should be for
 * @returns undefined where they hold none
 * @throws {CertError} pemMalformed, derMalformed
 */
export function receivedCertificate(
  texts: readonly (string | undefined)[],
  spkiDer: Uint8Array | undefined,
): ReceivedCertificate | undefined {
  const { found: all, fault } = readAll(texts);
  const distinct = all.filter(({ der }, index) => all.findIndex((other) => other.der.equals(der)) === index);
  const fitting = spkiDer && distinct.find((certificate) => certificate.spkiDer.equals(spkiDer) && !certificate.isCa);
  const leaf = fitting ?? distinct.find(({ isCa }) => !isCa) ?? distinct[0];
  // One of the chain that cannot be read is left out: whether the chain is whole without it is for the caller to see as well.
  if (fault !== undefined && fitting === undefined) throw fault;
  if (leaf === undefined) return undefined;
  const [, ...chain] = orderChain([
    leaf,
    ...distinct.filter((certificate) => certificate.isCa && certificate !== leaf),
  ]);
  return { der: leaf.der, chain: chain.map(({ der }) => der) };
}

interface Readable {
  readonly found: readonly Certificate[];
  /** The first that cannot be read. */
  readonly fault: CertError | undefined;
}

function readAll(texts: readonly (string | undefined)[]): Readable {
  const found: Certificate[] = [];
  let fault: CertError | undefined;
  const attempt = (read: () => void) => {
    try {
      read();
    } catch (thrown) {
      if (!(thrown instanceof CertError)) throw thrown;
      fault ??= thrown;
    }
  };
  for (const text of texts) {
    if (text === undefined || text.trim() === '') continue;
    attempt(() => {
      for (const der of dersIn(text)) attempt(() => found.push(parseCertificate(der)));
    });
  }
  return { found, fault };
}

function dersIn(text: string): readonly Uint8Array[] {
  // PHP escapes the slashes of JSON, and where it is escaped once too often they stay so.
  const plain = text.replaceAll('\\/', '/');
  if (!plain.includes('-----BEGIN ')) return [decodePem(plain, { what: 'the certificate', labels })];
  const blocks = decodePemBundle(plain, 'the certificate');
  return blocks.filter(({ label }) => labels.includes(label)).map(({ der }) => der);
}
