/** Challenges of the native API's issuances: functions of the CSR and its proof reference. */
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { challengesOf, newProofReference } from './proofs.ts';

export function createProofMaker({ publicSuffixes }: DialectSetup): ProofMaker {
  return {
    drawsReferences: true,
    challengesOf({ csr, proofReference }) {
      return challengesOf({ csr, proofReference, publicSuffixes });
    },
    nextProofs: ({ authorizations }, { random }) => ({
      proofReference: newProofReference(random),
      preferredMethod: authorizations[0]?.preferredMethod ?? 'httpFile',
    }),
  };
}
