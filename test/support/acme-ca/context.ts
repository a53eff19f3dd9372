/** What every part of the CA is handed, and one request on its way through them. */
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../../src/domain/ports/system.ts';
import type { Agenda } from './agenda.ts';
import type { Authority } from './authority.ts';
import type { CaAccount, CaBooks, CaRequest } from './books.ts';
import type { Dice } from './dice.ts';
import type { Members } from './jws.ts';
import type { Drawn, Manners, Operation } from './manners.ts';
import type { CaNetwork } from './network.ts';
import { problem } from './problem.ts';
import type { AcmeCaSettings } from './settings.ts';

export type CaClock = Pick<Clock, 'now' | 'sleep'>;

export interface Ca {
  readonly settings: AcmeCaSettings;
  readonly books: CaBooks;
  readonly manners: Manners;
  readonly network: CaNetwork;
  readonly authority: Authority;
  readonly agenda: Agenda;
  readonly nonces: Nonces;
  readonly clock: () => CaClock;
  /** By the CA's own clock. */
  now(): Date;
  /** For ids and tokens; what goes wrong has dice of its own, so that ids stay the same. */
  readonly dice: Dice;
  readonly luck: Dice;
  urlOf(path: string): string;
  /** Of a resource of the directory; it may have moved. */
  pathOf(resource: Resource): string;
}

export const resources = [
  'newNonce',
  'newAccount',
  'newOrder',
  'revokeCert',
  'keyChange',
  'renewalInfo',
  'directory',
] as const;

/** What a directory names, and itself. */
export type Resource = (typeof resources)[number];

/** The path is of the object, without what stands behind it for the operation. */
export interface Call {
  readonly operation: Operation;
  readonly params: readonly string[];
  readonly url: string;
  readonly method: string;
  readonly drawn: Drawn;
  readonly payload: Members | undefined;
  /** Who signed: an account, or a key that may have none yet. */
  readonly account: CaAccount | undefined;
  readonly jwk: Members | undefined;
  readonly key: KeyObject | undefined;
  readonly record: CaRequest;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Each a header line of its own. */
  readonly links?: readonly string[];
  /** An object is sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>> | string;
  readonly contentType?: string;
}

export type Handler = (call: Call, ca: Ca) => Reply | Promise<Reply>;

export interface Nonces {
  fresh(): string;
  /** One that has been used. */
  used(): string;
  /** Whether it was good; it is not any more. */
  take(nonce: unknown): boolean;
}

export function createNonces(dice: Dice): Nonces {
  const good = new Set<string>();
  let last = dice.token();
  return {
    fresh() {
      const nonce = dice.token();
      good.add(nonce);
      return nonce;
    },
    used: () => last,
    take(nonce) {
      if (typeof nonce !== 'string' || !good.delete(nonce)) return false;
      last = nonce;
      return true;
    },
  };
}

/** The account that signed. @throws {AcmeProblem} where a key signed that has none */
export function accountOf({ account }: Call): CaAccount {
  if (account === undefined) throw problem('malformed', 'an account has to sign this');
  return account;
}

/** As the setting of the CA wants it: seconds or a date. */
export function retryAfterOf(ca: Ca, seconds: number): Readonly<Record<string, string>> {
  const { retryAfter } = ca.settings;
  if (retryAfter === 'never') return {};
  const isDate = retryAfter === 'date' || (retryAfter === 'either' && ca.luck.chance(0.5));
  const at = new Date(ca.now().getTime() + seconds * 1000);
  return { 'retry-after': isDate ? at.toUTCString() : String(seconds) };
}

/** RFC 3339, whole seconds. */
export function wireTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

export function hoursFrom(at: Date, hours: number): Date {
  return new Date(at.getTime() + hours * 3_600_000);
}

/** The texts in a list. @throws {AcmeProblem} malformed */
export function textsIn(value: unknown, member: string): readonly string[] {
  const list = Array.isArray(value) ? value : [];
  const texts = list.filter((one) => typeof one === 'string');
  if (value !== undefined && (!Array.isArray(value) || texts.length < list.length)) {
    throw problem('malformed', `${member} is no list of texts`);
  }
  return texts;
}
