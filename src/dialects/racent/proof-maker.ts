/** Challenges of this dialect's issuances: functions of the CSR and a unique value. */
import type { NameChoice } from '../../domain/challenge.ts';
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { newCertId } from './cert-id.ts';
import { configSchema } from './config.ts';
import { dialectDataOf, uniqueValueOf } from './dialect-data.ts';
import { choiceOf, methodOf } from './order-from-wire.ts';
import { proofsOf } from './proofs.ts';

export function createProofMaker(setup: DialectSetup): ProofMaker {
  const { publicSuffixes, sendsMail = false } = setup;
  const { suffix, timeOffset } = configSchema.parse(setup.config ?? {});
  const context = { suffix, publicSuffixes, secret: setup.secretFor('unique values') };
  return {
    challengesOf({ accountId, csr, proofReference, dialectData }) {
      if (csr === null) return () => [];
      const uniqueValue = uniqueValueOf(dialectDataOf({ dialectData }), proofReference);
      return proofsOf(csr, { accountId, uniqueValue }, context).challengesFor;
    },
    // With the same CSR the values stay the same, so that a record left in place proves the names again; a customer who chose mail
    // gets another.
    nextProofs: ({ authorizations }, { now, random }) => ({
      proofReference: newCertId(now, random, timeOffset),
      preferredMethod: 'dnsCname',
      choices: authorizations.flatMap((authorization): NameChoice[] => {
        const choice = choiceOf(authorization);
        return methodOf(choice) === 'email' && !sendsMail ? [] : [{ name: authorization.identifier, choice }];
      }),
    }),
  };
}
