/**
 * Requests in the three encodings that documents and clients use: multipart (the documents), forms (WHMCS modules, resellers),
 * JSON (the PHP SDK, node clients). Whatever the encoding, the answer is one flat record.
 *
 * `params` is a JSON text, or an object in a JSON body; some clients leave it out and send its keys beside the others. Nulls,
 * empty texts and empty lists are how PHP clients say nothing: they are left out.
 */

import { CertError, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import { fileText } from '../../pki/file-text.ts';
import type { Input, ReadInput } from '../kit/input.ts';
import { parseJson } from '../kit/json.ts';
import { readFieldsWith } from '../kit/php-form.ts';

// Operations that take an order's names: their body limits, above the limit of all others, and their documentation.

/** A full order of 250 names is 40 KiB in its longest encoding, and as much again with a CSR that names them. */
export const roomForNames = {
  bodyLimitBytes: 128 << 10,
  otherFields: {
    params: {
      en: 'The fields from `csr` to `finance` may stand in here instead: the JSON text of an object, or an object.',
      zh: '从 `csr` 到 `finance` 的字段也可放在此处：JSON 文本或对象。',
    },
  },
} as const;

/** The document lets pictures of documents come along as parts of a form (`verificationPic`); they are not looked at. */
export const roomForDocuments = { ...roomForNames, multipartLimitBytes: 1 << 20 } as const;

/** Fields that belong into `params`, by the documents. */
const keysOfParams: ReadonlySet<string> = new Set([
  'csr',
  'privateKey',
  'server',
  'uniqueValue',
  'dcvMethod',
  'domainInfo',
  'organizationInfo',
  'Administrator',
  'tech',
  'finance',
]);

/** Those of them that hold structures: as text they are JSON. */
const structured: ReadonlySet<string> = new Set(['domainInfo', 'organizationInfo', 'Administrator', 'tech', 'finance']);

/** Spellings that clients guessed. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['administrator', 'Administrator'],
  ['cert_id', 'certId'],
  ['product_code', 'productCode'],
]);

/** Pictures of documents (`verificationPic`) are not looked at; a CSR may come as a file. */
async function textOf(field: string, file: File): Promise<string | undefined> {
  if (field === 'csr') return fileText(await file.bytes());
  return field === 'params' ? file.text() : undefined;
}

export const readRequest: ReadInput = async (incoming) => flatten(await readFieldsWith(incoming, textOf));

/** `params` over what stands beside it, as far as it belongs there. */
function flatten(body: Input): Input {
  const { params, ...beside } = renamed(body);
  const inside = params === undefined ? {} : renamed(objectOf('params', params));
  const known = Object.entries(inside).filter(([key]) => keysOfParams.has(key));
  const all = Object.entries({ ...beside, ...Object.fromEntries(known) });
  return Object.fromEntries(
    all.flatMap(([key, value]) => {
      const read = structured.has(key) ? structureOf(key, value) : value;
      return isNothing(read) ? [] : [[key, read]];
    }),
  );
}

function renamed(input: Input): Input {
  const entries = Object.entries(input).filter(([, value]) => !isNothing(value));
  return Object.fromEntries(entries.map(([key, value]) => [aliases.get(key) ?? key, value]));
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === 'string') return value.trim() === '';
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Its text is quoted nowhere: there may be a private key in it. */
function objectOf(field: string, value: unknown): Input {
  const read = structureOf(field, value);
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Input;
  // PHP writes an empty object as an empty list.
  if (isNothing(read)) return {};
  throw refuse('fieldInvalid', { field, value: `(${typeof value})`, expected: expected.objectAsText });
}

function structureOf(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value.trim() === '') return undefined;
  try {
    return parseJson(value, field);
  } catch (thrown) {
    if (!(thrown instanceof CertError) || thrown.reason.key !== 'malformedJson') throw thrown;
    throw refuse('fieldInvalid', { field, value: '"…"', expected: expected.json });
  }
}
