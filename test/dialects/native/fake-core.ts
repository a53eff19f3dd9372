/**
 * The fake platform with what the native API needs beside it: products of another dialect, approvals, certificates by
 * number, and an administration that keeps lists in memory.
 */

import assert from 'node:assert/strict';
import { encryption365 } from '../../../src/dialects/encryption365/index.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { dialects } from '../../../src/dialects/registry.ts';
import {
  type Credential,
  type FundedAccount,
  type LedgerEntry,
  nobody,
  type User,
} from '../../../src/domain/account.ts';
import type { Authority } from '../../../src/domain/authority.ts';
import type { Caller, Reference } from '../../../src/domain/caller.ts';
import { refuse } from '../../../src/domain/errors.ts';
import type { Event } from '../../../src/domain/event.ts';
import { newId } from '../../../src/domain/ids.ts';
import type { Job } from '../../../src/domain/job.ts';
import type { Mailbox } from '../../../src/domain/outgoing-mail.ts';
import type { Page } from '../../../src/domain/page.ts';
import type { ApprovalView } from '../../../src/domain/ports/approvals.ts';
import type { CertificateView } from '../../../src/domain/ports/certificates.ts';
import type { KeyRotation } from '../../../src/domain/ports/master-keys.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { Clock, Randomness } from '../../../src/domain/ports/system.ts';
import { type Product, productDefaults } from '../../../src/domain/product.ts';
import { intermediate, root } from '../../support/fake-chain.ts';
import { createFakePlatform, type FakePlatform, summaryOf } from '../../support/fake-platform.ts';
import type { FlatAdministration } from '../../support/flat-core.ts';
import { createFakeDirectory } from './fake-directory.ts';

export interface FakeCore extends FakePlatform {
  /** Makes the order wait for an approver. */
  holdForApproval(number: number): void;
}

export function createFakeCore({ clock, random }: { clock: Clock; random: Randomness }): FakeCore {
  const ids = { clock, random };
  // The fake sells the products of its own dialect under plain codes; native callers name both.
  const catalogue = encryption365.catalogue.map((entry) => ({ ...entry, code: `encryption365:${entry.code}` }));
  const fake = createFakePlatform({ dialect: { ...native, catalogue }, clock, random, firstNumber: 17 });
  const everyProduct = encryption365.catalogue.map(
    (entry): Product => ({ ...productDefaults, ...entry, id: newId('product', ids), dialect: 'encryption365' }),
  );
  const held = new Set<number>();
  const decisions = new Map<number, { approve: boolean; note: string }>();

  const productOf = (product: Product): Product => ({
    ...product,
    dialect: 'encryption365',
    code: product.code.slice('encryption365:'.length),
  });

  function viewOf(view: OrderView): OrderView {
    const { number } = view.order;
    const product = productOf(view.product);
    if (!held.has(number)) return { ...view, product };
    const decision = decisions.get(number);
    const state = decision === undefined ? 'pending' : decision.approve ? 'approved' : 'rejected';
    return {
      ...view,
      product,
      order: state === 'rejected' ? { ...view.order, state: 'rejected' } : view.order,
      issuance: state === 'pending' ? { ...view.issuance, state: 'awaitingApproval' } : view.issuance,
      approval: {
        id: newId('approval', ids),
        number,
        accountId: view.account.id,
        orderId: view.order.id,
        issuanceId: view.issuance.id,
        asks: 'new',
        state,
        revocation: null,
        requestedBy: null,
        comments: '',
        decisions:
          decision === undefined
            ? []
            : [{ approve: state === 'approved', by: null, note: decision.note, at: clock.now() }],
        createdAt: view.order.createdAt,
      },
    };
  }

  async function approvalOf(caller: Caller, reference: Reference): Promise<ApprovalView> {
    const value = String(Object.values(reference)[0]);
    const view =
      'number' in reference && held.has(reference.number) ? viewOf(await fake.order(caller, reference)) : null;
    if (view === null || view.approval === null) throw refuse('notFound', { what: 'approval', value });
    return { approval: view.approval, view };
  }

  async function viewsOf(caller: Caller): Promise<readonly OrderView[]> {
    const { items } = await fake.orders(caller, { limit: 1000 });
    return Promise.all(items.map(async ({ order }) => viewOf(await fake.order(caller, { number: order.number }))));
  }

  async function certificateOf(caller: Caller, idOrNumber: string): Promise<CertificateView> {
    const { items } = await fake.certificates(caller, { limit: 100 });
    const found = items.find(({ id, number }) => id === idOrNumber || String(number) === idOrNumber);
    if (found === undefined) throw refuse('notFound', { what: 'certificate', value: idOrNumber });
    return { certificate: found, chain: [intermediate, root] };
  }

  return {
    ...fake,
    holdForApproval: (number) => held.add(number),
    administration: createFakeAdministration(fake, ids),
    directory: createFakeDirectory(ids, fake.directory),
    async products(caller) {
      if (caller.scope === 'all') return everyProduct;
      return (await fake.products(caller)).map(productOf);
    },
    placeOrder: async (caller, request) => viewOf(await fake.placeOrder(caller, request)),
    order: async (caller, reference) => viewOf(await fake.order(caller, reference)),
    async orders(caller, query) {
      const after = (await viewsOf(caller)).filter(
        ({ order }) => query.before === undefined || order.number < query.before,
      );
      return pageOf(after.map(summaryOf), query.limit, ({ order }) => order.number);
    },
    recheck: async (caller, reference) => viewOf(await fake.recheck(caller, reference)),
    chooseMethods: async (...args) => viewOf(await fake.chooseMethods(...args)),
    removeNames: async (...args) => viewOf(await fake.removeNames(...args)),
    reissue: async (...args) => viewOf(await fake.reissue(...args)),
    revoke: async (...args) => viewOf(await fake.revoke(...args)),
    cancel: async (...args) => viewOf(await fake.cancel(...args)),
    async decide(caller, reference, decision) {
      const { order } = await fake.order(caller, reference);
      if (!held.has(order.number) || decisions.has(order.number)) {
        const needed = 'awaitingApproval';
        throw refuse('wrongState', { what: 'order', value: String(order.number), state: order.state, needed });
      }
      decisions.set(order.number, decision);
      return viewOf(await fake.order(caller, reference));
    },
    async approvals(caller) {
      const found = (await viewsOf(caller)).flatMap((view) =>
        view.approval === null ? [] : [{ approval: view.approval, view: summaryOf(view) }],
      );
      return { items: found, total: found.length };
    },
    approval: (caller, reference) => approvalOf(caller, reference),
    async decideApproval(caller, reference, decision) {
      const { approval } = await approvalOf(caller, reference);
      if (decisions.has(approval.number)) {
        const value = String(approval.number);
        throw refuse('wrongState', {
          what: 'approval',
          value,
          state: approval.state,
          needed: ['submitted', 'pending'],
        });
      }
      decisions.set(approval.number, decision);
      return approvalOf(caller, reference);
    },
    certificate: certificateOf,
    async revokeCertificate(caller, idOrNumber, reason) {
      const { certificate, chain } = await certificateOf(caller, idOrNumber);
      const revoked = { state: 'revoked', revokedAt: clock.now(), revocationReason: reason } as const;
      return { certificate: { ...certificate, ...revoked }, chain, approval: null };
    },
  };
}

function pageOf<T>(items: readonly T[], limit: number, cursorOf: (item: T) => number): Page<T> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last !== undefined ? cursorOf(last) : null };
}

function createFakeAdministration(fake: FakePlatform, ids: { clock: Clock; random: Randomness }): FlatAdministration {
  const { clock, random } = ids;
  const accounts: FundedAccount[] = [];
  const users: User[] = [];
  const credentials: Credential[] = [];
  const ledger: LedgerEntry[] = [];
  let rotation: KeyRotation | null = null;
  const needOperator = (caller: Caller) => {
    if (!caller.roles.includes('operator')) throw refuse('roleMissing', { role: 'operator' });
  };
  const find = (idOrNumber: string) => {
    const found = accounts.find(({ id, number }) => id === idOrNumber || String(number) === idOrNumber);
    if (found === undefined) throw refuse('notFound', { what: 'account', value: idOrNumber });
    return found;
  };
  const findCredential = (reference: string) => {
    const found = credentials.find(({ id, number }) => [id, String(number)].includes(reference));
    if (found === undefined) throw refuse('notFound', { what: 'credential', value: reference });
    return found;
  };
  const findUser = (reference: string) => {
    const found = users.find(({ id, number, username }) => [id, String(number), username].includes(reference));
    if (found === undefined) throw refuse('notFound', { what: 'user', value: reference });
    return found;
  };
  const setUser = (idOrName: string, state: User['state']) => {
    const index = users.findIndex(({ id, username }) => id === idOrName || username === idOrName);
    const found = users[index];
    if (found === undefined) throw refuse('notFound', { what: 'user', value: idOrName });
    const changed = { ...found, state };
    users[index] = changed;
    return changed;
  };
  return {
    async createAccount(caller, request) {
      needOperator(caller);
      const account = fake.hand.addAccount({ ...request, balanceMinor: 0 });
      accounts.unshift(account);
      return account;
    },
    async accounts(caller, { limit, before }) {
      needOperator(caller);
      const after = accounts.filter(({ number }) => before === undefined || number < before);
      return pageOf(after, limit, ({ number }) => number);
    },
    account: async (_, idOrNumber = '') => find(idOrNumber),
    async changeAccount(caller, idOrNumber, change) {
      needOperator(caller);
      const index = accounts.indexOf(find(idOrNumber));
      const changed = { ...find(idOrNumber), ...change };
      accounts[index] = changed;
      return changed;
    },
    async creditAccount(caller, idOrNumber, { amountMinor, note }) {
      needOperator(caller);
      const { id, currency } = find(idOrNumber);
      const balanceAfterMinor = amountMinor + (ledger[0]?.balanceAfterMinor ?? 0);
      const entry: LedgerEntry = {
        id: newId('ledgerEntry', ids),
        accountId: id,
        kind: 'credit',
        amountMinor,
        balanceAfterMinor,
        currency,
        orderId: null,
        note,
        at: clock.now(),
      };
      ledger.unshift(entry);
      return entry;
    },
    webhookSecret: async () => 'ab'.repeat(32),
    ledger: async (_, __, { limit }) => pageOf(ledger, limit, () => 0),
    async createUser(_, { accountId, username, roles, kind = 'person', person = nobody }) {
      if (users.some((user) => user.username === username)) {
        throw refuse('alreadyExists', { what: 'user', value: username });
      }
      const id = newId('user', ids);
      const user: User = {
        id,
        number: 100_001 + users.length,
        accountId,
        kind,
        username,
        passwordHash: '',
        person,
        containerId: null,
        roles,
        state: 'active',
        createdBy: null,
        lastSignInAt: null,
        createdAt: clock.now(),
      };
      users.push(user);
      return user;
    },
    users: async () => ({ items: users, next: null }),
    user: async (_, reference) => findUser(reference),
    async changeUser(_, reference, { roles, person }) {
      const found = findUser(reference);
      const changed = { ...found, roles: roles ?? found.roles, person: person ?? found.person };
      users[users.indexOf(found)] = changed;
      return changed;
    },
    disableUser: async (_, idOrName) => setUser(idOrName, 'disabled'),
    enableUser: async (_, idOrName) => setUser(idOrName, 'active'),
    async createCredential(_, request) {
      const dialect = dialects.find(({ name }) => name === request.dialect) ?? native;
      const { publicId, secret } = dialect.newKey(random);
      const credential: Credential = {
        ...request,
        id: newId('credential', ids),
        number: 100_101 + credentials.length,
        publicId,
        secretHash: new Uint8Array(32),
        createdBy: null,
        createdAt: clock.now(),
        lastUsedAt: null,
        expiresAt: request.expiresAt ?? null,
        revokedAt: null,
      };
      credentials.push(credential);
      return { credential, secret };
    },
    credentials: async () => ({ items: credentials, next: null }),
    async changeCredential(_, reference, change) {
      const found = findCredential(reference);
      const changed = { ...found, ...change };
      credentials[credentials.indexOf(found)] = changed;
      return changed;
    },
    async revokeCredential(_, reference) {
      const found = findCredential(reference);
      return { ...found, revokedAt: clock.now() };
    },
    // Tested over the real core: scenarios/grants.test.ts.
    proposeGrant: async () => assert.fail('no exchange proposes a role grant'),
    roleGrants: async () => ({ items: [], next: null }),
    confirmGrant: async () => assert.fail('no exchange confirms a role grant'),
    withdrawGrant: async () => assert.fail('no exchange withdraws a role grant'),
    async changeProduct(caller, dialect, code, change) {
      needOperator(caller);
      const entry = encryption365.catalogue.find((one) => dialect === 'encryption365' && one.code === code);
      if (entry === undefined) throw refuse('notFound', { what: 'product', value: `${dialect}:${code}` });
      return { ...productDefaults, ...entry, id: newId('product', ids), dialect, ...change };
    },
    async events(_, query) {
      const all = [3, 2, 1].map((sequence) => eventOf(sequence, clock.now()));
      const after = all.filter(({ sequence }) => query.before === undefined || sequence < query.before);
      return pageOf(after, query.limit, ({ sequence }) => sequence);
    },
    authorities: async () => [authorityOf(ids, 'root', root), authorityOf(ids, 'intermediate', intermediate)],
    async stoppedMailboxes(caller) {
      needOperator(caller);
      return { items: [mailboxOf('admin@example.com', clock.now())], next: null };
    },
    async stopMail(caller, address) {
      needOperator(caller);
      return mailboxOf(address, clock.now());
    },
    async liftMailStop(caller, address) {
      needOperator(caller);
      if (address !== 'admin@example.com') throw refuse('notFound', { what: 'mailbox', value: address });
      return { ...mailboxOf(address, clock.now()), stopped: null };
    },
    async failedJobs(caller) {
      needOperator(caller);
      return { items: [jobOf(ids)], next: null };
    },
    async keyEncryption(caller) {
      needOperator(caller);
      return { masterKeyId: rotation?.toKey ?? '0123456789abcdef', keptIn: null, rotation };
    },
    async rotateMasterKey(caller) {
      needOperator(caller);
      const at = clock.now();
      const counts = { resealed: 12, examined: 40, unreadable: 0, found: 0 };
      rotation = {
        number: 1,
        toKey: 'fedcba9876543210',
        startedAt: at,
        endedAt: at,
        ...counts,
        kind: 'files',
        after: '',
      };
      return { masterKeyId: rotation.toKey, keptIn: null, rotation };
    },
  };
}

function mailboxOf(address: string, at: Date): Mailbox {
  const stopped = { at, by: 'reader', from: '198.51.100.7' };
  return { address, tokenHash: new Uint8Array(32), createdAt: at, stopped };
}

function eventOf(sequence: number, at: Date): Event {
  const kind = 'account.created';
  return {
    sequence,
    kind,
    accountId: null,
    actor: 'system',
    subject: 'acc_1',
    data: { name: '例子' },
    requestId: null,
    at,
  };
}

function authorityOf(ids: { clock: Clock; random: Randomness }, role: Authority['role'], der: Uint8Array): Authority {
  return {
    id: newId('authority', ids),
    issuerId: 'embedded',
    role,
    keyKind: 'P-256',
    parentId: null,
    subject: `CN=Example ${role}`,
    certificate: der,
    notAfter: new Date('2046-06-01T00:00:00Z'),
    createdAt: ids.clock.now(),
  };
}

function jobOf(ids: { clock: Clock; random: Randomness }): Job {
  const at = ids.clock.now();
  return {
    id: newId('job', ids),
    kind: 'issue',
    subject: 'iss_1',
    state: 'failed',
    lane: 'local',
    runAt: at,
    attempts: 50,
    lastError: 'the issuer does not answer',
    createdAt: at,
  };
}
