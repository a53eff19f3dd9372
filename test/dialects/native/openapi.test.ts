import assert from 'node:assert/strict';
import { test } from 'node:test';
import { native } from '../../../src/dialects/native/index.ts';
import { baseUrl, createSession } from './session.ts';

// biome-ignore lint/suspicious/noExplicitAny: the tests walk a JSON document
type Json = Record<string, any>;

const session = await createSession();

async function readDocument(headers: Readonly<Record<string, string>> = {}): Promise<Json> {
  const reply = await session.fetch(new Request(`${baseUrl}/api/openapi.json`, { headers }));
  assert.equal(reply.status, 200);
  return (await reply.json()) as Json;
}

const document = await readDocument();
const described = native.operations;

test('it is OpenAPI 3.1 and says where the server is and how to authenticate', () => {
  assert.equal(document.openapi, '3.1.0');
  assert.deepEqual(document.servers, [{ url: baseUrl }]);
  assert.equal(document.components.securitySchemes.token.scheme, 'bearer');
});

test('it holds every operation, each with parameters for its path, a success and problems', () => {
  for (const { id, method, path, status = 200 } of described) {
    const operation: Json | undefined = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    assert.ok(operation, id);
    assert.equal(operation.operationId, id);
    assert.notEqual(operation.summary, '');
    const inPath = (operation.parameters ?? []).filter((one: Json) => one.in === 'path');
    assert.deepEqual(
      inPath.map((one: Json) => one.name),
      [...path.matchAll(/:(\w+)/g)].map((match) => match[1]),
      id,
    );
    const contents = Object.values(operation.responses[status]?.content ?? {}) as Json[];
    assert.ok(contents.length > 0 && contents.every((content) => content.schema), `${id} has no response schema`);
    const refusals = Object.entries(operation.responses as Json).filter(([code]) => Number(code) >= 400) as [
      string,
      Json,
    ][];
    assert.ok(refusals.length > 0, id);
    for (const [code, { $ref }] of refusals) {
      const { content } = document.components.responses[String($ref).split('/').at(-1) ?? ''];
      // The HTTP parser refuses headers that are too large before there is a path, in plain text.
      const type = code === '431' ? 'text/plain' : 'application/problem+json';
      assert.ok(content[type]?.schema, `${id} has no problem for ${code}`);
    }
    if (method === 'GET') assert.equal(operation.requestBody, undefined, id);
    else if (operation.requestBody) assert.ok(operation.requestBody.content['application/json'].schema, id);
  }
});

test('replies may gain fields, requests may not', () => {
  assert.equal(document.components.schemas.Order.additionalProperties, undefined);
  const place = document.paths['/api/v1/orders'].post.requestBody.content['application/json'].schema;
  assert.equal(place.additionalProperties, false);
  // The CSR may come later.
  assert.deepEqual(place.required, ['productCode']);
});

test('downloads are described with the media types of files', () => {
  const { get } = document.paths['/api/v1/certificates/{certificate}/download'];
  assert.deepEqual(Object.keys(get.responses['200'].content).sort(), [
    'application/pem-certificate-chain',
    'application/pkcs7-mime',
    'application/pkix-cert',
    'application/x-pem-file',
    'application/zip',
  ]);
});

test('its summaries are Chinese for who asks for it', async () => {
  const chinese = await readDocument({ 'accept-language': 'zh-CN' });
  assert.equal(chinese.paths['/api/v1/orders'].post.summary, '提交订单');
});
