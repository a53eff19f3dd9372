/** Identifiers of orders (RFC 8555 §9.7.7, RFC 8738): stricter than other front doors, since clients compare them with what they sent. */
import { forEachName, quoted, refuse } from '../../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../../domain/identifier.ts';
import { provingNames } from '../../../domain/policy.ts';
import type { NameBelow } from '../../../domain/ports/acme-orders.ts';
import type { PublicSuffixes } from '../../../domain/ports/system.ts';

export interface WireIdentifier {
  readonly type: string;
  readonly value: string;
}

/** A name that is ordered, and the parent at which its client would prove it (RFC 9444 §4.3). */
interface WantedIdentifier extends WireIdentifier {
  readonly ancestorDomain?: string | undefined;
}

export interface WantedNames {
  /** Each once, in their order. */
  readonly names: readonly Identifier[];
  readonly ancestors: readonly NameBelow[];
}

/** @throws {CertError} badName, unsupported, malformedRequest, with a part for each that is refused */
export function namesFromWire(
  identifiers: readonly WantedIdentifier[],
  publicSuffixes: Pick<PublicSuffixes, 'registrableDomain'>,
): WantedNames {
  const ancestors: NameBelow[] = [];
  const names = forEachName(
    identifiers,
    ({ value }) => value,
    ({ ancestorDomain, ...identifier }) => {
      const name = nameFromWire(identifier);
      if (ancestorDomain !== undefined) {
        ancestors.push({ name, ancestor: ancestorOf(name, ancestorDomain, publicSuffixes) });
      }
      return name;
    },
  );
  return { names: [...new Map(names.map((name) => [name.value, name])).values()], ancestors };
}

/** At or below the registrable domain (BR §1.6.1, authorization domain name). @throws {CertError} badName, malformedRequest */
function ancestorOf(
  name: Identifier,
  ancestorDomain: string,
  publicSuffixes: Pick<PublicSuffixes, 'registrableDomain'>,
): Identifier {
  const parents = provingNames(name, publicSuffixes).filter((one) => one !== name.value);
  if (isIp(name) || !parents.includes(ancestorDomain.toLowerCase())) {
    throw refuse('ancestorWrong', { ancestor: quoted(ancestorDomain), name: name.value });
  }
  return nameFromWire({ type: 'dns', value: ancestorDomain });
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
