import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from '../../src/app/counted-ports.ts';
import { refuse } from '../../src/domain/errors.ts';
import type { Ports } from '../../src/domain/ports/index.ts';

test('What a front door is refused is counted by its reason; what works, and what is a fault of ours, is not.', async () => {
  const reasons: string[] = [];
  const outcomes: Readonly<Record<string, () => Promise<unknown>>> = {
    place: async () => {
      throw refuse('insufficientBalance', { needed: '2.00 CNY', balance: '1.00 CNY' });
    },
    list: async () => {
      throw new Error('broken');
    },
    get: async () => 'an order',
  };
  const { orders } = counted({ orders: outcomes } as unknown as Ports, {
    refused: (reason) => void reasons.push(reason),
  }) as unknown as { readonly orders: typeof outcomes };
  await assert.rejects(async () => orders.place?.(), /balance/);
  await assert.rejects(async () => orders.list?.(), /broken/);
  assert.equal(await orders.get?.(), 'an order');
  assert.deepEqual(reasons, ['insufficientBalance']);
});
