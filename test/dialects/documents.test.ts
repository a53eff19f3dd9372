/** The OpenAPI document of every dialect: it is valid, and it holds every operation. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../../src/dialects/kit/openapi.ts';
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
      for (const { id, method, path, status = 200, access, summary } of dialect.operations) {
        const found = document.paths[path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')]?.[method.toLowerCase()];
        assert.equal(found?.operationId, id);
        assert.equal(found.summary, summary.en);
        assert.equal(found['x-access'], access);
        const inPath = (found.parameters ?? []).filter((one) => one.in === 'path').map(({ name }) => name);
        assert.deepEqual(
          inPath,
          [...path.matchAll(/:(\w+)/g)].map((match) => match[1]),
          id,
        );
        assert.ok(found.responses[status], `${id} has no success`);
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
      const names = referencesIn(document).map((reference) => reference.replace('#/components/schemas/', ''));
      assert.deepEqual([...new Set(names)].sort(), Object.keys(document.components.schemas).sort());
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
