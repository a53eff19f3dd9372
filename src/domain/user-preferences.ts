/** What people chose for themselves: how they read, and the lists that they look at often. */
import type { UserId } from './ids.ts';
import type { Language } from './language.ts';

export interface UserPreferences {
  readonly userId: UserId;
  /** Null: that of the browser. */
  readonly language: Language | null;
  /** A time zone of the IANA database (`Asia/Shanghai`); null: that of the browser. */
  readonly zone: string | null;
  /** In the order in which they are shown. */
  readonly views: readonly SavedView[];
  /** Mails that they do not want. */
  readonly mutedMails: readonly UserMailKind[];
}

/** Mails to the people of an account: a request waits for them to approve it; the balance is low. */
export const userMailKinds = ['approvals', 'balance'] as const;
export type UserMailKind = (typeof userMailKinds)[number];

/** A list with its filters and its order, under a name. */
export interface SavedView {
  readonly name: string;
  /** The list: `orders`. */
  readonly list: string;
  /** As in the address of the page; nothing reads it but the page. */
  readonly query: string;
}

export const mostViews = 50;
export const longestViewName = 60;
export const longestViewQuery = 2000;

export function noPreferences(userId: UserId): UserPreferences {
  return { userId, language: null, zone: null, views: [], mutedMails: [] };
}
