/**
 * Invitations among the values that expire: one for each user, so that a newer one takes the place of the older. Only the hash of
 * the link's secret is stored.
 */
import type { User } from '../../domain/account.ts';
import { type Id, isId, type UserId } from '../../domain/ids.ts';
import type { Invitation } from '../../domain/invitation.ts';
import type { ExpiringShelf } from '../../domain/ports/expiring.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

type Invited = Pick<User, 'id' | 'accountId'>;

/** One that has not expired at `now`. */
export async function getInvitation(stores: Stores, user: Invited, now: Date): Promise<Invitation | undefined> {
  const value = await stores.expiringValues.get(shelfOf(user), user.id, now);
  return value === undefined ? undefined : fromText(value);
}

/** In the place of an earlier one. */
export function putInvitation(tx: Stores, user: Invited, invitation: Invitation): Promise<void> {
  return tx.expiringValues.put(shelfOf(user), { key: user.id, value: toText(invitation) }, invitation.expiresAt);
}

/** @returns whether there was one */
export async function removeInvitation(tx: Stores, user: Invited, now: Date): Promise<boolean> {
  return (await tx.expiringValues.take(shelfOf(user), user.id, now)) !== undefined;
}

function shelfOf({ accountId }: Invited): ExpiringShelf {
  return { purpose: 'core/invitations', accountId };
}

interface Stored {
  readonly id: Id<'invitation'>;
  readonly address: string | null;
  /** Hex. */
  readonly secretHash: string | null;
  readonly sentAtMs: number | null;
  readonly expiresAtMs: number;
  /** Absent of those that were stored before there were any. */
  readonly isReset?: boolean;
}

function toText({ id, address, secretHash, sentAt, expiresAt, isReset }: Invitation): string {
  const stored: Stored = {
    id,
    address,
    secretHash: secretHash === null ? null : Buffer.from(secretHash).toString('hex'),
    sentAtMs: sentAt?.getTime() ?? null,
    expiresAtMs: expiresAt.getTime(),
    isReset,
  };
  return JSON.stringify(stored);
}

function fromText(text: string): Invitation {
  const { id, address, secretHash, sentAtMs, expiresAtMs, isReset = false }: Stored = JSON.parse(text);
  return {
    id,
    address,
    secretHash: secretHash === null ? null : Buffer.from(secretHash, 'hex'),
    sentAt: sentAtMs === null ? null : new Date(sentAtMs),
    expiresAt: new Date(expiresAtMs),
    isReset,
  };
}

/** 26 characters of the user's id, then 256 random bits: the id finds the row, the secret opens it. */
const tokenForm = /^([0-9a-hjkmnp-tv-z]{26})([0-9a-hjkmnp-tv-z]{52})$/;

export const invitationSecretBytes = 32;

export function invitationUrl(publicUrl: string, user: UserId, secret: string): string {
  return `${publicUrl}/invitation/${user.slice(user.indexOf('_') + 1)}${secret}`;
}

/** The parts of a link's token; undefined for what cannot be one. */
export function readInvitationToken(token: string): { readonly userId: UserId; readonly secret: string } | undefined {
  const [, id = '', secret = ''] = tokenForm.exec(token) ?? [];
  const userId = `usr_${id}`;
  return isId('user', userId) ? { userId, secret } : undefined;
}
