/** Identifiers of orders (RFC 8555 §9.7.7, RFC 8738): stricter than other front doors, since clients compare them with what they sent. */
import { forEachName, quoted, refuse } from '../../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../../domain/identifier.ts';

export interface WireIdentifier {
  readonly type: string;
  readonly value: string;
}

/** Each name once, in their order. @throws {CertError} badName, unsupported, malformedRequest, with a part for each that is refused */
export function namesFromWire(identifiers: readonly WireIdentifier[]): readonly Identifier[] {
  const names = forEachName(identifiers, ({ value }) => value, nameFromWire);
  return [...new Map(names.map((name) => [name.value, name])).values()];
}

/** @throws {CertError} badName, unsupported, malformedRequest */
export function nameFromWire({ type, value }: WireIdentifier): Identifier {
  if (type !== 'dns' && type !== 'ip') throw refuse('identifierType', { type: quoted(type) });
  const name = parseIdentifier(value, 'identifiers');
  const isAddress = name.kind === 'ipv4' || name.kind === 'ipv6';
  if (isAddress !== (type === 'ip')) {
    const canonical = isAddress ? `type ip: ${name.value}` : `type dns: ${name.value}`;
    throw refuse('identifierForm', { type, value: quoted(value), canonical });
  }
  // Upper case is the same name; anything else would not compare as the client wrote it.
  const sent = isAddress ? value : value.toLowerCase();
  if (sent !== name.value) throw refuse('identifierForm', { type, value: quoted(value), canonical: name.value });
  return name;
}

/** @param name canonical, as `Identifier.value` */
export function identifierToWire(name: string): WireIdentifier {
  return { type: isAddress(name) ? 'ip' : 'dns', value: name };
}

function isAddress(name: string): boolean {
  return name.includes(':') || /^[0-9.]+$/.test(name);
}
