import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignInLimit } from '../../src/app/sign-in-limit.ts';
import { CertError } from '../../src/domain/errors.ts';
import { createFakeClock } from '../support/system.ts';

const minuteMs = 60_000;

function createScene() {
  const clock = createFakeClock();
  const limit = createSignInLimit(clock);
  return {
    clock,
    /** Tries that fail. */
    fail(times: number, username: string, address = '192.0.2.7') {
      for (let i = 0; i < times; i++) limit.failed(username, address);
    },
    succeed: (username: string, address = '192.0.2.7') => limit.succeeded(username, address),
    /** Undefined when the next try is let in, else the seconds it must wait. */
    waitSeconds(username: string, address = '192.0.2.7'): unknown {
      try {
        limit.check(username, address);
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

test('The sixth try after five failures has to wait a quarter of an hour, whoever tries.', async () => {
  const { clock, fail, waitSeconds } = createScene();
  fail(4, 'li');
  assert.equal(waitSeconds('li'), undefined);
  fail(1, 'li');
  assert.equal(waitSeconds('li'), 900);
  assert.equal(waitSeconds('li', '198.51.100.1'), 900, 'from another address too');
  assert.equal(waitSeconds('wang'), undefined, 'others may still come in');
  await clock.advance(10 * minuteMs);
  assert.equal(waitSeconds('li'), 300);
  await clock.advance(5 * minuteMs - 1);
  assert.equal(waitSeconds('li'), 1, 'never 0 while it is refused');
  await clock.advance(1);
  assert.equal(waitSeconds('li'), undefined);
});

test('After the wait all five are free again.', async () => {
  const { clock, fail, waitSeconds } = createScene();
  fail(5, 'li');
  await clock.advance(15 * minuteMs);
  fail(4, 'li');
  assert.equal(waitSeconds('li'), undefined);
  fail(1, 'li');
  assert.equal(waitSeconds('li'), 900);
});

test('Failures that are far apart are not counted together.', async () => {
  const { clock, fail, waitSeconds } = createScene();
  for (let i = 0; i < 10; i++) {
    fail(1, 'li');
    await clock.advance(15 * minuteMs);
  }
  fail(1, 'li');
  assert.equal(waitSeconds('li'), undefined);
});

test('Who signs in is forgiven, the address is not.', () => {
  const { fail, succeed, waitSeconds } = createScene();
  fail(4, 'li');
  succeed('li');
  fail(4, 'li');
  assert.equal(waitSeconds('li'), undefined);
  // An attacker with an account of their own cannot clear what they did to others from the same address.
  for (let i = 0; i < 42; i++) fail(1, `user-${i}`);
  succeed('attacker');
  assert.equal(waitSeconds('anyone'), 900);
});

test('An address gets fifty failures over all user names: many honest users may stand behind one.', () => {
  const { fail, waitSeconds } = createScene();
  for (let i = 0; i < 49; i++) fail(1, `user-${i}`);
  assert.equal(waitSeconds('someone'), undefined);
  fail(1, 'user-49');
  assert.equal(waitSeconds('someone'), 900);
  assert.equal(waitSeconds('someone', '192.0.2.8'), undefined);
});

test('An IPv6 address counts as its /64, since its owner has all of them.', () => {
  const { fail, waitSeconds } = createScene();
  for (let i = 0; i < 50; i++) fail(1, `user-${i}`, `2001:db8:1:2::${i.toString(16)}`);
  assert.equal(waitSeconds('someone', '2001:db8:1:2:ffff::1'), 900);
  assert.equal(waitSeconds('someone', '2001:db8:1:3::1'), undefined);
});

test('A socket without an address is limited like any other.', () => {
  const { fail, waitSeconds } = createScene();
  for (let i = 0; i < 50; i++) fail(1, `user-${i}`, '');
  assert.equal(waitSeconds('someone', ''), 900);
});

test('Invented user names push out the oldest entries, not the newest, and never fill the memory.', () => {
  const { fail, waitSeconds } = createScene();
  fail(5, 'old', '192.0.2.1');
  for (let i = 0; i < 9000; i++) fail(1, `invented-${i}`, `10.0.${i >> 8}.${i & 255}`);
  fail(5, 'new', '192.0.2.2');
  assert.equal(waitSeconds('old', '192.0.2.9'), undefined);
  assert.equal(waitSeconds('new', '192.0.2.9'), 900);
});
