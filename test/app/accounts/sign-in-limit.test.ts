/** Who is slowed down by failed sign-ins, and who is not. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignInLimit } from '../../../src/app/accounts/sign-in-limit.ts';
import { createAllowance } from '../../../src/domain/allowance.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { createFakeClock } from '../../support/system.ts';

const minuteMs = 60_000;

function createScene() {
  const clock = createFakeClock();
  const limit = createSignInLimit({ clock, signals: { send() {}, receive() {} } });
  const tryOf = (username: string, network: string, isKnown: boolean) => ({ username, network, isKnown });
  return {
    clock,
    /** Tries that fail. */
    fail(times: number, username: string, network = '192.0.2.7', isKnown = false) {
      for (let i = 0; i < times; i++) limit.begin(tryOf(username, network, isKnown));
    },
    succeed: (username: string, network = '192.0.2.7', isKnown = false) =>
      limit.begin(tryOf(username, network, isKnown)).succeeded(),
    /** Undefined when the next try is let in, else the seconds it must wait. */
    waitSeconds(username: string, network = '192.0.2.7', isKnown = false): unknown {
      try {
        limit.check(tryOf(username, network, isKnown));
        return undefined;
      } catch (thrown) {
        assert.ok(thrown instanceof CertError);
        assert.equal(thrown.code, 'rateLimited');
        assert.ok(thrown.reason.key === 'loginRateLimited');
        return thrown.reason.params.retryAfterSeconds;
      }
    },
  };
}

test('After five failures from a network a user gets one more try there every three minutes.', async () => {
  const { clock, fail, waitSeconds } = createScene();
  fail(4, 'li');
  assert.equal(waitSeconds('li'), undefined);
  fail(1, 'li');
  assert.equal(waitSeconds('li'), 180);
  assert.equal(waitSeconds('wang'), undefined, 'others may still come in');
  await clock.advance(3 * minuteMs - 1);
  assert.equal(waitSeconds('li'), 1, 'never 0 while it is refused');
  await clock.advance(1);
  assert.equal(waitSeconds('li'), undefined);
  fail(1, 'li');
  assert.equal(waitSeconds('li'), 180);
});

test('A stranger locks nobody out: the failures of one network are not those of another.', () => {
  const { fail, waitSeconds } = createScene();
  fail(5, 'li', '198.51.100.66');
  assert.equal(waitSeconds('li', '198.51.100.66'), 180);
  assert.equal(waitSeconds('li', '192.0.2.7'), undefined);
});

test('Guessing from many networks is slowed down for the user, but not where the user has signed in before.', async () => {
  const { clock, fail, waitSeconds } = createScene();
  for (let i = 0; i < 20; i++) fail(1, 'li', `198.51.100.${i}`);
  assert.equal(waitSeconds('li', '198.51.100.99'), 180);
  assert.equal(waitSeconds('li', '192.0.2.7', true), undefined);
  await clock.advance(3 * minuteMs);
  assert.equal(waitSeconds('li', '198.51.100.99'), undefined);
  fail(1, 'li', '198.51.100.99');
  assert.equal(waitSeconds('li', '198.51.100.98'), 180, 'one more try for all of them');
  assert.equal(waitSeconds('wang', '198.51.100.98'), undefined);
});

test('Where a user has signed in before, nothing others do blocks them, and their own failures only for a minute.', () => {
  const { fail, waitSeconds } = createScene();
  for (let i = 0; i < 50; i++) fail(1, `user-${i}`);
  assert.equal(waitSeconds('someone'), 18, 'the network is slowed down');
  assert.equal(waitSeconds('li', '192.0.2.7', true), undefined);
  fail(5, 'li', '192.0.2.7', true);
  assert.equal(waitSeconds('li', '192.0.2.7', true), 60);
});

test('Failures that are far apart are not counted together.', async () => {
  const { clock, fail, waitSeconds } = createScene();
  for (let i = 0; i < 10; i++) {
    fail(1, 'li');
    await clock.advance(3 * minuteMs);
  }
  fail(4, 'li');
  assert.equal(waitSeconds('li'), undefined);
});

test('Who signs in is forgiven there, the network is not.', () => {
  const { fail, succeed, waitSeconds } = createScene();
  fail(4, 'li');
  succeed('li');
  fail(4, 'li');
  assert.equal(waitSeconds('li'), undefined);
  // An attacker with an account of their own cannot clear what they did to others from the same network.
  for (let i = 0; i < 41; i++) fail(1, `user-${i}`);
  succeed('attacker');
  assert.equal(waitSeconds('anyone'), undefined);
  fail(1, 'one-more');
  assert.equal(waitSeconds('anyone'), 18);
});

test('A network gets fifty failures over all user names: many honest users may stand behind one.', async () => {
  const { clock, fail, waitSeconds } = createScene();
  for (let i = 0; i < 49; i++) fail(1, `user-${i}`);
  assert.equal(waitSeconds('someone'), undefined);
  fail(1, 'user-49');
  assert.equal(waitSeconds('someone'), 18);
  assert.equal(waitSeconds('someone', '192.0.2.8'), undefined);
  await clock.advance(18_000);
  assert.equal(waitSeconds('someone'), undefined);
});

test('Many tries at once are not all let in.', () => {
  const { fail } = createScene();
  assert.throws(() => fail(6, 'li'), { code: 'rateLimited' });
});

test('Invented keys fill no memory: the ones used the longest ago go first.', async () => {
  const clock = createFakeClock();
  const allowance = createAllowance({ clock, burst: 1, everyMs: 1000, maxKeys: 3 });
  for (const key of ['a', 'b', 'c', 'a', 'd']) allowance.take(key);
  assert.deepEqual(
    ['a', 'b', 'c', 'd'].map((key) => allowance.waitMs(key)),
    [2000, 0, 1000, 1000],
  );
  await clock.advance(1000);
  assert.equal(allowance.waitMs('d'), 0);
});
