/**
 * U+0000 in a request: each front door refuses it in its own form and names the field, wherever the request has a text, and nothing of it
 * reaches the database. PostgreSQL has no text with it; on SQLite it is the same request.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { dialects } from '../../src/dialects/registry.ts';
import { beginExchange, type DialectHarness } from '../support/dialect-harness.ts';
import { isSuccess, operationOf } from '../support/examples.ts';
import { type Exchange, readExchanges, requestOf } from '../support/exchange.ts';
import { countRequestRows } from '../support/tables.ts';
import { createSession } from './acme/harness.ts';

/** Decoded by a reader that knows the zeros of UTF-16 (`pki/csr-escapes.ts`). */
const decoded: ReadonlySet<string> = new Set(['csr', 'csr_code']);

/** The value with one of its texts, or one name of a field, changed: every one in turn. */
function* variants(value: unknown): Generator<unknown> {
  if (typeof value === 'string') yield `${value}\0`;
  else if (Array.isArray(value)) {
    for (const [place, item] of value.entries()) for (const other of variants(item)) yield value.with(place, other);
  } else if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value);
    for (const [name, member] of members) {
      if (decoded.has(name)) continue;
      for (const other of variants(member)) yield { ...value, [name]: other };
    }
  }
}

type Sent = Exchange['request'];

function* mutated(request: Sent, pattern: string): Generator<Sent> {
  const [path = '', query = ''] = request.path.split('?');
  const parts = query.split('&').filter((part) => part !== '');
  for (const place of parts.keys()) {
    yield { ...request, path: `${path}?${parts.map((part, i) => (i === place ? `${part}%00` : part)).join('&')}` };
  }
  const isFree = pattern.split('/').map((segment) => segment.startsWith(':') && !segment.includes('{'));
  const segments = path.split('/');
  for (const place of segments.keys()) {
    if (isFree[place] !== true) continue;
    yield { ...request, path: segments.map((segment, i) => (i === place ? `${segment}%00` : segment)).join('/') };
  }
  const body = parsed(request.body);
  if (body !== undefined) {
    for (const other of variants(body)) yield { ...request, body: JSON.stringify(other) };
    yield { ...request, body: JSON.stringify({ ...body, 'no\0name': 1 }) };
  } else if (/^[\w[\]%.-]+=[^&]*&/.test(request.body)) yield { ...request, body: request.body.replace('&', '%00&') };
}

function parsed(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The refusal as its reader sees it: WoSign's is a number, and its words are in a header. */
async function wordsOf(response: Response): Promise<string> {
  return `${await response.text()} ${decodeURIComponent(response.headers.get('x-certmux-reason') ?? '')}`;
}

for (const dialect of dialects.filter(({ name }) => name !== 'acme')) {
  const { harness }: { readonly harness: DialectHarness } = await import(
    join(import.meta.dirname, dialect.name, 'harness.ts')
  );
  const exchanges = readExchanges(dialect.name).filter(isSuccess);

  const begun = dialect.operations.flatMap(({ id, path }) => {
    const exchange = exchanges.find(
      (one) => operationOf(dialect, one)?.id === id && !mutated(one.request, path).next().done,
    );
    return exchange === undefined ? [] : [{ id, path, exchange }];
  });
  const stateOf = ({ notes: { source: _, ...notes } }: Exchange) => JSON.stringify(notes);

  describe(`U+0000 in a request of ${dialect.name}`, () => {
    assert.ok(begun.length > 0);
    // Refused requests change nothing, so those that start from the same state share it.
    for (const [state, sharing = []] of Object.entries(Object.groupBy(begun, ({ exchange }) => stateOf(exchange)))) {
      const [first] = sharing;
      if (first === undefined) continue;
      test(`where ${state}`, async (t) => {
        const session = await beginExchange(harness, first.exchange);
        for (const { id, path, exchange } of sharing) {
          await t.test(`for ${id} is refused, and changes nothing`, async () => {
            const before = countRequestRows(session.app.databasePath);
            for (const request of mutated(exchange.request, path)) {
              const sent = requestOf({ ...exchange, request }, session.baseUrl, session.variables);
              const words = await wordsOf(await session.fetch(sent));
              assert.match(words, /U\+0000/, `${request.method} ${request.path} ${request.body.slice(0, 300)}`);
            }
            assert.deepEqual(countRequestRows(session.app.databasePath), before);
            assert.deepEqual(
              session.logLines.filter(({ message }) => message === 'request failed'),
              [],
            );
          });
        }
      });
    }
  });
}

describe('U+0000 in a request of acme', () => {
  const malformed = 'urn:ietf:params:acme:error:malformed';

  test('for an order, an account and their lists is malformed', async () => {
    const session = await createSession();
    const { client } = session;
    const account = client.account ?? assert.fail('the client has no account');
    const before = countRequestRows(session.app.databasePath);
    const answers = [
      await client.newOrder(['a\0.example']),
      await client.newOrder(['a.example'], { profile: 'cla\0ssic' }),
      await client.post(`${account}%00`),
      await client.post(`${account}/orders?cursor=%00`),
    ];
    for (const { status, body, text } of answers) {
      assert.ok(status >= 400 && status < 500, text);
      assert.equal(body.type, malformed, text);
    }
    assert.deepEqual(countRequestRows(session.app.databasePath), before);
  });

  test('for a new account, in the name of its external key, is malformed', async () => {
    const session = await createSession({ registers: false });
    const stranger = await session.stranger();
    const { status, body, text } = await stranger.register({
      ...session.external,
      keyId: `${session.external.keyId}\0`,
    });
    assert.equal(status, 400, text);
    assert.equal(body.type, malformed);
    assert.match(text, /U\+0000/);
  });
});
