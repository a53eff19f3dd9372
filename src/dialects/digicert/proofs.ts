/**
 * Challenges in this vendor's forms. Everything is a pure function of the proof reference: one random
 * value serves every name of an order, and a domain has its own. All methods are always offered, and any
 * of them proves the name.
 */

import { hash } from 'node:crypto';
import type { Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import { base32 } from '../../domain/ids.ts';
import { constructedAddresses } from '../../domain/mailbox.ts';
import type { PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';

/** Methods in the order of the vendor's glossary. */
export const dcvMethods = ['email', 'dns-txt-token', 'dns-cname-token', 'http-token', 'http-token-dynamic'] as const;

export type DcvMethod = (typeof dcvMethods)[number];

/** The methods whose proof is a random value that the customer places. */
export type TokenMethod = Exclude<DcvMethod, 'email'>;

const validationMethods = {
  email: 'email',
  'dns-txt-token': 'dnsTxt',
  'dns-cname-token': 'dnsCname',
  'http-token': 'httpFile',
  'http-token-dynamic': 'httpFile',
} as const satisfies Record<DcvMethod, ValidationMethod>;

export interface ProofContext {
  /** Target of the CNAME of `dns-cname-token`. */
  readonly cnameTarget: string;
  readonly publicSuffixes: PublicSuffixes;
}

/** BR §3.2.2.4.7 and §3.2.2.4.18: a random value serves for 30 days. */
const lifeMs = 30 * 86_400_000;

const directory = '/.well-known/pki-validation/';
const form = /^([sd])([0-9a-z]{9})[0-9a-z]+$/;

/**
 * A new reference: it contains the time its random value was made, and whether the proof file has a name of its own
 * (`http-token-dynamic`), for which the core has no word.
 */
export function newProofReference(
  { now, random }: { readonly now: Date; readonly random: Randomness },
  method: DcvMethod,
): string {
  const file = method === 'http-token-dynamic' ? 'd' : 's';
  const madeAt = now.getTime().toString(36).padStart(9, '0');
  // 128 bits: everything that proves a name here is a function of them, and nothing of what a client sends (`Binding`).
  return `${file}${madeAt}${base32(random.bytes(16))}`;
}

/** 160 bits. As the label of a CNAME it begins with an underscore, as BR §3.2.2.4.7 has it. */
export function randomValueOf(reference: string, method: TokenMethod): string {
  const value = derive('random value', reference);
  return method === 'dns-cname-token' ? `_${value}` : value;
}

/** The end of a random value. One that the core made up is over at once. */
export function randomValueUntil(reference: string): Date {
  const madeAt = form.exec(reference)?.[2] ?? '0';
  return new Date(Number.parseInt(madeAt, 36) + lifeMs);
}

export function validationMethodOf(method: DcvMethod): ValidationMethod {
  return validationMethods[method];
}

/**
 * The vendor's word for the method by which the name is to be, or was, proved.
 * @param reference of our own challenges; undefined where an upstream made them, whose files have names of their own
 */
export function dcvMethodOf(method: ValidationMethod, reference: string | undefined): DcvMethod {
  switch (method) {
    case 'email':
      return 'email';
    case 'dnsTxt':
    // The vendor has no word for a record that stays; it is a TXT record.
    case 'dnsPersist':
      return 'dns-txt-token';
    case 'dnsCname':
      return 'dns-cname-token';
    case 'httpFile':
    case 'httpsFile':
    // The vendor has no word for it; what it shares with a file is that the host itself was asked.
    case 'tlsAlpn':
      return reference !== undefined && form.exec(reference)?.[1] === 'd' ? 'http-token-dynamic' : 'http-token';
    default:
      return method satisfies never;
  }
}

export function challengesOf(reference: string, identifier: Identifier, context: ProofContext): readonly Challenge[] {
  const content = randomValueOf(reference, 'http-token');
  const files = (['http-token', 'http-token-dynamic'] as const).flatMap((method): Challenge[] => {
    const path = filePathOf(reference, method);
    return [
      { method: 'httpFile', binding: 'server', path, content },
      { method: 'httpsFile', binding: 'server', path, content },
    ];
  });
  if (isIp(identifier)) return files;
  const bases = basesOf(identifier, context.publicSuffixes);
  const label = randomValueOf(reference, 'dns-cname-token');
  return [
    { method: 'email', binding: 'server', addresses: constructedAddresses(identifier, context.publicSuffixes) },
    {
      method: 'dnsTxt',
      binding: 'server',
      ...hostsOf(bases.flatMap((base) => [base, `_dnsauth.${base}`])),
      value: randomValueOf(reference, 'dns-txt-token'),
    },
    {
      method: 'dnsCname',
      binding: 'server',
      ...hostsOf(bases.map((base) => `${label}.${base}`)),
      target: context.cnameTarget,
    },
    ...files,
  ];
}

/** URL of the proof file of the name. */
export function fileUrlOf(reference: string, method: 'http-token' | 'http-token-dynamic', name: Identifier): string {
  const host = name.kind === 'ipv6' ? `[${name.value}]` : baseName(name);
  return `http://${host}${filePathOf(reference, method)}`;
}

/** The random value must not stand in the request that fetches it (BR §3.2.2.4.18), so the file is called by another one. */
function filePathOf(reference: string, method: 'http-token' | 'http-token-dynamic'): string {
  const name = method === 'http-token' ? 'fileauth' : derive('file name', reference);
  return `${directory}${name}.txt`;
}

function derive(purpose: string, reference: string): string {
  return base32(hash('sha256', `${purpose}\n${reference}`, 'buffer').subarray(0, 20));
}

/** `a.b.top`, `b.top`, `top`: from the name to its registrable domain. */
function basesOf(identifier: Identifier, publicSuffixes: PublicSuffixes): readonly string[] {
  const base = baseName(identifier);
  const top = publicSuffixes.registrableDomain(base) ?? base;
  const labels = base === top ? [] : base.slice(0, -top.length - 1).split('.');
  return [...labels.map((_, index) => `${labels.slice(index).join('.')}.${top}`), top];
}

function hostsOf([host = '', ...alternativeHosts]: readonly string[]) {
  return alternativeHosts.length === 0 ? { host } : { host, alternativeHosts };
}
