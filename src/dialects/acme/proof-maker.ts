/** Challenges of ACME orders. The platform never reissues them by itself: their clients do. */
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { readDialectData } from './dialect-data.ts';
import { challengesOf } from './proofs.ts';

export function createProofMaker(): ProofMaker {
  return {
    drawsReferences: true,
    challengesOf({ proofReference, dialectData }) {
      const { thumbprint } = readDialectData(dialectData);
      return (name) => challengesOf(name, { proofReference, thumbprint });
    },
  };
}
