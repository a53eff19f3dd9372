/** Orders: what is changed, added or taken back after they were placed. */

import { certificateStandingOf } from '../../../domain/certificate.ts';
import { renderReason } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
import type { IssuanceView, OrderReference, OrderView } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { parseCsr } from '../../../pki/csr.ts';
import { certificationOf, namesFromInput, namesOfOrder, referenceTo, validityOf } from '../certification.ts';
import { customValuesFrom } from '../custom-fields.ts';
import { pageQueryOf, pageToWire, pageWithTotal } from '../paging.ts';
import { orderChangesApi } from '../schema/order-changes.ts';
import type { WireIssuance } from '../schema.ts';
import { type Client, handled } from '../services.ts';
import { timeToWire } from '../values.ts';
import { namedOrderToWire } from './order-people.ts';

type Act = (session: Client, order: OrderReference) => Promise<OrderView>;

/** The calls that name an order and answer it as it is afterwards. */
async function acted(session: Client, order: string, act: Act) {
  const reference = referenceTo(order);
  return namedOrderToWire(session, await act(session, reference));
}

/** The caller as the account that the order is of: an operator names fields of that account. */
async function forAccountOf({ caller, services }: Client, order: OrderReference) {
  if (caller.scope !== 'all') return caller;
  const { account } = await services.orders.get(caller, order);
  return services.signIn.actFor(caller, account.id);
}

function issuanceToWire({ issuance, certificate, now }: IssuanceView, language: Language): WireIssuance {
  return {
    id: issuance.id,
    number: issuance.number,
    kind: issuance.kind,
    state: issuance.state,
    names: issuance.names.map(({ identifier }) => identifier.value),
    failure: issuance.failure === null ? null : renderReason(issuance.failure, language),
    certificate:
      certificate === null
        ? null
        : {
            id: certificate.id,
            number: certificate.number,
            serial: certificate.serial,
            notAfter: timeToWire(certificate.notAfter),
            state: certificateStandingOf(certificate, now),
          },
    createdAt: timeToWire(issuance.createdAt),
  };
}

export const orderChangeOperations = [
  handled(orderChangesApi.change, (input, session) =>
    acted(session, input.order, async ({ caller, services }, order) => {
      const { customFields, reference, isAutoRenewed } = input;
      const customValues =
        customFields &&
        (await customValuesFrom(customFields, { caller: await forAccountOf(session, order), services }));
      const alternativeReference = reference === '' ? null : reference;
      return services.orders.change(caller, order, withDefined({ customValues, alternativeReference, isAutoRenewed }));
    }),
  ),

  handled(orderChangesApi.provideCsr, (input, session) =>
    acted(session, input.order, ({ caller, services }, order) =>
      services.issuances.provideCsr(caller, order, parseCsr(input.csr).der),
    ),
  ),

  handled(orderChangesApi.duplicate, (input, session) =>
    acted(session, input.order, async ({ caller, services }, order) => {
      const names = input.names === undefined ? await namesOfOrder(session, order) : namesFromInput(input.names);
      const { csr, method, address } = input;
      const request = certificationOf(session, { csr, names: () => names, method, address });
      return services.issuances.duplicate(caller, order, { ...request, validity: validityOf(input) });
    }),
  ),

  handled(orderChangesApi.issuances, async (input, { caller, services, language }) => {
    const order = referenceTo(input.order);
    const page = await pageWithTotal(input, {
      from: pageQueryOf(input).before,
      read: (limit, before) => services.issuances.list(caller, order, { limit, ...withDefined({ before }) }),
    });
    return pageToWire(page, (view) => issuanceToWire(view, language));
  }),

  handled(orderChangesApi.withdraw, (input, session) =>
    acted(session, input.order, ({ caller, services }, order) =>
      services.approvals.withdraw(caller, { order, ...withDefined({ kind: input.what }) }),
    ),
  ),
];
