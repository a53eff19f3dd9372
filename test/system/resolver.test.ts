import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { renderReason } from '../../src/domain/errors.ts';
import type { DnsOutcome, DnsRecordType } from '../../src/domain/ports/system.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import type { Endpoint } from '../../src/system/endpoint.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { forged, type NastyBehaviour, nasty, startNastyDns } from '../support/nasty-dns.ts';

const random = createRandomness();
const never = new AbortController().signal;
const shortMs = 60;
const longMs = 5000;

async function ask(
  servers: readonly Endpoint[],
  options: { name?: string; type?: DnsRecordType; timeoutMs?: number; signal?: AbortSignal; attempts?: number } = {},
): Promise<DnsOutcome> {
  const { name = 'www.example.com', type = 'A', timeoutMs = longMs, signal = never, attempts = 1 } = options;
  return createResolver({ servers, timeoutMs, attempts, random }).query(name, type, signal);
}

function summary(outcome: DnsOutcome): string {
  if (!outcome.ok) return outcome.problem.key;
  return `${outcome.rcode} ${outcome.records.map((record) => `${record.name} ${record.type} ${record.data}`).join(', ')}`;
}

describe('answers of an honest server', () => {
  const rows: readonly (readonly [name: string, type: DnsRecordType, expected: string])[] = [
    ['www.example.com', 'A', 'NOERROR www.example.com A 192.0.2.1, www.example.com A 192.0.2.2'],
    ['WWW.Example.COM.', 'A', 'NOERROR www.example.com A 192.0.2.1, www.example.com A 192.0.2.2'], // asked in lower case
    ['www.example.com', 'AAAA', 'NOERROR www.example.com AAAA 2001:db8::1'],
    ['www.example.com', 'TXT', 'NOERROR '], // the name exists, the type does not
    ['example.com', 'A', 'NOERROR '], // an empty non-terminal exists (RFC 8020)
    ['nothing.example.com', 'A', 'NXDOMAIN '],
    ['alias.example.com', 'CNAME', 'NOERROR alias.example.com CNAME www.example.com'], // lower case, no trailing dot
    ['alias.example.com', 'AAAA', 'NOERROR alias.example.com CNAME www.example.com, www.example.com AAAA 2001:db8::1'],
    ['dangling.example.com', 'A', 'NXDOMAIN dangling.example.com CNAME gone.example.com'],
    ['text.example.com', 'TXT', `NOERROR text.example.com TXT ${'t'.repeat(300)}`], // two strings, joined
    ['text.example.com', 'CAA', 'NOERROR text.example.com CAA 0 issue "ca.example"'],
    ['a.wild.example.com', 'A', 'NOERROR a.wild.example.com A 192.0.2.3'],
    ['example.com', 'SOA', 'NOERROR '],
    [`${'a'.repeat(64)}.example.com`, 'A', 'dnsNoSuchName'], // cannot be written into a DNS message
    [`${'a.'.repeat(125)}example.com`, 'A', 'dnsNoSuchName'],
    ['a..example.com', 'A', 'dnsNoSuchName'],
  ];
  for (const [name, type, expected] of rows) {
    test(`${name.slice(0, 40)} ${type} gives ${expected.slice(0, 60)}`, async () => {
      await using dns = await honest();
      assert.equal(summary(await ask([dns], { name, type })), expected);
    });
  }

  test('an answer too large for a datagram is fetched over TCP', async () => {
    await using dns = await honest();
    const addresses = Array.from({ length: 200 }, (_, index) => `192.0.2.${index}`);
    dns.set('large.example.com', 'A', addresses);
    const outcome = await ask([dns], { name: 'large.example.com' });
    assert.deepEqual(outcome.ok && outcome.records.map((record) => record.data), addresses);
    assert.deepEqual(
      dns.queries.map((query) => query.transport),
      ['udp', 'tcp'],
    );
  });

  test('the AD bit is reported', async () => {
    for (const authenticated of [true, false]) {
      const dns = await startLoopbackDns({
        authenticated,
        records: [{ name: 'a.example', type: 'A', value: '192.0.2.1' }],
      });
      const outcome = await ask([dns], { name: 'a.example' });
      assert.equal(outcome.ok && outcome.authenticated, authenticated);
      await dns.close();
    }
  });

  test('removed records are gone', async () => {
    await using dns = await honest();
    dns.remove('www.example.com', 'A');
    assert.equal(summary(await ask([dns])), 'NOERROR ');
    dns.remove('www.example.com');
    assert.equal(summary(await ask([dns])), 'NXDOMAIN ');
  });
});

describe('misbehaving servers', () => {
  const rows: readonly (readonly [behaviour: keyof typeof nasty, expected: string])[] = [
    ['silent', 'dnsTimeout'],
    ['serverFailure', 'dnsServerFailure'],
    ['refused', 'dnsServerFailure'],
    ['formatErrorWithoutQuestion', 'dnsServerFailure'], // BIND sends FORMERR without the question
    ['garbage', 'dnsMalformed'], // it carries our id and comes from the right place
    ['noise', 'dnsTimeout'], // it does not carry our id: ignored
    ['wrongId', 'dnsTimeout'],
    ['wrongQuestion', 'dnsTimeout'],
    ['answerWithoutQuestion', 'dnsTimeout'],
    ['echo', 'dnsTimeout'], // our own query is not an answer
    ['wrongSender', 'dnsTimeout'],
    ['forgeriesThenTruth', 'NOERROR www.example.com A 192.0.2.1'], // forgeries are ignored, not fatal
    ['truncatedThenTcp', 'NOERROR www.example.com A 192.0.2.1'],
    ['cutThenTcp', 'NOERROR www.example.com A 192.0.2.1'],
    ['lowerCased', 'NOERROR www.example.com A 192.0.2.1'], // asked again over TCP
    ['lowerCasedNoTcp', 'dnsCaseChanged'],
    ['forgedCase', 'NOERROR www.example.com A 192.0.2.1'], // the forger did not know the case
    ['textBeyondItsEnd', 'dnsMalformed'],
    ['truncatedNoTcp', 'dnsTimeout'],
    ['truncatedTcpGarbage', 'dnsMalformed'],
    ['cnameLoop', 'NOERROR www.example.com CNAME loop.example, loop.example CNAME www.example.com'],
  ];
  for (const [behaviour, expected] of rows) {
    test(`${behaviour} gives ${expected}`, async () => {
      await using dns = await misbehaving(nasty[behaviour]);
      const timeoutMs = expected === 'dnsTimeout' ? shortMs : longMs;
      assert.equal(summary(await ask([dns], { timeoutMs })), expected);
    });

    if (!expected.startsWith('NOERROR')) {
      test(`after ${behaviour} the next server is asked`, async () => {
        await using bad = await misbehaving(nasty[behaviour]);
        await using good = await honest();
        const outcome = await ask([bad, good], { timeoutMs: shortMs * 5, type: 'AAAA' });
        assert.equal(summary(outcome), 'NOERROR www.example.com AAAA 2001:db8::1');
        assert.equal(outcome.server, `127.0.0.1:${good.port}`);
      });
    }
  }

  test('a refusal names the server and its code', async () => {
    await using dns = await misbehaving(nasty.refused);
    const outcome = await ask([dns]);
    assert.equal(
      outcome.ok ? '' : renderReason(outcome.problem, 'en'),
      `the resolver 127.0.0.1:${dns.port} answered REFUSED for www.example.com`,
    );
  });

  test('a port where nobody listens is a server that does not answer', async () => {
    const dns = await startLoopbackDns();
    await dns.close();
    assert.equal(summary(await ask([dns])), 'dnsTimeout');
  });

  test('a server that there is no way to is one that does not answer, and nothing throws', async () => {
    // The system refuses to connect a socket to the broadcast address, as to a network without a route.
    const outcome = await ask([{ address: '255.255.255.255', port: 53 }], { timeoutMs: longMs });
    assert.equal(summary(outcome), 'dnsTimeout');
  });

  test('the list of servers is gone through as often as told', async () => {
    await using dns = await misbehaving(nasty.serverFailure);
    await createResolver({ servers: [dns], attempts: 3, random }).query('a.example', 'A', never);
    assert.equal(dns.seen.length, 3);
  });
});

describe('servers that do not know EDNS are asked again without it', () => {
  const rows: readonly (readonly [behaviour: keyof typeof nasty, queries: number, attempts: number])[] = [
    ['formatErrorOnEdns', 2, 1],
    ['bareFormatErrorOnEdns', 2, 1],
    ['notImplementedOnEdns', 2, 1],
    ['badVersionOnEdns', 2, 1],
    ['bareBadVersionOnEdns', 2, 1],
    ['garbageOnEdns', 2, 1],
    ['largeWithoutEdns', 2, 1], // and over TCP
    // These may have another cause, so the other servers come first.
    ['serverFailureOnEdns', 2, 2],
    ['silentOnEdns', 2, 2],
  ];
  for (const [behaviour, queries, attempts] of rows) {
    test(behaviour, async () => {
      await using dns = await misbehaving(nasty[behaviour]);
      const timeoutMs = behaviour === 'silentOnEdns' ? shortMs : longMs;
      assert.equal(summary(await ask([dns], { attempts, timeoutMs })), 'NOERROR www.example.com A 192.0.2.1');
      assert.equal(dns.seen.length, queries);
      assert.deepEqual(
        dns.seen.map(({ packet }) => [packet.flag_rd, packet.additionals?.length]),
        [
          [true, 1],
          [true, 0],
        ],
      );
      assert.equal(new Set(dns.seen.map(({ packet }) => packet.id)).size, 2);
    });
  }

  test('the next server is asked when that does not help either, and the first answer is the reason', async () => {
    await using bad = await misbehaving(nasty.formatErrorWithoutQuestion);
    await using good = await honest();
    assert.equal(summary(await ask([bad, good], { type: 'AAAA' })), 'NOERROR www.example.com AAAA 2001:db8::1');
    const outcome = await ask([bad]);
    assert.match(outcome.ok ? '' : renderReason(outcome.problem, 'en'), / answered FORMERR for www\.example\.com$/);
  });
});

describe('spoof protection', () => {
  test('every query has a new id and a new source port', async () => {
    await using dns = await misbehaving(nasty.serverFailure);
    await createResolver({ servers: [dns], attempts: 8, random }).query('a.example', 'A', never);
    assert.ok(new Set(dns.seen.map((query) => query.packet.id)).size > 6);
    assert.ok(new Set(dns.seen.map((query) => query.port)).size > 6);
  });

  test('every query mixes the case of the name anew', async () => {
    await using dns = await misbehaving(nasty.serverFailure);
    await createResolver({ servers: [dns], attempts: 8, random }).query('a-long-name.example', 'A', never);
    const names = dns.seen.map((query) => query.packet.questions?.[0]?.name ?? '');
    assert.ok(new Set(names).size > 6);
    assert.deepEqual([...new Set(names.map((name) => name.toLowerCase()))], ['a-long-name.example']);
  });

  test('the query sets RD and AD and offers EDNS0 with 1232 bytes', async () => {
    await using dns = await misbehaving(nasty.serverFailure);
    await ask([dns]);
    const packet = dns.seen[0]?.packet;
    const opt = packet?.additionals?.[0];
    assert.deepEqual([packet?.flag_rd, packet?.flag_ad, opt?.type === 'OPT' && opt.udpPayloadSize], [true, true, 1232]);
  });
});

describe('aborting', () => {
  test('an aborted query ends at once and says so', async () => {
    await using dns = await misbehaving(nasty.silent);
    const controller = new AbortController();
    const asked = ask([dns], { signal: controller.signal, timeoutMs: 60_000 });
    while (dns.seen.length === 0) await new Promise(setImmediate);
    controller.abort();
    assert.equal(summary(await asked), 'checkAborted');
  });

  test('a signal that was aborted before sends nothing', async () => {
    await using dns = await misbehaving(nasty.silent);
    assert.equal(summary(await ask([dns], { signal: AbortSignal.abort() })), 'checkAborted');
    assert.equal(dns.seen.length, 0);
  });
});

test('an answer without the question does not count as one, whatever record stands beside it', async () => {
  // NOERROR and an OPT record of no further code: a forger need not have guessed the case of the name.
  const udp: NastyBehaviour['udp'] = ({ packet, send }) => send(forged(packet, { withoutQuestion: true }));
  await using dns = await misbehaving({ udp });
  assert.equal(summary(await ask([dns], { timeoutMs: shortMs })), 'dnsTimeout');
});

test('a resolver without servers cannot be made', () => {
  assert.throws(() => createResolver({ servers: [], random }), /at least one server/);
});

async function honest() {
  const dns = await startLoopbackDns({
    records: [
      { name: 'www.example.com', type: 'A', value: ['192.0.2.1', '192.0.2.2'] },
      { name: 'www.example.com', type: 'AAAA', value: '2001:db8::1' },
      { name: 'alias.example.com', type: 'CNAME', value: 'WWW.Example.com.' },
      { name: 'dangling.example.com', type: 'CNAME', value: 'gone.example.com' },
      { name: 'text.example.com', type: 'TXT', value: 't'.repeat(300) },
      { name: 'text.example.com', type: 'CAA', value: '0 issue "ca.example"' },
      { name: '*.wild.example.com', type: 'A', value: '192.0.2.3' },
    ],
  });
  return { ...dns, [Symbol.asyncDispose]: dns.close };
}

async function misbehaving(behaviour: NastyBehaviour) {
  const dns = await startNastyDns(behaviour);
  return { ...dns, [Symbol.asyncDispose]: dns.close };
}
