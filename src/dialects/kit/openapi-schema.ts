/**
 * Schemas of inputs and replies as JSON Schema. Where an input is read more loosely than its type says, the document says how:
 * `.meta({ sent: … })` replaces what is made from the type, and what reads as "not sent" is found by trying.
 */
import { z } from 'zod';
import type { ApiSchema } from '../../domain/api-document.ts';

/** Shared schemas by name, gathered while an API is described. */
export type Schemas = Record<string, ApiSchema>;

export const componentsPath = '#/components/schemas/';

type Direction = 'input' | 'output';

interface Described {
  readonly zodSchema: z.core.$ZodType;
  readonly jsonSchema: Record<string, unknown>;
}

/** The JSON Schema of a Zod schema; what carries an id (`.meta({ id })`) moves to the shared components. */
export function hoist(schema: z.ZodType, io: Direction, schemas: Schemas): ApiSchema {
  const described = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: io === 'input' ? describeInput : describeOutput,
  });
  // Renamed on the text: $refs may be at any depth.
  const text = JSON.stringify(described).replaceAll('"#/$defs/', `"${componentsPath}`);
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text) as Record<string, unknown>;
  for (const [name, definition] of Object.entries($defs as Schemas)) schemas[name] ??= definition;
  return rest;
}

/** The schema itself where it is a reference to a shared one. */
export function resolved(schema: ApiSchema, schemas: Readonly<Schemas>): ApiSchema {
  const reference = schema.$ref;
  return typeof reference === 'string' ? (schemas[reference.slice(componentsPath.length)] ?? schema) : schema;
}

function describeOutput({ jsonSchema }: Described): void {
  // Replies may gain fields: a client generated from this document must not refuse them.
  if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
  // Leaves out defaults that our client half assumes of another server's reply; our own replies are complete.
  delete jsonSchema.default;
  delete jsonSchema.sent;
}

function describeInput({ zodSchema, jsonSchema }: Described): void {
  const { sent } = jsonSchema;
  if (typeof sent === 'object' && sent !== null) {
    replace(jsonSchema, sent as ApiSchema);
    return;
  }
  if (zodSchema instanceof z.ZodString && jsonSchema.minLength !== undefined && isTrimmed(zodSchema)) {
    jsonSchema.pattern ??= '\\S';
  }
  if (!isPreprocessed(zodSchema)) return;
  const nothings = waysToSendNothing.filter(({ value, type }) => reads(zodSchema, value) && !allows(jsonSchema, type));
  if (nothings.length > 0) {
    const { description: _, default: __, ...rest } = jsonSchema;
    replace(jsonSchema, { anyOf: [...alternativesOf(rest), ...nothings.map(({ schema }) => schema)] });
  }
}

/** Puts another schema in the place of one; its description and its default stay. */
function replace(jsonSchema: Record<string, unknown>, by: ApiSchema): void {
  const { description, default: standard } = jsonSchema;
  for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
  Object.assign(jsonSchema, by);
  if (description !== undefined) jsonSchema.description = description;
  if (standard !== undefined) jsonSchema.default = standard;
}

function alternativesOf(schema: ApiSchema): readonly ApiSchema[] {
  return Array.isArray(schema.anyOf) && Object.keys(schema).length === 1 ? schema.anyOf : [schema];
}

/** How clients say nothing of a field, beside leaving it out. */
const waysToSendNothing = [
  { value: null, type: 'null', schema: { type: 'null' } },
  { value: '', type: 'string', schema: { type: 'string', maxLength: 0 } },
  { value: [], type: 'array', schema: { type: 'array', items: {}, maxItems: 0 } },
] as const;

function isPreprocessed(schema: z.core.$ZodType): schema is z.ZodPipe {
  return schema instanceof z.ZodPipe && schema.in instanceof z.ZodTransform;
}

function reads(schema: z.ZodType, value: unknown): boolean {
  try {
    return schema.safeParse(value).success;
  } catch {
    // A transform may refuse by throwing.
    return false;
  }
}

/** Reports whether any value of the type fits, or one of the alternatives takes it. */
function allows(schema: ApiSchema, type: string): boolean {
  if (Array.isArray(schema.anyOf)) return schema.anyOf.some((one: ApiSchema) => allows(one, type));
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return (
    types.includes(type) && schema.enum === undefined && schema.minLength === undefined && schema.pattern === undefined
  );
}

/** Reports whether blanks are cut before the length is looked at. */
function isTrimmed(schema: z.ZodString): boolean {
  return (schema.def.checks ?? []).some((check) => {
    const { def } = check._zod;
    return def.check === 'overwrite' && 'tx' in def && typeof def.tx === 'function' && def.tx(' a ') === 'a';
  });
}
