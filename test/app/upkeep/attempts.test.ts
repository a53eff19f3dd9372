/** Attempts that count until their end shows otherwise. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAttempts } from '../../../src/app/upkeep/attempts.ts';
import { createFakeClock } from '../../support/system.ts';

const limit = { name: 'test', rate: { burst: 2, everyMs: 60_000 } };

describe('attempts', () => {
  it('are as many as their limit allows, of many at once as well', async () => {
    const attempts = createAttempts({ clock: createFakeClock() });
    const begun = await Promise.all([1, 2, 3].map((n) => attempts.begin(limit, { id: `${n}`, key: 'a' })));
    assert.deepEqual(begun, ['counted', 'counted', { waitMs: 60_000 }]);
    assert.equal(await attempts.begin(limit, { id: '4', key: 'b' }), 'counted');
    assert.equal(await attempts.begin({ ...limit, name: 'other' }, { id: '3', key: 'a' }), 'counted');
  });

  it('are counted once while they are open', async () => {
    const attempts = createAttempts({ clock: createFakeClock() });
    assert.equal(await attempts.begin(limit, { id: '1', key: 'a' }), 'counted');
    for (let n = 0; n < 3; n++) assert.equal(await attempts.begin(limit, { id: '1', key: 'a' }), 'open');
    assert.equal(await attempts.waitMs(limit, 'a'), 0);
    await attempts.end(limit, '1', true);
    assert.equal(await attempts.begin(limit, { id: '1', key: 'a' }), 'counted');
    assert.equal(await attempts.waitMs(limit, 'a'), 60_000);
  });

  it('are given back where they did not count, and once', async () => {
    const attempts = createAttempts({ clock: createFakeClock() });
    for (const id of ['1', '2']) await attempts.begin(limit, { id, key: 'a' });
    await attempts.end(limit, 'unknown', false);
    assert.equal(await attempts.waitMs(limit, 'a'), 60_000);
    for (let n = 0; n < 3; n++) await attempts.end(limit, '1', false);
    assert.equal(await attempts.begin(limit, { id: '3', key: 'a' }), 'counted');
    assert.deepEqual(await attempts.begin(limit, { id: '4', key: 'a' }), { waitMs: 60_000 });
    assert.deepEqual(await attempts.listOpen(limit, 'a'), ['2', '3']);
  });

  it('of which nobody looked at the end are forgotten once others have taken their place, and counted', async () => {
    const clock = createFakeClock();
    const attempts = createAttempts({ clock });
    for (const id of ['1', '2', '3', '4']) {
      assert.equal(await attempts.begin(limit, { id, key: 'a' }), 'counted');
      await clock.advance(60_000);
    }
    assert.deepEqual(await attempts.listOpen(limit, 'a'), ['3', '4']);
    assert.deepEqual(await attempts.listOpen(limit, 'b'), []);
  });
});
