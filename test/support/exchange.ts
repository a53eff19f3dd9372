/**
 * Golden exchanges: one HTTP request and its response in a text file a person can read.
 *
 *     # source: seed line 46
 *     # given: an account
 *     POST /client/create
 *     Content-Type: application/json
 *
 *     {"username": "…"}
 *     ---
 *     200
 *     Content-Type: application/json
 *
 *     {"result": "success", "client_id": "<<any string>>"}
 *
 * In a request `<<name>>` is replaced by a variable of the test; in a response `<<any string>>`, `<<any integer>>`,
 * `<<any strings>>`, `<<any number>>`, `<<any time>>` and `<<any instant>>` stand for what must vary, and inside a text `<<any base32>>` or `<<any integer>>`. Everything
 * else is compared exactly, order of keys included.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Exchange {
  /** The file's name without `.http`. */
  readonly name: string;
  /** `source`, `given`, `then`, …: the comments of the form `# key: text`. */
  readonly notes: Readonly<Record<string, string>>;
  readonly request: Message & { readonly method: string; readonly path: string };
  readonly response: Message & { readonly status: number };
}

interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Every exchange of a dialect, in order of name. */
export function readExchanges(dialect: string): readonly Exchange[] {
  const directory = join(import.meta.dirname, '../dialects', dialect, 'exchanges');
  return readdirSync(directory)
    .filter((file) => file.endsWith('.http'))
    .sort()
    .map((file) => parseExchange(file.slice(0, -'.http'.length), readFileSync(join(directory, file), 'utf8')));
}

export function parseExchange(name: string, text: string): Exchange {
  const [before = '', after] = text.split(/^---$/m);
  assert.ok(after !== undefined, `${name}: there is no line ---`);
  const lines = before.split('\n');
  const comments = lines.filter((line) => line.startsWith('#'));
  const notes = Object.fromEntries(
    comments.flatMap((line) => [/^#\s*(\w+):\s*(.*)$/.exec(line)]).flatMap((m) => (m ? [[m[1], m[2]]] : [])),
  );
  const sent = parseMessage(lines.filter((line) => !line.startsWith('#')).join('\n'));
  const [method = '', path = ''] = sent.first.split(' ');
  const received = parseMessage(after);
  return {
    name,
    notes,
    request: { method, path, headers: sent.headers, body: sent.body },
    response: { status: Number(received.first), headers: received.headers, body: received.body },
  };
}

function parseMessage(text: string): Message & { readonly first: string } {
  const [head = '', ...rest] = text.trim().split(/\n\n/);
  const [first = '', ...headerLines] = head.split('\n');
  const headers = Object.fromEntries(
    headerLines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { first, headers, body: rest.join('\n\n') };
}

/** The request as it goes out, with the test's variables filled in. */
export function requestOf(
  exchange: Exchange,
  baseUrl: string,
  variables: Readonly<Record<string, string>> = {},
): Request {
  const { method, path, headers, body } = exchange.request;
  const filled = (text: string) =>
    text.replaceAll(/<<([^>]+)>>/g, (whole, variable: string) => variables[variable] ?? whole);
  return new Request(baseUrl + filled(path), {
    method,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, filled(value)])),
    ...(body === '' ? {} : { body: filled(body) }),
  });
}

/** The response's body as a server would send it, placeholders replaced by samples. */
export function sampleBody({ response }: Exchange): string {
  return response.body
    .replaceAll(/"<<any (\w+)>>"/g, (_, kind: string) => placeholders[kind]?.sample ?? '""')
    .replaceAll(inText, (_, kind: string) => partsOfTexts[kind]?.sample ?? '');
}

export function sampleResponse(exchange: Exchange): Response {
  const { status, headers } = exchange.response;
  return new Response(sampleBody(exchange), { status, headers });
}

/** Fails unless the response is what the exchange shows. */
export async function assertResponse(exchange: Exchange, response: Response): Promise<void> {
  const text = await response.text();
  assert.equal(response.status, exchange.response.status, `${exchange.name}: status; body ${text.slice(0, 300)}`);
  for (const [name, value] of Object.entries(exchange.response.headers)) {
    assert.equal(response.headers.get(name), value, `${exchange.name}: header ${name}`);
  }
  if (!/json/.test(response.headers.get('content-type') ?? '')) assert.equal(text, exchange.response.body);
  else assertSame(JSON.parse(text), JSON.parse(exchange.response.body), exchange.name);
}

/** Compares JSON values, placeholders and order of keys included. */
export function assertSame(actual: unknown, expected: unknown, at: string): void {
  if (typeof expected === 'string' && /^<<any \w+>>$/.test(expected)) {
    const placeholder = placeholders[expected.slice('<<any '.length, -2)];
    assert.ok(placeholder?.matches(actual), `${at}: ${JSON.stringify(actual)} is not ${expected}`);
  } else if (typeof expected === 'string' && expected.search(inText) !== -1) {
    const isSame = typeof actual === 'string' && patternOf(expected).test(actual);
    assert.ok(isSame, `${at}: ${JSON.stringify(actual)} is not ${expected}`);
  } else if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${at} is not an array`);
    assert.equal(actual.length, expected.length, `${at}: length`);
    for (const [index, item] of expected.entries()) assertSame(actual[index], item, `${at}[${index}]`);
  } else if (typeof expected === 'object' && expected !== null) {
    assert.ok(typeof actual === 'object' && actual !== null && !Array.isArray(actual), `${at} is not an object`);
    assert.deepEqual(Object.keys(actual), Object.keys(expected), `${at}: keys and their order`);
    for (const [key, value] of Object.entries(expected)) {
      assertSame((actual as Record<string, unknown>)[key], value, `${at}.${key}`);
    }
  } else {
    assert.deepEqual(actual, expected, at);
  }
}

/** What may vary inside a text, by its kind. */
const partsOfTexts: Readonly<Record<string, { readonly pattern: string; readonly sample: string }>> = {
  base32: { pattern: '[0-9a-hjkmnp-tv-z]+', sample: '0123456789abcdefghjk' },
  integer: { pattern: '[1-9][0-9]*', sample: '7' },
};
const inText = /<<any (base32|integer)>>/g;

function patternOf(expected: string): RegExp {
  // Every second piece is the kind of a placeholder.
  const pieces = expected
    .split(inText)
    .map((piece, i) => (i % 2 === 0 ? RegExp.escape(piece) : partsOfTexts[piece]?.pattern));
  return new RegExp(`^${pieces.join('')}$`);
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const wireTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

const placeholders: Readonly<
  Record<string, { readonly matches: (value: unknown) => boolean; readonly sample: string }>
> = {
  string: { matches: (value) => typeof value === 'string' && value !== '', sample: '"text"' },
  /** A long list of words. */
  strings: {
    matches: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'),
    sample: '["orders.list", "orders.show"]',
  },
  integer: { matches: (value) => Number.isSafeInteger(value), sample: '7' },
  number: { matches: (value) => typeof value === 'number', sample: '7.5' },
  /** In the form of RFC 3339, as the native API writes it. */
  instant: {
    matches: (value) => typeof value === 'string' && instant.test(value),
    sample: '"2026-11-21T12:00:00.000Z"',
  },
  time: { matches: (value) => typeof value === 'string' && wireTime.test(value), sample: '"2026-11-21 12:00:00"' },
};
