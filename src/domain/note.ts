/** What people of an account write to an order. */
import type { CredentialId, NoteId, OrderId, UserId } from './ids.ts';

export interface Note {
  readonly id: NoteId;
  /** int32-safe. */
  readonly number: number;
  readonly orderId: OrderId;
  readonly author: UserId | CredentialId;
  readonly text: string;
  readonly createdAt: Date;
}
