/** Challenges of this dialect: the delegation, which depends only on account and name. */
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { configSchema } from './config.ts';
import { newProofReference } from './order-from-wire.ts';
import { challengeOf } from './proofs.ts';

export function createProofMaker({ config, secretFor }: DialectSetup): ProofMaker {
  const alias = { secret: secretFor('alias'), zone: configSchema.parse(config ?? {}).aliasZone };
  return {
    drawsReferences: true,
    challengesOf:
      ({ accountId }) =>
      (name) => [challengeOf(accountId, name, alias)],
    nextProofs: (_view, { random }) => ({ proofReference: newProofReference(random), preferredMethod: 'dnsCname' }),
  };
}
