/** Orders: placing them, following them, deciding about them. */

import { hash } from 'node:crypto';
import type { z } from 'zod';
import type { Caller } from '../../../domain/caller.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../../domain/identifier.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { OrganizationDetails } from '../../../domain/organization.ts';
import { idempotencyWindowMs } from '../../../domain/ports/idempotency-keys.ts';
import type {
  DryRun,
  Idempotency,
  OrderReference,
  OrderView,
  OrganizationChoice,
  PlaceOrder,
  Proofs,
  Reissue,
} from '../../../domain/ports/orders.ts';
import type { ValidationMethod } from '../../../domain/validation-method.ts';
import { nonEmpty, withDefined } from '../../../domain/with-defined.ts';
import type { Csr } from '../../../pki/csr.ts';
import {
  type Certification,
  certificationOf,
  namesFromInput,
  namesOfCsr,
  namesOfOrder,
  proofsOf,
  requireEmailFor,
  validityOf,
} from '../certification.ts';
import { customValuesFrom } from '../custom-fields.ts';
import { contentOf, keyOf } from '../idempotency.ts';
import { filteredPage, filterFrom, serialFrom } from '../list-filters.ts';
import { pageToWire } from '../paging.ts';
import { readSeveral } from '../schema/list-filters.ts';
import { orderStandings, orderStates, ordersApi, orderTurns } from '../schema/orders.ts';
import { actingCaller, type Client, handled } from '../services.ts';
import { moneyToWire, optionalTimeToWire, referenceFromWire } from '../values.ts';
import { namedOrderToWire, namedSummariesToWire } from './order-people.ts';

/** The core claims the key as well, in the transaction of the order: there is never a second one, whatever stops when. @throws {CertError} invalidField */
function idempotencyOf({ request }: Client, input: Readonly<Record<string, unknown>>): Idempotency | null {
  const key = keyOf(request);
  if (key === null) return null;
  const fingerprint = hash('sha256', contentOf(input, request), 'hex');
  return { key, fingerprint, windowSeconds: idempotencyWindowMs / 1000 };
}

/** A text names one of the account's; anything else describes one. */
function organizationFrom(organization: string | OrganizationDetails | undefined): OrganizationChoice | null {
  if (typeof organization === 'string') return referenceFromWire(organization);
  return organization ?? null;
}

type NewCertification = Omit<Certification, 'csr'> & { readonly csr: Uint8Array | null };

/** Without a CSR the names must be there; it comes later. */
function newCertificationOf(session: Client, input: z.output<typeof ordersApi.place.request>): NewCertification {
  const { csr, names, method, address } = input;
  if (csr !== undefined) {
    const wanted = (parsed: Csr) => (names === undefined ? namesOfCsr(parsed) : namesFromInput(names));
    return certificationOf(session, { csr, names: wanted, method, address });
  }
  if (names === undefined) throw refuse('fieldMissing', { field: 'names' });
  const identifiers = namesFromInput(names);
  return { names: identifiers, csr: null, ...proofsOf(session, identifiers, { method, address }) };
}

async function placeRequestOf(
  session: Client,
  caller: Caller,
  input: z.output<typeof ordersApi.place.request>,
): Promise<PlaceOrder> {
  const certification = newCertificationOf(session, input);
  const { services } = session;
  return {
    ...withChoices(certification, input.methods),
    productCode: input.productCode,
    ...withDefined({ periods: input.periods }),
    validity: validityOf(input),
    isAutoRenewed: input.isAutoRenewed ?? false,
    renewalOf: input.renewalOf === undefined ? null : referenceFromWire(input.renewalOf),
    organization: organizationFrom(input.organization),
    container: input.container === undefined ? null : referenceFromWire(input.container),
    contact: input.contact ?? null,
    customValues: await customValuesFrom(input.customFields ?? [], { caller, services }),
    alternativeReference: nonEmpty(input.reference) ?? null,
    ...withDefined({ approval: approvalFrom(input) }),
    dialectData: {},
    idempotency: idempotencyOf(session, input),
  };
}

async function reissueRequestOf(
  session: Client,
  order: OrderReference,
  input: z.output<typeof ordersApi.reissue.request>,
): Promise<Reissue> {
  const requested = input.names === undefined ? undefined : namesFromInput(input.names);
  const names = requested ?? (await namesOfOrder(session, order));
  const { csr, method, address } = input;
  const certification = certificationOf(session, { csr, names: () => names, method, address });
  return {
    ...withChoices(certification, input.methods),
    validity: validityOf(input),
    ...withDefined({ approval: approvalFrom(input) }),
  };
}

/** Comments make a request of their own, so that there is none where nothing was said. */
function approvalFrom({ comments }: { readonly comments?: string | undefined }) {
  const text = nonEmpty(comments?.trim());
  return text === undefined ? undefined : { comments: text };
}

interface WireChoice {
  readonly name: string;
  readonly method: ValidationMethod;
  readonly address?: string | undefined;
}

/** The last choice for a name counts. @throws {CertError} notFound for a name that is not requested, invalidField */
function withChoices<C extends Pick<Proofs, 'choices'> & { readonly names: readonly Identifier[] }>(
  certification: C,
  wanted: readonly WireChoice[] | undefined,
): C {
  if (wanted === undefined || wanted.length === 0) return certification;
  const own = wanted.map((one, index) => {
    const name = parseIdentifier(one.name, `methods[${index}].name`);
    if (!certification.names.some(({ value }) => value === name.value))
      throw refuse('notFound', { what: 'name', value: quoted(one.name) });
    return { name, choice: choiceOf(one) };
  });
  const named = new Set(own.map(({ name }) => name.value));
  const others = (certification.choices ?? []).filter(({ name }) => !named.has(name.value));
  return { ...certification, choices: [...others, ...own] };
}

function dryRunToWire({ price, balanceAfterMinor, needsApproval, names }: DryRun) {
  return {
    price: moneyToWire(price),
    balanceAfter: moneyToWire({ minor: balanceAfterMinor, currency: price.currency }),
    needsApproval,
    names: names.map(({ identifier, isProved, validUntil }) => ({
      name: identifier.value,
      isProved,
      validUntil: optionalTimeToWire(validUntil),
    })),
  };
}

type Act = (session: Client, order: OrderReference) => Promise<OrderView>;

/** The calls that name an order and answer it as it is afterwards. */
async function acted(session: Client, order: string, act: Act) {
  const reference = referenceFromWire(order);
  return namedOrderToWire(session, await act(session, reference));
}

export const orderOperations = [
  handled(ordersApi.list, async (input, session) => {
    const { caller, services } = session;
    const { name, namePart, failing, sort, text, container, organization, reference, serial, isRenewed } = input;
    if (failing !== undefined && sort !== undefined)
      throw refuse('fieldInvalid', { field: 'sort', value: quoted(sort), expected: expected.withoutFailing });
    if (input.failingCode !== undefined && failing === undefined)
      throw refuse('fieldInvalid', {
        field: 'failingCode',
        value: quoted(input.failingCode),
        expected: expected.withFailing,
      });
    const filter = {
      ...filterFrom(input, services.clock),
      ...withDefined({
        states: readSeveral(input.state, orderStates.options),
        standings: readSeveral(input.standing, orderStandings),
        turns: readSeveral(input.turn, orderTurns),
        failingCode: input.failingCode,
        namePart: namePart?.toLowerCase(),
        text,
        container,
        organization,
        reference,
        serial: serial === undefined ? undefined : serialFrom(serial),
        isRenewed: isRenewed === undefined ? undefined : isRenewed === 'true',
      }),
      ...(name === undefined ? {} : { name: parseIdentifier(name, 'name').value }),
      ...(failing === undefined ? {} : { isFailing: true as const }),
    };
    const { query, cursorOf } = filteredPage('orders', input, filter);
    const page = await services.orders.list(caller, query);
    const items = await namedSummariesToWire(session, page.items);
    return pageToWire({ ...page, items }, (item) => item, cursorOf);
  }),

  handled(ordersApi.place, async (input, session) => {
    const caller = await actingCaller(session, input.account ?? null);
    const request = await placeRequestOf(session, caller, input);
    return namedOrderToWire(session, await session.services.orders.place(caller, request));
  }),

  handled(ordersApi.dryRun, async (input, session) => {
    const caller = await actingCaller(session, input.account ?? null);
    const request = await placeRequestOf(session, caller, input);
    return dryRunToWire(await session.services.orders.dryRun(caller, request));
  }),

  handled(ordersApi.approve, (input, session) =>
    acted(session, input.order, (client, order) =>
      decided(client, order, { approve: true, note: input.note, version: input.version }),
    ),
  ),

  handled(ordersApi.reject, (input, session) =>
    acted(session, input.order, (client, order) =>
      decided(client, order, { approve: false, note: input.note, version: input.version }),
    ),
  ),

  handled(ordersApi.cancel, (input, session) =>
    acted(session, input.order, ({ caller, services }, order) => services.orders.cancel(caller, order)),
  ),

  handled(ordersApi.reissue, (input, session) =>
    acted(session, input.order, async (client, order) =>
      client.services.issuances.reissue(client.caller, order, await reissueRequestOf(client, order, input)),
    ),
  ),

  handled(ordersApi.dryRunReissue, async (input, session) => {
    const order = referenceFromWire(input.order);
    const request = await reissueRequestOf(session, order, input);
    return dryRunToWire(await session.services.issuances.dryRunReissue(session.caller, order, request));
  }),

  handled(ordersApi.revoke, (input, session) =>
    acted(session, input.order, ({ caller, services }, order) =>
      services.revocations.revokeOrder(caller, order, input.reason),
    ),
  ),

  handled(ordersApi.check, (input, session) =>
    acted(session, input.order, ({ caller, services }, order) => services.proving.recheck(caller, order)),
  ),

  handled(ordersApi.chooseMethod, (input, session) =>
    acted(session, input.order, ({ caller, services }, order) =>
      services.proving.chooseMethods(caller, order, [
        { name: parseIdentifier(input.name, 'name'), choice: choiceOf(input) },
      ]),
    ),
  ),

  handled(ordersApi.removeNames, (input, session) =>
    acted(session, input.order, ({ caller, services }, order) =>
      services.orders.removeNames(
        caller,
        order,
        input.names === 'unproved' ? input.names : namesFromInput(input.names),
      ),
    ),
  ),
];

/** @throws {CertError} invalidField */
function choiceOf({ method, address }: { readonly method: ValidationMethod; readonly address?: string | undefined }) {
  requireEmailFor(address, method);
  return method === 'email' && address !== undefined ? { method, address } : method;
}

async function decided(
  { caller, services }: Client,
  order: OrderReference,
  decision: { readonly approve: boolean; readonly note: string; readonly version: number },
) {
  return (await services.approvals.decide(caller, { order }, decision)).view;
}
