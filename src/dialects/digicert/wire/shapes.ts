/**
 * Shapes of several nouns. Requests are read as real clients write them: Go and C# clients send zero values (`"id": 0`, `""`,
 * `"0001-01-01T00:00:00Z"`), Ruby ones nulls and numbers as text. All of those mean that nothing was sent.
 */

import { z } from 'zod';
import { longestPersonText } from '../../../domain/account.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { isMailbox } from '../../../domain/mailbox.ts';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import type { Thing } from '../../../domain/messages/row.ts';
import { lengthOf } from '../../../domain/organization-text.ts';
import { printable } from '../../../domain/printable.ts';
import { expecting } from '../../kit/schema-errors.ts';

/** Too large ones are numbers too, and are refused as such. */
const integerText = /^\s*-?\d{1,15}\s*$/;

/** Reports whether somebody filled in nothing: null, a zero value, or a list or an object that holds nothing else. */
export function isBlank(value: unknown): boolean {
  if (typeof value === 'string') return ['', '0'].includes(value.trim()) || value.startsWith(zeroDate);
  if (typeof value !== 'object' || value === null) return !value;
  return Object.values(value).every(isBlank);
}

const zeroDate = '0001-01-01';

/** For `z.preprocess`: what nobody filled in was not sent. */
export function orNone(value: unknown): unknown {
  return isBlank(value) ? undefined : value;
}

/** Undefined for null and for the zero values. */
function withoutZero(value: unknown): unknown {
  return value === null || value === '' || value === 0 || value === '0' ? undefined : value;
}

function asInteger(value: unknown): unknown {
  return typeof value === 'string' && integerText.test(value) ? Number(value) : value;
}

const largest = 2_147_483_647;

const int32 = z.int({ error: expecting(expected.integer) }).max(largest);

const positive = int32.min(1, expecting(expectedOf.atLeast(1)));

// How the document shows numbers: as numbers, and as texts of one.
const numberForm = {
  anyOf: [
    { type: 'integer', minimum: 1, maximum: largest },
    { type: 'string', pattern: '^ *0?[1-9][0-9]{0,8} *$' },
  ],
};
const optionalNumberForm = {
  anyOf: [
    { type: 'integer', minimum: 0, maximum: largest },
    { type: 'string', pattern: '^ *[0-9]{0,9} *$' },
    { type: 'null' },
  ],
};

/** An id or a count that may be left out; zero is none. */
export const optionalNumber = z
  .preprocess((value) => withoutZero(asInteger(withoutZero(value))), positive.optional())
  .meta({ sent: optionalNumberForm });

const anyInteger = /^\s*-?\d+\s*$/;

/** What cannot be the number of anything is the number of nothing: refused as one that does not exist. */
function numberOf(value: unknown, what: Thing): unknown {
  const number = typeof value === 'string' && anyInteger.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || (number >= 1 && number <= largest && Number.isInteger(number))) return number;
  throw refuse('notFound', { what, value: String(value).trim().slice(0, 80) });
}

/** The number of a thing in a path. Whatever else stands there is a thing that does not exist. */
export function idOf(what: Thing) {
  return z
    .preprocess((value) => {
      const number = numberOf(value, what);
      if (typeof number === 'string') throw refuse('notFound', { what, value: quoted(number) });
      return number;
    }, positive)
    .meta({ sent: numberForm });
}

/** The number of a thing in a body or a query, which may be left out; zero is none. */
export function optionalIdOf(what: Thing) {
  return z
    .preprocess((value) => {
      const kept = withoutZero(asInteger(withoutZero(value)));
      return kept === undefined ? undefined : numberOf(kept, what);
    }, positive.optional())
    .meta({ sent: optionalNumberForm });
}

/** An id or a count. */
export const someNumber = z.preprocess((value) => asInteger(value ?? undefined), positive).meta({ sent: numberForm });

/** An integer that may be anything, such as the -1 of "other server platform". */
export const optionalInteger = z
  .preprocess((value) => asInteger(value ?? undefined), int32.optional())
  .meta({
    sent: {
      anyOf: [
        { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: largest },
        { type: 'string', pattern: '^ *-?[0-9]{1,9} *$' },
        { type: 'null' },
      ],
    },
  });

/** Left out, null and empty mean the same; a phone number or a postal code may be a JSON number. */
export const optionalText = z
  .union([z.string(), z.number().transform(String), z.null()], { error: expecting(expected.string) })
  .optional()
  .transform((value) => value?.trim() || undefined);

/** The same with a limit, which counts what is left without blanks at both ends. */
export function optionalTextUpTo(length: number) {
  return optionalText
    .refine((text) => text === undefined || lengthOf(text) <= length, expecting(expectedOf.charactersAtMost(length)))
    .meta({ sent: { type: ['string', 'number', 'null'], maxLength: length } });
}

export const someText = z
  .string({ error: expecting(expected.string) })
  .trim()
  .min(1, expecting(expected.someText));

/** The same with a limit, in characters. */
export function someTextUpTo(length: number) {
  return someText
    .refine((text) => lengthOf(text) <= length, expecting(expectedOf.charactersAtMost(length)))
    .meta({ maxLength: length });
}

/** `true`, `1`, `"1"`, `"true"`; everything else that a client would write for no is false. */
export const flag = z
  .union([z.boolean(), z.literal([0, 1, '0', '1', 'true', 'false', '']), z.null()], {
    error: expecting(expected.boolean),
  })
  .optional()
  .transform((value) => value === true || value === 1 || value === '1' || value === 'true');

/** The same where left out is neither yes nor no. */
export const optionalFlag = z
  .union([z.boolean(), z.literal([0, 1, '0', '1', 'true', 'false', '']), z.null()], {
    error: expecting(expected.boolean),
  })
  .optional()
  .transform((value) =>
    value === undefined || value === null || value === ''
      ? undefined
      : String(value) === 'true' || String(value) === '1',
  );

/** Limited to the length that the core keeps of a person's data. */
export const personText = optionalText
  .refine(
    (text) => text === undefined || (text.length <= longestPersonText && printable(text) === text),
    expecting(expectedOf.printableAtMost(longestPersonText)),
  )
  .meta({ sent: { type: ['string', 'number', 'null'], maxLength: longestPersonText } });

/** An address to write to; left out, null and empty mean the same. */
export const optionalMailbox = optionalText.refine(
  (text) => text === undefined || isMailbox(text),
  expecting(expected.email),
);

/** Addresses to write to; one text instead of a list of one. Empty ones are none. */
export const optionalMailboxes = z.preprocess(
  (value) => listOf(value),
  z
    .array(optionalMailbox)
    .optional()
    .transform((addresses) => addresses?.filter((address) => address !== undefined)),
);

/** A list that may be null, or one text instead of a list of one. Empty texts are none. */
export const optionalTexts = z.preprocess(
  (value) => listOf(value),
  z
    .array(z.string())
    .optional()
    .transform((texts) => texts?.filter((text) => text.trim() !== '')),
);

function listOf(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  return typeof value === 'string' ? [value] : value;
}

/** A list of which the items are pointed at. Those that nobody filled in stay in their places, as undefined: messages count from the first that was sent. */
export function optionalList<Item extends z.ZodType>(item: Item, most = 2000) {
  return z.preprocess(
    (value) => listOf(value) ?? undefined,
    z.array(z.preprocess(orNone, item.optional())).max(most).optional(),
  );
}

/** The items of such a list that somebody filled in, with their places in it. */
export function filled<Item>(
  list: readonly (Item | undefined)[] | undefined,
): readonly { readonly item: Item; readonly index: number }[] {
  return (list ?? []).flatMap((item, index) => (item === undefined ? [] : [{ item, index }]));
}

/** `{"id": …}` of a container or an organization; null, and an id of zero, mean none. */
export function optionalReference(what: Thing) {
  return z.preprocess(
    orNone,
    z
      .looseObject({ id: optionalIdOf(what) }, { error: expecting(expected.object) })
      .optional()
      .transform((value) => value?.id),
  );
}

/** `filters[…]` of the query, as `read.ts` makes it. */
export const filters = z
  .record(z.string(), z.array(z.string()))
  .default({})
  .meta({ sent: { type: 'object', additionalProperties: { type: 'string' } } });

export const page = z.object({ total: z.int(), limit: z.int(), offset: z.int() });

/** Replies of calls that only change state. */
export const nothing = z.void();

export const idOnly = z.object({ id: z.int() });

/** Items of a list that are left out before the first one shown. */
const offset = z.preprocess(
  (value) => asInteger(value === null || value === '' ? undefined : value),
  int32.min(0, expecting(expectedOf.atLeast(0))).optional(),
);

/** Any number; more than the most of a page is read as the most. */
const limit = z
  .preprocess(
    (value) => withoutZero(asInteger(withoutZero(value))),
    z
      .int({ error: expecting(expected.integer) })
      .min(1, expecting(expectedOf.atLeast(1)))
      .optional(),
  )
  .meta({
    sent: {
      anyOf: [{ type: 'integer', minimum: 0 }, { type: 'string', pattern: '^ *[0-9]* *$' }, { type: 'null' }],
    },
  });

/** Parameters of the lists that are cut into pages. */
export const pageRequest = { limit, offset };

/** Query parameters of every list. */
export const listRequest = z.object({
  ...pageRequest,
  sort: z.string().optional(),
  filters,
  container_id: optionalIdOf('container'),
});

export type ListRequest = z.output<typeof listRequest>;
