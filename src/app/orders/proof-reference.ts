/** The values that seed challenges: each is used once, so that no record proves two orders. */
import { quoted, refuse } from '../../domain/errors.ts';
import type { AccountId, AuthorizationId, IssuanceId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { proofReferenceKind } from '../scope.ts';

/** @throws {CertError} for a reference that another issuance of the account has, or an authorization that was made for itself */
export async function claimReference(
  { proofMakers }: AppContext,
  tx: Stores,
  claimed: {
    readonly dialect: string;
    readonly accountId: AccountId;
    readonly proofReference: string;
    readonly id: IssuanceId | AuthorizationId;
  },
): Promise<void> {
  const { dialect, accountId, proofReference, id } = claimed;
  if (proofMakers.get(dialect)?.drawsReferences === true) return;
  if (await tx.externalIds.insert(proofReferenceKind(dialect, accountId), proofReference, id)) return;
  throw refuse('proofReferenceUsed', { value: quoted(proofReference) });
}
