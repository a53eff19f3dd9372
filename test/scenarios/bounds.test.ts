/**
 * Every field of every operation, with a value beyond what its document says and with one that is far too much: the first is
 * refused, and every refusal names the field as the request has it. What is refused though the document allows it fails too: then
 * the document lacks a bound.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import { openApiDocument } from '../../src/dialects/kit/openapi.ts';
import { ReplyMismatch } from '../../src/dialects/kit/reply.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { ApiDocument, ApiOperation, ApiSchema } from '../../src/domain/api-document.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import { beyond, type Excess, farTooMuch, fieldsOf } from '../support/schema-fields.ts';
import type { DialectWalk, Row } from './walk/row.ts';
import { operationOf, startWalk, type Walk, walks } from './walk/start.ts';

let walk: Walk;
before(async () => {
  walk = await startWalk();
});
after(() => walk.doors.app.close());

for (const dialectWalk of walks) {
  const dialect = dialects.find(({ name }) => name === dialectWalk.name) ?? assert.fail(dialectWalk.name);
  const document = openApiDocument(dialect, { version: '0', serverUrl: 'https://certs.example', language: 'en' });
  describe(`the bounds of ${dialect.name}`, () => {
    for (const [id, row] of Object.entries(dialectWalk.rows)) {
      const operation = described(document, operationOf(id));
      it(id, () => tryEach({ dialect, dialectWalk, document, operation, row, id: operationOf(id) }));
    }
  });
}

function described({ paths }: ApiDocument, id: string): ApiOperation {
  const operations = Object.values(paths).flatMap((methods) => Object.values(methods));
  return operations.find(({ operationId }) => operationId === id) ?? assert.fail(id);
}

interface Trial {
  readonly dialect: ApiDialect;
  readonly dialectWalk: DialectWalk;
  readonly document: ApiDocument;
  readonly operation: ApiOperation;
  readonly row: Row;
  readonly id: string;
}

async function tryEach({ dialect, dialectWalk, document, operation, row, id }: Trial): Promise<void> {
  const sent = row.send(walk.objectsOf(dialectWalk));
  if (sent instanceof FormData || 'plainText' in sent) return;
  // Racent's documents put some fields into one called so; beside the others they are read as well, as this API's document shows them.
  const { params = {}, ...others } = sent;
  const input = { ...(params as object), ...others };
  const of = row.may.length === 0 ? 'operator' : 'tenant';
  const key: KeySettings = walk.keyOf(of, dialect.name, row.may[0] ?? 'operator');
  const credentials = Object.keys(dialect.docs.credentialFields ?? {});
  const findings: string[] = [];
  for (const { path, schema } of fieldsOf(requestSchema(operation), document.components.schemas)) {
    if (credentials.includes(path[0] ?? '')) continue;
    const excesses: readonly (Excess & { readonly mustBeRefused: boolean })[] = [
      ...beyond(schema).map((excess) => ({ ...excess, mustBeRefused: true })),
      ...farTooMuch(schema).map((excess) => ({ ...excess, mustBeRefused: false })),
    ];
    for (const { value, what, mustBeRefused } of excesses) {
      const place = `${path.join('.')}: ${what}`;
      const call = walk.doors.call(dialect.name, id, withValue(input, path, value), key);
      const reply = await call.catch((thrown: unknown) => {
        if (!(thrown instanceof ReplyMismatch)) throw thrown;
        findings.push(`${place}: ${thrown.message.slice(0, 300)}`);
      });
      if (reply === undefined) continue;
      const answer = `${reply.refusal ?? 'no refusal'} ${reply.field ?? ''} ${reply.text.slice(0, 300)}`;
      if (isLabel.test(reply.field ?? '')) continue;
      if (reply.refusal === undefined || !aboutFields.has(reply.refusal)) {
        if (mustBeRefused && reply.refusal === undefined) findings.push(`${place} is accepted: ${answer}`);
      } else if (reply.field !== undefined && topOf(reply.field) !== path[0]) {
        findings.push(`${place} is refused by another field: ${answer}`);
      } else if (!mustBeRefused && reply.text.includes('characters')) {
        findings.push(`${place} is refused, which the document does not say: ${answer}`);
      }
    }
  }
  assert.deepEqual(findings, []);
}

/** Kinds of refusals that are about a field of the request. */
const aboutFields: ReadonlySet<string> = new Set(['invalidField', 'malformedRequest']);

/** What a custom field takes is up to its kind, and refused by its label. */
const isLabel = /^tenant-a .*field$/;

function topOf(field: string): string {
  return /^[^.[]+/.exec(field)?.[0] ?? field;
}

/** Parameters and body in one, as requests are written here. */
function requestSchema({ parameters = [], requestBody }: ApiOperation): ApiSchema {
  const [body = {}] = Object.values(requestBody?.content ?? {}).map(({ schema }) => schema);
  const inUrl = parameters.filter((one) => one.in === 'query').map(({ name, schema }) => [name, schema] as const);
  return { ...body, properties: { ...(body.properties as object), ...Object.fromEntries(inUrl) } };
}

type Json = Readonly<Record<string, unknown>>;

/** The input with this value at the place; what leads there is made where it is missing. */
function withValue(input: Json, [name = '', ...rest]: readonly string[], value: unknown): Json {
  if (rest.length === 0) return { ...input, [name]: value };
  const inside = input[name];
  if (rest[0] === '*') {
    const [first] = Array.isArray(inside) ? inside : [];
    const [, ...further] = rest;
    return { ...input, [name]: [further.length === 0 ? value : withValue((first ?? {}) as Json, further, value)] };
  }
  const isObject = typeof inside === 'object' && inside !== null && !Array.isArray(inside);
  return { ...input, [name]: withValue((isObject ? inside : {}) as Json, rest, value) };
}
