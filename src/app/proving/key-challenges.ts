/** Challenges that contain the key of the account that asked for them (RFC 8555 §8.1), when that gets another key. */
import type { Credential } from '../../domain/account.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { PublicKey } from '../../pki/public-key.ts';
import { type AppContext, proofMakerOf } from '../context.ts';

/**
 * Writes the pending challenges of the credential again, in the transaction that changes its key: their client computes from now on what
 * it places with the new one. A check that is under way looks for that at its next look.
 */
export async function rewriteChallenges(
  context: AppContext,
  tx: Stores,
  { credential, publicKey }: { readonly credential: Credential; readonly publicKey: PublicKey },
): Promise<void> {
  const { challengesOfKey } = proofMakerOf(context, credential.dialect);
  if (challengesOfKey === undefined) return;
  for (const { id, identifier, challenges } of await tx.authorizations.listPendingOfOwner(credential.id)) {
    await tx.authorizations.updateChallenges(id, {
      challenges: challengesOfKey(identifier, challenges, publicKey.spkiDer),
    });
  }
}
