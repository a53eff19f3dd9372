/** Orders of ACME clients: made without being placed, shown as they stand, and placed when they are finalized (RFC 8555 §7.4). */

import type { AcmeOrder } from '../../domain/acme-order.ts';
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { profileUnder } from '../../domain/key-policy.ts';
import type { AcmeOrders, NewAcmeOrder } from '../../domain/ports/acme-orders.ts';
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
  requireGranted,
  soldProduct,
  viewAcmeOrder,
} from './acme-order-terms.ts';
import { chooseProduct } from './acme-profile.ts';
import { replacedBy } from './acme-replacement.ts';
import { checkNames } from './order-request.ts';
import { draftOrder } from './place-order.ts';

export function createAcmeOrders(context: AppContext): AcmeOrders {
  const { database, clock } = context;
  const { read } = database;

  /** What the client may order, and for which account. */
  async function termsOf(caller: Caller, { profile: named, offer }: Pick<NewAcmeOrder, 'profile' | 'offer'>) {
    const key = await bindingKeyOf(read, caller);
    const account = await accountOf(read, caller);
    const { productId, profile: profileName } = await chooseProduct(read, { key, profile: named, offer });
    const product = await soldProduct(read, account, productId);
    const policy = key?.policy ?? null;
    return {
      key,
      policy,
      account,
      product,
      profileName,
      profile: profileUnder(policy, profileOf(context, product.profileId)),
    };
  }

  return {
    async create(caller, request) {
      const { key, account, product, profile, profileName } = await termsOf(caller, request);
      const { names, ancestors, validity, proofReference, dialectData, expiresAt } = request;
      requirePendingUntil(context, expiresAt);
      // What placing it would refuse: names, product, organization, issuer.
      const wanted = { names, validity, csr: null, proofReference, dialectData };
      await draftOrder(context, caller, orderRequestOf({ productId: product.id }, { ...wanted, key, periods: 1 }));
      const replaced = await replacedBy(read, caller, request);
      const action = await actionOf(context, caller, { wanted: request.action, key, product, names });
      requireGranted(validity, { profile, coverage: coverageOf(key, product), now: clock.now() });
      const id = newId('acmeOrder', context);
      const made = await database.write(async (tx) => {
        // Deactivated a moment ago, it begins nothing that nobody would end.
        await bindingKeyOf(tx, caller);
        const authorizations = await authorizeNames(context, tx, caller, {
          account,
          product,
          profile,
          key,
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
          profile: profileName,
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

    async authorize(caller, { name, isForBelow, offer, proofReference, dialectData, pendingUntil }) {
      const terms = await termsOf(caller, { profile: null, offer });
      checkNames(context, terms, [name]);
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
        return authorizeNames(context, tx, caller, { ...terms, request });
      });
      if (made === undefined) throw refuse('internal', {}, { cause: new Error(`no authorization of ${name.value}`) });
      return made.id;
    },

    async get(caller, id, offer) {
      const found = await findAcmeOrder(read, caller, id);
      // Whoever looks at it sets it going: nobody is charged for an order that its client has given up.
      if (found.state === 'waiting') await placeWaiting(context, caller, found, offer);
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
