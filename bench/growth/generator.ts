/**
 * Many orders, through the real stores: each is the pattern order of its API with numbers, names, serial and dates of its own. An
 * interrupted run continues where it stopped.
 */
import { join } from 'node:path';
import { proofReferenceKind } from '../../src/app/scope.ts';
import { openDatabase } from '../../src/db/open.ts';
import type { Account } from '../../src/domain/account.ts';
import type { Approval } from '../../src/domain/approval.ts';
import type { Authorization } from '../../src/domain/authorization.ts';
import type { Certificate } from '../../src/domain/certificate.ts';
import { type AuthorizationId, type CredentialId, newId, nextId } from '../../src/domain/ids.ts';
import type { Issuance } from '../../src/domain/issuance.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Database, Stores } from '../../src/domain/ports/stores/index.ts';
import { createClock, createLog, createRandomness } from '../../src/system/index.ts';

export const system = { clock: createClock(), random: createRandomness() };

const dayMs = 86_400_000;
/** Zones of an account: an order is for two names in one of them. */
const zones = 5000;
const ordersAtOnce = 200;
/** Days of a certificate. */
const validityDays = 199;
/** How long ago the oldest order was placed: the certificates end within the time between. */
const oldestDays = 180;

/** One in so many is revoked; one in so many waits for its proof. */
const revokedIn = 6;
const openIn = 1000;
/** One in so many comes through Racent, the others through DigiCert. */
const racentIn = 4;

interface Pattern {
  readonly order: Order;
  readonly issuance: Issuance;
  readonly certificate: Certificate;
  readonly approval: Approval | undefined;
  readonly authorization: Authorization;
}

export function openStores(directory: string): Promise<Database> {
  const log = createLog({ level: 'warn' });
  return openDatabase({ path: join(directory, 'data', 'certmux.db'), ...system, log });
}

/** @param large how many of the orders are in the account; the others are in that of the pattern */
export async function fillTo(
  database: Database,
  wanted: { readonly orders: number; readonly large: number; readonly account: string },
  report: (made: number) => void,
): Promise<void> {
  const { read } = database;
  const account = (await allAccounts(read)).find(({ id }) => id === wanted.account);
  if (account === undefined) throw new Error(`there is no account ${wanted.account}`);
  const patterns = { digicert: await patternOf(read, 'digicert'), racent: await patternOf(read, 'racent') };
  const keys = (await read.credentials.list(account.id, { limit: 100 })).map(({ dialect, id }) => [dialect, id]);
  const keyOf = new Map(keys as [string, CredentialId][]);
  const made = await readCount(read);
  const authorizations = await zoneAuthorizations(database, account, patterns.digicert.authorization);
  const step = (oldestDays * dayMs) / wanted.orders;
  for (let next = made; next < wanted.orders; next += ordersAtOnce) {
    await database.write(async (tx) => {
      for (let index = next; index < Math.min(next + ordersAtOnce, wanted.orders); index++) {
        const dialect = index % racentIn === 0 ? 'racent' : 'digicert';
        // Spread evenly, so that the orders of the account are not next to one another.
        const isLarge = (index * wanted.large) % wanted.orders < wanted.large;
        const pattern = patterns[dialect];
        const { accountId, credentialId } = pattern.order;
        await insertOne(database, tx, {
          pattern,
          index,
          owner: isLarge
            ? { accountId: account.id, credentialId: keyOf.get(dialect) ?? null }
            : { accountId, credentialId },
          authorizationId: authorizations[index % zones] ?? pattern.authorization.id,
          at: new Date(system.clock.now().getTime() - (wanted.orders - index) * step),
        });
      }
      await tx.settings.put(countKey, Math.min(next + ordersAtOnce, wanted.orders));
    });
    report(Math.min(next + ordersAtOnce, wanted.orders));
  }
}

const countKey = 'bench.growth';

async function readCount(read: Stores): Promise<number> {
  const count = await read.settings.get(countKey);
  return typeof count === 'number' ? count : 0;
}

async function allAccounts(read: Stores): Promise<readonly Account[]> {
  return read.accounts.list({ limit: 1000 });
}

/** The first orders of all, which the world was made with. */
const patternNumbers = { digicert: 10_000_001, racent: 10_000_002 } as const;

async function patternOf(read: Stores, dialect: keyof typeof patternNumbers): Promise<Pattern> {
  const order = await read.orders.getByNumber(patternNumbers[dialect]);
  const issuance = order && (await read.issuances.get(order.issuanceId));
  const certificate = issuance?.certificateId && (await read.certificates.get(issuance.certificateId));
  const [name] = issuance?.names ?? [];
  const authorization = name && (await read.authorizations.get(name.authorizationId));
  if (order?.dialect !== dialect || !issuance || !certificate || !authorization) {
    throw new Error(`order ${patternNumbers[dialect]} is no issued order of ${dialect}`);
  }
  return { order, issuance, certificate, authorization, approval: await read.approvals.getNewestOfOrder(order.id) };
}

/** One for each zone of the account, made once. */
async function zoneAuthorizations(
  database: Database,
  { id: accountId }: Account,
  pattern: Authorization,
): Promise<readonly AuthorizationId[]> {
  const known = await database.read.settings.get(`${countKey}.zones`);
  if (Array.isArray(known)) return known as AuthorizationId[];
  const ids = Array.from({ length: zones }, () => newId('authorization', system));
  await database.write(async (tx) => {
    for (const [index, id] of ids.entries()) {
      const identifier = { kind: 'dns', value: zoneOf(index) } as const;
      await tx.authorizations.insert({ ...pattern, id, accountId, identifier });
    }
    await tx.settings.put(`${countKey}.zones`, ids);
  });
  return ids;
}

export function zoneOf(index: number): string {
  return `zone${index % zones}.example`;
}

export function namesOf(index: number): readonly string[] {
  return [`host${index}.${zoneOf(index)}`, `www.host${index}.${zoneOf(index)}`];
}

async function insertOne(
  database: Database,
  tx: Stores,
  input: {
    readonly pattern: Pattern;
    readonly index: number;
    readonly owner: Pick<Order, 'accountId' | 'credentialId'>;
    readonly authorizationId: AuthorizationId;
    readonly at: Date;
  },
): Promise<void> {
  const { pattern, index, owner, authorizationId, at } = input;
  const drawn = { ...system, database };
  const { accountId } = owner;
  const [orderId, issuanceId] = [await nextId('order', drawn), await nextId('issuance', drawn)];
  const isOpen = index % openIn === 0;
  const isRevoked = !isOpen && index % revokedIn === 0;
  const notAfter = new Date(at.getTime() + validityDays * dayMs);
  const values = namesOf(index);
  const proofReference = Buffer.from(system.random.bytes(16)).toString('hex');
  const order = await tx.orders.insert({
    ...pattern.order,
    ...owner,
    id: orderId,
    issuanceId,
    alternativeReference: `PO-${index}`,
    state: isOpen ? 'open' : isRevoked ? 'revoked' : 'active',
    coverageFrom: isOpen ? null : at,
    coverageUntil: isOpen ? null : new Date(at.getTime() + 365 * dayMs),
    createdAt: at,
  });
  const names = values.map((value) => ({ identifier: { kind: 'dns', value } as const, authorizationId }));
  const certificateId = isOpen ? null : await nextId('certificate', drawn);
  const { validatingSince } = pattern.issuance;
  await tx.issuances.insert({
    ...pattern.issuance,
    id: issuanceId,
    orderId,
    accountId,
    names,
    proofReference,
    certificateId,
    state: isOpen ? 'awaitingValidation' : 'issued',
    validatingSince: validatingSince && at,
    createdAt: at,
  });
  await tx.externalIds.insert(proofReferenceKind(order.dialect, accountId), proofReference, issuanceId);
  if (pattern.approval !== undefined) {
    await tx.approvals.insert({
      ...pattern.approval,
      id: newId('approval', system),
      accountId,
      orderId,
      issuanceId,
      createdAt: at,
    });
  }
  const about = { accountId, actor: owner.credentialId ?? 'system', subject: orderId, requestId: null, at } as const;
  await tx.events.append({
    ...about,
    kind: 'order.placed',
    data: { number: order.number, names: values, totalMinor: 0 },
  });
  if (certificateId === null) return;
  const serial = Buffer.from(system.random.bytes(16));
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  await tx.certificates.insert({
    ...pattern.certificate,
    id: certificateId,
    accountId,
    orderId,
    issuanceId,
    serial: serial.toString('hex'),
    names: values,
    keyHash: Buffer.from(system.random.bytes(32)).toString('hex'),
    notBefore: at,
    notAfter,
    state: isRevoked ? 'revoked' : 'valid',
    revokedAt: isRevoked ? at : null,
    revocationReason: isRevoked ? 'superseded' : null,
    createdAt: at,
  });
  await tx.orders.updateCertificateUntil(orderId, notAfter);
  await tx.events.append({
    ...about,
    kind: 'certificate.issued',
    data: { certificate: certificateId, names: values, notAfter },
  });
}
