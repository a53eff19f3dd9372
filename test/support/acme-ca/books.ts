/** The books of the CA: what it has, and every request with what became of it. Tests compare them with those of certmux. */
import type { KeyObject } from 'node:crypto';
import type { Members } from './jws.ts';
import type { Operation } from './manners.ts';
import type { WireIdentifier, WireProblem } from './problem.ts';

export interface CaAccount {
  readonly id: string;
  key: KeyObject;
  thumbprint: string;
  contact: readonly string[];
  /** `deleted`: the CA knows nothing of it. */
  state: 'valid' | 'deactivated' | 'revoked' | 'deleted';
  /** Which version of the terms it has agreed to. */
  agreedTerms: number;
  readonly binding: Members | undefined;
  /** Of the external account. */
  readonly keyId: string | undefined;
}

export interface CaChallenge {
  readonly type: string;
  readonly path: string;
  readonly token: string | undefined;
  state: 'pending' | 'processing' | 'valid' | 'invalid';
  validatedAt: Date | undefined;
  error: WireProblem | undefined;
}

export interface CaAuthorization {
  readonly id: string;
  readonly account: CaAccount;
  /** Without `*.`. */
  readonly identifier: WireIdentifier;
  readonly isWildcard: boolean;
  state: 'pending' | 'valid' | 'invalid' | 'deactivated' | 'revoked';
  expiresAt: Date;
  readonly challenges: CaChallenge[];
}

export interface CaOrder {
  readonly id: string;
  readonly account: CaAccount;
  readonly createdAt: Date;
  readonly identifiers: readonly WireIdentifier[];
  readonly authorizations: readonly CaAuthorization[];
  readonly profile: string | undefined;
  readonly replaces: string | undefined;
  readonly notBefore: string | undefined;
  readonly notAfter: string | undefined;
  /** `open`: pending or ready, as its authorizations say. `forgotten`: the CA knows nothing of it. */
  state: 'open' | 'processing' | 'valid' | 'invalid' | 'forgotten';
  expiresAt: Date;
  error: WireProblem | undefined;
  csr: Buffer | undefined;
  /** How often a finalize was accepted. */
  finalized: number;
  /** The newest; `certificates` of the CA has them all. */
  certificate: CaCertificate | undefined;
}

export interface CaCertificate {
  readonly id: string;
  readonly order: CaOrder;
  readonly der: Buffer;
  readonly serialHex: string;
  /** RFC 9773 §4.1. */
  readonly certId: string;
  /** As ordered. */
  readonly names: readonly string[];
  readonly issuedAt: Date;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The default one first; each with the root at its end, which is not sent. */
  readonly chains: readonly (readonly Uint8Array[])[];
  replacedBy: CaOrder | undefined;
  revoked: { readonly at: Date; readonly reason: number } | undefined;
  /** Set by a test; otherwise it follows from the lifetime. */
  window: { readonly start: Date; readonly end: Date } | undefined;
  /** How often it left in an answer. */
  downloads: number;
}

/** `requestLost`: never heard. `replyLost`: heard and acted on. `hung`: the caller gave up. */
export type Outcome = 'answered' | 'requestLost' | 'replyLost' | 'hung';

export interface CaRequest {
  readonly at: Date;
  operation: Operation | 'unknown';
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  account: CaAccount | undefined;
  payload: Members | undefined;
  outcome: Outcome | 'underWay';
  status: number | undefined;
  /** Its type, without the part that all have. */
  problem: string | undefined;
  text: string | undefined;
  /** The bad manners that it met, by name. */
  readonly manners: string[];
}

export interface CaBooks {
  readonly accounts: CaAccount[];
  readonly authorizations: CaAuthorization[];
  readonly orders: CaOrder[];
  readonly certificates: CaCertificate[];
  readonly requests: CaRequest[];
  /** Names with each validation that failed. */
  readonly failedValidations: { readonly name: string; readonly at: Date }[];
  /** Errors of the CA itself, which a client takes for a lost connection: a test ends with none. */
  readonly bugs: unknown[];
}

export function createBooks(): CaBooks {
  return {
    accounts: [],
    authorizations: [],
    orders: [],
    certificates: [],
    requests: [],
    failedValidations: [],
    bugs: [],
  };
}

/** One text for a set of names. */
export function setOf(names: readonly string[]): string {
  return [...new Set(names)].toSorted().join(' ');
}

/** How many certificates there are for each set of names: more than one may have been paid twice. */
export function countedBySet(certificates: readonly CaCertificate[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { names } of certificates) counts[setOf(names)] = (counts[setOf(names)] ?? 0) + 1;
  return counts;
}
