/** Front doors in a thread of their own: requests, errors, counters and sockets, from the start to the end. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
before(async () => {
  world = await startWorld({ metricsFrom: ['127.0.0.1'] });
});
after(() => world.close());

const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(world.url + path, { headers });
const asOperator = () => ({ authorization: `Bearer ${world.operatorToken}` });

describe('front doors in a thread', () => {
  it('answer with what the core knows', async () => {
    const response = await get('/api/v1/orders?limit=1', asOperator());
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { items: unknown[] }).items.length, 0);
  });

  it('refuse in their own words what the core refuses', async () => {
    const response = await get('/api/v1/orders/no-such-order', asOperator());
    assert.equal(response.status, 404);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
  });

  it('hand on what the core answers itself, with its headers and body', async () => {
    assert.deepEqual(await (await get('/readyz')).json(), { status: 'ready' });
    assert.match(await (await get('/api/docs')).text(), /<html/);
    assert.equal((await get('/pki/nosuch')).status, 404);
    const tooLarge = await fetch(`${world.url}/confirm/x`, { method: 'POST', body: new Uint8Array(2 << 20) });
    assert.equal(tooLarge.status, 413);
  });

  it('are counted in the metrics of the server', async () => {
    await get('/api/v1/orders?limit=1', asOperator());
    await until(async () => {
      const text = await (await get('/metrics')).text();
      return /certmux_http_requests_total\{dialect="native",status="200"\} [1-9]/.test(text);
    }, 'the request is counted');
  });

  it('answer nothing at a path that is nobody’s', async () => {
    const response = await get('/nobody');
    assert.equal(response.status, 404);
    assert.match(await response.text(), /nothing answers GET \/nobody/);
  });
});
