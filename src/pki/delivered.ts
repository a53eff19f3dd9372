/** Certificates as vendors deliver them: in one text or several, with or without their chain, in any order. */
import { CertError } from '../domain/errors.ts';
import { type Certificate, parseCertificate } from './certificate.ts';
import { namesAsIssuer } from './chain.ts';
import { decodePem, decodePemBundle } from './pem.ts';

export interface Delivered {
  readonly der: Uint8Array;
  /** Nearest first, without the leaf. */
  readonly chain: readonly Uint8Array[];
  /** Null: it is no certificate that can be read. What stands in it is for others to judge. */
  readonly leaf: Certificate | null;
  /** Whether it is for the key that was asked for. */
  readonly isForKey: boolean;
}

interface Piece {
  readonly der: Buffer;
  readonly certificate: Certificate | undefined;
}

const what = 'the certificate';
const labels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

/**
 * The leaf and its chain among all that the texts hold: PEM with any line breaks and text around it, or bare base64. The leaf is the
 * certificate of the key, else the first that is no CA; a repeated one counts once. Certificates that do not belong to its chain are left
 * out, unless none does: then they are passed on as they came.
 * @param keyHash the SHA-256 of the SubjectPublicKeyInfo, lower-case hex
 * @returns undefined where no text holds one, or one is cut off
 */
export function readDelivered(texts: readonly string[], keyHash: string): Delivered | undefined {
  const pieces = piecesOf(texts);
  const leaf =
    pieces.find(({ certificate }) => certificate?.spkiSha256 === keyHash) ??
    pieces.find(({ certificate }) => certificate?.isCa !== true) ??
    pieces[0];
  if (leaf === undefined) return undefined;
  const others = pieces.filter((piece) => piece !== leaf);
  const chain = leaf.certificate === undefined ? [] : chainOf(leaf.certificate, others);
  return {
    der: leaf.der,
    chain: (chain.length === 0 ? others : chain).map(({ der }) => der),
    leaf: leaf.certificate ?? null,
    isForKey: leaf.certificate?.spkiSha256 === keyHash,
  };
}

function piecesOf(texts: readonly string[]): readonly Piece[] {
  const found = new Map<string, Piece>();
  for (const der of texts.filter((text) => text.trim() !== '').flatMap(dersOf)) {
    found.set(der.toString('base64'), { der, certificate: readable(() => parseCertificate(der)) });
  }
  return [...found.values()];
}

function dersOf(text: string): readonly Buffer[] {
  const ders = readable(() =>
    text.includes('-----BEGIN ')
      ? decodePemBundle(text, what).flatMap(({ label, der }) => (labels.includes(label) ? [der] : []))
      : [decodePem(text, { what, labels })],
  );
  return ders ?? [];
}

function chainOf(leaf: Certificate, others: readonly Piece[]): readonly Piece[] {
  const chain: Piece[] = [];
  for (let last = leaf; ; ) {
    const next = others.find(
      (piece) =>
        !chain.includes(piece) &&
        piece.certificate !== undefined &&
        piece.certificate.isCa &&
        namesAsIssuer(last, piece.certificate),
    );
    if (next?.certificate === undefined) return chain;
    chain.push(next);
    last = next.certificate;
  }
}

/** Undefined for what cannot be read. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}
