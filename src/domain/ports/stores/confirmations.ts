/** Store of confirmations. The contract of every store is in `stores.ts`. */
import type { Confirmation } from '../../confirmation.ts';
import type { AuthorizationId, ConfirmationId, IssuanceId } from '../../ids.ts';
import type { ConfirmationState } from '../../states.ts';

export interface ConfirmationStore {
  insert(confirmation: Confirmation): Promise<void>;
  get(id: ConfirmationId): Promise<Confirmation | undefined>;
  getByTokenHash(tokenHash: Uint8Array): Promise<Confirmation | undefined>;
  /** Newest first. */
  listOfAuthorization(authorizationId: AuthorizationId): Promise<readonly Confirmation[]>;
  /** Everything that one mail asks about, in the order of its names. */
  listOfMail(mailId: ConfirmationId): Promise<readonly Confirmation[]>;
  /** Confirmations requested from mailboxes for this issuance, newest first. */
  listOfMailbox(issuanceId: IssuanceId, address: string): Promise<readonly Confirmation[]>;
  move(
    id: ConfirmationId,
    from: readonly ConfirmationState[],
    to: ConfirmationState,
    decision?: { readonly from: string; readonly at: Date },
  ): Promise<boolean>;
  /** The link in earlier mails of this confirmation is good no more. @param id of the one that stands for its mail */
  updateToken(id: ConfirmationId, tokenHash: Uint8Array): Promise<void>;
  /** Covers everything that the mail asks about. */
  updateSent(mailId: ConfirmationId, at: Date): Promise<void>;
}
