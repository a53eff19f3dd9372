/** Writes the extensions of certificates and CRLs (RFC 5280 §4.2, BR §7.1.2). Each function returns a whole Extension. */
import type { Identifier } from '../domain/identifier.ts';
import type { OrganizationIdentifier } from '../domain/organization-identifier.ts';
import { contextPrimitive } from './der-tag.ts';
import {
  context,
  derTrue,
  element,
  flags,
  octetString,
  oid,
  printableString,
  sequence,
  smallInteger,
  utf8String,
} from './der-writer.ts';
import { encodeAlternativeNames, uriName } from './general-name.ts';
import { oids } from './oid.ts';

export type KeyUsage = keyof typeof keyUsageBits;

/** RFC 5280 §4.2.1.3. */
export const keyUsageBits = {
  digitalSignature: 0,
  nonRepudiation: 1,
  keyEncipherment: 2,
  dataEncipherment: 3,
  keyAgreement: 4,
  keyCertSign: 5,
  cRLSign: 6,
  encipherOnly: 7,
  decipherOnly: 8,
} as const;

/** Any extension: its value is the DER inside the OCTET STRING. Not critical is the default and so is not written (X.690 §11.5). */
export function extension(dotted: string, isCritical: boolean, value: Uint8Array): Buffer {
  const body = octetString([value]);
  return sequence(isCritical ? [oid(dotted), derTrue, body] : [oid(dotted), body]);
}

/** Critical. An end-entity certificate has the empty sequence: cA is FALSE by default (BR §7.1.2.7.6 allows it critical). */
export function basicConstraints(ca: { readonly pathLength?: number } | 'leaf'): Buffer {
  if (ca === 'leaf') return extension(oids.basicConstraints, true, sequence([]));
  const pathLength = ca.pathLength === undefined ? [] : [smallInteger(ca.pathLength)];
  return extension(oids.basicConstraints, true, sequence([derTrue, ...pathLength]));
}

export function keyUsage(usages: readonly KeyUsage[]): Buffer {
  return extension(oids.keyUsage, true, flags(usages.map((usage) => keyUsageBits[usage])));
}

/** `purposes` are OIDs, `oids.serverAuth` and the like. */
export function extendedKeyUsage(purposes: readonly string[]): Buffer {
  return extension(oids.extendedKeyUsage, false, sequence(purposes.map(oid)));
}

export function subjectKeyIdentifier(keyId: Uint8Array): Buffer {
  return extension(oids.subjectKeyIdentifier, false, octetString([keyId]));
}

/** Only the key identifier: issuer and serial are discouraged (BR §7.1.2.11.1). */
export function authorityKeyIdentifier(keyId: Uint8Array): Buffer {
  return extension(oids.authorityKeyIdentifier, false, sequence([element(contextPrimitive(0), [keyId])]));
}

/** Critical exactly where the subject is empty (RFC 5280 §4.2.1.6, BR §7.1.2.7.12). */
export function subjectAltName(names: readonly Identifier[], isCritical: boolean): Buffer {
  return extension(oids.subjectAltName, isCritical, encodeAlternativeNames(names));
}

export function certificatePolicies(policies: readonly string[]): Buffer {
  return extension(oids.certificatePolicies, false, sequence(policies.map((policy) => sequence([oid(policy)]))));
}

/** In parts what the subject says as one text: needed wherever that has an organizationIdentifier (EV guidelines §7.1.2.2). */
export function cabfOrganizationIdentifier({ scheme, country, state, reference }: OrganizationIdentifier): Buffer {
  const value = sequence([
    printableString(scheme),
    printableString(country),
    ...(state === undefined ? [] : [element(contextPrimitive(0), [Buffer.from(state, 'latin1')])]),
    utf8String(reference),
  ]);
  return extension(oids.cabfOrganizationIdentifier, false, value);
}

/** Where the issuer's certificate and its OCSP responder are; http, not https, or clients go round in circles. */
export function authorityInfoAccess(urls: {
  readonly ocspUrl?: string | undefined;
  readonly caIssuersUrl?: string | undefined;
}): Buffer {
  const access = (method: string, url: string | undefined) =>
    url === undefined ? [] : [sequence([oid(method), uri(url)])];
  const descriptions = [...access(oids.ocsp, urls.ocspUrl), ...access(oids.caIssuers, urls.caIssuersUrl)];
  return extension(oids.authorityInfoAccess, false, sequence(descriptions));
}

export function crlDistributionPoints(url: string): Buffer {
  return extension(oids.crlDistributionPoints, false, sequence([sequence([distributionPointName(url)])]));
}

/** Critical (RFC 5280 §5.2.5): says of a CRL shard which certificates it speaks for. */
export function issuingDistributionPoint(url: string, onlyContainsUserCerts: boolean): Buffer {
  const onlyUser = onlyContainsUserCerts ? [element(contextPrimitive(1), [Uint8Array.of(0xff)])] : [];
  return extension(oids.issuingDistributionPoint, true, sequence([distributionPointName(url), ...onlyUser]));
}

/** DistributionPointName in its [0], with one fullName. */
function distributionPointName(url: string): Buffer {
  return context(0, [context(0, [uri(url)])]);
}

/** A URI is an IA5String: what is not ASCII is percent-encoded by the URL parser, and what is no URL is refused. */
function uri(url: string): Buffer {
  return element(uriName, [Buffer.from(new URL(url).href, 'latin1')]);
}
