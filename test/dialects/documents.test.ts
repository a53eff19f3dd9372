/** The OpenAPI document of every dialect: it is valid, and it holds every operation. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { openApiDocument } from '../../src/dialects/kit/openapi.ts';
import { createPathTemplates } from '../../src/dialects/kit/openapi-path.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { referencesIn } from '../support/references.ts';

const about = { version: '1.2.3', serverUrl: 'https://certs.example.com' };

for (const dialect of dialects) {
  describe(`the document of ${dialect.name}`, () => {
    const document = openApiDocument(dialect, { ...about, language: 'en' });
    const chinese = openApiDocument(dialect, { ...about, language: 'zh' });

    test('is valid OpenAPI 3.1', async () => {
      for (const one of [document, chinese]) {
        const validator = new Validator();
        const { valid, errors } = await validator.validate(JSON.parse(JSON.stringify(one)));
        assert.ok(valid, JSON.stringify(errors, null, 2));
        assert.equal(validator.version, '3.1');
      }
    });

    test('holds every operation, with its parameters, what it takes and what it answers', () => {
      const templateOf = createPathTemplates();
      for (const { id, method, path, status = 200, access, summary, response } of dialect.operations) {
        const template = templateOf(path);
        const found = document.paths[template.path]?.[method.toLowerCase()];
        assert.equal(found?.operationId, id);
        assert.equal(found.summary, summary.en);
        assert.equal(found['x-access'], access);
        const inPath = (found.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
        assert.deepEqual(
          inPath,
          template.parameters.map(({ name }) => name),
          id,
        );
        const isEmpty = response instanceof z.ZodVoid;
        assert.ok(found.responses[status] ?? (isEmpty && found.responses[204]), `${id} has no success`);
        if (method === 'GET') assert.equal(found.requestBody, undefined, id);
      }
      const count = Object.values(document.paths).flatMap((methods) => Object.keys(methods)).length;
      assert.equal(count, dialect.operations.length);
    });

    test('says of every call that needs credentials where they go', () => {
      const schemes = Object.keys(document.components.securitySchemes);
      for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
        const isPublic = operation['x-access'] === 'public';
        assert.equal(operation.security.length, isPublic ? 0 : schemes.length, operation.operationId);
        const fields = Object.keys(dialect.docs.credentialFields ?? {});
        const taken = JSON.stringify([operation.parameters, operation.requestBody]);
        if (!isPublic) for (const field of fields) assert.ok(taken.includes(`"${field}"`), operation.operationId);
      }
    });

    test('leads from every reference to a schema, and to every schema by a reference', () => {
      const { schemas, responses } = document.components;
      const known = [
        ...Object.keys(schemas).map((name) => `#/components/schemas/${name}`),
        ...Object.keys(responses).map((name) => `#/components/responses/${name}`),
      ];
      assert.deepEqual([...new Set(referencesIn(document))].sort(), known.sort());
    });

    test('has paths that are templates, each once', () => {
      const shapes = Object.keys(document.paths).map((path) => path.replaceAll(/\{\w+\}/g, '{}'));
      assert.deepEqual(shapes, [...new Set(shapes)]);
      for (const shape of shapes) assert.match(shape, /^\/(?:(?:[\w.~-]+|\{\})(?:\/|$))*$/);
    });

    test('says of every reply of an operation what it is, and leaves nothing to chance', () => {
      const refused = new Set(dialect.docs.refusals.map(({ status }) => String(status)));
      for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
        const statuses = new Set(Object.keys(operation.responses));
        assert.deepEqual(
          [...refused].filter((status) => !statuses.has(status)),
          [],
          operation.operationId,
        );
        assert.ok(!statuses.has('default'));
      }
    });

    test('has a type for every field of a request', () => {
      for (const operation of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
        for (const { name, schema } of operation.parameters ?? []) {
          const isTyped =
            'type' in schema || 'enum' in schema || 'anyOf' in schema || 'const' in schema || '$ref' in schema;
          assert.ok(isTyped || name === 'content_type', `${operation.operationId} ${name}: ${JSON.stringify(schema)}`);
        }
      }
    });

    test('is Chinese for who asks for it', () => {
      const han = /\p{Script=Han}/u;
      assert.match(chinese.info.description, han);
      for (const { 'x-displayName': heading } of chinese.tags) assert.match(heading, han);
      for (const { meanings } of chinese['x-refusals'].rows) for (const one of meanings) assert.match(one, han);
      for (const { meanings } of document['x-refusals'].rows) for (const one of meanings) assert.doesNotMatch(one, han);
    });
  });
}
