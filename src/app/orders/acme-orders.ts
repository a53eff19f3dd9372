/** Orders of ACME clients: made without being placed, shown as they stand, and placed when they are finalized (RFC 8555 §7.4). */
import type { AcmeOrder } from '../../domain/acme-order.ts';
import { refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { newId } from '../../domain/ids.ts';
import type { AcmeOrders, NewAcmeOrder } from '../../domain/ports/acme-orders.ts';
import { type AppContext, profileOf } from '../context.ts';
import { authorizeNames, requirePendingUntil } from '../proving/standalone.ts';
import { accountOf } from '../scope.ts';
import { termsHashOf } from './acme-coverage.ts';
import { createFinalize, placeWaiting } from './acme-finalize.ts';
import { bindingKeyOf, credentialIdOf, findAcmeOrder, orderRequestOf, viewAcmeOrder } from './acme-order-terms.ts';
import { replacedBy } from './acme-replacement.ts';
import { findProduct, type ProductChoice } from './catalogue.ts';
import { draftOrder } from './place-order.ts';

export function createAcmeOrders(context: AppContext): AcmeOrders {
  const { database, clock } = context;
  const { read } = database;

  return {
    async create(caller, request) {
      const key = await bindingKeyOf(read, caller);
      const choice = productChoiceOf(key, request);
      const account = await accountOf(read, caller);
      const product = await findProduct(read, caller, account, choice);
      const { names, validity, proofReference, dialectData, expiresAt } = request;
      requirePendingUntil(context, expiresAt);
      // What placing it would refuse: names, product, organization, issuer.
      const wanted = { names, validity, csr: null, proofReference, dialectData };
      await draftOrder(context, caller, orderRequestOf(choice, { ...wanted, key, periods: 1 }));
      const replaced = await replacedBy(read, caller, request);
      const profile = profileOf(context, product.profileId);
      const id = newId('acmeOrder', context);
      const acmeOrder = await database.write(async (tx) => {
        const authorizations = await authorizeNames(context, tx, caller, {
          account,
          profile,
          request: { names, proofReference, preferredMethod: 'httpFile', dialectData, pendingUntil: expiresAt },
        });
        const made: AcmeOrder = {
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
        await tx.acmeOrders.insert(made);
        return made;
      });
      return viewAcmeOrder(context, caller, acmeOrder);
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
  };
}

function productChoiceOf(key: ExternalAccountKey | null, { productCode }: NewAcmeOrder): ProductChoice {
  if (key !== null) return { productId: key.productId };
  if (productCode !== null) return { productCode };
  throw refuse('fieldMissing', { field: 'externalAccountBinding' });
}
