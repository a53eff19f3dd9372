/**
 * An upstream that behaves as badly as real ones do: it loses requests and replies, hangs, is away for hours, takes its time,
 * and issues what nobody ordered. It may check the names itself (`relays`): then it makes challenges, changes them, and lets them run
 * out. It keeps its own books, so that tests can compare them with ours.
 */
import { type Challenge, methodOfChoice, type NameChoice } from '../../src/domain/challenge.ts';
import { baseName, type Identifier } from '../../src/domain/identifier.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';
import { parseCsr } from '../../src/pki/csr.ts';
import { createFakeRandomness } from './system.ts';
import { issueLeaf, type Misfit } from './upstream-authority.ts';

export type Operation =
  | 'place'
  | 'find'
  | 'status'
  | 'cancel'
  | 'revoke'
  | 'renewalInfo'
  | 'check'
  | 'changeMethod'
  | 'removeName';

/**
 * Fault of one call. `loseReply`: it acts, and the reply is lost. `garbage`: a state that is in no document. `notYet`: its
 * search does not know yet what it has accepted.
 */
export type Mishap = 'loseRequest' | 'loseReply' | 'hang' | 'garbage' | 'notYet';

export interface BoughtOrder {
  readonly reference: string;
  /** Our id of it, as it was sent along. */
  readonly clientReference: string;
  readonly csr: Uint8Array;
  names: readonly Identifier[];
  /** `unproved`: it waits for the proofs of the names. */
  state: 'unproved' | 'pending' | 'issued' | 'refused' | 'cancelled';
  /** How each name is to be proved; empty where it does not check the names itself. */
  readonly methods: Map<string, NameChoice['choice']>;
  /** Of the challenges: they are new with each. */
  round: number;
  challengesUntil: Date | undefined;
  der: Uint8Array | undefined;
  chain: readonly Uint8Array[];
  /** What left it in answers that were not lost, the same certificate as often as it was sent. */
  readonly delivered: Uint8Array[];
}

export interface ProofsOfOrder {
  readonly names: readonly {
    readonly name: string;
    readonly challenges: readonly Challenge[];
    readonly isProved?: true;
  }[];
  readonly until: Date;
}

export type Status =
  | { readonly state: 'unproved'; readonly reference: string; readonly proofs: ProofsOfOrder | undefined }
  | { readonly state: 'pending' | 'refused' | 'cancelled' | 'on-hold-42'; readonly reference: string }
  | {
      readonly state: 'issued';
      readonly reference: string;
      readonly der: Uint8Array;
      readonly chain: readonly Uint8Array[];
    };

/** What its customers may call. */
export interface UpstreamApi {
  place(order: Wanted, signal: AbortSignal): Promise<Status>;
  find(clientReference: string, signal: AbortSignal): Promise<Status | undefined>;
  status(reference: string, signal: AbortSignal): Promise<Status>;
  cancel(reference: string, signal: AbortSignal): Promise<'cancelled' | 'tooLate'>;
  revoke(serial: string, signal: AbortSignal): Promise<void>;
  renewalInfo(serial: string, signal: AbortSignal): Promise<Date | undefined>;
  /** Looks for the proofs now. */
  check(reference: string, signal: AbortSignal): Promise<Status>;
  changeMethod(reference: string, change: NameChoice, signal: AbortSignal): Promise<Status | 'refused'>;
  /** `refused`: it keeps the name, as of an order that it issues. */
  removeName(reference: string, name: Identifier, signal: AbortSignal): Promise<'removed' | 'refused'>;
}

type Wanted = Pick<BoughtOrder, 'clientReference' | 'csr' | 'names'> & { readonly choices: readonly NameChoice[] };

export interface NastyUpstream extends UpstreamApi {
  /** Its books. */
  readonly orders: readonly BoughtOrder[];
  readonly revoked: readonly string[];
  /** Every call, in order, also those that it never heard of. */
  readonly calls: readonly Operation[];
  /** The next calls of this operation go wrong, one after the other. */
  spoil(operation: Operation, ...mishaps: readonly Mishap[]): void;
  /** Nobody answers. */
  isAway: boolean;
  /** Orders stay pending until `decide`. */
  isSlow: boolean;
  /** A second order with the same client reference is the first one. */
  takesOnce: boolean;
  /** Every answer brings another certificate, with a serial of its own. */
  issuesAgain: boolean;
  /** Too late to cancel: it continues and issues. */
  isStubborn: boolean;
  /** It checks the names itself. */
  relays: boolean;
  /** Its challenges are not known until `prepare`. */
  isPreparing: boolean;
  /** It finds the proofs at once when it is told to look. */
  isProved: boolean;
  challengeHours: number;
  /** Names that it has accepted already, while it waits for others of their order. */
  acceptedNames: readonly string[];
  /** Names that it does not take out of their order. */
  keptNames: readonly string[];
  /** Methods that it offers, and then does not take. */
  refusedMethods: readonly ValidationMethod[];
  /** The host of its records: below the name by default. */
  hostOf: (base: string) => string;
  misfit: Misfit | undefined;
  renewFrom: Date | undefined;
  decide(reference: string, as: 'issued' | 'refused'): Promise<void>;
  /** Challenges for the order, other ones than before. */
  prepare(reference: string): void;
  /** It accepts the proofs of the order, without having been told to look. */
  accept(reference: string): Promise<void>;
}

let seed = 77;

export async function createNastyUpstream(clock: () => Pick<Clock, 'now'>): Promise<NastyUpstream> {
  // They share an authority, which gives no serial twice.
  const random = createFakeRandomness(seed++);
  const orders: BoughtOrder[] = [];
  const revoked: string[] = [];
  const calls: Operation[] = [];
  const spoiled = new Map<Operation, Mishap[]>();

  /** One call over the wire. */
  async function call<T>(operation: Operation, signal: AbortSignal, act: () => T | Promise<T>): Promise<T> {
    calls.push(operation);
    const mishap = spoiled.get(operation)?.shift();
    if (upstream.isAway || mishap === 'loseRequest') throw new Error('connection refused');
    if (mishap === 'hang')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const answer = await act();
    if (mishap === 'loseReply') throw new Error('socket hang up');
    return answer;
  }

  const isNext = (operation: Operation, mishap: Mishap): boolean => {
    const isMet = spoiled.get(operation)?.[0] === mishap;
    if (isMet) spoiled.get(operation)?.shift();
    return isMet;
  };

  /** One call that answers the status of an order. */
  async function answered(
    operation: Operation,
    signal: AbortSignal,
    act: () => BoughtOrder | Promise<BoughtOrder>,
  ): Promise<Status> {
    const { order, status } = await call(operation, signal, async () => {
      const order = await act();
      if (order.state === 'issued' && upstream.issuesAgain) await issueFor(order);
      return { order, status: statusOf(order) };
    });
    if (status.state === 'issued') order.delivered.push(status.der);
    return status;
  }

  function statusOf(order: BoughtOrder): Status {
    const { reference, state } = order;
    if (state === 'unproved') return { state, reference, proofs: proofsOf(order) };
    if (state !== 'issued' || order.der === undefined) {
      return { state: state === 'issued' ? 'pending' : state, reference };
    }
    return { state: 'issued', reference: order.reference, der: order.der, chain: order.chain };
  }

  /** Those that ran out are replaced when somebody asks. */
  function proofsOf(order: BoughtOrder): ProofsOfOrder | undefined {
    if (order.challengesUntil === undefined) return undefined;
    if (order.challengesUntil <= clock().now()) upstream.prepare(order.reference);
    const names = order.names.map((name) => ({
      name: name.value,
      challenges: [challengeFor(order, name)],
      ...(upstream.acceptedNames.includes(name.value) ? { isProved: true as const } : {}),
    }));
    return { names, until: order.challengesUntil };
  }

  function challengeFor({ methods, reference, round }: BoughtOrder, name: Identifier): Challenge {
    const choice = methods.get(name.value) ?? 'dnsCname';
    const value = `${reference}-${round}`;
    const base = baseName(name);
    if (typeof choice !== 'string') {
      return { method: 'email', binding: 'server', addresses: [choice.address], chosen: choice.address };
    }
    switch (choice) {
      case 'email':
        return { method: 'email', binding: 'server', addresses: [`admin@${base}`] };
      case 'httpFile':
      case 'httpsFile':
        return { method: choice, binding: 'server', path: `/.well-known/pki-validation/${value}.txt`, content: value };
      case 'tlsAlpn':
        return { method: choice, binding: 'server', identifierHash: value };
      case 'dnsPersist':
      case 'dnsTxt':
        return { method: 'dnsTxt', binding: 'server', host: upstream.hostOf(base), value };
      case 'dnsCname':
        return {
          method: 'dnsCname',
          binding: 'server',
          host: `_${value}.${base}`,
          target: `${value}.upstream.example`,
        };
    }
  }

  async function acceptProofs(order: BoughtOrder): Promise<void> {
    order.state = 'pending';
    if (!upstream.isSlow) await issueFor(order);
  }

  async function garbled(operation: Operation, signal: AbortSignal, reference: string): Promise<Status> {
    return call(operation, signal, () => ({ state: 'on-hold-42', reference }));
  }

  async function issueFor(order: BoughtOrder): Promise<void> {
    const { der, chain } = await certificateFor(order);
    order.der = der;
    order.chain = chain;
    order.state = 'issued';
  }

  function certificateFor(order: BoughtOrder): Promise<Pick<BoughtOrder, 'chain'> & { der: Uint8Array }> {
    return issueLeaf({
      spkiDer: parseCsr(order.csr).publicKey.spkiDer,
      names: order.names,
      now: clock().now(),
      randomness: random,
      misfit: upstream.misfit,
      earlier: orders.find(({ der }) => der !== undefined)?.der,
    });
  }

  function known(reference: string): BoughtOrder {
    const order = orders.find((one) => one.reference === reference);
    if (order === undefined) throw new Error(`there is no order ${reference}`);
    return order;
  }

  const upstream: NastyUpstream = {
    orders,
    revoked,
    calls,
    isAway: false,
    isSlow: false,
    takesOnce: false,
    issuesAgain: false,
    isStubborn: false,
    relays: false,
    isPreparing: false,
    isProved: false,
    challengeHours: 24 * 7,
    acceptedNames: [],
    keptNames: [],
    refusedMethods: [],
    hostOf: (base) => base,
    misfit: undefined,
    renewFrom: undefined,
    prepare(reference) {
      const order = known(reference);
      order.round++;
      order.challengesUntil = new Date(clock().now().getTime() + upstream.challengeHours * 3_600_000);
    },
    accept: (reference) => acceptProofs(known(reference)),
    spoil(operation, ...mishaps) {
      spoiled.set(operation, [...(spoiled.get(operation) ?? []), ...mishaps]);
    },
    async decide(reference, as) {
      const order = known(reference);
      if (as === 'issued') await issueFor(order);
      else order.state = 'refused';
    },
    async place(wanted, signal) {
      if (isNext('place', 'garbage')) return garbled('place', signal, 'none');
      return answered('place', signal, async () => {
        const known = orders.find(({ clientReference }) => clientReference === wanted.clientReference);
        if (upstream.takesOnce && known !== undefined) return known;
        const { choices, ...rest } = wanted;
        const order: BoughtOrder = {
          ...rest,
          reference: `up-${orders.length + 1}`,
          state: upstream.relays ? 'unproved' : 'pending',
          methods: new Map(choices.map(({ name, choice }) => [name.value, choice])),
          round: 0,
          challengesUntil: undefined,
          der: undefined,
          chain: [],
          delivered: [],
        };
        orders.push(order);
        if (upstream.relays && !upstream.isPreparing) upstream.prepare(order.reference);
        if (!upstream.relays && !upstream.isSlow) await issueFor(order);
        return order;
      });
    },
    async find(clientReference, signal) {
      if (isNext('find', 'notYet')) return call('find', signal, () => undefined);
      const order = orders.find((one) => one.clientReference === clientReference);
      return order === undefined ? call('find', signal, () => undefined) : answered('find', signal, () => order);
    },
    async status(reference, signal) {
      if (isNext('status', 'garbage')) return garbled('status', signal, reference);
      return answered('status', signal, () => known(reference));
    },
    check: (reference, signal) =>
      answered('check', signal, async () => {
        const order = known(reference);
        if (upstream.isProved && order.state === 'unproved') await acceptProofs(order);
        return order;
      }),
    async changeMethod(reference, { name, choice }, signal) {
      const method = methodOfChoice(choice);
      if (upstream.refusedMethods.includes(method)) return call('changeMethod', signal, () => 'refused' as const);
      return answered('changeMethod', signal, () => {
        const order = known(reference);
        // The same choice again changes nothing.
        order.methods.set(name.value, choice);
        return order;
      });
    },
    removeName: (reference, { value }, signal) =>
      call('removeName', signal, () => {
        const order = known(reference);
        const names = order.names.filter((name) => name.value !== value);
        // One that is out already is no fault.
        if (names.length === order.names.length) return 'removed';
        if (order.state !== 'unproved' || names.length === 0 || upstream.keptNames.includes(value)) return 'refused';
        order.names = names;
        return 'removed';
      }),
    cancel: (reference, signal) =>
      call('cancel', signal, async () => {
        const order = known(reference);
        const isOpen = order.state === 'pending' || order.state === 'unproved';
        if (isOpen && !upstream.isStubborn) order.state = 'cancelled';
        return order.state === 'cancelled' ? 'cancelled' : 'tooLate';
      }),
    revoke: (serial, signal) =>
      call('revoke', signal, () => {
        revoked.push(serial);
      }),
    renewalInfo: (_serial, signal) => call('renewalInfo', signal, () => upstream.renewFrom),
  };
  return upstream;
}
