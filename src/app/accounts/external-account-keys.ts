/** Keys by which ACME clients are bound to an account (RFC 8555 §7.3.4): made here, shown once, kept sealed. */

import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller, Reference } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { base32, type ExternalAccountKeyId, newId } from '../../domain/ids.ts';
import { type KeyPolicy, openPolicy } from '../../domain/key-policy.ts';
import type { AccountBinding, MacAlgorithm } from '../../domain/key-signature.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type {
  ExternalAccountKeys,
  ExternalAccountKeyView,
  NewExternalAccountKey,
} from '../../domain/ports/external-account-keys.ts';
import type { SealedObject } from '../../domain/ports/key-sealer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { printable } from '../../domain/printable.ts';
import { type Coverage, coverageEnd, type Product } from '../../domain/product.ts';
import { productCodeOf } from '../../domain/product-code.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { wakeResting } from '../issuing/wake-resting.ts';
import { findProduct } from '../orders/catalogue.ts';
import { accountIdOf, accountOf, findOwned } from '../scope.ts';
import { recordAccount } from './account-event.ts';
import { hmacKeyBytes, newHmacKey } from './hmac-key.ts';
import { policyWith } from './key-policy.ts';
import { requireFuture } from './sign-in.ts';

const keyIdBytes = 16;
/** Revoked ones too: lists show all of them. */
const maxOfAccount = 1000;
const longestName = 255;

export function createExternalAccountKeys(context: AppContext): ExternalAccountKeys {
  const { database, clock, random, keySealer, queue } = context;
  const { read } = database;

  const record = (tx: Stores, caller: Caller, kind: EventKind, key: ExternalAccountKey, what: object = {}) =>
    recordAccount(tx, caller, kind, {
      accountId: key.accountId,
      subject: key.id,
      data: { number: key.number, name: key.name, keyId: key.keyId, ...what },
      at: clock.now(),
    });

  const find = (stores: Stores, caller: Caller, reference: Reference) =>
    findOwned(stores.externalAccountKeys, 'externalAccountKey', caller, reference);

  return {
    async add(caller, request) {
      const name = checkName(request);
      const { expiresAt = null, policy: wanted = {} } = request;
      if (expiresAt !== null) requireFuture(expiresAt, clock.now());
      const account = await accountOf(read, caller);
      const { productCode } = request;
      const product = await findProduct(read, caller, account, { productCode });
      const coverage = request.coverage ?? product.coverage;
      checkCoverage(product, coverage, clock.now());
      const organization =
        request.organization && (await findOwned(read.organizations, 'organization', caller, request.organization));
      const id = newId('externalAccountKey', context);
      const hmacKey = newHmacKey(random);
      const key = await database.write(async (tx) => {
        if ((await tx.externalAccountKeys.list(account.id)).length >= maxOfAccount) {
          throw refuse('tooManyOfKind', { what: 'externalAccountKey', limit: maxOfAccount });
        }
        const terms = { accountId: account.id, productId: product.id };
        const policy = await policyWith(context, tx, caller, { key: terms, before: openPolicy, wanted });
        const inserted = await tx.externalAccountKeys.insert({
          ...terms,
          id,
          dialect: caller.dialect,
          keyId: base32(random.bytes(keyIdBytes)),
          sealedHmacKey: Uint8Array.from(keySealer.seal(hmacKey, sealedObject(id))),
          name,
          organizationId: organization?.id ?? null,
          coverage,
          policy,
          expiresAt,
          settings: request.settings,
          createdAt: clock.now(),
          revokedAt: null,
        });
        await record(tx, caller, 'externalAccountKey.added', inserted, {
          ...limitsIn(policy),
          ...(expiresAt && { expiresAt }),
        });
        return viewKey(tx, inserted);
      });
      return { key, hmacKey };
    },

    async change(caller, reference, { name: wantedName, policy: wanted, expiresAt }) {
      const name = wantedName === undefined ? undefined : checkName({ name: wantedName });
      if (expiresAt !== undefined && expiresAt !== null) requireFuture(expiresAt, clock.now());
      const { id } = await find(read, caller, reference);
      const changed = await database.write(async (tx) => {
        const key = await find(tx, caller, { id });
        requireNotRevoked(key);
        const isOfPolicy = wanted !== undefined && Object.keys(wanted).length > 0;
        const policy = isOfPolicy
          ? await policyWith(context, tx, caller, { key, before: key.policy, wanted })
          : undefined;
        const change = withDefined({ name, policy, expiresAt });
        if (Object.keys(change).length === 0) return viewKey(tx, key);
        await tx.externalAccountKeys.update(id, change);
        // What waited for names to be allowed goes on.
        await wakeResting(context, tx, key.accountId);
        const after = { ...key, ...change };
        await record(tx, caller, 'externalAccountKey.changed', after, { ...wanted, ...withDefined({ expiresAt }) });
        return viewKey(tx, after);
      });
      queue.wake();
      return changed;
    },

    async list(caller) {
      const found = await read.externalAccountKeys.list(accountIdOf(caller));
      return Promise.all(found.map((key) => viewKey(read, key)));
    },

    check: (binding, accepts) => checkBinding(context, binding, accepts),

    get: async (caller, reference) => viewKey(read, await find(read, caller, reference)),

    async revoke(caller, reference) {
      const found = await find(read, caller, reference);
      return database.write(async (tx) => {
        const isMoved = await tx.externalAccountKeys.moveToRevoked(found.id, clock.now());
        const key = await find(tx, caller, { id: found.id });
        if (isMoved) await record(tx, caller, 'externalAccountKey.revoked', key);
        return viewKey(tx, key);
      });
    },
  };
}

/** What differs from a key without limits. */
function limitsIn(policy: KeyPolicy): object {
  const usual = new Map<string, unknown>(Object.entries(openPolicy));
  return Object.fromEntries(Object.entries(policy).filter(([field, value]) => value !== usual.get(field)));
}

async function viewKey(stores: Stores, key: ExternalAccountKey): Promise<ExternalAccountKeyView> {
  const product = await stores.products.get(key.productId);
  if (product === undefined) throw refuse('internal', {}, { cause: new Error(`${key.id} is of no product`) });
  return { ...key, productCode: productCodeOf(product) };
}

/** @throws {CertError} wrongState */
function requireNotRevoked({ number, revokedAt }: ExternalAccountKey): void {
  if (revokedAt === null) return;
  const value = String(number);
  throw refuse('wrongState', { what: 'externalAccountKey', value, state: 'revoked', needed: 'valid' });
}

const hashOfMac = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const satisfies Record<MacAlgorithm, string>;

/** @throws {CertError} forbidden */
export async function checkBinding(
  context: AppContext,
  { keyId, algorithm, data, mac }: AccountBinding,
  accepts: readonly string[],
): Promise<ExternalAccountKey> {
  const key = await context.database.read.externalAccountKeys.getByKeyId(keyId);
  // Computed for an unknown key, too: both answers take about the same time.
  const hmacKey = key === undefined ? new Uint8Array(hmacKeyBytes) : openHmacKey(context, key);
  const expected = createHmac(hashOfMac[algorithm], hmacKey).update(data).digest();
  const isRight = expected.length === mac.length && timingSafeEqual(expected, mac);
  if (key !== undefined && isRight && key.revokedAt === null && accepts.includes(key.dialect)) return key;
  throw refuse('bindingWrong', { keyId: quoted(keyId) });
}

/** The HMAC key again, to check a binding with. @throws {Error} when it does not open */
export function openHmacKey({ keySealer }: AppContext, key: ExternalAccountKey): Uint8Array {
  return keySealer.open(key.sealedHmacKey, sealedObject(key.id));
}

function sealedObject(id: ExternalAccountKeyId): SealedObject {
  return { kind: 'externalAccountKey', id };
}

function checkName({ name }: Pick<NewExternalAccountKey, 'name'>): string {
  const trimmed = name.trim();
  const field = 'name';
  if (trimmed === '' || trimmed.length > longestName) {
    throw refuse('fieldInvalid', {
      field,
      value: quoted(name),
      expected: expectedOf.charactersBetween(1, longestName),
    });
  }
  if (printable(trimmed) === trimmed) return trimmed;
  throw refuse('fieldInvalid', { field, value: quoted(name), expected: expectedOf.printableAtMost(longestName) });
}

/** Orders could not be placed for longer than the product is sold. */
function checkCoverage({ coverage: one, maxPeriods }: Product, coverage: Coverage, now: Date): void {
  const { count, unit } = coverage;
  const isWhole = Number.isSafeInteger(count) && count >= 1;
  const longest = { ...one, count: one.count * maxPeriods };
  if (isWhole && coverageEnd(now, coverage) <= coverageEnd(now, longest)) return;
  throw refuse('fieldInvalid', {
    field: 'coverage',
    value: quoted(`${count} ${unit}`),
    expected: expectedOf.dayUpTo(longest.count, longest.unit),
  });
}
