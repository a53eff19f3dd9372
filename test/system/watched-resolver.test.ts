/** Whose fault a silence is: the zone's, whose servers let a resolver wait, or that of our own resolvers. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { DnsOutcome } from '../../src/domain/ports/system.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { endpointText } from '../../src/system/endpoint.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createWatchedResolver, type WatchedResolver } from '../../src/system/watched-resolver.ts';
import { nasty, startNastyDns } from '../support/nasty-dns.ts';
import { createFakeClock, createFakeLog, type FakeClock } from '../support/system.ts';

const never = new AbortController().signal;
const timeoutMs = 60;
const probe = '127.in-addr.arpa';

const silentZone = (name: string) => name.endsWith('dead.example');
let isAway: boolean;
let servers: LoopbackDns[];
let clock: FakeClock;
let log: ReturnType<typeof createFakeLog>;
let resolver: WatchedResolver;

beforeEach(async () => {
  isAway = false;
  const isSilent = (name: string) => isAway || silentZone(name);
  servers = [await startLoopbackDns({ isSilent }), await startLoopbackDns({ isSilent })];
  for (const server of servers) server.set('live.example', 'A', '192.0.2.1');
  clock = createFakeClock();
  log = createFakeLog();
  resolver = createWatchedResolver({ servers, timeoutMs, random: createRandomness(), clock, log });
});
afterEach(() => Promise.all(servers.map((server) => server.close())));

const ask = (name: string, signal = never) => resolver.query(name, 'A', signal);
const summary = (outcome: DnsOutcome) => (outcome.ok ? outcome.rcode : outcome.problem.key);
const addresses = () => servers.map(endpointText).join(', ');
const probes = () => servers.flatMap(({ queries }) => queries).filter(({ name }) => name === probe).length;

describe('a name that is not answered', () => {
  it('is the fault of its zone while the resolvers answer what they know themselves', async () => {
    assert.equal(summary(await ask('dead.example')), 'dnsTimeout');
    assert.equal(resolver.fault(), undefined);
    assert.equal(probes(), 2, 'each resolver is asked');
    assert.equal(summary(await ask('also.dead.example')), 'dnsTimeout');
    assert.equal(probes(), 2, 'and not again for each name');
    await clock.advance(5000);
    assert.equal(summary(await ask('dead.example')), 'dnsTimeout');
    assert.equal(probes(), 4);
    assert.deepEqual(log.lines, []);
  });

  it('is nobody else’s than the resolvers’ where they answer nothing', async () => {
    isAway = true;
    const outcome = await ask('live.example');
    assert.deepEqual(outcome, {
      ok: false,
      server: endpointText(servers[1] ?? { address: '', port: 0 }),
      problem: { key: 'resolversAway', params: { servers: addresses() } },
    });
    assert.equal(resolver.fault()?.key, 'resolversAway');
  });
});

describe('while no resolver answers', () => {
  beforeEach(async () => {
    isAway = true;
    assert.equal((await resolver.look())?.key, 'resolversAway');
  });

  it('no query waits for it, and the first after a second finds out that one answers', async () => {
    const before = servers.flatMap(({ queries }) => queries).length;
    assert.deepEqual((await Promise.all([ask('live.example'), ask('dead.example')])).map(summary), [
      'resolversAway',
      'resolversAway',
    ]);
    assert.equal(servers.flatMap(({ queries }) => queries).length, before, 'nobody was asked');
    isAway = false;
    await clock.advance(1000);
    assert.equal(summary(await ask('live.example')), 'NOERROR');
    assert.equal(resolver.fault(), undefined);
  });

  it('the log says so once, with the way out, and when it is over', async () => {
    await clock.advance(1000);
    await resolver.look();
    isAway = false;
    await clock.advance(1000);
    await resolver.look();
    assert.deepEqual(
      log.lines.map(({ level, message }) => `${level} ${message}`),
      [
        `error no DNS resolver answers (${addresses()}), so that no name can be validated until one does: set dns.resolvers, or repair the network to them`,
        'info all DNS resolvers answer again',
      ],
    );
  });

  it('a query that is aborted does not wait for the look', async () => {
    await clock.advance(1000);
    const stop = new AbortController();
    const asking = ask('live.example', stop.signal);
    stop.abort();
    assert.equal(summary(await asking), 'checkAborted');
  });

  it('a stop ends a look under way', async () => {
    await clock.advance(1000);
    const looking = resolver.look();
    resolver.stop();
    assert.equal(await looking, undefined);
  });
});

describe('a resolver that is away while another answers', () => {
  it('is a warning that names it, and no fault', async () => {
    const silent = await startNastyDns(nasty.silent);
    try {
      const both = [silent, ...servers.slice(0, 1)];
      const one = createWatchedResolver({ servers: both, timeoutMs, random: createRandomness(), clock, log });
      assert.equal(await one.look(), undefined);
      assert.deepEqual(
        log.lines.map(({ level, message }) => `${level} ${message}`),
        [`warn DNS resolvers do not answer, and each query that tries them waits: ${endpointText(silent)}`],
      );
    } finally {
      await silent.close();
    }
  });

  it('is there where it refuses, fails or cannot be believed', async () => {
    for (const kind of [
      'refused',
      'serverFailure',
      'garbage',
      'lowerCasedNoTcp',
      'formatErrorWithoutQuestion',
    ] as const) {
      const odd = await startNastyDns(nasty[kind]);
      try {
        const one = createWatchedResolver({ servers: [odd], timeoutMs, random: createRandomness(), clock, log });
        assert.equal(await one.look(), undefined, kind);
      } finally {
        await odd.close();
      }
    }
  });
});
