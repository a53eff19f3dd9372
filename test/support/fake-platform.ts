/**
 * A core in memory, enough for the tests of a dialect: accounts, credentials, prices, orders, reuse of proofs. It does what the
 * port says and nothing behind it: a test says when a name is proved and when a certificate is issued.
 */

import { generateKeyPairSync } from 'node:crypto';
import type { Credential, FundedAccount } from '../../src/domain/account.ts';
import { isInRanges } from '../../src/domain/address-range.ts';
import type { Approval } from '../../src/domain/approval.ts';
import { type Authorization, isUsable } from '../../src/domain/authorization.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { Certificate } from '../../src/domain/certificate.ts';
import type { CheckResult } from '../../src/domain/challenge.ts';
import { CertError, quoted, type Reason, reason, refuse } from '../../src/domain/errors.ts';
import type { Identifier } from '../../src/domain/identifier.ts';
import { newId } from '../../src/domain/ids.ts';
import { type Issuance, issuanceSummaryOf } from '../../src/domain/issuance.ts';
import type { Condition } from '../../src/domain/messages/words.ts';
import { formatMoney } from '../../src/domain/money.ts';
import { defaultReminderSettings, type Order } from '../../src/domain/order.ts';
import { objectionToNames } from '../../src/domain/policy.ts';
import type { Dialect } from '../../src/domain/ports/dialect.ts';
import {
  type OrderReference,
  type OrderSummary,
  type OrderView,
  type PlaceOrder,
  type Reissue,
  referenceText,
} from '../../src/domain/ports/orders.ts';
import type { Clock, Randomness } from '../../src/domain/ports/system.ts';
import {
  coverageEnd,
  type Product,
  priceOfAddedNames,
  priceOfNames,
  productDefaults,
} from '../../src/domain/product.ts';
import { defaultProfiles, type KeyKind } from '../../src/domain/profile.ts';
import type { Role } from '../../src/domain/role.ts';
import { parseCsr } from '../../src/pki/csr.ts';
import { createPublicSuffixes } from '../../src/system/public-suffix.ts';
import { secretInTests } from './dialect-harness.ts';
import { intermediate, leaf, root } from './fake-chain.ts';
import type { FlatCore } from './flat-core.ts';

export interface FakePlatform extends FlatCore {
  /** Methods for tests only. */
  readonly hand: Hand;
}

export interface Hand {
  addAccount(change?: Partial<FundedAccount>): FundedAccount;
  /** Someone who signs in with `createDevice`. */
  addUser(account: FundedAccount, username: string, password: string): void;
  addCredential(
    account: FundedAccount | null,
    key: { publicId: string; secret: string; roles?: readonly Role[]; allowedAddresses?: readonly string[] },
  ): Credential;
  revokeCredential(publicId: string): void;
  /** Proves the name (or every name) of the order's newest issuance. */
  prove(number: number, name?: string): void;
  /** Result of `checkChallenges`. */
  setCname(host: string, target: string): void;
  /** A check of the name found this instead of its proof. */
  failCheck(number: number, name: string, problem: Reason): void;
  /** Proves what is left and issues; `upstreamChain` as an upstream would send it, null: signed by an authority of ours. */
  issue(number: number, validityDays?: number, upstreamChain?: readonly Uint8Array[] | null): void;
  fail(number: number, reason: Reason): void;
  /** Work of the core while a caller waits with `settle` for an order that is not proved or not issued yet. */
  whileSettling(work: (number: number) => void): void;
  /** An approver approves the order. */
  approve(number: number): void;
  /** Ends the order as expired, rejected, … without more ado. */
  setOrder(number: number, change: Partial<Order>): void;
  view(number: number): OrderView;
  readonly orderCount: number;
  /** Every account that was registered, with what it signs in by. */
  readonly registered: readonly { readonly account: FundedAccount; readonly username: string }[];
  /** A mail server is configured from now on. */
  offerMail(): void;
  /** Every `recheck` so far, by order number. */
  readonly rechecks: readonly number[];
}

export interface FakePlatformOptions {
  readonly dialect: Pick<Dialect, 'name' | 'catalogue' | 'newKey' | 'createProofMaker'>;
  /** Configuration of the dialect. */
  readonly config?: unknown;
  readonly clock: Clock;
  readonly random: Randomness;
  /** The number of the first order. */
  readonly firstNumber?: number;
}

interface Row {
  order: Order;
  issuance: Issuance;
  readonly product: Product;
  authorizations: Authorization[];
  certificate: Certificate | null;
  approval?: Approval;
}

/** Unsealed, as nothing here is stored. */
function madeKey(make: KeyKind): Uint8Array {
  const { privateKey } =
    make === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: make });
  return privateKey.export({ format: 'der', type: 'pkcs8' });
}

function isWish(csr: PlaceOrder['csr'] | Reissue['csr']): csr is { readonly make: KeyKind } {
  return csr !== null && typeof csr === 'object' && 'make' in csr;
}

function detailsOf(choice: PlaceOrder['organization']): Order['organization'] {
  if (choice === null || 'name' in choice) return choice;
  throw new Error('the fake platform keeps no organizations');
}

/** The order as lists show it. */
export function summaryOf({ authorizations: _, chain: __, issuance, ...view }: OrderView): OrderSummary {
  return { ...view, issuance: issuanceSummaryOf(issuance) };
}

export function createFakePlatform(options: FakePlatformOptions): FakePlatform {
  const { dialect, clock, random } = options;
  const ids = { clock, random };
  const publicSuffixes = createPublicSuffixes();
  const proofMaker = dialect.createProofMaker({ config: options.config, secretFor: secretInTests, publicSuffixes });
  const accounts = new Map<string, FundedAccount>();
  const users = new Map<string, { readonly password: string; readonly accountId: FundedAccount['id'] }>();
  const credentials = new Map<string, { credential: Credential; readonly secret: string }>();
  const rows: Row[] = [];
  const usedReferences = new Set<string>();
  const claims = new Map<string, { readonly fingerprint: string; readonly row: Row; readonly untilMs: number }>();
  const rechecks: number[] = [];
  const registered: { readonly account: FundedAccount; readonly username: string }[] = [];
  const cnames = new Map<string, string>();
  let workWhileSettling: (number: number) => void = () => {};
  let sendsMail = false;
  let nextNumber = options.firstNumber ?? 1;
  const products: readonly Product[] = dialect.catalogue.map((entry) => ({
    ...productDefaults,
    ...entry,
    id: newId('product', ids),
    dialect: dialect.name,
  }));

  function accountOf(caller: Caller): FundedAccount {
    const account = accounts.get(caller.scope);
    if (account === undefined) throw refuse('accountNeeded', {});
    return account;
  }

  function rowOf(caller: Caller, reference: OrderReference): Row {
    const row = rows.find(({ order }) =>
      'number' in reference ? order.number === reference.number : 'id' in reference && order.id === reference.id,
    );
    if (row === undefined || row.order.accountId !== caller.scope) {
      throw refuse('notFound', { what: 'order', value: referenceText(reference) });
    }
    return row;
  }

  function viewOf(row: Row): OrderView {
    const account = accounts.get(row.order.accountId);
    if (account === undefined) throw new Error('an order of no account');
    const chain = row.certificate === null ? [] : (row.certificate.upstreamChain ?? [intermediate, root]);
    const { order, issuance, authorizations, certificate, product, approval = null } = row;
    const organization = null;
    return {
      order,
      product,
      account,
      issuance,
      authorizations,
      certificate,
      chain,
      approval,
      organization,
      now: clock.now(),
    };
  }

  function charge(account: FundedAccount, minor: number): void {
    if (minor > account.balanceMinor) {
      const { currency } = account;
      const [needed, balance] = [minor, account.balanceMinor].map((amount) => formatMoney({ minor: amount, currency }));
      throw refuse('insufficientBalance', { needed: needed ?? '', balance: balance ?? '' });
    }
    accounts.set(account.id, { ...account, balanceMinor: account.balanceMinor - minor });
  }

  function checkNames(account: FundedAccount, product: Product, names: readonly Identifier[]): void {
    const profile = defaultProfiles.find((candidate) => candidate.id === product.profileId);
    if (profile === undefined) throw new Error(`no profile ${product.profileId}`);
    const isSpecialPurpose = () => false;
    const objection = objectionToNames(names, { account, product, profile, publicSuffixes, isSpecialPurpose });
    if (objection !== undefined) throw new CertError(objection);
  }

  function claimReference(value: string): void {
    if (usedReferences.has(value)) throw refuse('proofReferenceUsed', { value });
    usedReferences.add(value);
  }

  /** A new issuance and its authorizations, where the account has no usable one of the name. */
  function beginIssuance(
    order: Pick<Order, 'id' | 'accountId'>,
    kind: Issuance['kind'],
    request: PlaceOrder | Reissue,
    product: Product,
    chargedMinor: number,
  ): Pick<Row, 'issuance' | 'authorizations'> {
    const id = newId('issuance', ids);
    const now = clock.now();
    const { proofReference, dialectData = {} } = request;
    const csr = request.csr instanceof Uint8Array ? request.csr : null;
    const facts = { accountId: order.accountId, credentialId: null, proofReference, csr, dialectData };
    const challengesFor = proofMaker.challengesOf(facts);
    const authorizations = request.names.map((identifier): Authorization => {
      const reusable = rows
        .filter((row) => row.order.accountId === order.accountId)
        .flatMap((row) => row.authorizations)
        .find((authorization) => authorization.identifier.value === identifier.value && isUsable(authorization, now));
      return (
        reusable ?? {
          id: newId('authorization', ids),
          accountId: order.accountId,
          issuanceId: id,
          identifier,
          checkedBy: null,
          state: 'pending',
          challenges: challengesFor(identifier).filter(({ method }) => method !== 'email' || sendsMail),
          preferredMethod: request.preferredMethod,
          checks: [],
          provedBy: null,
          provedAt: null,
          binding: null,
          keyHash: null,
          validUntil: null,
          createdAt: now,
        }
      );
    });
    const needsApproval = accounts.get(order.accountId)?.approval !== 'automatic';
    const issuance: Issuance = {
      id,
      number: nextNumber,
      orderId: order.id,
      accountId: order.accountId,
      kind,
      state: needsApproval ? 'awaitingApproval' : stateByProofs(authorizations),
      names: authorizations.map(({ identifier, id: authorizationId }) => ({ identifier, authorizationId })),
      validity: request.validity ?? null,
      csr,
      proofReference,
      sealedKey: isWish(request.csr) ? madeKey(request.csr.make) : null,
      profileId: product.profileId,
      issuerId: ('issuerId' in request ? request.issuerId : undefined) ?? product.issuerId,
      plan: null,
      chargedMinor,
      rest: null,
      validatingSince: now,
      certificateId: null,
      failure: null,
      createdAt: now,
    };
    return { issuance, authorizations };
  }

  function stateByProofs(authorizations: readonly Authorization[]): Issuance['state'] {
    const isProved = authorizations.every((authorization) => isUsable(authorization, clock.now()));
    return isProved ? 'ready' : 'awaitingValidation';
  }

  function prove(row: Row, name?: string): void {
    const now = clock.now();
    row.authorizations = row.authorizations.map((authorization) =>
      name === undefined || authorization.identifier.value === name
        ? {
            ...authorization,
            state: 'valid',
            provedBy: authorization.challenges[0]?.method ?? null,
            provedAt: now,
            binding: 'server',
            validUntil: new Date(now.getTime() + 199 * 86_400_000),
          }
        : authorization,
    );
    if (row.authorizations.every((authorization) => isUsable(authorization, now))) {
      row.issuance = { ...row.issuance, state: 'ready' };
    }
  }

  function byNumber(number: number): Row {
    const row = rows.find(({ order }) => order.number === number);
    if (row === undefined) throw new Error(`no order ${number}`);
    return row;
  }

  function wrongState(row: Row, needed: Condition): Error {
    const { number, state } = row.order;
    return refuse('wrongState', { what: 'order', value: String(number), state, needed });
  }

  const hand: Hand = {
    addAccount(change = {}) {
      const account: FundedAccount = {
        id: newId('account', ids),
        number: accounts.size + 1,
        name: 'Test',
        state: 'active',
        currency: 'CNY',
        balanceMinor: 1_000_000,
        approval: 'automatic',
        separatesDuties: false,
        productCodes: null,
        allowedNames: null,
        contactEmail: 'enc365@qiaokr.com',
        createdAt: clock.now(),
        ...change,
      };
      accounts.set(account.id, account);
      return account;
    },
    addUser(account, username, password) {
      users.set(username, { password, accountId: account.id });
    },
    addCredential(account, { publicId, secret, roles = ['requester'], allowedAddresses = null }) {
      const credential: Credential = {
        id: newId('credential', ids),
        number: 100_001 + credentials.size,
        accountId: account?.id ?? null,
        userId: null,
        dialect: dialect.name,
        publicId,
        secretHash: new Uint8Array(32),
        label: 'test',
        roles,
        allowedAddresses,
        createdBy: null,
        createdAt: clock.now(),
        lastUsedAt: null,
        expiresAt: null,
        revokedAt: null,
      };
      credentials.set(publicId, { credential, secret });
      return credential;
    },
    revokeCredential(publicId) {
      const held = credentials.get(publicId);
      if (held !== undefined) held.credential = { ...held.credential, revokedAt: clock.now() };
    },
    prove: (number, name) => prove(byNumber(number), name),
    setCname(host, target) {
      cnames.set(host, target);
    },
    failCheck(number, name, problem) {
      const row = byNumber(number);
      const check = (method: CheckResult['method']): CheckResult => ({
        method,
        binding: 'server',
        proved: false,
        checkedAt: clock.now(),
        durationMs: 12,
        asked: name,
        answeredBy: [],
        answer: '',
        problem,
      });
      row.authorizations = row.authorizations.map((authorization) =>
        authorization.identifier.value === name
          ? { ...authorization, checks: authorization.challenges.map(({ method }) => check(method)) }
          : authorization,
      );
    },
    issue(number, validityDays = 90, upstreamChain = null) {
      const row = byNumber(number);
      prove(row);
      const now = clock.now();
      const certificate: Certificate = {
        id: newId('certificate', ids),
        number: row.issuance.number,
        accountId: row.order.accountId,
        orderId: row.order.id,
        issuanceId: row.issuance.id,
        issuerId: row.issuance.issuerId,
        authorityId: null,
        serial: '03',
        names: row.issuance.names.map((name) => name.identifier.value),
        der: leaf,
        upstreamChain,
        issuerHash: null,
        isWithheld: false,
        sha256: '',
        keyHash: null,
        notBefore: now,
        notAfter: new Date(now.getTime() + validityDays * 86_400_000),
        state: 'valid',
        revokedAt: null,
        revocationReason: null,
        createdAt: now,
      };
      row.certificate = certificate;
      row.issuance = { ...row.issuance, state: 'issued', certificateId: certificate.id };
      const coverageUntil = coverageEnd(now, row.order.coverage);
      row.order = { ...row.order, state: 'active', coverageFrom: now, coverageUntil };
    },
    fail(number, reason) {
      const row = byNumber(number);
      row.issuance = { ...row.issuance, state: 'failed', failure: reason };
      if (row.order.state === 'open') row.order = { ...row.order, state: 'failed' };
    },
    whileSettling(work) {
      workWhileSettling = work;
    },
    approve(number) {
      const row = byNumber(number);
      row.issuance = { ...row.issuance, state: stateByProofs(row.authorizations) };
      row.approval = {
        id: newId('approval', ids),
        number: row.order.number,
        accountId: row.order.accountId,
        orderId: row.order.id,
        issuanceId: row.issuance.id,
        asks: 'new',
        state: 'approved',
        revocation: null,
        requestedBy: row.order.credentialId,
        comments: '',
        decisions: [{ approve: true, by: newId('user', ids), note: '', at: clock.now() }],
        createdAt: clock.now(),
      };
    },
    setOrder(number, change) {
      const row = byNumber(number);
      row.order = { ...row.order, ...change };
    },
    view: (number) => viewOf(byNumber(number)),
    get orderCount() {
      return rows.length;
    },
    offerMail() {
      sendsMail = true;
    },
    rechecks,
    registered,
  };

  const notFaked = () => Promise.reject(new Error('the fake platform does not do this'));

  return {
    hand,
    administration: new Proxy({} as FlatCore['administration'], { get: () => notFaked }),
    directory: new Proxy({} as FlatCore['directory'], { get: () => notFaked }),
    confirmations: { show: notFaked, decide: notFaked },
    async createDevice({ username, password }, _origin) {
      const user = users.get(username);
      const account = accounts.get(user?.accountId ?? '');
      if (user?.password !== password || account === undefined) throw refuse('loginFailed', {});
      const { publicId, secret } = dialect.newKey(random);
      return { credential: hand.addCredential(account, { publicId, secret }), secret, account };
    },
    async register({ code, username, password, accountName, contactEmail, currency }) {
      if (code.given !== code.expected) throw refuse('registrationCodeWrong', { field: 'registrationCode' });
      if (users.has(username)) throw refuse('alreadyExists', { what: 'user', value: username });
      const account = hand.addAccount({ name: accountName, contactEmail, currency, balanceMinor: 0 });
      hand.addUser(account, username, password);
      registered.push({ account, username });
      return account;
    },
    async authenticate({ publicId, secret }, { address, requestId }) {
      const field = 'credential';
      const held = credentials.get(publicId);
      if (held === undefined || held.credential.revokedAt !== null) throw refuse('credentialsWrong', { field });
      if (held.secret !== secret) throw refuse('credentialsWrong', { field: 'credential.secret' });
      const { id, accountId, roles, allowedAddresses } = held.credential;
      if (allowedAddresses !== null && !isInRanges(address, allowedAddresses)) {
        throw refuse('addressNotAllowed', { address });
      }
      const scope = accountId ?? 'all';
      const who = { actor: id, credentialId: id, roles, address, requestId };
      return { dialect: dialect.name, seesAllDialects: dialect.name === 'native', scope, isActingFor: false, ...who };
    },
    async actFor(caller, account) {
      const found = [...accounts.values()].find(({ id, number }) => id === account || String(number) === account);
      if (found === undefined || (caller.scope !== 'all' && caller.scope !== found.id)) {
        throw refuse('notFound', { what: 'account', value: account });
      }
      return caller.scope === 'all'
        ? { ...caller, scope: found.id, isActingFor: true, roles: ['administrator'] }
        : caller;
    },
    account: async (caller) => accountOf(caller),
    async products(caller) {
      const codes = accountOf(caller).productCodes;
      return products.filter(
        ({ code, isForSale }) => isForSale && (codes === null || codes.includes(`${dialect.name}:${code}`)),
      );
    },
    async placeOrder(caller, request) {
      const account = accountOf(caller);
      const product = products.find((candidate) => candidate.code === request.productCode);
      if (product === undefined) {
        throw refuse('unknownProduct', { field: 'productCode', value: quoted(request.productCode) });
      }
      checkNames(account, product, request.names);
      if (request.csr instanceof Uint8Array) parseCsr(request.csr);
      if (product.level !== 'dv' && request.organization === null) {
        throw refuse('organizationRequired', { field: 'organization', level: product.level.toUpperCase() });
      }
      if (request.renewalOf !== null) rowOf(caller, request.renewalOf);
      const claimKey = `${account.id}/${request.idempotency?.key ?? ''}`;
      const claim = claims.get(claimKey);
      if (request.idempotency !== null && claim !== undefined && claim.untilMs > clock.now().getTime()) {
        if (claim.fingerprint !== request.idempotency.fingerprint) {
          throw refuse('idempotencyKeyReused', { key: request.idempotency.key });
        }
        if (!['cancelled', 'failed', 'rejected'].includes(claim.row.order.state)) return viewOf(claim.row);
      }
      claimReference(request.proofReference);
      const { minor, currency } = priceOfNames(product, request.names, request.periods);
      charge(account, minor);
      const id = newId('order', ids);
      const begun = beginIssuance({ id, accountId: account.id }, 'new', request, product, minor);
      const order: Order = {
        id,
        number: nextNumber++,
        accountId: account.id,
        credentialId: caller.credentialId,
        dialect: dialect.name,
        productId: product.id,
        state: 'open',
        coverage: product.coverage,
        coverageFrom: null,
        coverageUntil: null,
        totalMinor: minor,
        currency,
        renewalOf: request.renewalOf === null ? null : rowOf(caller, request.renewalOf).order.id,
        renewedBy: null,
        renewalMark: null,
        isAutoRenewed: request.isAutoRenewed ?? false,
        reminders: request.reminders ?? defaultReminderSettings,
        organization: detailsOf(request.organization),
        organizationId: null,
        containerId: null,
        customValues: [],
        alternativeReference: request.alternativeReference ?? null,
        contact: request.contact,
        issuanceId: begun.issuance.id,
        notifyUrl: request.notifyUrl ?? null,
        dialectData: request.dialectData,
        createdAt: clock.now(),
      };
      const row: Row = { ...begun, order, product, certificate: null };
      rows.push(row);
      if (request.idempotency !== null) {
        const { fingerprint, windowSeconds } = request.idempotency;
        claims.set(claimKey, { fingerprint, row, untilMs: clock.now().getTime() + windowSeconds * 1000 });
      }
      return viewOf(row);
    },
    order: async (caller, reference) => viewOf(rowOf(caller, reference)),
    async settle(caller, reference) {
      const row = rowOf(caller, reference);
      if (['awaitingValidation', 'ready'].includes(row.issuance.state)) workWhileSettling(row.order.number);
      return viewOf(row);
    },
    async orders(caller, { limit }) {
      const own = rows.filter((row) => row.order.accountId === caller.scope);
      return { items: own.reverse().slice(0, limit).map(viewOf).map(summaryOf), next: null };
    },
    async recheck(caller, reference) {
      const row = rowOf(caller, reference);
      if (row.issuance.state !== 'awaitingValidation') throw wrongState(row, 'awaitingValidation');
      rechecks.push(row.order.number);
      return viewOf(row);
    },
    async chooseMethod(caller, reference, name, choice) {
      const row = rowOf(caller, reference);
      const method = typeof choice === 'string' ? choice : choice.method;
      if (method === 'email' && !sendsMail) throw refuse('mailNotConfigured', {});
      if (row.issuance.state !== 'awaitingValidation') throw wrongState(row, 'awaitingValidation');
      const found = row.authorizations.find((authorization) => authorization.identifier.value === name.value);
      if (found === undefined) throw refuse('notFound', { what: 'name', value: name.value });
      const challenges = found.challenges.map((challenge) => {
        if (challenge.method !== 'email' || method !== 'email') return challenge;
        if (typeof choice === 'string') throw refuse('mailAddressMissing', { name: name.value });
        const { address } = choice;
        const allowed = challenge.addresses.join(', ');
        if (!challenge.addresses.includes(address)) {
          throw refuse('mailAddressNotAllowed', { address, name: name.value, allowed });
        }
        return { ...challenge, chosen: address };
      });
      row.authorizations = row.authorizations.map((authorization) =>
        authorization === found ? { ...found, challenges, preferredMethod: method } : authorization,
      );
      return viewOf(row);
    },
    async chooseMethods(caller, reference, choices) {
      for (const { name, choice } of choices) await this.chooseMethod(caller, reference, name, choice);
      return viewOf(rowOf(caller, reference));
    },
    async removeNames(caller, reference, names) {
      const row = rowOf(caller, reference);
      if (row.issuance.state !== 'awaitingValidation') throw wrongState(row, 'awaitingValidation');
      const wanted = names === 'unproved' ? undefined : new Set(names.map(({ value }) => value));
      const isKept = ({ identifier, state }: Authorization) =>
        wanted === undefined ? state === 'valid' : !wanted.has(identifier.value);
      const kept = row.authorizations.filter(isKept);
      if (kept.length === 0) throw refuse('lastName', {});
      row.authorizations = kept;
      const ofName = kept.map(({ identifier, id: authorizationId }) => ({ identifier, authorizationId }));
      row.issuance = { ...row.issuance, names: ofName };
      return viewOf(row);
    },
    async reissue(caller, reference, request) {
      const row = rowOf(caller, reference);
      if (row.order.state !== 'active' || row.issuance.state !== 'issued') throw wrongState(row, 'active');
      checkNames(accountOf(caller), row.product, request.names);
      if (request.csr instanceof Uint8Array) parseCsr(request.csr);
      claimReference(request.proofReference);
      const before = row.issuance.names.map((name) => name.identifier);
      const { minor } = priceOfAddedNames(row.product, { before, after: request.names, periods: 1 });
      charge(accountOf(caller), minor);
      const begun = beginIssuance(row.order, 'reissue', request, row.product, minor);
      row.issuance = begun.issuance;
      row.authorizations = begun.authorizations;
      row.certificate = null;
      const totalMinor = row.order.totalMinor + minor;
      row.order = { ...row.order, issuanceId: begun.issuance.id, totalMinor };
      return viewOf(row);
    },
    async privateKey(caller, reference) {
      const { order, issuance } = rowOf(caller, reference);
      if (issuance.sealedKey === null) throw refuse('notFound', { what: 'privateKey', value: String(order.number) });
      return issuance.sealedKey;
    },
    async checkChallenges(_caller, requests) {
      return requests.map(({ challenge }) => {
        const host = challenge.method === 'dnsCname' ? challenge.host : '';
        const proved = challenge.method === 'dnsCname' && cnames.get(host) === challenge.target;
        const problem = reason('dnsNoSuchName', { name: host });
        const check = { proved, checkedAt: clock.now(), durationMs: 1, asked: host, answeredBy: [], answer: '' };
        return { ...check, method: challenge.method, binding: challenge.binding, ...(proved ? {} : { problem }) };
      });
    },
    async revoke(caller, reference, reason) {
      const row = rowOf(caller, reference);
      if (row.order.state === 'open') row.order = { ...row.order, state: 'rejected' };
      else if (row.order.state === 'active' && row.certificate !== null) {
        row.order = { ...row.order, state: 'revoked' };
        row.certificate = { ...row.certificate, state: 'revoked', revokedAt: clock.now(), revocationReason: reason };
      } else throw wrongState(row, 'active');
      return viewOf(row);
    },
    async cancel(caller, reference) {
      const row = rowOf(caller, reference);
      if (row.order.state !== 'open') throw wrongState(row, 'open');
      row.order = { ...row.order, state: 'cancelled' };
      row.issuance = { ...row.issuance, state: 'cancelled' };
      return viewOf(row);
    },
    decide: notFaked,
    approvals: notFaked,
    approval: notFaked,
    decideApproval: notFaked,
    requestRevocation: notFaked,
    checkOrder: async () => 'own',
    searchOrders: notFaked,
    issuances: notFaked,
    changedOrders: notFaked,
    changeOrder: notFaked,
    addNote: notFaked,
    sendCertificate: notFaked,
    notes: notFaked,
    provideCsr: notFaked,
    withdrawReissue: notFaked,
    duplicate: notFaked,
    caa: notFaked,
    blockKey: notFaked,
    unblockKey: notFaked,
    blockedKeys: notFaked,
    importBlockedKeys: notFaked,
    certificatesOfKey: notFaked,
    revokeCertificatesOfKey: notFaked,
    reportCompromise: notFaked,
    async certificates(caller, { limit }) {
      const own = rows.filter((row) => row.order.accountId === caller.scope);
      return { items: own.flatMap((row) => row.certificate ?? []).slice(0, limit), next: null };
    },
    certificate: notFaked,
    revokeCertificate: notFaked,
  };
}
