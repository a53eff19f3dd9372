/** JSON Schema as lists of fields for people: one line of type and limits for each, what is inside it below. */
import type { ApiContent, ApiSchema } from '../domain/api-document.ts';
import type { DocsWords } from '../domain/messages/pages/api-docs.ts';
import { escaped, prose } from './html.ts';

const componentsPath = '#/components/schemas/';

/**
 * How fields are shown. What a caller sends says which fields it must have; of what it receives, only that may be missing is
 * worth a word.
 */
export interface SchemaView {
  readonly words: DocsWords;
  readonly direction: 'sent' | 'received';
}

interface Field {
  readonly name: string;
  readonly schema: ApiSchema;
  readonly isRequired: boolean;
  /** Between the name and the type: where a parameter goes. */
  readonly place?: string;
}

/** What is inside a schema, as nested lists; empty for a plain value. */
export function insideOf(schema: ApiSchema, view: SchemaView): string {
  const variants = variantsOf(schema);
  if (variants.length > 1) return variants.map((variant) => variantHtml(variant, view)).join('');
  const [only = schema] = variants;
  if (isObject(only.items)) return insideOf(only.items, view);
  if (isObject(only.properties)) {
    const required = Array.isArray(only.required) ? only.required : [];
    const fields = Object.entries(only.properties as Readonly<Record<string, ApiSchema>>);
    return fieldList(
      fields.map(([name, field]) => ({ name, schema: field, isRequired: required.includes(name) })),
      view,
    );
  }
  if (!isObject(only.additionalProperties)) return '';
  const inside = insideOf(only.additionalProperties, view);
  return inside === '' ? '' : `<p class="variant">${view.words.eachEntry}</p>${inside}`;
}

/** The schema of each media type. */
export function contentHtml(
  content: ApiContent,
  view: SchemaView,
): readonly { readonly type: string; readonly html: string }[] {
  return Object.entries(content).map(([type, { schema }]) => ({ type: escaped(type), html: schemaHtml(schema, view) }));
}

/** What is inside, and the type where that does not say everything. */
export function schemaHtml(schema: ApiSchema, view: SchemaView): string {
  const inside = insideOf(schema, view);
  const isPlain =
    inside !== '' && schema.anyOf === undefined && schema.oneOf === undefined && schema.items === undefined;
  return `${isPlain ? '' : `<p class="type">${typeOf(schema, view.words)}</p>`}${inside}`;
}

export function fieldList(fields: readonly Field[], view: SchemaView): string {
  return fields.length === 0 ? '' : `<ul class="fields">${fields.map((field) => fieldHtml(field, view)).join('')}</ul>`;
}

function fieldHtml({ name, schema, isRequired, place }: Field, view: SchemaView): string {
  const { description } = schema;
  const { words, direction } = view;
  const facts = [
    `<code class="name">${escaped(name)}</code>`,
    ...(place === undefined ? [] : [`<span class="place">${place}</span>`]),
    `<span class="type">${typeOf(schema, words)}</span>`,
    ...limitsOf(schema, words).map((limit) => `<span class="limit">${limit}</span>`),
    ...(isRequired && direction === 'sent' ? [`<span class="required">${words.required}</span>`] : []),
    ...(!isRequired && direction === 'received' ? [`<span class="limit">${words.mayBeMissing}</span>`] : []),
  ];
  const about = typeof description === 'string' ? `<p>${prose(description)}</p>` : '';
  return `<li><div class="field">${facts.join(' ')}</div>${about}${insideOf(schema, view)}</li>`;
}

/** Alternatives that have fields of their own: objects, and lists of them. A plain schema is its own only one. */
function variantsOf(schema: ApiSchema): readonly ApiSchema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(alternatives)) return [schema];
  return alternatives.filter(isObject).flatMap(variantsOf).filter(hasInside);
}

function hasInside(schema: ApiSchema): boolean {
  if (isObject(schema.items)) return variantsOf(schema.items).some(hasInside);
  return isObject(schema.properties) || isObject(schema.additionalProperties);
}

/** Told apart by their constants, as `status` 1 and `status` 2 are. */
function variantHtml(schema: ApiSchema, view: SchemaView): string {
  const { words } = view;
  const properties = Object.entries((schema.properties ?? {}) as Readonly<Record<string, ApiSchema>>);
  const constants = properties.flatMap(([name, { const: value }]) =>
    value === undefined ? [] : [`<code>${escaped(name)}</code> <code>${escaped(JSON.stringify(value))}</code>`],
  );
  const where = constants.length === 0 ? words.variant : `${words.variantWhere} ${constants.join(', ')}`;
  return `<p class="variant">${where}</p>${insideOf(schema, view)}`;
}

/** `text`, `list of Order`, `"a" or "b"`: never what is inside an object. */
export function typeOf(schema: ApiSchema, words: DocsWords): string {
  const { $ref: reference, type, items, additionalProperties } = schema;
  if (typeof reference === 'string') {
    const name = escaped(shapeName(reference));
    return `<a href="#shape.${name}">${name}</a>`;
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(alternatives)) {
    // What cannot be described is left out; lists come last, since what follows would seem to be of the list.
    const described = alternatives.filter((one) => isObject(one) && Object.keys(one).length > 0);
    const sorted = described.toSorted((one, other) => Number(isList(one)) - Number(isList(other)));
    return [...new Set(sorted.map((one) => typeOf(one, words)))].join(words.orWord);
  }
  // The one value of its kind that may be sent for nothing (kit/openapi-schema.ts).
  if (schema.maxLength === 0) return '<code>""</code>';
  if (schema.maxItems === 0) return '<code>[]</code>';
  if ('const' in schema) return `<code>${escaped(JSON.stringify(schema.const))}</code>`;
  if (Array.isArray(schema.enum)) {
    return schema.enum.map((value) => `<code>${escaped(JSON.stringify(value))}</code>`).join(words.orWord);
  }
  if (Array.isArray(type)) return type.map((one) => escaped(String(one))).join(words.orWord);
  if (isObject(items)) return `${words.listOf}${typeOf(items, words)}`;
  if (isObject(additionalProperties) && !isObject(schema.properties)) {
    return `${words.mapOf}${typeOf(additionalProperties, words)}`;
  }
  return typeof type === 'string' ? escaped(type) : words.anything;
}

const isList = (schema: ApiSchema): boolean => 'items' in schema && schema.maxItems !== 0;

/** Of the shared schema that a `$ref` leads to. */
export function shapeName(reference: string): string {
  return reference.slice(componentsPath.length);
}

function limitsOf(schema: ApiSchema, words: DocsWords): string[] {
  const { format, pattern, default: standard } = schema;
  return [
    ...range(schema.minLength, schema.maxLength, words, words.characters),
    ...range(schema.minItems, schema.maxItems, words, words.items),
    ...range(schema.minimum, schema.maximum, words, ''),
    ...(typeof format === 'string' ? [escaped(format)] : []),
    // Patterns of formats are the format's definition, and as long as a page.
    ...(typeof pattern === 'string' && format === undefined && pattern.length <= 60
      ? [`${words.pattern} <code>${escaped(pattern)}</code>`]
      : []),
    ...(standard === undefined ? [] : [`${words.defaultIs} <code>${escaped(JSON.stringify(standard))}</code>`]),
  ];
}

/** The bounds of 32 bit integers and of safe ones are those of a number's type, and say nothing. */
function range(least: unknown, most: unknown, words: DocsWords, unit: string): string[] {
  const from = isBound(least) && least !== 0 ? String(least) : undefined;
  const to = isBound(most) ? String(most) : undefined;
  const of = unit === '' ? '' : ` ${unit}`;
  if (from !== undefined && to !== undefined) return [`${words.between(from, to)}${of}`];
  if (to !== undefined) return [`${words.upTo(to)}${of}`];
  // A single character at least is what "required" says.
  return from === undefined || (from === '1' && unit === words.characters) ? [] : [`${words.from(from)}${of}`];
}

const largestOf32Bits = 2 ** 31 - 1;

function isBound(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) < largestOf32Bits;
}

function isObject(value: unknown): value is ApiSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
