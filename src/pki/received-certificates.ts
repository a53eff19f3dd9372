/**
 * The certificate that an upstream sent, and its chain, whatever their form: PEM with any line ends, several blocks in a text, bare
 * base64, in any order, the certificate once more among those of its chain.
 */
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
  const all = texts.filter((text) => text !== undefined && text.trim() !== '').flatMap((text) => certificatesIn(text));
  const distinct = all.filter(({ der }, index) => all.findIndex((other) => other.der.equals(der)) === index);
  const fitting = spkiDer && distinct.find((certificate) => certificate.spkiDer.equals(spkiDer) && !certificate.isCa);
  const leaf = fitting ?? distinct.find(({ isCa }) => !isCa) ?? distinct[0];
  if (leaf === undefined) return undefined;
  const [, ...chain] = orderChain([
    leaf,
    ...distinct.filter((certificate) => certificate.isCa && certificate !== leaf),
  ]);
  return { der: leaf.der, chain: chain.map(({ der }) => der) };
}

function certificatesIn(text: string | undefined): readonly Certificate[] {
  if (text === undefined) return [];
  if (!text.includes('-----BEGIN ')) return [parseCertificate(decodePem(text, { what: 'the certificate', labels }))];
  const blocks = decodePemBundle(text, 'the certificate');
  return blocks.filter(({ label }) => labels.includes(label)).map(({ der }) => parseCertificate(der));
}
