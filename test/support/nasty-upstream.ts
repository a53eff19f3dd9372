/**
 * An upstream that behaves as badly as real ones do: it loses requests and replies, hangs, is away for hours, takes its time,
 * and issues what nobody ordered. It keeps its own books, so that tests can compare them with ours.
 */
import type { Identifier } from '../../src/domain/identifier.ts';
import { intermediateTbs, rootTbs } from '../../src/pki/ca-certificate.ts';
import { type Certificate, parseCertificate } from '../../src/pki/certificate.ts';
import { parseCsr } from '../../src/pki/csr.ts';
import { createLocalSigner, generateKey, type LocalSigner } from '../../src/pki/key.ts';
import { createLeafTemplate, serialFrom } from '../../src/pki/leaf-template.ts';
import { encodeName } from '../../src/pki/name.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';
import { createFakeRandomness, type FakeClock } from './system.ts';

export type Operation = 'place' | 'find' | 'status' | 'cancel' | 'revoke' | 'renewalInfo';

/** Fault of one call. `loseReply`: it acts, and the reply is lost. `garbage`: a state that is in no document. */
export type Mishap = 'loseRequest' | 'loseReply' | 'hang' | 'garbage';

/** Fault of the certificates it issues. */
export type Misfit =
  | 'anotherKey'
  | 'missingName'
  | 'furtherName'
  | 'noChain'
  | 'strangersChain'
  | 'expired'
  | 'usedSerial'
  | 'notDer';

export interface BoughtOrder {
  readonly reference: string;
  /** Our id of it, as it was sent along. */
  readonly clientReference: string;
  readonly csr: Uint8Array;
  readonly names: readonly Identifier[];
  state: 'pending' | 'issued' | 'refused' | 'cancelled';
  der: Uint8Array | undefined;
  chain: readonly Uint8Array[];
}

export type Status =
  | { readonly state: 'pending' | 'refused' | 'cancelled' | 'on-hold-42'; readonly reference: string }
  | {
      readonly state: 'issued';
      readonly reference: string;
      readonly der: Uint8Array;
      readonly chain: readonly Uint8Array[];
    };

export interface NastyUpstream {
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
  /** Too late to cancel: it continues and issues. */
  isStubborn: boolean;
  misfit: Misfit | undefined;
  renewFrom: Date | undefined;
  decide(reference: string, as: 'issued' | 'refused'): Promise<void>;
  // Its API.
  place(order: Pick<BoughtOrder, 'clientReference' | 'csr' | 'names'>, signal: AbortSignal): Promise<Status>;
  find(clientReference: string, signal: AbortSignal): Promise<Status | undefined>;
  status(reference: string, signal: AbortSignal): Promise<Status>;
  cancel(reference: string, signal: AbortSignal): Promise<'cancelled' | 'tooLate'>;
  revoke(serial: string, signal: AbortSignal): Promise<void>;
  renewalInfo(serial: string, signal: AbortSignal): Promise<Date | undefined>;
}

const dayMs = 86_400_000;

export async function createNastyUpstream(clock: () => FakeClock): Promise<NastyUpstream> {
  made ??= makeAuthority();
  const authority = await made;
  const random = createFakeRandomness(77);
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

  const isGarbled = (operation: Operation): boolean => {
    const isNext = spoiled.get(operation)?.[0] === 'garbage';
    if (isNext) spoiled.get(operation)?.shift();
    return isNext;
  };

  async function statusOf(order: BoughtOrder): Promise<Status> {
    if (order.state !== 'issued' || order.der === undefined) {
      return { state: order.state === 'issued' ? 'pending' : order.state, reference: order.reference };
    }
    return { state: 'issued', reference: order.reference, der: order.der, chain: order.chain };
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

  async function certificateFor(order: BoughtOrder): Promise<Pick<BoughtOrder, 'chain'> & { der: Uint8Array }> {
    const { misfit } = upstream;
    const { signer, certificate, chain } = authority;
    const nowMs = Math.floor(clock().now().getTime() / 1000) * 1000;
    const earlier = orders.find(({ der }) => der !== undefined)?.der;
    const own = parseCsr(order.csr).publicKey.spkiDer;
    const notBefore = new Date(misfit === 'expired' ? nowMs - 20 * dayMs : nowMs - 3_600_000);
    const tbs = createLeafTemplate({
      issuerName: certificate.subject.der,
      issuerKeyId: Buffer.from(certificate.subjectKeyId ?? '', 'hex'),
      signatureAlgorithm: signer.algorithm,
      validationLevel: 'dv',
      policies: [],
    }).tbs({
      serial:
        misfit === 'usedSerial' && earlier !== undefined
          ? parseCertificate(earlier).serial
          : serialFrom(random.bytes(16)),
      notBefore,
      // Not what was planned: an upstream chooses by itself.
      notAfter: new Date(notBefore.getTime() + (misfit === 'expired' ? 10 : 47) * dayMs - 1000),
      spkiDer: misfit === 'anotherKey' ? authority.strangersSpki : own,
      names: namesFor(order.names, misfit),
    });
    const der = await signAndAssemble(tbs, signer);
    if (misfit === 'notDer') return { der: Buffer.from('<html>Bad Gateway</html>'), chain };
    if (misfit === 'noChain') return { der, chain: [] };
    return { der, chain: misfit === 'strangersChain' ? authority.strangersChain : chain };
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
    isStubborn: false,
    misfit: undefined,
    renewFrom: undefined,
    spoil(operation, ...mishaps) {
      spoiled.set(operation, [...(spoiled.get(operation) ?? []), ...mishaps]);
    },
    async decide(reference, as) {
      const order = known(reference);
      if (as === 'issued') await issueFor(order);
      else order.state = 'refused';
    },
    async place(wanted, signal) {
      if (isGarbled('place')) return garbled('place', signal, 'none');
      return call('place', signal, async () => {
        const order: BoughtOrder = {
          ...wanted,
          reference: `up-${orders.length + 1}`,
          state: 'pending',
          der: undefined,
          chain: [],
        };
        orders.push(order);
        if (!upstream.isSlow) await issueFor(order);
        return statusOf(order);
      });
    },
    find: (clientReference, signal) =>
      call('find', signal, async () => {
        const order = orders.find((one) => one.clientReference === clientReference);
        return order && statusOf(order);
      }),
    async status(reference, signal) {
      if (isGarbled('status')) return garbled('status', signal, reference);
      return call('status', signal, () => statusOf(known(reference)));
    },
    cancel: (reference, signal) =>
      call('cancel', signal, async () => {
        const order = known(reference);
        if (order.state === 'pending' && !upstream.isStubborn) order.state = 'cancelled';
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

function namesFor(names: readonly Identifier[], misfit: Misfit | undefined): readonly Identifier[] {
  if (misfit === 'missingName') return names.slice(1);
  if (misfit === 'furtherName') return [...names, { kind: 'dns', value: 'www.also.example' }];
  return names;
}

interface Authority {
  readonly signer: LocalSigner;
  readonly certificate: Certificate;
  readonly chain: readonly Uint8Array[];
  readonly strangersChain: readonly Uint8Array[];
  readonly strangersSpki: Uint8Array;
}

let made: Promise<Authority> | undefined;

/** Once for each test file. */
async function makeAuthority(): Promise<Authority> {
  const own = await makeChain('Upstream Ltd');
  const strangers = await makeChain('Upstream Ltd');
  const { spkiDer: strangersSpki } = await generateKey({ type: 'ec', curve: 'P-256' });
  return { ...own, strangersChain: strangers.chain, strangersSpki };
}

async function makeChain(organization: string) {
  const root = await generateKey({ type: 'ec', curve: 'P-256' });
  const intermediate = await generateKey({ type: 'ec', curve: 'P-256' });
  const rootSigner = createLocalSigner(root.privateKeyPkcs8);
  const common = {
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2040-01-01T00:00:00Z'),
    signatureAlgorithm: rootSigner.algorithm,
  };
  const subjectName = encodeName({ O: organization, CN: `${organization} Root` });
  const rootDer = await signAndAssemble(
    rootTbs({ ...common, serial: Buffer.from([1]), subjectName, spkiDer: root.spkiDer }),
    rootSigner,
  );
  const rootCertificate = parseCertificate(rootDer);
  const der = await signAndAssemble(
    intermediateTbs({
      ...common,
      serial: Buffer.from([2]),
      subjectName: encodeName({ O: organization, CN: `${organization} TLS` }),
      spkiDer: intermediate.spkiDer,
      issuerName: rootCertificate.subject.der,
      issuerKeyId: Buffer.from(rootCertificate.subjectKeyId ?? '', 'hex'),
    }),
    rootSigner,
  );
  return {
    signer: createLocalSigner(intermediate.privateKeyPkcs8),
    certificate: parseCertificate(der),
    chain: [der, rootDer],
  };
}
