/**
 * Challenge of this dialect: the signfile of the key that the order was placed with. Only a hash of the key is kept, so
 * that the order keeps what the file holds, and the file stays what it was.
 */
import { base32 } from '../../domain/ids.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { storedSignfile } from './dialect-data.ts';
import { signfileChallenges } from './proofs.ts';

export function createProofMaker(): ProofMaker {
  return {
    drawsReferences: true,
    challengesOf({ dialectData }) {
      const challenges = signfileChallenges(storedSignfile({ dialectData }));
      return () => challenges;
    },
    nextProofs: ({ authorizations }, { random }) => ({
      proofReference: base32(random.bytes(16)),
      preferredMethod: authorizations[0]?.preferredMethod ?? 'httpFile',
    }),
  };
}
