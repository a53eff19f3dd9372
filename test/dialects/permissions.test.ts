/**
 * Who may call what, over every operation of the registry: a key that only reads is refused before anything of the request is
 * read, and is refused nothing that reads. A request without a key is refused before either.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { beginExchange, type DialectHarness } from '../support/dialect-harness.ts';
import type { CoreSession } from '../support/dialect-session.ts';
import { isSuccess, operationOf } from '../support/examples.ts';
import { type Exchange, readExchanges, requestOf } from '../support/exchange.ts';

/** Dialects whose key stands in a header; the others' can only be found in a body that reads. */
const keyHeaders: Readonly<Record<string, readonly string[]>> = {
  digicert: ['x-dc-devkey'],
  native: ['authorization'],
  httpsok: ['openapikey', 'httpsok-token'],
};

/** Calls whose own request decides which roles they need, so that a key that only reads is refused later, or not at all. */
const decidedLater: Readonly<Record<string, string>> = {
  'wosign cert.apply': 'fetches what was ordered before',
  'native bulk.act': 'does what its action names, with the roles of that call',
};

for (const dialect of dialects) {
  const { harness } = (await import(join(import.meta.dirname, dialect.name, 'harness.ts'))) as {
    harness: DialectHarness;
  };

  describe(`a key of ${dialect.name} that only reads`, () => {
    for (const [id, exchange] of firstSuccesses(dialect)) {
      const operation = dialect.operations.find((one) => one.id === id);
      if (operation?.access !== 'caller' || `${dialect.name} ${id}` in decidedLater) continue;
      test(operation.roles === undefined ? `may call ${id}` : `may not call ${id}, well-formed or not`, async () => {
        const session = await beginExchange(harness, exchange);
        await demote(session);
        if (operation.roles === undefined) {
          assert.notEqual((await codeOf(session, asHolder(session, exchange))).code, 'forbidden');
          return;
        }
        assert.equal((await codeOf(session, asHolder(session, exchange))).code, 'forbidden');
        const headers = keyHeaders[dialect.name];
        if (headers === undefined || operation.method === 'GET' || operation.method === 'DELETE') return;
        const malformed = withBody(asHolder(session, exchange), '{"');
        assert.equal((await codeOf(session, malformed)).code, 'forbidden');
        for (const header of headers) malformed.headers.delete(header);
        assert.equal((await codeOf(session, withBody(malformed, '{"'))).code, 'unauthenticated');
      });
    }
  });
}

/** The first exchange of each operation that succeeds. */
function firstSuccesses(dialect: ApiDialect): ReadonlyMap<string, Exchange> {
  const found = new Map<string, Exchange>();
  for (const exchange of readExchanges(dialect.name)) {
    const id = operationOf(dialect, exchange)?.id;
    if (id !== undefined && isSuccess(exchange) && !found.has(id)) found.set(id, exchange);
  }
  return found;
}

/** Leaves every key of the account the right to read. */
async function demote({ app, account }: CoreSession): Promise<void> {
  const { items } = await app.ports.credentials.list(app.operator, { limit: 100 });
  for (const { id, accountId, revokedAt } of items) {
    if (accountId !== account.id || revokedAt !== null) continue;
    await app.ports.credentials.change(app.operator, id, { roles: ['viewer'] });
  }
}

/** Sent with the account's key, also where the exchange shows an operator. */
function asHolder({ baseUrl, variables }: CoreSession, exchange: Exchange): Request {
  const { token = '' } = variables;
  return requestOf(exchange, baseUrl, {
    ...variables,
    operatorToken: token,
    proposer: token,
    confirmer: token,
  });
}

function withBody(request: Request, body: string): Request {
  return new Request(request.url, { method: request.method, headers: request.headers, body });
}

/** The code of the refusal; undefined where it was done. */
async function codeOf(session: CoreSession, request: Request): Promise<{ readonly code: unknown }> {
  const before = session.logLines.length;
  await (await session.fetch(request)).text();
  const line = session.logLines.slice(before).find(({ message }) => message === 'request refused');
  return { code: line?.fields.code };
}
