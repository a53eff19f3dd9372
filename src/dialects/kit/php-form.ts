/**
 * Bodies as PHP clients send them: JSON, or forms whose keys are paths (`http_build_query`, `CURLOPT_POSTFIELDS`):
 * `domains[0]=a`, `domains[]=a`, `info[0][name]=a`. Whatever the encoding, the answer is one record.
 */
import { type FormEntries, parseForm } from './form.ts';
import { type Incoming, type Input, parseJsonObject, queryOf, type ReadInput, readMultipartEntries } from './input.ts';

/** Deeper than any field is; what lies deeper is not ours. */
const maxDepth = 6;

/** The body in one record. By the look of it where the content type says a form: curl calls everything one by default. */
export const readFields: ReadInput = (incoming) => readFieldsWith(incoming, (_field, file) => file.text());

/** The text of a field that a multipart body sends as a file; undefined where it is not looked at. */
export type FileTextOf = (field: string, file: File) => Promise<string | undefined>;

/** The same, with files read in the dialect's way. */
export async function readFieldsWith(incoming: Incoming, textOf: FileTextOf): Promise<Input> {
  const contentType = (incoming.request.headers.get('content-type') ?? '').toLowerCase();
  if (contentType.startsWith('multipart/')) return fromEntries(await multipartTexts(incoming, textOf));
  const text = await incoming.text();
  const looksLikeJson = /^[﻿\s]*[{[]/.test(text.slice(0, 100));
  if (contentType.startsWith('application/x-www-form-urlencoded') && !looksLikeJson)
    return fromEntries(parseForm(text));
  return /^[\w[\]%.-]+=/.test(text.slice(0, 200)) ? fromEntries(parseForm(text)) : parseJsonObject(text);
}

/** Path parameters over the query over the body, in one record. */
export const readFieldsQueryAndParams: ReadInput = async (incoming) => {
  const { method, url } = incoming.request;
  const body = method === 'GET' || method === 'HEAD' ? {} : await readFields(incoming);
  return { ...body, ...queryOf(url), ...incoming.params };
};

/** Fields of a multipart body as texts; a file is one where its field is a text. */
export async function multipartTexts(incoming: Incoming, textOf: FileTextOf): Promise<FormEntries> {
  const entries = await readMultipartEntries(incoming);
  const texts = entries.map(async ([key, value]): Promise<FormEntries> => {
    if (typeof value === 'string') return [[key, value]];
    const text = await textOf(key, value);
    return text === undefined ? [] : [[key, text]];
  });
  return (await Promise.all(texts)).flat();
}

/** Of a repeated key the last one counts, as in PHP. */
export function fromEntries(entries: FormEntries): Input {
  const root = emptyTree();
  for (const [key, value] of entries) put(root, pathOf(key), value);
  return recordOf(root);
}

/** Maps, and records made of them by `Object.fromEntries`: a key may be called `__proto__`. */
interface Tree {
  readonly members: Map<string, Tree | string>;
  /** The place of the next `[]`. */
  next: number;
}

function emptyTree(): Tree {
  return { members: new Map(), next: 0 };
}

function pathOf(key: string): readonly string[] {
  const name = /^[^[\]]+/.exec(key)?.[0];
  if (name === undefined || name.length === key.length) return [key];
  const steps = key.slice(name.length).match(/\[[^[\]]*\]/g) ?? [];
  if (steps.length === 0) return [key];
  return [name, ...steps.slice(0, maxDepth - 1).map((step) => step.slice(1, -1))];
}

function put(tree: Tree, [step = '', ...rest]: readonly string[], value: string): void {
  const key = step === '' ? String(tree.next) : step;
  if (isPlace(key)) tree.next = Math.max(tree.next, Number(key) + 1);
  if (rest.length === 0) {
    tree.members.set(key, value);
    return;
  }
  const known = tree.members.get(key);
  const branch = known === undefined || typeof known === 'string' ? emptyTree() : known;
  tree.members.set(key, branch);
  put(branch, rest, value);
}

function recordOf({ members }: Tree): Input {
  return Object.fromEntries([...members].map(([key, value]) => [key, branchValue(value)]));
}

/** Numbered places are a list, without the gaps. */
function branchValue(tree: Tree | string): unknown {
  if (typeof tree === 'string') return tree;
  const record = recordOf(tree);
  return listOf(record) ?? record;
}

/** Within what a PHP integer and a JavaScript number both hold. */
function isPlace(key: string): boolean {
  return /^(?:0|[1-9]\d{0,14})$/.test(key);
}

/**
 * The items of a list that PHP sent as an object, as it does when a place is missing (`array_filter`, `unset`) or with
 * `JSON_FORCE_OBJECT`; undefined for any other object. Only as long as it has members, whatever their numbers are.
 */
export function listOf(record: Readonly<Record<string, unknown>>): readonly unknown[] | undefined {
  const entries = Object.entries(record);
  if (entries.length === 0 || !entries.every(([key]) => isPlace(key))) return undefined;
  return entries.toSorted(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}
