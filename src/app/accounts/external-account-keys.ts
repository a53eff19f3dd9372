/** Keys by which ACME clients are bound to an account (RFC 8555 §7.3.4): made here, shown once, kept sealed. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { base32, type ExternalAccountKeyId, newId } from '../../domain/ids.ts';
import type { AccountBinding, MacAlgorithm } from '../../domain/key-signature.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { ExternalAccountKeys, NewExternalAccountKey } from '../../domain/ports/external-account-keys.ts';
import type { SealedObject } from '../../domain/ports/key-sealer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { printable } from '../../domain/printable.ts';
import { type Coverage, coverageEnd, type Product } from '../../domain/product.ts';
import type { AppContext } from '../context.ts';
import { findProduct } from '../orders/catalogue.ts';
import { accountIdOf, accountOf, findOwned } from '../scope.ts';
import { recordAccount } from './account-event.ts';

/** Length for the HMAC with SHA-256 (RFC 7518 §3.2): no shorter than its output. */
const hmacKeyBytes = 32;
const keyIdBytes = 16;
/** Revoked ones too: lists show all of them. */
const maxOfAccount = 1000;
const longestName = 255;

export function createExternalAccountKeys(context: AppContext): ExternalAccountKeys {
  const { database, clock, random, keySealer } = context;
  const { read } = database;

  const record = (tx: Stores, caller: Caller, kind: EventKind, key: ExternalAccountKey) =>
    recordAccount(tx, caller, kind, {
      accountId: key.accountId,
      subject: key.id,
      data: { number: key.number, name: key.name, keyId: key.keyId },
      at: clock.now(),
    });

  return {
    async add(caller, request) {
      const name = checkName(request);
      const account = await accountOf(read, caller);
      const { productCode } = request;
      const product = await findProduct(read, caller, account, { productCode });
      const coverage = request.coverage ?? product.coverage;
      checkCoverage(product, coverage, clock.now());
      const organization =
        request.organization && (await findOwned(read.organizations, 'organization', caller, request.organization));
      const id = newId('externalAccountKey', context);
      const hmacKey = random.bytes(hmacKeyBytes);
      const key = await database.write(async (tx) => {
        if ((await tx.externalAccountKeys.list(account.id)).length >= maxOfAccount) {
          throw refuse('tooManyOfKind', { what: 'externalAccountKey', limit: maxOfAccount });
        }
        const inserted = await tx.externalAccountKeys.insert({
          id,
          accountId: account.id,
          dialect: caller.dialect,
          keyId: base32(random.bytes(keyIdBytes)),
          sealedHmacKey: Uint8Array.from(keySealer.seal(hmacKey, sealedObject(id))),
          name,
          productId: product.id,
          organizationId: organization?.id ?? null,
          coverage,
          settings: request.settings,
          createdAt: clock.now(),
          revokedAt: null,
        });
        await record(tx, caller, 'externalAccountKey.added', inserted);
        return inserted;
      });
      return { key, hmacKey };
    },

    async list(caller) {
      return read.externalAccountKeys.list(accountIdOf(caller));
    },

    check: (binding, accepts) => checkBinding(context, binding, accepts),

    get: (caller, reference) => findOwned(read.externalAccountKeys, 'externalAccountKey', caller, reference),

    async revoke(caller, reference) {
      const found = await findOwned(read.externalAccountKeys, 'externalAccountKey', caller, reference);
      return database.write(async (tx) => {
        const isMoved = await tx.externalAccountKeys.moveToRevoked(found.id, clock.now());
        const key = await findOwned(tx.externalAccountKeys, 'externalAccountKey', caller, { id: found.id });
        if (isMoved) await record(tx, caller, 'externalAccountKey.revoked', key);
        return key;
      });
    },
  };
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

function checkName({ name }: NewExternalAccountKey): string {
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
