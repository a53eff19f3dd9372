/** Shapes of several nouns of the native API: pages, money, times, and the description of an endpoint. */

import { z } from 'zod';
import { longestPersonText } from '../../../domain/account.ts';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import { thingEn } from '../../../domain/messages/row.ts';
import type { VersionedNoun } from '../../../domain/seen-object.ts';
import type { OperationFieldNames } from '../../kit/field-names.ts';
import type { HttpMethod } from '../../kit/operation.ts';
import { expecting } from '../../kit/schema-errors.ts';

/**
 * One endpoint as data. It has no handler, so that the client and the console can load it without the server.
 * `request` holds path parameters, query and body in one strict object: the path names the first, GET has the second,
 * the other methods the third.
 */
export interface Endpoint<Request extends z.ZodObject, Response extends z.ZodType> {
  readonly id: string;
  readonly method: HttpMethod;
  readonly path: string;
  readonly summary: { readonly en: string; readonly zh: string };
  readonly request: Request;
  readonly response: Response;
  readonly status?: number;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly replyHeaders?: Readonly<Record<string, { readonly en: string; readonly zh: string }>>;
  /** What `If-Match` is about. */
  readonly seen?: { readonly noun: VersionedNoun; readonly fields: readonly string[] };
  /** Names of fields that the core calls otherwise. */
  readonly fieldNames?: OperationFieldNames;
  /** Largest accepted body, where 128 KiB are too few. */
  readonly bodyLimitBytes?: number;
}

/** Only infers the types of the schemas. */
export function endpoint<Request extends z.ZodObject, Response extends z.ZodType>(
  description: Endpoint<Request, Response>,
): Endpoint<Request, Response> {
  return description;
}

export const time = z.iso.datetime().meta({ description: 'UTC, ISO 8601.' });
/** A day or a moment, as filters take it. */
export const moment = z.union([z.iso.date(), z.iso.datetime()], expecting(expected.dayOrTime));
export const roles = z.enum([
  'operator',
  'support',
  'auditor',
  'administrator',
  'approver',
  'requester',
  'registrar',
  'userManager',
  'viewer',
]);
export const currency = z.string().regex(/^[A-Z]{3}$/, expecting(expected.currency));

/** A text to be found in others. */
export const searchText = z.string().trim().min(1).max(253);

/** A path parameter or a field that names an object. */
export function reference(of: string) {
  return z
    .string()
    .min(1)
    .max(200)
    .meta({ description: `Id or number of the ${of}.` });
}

/**
 * An act on an object that the caller has seen: `If-Match` names its version.
 * @param fields of the request that name the object, in the order of its reference
 */
export function actsOn(
  noun: VersionedNoun,
  fields: readonly string[],
): Pick<Endpoint<never, never>, 'seen' | 'requestHeaders'> {
  const called = thingEn(noun);
  const requestHeaders = {
    'If-Match': `The \`version\` of the ${called} that was seen, in quotes: where it has changed since, nothing is done (412, \`conflict\`).`,
  };
  return { seen: { noun, fields }, requestHeaders };
}

/** The page of an object that has a version. */
export const versioned = {
  replyHeaders: { ETag: { en: 'The `version`, in quotes.', zh: '带引号的 `version`。' } },
} satisfies Pick<Endpoint<never, never>, 'replyHeaders'>;

export const version = z
  .string()
  .meta({ description: 'Send it in `If-Match` to act on just what was seen; also the `ETag` of the reply.' });

export const userReference = z.string().min(1).max(254).meta({ description: 'Id, number or user name.' });

/** The account, which only an operator can name. */
export const accountChoice = reference('account')
  .nullable()
  .default(null)
  .meta({ description: "Id or number. Null: the caller's own; for an operator, the operators themselves." });

export const person = z
  .object({
    firstName: z.string(),
    lastName: z.string(),
    jobTitle: z.string(),
    phone: z.string(),
    email: z.string(),
  })
  .meta({ id: 'Person', description: 'Fields that are not known are empty.' });

/** A person's new data. */
const personText = z.string().max(longestPersonText);
export const personPart = z.strictObject({
  firstName: personText.exactOptional(),
  lastName: personText.exactOptional(),
  jobTitle: personText.exactOptional(),
  phone: personText.exactOptional(),
  email: personText.exactOptional(),
});

export const money = z
  .object({
    minor: z.int().meta({ description: 'Integer minor units: 25600 for 256.00 CNY.' }),
    currency: z.string(),
    amount: z.string().meta({ description: 'The same for people: `256.00 CNY`.' }),
  })
  .meta({ id: 'Money' });

/** A number in a query, where it is text: digits and nothing else. What JavaScript reads as a number too (`0x10`, `1e2`, ` 5`) is a slip. */
export function integerParameter(least: number, most: number) {
  const phrase = expecting(expectedOf.integerBetween(least, most));
  const numberOf = (value: number) => (/^[0-9]{1,15}$/.test(String(value)) ? Number(value) : value);
  // More digits than a safe integer has stay text, and are refused by the same phrase.
  return z.preprocess(numberOf, z.int({ error: phrase }).min(least, phrase).max(most, phrase));
}

export const pageRequest = z.strictObject({
  limit: integerParameter(1, 200).default(50).meta({ description: 'Items on a page, 1 to 200.' }),
  cursor: z.string().max(200).optional().meta({ description: '`nextCursor` of the page before.' }),
});

/** The same of a list that is counted where somebody asks for it. */
export const countedPageRequest = z.strictObject({
  ...pageRequest.shape,
  total: z.literal('true').optional().meta({ description: '`true`: the answer has `total` as well.' }),
});

/** What a list takes that is answered whole, since it is short by nature. */
export const wholeRequest = z.strictObject({ total: countedPageRequest.shape.total });

/** How many items a list has. */
export const listTotal = z
  .object({
    count: z.int().meta({ description: 'Of all pages together; at most 10,000.' }),
    isMore: z.boolean().meta({ description: 'There are more than `count`.' }),
  })
  .meta({ id: 'ListTotal' });

/** A page of a list, newest first. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().meta({ description: 'Send it as `cursor` for the next page; null at the end.' }),
    total: listTotal.exactOptional().meta({ description: 'Where the request has `total=true`.' }),
  });
}

/** The number of names of each item in lists: a page of 200 items with 1,000 names each would be megabytes. */
export const namesInLists = 10;

export const firstNames = z
  .array(z.string())
  .meta({ description: `In lists the first ${namesInLists}; \`nameCount\` says how many there are.` });

export const nothing = z.strictObject({});

export const problem = z
  .object({
    type: z.string().meta({ description: '`urn:certmux:error:` and the code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What is wrong, in the language of Accept-Language.' }),
    instance: z.string().meta({ description: 'The request id, by which the operator finds the request in the log.' }),
    code: z.string().meta({ description: 'For programs; never given another meaning.' }),
    errors: z
      .array(z.object({ field: z.string(), detail: z.string() }))
      .meta({ description: 'The fields that are wrong; empty where the problem is not one of fields.' }),
    names: z
      .array(z.object({ name: z.string(), code: z.string(), detail: z.string() }))
      .exactOptional()
      .meta({ description: 'Where several names are the cause: what is wrong with each.' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' });

export type Problem = z.output<typeof problem>;
