/** An OpenAPI 3.1 document from a dialect's operations: the schemas that check the requests also describe them. */
import type { ApiDocument, ApiOperation, ApiParameter, ApiSchema } from '../../domain/api-document.ts';
import type { Language } from '../../domain/language.ts';
import { inLanguage } from '../../domain/messages/words.ts';
import type { DialectDocs } from './docs.ts';
import { asParameter } from './openapi-parameter.ts';
import { createPathTemplates, type PathTemplate } from './openapi-path.ts';
import { exampleOf, json, type RepliesContext, refusalContent, repliesOf, sharedRefusals } from './openapi-replies.ts';
import { hoist, resolved, type Schemas } from './openapi-schema.ts';
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

export function openApiDocument(api: DescribedApi, { version, serverUrl, language }: OpenApiOptions): ApiDocument {
  const { docs, operations } = api;
  const schemas: Schemas = {};
  const place: Place = { docs, schemas, refusal: refusalContent(docs, schemas), language };
  const templateOf = createPathTemplates();
  const paths: Record<string, Record<string, ApiOperation>> = {};
  for (const operation of operations) {
    const template = templateOf(operation.path);
    const method = operation.method.toLowerCase();
    paths[template.path] = { ...paths[template.path], [method]: describe(operation, template, place) };
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
    components: { schemas, responses: sharedRefusals(place), securitySchemes: docs.securitySchemes ?? {} },
    'x-refusals': {
      content: place.refusal,
      rows: docs.refusals.map(({ status, shows, meanings }) => ({
        status,
        shows: inLanguage(shows, language),
        meanings: meanings.map((meaning) => meaning[language]),
      })),
    },
  };
}

type Place = RepliesContext;

function describe(operation: OperationDescription, template: PathTemplate, place: Place): ApiOperation {
  const { docs, language } = place;
  const example = docs.examples?.[operation.id];
  const schemes = operation.access === 'public' ? [] : Object.keys(docs.securitySchemes ?? {});
  return {
    operationId: operation.id,
    // Ids are noun and verb: the noun groups them.
    tags: [groupOf(operation)],
    summary: operation.summary[language],
    security: schemes.map((name) => ({ [name]: [] })),
    ...requestOf(operation, template, place),
    responses: repliesOf(operation, place),
    'x-access': operation.access,
    ...(example === undefined ? {} : { 'x-example': example }),
  };
}

/** The word before the dot of its id. */
export function groupOf({ id }: OperationDescription): string {
  return id.split('.')[0] ?? id;
}

/** Fields named in the path go there; the others into the query or the body, as the method has it. */
function requestOf(
  operation: OperationDescription,
  template: PathTemplate,
  place: Place,
): Pick<ApiOperation, 'parameters' | 'requestBody'> {
  const whole = hoist(operation.request, 'input', place.schemas);
  const { properties, required, ...rest } = withOthers(resolved(whole, place.schemas), operation, place);
  const inPath = new Set(template.parameters.map(({ field }) => field));
  const takesBody = operation.method !== 'GET' && operation.method !== 'DELETE';
  const others = Object.keys(properties).filter((name) => !inPath.has(name));
  const headers = Object.entries(operation.requestHeaders ?? {});
  const parameters: readonly ApiParameter[] = [
    ...template.parameters.map(({ name, field }) => ({
      ...parameter(name, 'path', true, properties[field] ?? { type: 'string' }),
      ...(name === field ? {} : { description: `\`${field}\`` }),
    })),
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
  const isNeeded = type !== 'text/plain' && body.required.length > 0;
  return {
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(takesBody && others.length > 0 ? { requestBody: { required: isNeeded, content } } : {}),
  };
}

function parameter(name: string, where: ApiParameter['in'], required: boolean, described: ApiSchema): ApiParameter {
  const schema = asParameter(described);
  const isObject = schema.type === 'object';
  return { name, in: where, required, ...(isObject ? { style: 'deepObject', explode: true } : {}), schema };
}

interface Fields extends ApiSchema {
  readonly properties: Readonly<Record<string, ApiSchema>>;
  readonly required: readonly string[];
}

/** The fields of an input: those that say who calls first, those that no schema describes last. */
function withOthers(schema: ApiSchema, operation: OperationDescription, { docs, language }: Place): Fields {
  const { access, otherFields = {} } = operation;
  const credentials = access === 'public' ? [] : Object.entries(docs.credentialFields ?? {});
  const added = Object.fromEntries(
    credentials.map(([name, about]) => [name, { type: 'string', description: inLanguage(about, language) }]),
  );
  const others = Object.entries(otherFields).map(([name, about]) => [
    name,
    { description: inLanguage(about, language) },
  ]);
  const properties = (schema.properties ?? {}) as Fields['properties'];
  const required = (schema.required ?? []) as Fields['required'];
  return {
    ...schema,
    properties: { ...added, ...properties, ...Object.fromEntries(others) },
    required: [...new Set([...Object.keys(added), ...required])],
  };
}
