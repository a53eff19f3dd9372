/** A PostgreSQL server that is stopped and started under a running certmux, which says so, refuses what it cannot store, and is back by itself. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { startPostgres } from '../../scripts/postgres-server.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { until } from '../support/system.ts';
import { startWorld } from '../support/world.ts';

it('/readyz is false while the database is away, and true again when it is back', async () => {
  const postgres = await startPostgres();
  const world = await startWorld({}, {}, 1, postgres.url);
  try {
    const ready = async () => {
      const response = await fetch(`${world.url}/readyz`);
      return { status: response.status, body: await response.json() };
    };
    const client = createNativeClient({
      baseUrl: world.url,
      token: world.operatorToken,
      fetch: (request) => fetch(request),
    });
    const accountNamed = (name: string) => client.accounts.create({ name, currency: 'USD' });
    assert.deepEqual(await ready(), { status: 200, body: { status: 'ready' } });
    const before = await accountNamed('before');
    for (let round = 0; round < 2; round++) {
      await postgres.halt();
      await until(async () => (await ready()).status === 503, 'it says that the database is away');
      assert.match(JSON.stringify((await ready()).body), /database/);
      assert.equal((await fetch(`${world.url}/healthz`)).status, 200, 'the process is well');
      await assert.rejects(accountNamed('away'), { code: 'unavailable' });
      await postgres.resume();
      await until(async () => (await ready()).status === 200, 'it is ready again');
      const after = await accountNamed(`after ${round}`);
      assert.ok(after.number > before.number);
    }
    const names = (await client.accounts.list({})).items.map(({ name }) => name);
    assert.deepEqual(names.toSorted(), ['after 0', 'after 1', 'before']);
  } finally {
    await world.close();
    await postgres.stop();
  }
});
