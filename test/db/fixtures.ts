/** Rows for the tests of the stores: whole objects whose every member can be told apart. */
import type { Account, Credential, User } from '../../src/domain/account.ts';
import type { Approval } from '../../src/domain/approval.ts';
import { type Authority, fromTheStart } from '../../src/domain/authority.ts';
import type { Authorization } from '../../src/domain/authorization.ts';
import type { Certificate } from '../../src/domain/certificate.ts';
import type { Confirmation } from '../../src/domain/confirmation.ts';
import { type AccountId, type Id, type Noun, type NumberedNoun, newId, newNumberedId } from '../../src/domain/ids.ts';
import type { Issuance } from '../../src/domain/issuance.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Stores } from '../../src/domain/ports/stores/index.ts';
import type { Product } from '../../src/domain/product.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

const system = { clock: createFakeClock(), random: createFakeRandomness(7) };
export const at = new Date('2026-06-01T12:00:00.000Z');
export const later = (seconds: number) => new Date(at.getTime() + seconds * 1000);

/** Far from the numbers that a database draws, so that both may be in one. */
const numbers: Record<NumberedNoun, number> = { order: 20_000_001, issuance: 20_000_001, certificate: 20_000_001 };

export function id<N extends Noun>(noun: N): Id<N>;
export function id(noun: Noun): Id<Noun> {
  if (noun === 'order' || noun === 'issuance' || noun === 'certificate') {
    return newNumberedId(noun, numbers[noun]++, system);
  }
  return newId(noun, system);
}

export const bytes = (size: number) => system.random.bytes(size);

export function newAccount(change: Partial<Account> = {}): Omit<Account, 'number'> {
  return {
    id: id('account'),
    name: 'Example Hosting',
    state: 'active',
    currency: 'CNY',
    approval: 'automatic',
    separatesDuties: true,
    madeKeys: 'ownCa',
    productCodes: ['digicert:ssl_basic'],
    allowedNames: null,
    prices: { [id('product')]: { fqdnMinor: 90, wildcardMinor: 190, ipMinor: 290 } },
    contactEmail: 'pki@example.com',
    lowBalanceMinor: 5_000,
    lowSince: at,
    createdAt: at,
    ...change,
  };
}

export function newUser(change: Partial<User> = {}): Omit<User, 'number'> {
  return {
    id: id('user'),
    accountId: null,
    kind: 'person',
    person: { firstName: 'Jill', lastName: 'Valentine', jobTitle: 'Officer', phone: '1', email: 'jill@example.com' },
    containerId: null,
    lastSignInAt: null,
    username: 'operator@example.com',
    passwordHash: 'scrypt$1$2$3$c2FsdA==$aGFzaA==',
    roles: ['operator', 'approver'],
    state: 'active',
    createdBy: id('user'),
    createdAt: at,
    ...change,
  };
}

export function newCredential(change: Partial<Credential> = {}): Omit<Credential, 'number'> {
  return {
    id: id('credential'),
    accountId: null,
    userId: null,
    dialect: 'encryption365',
    publicId: 'CID-1',
    secretHash: bytes(32),
    key: null,
    externalAccountKeyId: null,
    dialectData: {},
    label: 'panel 1',
    roles: ['requester'],
    allowedAddresses: ['192.0.2.0/24'],
    createdBy: id('credential'),
    createdAt: at,
    lastUsedAt: null,
    lastUsedAddress: null,
    expiresAt: new Date(at.getTime() + 86_400_000),
    revokedAt: null,
    ...change,
  };
}

export function newProduct(change: Partial<Product> = {}): Product {
  return {
    id: id('product'),
    dialect: 'encryption365',
    code: '61',
    name: 'DV single',
    level: 'dv',
    profileId: 'private-dv',
    issuerId: 'embedded',
    coverage: { unit: 'years', count: 2 },
    maxPeriods: 3,
    csrMayFollow: true,
    currency: 'CNY',
    prices: { fqdnMinor: 100, wildcardMinor: 200, ipMinor: 300 },
    listPrices: { fqdnMinor: 1000, wildcardMinor: 2000, ipMinor: 3000 },
    maxNames: 250,
    allowsWildcard: true,
    allowsIpv4: false,
    allowsIpv6: true,
    isForSale: true,
    display: { title: '域名型', logo: null },
    ...change,
  };
}

export function newAuthority(change: Partial<Authority> = {}): Authority {
  return {
    id: id('authority'),
    issuerId: 'embedded',
    role: 'root',
    keyKind: 'P-256',
    parentId: null,
    subject: 'CN=Example Root',
    certificate: bytes(40),
    notAfter: later(1e8),
    createdAt: at,
    ...fromTheStart,
    ...change,
  };
}

export function newAuthorization(accountId: AccountId, change: Partial<Authorization> = {}): Authorization {
  return {
    id: id('authorization'),
    accountId,
    issuanceId: id('issuance'),
    identifier: { kind: 'dns', value: 'www.example.com' },
    checkedBy: null,
    state: 'pending',
    challenges: [
      { method: 'httpFile', binding: 'server', path: '/.well-known/pki-validation/x.txt', content: 'abc' },
      {
        method: 'dnsCname',
        binding: 'server',
        host: '_x.www.example.com',
        alternativeHosts: ['_x.example.com'],
        target: 'y.example.net',
      },
    ],
    preferredMethod: 'dnsCname',
    checks: [],
    provedBy: null,
    provedAt: null,
    binding: null,
    keyHash: null,
    validUntil: null,
    isCheckedOnRequest: false,
    attempt: null,
    standalone: null,
    coversBelow: null,
    renouncedBy: [],
    createdAt: at,
    ...change,
  };
}

export interface World {
  readonly account: Account;
  readonly product: Product;
}

/** An account and a product for it. */
export async function insertWorld(tx: Stores, change: Partial<Account> = {}): Promise<World> {
  const account = await tx.accounts.insert(newAccount(change));
  const product = newProduct({ code: account.id });
  await tx.products.put(product);
  return { account, product };
}

export function newOrder({ account, product }: World, change: Partial<Order> = {}): Omit<Order, 'number'> {
  return {
    id: id('order'),
    accountId: account.id,
    credentialId: id('credential'),
    dialect: 'encryption365',
    productId: product.id,
    state: 'open',
    coverage: product.coverage,
    coverageFrom: null,
    coverageUntil: null,
    totalMinor: 100,
    paidMinor: 100,
    currency: 'CNY',
    renewalOf: null,
    renewedBy: null,
    renewalMark: 'notRenewed',
    isAutoRenewed: true,
    reminders: { isOff: true, addresses: ['ops@example.com'], message: 'renew me' },
    organizationId: id('organization'),
    containerId: id('container'),
    customValues: [{ fieldNumber: 7, label: 'Cost centre', value: '42' }],
    alternativeReference: 'PO-1',
    organization: { name: '示例公司', city: 'Shanghai', state: 'Shanghai', country: 'CN' },
    contact: { name: 'Li', email: 'li@example.com' },
    issuanceId: id('issuance'),
    notifyUrl: null,
    dialectData: { platform: 'nginx', nested: { list: [1, 2] } },
    createdAt: at,
    ...change,
  };
}

export function newIssuance(order: Omit<Order, 'number'>, names: readonly string[]): Omit<Issuance, 'number'> {
  return {
    id: order.issuanceId,
    orderId: order.id,
    accountId: order.accountId,
    kind: 'new',
    state: 'awaitingValidation',
    names: names.map((value) => ({ identifier: { kind: 'dns', value }, authorizationId: id('authorization') })),
    csr: bytes(50),
    proofReference: id('issuance'),
    sealedKey: null,
    profileId: 'private-dv',
    issuerId: 'embedded',
    validity: { until: later(5_000_000) },
    plan: null,
    chargedMinor: 100,
    rest: null,
    isCheckedOnRequest: false,
    actingClientId: null,
    validatingSince: null,
    certificateId: null,
    failure: null,
    finding: null,
    createdAt: at,
  };
}

/** An order with its first issuance. */
export async function insertOrder(tx: Stores, world: World, names: readonly string[], change: Partial<Order> = {}) {
  const order = await tx.orders.insert(newOrder(world, change));
  const issuance = await tx.issuances.insert(newIssuance(order, names));
  return { order, issuance };
}

export function newCertificate(issuance: Issuance, change: Partial<Certificate> = {}): Omit<Certificate, 'number'> {
  return {
    id: id('certificate'),
    accountId: issuance.accountId,
    orderId: issuance.orderId,
    issuanceId: issuance.id,
    issuerId: 'embedded',
    authorityId: null,
    serial: Buffer.from(bytes(16)).toString('hex'),
    names: issuance.names.map((name) => name.identifier.value),
    der: bytes(300),
    upstreamChain: [bytes(30), bytes(40)],
    issuerHash: Buffer.from(bytes(32)).toString('hex'),
    isWithheld: false,
    keyHash: Buffer.from(bytes(32)).toString('hex'),
    notBefore: at,
    notAfter: later(86_400),
    state: 'valid',
    revokedAt: null,
    revocationReason: null,
    createdAt: at,
    ...change,
  };
}

/** A certificate that its issuance names; the issuance keeps its state. */
export async function insertCertificate(tx: Stores, issuance: Issuance, change: Partial<Certificate> = {}) {
  const certificate = await tx.certificates.insert(newCertificate(issuance, change));
  const { id: certificateId } = certificate;
  if (!(await tx.issuances.move(issuance.id, [issuance.state], issuance.state, { certificateId }))) {
    throw new Error(`the issuance ${issuance.id} is not as it was`);
  }
  if (issuance.kind !== 'duplicate' && !certificate.isWithheld)
    await tx.orders.updateCertificateUntil(issuance.orderId, certificate.notAfter);
  return certificate;
}

export function newConfirmation(
  issuance: Issuance,
  authorizationId: Authorization['id'],
  change: Partial<Confirmation> = {},
): Confirmation {
  const own = change.id ?? id('confirmation');
  return {
    id: own,
    mailId: own,
    accountId: issuance.accountId,
    orderId: issuance.orderId,
    issuanceId: issuance.id,
    authorizationId,
    address: 'admin@example.com',
    tokenHash: null,
    state: 'pending',
    requestedBy: id('credential'),
    requestedFrom: '192.0.2.1',
    requestedAt: at,
    sentAt: null,
    expiresAt: later(100),
    decidedFrom: null,
    decidedAt: null,
    ...change,
  };
}

export function newApproval(issuance: Issuance, change: Partial<Approval> = {}): Omit<Approval, 'number'> {
  return {
    id: id('approval'),
    accountId: issuance.accountId,
    orderId: issuance.orderId,
    issuanceId: issuance.id,
    asks: 'new',
    revocation: { certificateId: null, reason: 'superseded' },
    state: 'pending',
    version: 1,
    requestedBy: id('user'),
    requestedFrom: '192.0.2.1',
    comments: 'please',
    decisions: [],
    createdAt: at,
    ...change,
  };
}
