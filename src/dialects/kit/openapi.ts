/** An OpenAPI 3.1 document from a list of operations: the schemas that check the requests also describe them. */
import { z } from 'zod';
import type { Language } from '../../domain/errors.ts';
import type { OperationDescription } from './operation.ts';

export interface OpenApiOptions {
  readonly title: string;
  readonly version: string;
  readonly description?: string;
  readonly serverUrl: string;
  readonly language: Language;
  readonly operations: readonly OperationDescription[];
  /** The body of every refusal, and its content type. */
  readonly error: { readonly schema: z.ZodType; readonly contentType: string };
  /** OpenAPI security schemes by name; operations for callers need any one of them. */
  readonly securitySchemes: Readonly<Record<string, object>>;
}

type JsonSchema = Record<string, unknown>;

const componentsPath = '#/components/schemas/';

export function openApiDocument(options: OpenApiOptions): JsonSchema {
  const schemas: Record<string, JsonSchema> = {};
  const error = hoist(options.error.schema, 'output', schemas);
  const errorReply = { description: 'Error', content: { [options.error.contentType]: { schema: error } } };
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of options.operations) {
    const path = operation.path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}');
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: {
        operationId: operation.id,
        // Ids are noun and verb: the noun groups them.
        tags: [operation.id.split('.')[0]],
        summary: operation.summary[options.language],
        ...(operation.access === 'public'
          ? { security: [] }
          : { security: Object.keys(options.securitySchemes).map((name) => ({ [name]: [] })) }),
        ...requestOf(operation, path, schemas),
        responses: { ...successOf(operation, schemas), default: errorReply },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: options.title,
      version: options.version,
      ...(options.description === undefined ? {} : { description: options.description }),
    },
    servers: [{ url: options.serverUrl }],
    paths,
    components: { schemas, securitySchemes: options.securitySchemes },
  };
}

/** Fields named in the path go there; the others into the query or the body, as the method has it. */
function requestOf(operation: OperationDescription, path: string, schemas: Record<string, JsonSchema>): JsonSchema {
  const schema = resolve(hoist(operation.request, 'input', schemas), schemas);
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = (schema.required ?? []) as readonly string[];
  const inPath = new Set([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''));
  const takesBody = operation.method !== 'GET' && operation.method !== 'DELETE';
  const others = Object.keys(properties).filter((name) => !inPath.has(name));
  const headers = Object.entries(operation.requestHeaders ?? {});
  const parameters = [
    ...[...inPath].map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: properties[name] ?? { type: 'string' },
    })),
    ...(takesBody
      ? []
      : others.map((name) => ({ name, in: 'query', required: required.includes(name), schema: properties[name] }))),
    ...headers.map(([name, description]) => ({ name, in: 'header', description, schema: { type: 'string' } })),
  ];
  const body = {
    ...schema,
    properties: Object.fromEntries(others.map((name) => [name, properties[name]])),
    required: required.filter((name) => !inPath.has(name)),
  };
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takesBody && others.length > 0
      ? { requestBody: { required: body.required.length > 0, content: { 'application/json': { schema: body } } } }
      : {}),
  };
}

function successOf(operation: OperationDescription, schemas: Record<string, JsonSchema>): JsonSchema {
  const status = String(operation.status ?? 200);
  if (status === '204') return { [status]: { description: operation.id } };
  if (operation.mediaTypes !== undefined) {
    const content = Object.fromEntries(operation.mediaTypes.map((type) => [type, { schema: { type: 'string' } }]));
    return { [status]: { description: operation.id, content } };
  }
  const schema = hoist(operation.response, 'output', schemas);
  return { [status]: { description: operation.id, content: { 'application/json': { schema } } } };
}

/** The JSON Schema of a Zod schema; what carries an id (`.meta({ id })`) moves to the shared components. */
function hoist(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, JsonSchema>): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    // Replies may gain fields: a client generated from this document must not refuse them.
    override: ({ jsonSchema }) => {
      if (io === 'output') delete jsonSchema.additionalProperties;
    },
  });
  // Renamed on the text: $refs may be at any depth.
  const text = JSON.stringify(json).replaceAll('"#/$defs/', `"${componentsPath}`);
  const { $schema: _, $defs = {}, ...rest } = JSON.parse(text) as JsonSchema;
  for (const [name, definition] of Object.entries($defs as Record<string, JsonSchema>)) schemas[name] ??= definition;
  return rest;
}

/** The schema itself where it is a reference to a shared one. */
function resolve(schema: JsonSchema, schemas: Record<string, JsonSchema>): JsonSchema {
  const reference = schema.$ref;
  return typeof reference === 'string' ? (schemas[reference.slice(componentsPath.length)] ?? schema) : schema;
}
