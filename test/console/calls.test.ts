/** How the console calls the API: what it says of itself, and what it does when its session got another secret or is over. */
import assert from 'node:assert/strict';
import { registerHooks } from 'node:module';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { endpointTable } from '../../console/build/endpoints-plugin.ts';

const name = 'virtual:native-endpoints';
const source = `data:text/javascript,${encodeURIComponent(`export const endpoints = ${JSON.stringify(endpointTable())};`)}`;
registerHooks({
  resolve: (target, context, next) =>
    target === name ? { url: source, format: 'module', shortCircuit: true } : next(target, context),
});

// What the modules need of a browser.
const page = new EventTarget();
Object.assign(globalThis, {
  window: { location: new URL('https://certmux.test/console/') },
  document: { documentElement: { dataset: { language: 'en' } } },
});

interface CallModule {
  call(noun: string, verb: string, input: object, options?: { readonly endsSignedOut?: boolean }): Promise<unknown>;
}
// By a name that `tsc` does not follow: the types of a browser are not those of the tests.
const callModule = new URL('../../console/src/api/call.ts', import.meta.url).href;
const { call } = (await import(callModule)) as CallModule;
const { isAttended, watchAttendance } = await import('../../console/src/api/attendance.ts');
const { listenToGate, notePerson, openGate } = await import('../../console/src/api/session-gate.ts');
const { createQueryClient } = await import('../../console/src/api/query-client.ts');

type Answer = (request: Request) => Response | Promise<Response>;
let sent: Request[] = [];
const { fetch } = globalThis;

function answerWith(...answers: readonly Answer[]): void {
  globalThis.fetch = async (input) => {
    const request = input as Request;
    sent.push(request);
    const answer = answers[sent.length - 1] ?? answers.at(-1);
    if (answer === undefined) throw new Error('nothing answers');
    return answer(request);
  };
}

const good: Answer = () => Response.json({ ended: true });
const over: Answer = () => Response.json({ code: 'unauthenticated', detail: 'over' }, { status: 401 });

let isShut = false;
beforeEach(() => {
  sent = [];
  notePerson(true);
  listenToGate((shut) => {
    isShut = shut;
  });
});
afterEach(() => {
  globalThis.fetch = fetch;
  openGate(false);
  notePerson(false);
});

describe('a call whose session got another secret meanwhile', () => {
  it('is sent once more, and nobody is asked to sign in', async () => {
    answerWith(over, good);
    await call('orders', 'show', { order: '1' });
    assert.equal(sent.length, 2);
    assert.equal(isShut, false);
  });

  it('waits for what else is on its way: it brings the new cookie', async () => {
    const log: string[] = [];
    const { promise: isAnswered, resolve: answerFirst } = Promise.withResolvers<void>();
    answerWith(
      async (request) => {
        setTimeout(answerFirst, 600);
        await isAnswered;
        log.push('renewed');
        return good(request);
      },
      over,
      (request) => {
        log.push('again');
        return good(request);
      },
    );
    await Promise.all([call('me', 'show', {}), call('orders', 'show', { order: '1' })]);
    assert.deepEqual(log, ['renewed', 'again']);
  });

  it('asks to sign in when it is refused again, and goes on afterwards', async () => {
    answerWith(over, over, good);
    const asked = call('orders', 'show', { order: '1' });
    listenToGate((shut) => {
      // Somebody takes a moment to type a password.
      if (shut) setImmediate(() => openGate(true));
    });
    await asked;
    assert.equal(sent.length, 3);
  });

  it('is told so where it ends the session itself', async () => {
    answerWith(over);
    await assert.rejects(call('session', 'end', {}, { endsSignedOut: true }), { status: 401 });
    assert.equal(sent.length, 2);
    assert.equal(isShut, false);
  });

  it('is not repeated where a password was wrong: it would count twice', async () => {
    answerWith(over);
    const signIn = call('session', 'create', { username: 'jill', password: 'wrong' }, { endsSignedOut: true });
    await assert.rejects(signIn, { status: 401 });
    assert.equal(sent.length, 1);
  });
});

describe('somebody at the screen', () => {
  const minuteMs = 60_000;

  it('is there for a minute after what they did last', () => {
    assert.equal(isAttended(performance.now()), true);
    assert.equal(isAttended(performance.now() + minuteMs), false);
  });

  it('is nobody where a script pretends', () => {
    const unwatch = watchAttendance(page);
    const now = performance.now();
    page.dispatchEvent(new Event('keydown'));
    assert.equal(isAttended(now + minuteMs), false);
    unwatch();
  });

  it('is said of what is read by itself only', async () => {
    answerWith(good);
    const now = performance.now;
    performance.now = () => now.call(performance) + 2 * minuteMs;
    try {
      await call('orders', 'show', { order: '1' });
      await call('session', 'end', {});
    } finally {
      performance.now = now;
    }
    await call('orders', 'show', { order: '1' });
    assert.deepEqual(
      sent.map(({ headers }) => headers.get('x-certmux-unattended')),
      ['1', null, null],
    );
  });
});

it('what changes something is sent at once or fails, never later, and its answer is not kept', () => {
  const { mutations } = createQueryClient().getDefaultOptions();
  assert.deepEqual(mutations, { retry: false, networkMode: 'always', gcTime: 0 });
});
