/** Looks at what stands at the customer's for CAs that look for it there. */
import { type Reason, renderReason } from '../../../domain/errors.ts';
import type { Language } from '../../../domain/language.ts';
import type { CheckedName, CheckedWay } from '../../../domain/ports/delegations.ts';
import { relativeHost } from '../../../domain/record-forms.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { namesFromInput } from '../certification.ts';
import { delegationsApi } from '../schema/delegations.ts';
import type { WireCheckedDelegation } from '../schema.ts';
import { actingCaller, handled } from '../services.ts';

function wayToWire(way: CheckedWay, domain: string, language: Language): WireCheckedDelegation['ways'][number] {
  const { mode, issuers, stands, problem, notes, record, hops, others, responder, file } = way;
  const text = (reason: Reason) => renderReason(reason, language);
  return {
    mode,
    issuers: [...issuers],
    stands,
    problem: problem === null ? null : text(problem),
    notes: notes.map(text),
    record: record && { ...record, relativeHost: relativeHost(record.host, domain) },
    hops: [...hops],
    others: [...others],
    responder,
    file,
  };
}

function nameToWire({ name, domain, ways }: CheckedName, language: Language): WireCheckedDelegation {
  return { name, domain, ways: ways.map((way) => wayToWire(way, domain, language)) };
}

export const delegationOperations = [
  handled(delegationsApi.check, async (input, session) => {
    const { services, language } = session;
    const caller = await actingCaller(session, input.account);
    const names = namesFromInput(input.names);
    const found = await services.delegations.check(caller, { names, ...withDefined({ productCode: input.product }) });
    return {
      stands: found.every(({ ways }) => ways.every(({ stands }) => stands)),
      names: found.map((one) => nameToWire(one, language)),
    };
  }),
];
