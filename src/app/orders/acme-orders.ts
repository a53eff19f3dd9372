/** Orders of ACME clients: made without being placed, shown as they stand, and placed when they are finalized (RFC 8555 §7.4). */

import type { AcmeOrder } from '../../domain/acme-order.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { newId, type ProductId } from '../../domain/ids.ts';
import type { RequestedValidity } from '../../domain/issuance.ts';
import type { AcmeOrders, AcmeProduct, NewAcmeOrder } from '../../domain/ports/acme-orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Coverage, coverageEnd } from '../../domain/product.ts';
import type { Profile } from '../../domain/profile.ts';
import { type AppContext, profileOf } from '../context.ts';
import { authorizeNames, requirePendingUntil } from '../proving/standalone.ts';
import { accountOf } from '../scope.ts';
import { actionOf } from './acme-action.ts';
import { acmeCertificate } from './acme-certificate.ts';
import { termsHashOf } from './acme-coverage.ts';
import { createFinalize, placeWaiting } from './acme-finalize.ts';
import {
  bindingKeyOf,
  coverageOf,
  credentialIdOf,
  findAcmeOrder,
  orderRequestOf,
  soldProduct,
  viewAcmeOrder,
} from './acme-order-terms.ts';
import { replacedBy } from './acme-replacement.ts';
import { checkNames } from './order-request.ts';
import { draftOrder } from './place-order.ts';

export function createAcmeOrders(context: AppContext): AcmeOrders {
  const { database, clock } = context;
  const { read } = database;

  /** What the client may order, and for which account. */
  async function termsOf(caller: Caller, { product: wanted }: Pick<NewAcmeOrder, 'product'>) {
    const key = await bindingKeyOf(read, caller);
    const account = await accountOf(read, caller);
    const product = await soldProduct(read, account, await productIdOf(read, key, wanted));
    return { key, account, product };
  }

  return {
    async create(caller, request) {
      const { key, account, product } = await termsOf(caller, request);
      const { names, ancestors, validity, proofReference, dialectData, expiresAt } = request;
      requirePendingUntil(context, expiresAt);
      // What placing it would refuse: names, product, organization, issuer.
      const wanted = { names, validity, csr: null, proofReference, dialectData };
      await draftOrder(context, caller, orderRequestOf({ productId: product.id }, { ...wanted, key, periods: 1 }));
      const replaced = await replacedBy(read, caller, request);
      const action = await actionOf(context, caller, { wanted: request.action, product, names });
      const profile = profileOf(context, product.profileId);
      requireGranted(validity, latestEnd({ profile, coverage: coverageOf(key, product), now: clock.now() }));
      const id = newId('acmeOrder', context);
      const made = await database.write(async (tx) => {
        // Deactivated a moment ago, it begins nothing that nobody would end.
        await bindingKeyOf(tx, caller);
        const authorizations = await authorizeNames(context, tx, caller, {
          account,
          profile,
          request: {
            names,
            ancestors,
            proofReference,
            preferredMethod: 'httpFile',
            dialectData,
            pendingUntil: expiresAt,
          },
        });
        const acmeOrder: AcmeOrder = {
          id,
          accountId: account.id,
          credentialId: credentialIdOf(caller),
          productId: product.id,
          names: names.flatMap((identifier, i) => {
            const authorization = authorizations[i];
            return authorization === undefined ? [] : [{ identifier, authorizationId: authorization.id }];
          }),
          validity,
          replaces: replaced?.id ?? null,
          action,
          termsHash: termsHashOf({ key, accountId: account.id, productId: product.id, names }),
          state: 'open',
          issuanceId: null,
          csrHash: null,
          csr: null,
          approvalId: null,
          approvalDays: request.approvalDays,
          problem: null,
          expiresAt,
          dialectData,
          createdAt: clock.now(),
        };
        await tx.acmeOrders.insert(acmeOrder);
        return { acmeOrder, authorizations };
      });
      return viewAcmeOrder(context, caller, made.acmeOrder, made.authorizations);
    },

    async authorize(caller, { name, isForBelow, product: wanted, proofReference, dialectData, pendingUntil }) {
      const { account, product } = await termsOf(caller, { product: wanted });
      const profile = profileOf(context, product.profileId);
      checkNames(context, { account, product, profile }, [name]);
      requirePendingUntil(context, pendingUntil);
      const request = {
        names: [name],
        isForBelow,
        proofReference,
        preferredMethod: 'httpFile',
        dialectData,
        pendingUntil,
      } as const;
      const [made] = await database.write(async (tx) => {
        await bindingKeyOf(tx, caller);
        return authorizeNames(context, tx, caller, { account, profile, request });
      });
      if (made === undefined) throw refuse('internal', {}, { cause: new Error(`no authorization of ${name.value}`) });
      return made.id;
    },

    async get(caller, id) {
      const found = await findAcmeOrder(read, caller, id);
      // Whoever looks at it sets it going: nobody is charged for an order that its client has given up.
      if (found.state === 'waiting') await placeWaiting(context, caller, found);
      return viewAcmeOrder(context, caller, await findAcmeOrder(read, caller, id));
    },

    async list(caller, { limit, after }) {
      const last = after === undefined ? undefined : await findAcmeOrder(read, caller, after);
      const page = { limit: limit + 1, ...(last === undefined ? {} : { before: last.id }) };
      const found = await read.acmeOrders.listOfCredential(credentialIdOf(caller), page);
      const items = found.slice(0, limit);
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },

    finalize: createFinalize(context),
    certificate: (caller, id) => acmeCertificate(context, caller, id),
  };
}

/** @throws {CertError} unknownProduct, productNotOfKey */
async function productIdOf(
  stores: Stores,
  key: ExternalAccountKey | null,
  wanted: AcmeProduct | null,
): Promise<ProductId> {
  if (wanted === null) {
    if (key !== null) return key.productId;
    throw refuse('bindingMissing', {});
  }
  const { code, isForEveryKey } = wanted;
  const colon = code.indexOf(':');
  const product = await stores.products.getByCode(code.slice(0, Math.max(colon, 0)), code.slice(colon + 1));
  if (product === undefined) throw refuse('acmeProductNotSold', { product: quoted(code) });
  if (key === null || isForEveryKey || product.id === key.productId) return product.id;
  throw refuse('productNotOfKey', { product: product.name });
}

/** The last moment of a certificate that is issued now. */
function latestEnd({
  profile,
  coverage,
  now,
}: {
  readonly profile: Profile;
  readonly coverage: Coverage;
  readonly now: Date;
}): Date {
  const { maxValidityDays, backdateSeconds } = profile;
  const longestMs = now.getTime() - backdateSeconds * 1000 + maxValidityDays * 86_400_000;
  return new Date(Math.min(longestMs, coverageEnd(now, coverage).getTime()) - 1000);
}

/** RFC 8555 §7.4: what cannot be granted is refused, not changed. @throws {CertError} validityTooLong */
function requireGranted(validity: RequestedValidity | null, latest: Date): void {
  if (validity === null || !('until' in validity) || validity.until <= latest) return;
  throw refuse('validityTooLong', { until: validity.until.toISOString(), latest: latest.toISOString() });
}
