/** Challenges of ACME orders. The platform never reissues them by itself: their clients do. */
import type { Challenge } from '../../domain/challenge.ts';
import type { DialectSetup } from '../../domain/ports/dialect.ts';
import type { ProofMaker } from '../../domain/ports/proof-maker.ts';
import { jwkThumbprint } from '../../pki/jwk.ts';
import { parsePublicKey } from '../../pki/public-key.ts';
import { accountDataOf } from './accounts/account-to-wire.ts';
import { readDialectData } from './dialect-data.ts';
import { challengesOf, persistentChallenge, tokenOf, withNewKey } from './proofs.ts';
import { urlsOf } from './urls.ts';

/** Former keys of an account by which a record of dns-persist-01 may still name it. No honest client comes near. */
const keptThumbprints = 50;

export function createProofMaker({ publicSuffixes }: Pick<DialectSetup, 'publicSuffixes'>): ProofMaker {
  const thumbprintOf = (spki: Uint8Array) => jwkThumbprint(parsePublicKey(spki));
  return {
    drawsReferences: true,
    accountUrlOf: ({ key, publicId }, publicUrl) =>
      key === null ? undefined : urlsOf(publicUrl, key.realm).account(publicId),
    challengesOf({ proofReference, dialectData }) {
      const { thumbprint, persist } = readDialectData(dialectData);
      return (name) => [
        ...challengesOf(name, { token: tokenOf(proofReference, name), thumbprint }),
        // The last one, since it has no token: uacme reads no further than to such a one.
        ...(persist === undefined ? [] : persistentChallenge(name, { ...persist, thumbprint }, publicSuffixes)),
      ];
    },
    challengesOfKey(name, challenges, spki) {
      const thumbprint = thumbprintOf(spki);
      return challenges.map((challenge: Challenge) => withNewKey(name, challenge, thumbprint));
    },
    dataOfReplacedKey(dialectData, spki) {
      const data = accountDataOf({ dialectData });
      const former = (data.formerThumbprints ?? []).filter((one) => one !== thumbprintOf(spki));
      return { ...data, formerThumbprints: [thumbprintOf(spki), ...former].slice(0, keptThumbprints) };
    },
  };
}
