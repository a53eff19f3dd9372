/** Challenges of ACME orders. The platform never reissues them by itself: their clients do. */
import type { Challenge } from '../../domain/challenge.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { jwkThumbprint } from '../../pki/jwk.ts';
import { parsePublicKey } from '../../pki/public-key.ts';
import { readDialectData } from './dialect-data.ts';
import { challengesOf, tokenOf } from './proofs.ts';

export function createProofMaker(): ProofMaker {
  return {
    drawsReferences: true,
    challengesOf({ proofReference, dialectData }) {
      const { thumbprint } = readDialectData(dialectData);
      return (name) => challengesOf(name, { token: tokenOf(proofReference, name), thumbprint });
    },
    challengesOfKey(name, challenges, spki) {
      const thumbprint = jwkThumbprint(parsePublicKey(spki));
      const renewed = (challenge: Challenge) => {
        if (!('token' in challenge) || challenge.token === undefined) return challenge;
        const { token, method } = challenge;
        return challengesOf(name, { token, thumbprint }).find((one) => one.method === method) ?? challenge;
      };
      return challenges.map(renewed);
    },
  };
}
