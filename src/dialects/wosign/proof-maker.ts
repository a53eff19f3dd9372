/**
 * What proves a name to this dialect: the signfile of the key that the order was placed with. Only a hash of the key is kept, so
 * that the order keeps what the file holds, and the file stays what it was.
 */
import { z } from 'zod';
import { base32 } from '../../domain/ids.ts';
import type { Order } from '../../domain/order.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { type CustomerKey, signfileChallenges, signfileOf } from './proofs.ts';

const dataSchema = z.object({ signfile: z.string() });

/** What an order keeps of the key that it was placed with. */
export function signfileData(key: CustomerKey): Order['dialectData'] {
  return { signfile: signfileOf(key) } satisfies z.output<typeof dataSchema>;
}

export function createProofMaker(): ProofMaker {
  return {
    challengesOf({ dialectData }) {
      const challenges = signfileChallenges(dataSchema.parse(dialectData).signfile);
      return () => challenges;
    },
    nextProofs: ({ authorizations }, { random }) => ({
      proofReference: base32(random.bytes(16)),
      preferredMethod: authorizations[0]?.preferredMethod ?? 'httpFile',
    }),
  };
}
