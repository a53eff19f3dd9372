/** What a CSR asks for, decoded in the browser so that a mistake is seen before anything is sent. The server reads it again, and decides. */
import { type Element, elementsOf, objectIdText, tags } from './der.ts';

export interface CsrFacts {
  readonly commonName: string | null;
  /** Of the subjectAltName, or where there is none the common name. */
  readonly names: readonly string[];
  /** `P-256`, `RSA 2048`. */
  readonly key: string;
}

const oids = {
  commonName: '2.5.4.3',
  extensionRequest: '1.2.840.113549.1.9.14',
  subjectAltName: '2.5.29.17',
  rsa: '1.2.840.113549.1.1.1',
  ec: '1.2.840.10045.2.1',
} as const;

const curves: Readonly<Record<string, string>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.101.112': 'Ed25519',
};

/** Null where it is no CSR. */
export function readCsr(text: string): CsrFacts | null {
  try {
    return factsOf(bytesOf(text));
  } catch {
    return null;
  }
}

/** PEM with any text around it, base64 or base64url. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const pem = /-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([^-]+)-----END/.exec(text);
  const base64 = (pem?.[1] ?? text).replaceAll(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function factsOf(bytes: Uint8Array<ArrayBuffer>): CsrFacts {
  const [request] = elementsOf(bytes);
  const [info] = childrenOf(request);
  const [, subject, keyInfo, ...attributes] = childrenOf(info);
  const commonName = commonNameOf(subject);
  const names = attributes.flatMap(childrenOf).flatMap(namesOfAttribute);
  const fallback = commonName === null ? [] : [commonName];
  return { commonName, names: names.length > 0 ? [...new Set(names)] : fallback, key: keyOf(keyInfo) };
}

function childrenOf(parent: Element | undefined): readonly Element[] {
  if (parent === undefined) throw new RangeError('an element is missing');
  return elementsOf(parent.content);
}

const decoder = new TextDecoder();

function commonNameOf(subject: Element | undefined): string | null {
  for (const part of childrenOf(subject).flatMap(childrenOf)) {
    const [type, value] = childrenOf(part);
    if (type !== undefined && objectIdText(type.content) === oids.commonName) return decoder.decode(value?.content);
  }
  return null;
}

function namesOfAttribute(attribute: Element): readonly string[] {
  const [type, values] = childrenOf(attribute);
  if (type === undefined || objectIdText(type.content) !== oids.extensionRequest) return [];
  return childrenOf(values).flatMap(childrenOf).flatMap(namesOfExtension);
}

function namesOfExtension(extension: Element): readonly string[] {
  const [type, ...rest] = childrenOf(extension);
  const value = rest.find(({ tag }) => tag === tags.octetString);
  if (type === undefined || value === undefined || objectIdText(type.content) !== oids.subjectAltName) return [];
  return elementsOf(value.content).flatMap(childrenOf).flatMap(nameOf);
}

/** GeneralName (RFC 5280 §4.2.1.6): a DNS name or an address; others are none that we certify. */
function nameOf({ tag, content }: Element): readonly string[] {
  if (tag === 0x82) return [decoder.decode(content)];
  if (tag !== 0x87) return [];
  if (content.length === 4) return [content.join('.')];
  const groups = Array.from({ length: content.length / 2 }, (_, i) =>
    ((content[2 * i] ?? 0) * 256 + (content[2 * i + 1] ?? 0)).toString(16),
  );
  return [groups.join(':')];
}

function keyOf(keyInfo: Element | undefined): string {
  const [algorithm, key] = childrenOf(keyInfo);
  const [type, parameters] = childrenOf(algorithm);
  const id = type === undefined ? '' : objectIdText(type.content);
  if (id === oids.ec && parameters !== undefined) {
    const curve = objectIdText(parameters.content);
    return curves[curve] ?? curve;
  }
  if (id !== oids.rsa || key === undefined) return curves[id] ?? id;
  // The first byte of a bit string says how many bits of its last are none.
  const [numbers] = elementsOf(key.content.subarray(1));
  const [modulus] = childrenOf(numbers);
  const bytes = modulus?.content ?? new Uint8Array();
  return `RSA ${(bytes[0] === 0 ? bytes.length - 1 : bytes.length) * 8}`;
}
