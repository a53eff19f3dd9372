/**
 * A key and its CSR, made by the browser (PKCS#10, RFC 2986). The private key is handed on once, for a file; it goes to no server, and into no
 * storage of the browser.
 */
import { element, joined, objectId, positiveInteger, tags } from './der.ts';

export const keyKinds = ['P-256', 'P-384', 'RSA 2048', 'RSA 4096'] as const;
export type KeyKind = (typeof keyKinds)[number];

export interface MadeCsr {
  readonly csrPem: string;
  readonly keyPem: string;
}

/** As WebCrypto wants it. */
interface Algorithm {
  readonly generate: EcKey | RsaKey;
  readonly sign: { readonly name: string } | { readonly name: string; readonly hash: string };
  /** Of the signature; RSA has NULL parameters (RFC 4055 §5). */
  readonly id: Uint8Array;
  readonly isEc: boolean;
}

interface EcKey {
  readonly name: string;
  readonly namedCurve: string;
}

interface RsaKey {
  readonly name: string;
  readonly modulusLength: number;
  readonly publicExponent: Uint8Array<ArrayBuffer>;
  readonly hash: string;
}

const nothing = element(0x05);
const exponent = Uint8Array.of(1, 0, 1);

function ec(namedCurve: string, hash: string, oid: string): Algorithm {
  return {
    generate: { name: 'ECDSA', namedCurve },
    sign: { name: 'ECDSA', hash },
    id: element(tags.sequence, objectId(oid)),
    isEc: true,
  };
}

function rsa(modulusLength: number): Algorithm {
  const name = 'RSASSA-PKCS1-v1_5';
  return {
    generate: { name, modulusLength, publicExponent: exponent, hash: 'SHA-256' },
    sign: { name },
    id: element(tags.sequence, objectId('1.2.840.113549.1.1.11'), nothing),
    isEc: false,
  };
}

const algorithms: Readonly<Record<KeyKind, () => Algorithm>> = {
  'P-256': () => ec('P-256', 'SHA-256', '1.2.840.10045.4.3.2'),
  'P-384': () => ec('P-384', 'SHA-384', '1.2.840.10045.4.3.3'),
  'RSA 2048': () => rsa(2048),
  'RSA 4096': () => rsa(4096),
};

/** @param names as they are typed; those of other scripts become what DNS has */
export async function makeCsr(names: readonly string[], kind: KeyKind): Promise<MadeCsr> {
  const { generate, sign, id, isEc } = algorithms[kind]();
  const pair = await crypto.subtle.generateKey(generate, true, ['sign', 'verify']);
  if (!('privateKey' in pair)) throw new TypeError('the browser made no key pair');
  const keyInfo = new Uint8Array(await crypto.subtle.exportKey('spki', pair.publicKey));
  const ascii = names.map(asciiName);
  const info = element(
    tags.sequence,
    element(tags.integer, Uint8Array.of(0)),
    subjectOf(ascii),
    keyInfo,
    element(0xa0, extensionRequest(ascii)),
  );
  const raw = new Uint8Array(await crypto.subtle.sign(sign, pair.privateKey, info));
  const signature = isEc ? signatureOf(raw) : raw;
  const csr = element(tags.sequence, info, id, element(tags.bitString, Uint8Array.of(0), signature));
  const key = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  return { csrPem: pem('CERTIFICATE REQUEST', csr), keyPem: pem('PRIVATE KEY', key) };
}

/** Two numbers side by side become two of DER (RFC 3279 §2.2.3). */
function signatureOf(raw: Uint8Array): Uint8Array {
  const half = raw.length / 2;
  return element(tags.sequence, positiveInteger(raw.subarray(0, half)), positiveInteger(raw.subarray(half)));
}

const encoder = new TextEncoder();
/** RFC 5280, appendix A: ub-common-name. */
const longestCommonName = 64;

function subjectOf(names: readonly string[]): Uint8Array {
  const name = names.find((one) => one.length <= longestCommonName && addressBytes(one) === null);
  if (name === undefined) return element(tags.sequence);
  const value = element(tags.sequence, objectId('2.5.4.3'), element(tags.utf8String, encoder.encode(name)));
  return element(tags.sequence, element(tags.set, value));
}

function extensionRequest(names: readonly string[]): Uint8Array {
  const general = names.map((name) => {
    const address = addressBytes(name);
    return address === null ? element(0x82, encoder.encode(name)) : element(0x87, address);
  });
  const value = element(tags.octetString, element(tags.sequence, ...general));
  const extensions = element(tags.sequence, element(tags.sequence, objectId('2.5.29.17'), value));
  return element(tags.sequence, objectId('1.2.840.113549.1.9.14'), element(tags.set, extensions));
}

/** As DNS has it (IDNA), which the browser knows from addresses of pages. */
function asciiName(name: string): string {
  const [, star = '', rest = ''] = /^(\*\.)?(.*)$/.exec(name.trim()) ?? [];
  if (addressBytes(rest) !== null) return rest;
  return `${star}${new URL(`http://${rest}/`).hostname}`;
}

/** Of an IPv4 or IPv6 address; null: it is none. */
function addressBytes(name: string): Uint8Array | null {
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(name)) return Uint8Array.from(name.split('.').map(Number));
  if (!name.includes(':')) return null;
  const [head = '', tail] = new URL(`http://[${name}]/`).hostname.slice(1, -1).split('::');
  const groupsOf = (text: string | undefined) =>
    text ? text.split(':').map((group) => Number.parseInt(group, 16)) : [];
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return joined(...[...before, ...zeros, ...after].map((group) => Uint8Array.of(group >> 8, group & 0xff)));
}

const lineLength = 64;

function pem(label: string, bytes: Uint8Array): string {
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const lines = base64.match(new RegExp(`.{1,${lineLength}}`, 'g')) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
