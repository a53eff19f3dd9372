/** An OpenAPI 3.1 document from a dialect's operations: the schemas that check the requests also describe them. */

import { z } from 'zod';
import type {
  ApiContent,
  ApiDocument,
  ApiMessage,
  ApiOperation,
  ApiParameter,
  ApiReply,
  ApiSchema,
} from '../../domain/api-document.ts';
import type { Language } from '../../domain/language.ts';
import { inLanguage } from '../../domain/messages/words.ts';
import type { DialectDocs } from './docs.ts';
import type { OperationDescription } from './operation.ts';

/** Input of the description: an `ApiDialect`, or the part of one that this needs. */
export interface DescribedApi {
  readonly title: string;
  readonly operations: readonly OperationDescription[];
  readonly docs: DialectDocs;
}

export interface OpenApiOptions {
  readonly version: string;
  readonly serverUrl: string;
  readonly language: Language;
}

type Schemas = Record<string, ApiSchema>;

const json = 'application/json';
const componentsPath = '#/components/schemas/';

export function openApiDocument(api: DescribedApi, { version, serverUrl, language }: OpenApiOptions): ApiDocument {
  const { docs, operations } = api;
  const schemas: Schemas = {};
  const refusal = refusalOf(docs, schemas);
  const paths: Record<string, Record<string, ApiOperation>> = {};
  for (const operation of operations) {
    const path = pathOf(operation);
    const method = operation.method.toLowerCase();
    paths[path] = { ...paths[path], [method]: describe(operation, { docs, schemas, refusal, language }) };
  }
  return {
    openapi: '3.1.0',
    info: { title: api.title, version, description: inLanguage(docs.about, language) },
    servers: [{ url: serverUrl }],
    tags: Object.entries(docs.groups).map(([name, heading]) => ({
      name,
      'x-displayName': inLanguage(heading, language),
    })),
    paths,
    components: { schemas, securitySchemes: docs.securitySchemes ?? {} },
    'x-refusals': {
      content: refusal,
      rows: docs.refusals.map(({ status, shows, meanings }) => ({
        status,
        shows: inLanguage(shows, language),
        meanings: meanings.map((meaning) => meaning[language]),
      })),
    },
  };
}

/** The body of a refusal, always as a reference to a shared schema: it is part of every operation. */
function refusalOf({ error }: DialectDocs, schemas: Schemas): ApiContent {
  const schema = hoist(error.schema, 'output', schemas);
  const { contentType = json } = error;
  if ('$ref' in schema) return { [contentType]: { schema } };
  schemas.Refusal = schema;
  return { [contentType]: { schema: { $ref: `${componentsPath}Refusal` } } };
}

/** Hono's `/order/:id{[0-9]+}` as OpenAPI has it: `/order/{id}`. */
function pathOf({ path }: OperationDescription): string {
  return path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}');
}

interface Place {
  readonly docs: DialectDocs;
  /** Shared schemas, gathered on the way. */
  readonly schemas: Schemas;
  readonly refusal: ApiContent;
  readonly language: Language;
}

function describe(operation: OperationDescription, place: Place): ApiOperation {
  const { docs, language } = place;
  const example = docs.examples?.[operation.id];
  const schemes = operation.access === 'public' ? [] : Object.keys(docs.securitySchemes ?? {});
  return {
    operationId: operation.id,
    // Ids are noun and verb: the noun groups them.
    tags: [groupOf(operation)],
    summary: operation.summary[language],
    security: schemes.map((name) => ({ [name]: [] })),
    ...requestOf(operation, place),
    responses: responsesOf(operation, place),
    'x-access': operation.access,
    ...(example === undefined ? {} : { 'x-example': example }),
  };
}

/** The word before the dot of its id. */
export function groupOf({ id }: OperationDescription): string {
  return id.split('.')[0] ?? id;
}

/** Fields named in the path go there; the others into the query or the body, as the method has it. */
function requestOf(operation: OperationDescription, place: Place): Pick<ApiOperation, 'parameters' | 'requestBody'> {
  const whole = hoist(operation.request, 'input', place.schemas);
  const { properties, required, ...rest } = withCredentials(resolve(whole, place.schemas), operation, place);
  const inPath = new Set([...pathOf(operation).matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
  const takesBody = operation.method !== 'GET' && operation.method !== 'DELETE';
  const others = Object.keys(properties).filter((name) => !inPath.has(name));
  const headers = Object.entries(operation.requestHeaders ?? {});
  const parameters: readonly ApiParameter[] = [
    ...[...inPath].map((name) => parameter(name, 'path', true, properties[name] ?? { type: 'string' })),
    ...(takesBody
      ? []
      : others.map((name) => parameter(name, 'query', required.includes(name), properties[name] ?? {}))),
    ...headers.map(([name, description]) => ({ ...parameter(name, 'header', false, { type: 'string' }), description })),
  ];
  const body = {
    ...rest,
    properties: Object.fromEntries(others.map((name) => [name, properties[name] ?? {}])),
    required: required.filter((name) => !inPath.has(name)),
  };
  const type = operation.requestType ?? place.docs.requestType ?? json;
  // A text has no fields: it is the body.
  const schema = type === 'text/plain' ? { type: 'string' } : body;
  const content = { [type]: { schema, ...exampleOf(place.docs.examples?.[operation.id]?.request, type) } };
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takesBody && others.length > 0 ? { requestBody: { required: body.required.length > 0, content } } : {}),
  };
}

function parameter(name: string, where: ApiParameter['in'], required: boolean, schema: ApiSchema): ApiParameter {
  return { name, in: where, required, schema };
}

interface Fields extends ApiSchema {
  readonly properties: Readonly<Record<string, ApiSchema>>;
  readonly required: readonly string[];
}

/** The fields of an input, those that say who calls first. */
function withCredentials(schema: ApiSchema, { access }: OperationDescription, { docs, language }: Place): Fields {
  const credentials = access === 'public' ? [] : Object.entries(docs.credentialFields ?? {});
  const added = Object.fromEntries(
    credentials.map(([name, about]) => [name, { type: 'string', description: inLanguage(about, language) }]),
  );
  const properties = (schema.properties ?? {}) as Fields['properties'];
  const required = (schema.required ?? []) as Fields['required'];
  return {
    ...schema,
    properties: { ...added, ...properties },
    required: [...new Set([...Object.keys(added), ...required])],
  };
}

/** Some APIs refuse with the status of a success: there a reply is either of two. */
function responsesOf(operation: OperationDescription, place: Place): ApiOperation['responses'] {
  const { docs, schemas, refusal, language } = place;
  const success = successOf(operation, { docs, schemas });
  const status = String(operation.status ?? 200);
  const statuses = new Set(docs.refusals.map((row) => String(row.status)));
  const isShared = statuses.delete(status);
  const words = replyWords[language];
  const reply: ApiReply = {
    description: isShared ? words.either : words.success,
    ...(success === undefined && !isShared ? {} : { content: either(success ?? {}, isShared ? refusal : {}) }),
  };
  return {
    [status]: reply,
    ...(statuses.size === 0 ? {} : { default: { description: words.refusal, content: refusal } }),
  };
}

const replyWords = {
  en: { success: 'Success', refusal: 'Refusal', either: 'Success or refusal' },
  zh: { success: '成功', refusal: '错误', either: '成功或错误' },
} as const satisfies Record<Language, object>;

function either(success: ApiContent, refusal: ApiContent): ApiContent {
  const both: Record<string, ApiContent[string]> = { ...success };
  for (const [type, { schema }] of Object.entries(refusal)) {
    const other = both[type];
    both[type] = other === undefined ? { schema } : { ...other, schema: { anyOf: [other.schema, schema] } };
  }
  return both;
}

/** Undefined where nothing but the status answers. */
function successOf(
  operation: OperationDescription,
  { docs, schemas }: Pick<Place, 'docs' | 'schemas'>,
): ApiContent | undefined {
  if (operation.status === 204) return undefined;
  const types = operation.mediaTypes ?? [json];
  const schema = operation.mediaTypes === undefined ? hoist(operation.response, 'output', schemas) : { type: 'string' };
  const sent = docs.examples?.[operation.id]?.response;
  return Object.fromEntries(types.map((type) => [type, { schema, ...exampleOf(sent, type) }]));
}

/** The body as a value where it is JSON, else as text; nothing where the message is of another type, or invalid JSON. */
function exampleOf(message: ApiMessage | undefined, type: string): { readonly example?: unknown } {
  const sentType = message?.headers['content-type'] ?? json;
  if (message === undefined || message.body === '' || !sentType.startsWith(type)) return {};
  if (type !== json) return { example: message.body };
  try {
    return { example: JSON.parse(message.body) };
  } catch {
    return {};
  }
}

/** The JSON Schema of a Zod schema; what carries an id (`.meta({ id })`) moves to the shared components. */
function hoist(schema: z.ZodType, io: 'input' | 'output', schemas: Schemas): ApiSchema {
  const described = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (io === 'input') return;
      // Replies may gain fields: a client generated from this document must not refuse them.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      // Leaves out defaults that our client half assumes of another server's reply; our own replies are complete.
      delete jsonSchema.default;
    },
  });
  // Renamed on the text: $refs may be at any depth.
  const text = JSON.stringify(described).replaceAll('"#/$defs/', `"${componentsPath}`);
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text) as Record<string, unknown>;
  for (const [name, definition] of Object.entries($defs as Schemas)) schemas[name] ??= definition;
  return rest;
}

/** The schema itself where it is a reference to a shared one. */
function resolve(schema: ApiSchema, schemas: Readonly<Schemas>): ApiSchema {
  const reference = schema.$ref;
  return typeof reference === 'string' ? (schemas[reference.slice(componentsPath.length)] ?? schema) : schema;
}
