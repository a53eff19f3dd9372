/** Telling again, which needs an id that only the session knows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSession } from './harness.ts';

test('webhooks.replay tells a delivery once more; an unknown one is not found', async () => {
  const { client } = createSession();
  await client.webhooks.add({ url: 'https://hooks.example.com/' });
  const { items } = await client.webhooks.deliveries({});
  const made = await client.webhooks.replay({ delivery: items[0]?.id ?? '' });
  assert.deepEqual([made.state, made.attempts, made.url], ['waiting', 0, 'https://hooks.example.com/']);
  await assert.rejects(client.webhooks.replay({ delivery: 'nonsense' }), { code: 'notFound' });
});
