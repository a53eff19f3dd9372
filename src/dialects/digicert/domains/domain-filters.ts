/** The filters of the list of domains, as conditions on what is known of each. */
import { quoted, refuse } from '../../../domain/errors.ts';
import type { ManagedDomainView } from '../../../domain/managed-domain.ts';
import { dcvMethods } from '../proofs.ts';
import { type Filters, flagOf, valuesOf, wordsOf } from '../wire/filters.ts';
import { methodOf, validationsToWire } from './domain-to-wire.ts';

type Condition = (view: ManagedDomainView) => boolean;

/** `active` and `inactive` are the vendor's; the others are the words that `status` of a domain has in replies. */
const statuses = ['active', 'inactive', 'approved', 'pending'] as const;

/** Undefined: either. */
export function stateOf(filters: Filters): 'active' | 'inactive' | undefined {
  const isActive = flagOf(filters, 'is_active');
  if (isActive !== undefined) return isActive ? 'active' : 'inactive';
  const words = new Set(wordsOf(filters, 'status', statuses));
  if (words.has('active') === words.has('inactive')) return undefined;
  return words.has('active') ? 'active' : 'inactive';
}

/** Every one must hold. @throws {CertError} fieldInvalid, tooManyValues */
export function domainConditions(filters: Filters): readonly Condition[] {
  const conditions: Condition[] = [];
  const words = new Set(wordsOf(filters, 'status', statuses));
  if (words.has('approved') !== words.has('pending')) {
    conditions.push(({ proof }) => (proof !== null) === words.has('approved'));
  }
  const methods = wordsOf(filters, 'dcv_method', [...dcvMethods, 'http-token-static'])?.map((method) =>
    // The vendor's other word for the file at the agreed path.
    method === 'http-token-static' ? 'http-token' : method,
  );
  if (methods !== undefined) conditions.push((view) => methods.includes(methodOf(view)));
  const wanted = valuesOf(filters, 'validation')?.map(validationCondition);
  if (wanted !== undefined) conditions.push((view) => wanted.some((holds) => holds(view)));
  return conditions;
}

const dayMs = 86_400_000;

/** Days from now at which a proof ends: from the first to the second. */
const spans = {
  expired_in_last_7_days: [-7, 0],
  expiring_within_7_days: [0, 7],
  expiring_within_30_days: [0, 30],
  expiring_from_31_to_60_days: [30, 60],
  expiring_from_61_to_90_days: [60, 90],
} as const;

const validationWords: Readonly<Record<string, Condition>> = {
  pending: isPending,
  not_pending: (view) => !isPending(view),
  // A change of the industry's rules of 2021, which no domain of this server has seen.
  shortened_by_industry_changes: () => false,
  // A proof of control lasts as long for every level.
  ...Object.fromEntries(
    ['ov', 'ev'].flatMap((level) =>
      Object.entries(spans).map(([span, [from, until]]) => [`${level}_${span}`, endsBetween(from, until)]),
    ),
  ),
};

function validationCondition(text: string): Condition {
  const word = text.trim().toLowerCase();
  const condition = Object.hasOwn(validationWords, word) ? validationWords[word] : undefined;
  if (condition !== undefined) return condition;
  const expected = Object.keys(validationWords).join(', ');
  throw refuse('fieldInvalid', { field: 'filters[validation]', value: quoted(text), expected });
}

/** A requested validation waits; where none is, the proof of control. */
function isPending(view: ManagedDomainView): boolean {
  const validations = validationsToWire(view);
  return validations.length === 0 ? view.proof === null : validations.some(({ status }) => status === 'pending');
}

function endsBetween(fromDays: number, untilDays: number): Condition {
  return ({ proof, authorization, now }) => {
    const end = (proof ?? authorization).validUntil;
    if (end === null) return false;
    const days = (end.getTime() - now.getTime()) / dayMs;
    return days > fromDays && days <= untilDays;
  };
}
