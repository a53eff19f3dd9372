/** The end of sessions, by whoever and whatever ends them. */
import type { User } from '../../domain/account.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { isOver, type UserSession } from '../../domain/user-session.ts';
import { type Actor, recordAccount } from './account-event.ts';

/** The reason why a session ended before its time, for the audit log. */
type EndReason =
  | 'signedOut'
  | 'endedByManager'
  | 'passwordChanged'
  | 'passwordReset'
  | 'operatorReset'
  | 'userDisabled'
  | 'userRemoved'
  | 'tooMany'
  | 'replaced';

/** Ends sessions in the caller's transaction. Those that are over already leave no line in the audit log. */
export async function endSessions(
  tx: Stores,
  by: Actor,
  input: {
    readonly user: Pick<User, 'accountId' | 'username'>;
    readonly sessions: readonly UserSession[];
    readonly reason: EndReason;
    readonly at: Date;
  },
): Promise<void> {
  const { user, reason, at } = input;
  for (const session of input.sessions) {
    if (!(await tx.userSessions.remove(session.id)) || isOver(session, at)) continue;
    await recordAccount(tx, by, 'session.ended', {
      accountId: user.accountId,
      subject: session.id,
      data: { username: user.username, dialect: session.dialect, reason },
      at,
    });
  }
}
