/**
 * CSRs are answered byte for byte as they were sent: autossl finds its duplicate by comparing them. The core keeps the DER; what
 * is kept beside it is how that was written, in a few bytes where it was written in one of the usual ways. Of a text that holds
 * anything else nothing is kept: it is answered as PEM.
 */
import { csrDerOf } from '../../../pki/csr.ts';
import { encodePem } from '../../../pki/pem.ts';

const label = 'CERTIFICATE REQUEST';
const labels = [label, `NEW ${label}`] as const;

/** @throws {CertError} badCsr */
export function csrFromWire(text: string, field: string): Buffer {
  return csrDerOf(text, field);
}

type Spell = (der: Uint8Array) => string;

const pemWith =
  (change: { readonly newLine: string; readonly isNew?: boolean; readonly endsOpen?: boolean }): Spell =>
  (der) => {
    const pem = encodePem(change.isNew === true ? labels[1] : labels[0], der);
    const cut = change.endsOpen === true ? pem.trimEnd() : pem;
    return cut.replaceAll('\n', change.newLine);
  };

const spellings: Readonly<Record<string, Spell>> = {
  lf: pemWith({ newLine: '\n' }),
  'lf-open': pemWith({ newLine: '\n', endsOpen: true }),
  crlf: pemWith({ newLine: '\r\n' }),
  'crlf-open': pemWith({ newLine: '\r\n', endsOpen: true }),
  // Venafi and harbinger strip every line break.
  joined: pemWith({ newLine: '' }),
  'new-lf': pemWith({ newLine: '\n', isNew: true }),
  'new-lf-open': pemWith({ newLine: '\n', isNew: true, endsOpen: true }),
  'new-crlf': pemWith({ newLine: '\r\n', isNew: true }),
  'new-crlf-open': pemWith({ newLine: '\r\n', isNew: true, endsOpen: true }),
  'new-joined': pemWith({ newLine: '', isNew: true }),
  // acme2certifier sends only the base64.
  base64: (der) => Buffer.from(der).toString('base64'),
};

/** The way in which it was written; the text itself where its blanks and line breaks are none of the usual. */
export function spellingOf(text: string, der: Uint8Array): string {
  const known = Object.entries(spellings).find(([, spell]) => spell(der) === text);
  if (known !== undefined) return known[0];
  const written = withoutBlanks(text);
  const isItself = labels.some((one) => {
    const pem = encodePem(one, der);
    // Blanks are not worth more room than the CSR.
    return text.length <= 2 * pem.length && written === withoutBlanks(pem);
  });
  return isItself ? text : 'lf';
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** The text as it was sent; PEM where nothing is known of it. */
export function spell(der: Uint8Array, spelling = 'lf'): string {
  const known = Object.hasOwn(spellings, spelling) ? spellings[spelling] : undefined;
  return known === undefined ? spelling : known(der);
}
