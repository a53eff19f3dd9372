import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFakeClock } from '../support/system.ts';
import { run } from './harness.ts';

const connection = { url: 'http://127.0.0.1:8080/' };
const answer = (status: string, code: number) => Response.json({ status }, { status: code });

describe('certmux ready', () => {
  test('asks /readyz without a token, and ends with 0 where the answer is yes', async () => {
    const requests: string[] = [];
    const fetch = async ({ url, headers }: Request) => {
      requests.push(`${url} ${headers.get('authorization')}`);
      return answer('ready', 200);
    };
    const { exitCode, stdout } = await run('ready', { connection: { ...connection, token: 'secret' }, fetch });
    assert.deepEqual({ exitCode, stdout }, { exitCode: 0, stdout: 'http://127.0.0.1:8080/ is ready\n' });
    assert.deepEqual(requests, ['http://127.0.0.1:8080/readyz null']);
  });

  test('shows what hinders a server that is ready, in the language of the terminal', async () => {
    let asked = '';
    const fetch = async ({ headers }: Request) => {
      asked = headers.get('accept-language') ?? '';
      return Response.json({
        status: 'ready',
        resolvers: 'DNS 解析服务器均无应答',
        ca: 'CA 尚无证书',
        alarms: ['磁盘空间即将耗尽'],
      });
    };
    const terminal = { connection, fetch, language: 'zh' as const };
    const { exitCode, stdout } = await run('ready', terminal);
    assert.deepEqual([exitCode, asked], [0, 'zh']);
    assert.equal(
      stdout,
      'http://127.0.0.1:8080/ is ready\n  DNS 解析服务器均无应答\n  CA 尚无证书\n  磁盘空间即将耗尽\n',
    );
    assert.deepEqual(JSON.parse((await run('ready --json', terminal)).stdout), {
      ready: true,
      status: 'ready',
      url: connection.url,
      resolvers: 'DNS 解析服务器均无应答',
      ca: 'CA 尚无证书',
      alarms: ['磁盘空间即将耗尽'],
    });
  });

  test('ends with 5 and what the server says of itself where it is no', async () => {
    const { exitCode, stdout } = await run('ready --json', { connection, fetch: async () => answer('starting', 503) });
    assert.equal(exitCode, 5);
    assert.deepEqual(JSON.parse(stdout), { ready: false, status: 'starting', url: connection.url });
  });

  test('ends with 5 and the cause where nobody answers', async () => {
    const cause = new Error('connect ECONNREFUSED 127.0.0.1:8080');
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }));
    const { exitCode, stdout } = await run('ready', { connection, fetch });
    assert.deepEqual(
      { exitCode, stdout },
      { exitCode: 5, stdout: `http://127.0.0.1:8080/ is not ready: ${cause.message}\n` },
    );
  });

  test('says so where an answer is of something else', async () => {
    const { exitCode, stdout } = await run('ready', {
      connection,
      fetch: async () => new Response('<html>', { status: 200 }),
    });
    assert.equal(exitCode, 5);
    assert.match(stdout, /is not ready: .*not valid JSON/);
  });

  test('with --wait goes on asking until it is yes', async () => {
    const clock = createFakeClock('2026-06-01T12:00:00Z');
    let count = 0;
    const fetch = async () => {
      count += 1;
      return count < 4 ? answer('starting', 503) : answer('ready', 200);
    };
    const running = run('ready --wait 60', { connection, fetch, clock });
    while (count < 4) await clock.advance(200);
    assert.equal((await running).exitCode, 0);
    assert.equal(clock.monotonicMs(), 600);
  });

  test('with --wait gives up at the end of that time', async () => {
    const clock = createFakeClock('2026-06-01T12:00:00Z');
    const running = run('ready --wait 2', { connection, fetch: async () => answer('starting', 503), clock });
    let isOver = false;
    void running.then(() => {
      isOver = true;
    });
    while (!isOver) await clock.advance(200);
    assert.equal((await running).exitCode, 5);
    assert.equal(clock.monotonicMs(), 2000);
  });

  test('where no server is named says where it was looked for', async () => {
    const { exitCode, stderr } = await run('ready');
    assert.equal(exitCode, 2);
    assert.match(stderr, /no server is named\n.*data\/operator\.json/);
  });
});
