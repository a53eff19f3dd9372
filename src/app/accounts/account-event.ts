/** The audit log's lines about accounts, users, keys and products: what somebody did to them. */
import type { EventKind } from '../../domain/event.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

export interface AccountEvent {
  readonly accountId: AccountId | null;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** Who did it: a caller, or somebody who is only just coming in. */
export interface Actor {
  readonly actor: string;
  readonly requestId: string | null;
}

export function recordAccount(tx: Stores, by: Actor, kind: EventKind, event: AccountEvent): Promise<void> {
  return tx.events.append({ ...event, kind, actor: by.actor, requestId: by.requestId });
}
