/**
 * Name constraints of CA certificates (RFC 5280 §4.2.1.10 and §6.1.3 (b), (c)): which names a certificate below may have. Only names that
 * certmux certifies are compared: DNS names, addresses and the subject.
 */
import { type Identifier, ipBytes, isIp } from '../domain/identifier.ts';
import { DerReader } from './der-reader.ts';
import { contextConstructed, contextPrimitive } from './der-tag.ts';
import { sequence } from './der-writer.ts';
import type { Extension } from './extension-reader.ts';
import { ipText } from './general-name.ts';
import { formatName, readName } from './name.ts';
import { oids } from './oid.ts';

export type Subtree =
  /** Lower case, without a dot at its end. Begins with a dot where only names below it are meant; empty: every name. */
  | { readonly kind: 'dns'; readonly base: string }
  /** Address and mask, 4 or 16 bytes each. */
  | { readonly kind: 'ip'; readonly address: Uint8Array; readonly mask: Uint8Array }
  /** The RDNs of the name, each as it is compared. */
  | { readonly kind: 'directory'; readonly rdns: readonly string[]; readonly text: string };

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

export interface ConstrainedNames {
  readonly names: readonly Identifier[];
  /** The DER of the subject; an empty one is not compared. */
  readonly subject: Uint8Array;
}

/** The first name that the constraints do not allow. */
export interface NameOutside {
  readonly name: string;
  /** `permitted`: it is in none of them. */
  readonly by: 'permitted' | 'excluded';
  /** As people write them. */
  readonly constraint: string;
}

const what = 'the name constraints';

/** Those of a certificate; undefined where it has none. @throws {CertError} derMalformed, also for a form that RFC 5280 rules out */
export function readNameConstraints(extensions: readonly Extension[]): NameConstraints | undefined {
  const found = extensions.find(({ oid }) => oid === oids.nameConstraints);
  if (found === undefined) return undefined;
  const reader = new DerReader(found.value, what);
  const fields = reader.sequence();
  const permitted = readSubtrees(fields.optionalContext(0));
  const excluded = readSubtrees(fields.optionalContext(1));
  fields.finish();
  reader.finish();
  return { permitted, excluded };
}

function readSubtrees(list: DerReader | undefined): readonly Subtree[] {
  const subtrees: Subtree[] = [];
  while (list !== undefined && !list.isAtEnd) {
    const subtree = list.sequence();
    const read = readBase(subtree);
    // RFC 5280 §4.2.1.10: minimum is zero, which is not written, and maximum is absent.
    subtree.finish();
    if (read !== undefined) subtrees.push(read);
  }
  return subtrees;
}

const dnsName = contextPrimitive(2);
const directoryName = contextConstructed(4);
const ipAddress = contextPrimitive(7);

/** Undefined: of a kind of name that certmux puts into no certificate. */
function readBase(subtree: DerReader): Subtree | undefined {
  const start = subtree.offset;
  const kind = subtree.peek();
  if (kind === dnsName) {
    const base = subtree.content(kind).toString('latin1').toLowerCase();
    return { kind: 'dns', base: base.endsWith('.') ? base.slice(0, -1) : base };
  }
  if (kind === ipAddress) {
    const bytes = subtree.content(kind);
    if (bytes.length !== 8 && bytes.length !== 32) throw subtree.malformed({ fault: 'ipLength' }, start);
    return { kind: 'ip', address: bytes.subarray(0, bytes.length / 2), mask: bytes.subarray(bytes.length / 2) };
  }
  if (kind === directoryName) {
    const wrapped = subtree.enter(kind);
    const name = readName(wrapped);
    wrapped.finish();
    return { kind: 'directory', rdns: rdnsOf(name.der), text: formatName(name) };
  }
  subtree.raw();
  return undefined;
}

/** Undefined: all of them are allowed. */
export function nameOutside(
  { permitted, excluded }: NameConstraints,
  { names, subject }: ConstrainedNames,
): NameOutside | undefined {
  for (const identifier of names) {
    const kind = isIp(identifier) ? 'ip' : 'dns';
    const outside = check({ permitted, excluded }, kind, {
      name: identifier.value,
      isWithin: (subtree) => isWithin(identifier, subtree),
      touches: (subtree) => touches(identifier, subtree),
    });
    if (outside !== undefined) return outside;
  }
  const rdns = rdnsOf(subject);
  if (rdns.length === 0) return undefined;
  const isUnder = (subtree: Subtree) =>
    subtree.kind === 'directory' && subtree.rdns.every((rdn, index) => rdn === rdns[index]);
  const name = formatName(readName(new DerReader(subject, what)));
  return check({ permitted, excluded }, 'directory', { name, isWithin: isUnder, touches: isUnder });
}

interface Compared {
  readonly name: string;
  isWithin(subtree: Subtree): boolean;
  /** Whether the name is in it, or stands for one that is. */
  touches(subtree: Subtree): boolean;
}

function check(
  { permitted, excluded }: NameConstraints,
  kind: Subtree['kind'],
  { name, ...compared }: Compared,
): NameOutside | undefined {
  const hit = excluded.find((subtree) => subtree.kind === kind && compared.touches(subtree));
  if (hit !== undefined) return { name, by: 'excluded', constraint: subtreeText(hit) };
  // A kind of name that none of them is about is not constrained.
  const ofKind = permitted.filter((subtree) => subtree.kind === kind);
  if (ofKind.length === 0 || ofKind.some((subtree) => compared.isWithin(subtree))) return undefined;
  return { name, by: 'permitted', constraint: ofKind.map(subtreeText).join(', ') };
}

function isWithin(identifier: Identifier, subtree: Subtree): boolean {
  if (subtree.kind === 'ip') return isIp(identifier) && isInRange(ipBytes(identifier), subtree);
  return subtree.kind === 'dns' && !isIp(identifier) && isBelow(identifier.value, subtree.base);
}

/** `*.example.com` is within no constraint for `www.example.com`, but stands for it: stricter than RFC 5280, which does not speak of wildcards. */
function touches(identifier: Identifier, subtree: Subtree): boolean {
  if (isWithin(identifier, subtree)) return true;
  if (subtree.kind !== 'dns' || identifier.kind !== 'wildcard') return false;
  const parent = identifier.value.slice(2);
  const base = subtree.base.startsWith('.') ? subtree.base.slice(1) : subtree.base;
  return base.slice(base.indexOf('.') + 1) === parent && base.includes('.');
}

/** A name that is made by adding labels on the left. A leading dot, which only other kinds may have, asks for one label at least, as OpenSSL reads it. */
function isBelow(name: string, base: string): boolean {
  if (base === '') return true;
  if (base.startsWith('.')) return name.endsWith(base);
  return name === base || name.endsWith(`.${base}`);
}

/** An IPv4 address is in no range of IPv6, not even as one that is mapped: certificates have 4 bytes or 16. */
function isInRange(address: Uint8Array, { address: base, mask }: Extract<Subtree, { kind: 'ip' }>): boolean {
  return (
    address.length === base.length && mask.every((bits, i) => ((address[i] ?? 0) & bits) === ((base[i] ?? 0) & bits))
  );
}

/** RFC 5280 §7.1: without regard to case, to the kind of string, and to how many blanks stand between words. */
function rdnsOf(name: Uint8Array): readonly string[] {
  const rdns = new DerReader(name, what).sequence();
  const found: string[] = [];
  while (!rdns.isAtEnd) {
    const rdn = rdns.raw();
    const { attributes } = readName(new DerReader(sequence([rdn]), what));
    found.push(
      attributes
        .map(({ oid, value }) => `${oid}=${value.trim().replace(/\s+/g, ' ').normalize('NFKC').toLowerCase()}`)
        .toSorted()
        .join('\0'),
    );
  }
  return found;
}

/** `example.com`, `192.0.2.0/24`, `O=Example`; `every name` for the empty one. */
export function subtreeText(subtree: Subtree): string {
  if (subtree.kind === 'directory') return subtree.text;
  if (subtree.kind === 'dns') return subtree.base === '' ? 'every DNS name' : subtree.base;
  const bits = [...subtree.mask].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const isPrefix = /^1*0*$/.test(bits);
  const suffix = isPrefix ? String(bits.lastIndexOf('1') + 1) : (ipText(subtree.mask) ?? '');
  return `${ipText(subtree.address) ?? ''}/${suffix}`;
}

/** Whether no name and no address is left that a certificate could have. */
export function excludesAll({ permitted, excluded }: NameConstraints): boolean {
  const ofKind = (list: readonly Subtree[], kind: Subtree['kind']) => list.filter((subtree) => subtree.kind === kind);
  const isDnsClosed = ofKind(excluded, 'dns').some((subtree) => subtree.kind === 'dns' && subtree.base === '');
  const whole = (length: number) => (subtree: Subtree) =>
    subtree.kind === 'ip' && subtree.mask.length === length && subtree.mask.every((byte) => byte === 0);
  const permittedIp = ofKind(permitted, 'ip');
  const isIpClosed = [4, 16].every(
    (length) =>
      excluded.some(whole(length)) ||
      (permittedIp.length > 0 && !permittedIp.some((one) => one.kind === 'ip' && one.mask.length === length)),
  );
  return isDnsClosed && isIpClosed;
}
