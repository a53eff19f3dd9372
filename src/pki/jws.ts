/**
 * JSON Web Signatures as ACME clients send them: flattened JSON with all of the header protected (RFC 8555 §6.2, RFC 7515 §7.2.2). Strict:
 * a text that two readers could understand differently is refused.
 */
import { isUtf8 } from 'node:buffer';
import { quoted, refuse } from '../domain/errors.ts';
import {
  type KeySignature,
  type KeySignatureAlgorithm,
  keySignatureAlgorithms,
  type MacAlgorithm,
  macAlgorithms,
} from '../domain/key-signature.ts';
import type { JwsFault } from '../domain/messages/faults.ts';
import { decodeBase64url } from './base64url.ts';
import { publicKeyOfJwk } from './jwk.ts';
import { fitsKey } from './key-signature.ts';
import { keyAlgorithmName, type PublicKey } from './public-key.ts';
import { parseStrictJson } from './strict-json.ts';

type Members = Readonly<Record<string, unknown>>;

export interface Jws<Algorithm extends string = KeySignatureAlgorithm> {
  readonly algorithm: Algorithm;
  /** The members of the protected header. Those that nobody here knows are ignored (RFC 7515 §4). */
  readonly header: Members;
  /** The protected header's name in messages, which says of which JWS it is. */
  readonly headerName: string;
  /** What was signed: the protected header, a dot, the payload. */
  readonly data: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** The key by which a request is signed: of an account, by its URL, or the key itself. */
export type JwsSigner = { readonly kid: string } | { readonly jwk: PublicKey };

const wholeBody = 'the body';
const parts = ['protected', 'payload', 'signature'] as const;

/** A request. @throws {CertError} jwsMalformed, jwsAlgorithm */
export function parseJws(text: string): Jws {
  return read(objectOf(text, wholeBody), wholeBody, keySignatureAlgorithms);
}

/** The inner JWS of an external account binding (RFC 8555 §7.3.4). @throws {CertError} jwsMalformed, jwsAlgorithm */
export function parseMacJws(value: unknown, part: string): Jws<MacAlgorithm> {
  return read(value, part, macAlgorithms);
}

/** The inner JWS of a key change (RFC 8555 §7.3.5). @throws {CertError} jwsMalformed, jwsAlgorithm */
export function parseInnerJws(value: unknown, part: string): Jws {
  return read(value, part, keySignatureAlgorithms);
}

function read<Algorithm extends string>(value: unknown, part: string, accepted: readonly Algorithm[]): Jws<Algorithm> {
  if (!isObject(value)) throw malformed({ fault: 'notJson', part });
  const where = part === wholeBody ? '' : ` of ${part}`;
  const other = Object.keys(value).find((member) => !parts.some((one) => one === member));
  if (other !== undefined) throw malformed({ fault: 'otherMember', part, member: quoted(other) });
  const [head, payload, signature] = parts.map((member) => {
    const encoded = value[member];
    if (typeof encoded !== 'string') throw malformed({ fault: 'memberMissing', part, member });
    const bytes = decodeBase64url(encoded);
    if (bytes === undefined) throw malformed({ fault: 'notBase64url', part: `${member}${where}` });
    return { encoded, bytes };
  });
  if (head === undefined || payload === undefined || signature === undefined)
    throw malformed({ fault: 'notJson', part });
  const headerName = `the protected header${where}`;
  const header = objectIn(head.bytes, headerName);
  // The key id in it is looked up, and PostgreSQL has no text with it.
  if (hasZeroCharacter(header)) throw malformed({ fault: 'zeroCharacter', part: headerName });
  // RFC 7515 §4.1.11: who does not know an extension refuses it. RFC 7797: b64 changes what is signed.
  for (const member of ['crit', 'b64']) {
    if (Object.hasOwn(header, member)) throw malformed({ fault: 'extension', part: headerName, member });
  }
  const algorithm = accepted.find((one) => one === header.alg);
  if (algorithm === undefined) throw refuse('jwsAlgorithm', { algorithm: quoted(header.alg ?? ''), accepted });
  return {
    algorithm,
    header,
    headerName,
    data: Buffer.from(`${head.encoded}.${payload.encoded}`, 'latin1'),
    payload: payload.bytes,
    signature: signature.bytes,
  };
}

/** @throws {CertError} jwsMalformed; jwkInvalid and its like for the key */
export function signerOf({ header, headerName, algorithm }: Jws): JwsSigner {
  const { kid, jwk } = header;
  if ((kid === undefined) === (jwk === undefined)) throw malformed({ fault: 'keyAndId', part: headerName });
  if (jwk === undefined) {
    if (typeof kid === 'string') return { kid };
    throw malformed({ fault: 'memberMissing', part: headerName, member: 'kid' });
  }
  if (!isObject(jwk)) throw malformed({ fault: 'notJson', part: 'jwk' });
  const key = publicKeyOfJwk(jwk);
  requireFit(algorithm, key);
  // RFC 7517 §4.4: a key may name its one algorithm.
  if (jwk.alg !== undefined && jwk.alg !== algorithm) throw otherAlgorithm(algorithm, quoted(jwk.alg));
  return { jwk: key };
}

/** @throws {CertError} jwsMalformed for a signature that no key of this kind makes */
export function requireFit(algorithm: KeySignatureAlgorithm, { algorithm: key }: PublicKey): void {
  if (!fitsKey(algorithm, key)) throw otherAlgorithm(algorithm, keyAlgorithmName(key));
}

/** @throws {CertError} jwsMalformed where there is none */
export function headerText({ header, headerName }: Pick<Jws<string>, 'header' | 'headerName'>, member: string): string {
  const value = header[member];
  if (typeof value === 'string') return value;
  throw malformed({ fault: 'memberMissing', part: headerName, member });
}

/** The payload's object; undefined for the empty payload of a POST-as-GET (RFC 8555 §6.3). @throws {CertError} jwsMalformed */
export function payloadOf({ payload }: Pick<Jws, 'payload'>): Members | undefined {
  return payload.length === 0 ? undefined : objectIn(payload, 'the payload');
}

/** The payload's object, of a JWS that stands inside another. @throws {CertError} jwsMalformed */
export function payloadIn({ payload }: Pick<Jws<string>, 'payload'>, part: string): Members {
  return objectIn(payload, `the payload of ${part}`);
}

export function keySignatureOf({ algorithm, data, signature }: Jws): KeySignature {
  return { algorithm, data, signature };
}

function objectIn(bytes: Uint8Array, part: string): Members {
  if (!isUtf8(bytes)) throw malformed({ fault: 'notJson', part });
  return objectOf(Buffer.from(bytes).toString('utf8'), part);
}

function objectOf(text: string, part: string): Members {
  const parsed = parseStrictJson(text);
  if (parsed === 'notJson') throw malformed({ fault: 'notJson', part });
  if ('repeated' in parsed) throw malformed({ fault: 'repeatedMember', part, member: quoted(parsed.repeated) });
  if (!isObject(parsed.value)) throw malformed({ fault: 'notJson', part });
  return parsed.value;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasZeroCharacter(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  return typeof value === 'object' && value !== null && Object.values(value).some(hasZeroCharacter);
}

function otherAlgorithm(algorithm: string, key: string) {
  return malformed({ fault: 'otherAlgorithm', algorithm, key });
}

function malformed(detail: JwsFault) {
  return refuse('jwsMalformed', { detail });
}
