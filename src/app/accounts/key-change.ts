/** Another public key for a credential that has one (RFC 8555 §7.3.5). */
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { Credentials } from '../../domain/ports/credentials.ts';
import { spkiSha256 } from '../../pki/public-key.ts';
import { type AppContext, proofMakerOf } from '../context.ts';
import { requireMoved } from '../moved.ts';
import { rewriteChallenges } from '../proving/key-challenges.ts';
import { accountIdOf } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { ownCredential, requireUsable } from './credentials.ts';
import { credentialKeyOf, newProvedKey, requireUnblocked } from './key-sign-in.ts';

export function createKeyChange(context: AppContext): Pick<Credentials, 'changeKey'> {
  const { database, clock } = context;
  return {
    async changeKey(caller, change) {
      const publicKey = await newProvedKey(change.publicKey, change.proof);
      const accountId = accountIdOf(caller);
      const { spki, hash } = credentialKeyOf(publicKey);
      const at = clock.now();
      return database.write(async (tx) => {
        const before = await ownCredential(tx, caller);
        requireUsable(before);
        const value = String(before.number);
        if (before.key === null) {
          throw refuse('notFound', { what: 'credential', value });
        }
        if (before.key.hash !== spkiSha256(change.oldKey)) {
          const value = quoted(spkiSha256(change.oldKey));
          throw refuse('fieldInvalid', { field: 'oldKey', value, expected: expected.presentKey });
        }
        if (before.key.hash === hash) {
          throw refuse('fieldInvalid', { field: 'publicKey', value: quoted(hash), expected: expected.otherKey });
        }
        const key = { spki, hash, realm: before.key.realm };
        const rival = await tx.credentials.getByKey(before.dialect, key);
        if (rival !== undefined) throw refuse('accountKeyInUse', { account: rival.publicId });
        await requireUnblocked(tx, accountId, publicKey);
        const isMoved = await tx.credentials.moveToKey(before.id, before.key, key);
        requireMoved(isMoved, { what: 'credential', value, state: 'revoked', needed: 'active' });
        const dialectData = proofMakerOf(context, before.dialect).dataOfReplacedKey?.(
          before.dialectData,
          before.key.spki,
        );
        if (dialectData !== undefined) await tx.credentials.update(before.id, { dialectData });
        await rewriteChallenges(context, tx, { credential: before, publicKey });
        const data = { dialect: before.dialect, before: before.key.hash, keyHash: hash };
        await recordAccount(tx, caller, 'credential.keyChanged', { accountId, subject: before.id, data, at });
        return { ...before, key, ...(dialectData === undefined ? {} : { dialectData }) };
      });
    },
  };
}
