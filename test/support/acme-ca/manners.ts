/** The bad manners of the CA: what there is, where each can happen, and rules that say when it does. */
import type { Dice } from './dice.ts';
import type { WireIdentifier } from './problem.ts';

const shownOrders = ['newOrder', 'order', 'finalize'] as const;
const shownChallenges = ['authorization', 'deactivateAuthorization', 'challenge', 'respond'] as const;
const signed = [
  ...['newAccount', 'account', 'orderList', 'keyChange', 'newOrder', 'order', 'finalize', 'authorization'],
  ...['deactivateAuthorization', 'challenge', 'respond', 'certificate', 'revoke'],
] as const;
const operations = [...signed, 'directory', 'newNonce', 'renewalInfo'] as const;

/** `challenge` reads one, `respond` says that it is placed; `account` reads, changes and deactivates. */
export type Operation =
  | (typeof shownOrders)[number]
  | (typeof shownChallenges)[number]
  | 'newAccount'
  | 'account'
  | 'orderList'
  | 'keyChange'
  | 'certificate'
  | 'revoke'
  | 'directory'
  | 'newNonce'
  | 'renewalInfo';

/** Beside the operations, what the CA does by itself: it looks for a proof, and makes a certificate. */
export type Moment = Operation | 'validate' | 'issue';

/** Where each of those that are only a name can happen. */
const places = {
  /** The connection is refused. */
  loseRequest: operations,
  /** It acts, and the connection ends before the answer. */
  loseReply: operations,
  /** It never answers, and does not act. */
  hang: operations,
  /** It acts and never answers. */
  hangAfterwards: operations,
  /** It acts twice on one request; the second answer is sent. */
  actTwice: operations,
  emptyBody: operations,
  /** Half of the body. */
  cutBody: operations,
  /** 200 with a page of a firewall. */
  htmlPage: operations,
  /** `text/plain`, whatever it is. */
  wrongContentType: operations,
  contentTypeWithCharset: operations,
  /** Problems as `application/json`. */
  plainProblem: operations,
  /** 401 where it should be 403. */
  status401: operations,
  /** null for each member that is left out. */
  nullMembers: operations,
  furtherMembers: operations,
  /** A good nonce is refused. */
  badNonce: signed,
  noNonce: [...signed, 'newNonce'],
  /** The answer brings a nonce that is used already. */
  usedNonce: [...signed, 'newNonce'],
  noLocation: [...shownOrders, 'newAccount'],
  noExpires: [...shownOrders, 'authorization'],
  /** In another order. */
  reordered: shownOrders,
  /** Upper case, as some CAs echo what a CSR has. */
  upperCase: shownOrders,
  /** Each identifier twice. */
  repeated: shownOrders,
  /** A status that is in no document. */
  strangeStatus: [...shownOrders, 'authorization', 'challenge', 'respond'],
  /** Shows `ready` after an accepted finalize. */
  readyAgain: ['order', 'finalize'],
  /** `valid` without the URL of a certificate. */
  noCertificateUrl: shownOrders,
  /** The order is for the base name instead (lego#2519). */
  dropWildcard: ['newOrder'],
  /** The order has a name that nobody asked for. */
  addName: ['newOrder'],
  /** All names are proved already. */
  bornReady: ['newOrder'],
  /** There is a certificate already: an older one of these names, or else one for a stranger's key. */
  bornValid: ['newOrder'],
  /** Proved by an agreement: `…/always-valid`, with a challenge of a type of its own that has no token (Sectigo). */
  alwaysValid: ['newOrder'],
  noChallengeStatus: shownChallenges,
  /** Types that nobody knows stand in front, without tokens. */
  strangeChallenges: ['authorization'],
  /** Wildcards are not marked. */
  noWildcardMark: ['authorization'],
  /** It never looks. */
  never: ['validate'],
  /** Accepted, and then forgotten: the order is ready again. */
  forgetFinalize: ['finalize'],
  /** Two certificates for one finalize. */
  issueTwice: ['finalize'],
  anotherKey: ['issue'],
  missingName: ['issue'],
  furtherName: ['issue'],
  expired: ['issue'],
  notYetValid: ['issue'],
  /** The serial number of an earlier certificate. */
  usedSerial: ['issue'],
  /** The chain belongs to another key of the same name. */
  strangersChain: ['issue'],
  noChain: ['certificate'],
  leafLast: ['certificate'],
  withRoot: ['certificate'],
  crlf: ['certificate'],
  noFinalNewline: ['certificate'],
  textAround: ['certificate'],
  /** DER where PEM was asked for. */
  derInstead: ['certificate'],
  noAlternates: ['certificate'],
  /** Every download is of one more certificate, with a serial number of its own. */
  issueAgain: ['certificate'],
  pastWindow: ['renewalInfo'],
  reversedWindow: ['renewalInfo'],
  badDates: ['renewalInfo'],
  noRenewalInfo: ['directory'],
  noMeta: ['directory'],
  /** The profiles are no longer offered, and refused. */
  noProfiles: ['directory', 'newOrder'],
  /** A URL that every client needs is missing. */
  noNewOrder: ['directory'],
} as const satisfies Readonly<Record<string, readonly Moment[]>>;

export type PlainManner = keyof typeof places;

/** All of them, for the test that meets each. */
export const plainManners = Object.keys(places) as readonly PlainManner[];

export interface ProblemManner {
  /** A registered type, or a URN of the CA's own. */
  readonly problem: string;
  readonly detail?: string;
  readonly status?: number;
  readonly retryAfter?: string | number;
  readonly instance?: string;
  /** For these identifiers; without `type` they repeat that of the problem. */
  readonly subproblems?: readonly { readonly type?: string; readonly identifier?: WireIdentifier }[];
  /** It acts, and refuses all the same. */
  readonly hasActed?: true;
}

/** Instead of any answer of the CA: it does not act. */
export interface RawManner {
  readonly status: number;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Manner =
  | PlainManner
  | ProblemManner
  | RawManner
  /** By the injected clock; at most so long with `upToMs`. */
  | { readonly takesMs: number }
  | { readonly upToMs: number }
  /** A number of seconds, a date, or nonsense; null leaves it out. */
  | { readonly retryAfter: string | number | Date | null }
  /** Any other change of the JSON that is answered. */
  | { readonly change: (body: Record<string, unknown>) => void };

/** What a rule may look at. */
export interface Subject {
  readonly moment: Moment;
  /** Of the order or the authorization that it is about, or of a new order's request. */
  readonly names: readonly string[];
  readonly url: string | undefined;
}

export interface Misbehavior {
  /** `any`: every operation at which it can happen. */
  readonly on: Moment | readonly Moment[] | 'any';
  readonly how: Manner;
  /** How often; by default once, with a rate without end. */
  readonly times?: number;
  /** So many fitting calls are polite first. */
  readonly after?: number;
  /** How likely each call is. */
  readonly rate?: number;
  readonly when?: (subject: Subject) => boolean;
}

/** `met`: how often it has had an effect. */
export interface Rule {
  readonly met: number;
  stop(): void;
}

/** What one moment may meet. */
export interface Drawn {
  /** Whether it happens here; counts as having happened. */
  takes(manner: PlainManner): boolean;
  /** The first of this kind, with the same effect. */
  takesOne<Key extends string>(key: Key): Extract<Manner, { readonly [K in Key]: unknown }> | undefined;
}

export interface Manners {
  add(misbehavior: Misbehavior): Rule;
  /** From now on polite. */
  clear(): void;
  /** Rules with a number of times that have not happened as often. */
  unmet(): readonly string[];
  draw(subject: Subject, onTake?: (name: string) => void): Drawn;
}

interface Entry extends Misbehavior {
  left: number;
  politeLeft: number;
  met: number;
}

/** @throws where it cannot happen, so that no test waits for it in vain */
function requirePossible({ on, how }: Misbehavior): void {
  if (on === 'any') return;
  for (const moment of typeof on === 'string' ? [on] : on) {
    if (!isPossible(moment, how)) throw new Error(`${nameOf(how)} cannot happen at ${moment}`);
  }
}

function isPossible(moment: Moment, how: Manner): boolean {
  if (typeof how === 'string') return placesOf(how).includes(moment);
  return 'problem' in how || (moment !== 'validate' && moment !== 'issue');
}

/** A problem for every operation spares what the CA does by itself. */
function isPossibleAnywhere(moment: Moment, how: Manner): boolean {
  const isOwnWork = moment === 'validate' || moment === 'issue';
  return isPossible(moment, how) && (typeof how === 'string' || !isOwnWork);
}

const placesOf = (manner: PlainManner): readonly Moment[] => places[manner];

function nameOf(how: Manner): string {
  if (typeof how === 'string') return how;
  if ('problem' in how) return how.problem;
  return 'status' in how ? `status ${how.status}` : kindOf(how);
}

/** Of a manner with parameters: a problem may have a status as well. */
function kindOf(how: Exclude<Manner, PlainManner>): string {
  return ['problem', 'status'].find((kind) => kind in how) ?? Object.keys(how)[0] ?? '';
}

export function createManners(dice: Dice): Manners {
  const entries = new Set<Entry>();

  const fits = (entry: Entry, subject: Subject): boolean => {
    const { on, how, when, rate } = entry;
    const isHere = on === 'any' ? isPossibleAnywhere(subject.moment, how) : [on].flat().includes(subject.moment);
    if (!isHere || entry.left <= 0 || (when !== undefined && !when(subject))) return false;
    if (entry.politeLeft > 0) {
      entry.politeLeft--;
      return false;
    }
    return rate === undefined || dice.chance(rate);
  };

  return {
    add(misbehavior) {
      requirePossible(misbehavior);
      const { rate, after = 0, times = rate === undefined ? 1 : Number.POSITIVE_INFINITY } = misbehavior;
      const entry: Entry = { ...misbehavior, left: times, politeLeft: after, met: 0 };
      entries.add(entry);
      return {
        get met() {
          return entry.met;
        },
        stop: () => entries.delete(entry),
      };
    },
    clear: () => entries.clear(),
    unmet: () =>
      [...entries]
        .filter(({ left }) => left > 0 && left < Number.POSITIVE_INFINITY)
        .map(({ on, how, left }) => `${nameOf(how)} at ${[on].flat().join(', ')}: ${left} more`),
    draw(subject, onTake = () => undefined) {
      const drawn = [...entries].filter((entry) => fits(entry, subject));
      const take = (entry: Entry | undefined): Entry | undefined => {
        // Another call may have had it meanwhile.
        if (entry === undefined || entry.left <= 0) return undefined;
        entry.left--;
        entry.met++;
        onTake(nameOf(entry.how));
        return entry;
      };
      return {
        takes: (manner) => take(drawn.find(({ how }) => how === manner)) !== undefined,
        takesOne<Key extends string>(key: Key) {
          const entry = take(drawn.find(({ how }) => typeof how !== 'string' && kindOf(how) === key));
          return entry?.how as Extract<Manner, { readonly [K in Key]: unknown }> | undefined;
        },
      };
    },
  };
}
