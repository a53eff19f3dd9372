/** The answers to orders, reissues and duplicates: which members they have tells the client what happens next. */
import { isUsable } from '../../../domain/authorization.ts';
import type { ManagedDomainView } from '../../../domain/managed-domain.ts';
import { isVerified } from '../../../domain/organization.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { chainToWire } from '../certificates/chain.ts';
import { dialectDataOf, duplicateNumber } from '../dialect-data.ts';
import { methodOf as methodOfDomain, proofToWire } from '../domains/domain-to-wire.ts';
import { type DcvMethod, randomValueOf, type TokenMethod } from '../proofs.ts';
import type { Client, Services } from '../services.ts';
import { certificateId, methodOf } from './order-to-wire.ts';
import type { Placed } from './place-schema.ts';
import { firstTokenOf, isRelayed } from './relayed-proofs.ts';

/** Waits for the certificate where nobody needs to do anything for it. */
export async function settleProved(view: OrderView, { services, caller }: Client): Promise<OrderView> {
  const { issuance, authorizations, product, organization, now } = view;
  const { answerWithinMs } = services.config;
  const isUnderWay = ['awaitingValidation', 'ready', 'issuing'].includes(issuance.state);
  const isProved = issuance.state !== 'awaitingValidation' || authorizations.every((one) => isUsable(one, now));
  const isVouched = product.level === 'dv' || (organization !== null && isVerified(organization, product.level, now));
  if (answerWithinMs === 0 || !isUnderWay || issuance.csr === null || !isProved || !isVouched) return view;
  return services.orders.settle(caller, { issuanceNumber: issuance.number }, answerWithinMs);
}

/**
 * @param domains those of the order, where their challenges are to be shown
 * @param mayMakeOrganization whether the request held the details of one
 * @param skipsApproval true if the request skips approval: then there is no request to show, unless one waits all the same
 */
export function placedToWire(
  view: OrderView,
  {
    services,
    domains,
    skipsApproval,
    mayMakeOrganization = false,
  }: {
    readonly services: Services;
    readonly domains: readonly ManagedDomainView[];
    readonly skipsApproval: boolean;
    readonly mayMakeOrganization?: boolean;
  },
): Placed {
  const { order, issuance, approval, organization, product } = view;
  const data = dialectDataOf(order);
  const duplicate = duplicateNumber(data, issuance.proofReference);
  const id = certificateId(issuance);
  // The organization was made with the order, in one moment.
  const isNew = mayMakeOrganization && organization?.createdAt.getTime() === order.createdAt.getTime();
  const method = methodOf(view, data) as DcvMethod;
  const isDv = product.level === 'dv';
  const chain = chainToWire(view);
  return {
    id: order.number,
    ...(isNew && organization !== null ? { organization: { id: organization.number } } : {}),
    ...(domains.length === 0 ? {} : { domains: domains.map((domain) => domainToWire(domain, services)) }),
    ...(approval === null || approval.issuanceId !== issuance.id || (skipsApproval && approval.state === 'approved')
      ? {}
      : { requests: [{ id: approval.number, status: approval.state }] }),
    ...withDefined({ certificate_id: id }),
    ...(duplicate === 0 ? {} : { sub_id: subId(duplicate) }),
    // Clients read it of every DV order, also where nothing need be placed any more.
    ...(isDv && method !== 'email' ? valueToPlace(view, method) : {}),
    ...withDefined({ certificate_chain: chain }),
  };
}

/** An upstream's value may still have to be made: then it is left out, and `dcv-random-value` has it later. */
function valueToPlace(view: OrderView, method: TokenMethod): { readonly dcv_random_value?: string } {
  const { issuance, authorizations } = view;
  if (!authorizations.some(isRelayed)) return { dcv_random_value: randomValueOf(issuance.proofReference, method) };
  return withDefined({ dcv_random_value: firstTokenOf(view)?.token });
}

export function subId(count: number): string {
  return String(count).padStart(3, '0');
}

function domainToWire(view: ManagedDomainView, services: Services) {
  const { domain } = view;
  const { dcv_token: token } = proofToWire(view, methodOfDomain(view), services);
  const name = domain.name.value;
  return { id: domain.number, name, dns_name: name, ...withDefined({ dcv_token: token }) };
}
