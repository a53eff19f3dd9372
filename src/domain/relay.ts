/**
 * Relay: an upstream checks the names itself, and the front door shows the upstream's challenges instead of ours. Pure rules for
 * the pair of a front door and an issuer, and for what the customer wants to be passed on.
 */
import type { Challenge, MethodChoice, NameChoice } from './challenge.ts';
import { methodOfChoice } from './challenge.ts';
import { type Reason, reason } from './errors.ts';
import { type Identifier, isIp } from './identifier.ts';
import { canProve } from './policy.ts';
import type { Profile } from './profile.ts';
import { isFileMethod, type ValidationMethod } from './validation-method.ts';

/**
 * How an upstream that validates the names itself gets to see what it asks for, while we check them by challenges of our own. `alias`: in
 * our zone, to which the customer delegates `_acme-challenge`. `serve`: from our responder on port 80, or through the customer's web
 * server. `persist`: in a record that names our account there, and stays. `signfile`: in the
 * vendor's own file, the same for every order (design §5).
 */
export const acmeModes = ['alias', 'serve', 'persist'] as const;
export type AcmeMode = (typeof acmeModes)[number];

export const agentModes = [...acmeModes, 'signfile'] as const;
export type AgentMode = (typeof agentModes)[number];

/** `own`: the upstream relies on our checks. `standing`: it has validated the domains for us already, whatever we check. */
export type UpstreamMode = 'own' | 'standing' | AgentMode;

/** `own`: we check the names by the front door's challenges. `relay`: the issuer's upstream does, by its own, which the front door shows. */
export type ProvingMode = UpstreamMode | 'relay';

/** Challenges of an upstream that a front door can show in its own fields. A front door without one never relays. */
export interface RelayDoor {
  readonly methods: readonly ValidationMethod[];
  /** False for a challenge of such a method whose place has no field: the API names only the value, and the place is fixed. */
  shows(challenge: Challenge, name: Identifier): boolean;
  /**
   * It shows its customers host and target of any CNAME as the record to place, so that they can be shown the delegation of
   * `_acme-challenge`. False where its clients know one of the two beforehand.
   */
  readonly showsDelegation: boolean;
  /** It takes orders without a CSR, and hands out the key: only those can be bought where the vendor makes the key itself. */
  readonly ordersWithoutCsr?: true;
}

/** One side of a pair: the front door by its name, with what it can show. */
export interface DoorOfPair {
  readonly dialect: string;
  readonly door: Pick<RelayDoor, 'methods' | 'showsDelegation' | 'ordersWithoutCsr'> | undefined;
}

/** Reports whether an issuer with the mode `alias` can have its delegation shown here, instead of the front door's own challenges. */
export function showsDelegation({ door }: DoorOfPair): boolean {
  return door?.showsDelegation === true;
}

/** The other side. `relayed`: the methods that it can offer, in mode `relay`. */
export type IssuerOfPair =
  | { readonly id: string; readonly mode: UpstreamMode }
  | {
      readonly id: string;
      readonly mode: Extract<ProvingMode, 'relay'>;
      readonly relayed: readonly ValidationMethod[];
      /** The upstream makes the keys, and takes no CSR. */
      readonly makesKeys?: true;
    };

/** That of an issuer that buys from a vendor. */
export function vendorSide(
  id: string,
  mode: Extract<ProvingMode, 'relay' | 'standing' | 'signfile'>,
  { relayed, takesCsr }: { readonly relayed: readonly ValidationMethod[]; readonly takesCsr: boolean },
): IssuerOfPair {
  if (mode !== 'relay') return { id, mode };
  return { id, mode, relayed, ...(takesCsr ? {} : { makesKeys: true }) };
}

/** The methods of the issuer that the front door can show; all that we check ourselves it can. */
function sharedMethods({ door }: DoorOfPair, relayed: readonly ValidationMethod[]): readonly ValidationMethod[] {
  return relayed.filter((method) => door?.methods.includes(method));
}

/** The first name that can never be validated in this mode: a wildcard is no host that serves files, an address is in no zone. */
export function objectionToNamesInMode(
  mode: UpstreamMode,
  names: readonly Identifier[],
  issuer: string,
): Reason | undefined {
  if (mode === 'own' || mode === 'standing') return undefined;
  const isByFile = mode === 'serve' || mode === 'signfile';
  const found = names.find((name) => (isByFile ? name.kind === 'wildcard' : isIp(name)));
  if (found === undefined) return undefined;
  return reason(isByFile ? 'wildcardByFile' : 'addressByDns', { name: found.value, issuer });
}

/** The reason why nothing of this issuer can be sold through this front door; undefined where it can (design §5). */
export function objectionToPair(pair: DoorOfPair, issuer: IssuerOfPair): Reason | undefined {
  if (issuer.mode !== 'relay') return undefined;
  if (sharedMethods(pair, issuer.relayed).length > 0) {
    const isCsrSent = issuer.makesKeys === true && pair.door?.ordersWithoutCsr !== true;
    return isCsrSent ? reason('doorSendsCsr', { dialect: pair.dialect, issuer: issuer.id }) : undefined;
  }
  const shown = pair.door?.methods ?? [];
  return reason('doorCannotRelay', { dialect: pair.dialect, issuer: issuer.id, offered: issuer.relayed, shown });
}

/**
 * The methods by which a name can be proved to the upstream of this pair, in the order in which it names them. Never a wildcard by a file,
 * whatever our own profile allows: the upstream follows the public rules (BR §3.2.2.4.18), and refuses the order.
 */
export function relayedMethodsFor(
  name: Identifier,
  {
    pair,
    relayed,
    profile,
  }: { readonly pair: DoorOfPair; readonly relayed: readonly ValidationMethod[]; readonly profile: Profile },
): readonly ValidationMethod[] {
  return sharedMethods(pair, relayed).filter(
    (method) => canProve(method, name, profile) && !(name.kind === 'wildcard' && isFileMethod(method)),
  );
}

/** The customer's wishes that are not passed on yet, numbered so that whoever waits for one knows when its turn was. */
export interface RelayWish {
  readonly number: number;
  readonly choices: readonly NameChoice[];
  /** Names that are to be taken out of the order. */
  readonly removals: readonly Identifier[];
  readonly wantsCheck: boolean;
}

/** The part of an upstream order that only a relayed one has. */
export interface UpstreamRelay {
  /** The end of its challenges; null until there are any. */
  readonly proofsUntil: Date | null;
  readonly wish: RelayWish;
  /** The last check that was passed on. */
  readonly checkedAt: Date | null;
  /**
   * The newest choice or removal that the upstream refused, and the number of the wish that it was part of. The order shows it until
   * something else is wished for that name: whoever wished for it may have stopped waiting before the answer came.
   */
  readonly refusal: { readonly wish: number; readonly name: string; readonly reason: Reason } | null;
}

export const newRelay: UpstreamRelay = {
  proofsUntil: null,
  wish: { number: 0, choices: [], removals: [], wantsCheck: false },
  checkedAt: null,
  refusal: null,
};

/** Adds to what is to be passed on; of two choices for a name the later counts. */
export function withWish(relay: UpstreamRelay, added: Partial<Omit<RelayWish, 'number'>>): UpstreamRelay {
  const { wish } = relay;
  const { choices = [], removals = [], wantsCheck = wish.wantsCheck } = added;
  const isReplaced = ({ name }: NameChoice) => choices.some((one) => isSameName(one.name, name));
  const kept = wish.choices.filter((one) => !isReplaced(one));
  const fresh = removals.filter((name) => !wish.removals.some((one) => isSameName(one, name)));
  const wished = [...choices.map(({ name }) => name), ...removals];
  const isOutdated = wished.some(({ value }) => value === relay.refusal?.name);
  return {
    ...relay,
    refusal: isOutdated ? null : relay.refusal,
    wish: {
      number: wish.number + 1,
      choices: [...kept, ...choices],
      removals: [...wish.removals, ...fresh],
      wantsCheck,
    },
  };
}

/** What was passed on in one call. */
export type PassedOn =
  | { readonly choice: NameChoice }
  | { readonly removal: Identifier }
  | { readonly checkOf: number };

/** Without what was passed on, unless it was wished again, or otherwise, while the call was under way. */
export function withoutWish(relay: UpstreamRelay, passedOn: PassedOn, at: Date): UpstreamRelay {
  const { wish } = relay;
  if ('checkOf' in passedOn) {
    const wantsCheck = wish.wantsCheck && wish.number !== passedOn.checkOf;
    return { ...relay, wish: { ...wish, wantsCheck }, checkedAt: at };
  }
  if ('removal' in passedOn) {
    const removals = wish.removals.filter((one) => !isSameName(one, passedOn.removal));
    return { ...relay, wish: { ...wish, removals } };
  }
  const choices = wish.choices.filter((one) => !isSameChoice(one, passedOn.choice));
  return { ...relay, wish: { ...wish, choices } };
}

/** Without any wish about a name that is not in the order any more. */
export function withoutName(relay: UpstreamRelay, name: Identifier): UpstreamRelay {
  const { wish } = relay;
  const choices = wish.choices.filter((one) => !isSameName(one.name, name));
  const removals = wish.removals.filter((one) => !isSameName(one, name));
  return { ...relay, wish: { ...wish, choices, removals } };
}

/** The next one to pass on. A name goes out before anything else is done for it, and the check would look for what is about to be replaced. */
export function nextWish({ wish: { number, choices, removals, wantsCheck } }: UpstreamRelay): PassedOn | undefined {
  const [removal] = removals;
  if (removal !== undefined) return { removal };
  const [choice] = choices;
  if (choice !== undefined) return { choice };
  return wantsCheck ? { checkOf: number } : undefined;
}

function isSameName(one: Identifier, other: Identifier): boolean {
  return one.value === other.value;
}

function isSameChoice(one: NameChoice, other: NameChoice): boolean {
  return isSameName(one.name, other.name) && textOf(one.choice) === textOf(other.choice);
}

function textOf(choice: MethodChoice): string {
  return typeof choice === 'string' ? choice : `${methodOfChoice(choice)} ${choice.address}`;
}
