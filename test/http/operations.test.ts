/** What those who run the server ask it: is it alive, is it ready, how busy is it. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Authority, fromTheStart } from '../../src/domain/authority.ts';
import { reason, refuse } from '../../src/domain/errors.ts';
import type { AuthorityId } from '../../src/domain/ids.ts';
import type { Alarms } from '../../src/domain/ports/alarms.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { UpstreamSummary } from '../../src/domain/ports/upstreams.ts';
import { defaultProfiles } from '../../src/domain/profile.ts';
import { createHealth, type Phase } from '../../src/http/health.ts';
import { createMetrics } from '../../src/http/metrics/index.ts';
import { openTempDatabase } from '../support/database.ts';
import { answeringResolvers, createFakeClock, createFakeLog, rightClock } from '../support/system.ts';

const peer = { address: '127.0.0.1', requestId: 'r' };

const metricsOf = (database: Database, change: object = {}) => ({
  database,
  clockGuard: rightClock,
  profiles: new Map(defaultProfiles.map((profile) => [profile.id, profile])),
  clock: createFakeClock(),
  alarms: noAlarms,
  freeBytes: async () => 12_345,
  version: '1.2.3',
  role: 'all',
  upstreams: async () => [],
  ...change,
});

const noAlarms: Alarms = { raised: () => [], looks: () => 0 };

describe('health', () => {
  test('/healthz, /readyz: starting, ready, stopping, then without a database', async () => {
    const db = await openTempDatabase();
    let phase: Phase = 'starting';
    const clock = createFakeClock();
    const health = createHealth({
      database: db.database,
      clock,
      log: createFakeLog(),
      clockGuard: rightClock,
      resolverWatch: answeringResolvers,
      alarms: noAlarms,
      awaitedCa: async () => undefined,
      phase: () => phase,
    });
    const ask = async (path: string) => {
      const response = await health.fetch(new Request(`http://any.example${path}`), peer);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('content-type'), 'application/json');
      return [response.status, await response.json()];
    };
    assert.deepEqual(await ask('/healthz'), [200, { status: 'ok' }]);
    assert.deepEqual(await ask('/readyz'), [503, { status: 'starting' }]); // the first start is still making its CA
    phase = 'ready';
    assert.deepEqual(await ask('/readyz'), [200, { status: 'ready' }]);
    phase = 'stopping';
    assert.deepEqual(await ask('/readyz'), [503, { status: 'stopping' }]); // proxies send no more
    assert.deepEqual(await ask('/healthz'), [200, { status: 'ok' }]); // but nobody should kill it
    phase = 'ready';
    await db.remove();
    assert.deepEqual(await ask('/readyz'), [200, { status: 'ready' }]); // an answer stands for a second
    await clock.advance(1000);
    assert.deepEqual(await ask('/readyz'), [503, { status: 'database unavailable' }]);
    assert.deepEqual(await ask('/healthz'), [200, { status: 'ok' }]);
  });

  test('/readyz says why nothing is signed, and is ready all the same', async () => {
    const db = await openTempDatabase();
    const fault = reason('clockWentBack', { now: '2026-01-01T00:00:00.000Z', newest: '2026-06-01T00:00:00.000Z' });
    const health = createHealth({
      database: db.database,
      clock: createFakeClock(),
      log: createFakeLog(),
      clockGuard: { ...rightClock, fault: () => fault },
      resolverWatch: answeringResolvers,
      alarms: noAlarms,
      awaitedCa: async () => undefined,
      phase: () => 'ready',
    });
    const response = await health.fetch(new Request('http://any.example/readyz'), peer);
    assert.equal(response.status, 200);
    assert.match(
      JSON.stringify(await response.json()),
      /^\{"status":"ready","signing":"the server's clock shows 2026-01/,
    );
    await db.remove();
  });
});

describe('readiness', () => {
  test('of a server whose CA has no certificate yet: it is ready, and says what to do in both languages', async () => {
    const db = await openTempDatabase();
    const health = createHealth({
      database: db.database,
      clock: createFakeClock(),
      log: createFakeLog(),
      clockGuard: rightClock,
      resolverWatch: answeringResolvers,
      alarms: noAlarms,
      awaitedCa: async () => reason('caAwaited', {}),
      phase: () => 'ready',
    });
    const ask = async (language: string) => {
      const headers = { 'accept-language': language };
      const response = await health.fetch(new Request('http://any.example/readyz', { headers }), peer);
      const { status, ca } = Object(await response.json());
      return [response.status, status, /certmux ca request.*certmux ca install/.test(ca), /尚无证书/.test(ca)];
    };
    assert.deepEqual(await ask('en'), [200, 'ready', true, false]);
    assert.deepEqual(await ask('zh'), [200, 'ready', true, true]);
    await db.remove();
  });

  test('is a durable write, one a second whoever asks how often, and says why there is none', async () => {
    const db = await openTempDatabase();
    const clock = createFakeClock();
    let writes = 0;
    let isFull = false;
    const database: Database = {
      ...db.database,
      write: (work, options) => {
        writes++;
        return isFull ? Promise.reject(refuse('diskFull', {})) : db.database.write(work, options);
      },
    };
    const health = createHealth({
      database,
      clock,
      log: createFakeLog(),
      clockGuard: rightClock,
      resolverWatch: answeringResolvers,
      alarms: noAlarms,
      awaitedCa: async () => undefined,
      phase: () => 'ready',
    });
    const ask = async () => {
      const response = await health.fetch(new Request('http://any.example/readyz'), peer);
      return [response.status, Object.values(Object(await response.json()))[0]];
    };
    const answers = await Promise.all([ask(), ask(), ask()]);
    assert.deepEqual(answers, [
      [200, 'ready'],
      [200, 'ready'],
      [200, 'ready'],
    ]);
    assert.equal(writes, 1);
    assert.deepEqual(await db.database.read.settings.get('lastReady'), { at: clock.now().toISOString() });
    isFull = true;
    await clock.advance(1000);
    const [status, reason] = await ask();
    assert.equal(status, 503);
    assert.match(String(reason), /^the disk of the server is full/);
    isFull = false;
    await clock.advance(1000);
    assert.deepEqual(await ask(), [200, 'ready'], 'it recovers by itself');
    await db.remove();
  });
});

describe('metrics', () => {
  test('tell requests by front door and status, times, and jobs by state', async () => {
    const clock = createFakeClock();
    const db = await openTempDatabase({ clock });
    const metrics = createMetrics();
    const server = metrics.serve(metricsOf(db.database), ['127.0.0.0/8']);
    const { meter } = metrics;
    meter.observe('native', 200, 3);
    meter.observe('native', 200, 30);
    meter.observe('native', 404, 1);
    meter.observe('none', 404, 20_000);
    await db.database.write((tx) => tx.jobs.enqueue({ kind: 'purge', subject: 'all', runAt: clock.now() }));
    const response = await server.fetch(new Request('http://any.example/metrics'), peer);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    const lines = (await response.text()).split('\n');
    const expected = [
      'certmux_http_requests_total{dialect="native",status="200"} 2',
      'certmux_http_requests_total{dialect="native",status="404"} 1',
      'certmux_http_requests_total{dialect="none",status="404"} 1',
      'certmux_http_request_duration_seconds_bucket{le="0.0025",dialect="native"} 1', // the 1 ms
      'certmux_http_request_duration_seconds_bucket{le="0.005",dialect="native"} 2', // and the 3 ms
      'certmux_http_request_duration_seconds_bucket{le="0.05",dialect="native"} 3',
      'certmux_http_request_duration_seconds_bucket{le="10",dialect="none"} 0',
      'certmux_http_request_duration_seconds_bucket{le="+Inf",dialect="none"} 1',
      'certmux_http_request_duration_seconds_sum{dialect="none"} 20',
      'certmux_jobs{state="waiting"} 1',
      'certmux_jobs{state="running"} 0',
      'certmux_jobs{state="failed"} 0',
    ];
    for (const line of expected) assert.ok(lines.includes(line), line);
    await db.remove();
  });

  test('tell when authorities end, which are to be replaced, and that the clock is wrong', async () => {
    const db = await openTempDatabase();
    const authority = (id: string, notAfter: string, role: Authority['role']): Authority => ({
      ...{ id: id as AuthorityId, issuerId: 'embedded', role, keyKind: 'P-256', parentId: null, subject: id },
      ...{ certificate: Uint8Array.of(1), notAfter: new Date(notAfter), createdAt: new Date(0), ...fromTheStart },
    });
    await db.database.write(async (tx) => {
      await tx.authorities.insert(authority('ca_root', '2046-06-01T00:00:00.000Z', 'root'));
      // Two years and a month from the fake clock's now: inside the longest certificate and a year.
      await tx.authorities.insert(authority('ca_inter', '2028-07-01T00:00:00.000Z', 'intermediate'));
    });
    const fault = reason('authorityEnded', { until: 'a', now: 'b' });
    const clockGuard = { ...rightClock, fault: () => fault };
    const server = createMetrics().serve(metricsOf(db.database, { clockGuard }), ['127.0.0.0/8']);
    const text = await (await server.fetch(new Request('http://any.example/metrics'), peer)).text();
    const lines = text.split('\n');
    for (const line of [
      'certmux_authority_end_seconds{authority="ca_root",role="root"} 2411424000',
      'certmux_authority_ends_soon{authority="ca_root",role="root"} 0',
      'certmux_authority_ends_soon{authority="ca_inter",role="intermediate"} 1',
      'certmux_clock_fault 1',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    await db.remove();
  });

  test('tell how upstreams stand, and what came of the calls', async () => {
    const db = await openTempDatabase();
    const budget = {
      ...({ name: 'new orders', counts: 'order', per: 'account', limit: 300 } as const),
      ...{ windowSeconds: 10_800, isExemptForRenewal: true },
    };
    const upstreams = async (): Promise<readonly UpstreamSummary[]> => [
      {
        account: { account: 'le', faults: 5, lastFault: 'no answer', openUntil: new Date() },
        openSince: new Date(),
        issuers: [],
        orders: [{ state: 'issuing', count: 3 }],
        budgets: [{ budget, spent: 225, left: 75, subjects: [] }],
        balance: {
          ...{ amount: { minor: 85_50, currency: 'CNY' }, at: new Date() },
          ...{ warning: null, isLow: false },
        },
        comparison: null,
      },
      {
        ...{ account: { account: 'zerossl', faults: 0, lastFault: null, openUntil: null } },
        ...{ openSince: null, issuers: [], orders: [], budgets: [], balance: null, comparison: null },
      },
    ];
    const metrics = createMetrics();
    metrics.meter.upstreamCalled('le', 'answered');
    metrics.meter.upstreamCalled('le', 'unanswered');
    metrics.meter.upstreamCalled('le', 'unanswered');
    const server = metrics.serve({ ...metricsOf(db.database), upstreams }, ['127.0.0.0/8']);
    const lines = (await (await server.fetch(new Request('http://any.example/metrics'), peer)).text()).split('\n');
    for (const line of [
      'certmux_upstream_breaker_open{upstream="le"} 1',
      'certmux_upstream_breaker_open{upstream="zerossl"} 0',
      'certmux_upstream_budget_left_ratio{upstream="le",budget="new orders"} 0.25',
      'certmux_upstream_balance{upstream="le",currency="CNY"} 85.5',
      'certmux_upstream_orders{upstream="le",state="issuing"} 3',
      'certmux_upstream_calls_total{upstream="le",result="answered"} 1',
      'certmux_upstream_calls_total{upstream="le",result="unanswered"} 2',
    ]) {
      assert.ok(lines.includes(line), line);
    }
    await db.remove();
  });

  const rows: readonly (readonly [address: string, status: number])[] = [
    ['127.0.0.1', 200],
    ['127.9.9.9', 200],
    ['::1', 200],
    ['10.0.0.1', 403],
    ['203.0.113.7', 403],
    ['', 403],
  ];
  test('are read from allowed addresses only', async () => {
    const db = await openTempDatabase();
    const server = createMetrics().serve(metricsOf(db.database), ['127.0.0.0/8', '::1']);
    for (const [address, status] of rows) {
      const response = await server.fetch(new Request('http://any.example/metrics'), { ...peer, address });
      assert.equal(response.status, status, address);
      const text = await response.text();
      assert.equal(text.includes('certmux_http'), status === 200);
      if (status === 403) assert.equal(text, `metrics are not for ${address}: see the setting metricsFrom\n`);
    }
    await db.remove();
  });
});
