/** Challenges of this dialect: the delegation, which depends only on account and name. */
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { delegationChallengeOf } from '../../pki/delegation.ts';
import { aliasOf } from './config.ts';
import { newProofReference } from './order-from-wire.ts';

export function createProofMaker(setup: DialectSetup): ProofMaker {
  const alias = aliasOf(setup);
  return {
    drawsReferences: true,
    challengesOf:
      ({ accountId }) =>
      (name) => [delegationChallengeOf(accountId, name, alias)],
    nextProofs: (_view, { random }) => ({ proofReference: newProofReference(random), preferredMethod: 'dnsCname' }),
  };
}
