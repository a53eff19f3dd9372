/** Sessions of people who signed in with their password, as a browser keeps one. */
import type { User } from './account.ts';
import type { AccountId, UserId, UserSessionId } from './ids.ts';
import type { Role } from './role.ts';

/** There is a row as long as the session lasts; the audit log keeps how it ended. */
export interface UserSession {
  readonly id: UserSessionId;
  readonly userId: UserId;
  /** Null for an operator's. */
  readonly accountId: AccountId | null;
  /** The front door it opens. */
  readonly dialect: string;
  /** SHA-256 of the secret, which has 256 random bits. */
  readonly secretHash: Uint8Array;
  /** The address that signed in. */
  readonly address: string;
  readonly createdAt: Date;
  /** To `sessionUsePrecisionMs`. */
  readonly lastUsedAt: Date;
  /** It ends then, unless it is used before. */
  readonly idleEndsAt: Date;
  /** It ends then, however much it is used. */
  readonly expiresAt: Date;
  /** When the password was typed last, at sign-in or to confirm; null: not known. */
  readonly confirmedAt: Date | null;
  /** The roles for which its secret was made: with others it gets another secret. */
  readonly roles: readonly Role[] | null;
}

export interface SessionLimits {
  readonly idleMs: number;
  readonly longestMs: number;
}

/** `operator`: those of everybody who belongs to no account. */
export interface SessionLimitsByKind {
  readonly operator: SessionLimits;
  readonly member: SessionLimits;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A use is written down with this precision in milliseconds: writing it at every request would cost more than the request. */
export const sessionUsePrecisionMs = minuteMs;

/** Of one session: more than a person has read for them with eight pages open, fewer than a program would like to send with a stolen cookie. */
export const sessionRequests = { seconds: 60, limit: 1200 } as const;

/** More than a person has browsers; when another one begins, the one that was not used for longest ends. */
export const sessionsPerUser = 20;

/** An operator reaches every account, so that a browser left open costs more. */
export const defaultSessionLimits: SessionLimitsByKind = {
  operator: { idleMs: 30 * minuteMs, longestMs: 12 * hourMs },
  member: { idleMs: 8 * hourMs, longestMs: 7 * dayMs },
};

export function sessionLimitsOf(limits: SessionLimitsByKind, { accountId }: Pick<User, 'accountId'>): SessionLimits {
  return accountId === null ? limits.operator : limits.member;
}

/** For so long after the password was typed, a session may do what needs a confirmation. */
export const confirmationMs = 10 * minuteMs;

/** The time until which the last confirmation counts; null: there was none, or it counts no longer. */
export function confirmedUntil({ confirmedAt }: Pick<UserSession, 'confirmedAt'>, now: Date): Date | null {
  if (confirmedAt === null) return null;
  const until = new Date(confirmedAt.getTime() + confirmationMs);
  return until > now ? until : null;
}

/** Whether the secret was made for just these roles, in whatever order. */
export function isForRoles({ roles }: Pick<UserSession, 'roles'>, current: readonly Role[]): boolean {
  return roles !== null && roles.length === current.length && roles.every((role) => current.includes(role));
}

/** Clocks are set back by a little all the time. */
const setBackMs = 5 * minuteMs;

/** A session that was used later than now is over too: that clock was wrong, and by it the session would last for too long. */
export function isOver({ lastUsedAt, idleEndsAt, expiresAt }: UserSession, now: Date): boolean {
  return idleEndsAt <= now || expiresAt <= now || lastUsedAt.getTime() - now.getTime() > setBackMs;
}
