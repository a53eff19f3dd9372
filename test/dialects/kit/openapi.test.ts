import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { openApiDocument } from '../../../src/dialects/kit/openapi.ts';
import { callerOperation, publicOperation } from '../../../src/dialects/kit/operation.ts';

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

const document = openApiDocument({
  title: 'Test',
  version: '1',
  serverUrl: 'https://example.com',
  language: 'zh',
  operations: [place, list],
  error: { schema: z.object({ code: z.string() }), contentType: 'application/problem+json' },
  securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
});
const paths = document.paths as Record<string, Record<string, Record<string, unknown>>>;

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
  const parameters = paths['/orders']?.get?.parameters as { name: string; required: boolean }[];
  assert.deepEqual(
    parameters.map(({ name, required }) => [name, required]),
    [
      ['limit', false],
      ['state', true],
    ],
  );
});

test('schemas with an id are shared components, and replies may gain fields', () => {
  const { schemas } = document.components as { schemas: Record<string, unknown> };
  assert.deepEqual(Object.keys(schemas), ['Money']);
  const text = JSON.stringify(document);
  assert.doesNotMatch(text, /\$defs|additionalProperties":false/);
  assert.match(text, /"\$ref":"#\/components\/schemas\/Money"/);
});

test('operations for callers need a security scheme, public ones none', () => {
  assert.deepEqual(paths['/orders/{id}/items']?.post?.security, [{ token: [] }]);
  assert.deepEqual(paths['/orders']?.get?.security, []);
});
