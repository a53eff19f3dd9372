import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { type DialectDocs, refusalsOf } from '../../../src/dialects/kit/docs.ts';
import type { ErrorTable } from '../../../src/dialects/kit/error-table.ts';
import { openApiDocument } from '../../../src/dialects/kit/openapi.ts';
import { asParameter } from '../../../src/dialects/kit/openapi-parameter.ts';
import { pathTemplate } from '../../../src/dialects/kit/openapi-path.ts';
import { hoist } from '../../../src/dialects/kit/openapi-schema.ts';
import { callerOperation, type OperationDescription, publicOperation } from '../../../src/dialects/kit/operation.ts';
import type { ApiExample } from '../../../src/domain/api-document.ts';
import { errorCodes } from '../../../src/domain/error-codes.ts';

const money = z.object({ minor: z.int() }).meta({ id: 'Money' });
const never = () => Promise.reject(new Error('not called'));

const place = callerOperation({
  id: 'order.place',
  method: 'POST',
  path: '/orders/:id/items',
  summary: { en: 'Add an item', zh: '添加' },
  status: 201,
  request: z.object({ id: z.string(), name: z.string(), note: z.string().optional() }),
  response: z.object({ price: money, parts: z.array(money) }),
  handle: never,
});

const list = publicOperation({
  id: 'order.list',
  method: 'GET',
  path: '/orders',
  summary: { en: 'List', zh: '列表' },
  request: z.object({ limit: z.coerce.number().default(5), state: z.string() }),
  response: money,
  handle: never,
});

const docs: DialectDocs = {
  about: { en: 'A test.', zh: '测试。' },
  groups: { order: { en: 'Orders', zh: '订单' } },
  securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
  error: { schema: z.object({ code: z.string() }), contentType: 'application/problem+json' },
  refusals: [{ status: 400, shows: '`code` x', meanings: [{ en: 'wrong', zh: '错误' }] }],
};

function documentOf(operations: readonly OperationDescription[], changes: Partial<DialectDocs> = {}) {
  const about = { version: '1', serverUrl: 'https://example.com', language: 'zh' } as const;
  return openApiDocument({ title: 'Test', operations, docs: { ...docs, ...changes } }, about);
}

const document = documentOf([place, list]);
const { paths } = document;

test('a path parameter goes into the path, the rest of a POST into the body', () => {
  const operation = paths['/orders/{id}/items']?.post;
  assert.equal(operation?.summary, '添加');
  assert.deepEqual(operation?.parameters, [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }]);
  assert.deepEqual(operation?.requestBody, {
    required: true,
    content: {
      'application/json': {
        schema: {
          type: 'object',
          properties: { name: { type: 'string' }, note: { type: 'string' } },
          required: ['name'],
        },
      },
    },
  });
});

test('the fields of a GET are query parameters, and what has a default is optional', () => {
  const parameters = paths['/orders']?.get?.parameters ?? [];
  assert.deepEqual(
    parameters.map(({ name, required }) => [name, required]),
    [
      ['limit', false],
      ['state', true],
    ],
  );
});

test('schemas with an id are shared components, and replies may gain fields', () => {
  const { schemas } = document.components;
  assert.deepEqual(Object.keys(schemas), ['Refusal', 'Money']);
  const text = JSON.stringify(document);
  assert.doesNotMatch(text, /\$defs|additionalProperties":false/);
  assert.match(text, /"\$ref":"#\/components\/schemas\/Money"/);
});

test('operations for callers need a security scheme, public ones none', () => {
  assert.deepEqual(paths['/orders/{id}/items']?.post?.security, [{ token: [] }]);
  assert.deepEqual(paths['/orders']?.get?.security, []);
});

test('what the caller is told of the API is in the language asked for', () => {
  assert.equal(document.info.description, '测试。');
  assert.deepEqual(document.tags, [{ name: 'order', 'x-displayName': '订单' }]);
  assert.deepEqual(document['x-refusals'].rows, [{ status: 400, shows: '`code` x', meanings: ['错误'] }]);
});

test('refusals with another status than a success are replies of their own, described once', () => {
  const { responses } = paths['/orders']?.get ?? {};
  assert.deepEqual(Object.keys(responses ?? {}), ['200', '400', '431']);
  assert.deepEqual(responses?.['400'], { $ref: '#/components/responses/400' });
  const [shared] = Object.entries(document.components.responses);
  assert.deepEqual([shared?.[0], Object.keys(shared?.[1].content ?? {})], ['400', ['application/problem+json']]);
});

test('where refusals come with the status of a success, that reply is either of two', () => {
  const error = { schema: z.object({ code: z.string() }) };
  const refusals = [{ status: 200, shows: 'x', meanings: [{ en: 'wrong', zh: '错误' }] }];
  const responses = documentOf([list], { error, refusals }).paths['/orders']?.get?.responses ?? {};
  assert.deepEqual(Object.keys(responses), ['200', '431']);
  const reply = responses['200'] ?? assert.fail();
  assert.ok('description' in reply);
  assert.equal(reply.description, '成功或错误');
  assert.deepEqual(reply.content, {
    'application/json': {
      schema: { anyOf: [{ $ref: '#/components/schemas/Money' }, { $ref: '#/components/schemas/Refusal' }] },
    },
  });
});

test('what answers nothing is 204, what may answer nothing is that as well', () => {
  const [silent, sometimes] = [z.void(), z.union([z.void(), money])].map((response) => {
    const described = documentOf([{ ...list, response }]).paths['/orders']?.get;
    return described?.responses ?? assert.fail();
  });
  assert.deepEqual(Object.keys(silent ?? {}), ['204', '400', '431']);
  assert.deepEqual(Object.keys(sometimes ?? {}), ['200', '204', '400', '431']);
  const [reply] = Object.values(sometimes ?? {});
  assert.ok(reply !== undefined && 'description' in reply);
  assert.deepEqual(reply.content, { 'application/json': { schema: { $ref: '#/components/schemas/Money' } } });
});

const patterns: readonly (readonly [pattern: string, path: string])[] = [
  ['/orders/:id', '/orders/{id}'],
  ['/orders/:id{[0-9]+}/note', '/orders/{id}/note'],
  ['/orders/:id{[0-9]{1,10}}', '/orders/{id}'], // braces inside of braces
  ['/payment/*', '/payment/{rest}'],
];
for (const [pattern, path] of patterns) {
  test(`${pattern} is the path ${path}`, () => assert.equal(pathTemplate(pattern).path, path));
}

test('paths that differ in the names of their parameters only are one, with the names of the first', () => {
  const show = { ...list, id: 'order.show', path: '/orders/:id', request: z.object({ id: z.string() }) };
  const make = { ...place, id: 'order.make', path: '/orders/:product', request: z.object({ product: z.string() }) };
  const { paths: both } = documentOf([show, make]);
  assert.deepEqual(Object.keys(both), ['/orders/{id}']);
  assert.deepEqual(both['/orders/{id}']?.post?.parameters, [
    { name: 'id', in: 'path', required: true, schema: { type: 'string' }, description: '`product`' },
  ]);
});

const sent: readonly (readonly [what: string, schema: z.ZodType, described: object])[] = [
  ['a text that is not blank', z.string().trim().min(1), { type: 'string', minLength: 1, pattern: '\\S' }],
  [
    'what null and an empty text leave out',
    z.preprocess((value) => (value === null || value === '' ? undefined : value), z.enum(['a', 'b']).optional()),
    { anyOf: [{ type: 'string', enum: ['a', 'b'] }, { type: 'null' }, { type: 'string', maxLength: 0 }] },
  ],
  [
    'what is read in another form than its type',
    z.preprocess(Number, z.int()).meta({ description: 'A number.', sent: { type: 'string', pattern: '^[0-9]+$' } }),
    { type: 'string', pattern: '^[0-9]+$', description: 'A number.' },
  ],
];
for (const [what, schema, described] of sent) {
  test(`a request's schema says how it is read: ${what}`, () =>
    assert.deepEqual(hoist(schema, 'input', {}), described));
}

test('in a query a number has one spelling, and a yes or no is a word', () => {
  const number = {
    anyOf: [{ type: 'integer', minimum: 0 }, { type: 'string', pattern: '^[0-9]+$' }, { type: 'null' }],
  };
  assert.deepEqual(asParameter(number), { type: 'integer', minimum: 0 });
  const flag = { anyOf: [{ type: 'boolean' }, { enum: [0, 1, 'true', ''] }, { type: 'null' }] };
  assert.deepEqual(asParameter(flag), { enum: ['true', 'false', '0', '1'] });
});

test('credentials in the body stand before the other fields of callers, and nowhere else', () => {
  const credentialFields = { api_token: 'Of the account.' };
  const described = documentOf([place, list], { credentialFields, requestType: 'application/x-www-form-urlencoded' });
  const body = described.paths['/orders/{id}/items']?.post?.requestBody;
  assert.deepEqual(body?.content, {
    'application/x-www-form-urlencoded': {
      schema: {
        type: 'object',
        properties: {
          api_token: { type: 'string', description: 'Of the account.' },
          name: { type: 'string' },
          note: { type: 'string' },
        },
        required: ['api_token', 'name'],
      },
    },
  });
  const parameters = described.paths['/orders']?.get?.parameters ?? [];
  assert.deepEqual(
    parameters.map(({ name }) => name),
    ['limit', 'state'],
  );
});

test('a text body has no fields, and an operation may take another kind than its siblings', () => {
  const log = { ...place, requestType: 'text/plain' } as const;
  const body = documentOf([log]).paths['/orders/{id}/items']?.post?.requestBody;
  assert.deepEqual(body?.content, { 'text/plain': { schema: { type: 'string' } } });
});

test('an exchange is shown whole, and its bodies as examples of their types', () => {
  const example: ApiExample = {
    request: { method: 'POST', path: '/orders/7/items', headers: {}, body: '{"name":"a"}' },
    response: { status: 201, headers: { 'content-type': 'application/json' }, body: '{"parts":[]}' },
  };
  const operation = documentOf([place], { examples: { 'order.place': example } }).paths['/orders/{id}/items']?.post;
  assert.deepEqual(operation?.['x-example'], example);
  assert.deepEqual(operation?.requestBody?.content['application/json']?.example, { name: 'a' });
  const reply = operation?.responses['201'] ?? assert.fail();
  assert.ok('description' in reply);
  assert.deepEqual(reply.content?.['application/json']?.example, { parts: [] });
});

test('codes that look the same on the wire are one refusal, which means any of them', () => {
  const table = { ...Object.fromEntries(errorCodes.map((code) => [code, 9])), badCsr: 1, badKey: 1 };
  const refusals = refusalsOf(table as ErrorTable<number>, (row) => ({ status: 200, shows: `code ${row}` }));
  assert.deepEqual(
    refusals.map(({ shows }) => shows),
    ['code 9', 'code 1'],
  );
  assert.deepEqual(
    refusals[1]?.meanings.map(({ zh }) => zh),
    ['CSR 无法读取或签名错误', '密钥强度不足或类型不被接受'],
  );
  assert.equal(refusals[0]?.meanings.length, errorCodes.length - 2);
});
