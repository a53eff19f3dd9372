/** Every operation with the number of a thing in its path: a number that nothing has, and what cannot be one, is not found. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { digicert } from '../../../src/dialects/digicert/index.ts';
import { beginExchange } from '../../support/dialect-harness.ts';
import type { CoreSession } from '../../support/dialect-session.ts';
import { isSuccess, operationOf } from '../../support/examples.ts';
import { type Exchange, readExchanges, requestOf } from '../../support/exchange.ts';
import { harness } from './harness.ts';

/** Parameters that are numbers of things, and the vendor's word for the thing. */
const numbers: Readonly<Record<string, RegExp>> = {
  id: /^not_found\|(domain|organization|container|user|key|webhook|metadata)$/,
  order_id: /^not_found\|order$/,
  certificate_id: /^not_found\|certificate$/,
  request_id: /^not_found\|request$/,
  container_id: /^not_found\|container$/,
  user: /^not_found\|user$/,
  template: /^not_found\|containerTemplate$/,
};

const wrong = ['987654', '0', '-1', '1.5', 'abc', '1e3', '2147483648', '99999999999999999999', '%00', "1'--"];

const exchanges = readExchanges('digicert').filter(isSuccess);

describe('a wrong id in the path', () => {
  for (const { id, method, path } of digicert.operations) {
    const parameters = path.split('/').flatMap((part, index) => {
      const name = /^:(\w+)/.exec(part)?.[1];
      return name !== undefined && name in numbers ? [{ name, index }] : [];
    });
    const exchange = exchanges.find((one) => operationOf(digicert, one)?.id === id);
    if (parameters.length === 0 || exchange === undefined) continue;
    test(`is not found by ${method} ${path}`, async () => {
      const session = await beginExchange(harness, exchange);
      for (const { name, index } of parameters) {
        for (const value of wrong) {
          const { status, code } = await sent(session, exchange, { index, value });
          // A zero character is refused before anything is looked for.
          const isZero = value === '%00';
          assert.equal(status, isZero ? 400 : 404, `${value}: ${code}`);
          assert.match(code, isZero ? /^invalid_value:/ : (numbers[name] ?? /^$/), value);
        }
      }
    });
  }
});

async function sent(
  session: CoreSession,
  exchange: Exchange,
  { index, value }: { readonly index: number; readonly value: string },
) {
  const [path = '', query] = exchange.request.path.split('?');
  const parts = path.split('/').map((part, place) => (place === index ? value : part));
  const changed = parts.join('/') + (query === undefined ? '' : `?${query}`);
  const request = requestOf(
    { ...exchange, request: { ...exchange.request, path: changed } },
    session.baseUrl,
    session.variables,
  );
  const reply = await session.fetch(request);
  const text = await reply.text();
  const { errors = [] } = (text === '' ? {} : JSON.parse(text)) as { errors?: readonly { code: string }[] };
  return { status: reply.status, code: errors[0]?.code ?? text };
}
