import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { refuse } from '../../src/domain/errors.ts';
import { createLog, type LogLevel } from '../../src/system/log.ts';

function recording(level: LogLevel = 'debug') {
  const lines: string[] = [];
  return { lines, log: createLog({ level, destination: { write: (line) => lines.push(line) } }) };
}

/** The fields of the one line that was written, without those that every line has. */
function fieldsOf(lines: readonly string[]): Record<string, unknown> {
  assert.equal(lines.length, 1);
  const { level: _level, time: _time, msg: _message, ...fields } = JSON.parse(lines[0] ?? '');
  return fields;
}

test('a line is one JSON object with level, time and message', () => {
  const { log, lines } = recording();
  log.info({ order: 'ord_1' }, 'order placed');
  const line = JSON.parse(lines[0] ?? '');
  assert.match(line.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.deepEqual({ ...line, time: '' }, { level: 'info', time: '', order: 'ord_1', msg: 'order placed' });
  assert.ok(lines[0]?.endsWith('}\n'));
});

test('lines below the level are not written', () => {
  const { log, lines } = recording('warn');
  log.debug({}, 'a');
  log.info({}, 'b');
  log.warn({}, 'c');
  log.error({}, 'd');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).msg),
    ['c', 'd'],
  );
});

test('a child repeats its fields on every line', () => {
  const { log, lines } = recording();
  log.child({ request: 'req_1', password: 'hunter2' }).info({ status: 200 }, 'answered');
  assert.deepEqual(fieldsOf(lines), { request: 'req_1', password: '[secret]', status: 200 });
});

test('a message cannot forge a second line', () => {
  const { log, lines } = recording();
  log.info({ name: 'a\n{"level":"error"}' }, 'b\nc');
  assert.equal(lines.join('').split('\n').length, 2);
});

describe('secrets', () => {
  const names = [
    'access_token',
    'accessToken',
    'password',
    'auth_token',
    'authorization',
    'Authorization',
    'api_token',
    'OpenApiKey',
    'X-DC-DEVKEY',
    'privateKey',
    'private_key_pem',
    'Set-Cookie',
  ];
  for (const name of names) {
    test(`${name} is taken out at any depth`, () => {
      const { log, lines } = recording();
      log.info(
        { [name]: 'tell-no-one', list: [{ deep: { [name]: 'tell-no-one' } }], map: new Map([[name, 'tell-no-one']]) },
        'x',
      );
      assert.ok(!lines.join('').includes('tell-no-one'));
    });
  }

  test('headers and URLs lose theirs', () => {
    const { log, lines } = recording();
    const headers = new Headers({ authorization: 'tell-no-one', accept: '*/*' });
    log.info({ headers, url: new URL('https://user:tell-no-one@example.com/x') }, 'x');
    assert.deepEqual(fieldsOf(lines), {
      headers: { accept: '*/*', authorization: '[secret]' },
      url: 'https://user:[secret]@example.com/x'.replaceAll(/[[\]]/g, encodeURIComponent),
    });
  });

  test('a class decides its own JSON', () => {
    const { log, lines } = recording();
    log.info({ key: { bytes: 'tell-no-one', toJSON: () => '[sealed]' } }, 'x');
    assert.deepEqual(fieldsOf(lines), { key: '[sealed]' });
  });
});

describe('errors', () => {
  test('are written with their chain of causes', () => {
    const { log, lines } = recording();
    const error = refuse(
      'notFound',
      { what: 'order', value: '7' },
      { cause: new Error('middle', { cause: new TypeError('root') }) },
    );
    log.error({ err: error }, 'failed');
    const { err } = fieldsOf(lines) as { err: Record<string, unknown> };
    const { cause } = err as { cause: Record<string, unknown> };
    assert.deepEqual([err.type, err.message, err.code], ['CertError', 'no order 7 in this account', 'notFound']);
    assert.deepEqual(err.reason, { key: 'notFound', params: { what: 'order', value: '7' } });
    assert.match(String(err.stack), /log\.test\.ts/);
    assert.deepEqual([cause.message, (cause.cause as Record<string, unknown>).type], ['middle', 'TypeError']);
  });

  test('may be given as the fields themselves', () => {
    const { log, lines } = recording();
    log.error(new AggregateError([new Error('one')], 'both'), 'failed');
    const { err } = fieldsOf(lines) as { err: { message: string; errors: { message: string }[] } };
    assert.deepEqual([err.message, err.errors[0]?.message], ['both', 'one']);
  });
});

test('odd values are written rather than thrown about', () => {
  const { log, lines } = recording();
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  const odd = {
    big: 10n,
    bytes: new Uint8Array(3),
    date: new Date(0),
    badDate: new Date(Number.NaN),
    run: () => 1,
    set: new Set([1]),
    circular,
  };
  log.info({ ...odd, long: Array.from({ length: 101 }, () => 0) }, 'x');
  const { long, ...fields } = fieldsOf(lines);
  assert.deepEqual(fields, {
    big: '10',
    bytes: '[3 bytes]',
    date: '1970-01-01T00:00:00.000Z',
    badDate: null,
    run: '[function]',
    set: [1],
    circular: { self: '[circular]' },
  });
  assert.deepEqual((long as unknown[]).slice(99), [0, '… 1 more']);
});

test('a full disk fails nobody who logs', () => {
  // Linux answers every write to it with ENOSPC.
  const log = createLog({ level: 'info', destination: { file: '/dev/full' } });
  log.info({}, 'a');
  log.error({}, 'b');
});
