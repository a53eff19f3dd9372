/** What proves the names of an issuance of this dialect: functions of its CSR and its `unique_id`. */
import { z } from 'zod';
import type { MergePatch } from '../../domain/merge-patch.ts';
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { configSchema } from './config.ts';
import { newUniqueId, usualMethod } from './order-from-wire.ts';
import { createProofs } from './proofs.ts';

/** The newest `unique_id` that a client made. */
const dataSchema = z.object({ sentUniqueId: z.string().optional() });

/** What is kept of the `unique_id` that came with an order or a reissue. */
export function uniqueIdData(sent: string | null | undefined): MergePatch {
  return sent == null ? {} : { sentUniqueId: sent };
}

export function createProofMaker({ config, publicSuffixes }: DialectSetup): ProofMaker {
  const { suffix } = configSchema.parse(config ?? {});
  return {
    challengesOf({ csr, proofReference, dialectData }) {
      if (csr === null) return () => [];
      const { challengesFor } = createProofs(csr, proofReference, { suffix, publicSuffixes });
      const isSent = dataSchema.parse(dialectData).sentUniqueId === proofReference;
      return (name) => challengesFor(name, isSent ? 'request' : 'server');
    },
    // A `unique_id` of ours, since no two issuances share one.
    nextProofs: ({ authorizations }, { random }) => ({
      proofReference: newUniqueId(random),
      preferredMethod: authorizations[0]?.preferredMethod ?? usualMethod,
    }),
  };
}
