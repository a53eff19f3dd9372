/** Challenges of this dialect's issuances: functions of the CSR and its `unique_id`. */
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { configSchema } from './config.ts';
import { dialectDataOf } from './dialect-data.ts';
import { newUniqueId, usualMethod } from './order-from-wire.ts';
import { createProofs } from './proofs.ts';

export function createProofMaker({ config, publicSuffixes }: DialectSetup): ProofMaker {
  const { suffix } = configSchema.parse(config ?? {});
  return {
    challengesOf({ csr, proofReference, dialectData }) {
      if (csr === null) return () => [];
      const { challengesFor } = createProofs(csr, proofReference, { suffix, publicSuffixes });
      const isSent = dialectDataOf({ dialectData }).sentUniqueId === proofReference;
      return (name) => challengesFor(name, isSent ? 'request' : 'server');
    },
    // A `unique_id` of ours, since no two issuances share one.
    nextProofs: ({ authorizations }, { random }) => ({
      proofReference: newUniqueId(random),
      preferredMethod: authorizations[0]?.preferredMethod ?? usualMethod,
    }),
  };
}
