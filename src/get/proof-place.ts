/** What is placed to prove control of a name, and what every place for it can do. */

import { CommandFailure } from '../cli/failure.ts';
import type { GetRequest } from '../cli/get-request.ts';
import type { Words } from '../cli/get-words.ts';
import type { WireOrder } from '../dialects/native/schema.ts';
import type { Placed } from './certificate-folder.ts';

/** One proof to place. Several names may share one. */
export type ProofToPlace =
  | { readonly kind: 'file'; readonly path: string; readonly content: string }
  | { readonly kind: 'record'; readonly name: string; readonly host: string; readonly value: string };

export interface ProofPlace {
  /** Fails here, before anything is ordered, where nothing could be placed. @throws {CommandFailure} */
  open(): Promise<void>;
  /** What is noted before `place`, so that it can be taken away by a later run; undefined: nothing would be left. */
  noteOf(proof: ProofToPlace): Placed | undefined;
  /** @returns where it is, for a person @throws {CommandFailure} */
  place(proof: ProofToPlace): Promise<string>;
  /** Takes a proof away, also one that was never there or is gone. @throws {CommandFailure} */
  remove(placed: Placed): Promise<void>;
  close(): Promise<void>;
}

/** The proofs of the names that are not proved yet, by the method of the place. @throws {CommandFailure} */
export function proofsToPlace(order: WireOrder, place: GetRequest['place'], words: Words): readonly ProofToPlace[] {
  const proofs = order.names
    .filter(({ state }) => state !== 'valid')
    .map(({ name, proofs: offered }): ProofToPlace => {
      const method = place.kind === 'dnsHook' ? 'dnsTxt' : 'httpFile';
      for (const proof of offered) {
        if (proof.method === 'httpFile' && method === proof.method) {
          if (!isProofPath(proof.path)) throw new CommandFailure('failure', words.strangeProof(proof.path));
          return { kind: 'file', path: proof.path, content: proof.content };
        }
        if (proof.method === 'dnsTxt' && method === proof.method) {
          return { kind: 'record', name, host: proof.host, value: proof.value };
        }
      }
      throw new CommandFailure('unsupported', words.proofNotOffered(name, method));
    });
  return [...new Map(proofs.map((proof) => [keyOf(proof), proof])).values()];
}

function keyOf(proof: ProofToPlace): string {
  return proof.kind === 'file' ? proof.path : `${proof.host} ${proof.value}`;
}

/** A server that asked for a file elsewhere would have this user write there. */
export function isProofPath(path: string): boolean {
  return /^\/\.well-known\/[\w-]+\/[\w-][\w.-]*$/.test(path);
}
