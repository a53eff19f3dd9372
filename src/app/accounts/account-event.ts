/** The audit log's lines about accounts, users, keys and products: what somebody did to them. */
import type { Scope } from '../../domain/caller.ts';
import type { EventKind, NewEvent } from '../../domain/event.ts';
import type { AccountId, UserSessionId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

export interface AccountEvent {
  readonly accountId: AccountId | null;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

/** The actor: a caller, or somebody who is only just signing in. */
export interface Actor {
  readonly actor: string;
  readonly requestId: string | null;
  readonly scope?: Scope;
  readonly isActingFor?: boolean;
  readonly sessionId?: UserSessionId;
  readonly address?: string;
}

/** What an event says of its origin: the actor, the account that an operator acts for, the session and the address. */
export function namesOf(
  by: Actor | null,
): Pick<NewEvent, 'actor' | 'actedFor' | 'requestId' | 'sessionId' | 'address'> {
  if (by === null) return { actor: 'system', requestId: null };
  const { actor, requestId, scope = 'all', isActingFor = false, sessionId, address = '' } = by;
  return {
    actor,
    requestId,
    ...(isActingFor && scope !== 'all' ? { actedFor: scope } : {}),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(address === '' ? {} : { address }),
  };
}

export function recordAccount(tx: Stores, by: Actor | null, kind: EventKind, event: AccountEvent): Promise<void> {
  return tx.events.append({ ...event, kind, ...namesOf(by) });
}
