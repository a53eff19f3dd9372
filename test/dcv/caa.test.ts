/** CAA look-ups over the real resolver, against servers on loopback: climbing, aliases, and servers that misbehave. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer, DecodedPacket } from 'dns-packet';
import { createLookUpCaa } from '../../src/dcv/caa.ts';
import { type CaaOutcome, caaObjection } from '../../src/domain/caa.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { forged, type NastyBehaviour, nasty, startNastyDns } from '../support/nasty-dns.ts';

const never = new AbortController().signal;

let dns: LoopbackDns;
before(async () => {
  dns = await startLoopbackDns({
    records: [
      { name: 'example.com', type: 'CAA', value: ['0 issue "ca.example"', '128 issuewild ";"'] },
      { name: 'own.example.com', type: 'CAA', value: '0 issue "other.example; validationmethods=dns-01"' },
      { name: 'www.example.com', type: 'A', value: '192.0.2.1' },
      { name: 'alias.example.com', type: 'CNAME', value: 'target.with.example.net' },
      { name: 'target.with.example.net', type: 'CAA', value: '0 iodef "mailto:a@example.net"' },
      { name: 'bare.example.com', type: 'CNAME', value: 'nothing.example.net' },
      { name: 'nothing.example.net', type: 'A', value: '192.0.2.2' },
      { name: 'example.net', type: 'CAA', value: '0 issue "net.example"' },
      { name: 'www.example.org', type: 'A', value: '192.0.2.3' },
      { name: 'top', type: 'CAA', value: '0 issue "top.example"' },
      { name: 'deny.example.com', type: 'CAA', value: '0 issue ";"' },
      { name: 'second.example.com', type: 'CNAME', value: 'first.with.example.net' },
      { name: 'first.with.example.net', type: 'CNAME', value: 'target.with.example.net' },
      { name: 'gone.example.com', type: 'CNAME', value: 'no.such.name.example.net' },
      { name: 'sub.alias.example.com', type: 'A', value: '192.0.2.4' },
    ],
  });
});
after(() => dns.close());

function lookUp(name: string, server: { address: string; port: number } = dns, signal = never): Promise<CaaOutcome> {
  const resolver = createResolver({ servers: [server], timeoutMs: 300, attempts: 1, random: createRandomness() });
  return createLookUpCaa(resolver)(name, signal);
}

async function answered(name: string, server?: { address: string; port: number }) {
  const outcome = await lookUp(name, server);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  const { foundAt, records } = outcome.answer;
  return [foundAt, ...records.map(({ flags, tag, value }) => `${flags} ${tag} ${value}`).toSorted()];
}

const ofParent = ['example.com', '0 issue ca.example', '128 issuewild ;'];

describe('the records that govern a name', () => {
  const rows: readonly (readonly [name: string, found: readonly (string | null)[], why: string])[] = [
    ['own.example.com', ['own.example.com', '0 issue other.example; validationmethods=dns-01'], 'are its own'],
    ['OWN.Example.com.', ['own.example.com', '0 issue other.example; validationmethods=dns-01'], 'in any case'],
    ['www.example.com', ofParent, 'or those of its parent'],
    ['no.such.name.example.com', ofParent, 'however far up, past names that do not exist'],
    ['alias.example.com', ['alias.example.com', '0 iodef mailto:a@example.net'], 'or of what it is an alias of'],
    ['deny.example.com', ['deny.example.com', '0 issue ;'], 'are its own, where its parent allows more'],
    ['a.b.deny.example.com', ['deny.example.com', '0 issue ;'], 'or those of the nearest parent, not of one above it'],
    ['second.example.com', ['second.example.com', '0 iodef mailto:a@example.net'], 'or of the end of several aliases'],
    [
      'sub.alias.example.com',
      ['alias.example.com', '0 iodef mailto:a@example.net'],
      'or of what a parent is an alias of',
    ],
    ['gone.example.com', ofParent, 'or of its parent, where it is an alias of nothing'],
    ['bare.example.com', ofParent, 'or of its own parent, not of the parent of what it is an alias of'],
    ['deep.under.top', ['top', '0 issue top.example'], 'or of its top-level domain'],
    ['www.example.org', [null], 'or nobody has any'],
  ];
  for (const [name, found, why] of rows) {
    test(`${name}: ${why}`, async () => assert.deepEqual(await answered(name), found));
  }

  test('are asked for from the name upwards, and no further than needed', async () => {
    const before = dns.queries.length;
    await lookUp('a.own.example.com');
    assert.deepEqual(
      dns.queries.slice(before).map(({ name, type }) => `${name} ${type}`),
      ['a.own.example.com CAA', 'own.example.com CAA'],
    );
  });
});

/** As it was asked but for its case, which is random. */
const nameOf = (packet: DecodedPacket) => (packet.questions?.[0]?.name ?? '').toLowerCase();

/** A CAA record whose bytes are as given, behind a well-formed header and question. */
function rawCaa(rdata: readonly number[]): NastyBehaviour {
  return {
    udp: ({ packet, send }) => {
      const caa: Answer = { type: 'CAA', name: nameOf(packet), ttl: 0, data: { flags: 0, tag: 'issue', value: 'x' } };
      const whole = forged(packet, { answers: [caa] });
      // The record's data is the last of the message: two bytes of length, then flags, tag length, tag, value.
      const head = whole.subarray(0, whole.length - 10);
      send(Buffer.concat([head, Buffer.from([0, rdata.length, ...rdata])]));
    },
  };
}

/** The length of the tag says more than the record holds. */
const overrun: NastyBehaviour = {
  udp: ({ packet, send }) => {
    const name = nameOf(packet);
    const caa: Answer = { type: 'CAA', name, ttl: 0, data: { flags: 0, tag: 'issue', value: 'x' } };
    const whole = forged(packet, { answers: [caa, { type: 'A', name, ttl: 0, data: '192.0.2.1' }] });
    whole.writeUInt8(20, whole.indexOf('issue') - 1);
    send(whole);
  },
};

const cnames = (pairs: (name: string) => readonly (readonly [string, string])[]): NastyBehaviour => ({
  udp: ({ packet, send }) =>
    send(
      forged(packet, { answers: pairs(nameOf(packet)).map(([name, data]) => ({ type: 'CNAME', name, ttl: 0, data })) }),
    ),
});

describe('a server that misbehaves', () => {
  let hop = 0;
  const rows: readonly (readonly [what: string, behaviour: NastyBehaviour, problem: string])[] = [
    ['does not answer', nasty.silent, 'dnsTimeout'],
    ['fails', nasty.serverFailure, 'dnsServerFailure'],
    ['refuses', nasty.refused, 'dnsServerFailure'],
    ['sends noise', nasty.garbage, 'dnsMalformed'],
    ['cuts its answer and does not speak TCP', nasty.truncatedNoTcp, 'dnsTimeout'],
    ['leads in a circle', nasty.cnameLoop, 'dnsLoop'],
    ['leads from name to name for ever', cnames((name) => [[name, `hop${hop++}.example`]]), 'dnsLoop'],
    ['sends a tag that runs into the record behind it', overrun, 'dnsMalformed'],
    ['sends an empty tag', rawCaa([0, 0, 0x61]), 'dnsMalformed'],
    ['sends a tag that is no word', rawCaa([0, 2, 0x00, 0xff, 0x61]), 'dnsMalformed'],
    ['sends an empty record', rawCaa([]), 'dnsMalformed'],
  ];
  for (const [what, behaviour, problem] of rows) {
    test(`${what}: nothing is known`, async () => {
      const server = await startNastyDns(behaviour);
      try {
        const outcome = await lookUp('www.example.com', server);
        assert.deepEqual(outcome.ok ? outcome.answer : outcome.problem.key, problem);
      } finally {
        await server.close();
      }
    });
  }

  test('may put any bytes into a value: they come as they are, and name no CA', async () => {
    const bytes = [...Buffer.from('<script>'), 0x00, 0x1b, 0x5b, 0x0d, 0x0a, 0xff, 0xfe, ...Buffer.from('</script>')];
    const server = await startNastyDns(rawCaa([0, 5, ...Buffer.from('issue'), ...bytes]));
    try {
      const outcome = await lookUp('www.example.com', server);
      assert.ok(outcome.ok, JSON.stringify(outcome));
      const identity = { domains: ['ca.example'], accountUrl: null };
      const objection = caaObjection(outcome.answer, identity, { isWildcard: false });
      assert.match(objection?.records ?? '', /^0 issue "<script>\\u\{0\}\\u\{1b\}\[/);
      assert.doesNotMatch(objection?.records ?? '', /\p{Cc}/u);
    } finally {
      await server.close();
    }
  });

  test('failing for the parent alone spoils the answer: the parent might forbid it', async () => {
    const server = await startNastyDns({
      udp: ({ packet, send }) => send(forged(packet, nameOf(packet) === 'example.com' ? { rcode: 2 } : { rcode: 3 })),
    });
    try {
      const outcome = await lookUp('www.example.com', server);
      assert.equal(outcome.ok ? 'known' : outcome.problem.key, 'dnsServerFailure');
    } finally {
      await server.close();
    }
  });

  test('slipping in records of other names is not believed', async () => {
    const server = await startNastyDns({
      udp: ({ packet, send }) =>
        send(
          forged(packet, {
            answers: [{ type: 'CAA', name: 'other.example', ttl: 0, data: { flags: 0, tag: 'issue', value: 'evil' } }],
          }),
        ),
    });
    try {
      assert.deepEqual(await answered('www.example.com', server), [null]);
    } finally {
      await server.close();
    }
  });

  test('is not waited for once the caller gives up', async () => {
    const server = await startNastyDns(nasty.silent);
    try {
      const outcome = await lookUp('www.example.com', server, AbortSignal.abort());
      assert.equal(outcome.ok ? 'known' : outcome.problem.key, 'checkAborted');
    } finally {
      await server.close();
    }
  });
});
