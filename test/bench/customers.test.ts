/** The benchmark's customers against the real server: what is measured is an order with a certificate at its end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { benchNames, fetchRequest, type HttpCall } from '../../bench/customers/customer.ts';
import { pairAt } from '../../bench/customers/httpsok.ts';
import { customers, customersOf } from '../../bench/customers/index.ts';
import { openConnection } from '../../bench/http-connection.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { startWorld, type World } from '../support/world.ts';

/** An order that is still being issued is asked for again; one that never is must not hang the test. */
const maxCalls = 200;

describe('the customer of', () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  for (const script of customers) {
    test(`${script.api} places two orders and ends each with its own certificate`, async () => {
      const { url, dns, web, operatorToken: token } = world;
      const operator = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
      const made = await Promise.all([1, 2, 3].map(() => createSubscriber(benchNames[0])));
      const csrs = script.brings === 'csr' ? made.map(({ csrPem }) => csrPem) : [];
      const customer = await script.enter({ url, operator, dns, web }, { csrs, orders: 3 });
      const connection = await openConnection(url);
      const ends: string[] = [];
      for (const index of [1, 2]) {
        let next: HttpCall | 'issued' = customer.order(index);
        let [calls, reply] = [0, ''];
        while (next !== 'issued') {
          reply = await connection.send(next);
          next = customer.next(reply);
          assert.ok(++calls < maxCalls, reply);
        }
        assert.ok(calls >= customer.calls, `${calls} calls`);
        ends.push(/-----BEGIN CERTIFICATE-----(?:\\r|\\n|\s)+([A-Za-z0-9+/=\\\s]+?)-----END/.exec(reply)?.[1] ?? '');
      }
      assert.ok(ends.every((pem) => pem.length > 300));
      assert.notEqual(ends[0], ends[1]);
      assert.throws(() => customer.next('{"result":"error","code":7}'), /unexpected/);
      connection.close();
    });
  }
});

test('an API that the benchmark does not know is refused with those that it knows', () => {
  assert.throws(() => customersOf('nothing'), /no API "nothing"; it knows encryption365, wosign, .*all/);
  assert.deepEqual(customersOf('all'), customers);
  assert.deepEqual(
    customersOf('wosign').map(({ api }) => api),
    ['wosign'],
  );
});

test('pairs of names do not repeat', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const pairs = Array.from({ length: 10 }, (_, index) => pairAt(names, index).join(''));
  assert.deepEqual(pairs, ['ab', 'ac', 'bc', 'ad', 'bd', 'cd', 'ae', 'be', 'ce', 'de']);
  assert.throws(() => pairAt(names, 10), /no pair of names for order 10/);
});
