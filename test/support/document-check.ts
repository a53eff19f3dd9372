/**
 * Answers of a dialect against its OpenAPI document: status, headers, media type and body are as the document says, and a refusal
 * names a field that the request can have. Every front door of the tests checks all of its answers so.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import { openApiDocument } from '../../src/dialects/kit/openapi.ts';
import { type Answer, type OnAnswer, ReplyMismatch } from '../../src/dialects/kit/reply.ts';
import type { ApiDocument, ApiOperation, ApiReply, ApiSchema } from '../../src/domain/api-document.ts';
import { expected } from '../../src/domain/messages/expectations.ts';

/** Headers that say how a message is carried and kept. No document lists them. */
const carriers = ['content-type', 'content-length', 'content-language', 'cache-control', 'vary'];

const checks = new Map<string, OnAnswer>();

/** The check of a dialect's answers; made once, since documents take a while. */
export function documentCheckOf(dialect: ApiDialect): OnAnswer {
  const known = checks.get(dialect.name) ?? createCheck(dialect);
  checks.set(dialect.name, known);
  return known;
}

/** @throws {ReplyMismatch} */
export function createCheck(dialect: ApiDialect): OnAnswer {
  const document = openApiDocument(dialect, { version: '0', serverUrl: 'https://certs.example', language: 'en' });
  const operations = new Map(
    Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .map((operation) => [operation.operationId, operation]),
  );
  const validatorOf = createValidators(document);
  const credentials = credentialFieldsOf(dialect, document);

  return async ({ operation: { id }, response, error }) => {
    const operation = operations.get(id);
    if (operation === undefined) throw new ReplyMismatch(`${id}: the document lacks it`);
    const fail = (what: string): never => {
      throw new ReplyMismatch(`${id}: ${what}`);
    };
    const reply = replyOf(document, operation, response.status) ?? fail(`the document lacks status ${response.status}`);
    checkHeaders(reply, response, fail);
    await checkBody(reply, { operation, response, validatorOf }, fail);
    const field = fieldOf(error);
    if (field !== undefined && !credentials.has(field) && !hasField(document, operation, field)) {
      fail(`a refusal names the field "${field}", which the request cannot have: ${error?.message}`);
    }
  };
}

function replyOf(document: ApiDocument, operation: ApiOperation, status: number): ApiReply | undefined {
  const reply = operation.responses[status];
  return reply !== undefined && '$ref' in reply ? document.components.responses[status] : reply;
}

type Fail = (what: string) => never;

function checkHeaders(reply: ApiReply, { headers, status }: Response, fail: Fail): void {
  const known = new Set([...carriers, ...Object.keys(reply.headers ?? {}).map((name) => name.toLowerCase())]);
  for (const name of headers.keys()) if (!known.has(name)) fail(`the document lacks the header ${name} of ${status}`);
}

async function checkBody(
  { content }: ApiReply,
  {
    operation,
    response,
    validatorOf,
  }: {
    readonly operation: ApiOperation;
    readonly response: Response;
    readonly validatorOf: (schema: ApiSchema) => ValidateFunction;
  },
  fail: Fail,
): Promise<void> {
  const { status } = response;
  const type = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
  if (type === 'text/event-stream') {
    if (content?.[type] === undefined) fail(`the document lacks the media type "${type}" of ${status}`);
    // It has no end to be read to; and its copy is gone only when the other one is, so that is not waited for.
    void response.body?.cancel();
    return;
  }
  const text = await response.text();
  if (content === undefined) {
    if (text !== '') fail(`the document says that ${status} has no body, but it has`);
    return;
  }
  const schema = content[type]?.schema ?? fail(`the document lacks the media type "${type}" of ${status}`);
  if (!/\bjson$/.test(type)) return;
  const validate = validatorOf(schema);
  if (!validate(JSON.parse(text))) {
    fail(
      `the body of ${status} of ${operation.operationId} is not as the document says: ${JSON.stringify(validate.errors)}`,
    );
  }
}

/** Compiled when first needed: most tests meet a few operations. */
function createValidators({ components }: ApiDocument): (schema: ApiSchema) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'document', components });
  const compiled = new Map<string, ValidateFunction>();
  return (schema) => {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/');
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text));
    compiled.set(text, known);
    return known;
  };
}

function fieldOf(error: Answer['error']): string | undefined {
  if (error === undefined) return undefined;
  const { key } = error.reason;
  // These name a field that the account made.
  if (key === 'customValueInvalid' || key === 'customValueMissing') return undefined;
  const params: Readonly<Record<string, unknown>> = error.reason.params;
  // A field that nothing has is what is wrong, or may be: whatever was sent is looked through for U+0000.
  if (params.expected === expected.absent || params.expected === expected.noZeroCharacter) return undefined;
  return typeof params.field === 'string' ? params.field : undefined;
}

/** The places of a key, by every name under which it is refused. */
function credentialFieldsOf({ docs }: ApiDialect, { components }: ApiDocument): ReadonlySet<string> {
  const fields = Object.keys(docs.credentialFields ?? {});
  const headers = Object.values(components.securitySchemes).map(({ name = 'Authorization' }) => name);
  return new Set([...fields, ...(docs.envelopeFields ?? []), fields.join('/'), ...headers, 'Authorization: Bearer']);
}

/** Reports whether the request may have the field: `certificate.dns_names[3]`, `filters[status]`; the whole body is `body`. */
function hasField(document: ApiDocument, operation: ApiOperation, field: string): boolean {
  if (field === 'body') return true;
  const names = field
    .replaceAll(/\[\d+\]/g, '.*')
    .replaceAll(/\[(\w+)\]/g, '.$1')
    .split('.');
  const [first = '', ...rest] = names;
  const parameters = (operation.parameters ?? []).filter(
    ({ name, description }) => name === first || description === `\`${first}\``,
  );
  const bodies = Object.values(operation.requestBody?.content ?? {}).map(({ schema }) => schema);
  return (
    parameters.some(({ schema }) => leadsOn(document, schema, rest)) ||
    bodies.some((schema) => leadsOn(document, schema, names))
  );
}

function leadsOn(document: ApiDocument, schema: ApiSchema, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  const { $ref: reference, anyOf, oneOf, properties = {}, items, additionalProperties } = schema;
  if (typeof reference === 'string') {
    const shared = document.components.schemas[reference.replace('#/components/schemas/', '')] ?? {};
    return leadsOn(document, shared, [name, ...rest]);
  }
  const alternatives = (anyOf ?? oneOf ?? []) as readonly ApiSchema[];
  if (alternatives.some((one) => leadsOn(document, one, [name, ...rest]))) return true;
  // A name may be said of every item at once: `custom_fields.metadata_id`.
  const ofItems = typeof items === 'object' && items !== null ? (items as ApiSchema) : undefined;
  if (name !== '*' && ofItems !== undefined && leadsOn(document, ofItems, [name, ...rest])) return true;
  const next =
    name === '*' ? items : ((properties as Readonly<Record<string, ApiSchema>>)[name] ?? additionalProperties);
  return typeof next === 'object' && next !== null && leadsOn(document, next as ApiSchema, rest);
}
