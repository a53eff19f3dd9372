/**
 * Challenges for the names of one CSR, and how the six `DCV…` fields show them. The values are Sectigo's request token,
 * pure functions of the CSR and a unique value: one file, one CNAME target serve every name of an order.
 * @see contract 2.4; the check vector of test/dialects/racent/proofs.test.ts
 */

import { createHmac } from 'node:crypto';
import type { Binding, Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import { type AccountId, base32 } from '../../domain/ids.ts';
import { constructedAddresses } from '../../domain/mailbox.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { csrHashes } from '../../pki/csr.ts';
import type { DcvFields } from './schema.ts';

export const methodNames = {
  email: 'EMAIL',
  httpFile: 'HTTP_CSR_HASH',
  httpsFile: 'HTTPS_CSR_HASH',
  dnsCname: 'CNAME_CSR_HASH',
  // The vendor has no such method: orders of ACME clients are shown with the nearest one.
  tlsAlpn: 'HTTPS_CSR_HASH',
  // In no document; the vendor's WHMCS module uses it.
  dnsTxt: 'DNS_CSR_HASH',
  // As for TLS-ALPN.
  dnsPersist: 'DNS_CSR_HASH',
} as const satisfies Record<ValidationMethod, string>;

export type MethodName = (typeof methodNames)[ValidationMethod];

const directory = '/.well-known/pki-validation/';

export interface Proofs {
  /** Every way that fits the kind of name: any of them proves it, whatever `dcvMethod` says. */
  challengesFor(identifier: Identifier, binding: UniqueValueBinding): readonly Challenge[];
  /** Challenge for this name by this method. */
  fieldsOf(identifier: Identifier, method: ValidationMethod): DcvFields;
}

export interface ProofContext {
  readonly suffix: string;
  readonly publicSuffixes: PublicSuffixes;
}

/** Challenges of the names of one issuance, as offered and as shown. */
export interface ProofsOfIssuance {
  challengesFor(identifier: Identifier): readonly Challenge[];
  fieldsOf: Proofs['fieldsOf'];
}

/** @param of whose issuance it is, and the `uniqueValue` that the client sent; empty: none */
export function proofsOf(
  csr: Uint8Array,
  of: { readonly accountId: AccountId; readonly uniqueValue: string },
  context: ProofContext & { readonly secret: Uint8Array },
): ProofsOfIssuance {
  const isSent = of.uniqueValue !== '';
  const uniqueValue = isSent ? of.uniqueValue : accountValue(context.secret, of.accountId, csr);
  const { challengesFor, fieldsOf } = createProofs(csr, uniqueValue, context);
  const binding = isSent ? 'request' : 'account';
  return { challengesFor: (identifier) => challengesFor(identifier, binding), fieldsOf };
}

/** `request`: the client sent the unique value, and with it anybody who has the CSR can compute the rest. */
export type UniqueValueBinding = Extract<Binding, 'account' | 'request'>;

/**
 * The unique value of who sends none: 100 bits that only this server can compute, for this account and this CSR. So the record
 * stays what it was as long as the CSR does, may stand before the order is placed, and proves nothing to another account that
 * sends the same CSR.
 */
export function accountValue(secret: Uint8Array, accountId: AccountId, csr: Uint8Array): string {
  return base32(createHmac('sha256', secret).update(`${accountId}\n`).update(csr).digest()).slice(
    0,
    accountValueDigits,
  );
}

/** The longest `uniqueValue`. */
const accountValueDigits = 20;

/** @param uniqueValue empty: none, as in the contract's check vector; no order is placed so */
export function createProofs(csr: Uint8Array, uniqueValue: string, { suffix, publicSuffixes }: ProofContext): Proofs {
  const { md5, sha256 } = csrHashes(csr);
  const label = `_${md5}`;
  // DNS ignores case, and what it stores may come back in another.
  const unique = uniqueValue === '' ? [] : [uniqueValue.toLowerCase()];
  const target = [sha256.slice(0, 32), sha256.slice(32), ...unique, suffix].join('.');
  const fileName = `${md5.toUpperCase()}.txt`;
  const content = [sha256, suffix, ...(uniqueValue === '' ? [] : [uniqueValue])].join('\n');
  const path = directory + fileName;

  return {
    challengesFor(identifier, binding) {
      const files: readonly Challenge[] = [
        { method: 'httpFile', binding, path, content },
        { method: 'httpsFile', binding, path, content },
      ];
      if (isIp(identifier)) return files;
      const [base = '', ...parents] = namesUpToTop(baseName(identifier), publicSuffixes);
      const host = `${label}.${base}`;
      const alternativeHosts = parents.map((parent) => `${label}.${parent}`);
      const others: readonly Challenge[] = [
        { method: 'dnsCname', binding, host, alternativeHosts, target },
        { method: 'dnsTxt', binding, host, alternativeHosts, value: target },
        { method: 'email', binding: 'server', addresses: constructedAddresses(identifier, publicSuffixes) },
      ];
      // BR §3.2.2.4.18: a file proves the very name it lies under, and nothing below it.
      return identifier.kind === 'wildcard' ? others : [...files, ...others];
    },
    fieldsOf(identifier, method) {
      const host = identifier.kind === 'ipv6' ? `[${identifier.value}]` : baseName(identifier);
      const hasDns = !isIp(identifier);
      return {
        DCVfileName: fileName,
        DCVfileContent: content,
        DCVfilePath: `${method === 'httpsFile' ? 'https' : 'http'}://${host}${path}`,
        // Only the label: clients put the name behind it.
        DCVdnsHost: hasDns ? label : '',
        DCVdnsValue: hasDns ? target : '',
        DCVdnsType: hasDns ? (method === 'dnsTxt' ? 'TXT' : 'CNAME') : '',
      };
    },
  };
}

/** The methods that can prove this kind of name, as the vendor calls them. */
export function methodsFor({ kind }: Identifier): readonly ValidationMethod[] {
  if (kind === 'ipv4' || kind === 'ipv6') return ['httpFile', 'httpsFile'];
  const all: readonly ValidationMethod[] = ['email', 'httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'];
  return kind === 'wildcard' ? ['email', 'dnsCname', 'dnsTxt'] : all;
}

/** `a.b.example.com`, `b.example.com`, `example.com`. */
function namesUpToTop(base: string, publicSuffixes: PublicSuffixes): readonly string[] {
  const top = publicSuffixes.registrableDomain(base) ?? base;
  if (base === top) return [base];
  const labels = base.slice(0, -top.length - 1).split('.');
  return [...labels.map((_, index) => `${labels.slice(index).join('.')}.${top}`), top];
}
