/**
 * Shapes of several nouns. Requests are read as real clients write them: Go and C# clients send zero values (`"id": 0`, `""`,
 * `"0001-01-01T00:00:00Z"`), Ruby ones nulls and numbers as text. All of those mean that nothing was sent.
 */

import { z } from 'zod';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import { expecting } from '../../kit/schema-errors.ts';

const integerText = /^\s*-?\d{1,10}\s*$/;

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

/** An id or a count that may be left out; zero is none. */
export const optionalNumber = z
  .preprocess((value) => withoutZero(asInteger(withoutZero(value))), positive.optional())
  .meta({
    sent: {
      anyOf: [
        { type: 'integer', minimum: 0, maximum: largest },
        { type: 'string', pattern: '^ *[0-9]{0,9} *$' },
        { type: 'null' },
      ],
    },
  });

/** An id or a count. */
export const someNumber = z
  .preprocess((value) => asInteger(value ?? undefined), positive)
  .meta({
    sent: {
      anyOf: [
        { type: 'integer', minimum: 1, maximum: largest },
        { type: 'string', pattern: '^ *0?[1-9][0-9]{0,8} *$' },
      ],
    },
  });

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
    .pipe(z.string().max(length).optional())
    .meta({ sent: { type: ['string', 'number', 'null'], maxLength: length } });
}

export const someText = z
  .string({ error: expecting(expected.string) })
  .trim()
  .min(1, expecting(expected.someText));

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

/** A list that may be null, or one text instead of a list of one. */
export const optionalTexts = z
  .preprocess(
    (value) => (value === null || value === '' ? undefined : typeof value === 'string' ? [value] : value),
    z.array(z.string()).optional(),
  )
  .meta({ sent: { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'string' }, { type: 'null' }] } });

/** `{"id": …}` of a container, an organization, a platform; null, and an id of zero, mean none. */
export const optionalReference = z.preprocess(
  (value) => value ?? undefined,
  z
    .looseObject({ id: optionalNumber })
    .optional()
    .transform((value) => value?.id),
);

/** `filters[…]` of the query, as `read.ts` makes it. */
export const filters = z
  .record(z.string(), z.array(z.string()))
  .default({})
  .meta({ sent: { type: 'object', additionalProperties: { type: 'string' } } });

export const page = z.object({ total: z.int(), limit: z.int(), offset: z.int() });

/** Replies of calls that only change state. */
export const nothing = z.void();

export const idOnly = z.object({ id: z.int() });

/** Query parameters of every list. */
export const listRequest = z.object({
  limit: optionalNumber,
  offset: optionalNumber,
  sort: z.string().optional(),
  filters,
  container_id: optionalNumber,
});

export type ListRequest = z.output<typeof listRequest>;
