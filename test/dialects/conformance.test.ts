/** What every dialect of the registry must hold, whoever wrote it. New surface fails here until it is covered. */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { groupOf } from '../../src/dialects/kit/openapi.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { errorCodes } from '../../src/domain/error-codes.ts';
import { beginExchange, type DialectHarness } from '../support/dialect-harness.ts';
import { isSuccess, operationOf } from '../support/examples.ts';
import { assertResponse, readExchanges, requestOf, sampleBody } from '../support/exchange.ts';

const strangers: Readonly<Record<string, (url: string) => Request>> = {
  'an unknown path': (url) => new Request(`${url}no/such/path`, { method: 'POST', body: '{}' }),
  'a path with a broken percent sign': (url) => new Request(`${url}%zz`, { method: 'POST', body: '{}' }),
  'a body that is no JSON': (url) => new Request(`${url}create`, { method: 'POST', body: '{"a":' }),
  'a method that no operation has': (url) => new Request(url, { method: 'OPTIONS' }),
};

for (const dialect of dialects) {
  const harnessFile = join(import.meta.dirname, dialect.name, 'harness.ts');
  if (!existsSync(harnessFile)) {
    test(`the dialect ${dialect.name} has a harness`, () => assert.fail(`write ${harnessFile}`));
    continue;
  }
  const { harness } = (await import(harnessFile)) as { harness: DialectHarness };
  const exchanges = readExchanges(dialect.name);

  describe(`the dialect ${dialect.name}`, () => {
    for (const exchange of exchanges) {
      test(`answers as in exchange ${exchange.name}`, async () => {
        const session = await beginExchange(harness, exchange);
        const request = requestOf(exchange, session.baseUrl, session.variables);
        await assertResponse(exchange, await session.fetch(request));
        // Not at the end of the file, as the others: hundreds of them would have more connections than PostgreSQL takes.
        await session.app.close();
      });
    }

    test('has an exchange for every operation, or the reason why not', () => {
      const covered = new Set(exchanges.map((exchange) => operationOf(dialect, exchange)?.id));
      for (const { id } of dialect.operations) {
        const isExcused = id in harness.withoutExchange;
        assert.ok(covered.has(id) || isExcused, `${id} has no exchange`);
        assert.ok(!(covered.has(id) && isExcused), `${id} is excused, but has an exchange`);
      }
    });

    test('says of every exchange where it comes from', () => {
      for (const { name, notes } of exchanges) assert.ok(notes.source, `${name} has no source`);
    });

    test('has a row for every error code', () => {
      for (const code of errorCodes) assert.ok(dialect.errors[code] !== undefined, code);
    });

    test('names its operations once each, and gives each a summary in both languages', () => {
      const ids = dialect.operations.map((operation) => operation.id);
      assert.deepEqual(ids, [...new Set(ids)]);
      for (const { id, summary } of dialect.operations) assert.ok(summary.en !== '' && summary.zh !== '', id);
    });

    test('has a heading for every group of its operations, and no other', () => {
      assert.deepEqual(Object.keys(dialect.docs.groups).sort(), [...new Set(dialect.operations.map(groupOf))].sort());
    });

    test('mounts every operation under one of its paths', () => {
      for (const { id, path } of dialect.operations) {
        assert.ok(
          dialect.paths.some((prefix) => path.startsWith(prefix)),
          `${id} at ${path}`,
        );
      }
    });

    test('makes keys that differ and hold 128 random bits', () => {
      let counter = 0;
      const random = {
        bytes: (size: number) => Uint8Array.from({ length: size }, () => (counter = (counter + 37) & 255)),
      };
      // Clients of the others bring their own.
      if (dialect.newKey === undefined) return assert.equal(dialect.keySettings, undefined);
      const [a, b] = [dialect.newKey(random), dialect.newKey(random)];
      assert.notEqual(a.publicId, b.publicId);
      assert.notEqual(a.secret, b.secret);
      assert.ok(a.secret.length >= 22, a.secret); // base64url of 16 bytes
    });

    test('has no two products with one code', () => {
      const codes = dialect.catalogue.map((entry) => entry.code);
      assert.deepEqual(codes, [...new Set(codes)]);
    });

    for (const [what, request] of Object.entries(strangers)) {
      test(`answers ${what} without an error of its own`, async () => {
        const [exchange = assert.fail('there is no exchange')] = exchanges;
        const session = await beginExchange(harness, exchange);
        const reply = await session.fetch(request(session.baseUrl + (dialect.paths[0] ?? '/')));
        const text = await reply.text();
        assert.ok(reply.status < 500, `${reply.status} ${text}`);
        assert.doesNotMatch(text, /node_modules|\.ts:\d+/);
      });
    }

    test('reads every success of its exchanges with its own response schema', () => {
      for (const exchange of exchanges) {
        const operation = operationOf(dialect, exchange);
        if (operation === undefined || operation.render !== undefined || !isSuccess(exchange)) continue;
        const body: unknown = exchange.response.body === '' ? undefined : JSON.parse(sampleBody(exchange));
        const result = operation.response.safeParse(body);
        assert.ok(result.success, `${exchange.name}: ${result.error?.message}`);
      }
    });
  });
}
