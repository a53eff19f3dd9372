/** Whom a certificate of a chain is of, and when it ends: read in the browser, since the API sends chains as PEM. */
import { type Element, elementsOf, objectIdText } from './der.ts';

export interface CertificateFacts {
  /** The common name, or the last of its other attributes where it has none. */
  readonly subject: string;
  readonly notAfter: string;
}

const commonName = '2.5.4.3';
const utcTime = 0x17;

/** Null where it is no certificate. */
export function readCertificate(pem: string): CertificateFacts | null {
  try {
    const base64 = pem.replaceAll(/-----[A-Z ]+-----|\s+/g, '');
    return factsOf(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** Certificate (RFC 5280 §4.1): the version is tagged, and absent in those of version 1. */
function factsOf(bytes: Uint8Array<ArrayBuffer>): CertificateFacts {
  const [certificate] = elementsOf(bytes);
  const [signed] = childrenOf(certificate);
  const fields = childrenOf(signed).filter(({ tag }) => tag !== 0xa0);
  const [, , , validity, subject] = fields;
  const [, notAfter] = childrenOf(validity);
  return { subject: subjectText(subject), notAfter: timeOf(notAfter) };
}

function childrenOf(parent: Element | undefined): readonly Element[] {
  if (parent === undefined) throw new RangeError('an element is missing');
  return elementsOf(parent.content);
}

const decoder = new TextDecoder();

function subjectText(subject: Element | undefined): string {
  const attributes = childrenOf(subject)
    .flatMap(childrenOf)
    .map((attribute) => {
      const [type, value] = childrenOf(attribute);
      return { type: type === undefined ? '' : objectIdText(type.content), text: decoder.decode(value?.content) };
    });
  return (attributes.find(({ type }) => type === commonName) ?? attributes.at(-1))?.text ?? '';
}

/** RFC 5280 §4.1.2.5: years of two digits from 50 on are of the last century. */
function timeOf(time: Element | undefined): string {
  const text = decoder.decode(time?.content);
  const long = time?.tag === utcTime ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(long) ?? [];
  if (second === undefined) throw new RangeError('a time of another form');
  return `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
}
