/** Parameters that the lists of orders and of certificates are narrowed by. */
import { z } from 'zod';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { integerParameter, reference } from './shapes.ts';

/** The most days of `endsWithinDays`: ten years. */
const mostDays = 3650;

/** How lists of orders and of certificates are sorted; a minus: the other way round. */
export const listSorts = ['created', '-created', 'ends', '-ends'] as const;

const date = z.iso.date(expecting(expected.isoDate));

export const listFilters = {
  account: reference('account')
    .optional()
    .meta({ description: 'Id or number; default: every account that the caller may see, for an operator all.' }),
  productCode: z.string().min(1).max(100).optional().meta({ description: '`tls-dv`, `encryption365:100`.' }),
  issuerId: z.string().min(1).max(200).optional().meta({ description: 'As orders and certificates show it.' }),
  from: date.optional().meta({ description: 'Created on this day (UTC) or later: `2026-06-01`.' }),
  to: date.optional().meta({ description: 'Created on this day (UTC) or earlier.' }),
  endsFrom: date
    .optional()
    .meta({ description: 'The certificate ends on this day (UTC) or later. Sorts by end, soonest first.' }),
  endsTo: date
    .optional()
    .meta({ description: 'The certificate ends on this day (UTC) or earlier. Sorts by end, soonest first.' }),
  endsWithinDays: integerParameter(1, mostDays)
    .optional()
    .meta({
      description: `The certificate ends within so many days from now, 1 to ${mostDays}. Sorts by end, soonest first.`,
    }),
  sort: z.enum(listSorts).optional().meta({
    description:
      'Default: `-created`, newest first; with a filter about ends `ends`, soonest first. By end only what has a certificate is listed.',
  }),
} as const;

export const namePart = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9.*:_-]{3,}$/, expecting(expected.namePart));

const searchedText = /^(?:.{3,}|[0-9]+)$/su;

/** A text to be found in others: fewer letters would find nearly everything. */
export const listText = z.string().trim().max(253).regex(searchedText, expecting(expected.searchedText));

/** Reports whether lists look for such a text. */
export function isListText(text: string): boolean {
  return searchedText.test(text);
}

/** One or several values in one parameter, separated by commas. */
export function severalOf<const Value extends string>(values: readonly Value[]) {
  const known = new Set<string>(values);
  return z
    .string()
    .max(200)
    .refine((text) => text.split(',').every((part) => known.has(part)), expecting(expectedOf.severalOf(values)))
    .optional()
    .meta({ description: `One or several of ${values.map((one) => `\`${one}\``).join(', ')}, separated by commas.` });
}

/** What such a parameter says, which has passed its schema. */
export function readSeveral<const Value extends string>(
  text: string | undefined,
  values: readonly Value[],
): readonly Value[] | undefined {
  const parts = text?.split(',');
  return parts && values.filter((value) => parts.includes(value));
}
