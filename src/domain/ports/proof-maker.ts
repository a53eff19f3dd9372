/**
 * Makes the challenges that a front door offers, in its vendor's format. The core knows the proof maker of each dialect by the
 * dialect's name and calls it in its own process, so that requests carry data and no functions.
 */
import type { Credential } from '../account.ts';
import type { Challenge } from '../challenge.ts';
import type { Identifier } from '../identifier.ts';
import type { AccountId, CredentialId } from '../ids.ts';
import type { Order } from '../order.ts';
import type { OrderView, Proofs } from './orders.ts';
import type { Randomness } from './system.ts';

/**
 * Pure functions of their arguments: the same challenge is made for the same facts in every thread and on every node, at any
 * time. Configuration and secrets are fixed when the proof maker is made (`DialectSetup`).
 */
export interface ProofMaker {
  /** Every challenge that may prove a name of the issuance, or of a domain that the account keeps, whatever method is preferred. */
  challengesOf(facts: ProofFacts): (name: Identifier) => readonly Challenge[];
  /**
   * The same challenges for another key of the account: as many, in their order. For dialects whose challenges contain the key that
   * signs the requests.
   * @param spki SubjectPublicKeyInfo, DER
   */
  challengesOfKey?(name: Identifier, challenges: readonly Challenge[], spki: Uint8Array): readonly Challenge[];
  /**
   * What the dialect keeps with a key to an account (`Credential.dialectData`) from now on, when another public key takes the place of
   * this one.
   * @param spki of the key that is replaced, DER
   */
  dataOfReplacedKey?(dialectData: Credential['dialectData'], spki: Uint8Array): Credential['dialectData'];
  /** The URL of a client's account, by which CAA records may name it (RFC 8657 §3). For dialects whose clients have one. */
  accountUrlOf?(credential: Credential, publicUrl: string): string | undefined;
  /**
   * True if each reference of its issuances is 128 random bits that no client sends or asks for: two are never the same, and
   * none is looked up, so that they need no row.
   */
  readonly drawsReferences?: true;
  /**
   * Chooses the methods of an issuance that the platform starts: the reissue of `view` inside its coverage, or the renewal of
   * it. Without this the dialect's orders are not reissued by themselves.
   */
  nextProofs?(view: OrderView, fresh: { readonly now: Date; readonly random: Randomness }): Proofs;
}

export interface ProofFacts {
  readonly accountId: AccountId;
  /** The key that the order was placed with; null: the platform itself, or a domain. */
  readonly credentialId: CredentialId | null;
  readonly proofReference: string;
  /** DER, also of one that is made here. Null: there is none yet, or never will be; what is offered then stays when it comes. */
  readonly csr: Uint8Array | null;
  /** The order's data, with the changes of the request applied; empty for a domain. */
  readonly dialectData: Order['dialectData'];
}

/** By the name of the dialect; only those that are open. */
export type ProofMakers = ReadonlyMap<string, ProofMaker>;
