/** What a CSR asks for and the certificate will not have: the customer should read it from the answer, not from the certificate. */
import { CertError } from '../domain/errors.ts';
import type { Identifier } from '../domain/identifier.ts';
import type { Csr } from './csr.ts';
import type { RequestedExtension } from './csr-attributes.ts';
import { nameOrUndefined } from './csr-names.ts';
import { DerReader } from './der-reader.ts';
import { contextConstructed, contextPrimitive, tag } from './der-tag.ts';
import { keyUsageBits } from './extension.ts';
import { otherNameKind } from './general-name.ts';
import { formatName, readName } from './name.ts';
import { oidName, oids, parseOid } from './oid.ts';
import { octetsText, readText, visibleText } from './text.ts';

export interface LeftOut {
  /** A kind of name by its ASN.1 word, a common name, or an extension by its. */
  readonly kind: LeftOutKind;
  /** `admin@example.com`, `keyCertSign`, an OID; empty where the kind says it all. */
  readonly value: string;
}

export type LeftOutKind = 'dNSName' | 'commonName' | 'otherName' | 'keyUsage' | 'extendedKeyUsage' | 'extension';

/** More than anybody reads. */
const most = 100;
const longestValue = 200;

/**
 * What is left out of a certificate for these names, each once. Server certificates are all that is made here: DNS names and IP
 * addresses, for TLS servers, signed by a key that is no CA's.
 */
export function leftOutOf(csr: Csr, names: readonly Identifier[]): readonly LeftOut[] {
  const { attributes, subject } = csr;
  const certified = new Set(names.map(({ value }) => value));
  const alternative = new Set(attributes.names.map(identifierValue));
  const found: LeftOut[] = [
    ...attributes.names
      .filter((name) => !certified.has(identifierValue(name)))
      .map((value) => leftOut('dNSName', value)),
    ...attributes.strangeNames.map((octets) => leftOut('dNSName', octetsText(octets))),
    ...subject.commonNames
      // One that stands among the alternative names is said there.
      .filter(
        ({ text, shown }) =>
          shown.trim() !== '' && !certified.has(identifierValue(text)) && !isKnown(alternative, text),
      )
      .map(({ shown }) => leftOut('commonName', shown)),
    ...attributes.otherNames.map((name) => leftOut('otherName', `${otherNameKind(name)}${otherNameText(name)}`)),
    ...attributes.extensions.flatMap((extension) => ofExtension(extension, csr)),
  ];
  const byText = new Map(found.map((one) => [`${one.kind} ${one.value}`, one]));
  return [...byText.values()].slice(0, most);
}

/** Empty for what is no name, which no certificate has. */
function identifierValue(text: string | undefined): string {
  return nameOrUndefined(text)?.value ?? '';
}

function isKnown(names: ReadonlySet<string>, text: string | undefined): boolean {
  const value = identifierValue(text);
  return value !== '' && names.has(value);
}

function leftOut(kind: LeftOutKind, value: string): LeftOut {
  const shown = visibleText(value.slice(0, longestValue));
  return { kind, value: value.length > longestValue ? `${shown}…` : shown };
}

const textNames: ReadonlySet<number> = new Set([contextPrimitive(1), contextPrimitive(6)]);
/** The login name of Windows: a UTF8String in an otherName. */
const userPrincipalName = '1.3.6.1.4.1.311.20.2.3';

/** `: admin@example.com`; nothing for kinds whose value is for programs. */
function otherNameText(name: Buffer): string {
  const reader = new DerReader(name, '');
  const kind = name[0] ?? 0;
  return readOr('', () => {
    if (textNames.has(kind)) return `: ${reader.content(kind).toString('latin1')}`;
    if (kind === contextConstructed(4)) return `: ${formatName(readName(reader.enter(kind)))}`;
    if (kind !== contextConstructed(0)) return '';
    const other = reader.enter(kind);
    const type = other.oid();
    return type === userPrincipalName ? ` UPN: ${readText(other.enter(contextConstructed(0)))}` : `: ${type}`;
  });
}

/** In every certificate, or asked for without meaning anything: keytool and IIS ask for an identifier of the key. */
const silent: ReadonlySet<string> = new Set([
  oids.subjectAltName,
  oids.subjectKeyIdentifier,
  oids.authorityKeyIdentifier,
]);

function ofExtension({ type, value }: RequestedExtension, { publicKey }: Csr): readonly LeftOut[] {
  const dotted = parseOid(type) ?? `#${type.toString('hex')}`;
  if (silent.has(dotted)) return [];
  const reader = new DerReader(value, '');
  const whole = [leftOut('extension', oidName(dotted))];
  if (dotted === oids.basicConstraints) {
    const isCa = readOr(false, () => {
      const fields = reader.sequence();
      return fields.peek() === tag.boolean && fields.content(tag.boolean)[0] !== 0;
    });
    return isCa ? [leftOut('extension', 'basicConstraints CA:TRUE')] : [];
  }
  if (dotted === oids.tlsFeature) return [leftOut('extension', 'tlsFeature (OCSP must-staple)')];
  if (dotted === oids.keyUsage) {
    const bits = readOr([], () => reader.flags());
    const usages = Object.entries(keyUsageBits).filter(([, bit]) => bits.includes(bit));
    const kept = publicKey.type === 'rsa' ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];
    return usages.filter(([usage]) => !kept.includes(usage)).map(([usage]) => leftOut('keyUsage', usage));
  }
  if (dotted !== oids.extendedKeyUsage) return whole;
  return readOr(whole, () => {
    const purposes = reader.sequence();
    const left: LeftOut[] = [];
    while (!purposes.isAtEnd && left.length < most) {
      const purpose = purposes.oid();
      if (purpose !== oids.serverAuth) left.push(leftOut('extendedKeyUsage', oidName(purpose)));
    }
    return left;
  });
}

/** What is asked for in vain may be malformed. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (thrown instanceof CertError) return otherwise;
    throw thrown;
  }
}
