/** Exchanges as examples for the documentation, one for each operation that has a successful one. */
import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import type { OperationDescription } from '../../src/dialects/kit/operation.ts';
import type { ApiExample } from '../../src/domain/api-document.ts';
import { type Exchange, readExchanges, sampleBody } from './exchange.ts';

/** Longer texts, certificates above all, are shown by their beginning. */
const maxTextLength = 100;
const shownLength = 64;

/** The operation that the exchange is one of; undefined where its path names none. */
export function operationOf(dialect: ApiDialect, { request }: Exchange): OperationDescription | undefined {
  const path = request.path.split('?')[0] ?? '';
  return dialect.operations.find(({ method, path: pattern }) => {
    const expression = pattern.replaceAll(/:\w+(\{[^}]*\})?/g, '[^/]+').replaceAll('*', '.*');
    return method === request.method && new RegExp(`^${expression}$`).test(path);
  });
}

/** By status where there is one to go by; the Chinese vendors say it in the body, or the exchange that it is `refused`. */
export function isSuccess({ response, notes }: Exchange): boolean {
  if (notes.refused !== undefined) return false;
  return response.status < 300 && !/"(result|status)":\s*"error"/.test(response.body);
}

/** Content of `src/dialects/<name>/examples.json`. */
export function examplesOf(dialect: ApiDialect): Record<string, ApiExample> {
  const exchanges = readExchanges(dialect.name);
  const examples: Record<string, ApiExample> = {};
  for (const { id } of dialect.operations) {
    const fitting = exchanges.filter((one) => operationOf(dialect, one)?.id === id && isSuccess(one));
    const [plainest] = fitting.toSorted((one, other) => oddity(one, id) - oddity(other, id));
    if (plainest !== undefined) examples[id] = exampleOf(plainest);
  }
  return examples;
}

/**
 * Ranks how badly it represents its operation: a vendor's own sample may be what only a tolerant reader takes, and other exchanges
 * are named after the case they show, most of them one in which there is no certificate yet.
 */
function oddity(exchange: Exchange, id: string): number {
  const { name } = exchange;
  const isPlain = name === id || /\.(issued|valid)$/.test(name);
  return (isWellFormed(exchange) ? 0 : 4000) + (name.startsWith(id) ? 0 : 2000) + (isPlain ? 0 : 1000) + name.length;
}

function exampleOf(exchange: Exchange): ApiExample {
  const { request, response } = withNamedTexts(exchange);
  return {
    request: { ...request, body: shortened(request.body) },
    response: { ...response, body: shortened(sampleBody({ ...exchange, response })) },
  };
}

/** Placeholders as a reader understands them: `<client_id>`. */
function withNamedTexts({ request, response }: Exchange): Pick<Exchange, 'request' | 'response'> {
  const named = (text: string) => text.replaceAll(/<<(\w+)>>/g, '<$1>');
  return {
    request: {
      ...request,
      path: named(request.path),
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, named(value)])),
      body: named(request.body),
    },
    response: { ...response, body: response.body.replaceAll(/"(\w+)": "<<any string>>"/g, '"$1": "<$1>"') },
  };
}

function isWellFormed({ request }: Exchange): boolean {
  const { body, headers } = request;
  return body === '' || !(headers['content-type'] ?? 'json').includes('json') || parsed(body) !== undefined;
}

/** JSON with its long texts cut; anything else as it is. */
function shortened(body: string): string {
  const value = parsed(body);
  if (value === undefined) return body;
  return JSON.stringify(value, (_, inner) => (typeof inner === 'string' ? beginning(inner) : inner), 2);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function beginning(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, shownLength)}…` : text;
}
