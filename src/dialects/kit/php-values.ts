/**
 * Values as PHP clients write them. PHP has one type for lists and objects, and forms have texts only; so a list may come as an
 * object, an object as a list, a number as a text. Which of them is meant only the schema knows: what it refuses is looked at once
 * more here. A request that fits its schema costs nothing, and is never changed. A number is no text, though: what was a password
 * or a post code may have lost its zeros on the way.
 */
import type { z } from 'zod';
import { CertError } from '../../domain/errors.ts';
import { parseJson } from './json.ts';
import { listOf } from './php-form.ts';

/** Each turn mends what lies one level deeper. */
const maxTurns = 6;

export interface PhpResult<Output> {
  readonly result: z.ZodSafeParseResult<Output>;
  /** What was sent, as it was meant. */
  readonly input: unknown;
}

/** What the schema reads, or its objections to what remains wrong. */
export function parseAsPhp<Schema extends z.ZodType>(schema: Schema, input: unknown): PhpResult<z.output<Schema>> {
  let result = schema.safeParse(input);
  let meant = input;
  for (let turn = 0; turn < maxTurns && !result.success; turn++) {
    const next = mended(meant, result.error.issues);
    if (next === meant) break;
    meant = next;
    result = schema.safeParse(meant);
  }
  return { result, input: meant };
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** A copy in which everything is mended that can be; the same object where nothing can. */
function mended(input: unknown, issues: readonly Issue[]): unknown {
  const holder = { input: copyOf(input) };
  const isMended = issues.map((issue) =>
    expectations(issue, issue.path).some(({ path, expected }) => mend(holder, ['input', ...path], expected)),
  );
  return isMended.includes(true) ? holder.input : input;
}

interface Expectation {
  readonly path: Path;
  readonly expected: string;
}

/** The types that were expected at a place; of a choice each of its own, in their order. */
function expectations(issue: Issue, path: Path): readonly Expectation[] {
  if (issue.code === 'invalid_type') return [{ path, expected: issue.expected }];
  if (issue.code !== 'invalid_union') return [];
  return issue.errors.flatMap((alternative) =>
    alternative.flatMap((inner) => expectations(inner, [...path, ...inner.path])),
  );
}

const absent = Symbol('absent');

/** The value in the type that was expected, where it can only mean that; else the same. */
function asMeant(value: unknown, expected: string): unknown {
  // Both are how PHP says nothing; of a field that is needed the schema then says that it is missing.
  if (value === null || (value === '' && expected !== 'string')) return absent;
  switch (expected) {
    case 'array':
      return isRecord(value) ? (isEmpty(value) ? [] : (listOf(value) ?? value)) : fromText(value);
    case 'object':
    case 'record':
      if (!Array.isArray(value)) return fromText(value);
      if (value.length === 0) return {};
      return value.length === 1 && isRecord(value[0]) ? value[0] : value;
    case 'number':
    case 'int':
      return typeof value === 'string' && /^\s*-?\d{1,15}(?:\.\d{1,15})?\s*$/.test(value) ? Number(value) : value;
    case 'boolean':
      if (value === 1 || value === '1' || value === 'true') return true;
      return value === 0 || value === '0' || value === 'false' ? false : value;
    default:
      return value;
  }
}

/** A structure in a form field is a JSON text. */
function fromText(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return parseJson(value, 'body');
  } catch (thrown) {
    if (thrown instanceof CertError) return value;
    throw thrown;
  }
}

/** Changes the value at that place. @returns false where there is none, or none that means anything else */
function mend(root: object, path: Path, expected: string): boolean {
  let holder: unknown = root;
  for (const key of path.slice(0, -1)) {
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return false;
    holder = Reflect.get(holder, key);
  }
  const key = path.at(-1) ?? '';
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) return false;
  const found: unknown = Reflect.get(holder, key);
  const value = asMeant(found, expected);
  if (value === found) return false;
  if (value === absent) return !Array.isArray(holder) && holder !== root && Reflect.deleteProperty(holder, key);
  // Not by assignment: a key may be called `__proto__`.
  return Reflect.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Files and the like stay what they are. */
function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyOf(one)]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
