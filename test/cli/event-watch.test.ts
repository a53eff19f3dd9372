/** `event watch`: what changes, one line each; what is lost in between is read again from where it was. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { run } from './harness.ts';

const connection = { url: 'http://certs.example', token: 'cmx_test' } as const;

interface Answer {
  readonly lines: readonly string[];
  /** The connection breaks afterwards instead of being ended. */
  readonly isCut?: true;
  readonly status?: number;
}

const changed = (id: number, topic = 'orders') => [
  `id: ${id}`,
  `data: {"topic":"${topic}","id":"ord_${id}","version":${id}}`,
  '',
];

/** A server that answers in turn, and what each request for the stream said of where to go on. */
function serverOf(answers: readonly Answer[]) {
  const asked: (string | null)[] = [];
  const left = [...answers];
  const fetchOpenEnded = async (request: Request) => {
    asked.push(request.headers.get('last-event-id'));
    const answer = left.shift() ?? assert.fail('it asked once more');
    if (answer.status !== undefined) return new Response('', { status: answer.status });
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const text = answer.lines.map((line) => `${line}\n`).join('');
        if (text !== '') controller.enqueue(new TextEncoder().encode(text));
        if (answer.isCut === true) queueMicrotask(() => controller.error(new TypeError('terminated')));
        else controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  return { asked, world: { connection, fetchOpenEnded, clock } };
}

const pauses: number[] = [];
const clock = {
  now: () => new Date('2026-06-01T12:00:00Z'),
  monotonicMs: () => 0,
  sleep: async (delayMs: number) => void pauses.push(delayMs),
};

test('each change is a line of what is asked for, and of JSON for programs', async () => {
  const lines = [...changed(1), ...changed(2, 'certificates'), ...changed(3)];
  const { world, asked } = serverOf([{ lines }]);
  const people = await run('event watch --topic orders --count 2 --since 0', world);
  assert.equal(people.exitCode, 0, people.stderr);
  assert.equal(people.stdout, '2026-06-01 12:00Z  orders  ord_1\n2026-06-01 12:00Z  orders  ord_3\n');
  assert.deepEqual(asked, ['0']);
  const { stdout } = await run('event watch --count 2 --json', serverOf([{ lines }]).world);
  const objects = stdout.trimEnd().split('\n');
  assert.deepEqual(
    objects.map((line) => JSON.parse(line)),
    [
      { lastEventId: '1', change: { topic: 'orders', id: 'ord_1', version: 1 } },
      { lastEventId: '2', change: { topic: 'certificates', id: 'ord_2', version: 2 } },
    ],
  );
});

test('a stream that ends or breaks goes on after the last change, after a pause that grows while nothing comes', async () => {
  pauses.length = 0;
  const { world, asked } = serverOf([
    { lines: changed(1) },
    { lines: [], isCut: true },
    { lines: [] },
    { lines: ['event: reset', 'id: 9', 'data: {}', '', ...changed(10)] },
  ]);
  const { stdout, stderr, exitCode } = await run('event watch --count 3', world);
  assert.equal(exitCode, 0, stderr);
  assert.deepEqual(asked, [null, '1', '1', '1']);
  assert.deepEqual(pauses, [1000, 2000, 4000]);
  assert.match(stderr, /connection was lost; trying again in 1 s/);
  assert.match(stdout, /ord_1\n.*some changes are not known: look again\n.*ord_10\n/);
});

test('what is refused is not asked for again', async () => {
  const never = await run('event watch', serverOf([{ lines: [], status: 401 }]).world);
  assert.equal(never.exitCode, 4);
  assert.match(never.stderr, /HTTP status 401\nnext: {2}check CERTMUX_TOKEN/);
  const { world, asked } = serverOf([{ lines: changed(1) }, { lines: [], status: 401 }]);
  assert.equal((await run('event watch', world)).exitCode, 4);
  assert.deepEqual(asked, [null, '1']);
});

test('a topic that there is not is named, with those that there are', async () => {
  const { exitCode, stderr } = await run('event watch --topic odd', { connection });
  assert.equal(exitCode, 2);
  assert.match(stderr, /Allowed choices are accounts, .*, orders, /);
});
