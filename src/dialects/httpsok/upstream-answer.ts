/** An application as the vendor shows it, in the words of the core. */
import { CertError } from '../../domain/errors.ts';
import type { VendorAnswer } from '../../domain/ports/upstream.ts';
import { parsePrivateKeyPem, publicKeyOf } from '../../pki/key.ts';
import { soldCertificate } from '../../pki/sold-certificate.ts';
import type { ApplicationReply } from './replies.ts';

export const unissued = {
  proofs: [],
  proofsUntil: null,
  certificate: null,
  price: null,
  coverageUntil: null,
} as const satisfies Partial<VendorAnswer>;

export function answerOf(id: string, reply: ApplicationReply): VendorAnswer {
  const { status, progress, reason } = reply;
  const common = { ...unissued, reference: { order: id, certificate: null } };
  if (status === 1) return { ...common, ...issuedIn(reply) };
  if (status === 2) return { ...common, state: 'processing', words: wordsFor(status, progress && `${progress} %`) };
  if (status === 3) return { ...common, state: 'refused', words: wordsFor(status, reason) };
  return { ...common, state: 'unknown', words: wordsFor(status, reason) };
}

/** Without its key, or with another one, it is of no use to anybody, and a person has to look. */
function issuedIn({
  certificate,
  privateKey,
}: ApplicationReply): Pick<VendorAnswer, 'state' | 'words' | 'certificate'> {
  const unclear = (detail: string) =>
    ({ state: 'unknown', words: wordsFor(1, detail), certificate: null }) as const satisfies Partial<VendorAnswer>;
  const key = keyFrom(privateKey);
  if (key === undefined) return unclear('without a private key that can be read');
  const sold = soldCertificate([certificate], key.spkiDer);
  if (sold === undefined || sold === 'unreadable') return unclear('without a certificate that can be read');
  if (!sold.isForKey) return unclear('its private key is not that of its certificate');
  const { der, chain } = sold;
  return { state: 'issued', words: wordsFor(1, ''), certificate: { der, chain, privateKey: key.pkcs8 } };
}

/** SEC1 in the sample of the document, for ECC. */
function keyFrom(pem: string): { readonly pkcs8: Uint8Array; readonly spkiDer: Uint8Array } | undefined {
  try {
    const pkcs8 = parsePrivateKeyPem(pem);
    return { pkcs8, spkiDer: publicKeyOf(pkcs8).spkiDer };
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

function wordsFor(status: number | string, detail: string | number | null): string {
  return detail === '' || !detail ? `status ${status}` : `status ${status}: ${detail}`;
}
