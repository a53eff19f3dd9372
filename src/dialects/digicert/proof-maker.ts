/** Challenges of this dialect, for orders and for domains: functions of the proof reference. */
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { configSchema } from './config.ts';
import { dialectDataOf } from './dialect-data.ts';
import { proofsFor } from './orders/order-from-wire.ts';
import { challengesOf, dcvMethods } from './proofs.ts';

export function createProofMaker({ config, publicSuffixes, sendsMail = false }: DialectSetup): ProofMaker {
  const { cnameTarget } = configSchema.parse(config ?? {});
  return {
    drawsReferences: true,
    challengesOf:
      ({ proofReference }) =>
      (name) =>
        challengesOf(proofReference, name, { cnameTarget, publicSuffixes }),
    // By the method that the customer chose; mail is sent only where they did.
    nextProofs: ({ order, issuance }, { now, random }) => {
      const method = dcvMethods.find((known) => known === dialectDataOf(order).dcvMethod);
      const names = issuance.names.map(({ identifier }) => identifier);
      const mailsByDefault = method === 'email' && sendsMail;
      return proofsFor({ now, random, publicSuffixes }, names, { dcv_method: method, mailsByDefault });
    },
  };
}
