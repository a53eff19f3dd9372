/** Rows of issuances. */
import type {
  Issuance,
  IssuanceName,
  IssuancePlan,
  IssuanceSummary,
  RequestedValidity,
  Rest,
} from '../../domain/issuance.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { fromJson, fromMs, toJson } from '../columns.ts';
import {
  blob,
  date,
  derived,
  flag,
  int32,
  integer,
  json,
  jsonOf,
  lazy,
  mapped,
  nullable,
  nullableReference,
  reference,
  text,
} from '../fields.ts';

interface PlanJson extends Omit<IssuancePlan, 'notBefore' | 'notAfter'> {
  readonly notBefore: number;
  readonly notAfter: number;
}

export const planJson = {
  write({ notBefore, notAfter, ...plan }: IssuancePlan): string {
    const json: PlanJson = { ...plan, notBefore: notBefore.getTime(), notAfter: notAfter.getTime() };
    return toJson(json);
  },
  read(stored: string): IssuancePlan {
    const plan = fromJson<PlanJson>(stored);
    return { ...plan, notBefore: fromMs(plan.notBefore), notAfter: fromMs(plan.notAfter) };
  },
};

interface RestJson extends Omit<Rest, 'since'> {
  readonly since: number;
}

export const restJson = {
  write({ since, ...rest }: Rest): string {
    const json: RestJson = { ...rest, since: since.getTime() };
    return toJson(json);
  },
  read(stored: string): Rest {
    const rest = fromJson<RestJson>(stored);
    return { ...rest, since: fromMs(rest.since) };
  },
};

/** JSON has no dates: `until` is text in it. */
const validityJson = {
  write: toJson,
  read(stored: string): RequestedValidity {
    const validity = fromJson<{ readonly days: number } | { readonly until: string }>(stored);
    return 'until' in validity ? { until: new Date(validity.until) } : validity;
  },
};

/** The names between blanks, for searches: ` www.example.com example.com `. No name holds a blank. */
export function textOf(names: readonly IssuanceName[]): string {
  return ` ${names.map(({ identifier }) => identifier.value).join(' ')} `;
}

const shared = {
  number: int32('number'),
  id: text('id'),
  orderId: text('order_id'),
  accountId: text('account_id'),
  kind: text('kind'),
  state: text('state'),
  proofReference: text('proof_reference'),
  profileId: text('profile_id'),
  issuerId: text('issuer_id'),
  isCheckedOnRequest: flag('is_checked_on_request'),
  chargedMinor: integer('charged_minor'),
  validatingSince: nullable(date('validating_since')),
  certificateId: nullable(text('certificate_id')),
  failure: nullable(json('failure_json')),
  rest: nullable(jsonOf('rest_json', restJson)),
  createdAt: date('created_at'),
} as const;

export const issuances = codecOf<Issuance>()(
  'issuances',
  {
    ...shared,
    // The names are rarely needed for all issuances of an order.
    names: lazy(json('names_json')),
    csr: nullable(blob('csr')),
    sealedKey: nullable(blob('sealed_key')),
    validity: nullable(jsonOf('validity_json', validityJson)),
    plan: nullable(jsonOf('plan_json', planJson)),
  },
  {
    namesText: derived('names_text', 'text', ({ names }: Issuance) => textOf(names)),
    orderNumber: reference('order_number', 'orderId'),
    certificateNumber: nullableReference('certificate_number', 'certificateId'),
  },
);

export type IssuanceRow = RowOf<typeof issuances>;

/** Columns for lists, small for any number of names: `names_text` is cut up, not parsed. */
export const issuanceSummaries = codecOf<IssuanceSummary>()('issuances', {
  ...shared,
  names: lazy(
    mapped('names_text', 'text', {
      write: ({ names }: IssuanceSummary) => names.join(' '),
      read: (stored: string): readonly string[] => stored.trim().split(' '),
    }),
  ),
  hasCsr: flag('has_csr'),
});
