/** The history of checks. */
import type { CheckRecord } from '../../../domain/check-record.ts';
import type { Language } from '../../../domain/language.ts';
import type { NameChecks } from '../../../domain/ports/checks.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { referenceTo } from '../certification.ts';
import { checkToWire } from '../order-to-wire.ts';
import { pageToWire, pageWithTotal, readPosition } from '../paging.ts';
import { checksApi } from '../schema/checks.ts';
import type { WireNameChecks } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, timeToWire } from '../values.ts';

function recordToWire(
  { check, challenge: position, count, firstAt, node, usableUntil }: CheckRecord,
  { challenges, language }: Pick<NameChecks, 'challenges'> & { readonly language: Language },
) {
  return {
    ...checkToWire(check, language, { challenge: challenges[position] }),
    method: check.method,
    count,
    firstAt: timeToWire(firstAt),
    node: node === '' ? null : node,
    usableUntil: optionalTimeToWire(usableUntil),
  };
}

function checksToWire(
  { identifier, authorizationId, state, challenges, records }: NameChecks,
  language: Language,
): WireNameChecks {
  return {
    name: identifier.value,
    authorizationId,
    state,
    checks: records.map((record) => recordToWire(record, { challenges, language })),
  };
}

export const checkOperations = [
  handled(checksApi.ofOrder, async (input, { caller, services, language }) => {
    const order = referenceTo(input.order);
    const page = await pageWithTotal(input, {
      from: input.cursor === undefined ? undefined : readPosition(input.cursor),
      read: (limit, after) => services.checks.listOfOrder(caller, order, { limit, ...withDefined({ after }) }),
    });
    return pageToWire(
      page,
      (checks) => checksToWire(checks, language),
      (position) => `after:${position}`,
    );
  }),

  handled(checksApi.ofAuthorization, async ({ authorization }, { caller, services, language }) =>
    checksToWire(await services.checks.ofAuthorization(caller, authorization), language),
  ),
];
