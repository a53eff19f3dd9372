/**
 * Challenges for the names of one CSR, and how `dcv_info` shows them. The values are the vendor's (Sectigo's request
 * token): pure functions of the CSR and the `unique_id`, so one file and one CNAME target serve every name of an order.
 * @see the sample of the vendor's document, section 6, which they reproduce byte for byte
 */

import { hash } from 'node:crypto';
import type { Binding, Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import { constructedAddresses } from '../../domain/mailbox.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { csrHashes } from '../../pki/csr.ts';
import type { DcvEntry } from './schema.ts';

export interface Proofs {
  readonly csrSha256: string;
  /**
   * Every way that fits the kind of name: any of them proves it, whatever `method` says.
   * @param binding who made the `unique_id`: all else can be computed by anybody who has the CSR
   */
  challengesFor(identifier: Identifier, binding: UniqueIdBinding): readonly Challenge[];
  entryOf(identifier: Identifier, state: NameState): DcvEntry;
}

/** `request`: the client sent it. One that stands in a public record is no secret, even if we made it. */
export type UniqueIdBinding = Extract<Binding, 'server' | 'request'>;

export interface NameState {
  readonly method: ValidationMethod;
  /** The recipient of the mail, if one was sent. */
  readonly address: string | null;
  readonly isVerified: boolean;
}

export const methodNames = {
  httpFile: 'http',
  httpsFile: 'https',
  // The vendor has no such proof: orders of ACME clients are shown with the nearest one.
  tlsAlpn: 'https',
  dnsCname: 'dns',
  // The vendor has no TXT proof and none is offered; the word is the nearest.
  dnsTxt: 'dns',
  // As for TLS-ALPN.
  dnsPersist: 'dns',
  email: 'email',
} as const satisfies Record<ValidationMethod, string>;

const directory = '/.well-known/pki-validation/';

export function createProofs(
  csr: Uint8Array,
  uniqueId: string,
  context: { readonly suffix: string; readonly publicSuffixes: PublicSuffixes },
): Proofs {
  const { md5, sha256 } = csrHashes(csr);
  const label = `_${md5}`;
  const target = `${sha256.slice(0, 32)}.${sha256.slice(32)}.${uniqueId}.${context.suffix}`;
  const fileName = `${md5.toUpperCase()}.txt`;
  const content = `${sha256}\r\n${context.suffix}\r\n${uniqueId}`;
  const path = directory + fileName;

  return {
    csrSha256: sha256,
    challengesFor(identifier, binding) {
      const files: Challenge[] = [
        { method: 'httpFile', binding, path, content },
        { method: 'httpsFile', binding, path, content },
      ];
      if (isIp(identifier)) return files;
      const { base, top, sub } = splitName(identifier, context.publicSuffixes);
      const parents = namesBetween(top, sub).slice(1);
      return [
        ...files,
        {
          method: 'dnsCname',
          binding,
          host: `${label}.${base}`,
          alternativeHosts: parents.map((parent) => `${label}.${parent}`),
          target,
        },
        { method: 'email', binding: 'server', addresses: constructedAddresses(identifier, context.publicSuffixes) },
      ];
    },
    entryOf(identifier, { method, address, isVerified }) {
      const isAddress = isIp(identifier);
      const { top, sub } = splitName(identifier, context.publicSuffixes);
      // A wildcard keeps its "*." in the links: the Baota plugin cuts "http://<key>/" off them and would otherwise make a
      // directory called "http:". The check itself goes to the base name.
      const host = identifier.kind === 'ipv6' ? `[${identifier.value}]` : identifier.value;
      return {
        domain: identifier.value,
        // Listed always, as the vendor does; chosen they can be only where this server sends mail.
        emails: [...constructedAddresses(identifier, context.publicSuffixes)],
        method: methodNames[method],
        status: isVerified ? 'verified' : 'needverification',
        domainmd5hash: hash('md5', identifier.value, 'hex'),
        isip: isAddress,
        subdomain: sub,
        topdomain: top,
        // Strings for addresses too: the Go CLI crashes on null.
        dns_host: sub === null ? label : `${label}.${sub}`,
        dns_type: 'CNAME',
        dns_value: target,
        http_verifylink: `http://${host}${path}`,
        http_filename: fileName,
        http_filecontent: content,
        https_verifylink: `https://${host}${path}`,
        https_filename: fileName,
        https_filecontent: content,
        email: method === 'email' ? address : null,
      };
    },
  };
}

export interface SplitName {
  readonly base: string;
  /** The registrable domain; an address, or a name that has none, is its own. */
  readonly top: string;
  /** The part of the name left of `top`; null where there is none. */
  readonly sub: string | null;
}

export function splitName(identifier: Identifier, publicSuffixes: PublicSuffixes): SplitName {
  const base = baseName(identifier);
  const top = isIp(identifier) ? base : (publicSuffixes.registrableDomain(base) ?? base);
  return { base, top, sub: top === base ? null : base.slice(0, -top.length - 1) };
}

/** `a.b.top`, `b.top`, `top`: from the whole name to its registrable domain. */
function namesBetween(top: string, sub: string | null): string[] {
  const labels = sub === null ? [] : sub.split('.');
  return [...labels.map((_, index) => `${labels.slice(index).join('.')}.${top}`), top];
}
