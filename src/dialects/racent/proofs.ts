/**
 * What proves control of the names of one CSR, and how the six `DCV…` fields tell it. The values are Sectigo's request token,
 * pure functions of the CSR and the `uniqueValue`: one file, one CNAME target serve every name of an order.
 * @see contract 2.4; the check vector of test/dialects/racent/proofs.test.ts
 */
import type { Challenge, ValidationMethod } from '../../domain/challenge.ts';
import { constructedAddresses } from '../../domain/constructed-addresses.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import type { PublicSuffixes } from '../../domain/system.ts';
import { csrHashes } from '../../pki/csr-hash.ts';
import type { DcvFields } from './schema.ts';

export const methodNames = {
  email: 'EMAIL',
  httpFile: 'HTTP_CSR_HASH',
  httpsFile: 'HTTPS_CSR_HASH',
  dnsCname: 'CNAME_CSR_HASH',
  // In no document; the vendor's WHMCS module knows it.
  dnsTxt: 'DNS_CSR_HASH',
} as const satisfies Record<ValidationMethod, string>;

export type MethodName = (typeof methodNames)[ValidationMethod];

const directory = '/.well-known/pki-validation/';

export interface Proofs {
  /** Every way that fits the kind of name: any of them proves it, whatever `dcvMethod` says. */
  challengesFor(identifier: Identifier): readonly Challenge[];
  /** What to place for this name, if it is proved by this method. */
  fieldsOf(identifier: Identifier, method: ValidationMethod): DcvFields;
}

export interface ProofContext {
  readonly suffix: string;
  readonly publicSuffixes: PublicSuffixes;
}

/** @param uniqueValue empty: none */
export function createProofs(csr: Uint8Array, uniqueValue: string, { suffix, publicSuffixes }: ProofContext): Proofs {
  const { md5, sha256 } = csrHashes(csr);
  const label = `_${md5}`;
  // DNS tells no case, and what it stores may come back in another.
  const unique = uniqueValue === '' ? [] : [uniqueValue.toLowerCase()];
  const target = [sha256.slice(0, 32), sha256.slice(32), ...unique, suffix].join('.');
  const fileName = `${md5.toUpperCase()}.txt`;
  const content = [sha256, suffix, ...(uniqueValue === '' ? [] : [uniqueValue])].join('\n');
  const path = directory + fileName;

  return {
    challengesFor(identifier) {
      const files: readonly Challenge[] = [
        { method: 'httpFile', path, content },
        { method: 'httpsFile', path, content },
      ];
      if (isIp(identifier)) return files;
      const [base = '', ...parents] = namesUpToTop(baseName(identifier), publicSuffixes);
      const host = `${label}.${base}`;
      const alternativeHosts = parents.map((parent) => `${label}.${parent}`);
      const others: readonly Challenge[] = [
        { method: 'dnsCname', host, alternativeHosts, target },
        { method: 'dnsTxt', host, alternativeHosts, value: target },
        { method: 'email', addresses: constructedAddresses(identifier, publicSuffixes) },
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
        // The label alone: clients put the name behind it.
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
