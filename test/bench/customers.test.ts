/** The benchmark's customers against the real server: what is measured is an order with a certificate at its end. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { benchNames, fetchRequest } from '../../bench/customers/customer.ts';
import { pairAt } from '../../bench/customers/httpsok.ts';
import { customers, customersOf } from '../../bench/customers/index.ts';
import { type HttpConnection, openConnection } from '../../bench/http-connection.ts';
import { makeRequests } from '../../bench/requests.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
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
      const namesOf = script.namesOf ?? (() => benchNames);
      const csrs = script.brings === 'csr' ? await makeRequests(3, namesOf) : [];
      const customer = await script.enter({ url, operator, dns, web }, { csrs, orders: 3 });
      const connection = await openConnection(url);
      const ends: string[] = [];
      for (const index of [1, 2]) {
        let count = 0;
        const counted: HttpConnection = {
          ...connection,
          send(call) {
            assert.ok(++count < maxCalls, JSON.stringify(call));
            return connection.send(call);
          },
        };
        const { calls, reply } = await customer.place(counted, index);
        assert.ok(calls >= customer.calls && calls <= count, `${calls} calls of ${count}`);
        ends.push(/-----BEGIN CERTIFICATE-----(?:\\r|\\n|\s)+([A-Za-z0-9+/=\\\s]+?)-----END/.exec(reply)?.[1] ?? '');
      }
      assert.ok(ends.every((pem) => pem.length > 300));
      assert.notEqual(ends[0], ends[1]);
      connection.close();
      const refusing: HttpConnection = {
        send: async () => ({ status: 400, head: 'HTTP/1.1 400 Bad Request', body: '{"result":"error","code":7}' }),
        close() {},
      };
      await assert.rejects(customer.place(refusing, 2), /unexpected/);
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
