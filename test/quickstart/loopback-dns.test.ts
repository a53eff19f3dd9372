import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { createRandomness, createResolver } from '../../src/system/index.ts';

describe('a zone that is delegated to another server', () => {
  let dns: LoopbackDns;
  before(async () => {
    dns = await startLoopbackDns({
      records: [
        { name: '_acme-challenge.a.example', type: 'CNAME', value: 'label.zone.example' },
        { name: '_acme-challenge.b.example', type: 'CNAME', value: 'nothing.zone.example' },
        { name: '_acme-challenge.c.example', type: 'CNAME', value: 'broken.zone.example' },
        { name: '_acme-challenge.d.example', type: 'CNAME', value: 'otherzone.example' },
        // Never answered: the zone is somebody else's.
        { name: 'label.zone.example', type: 'TXT', value: 'stale' },
      ],
    });
    dns.delegate('zone.example', async (name, type) => {
      if (name === 'broken.zone.example') throw new Error('nobody answers');
      const exists = name === 'label.zone.example';
      return { exists, records: exists && type === 'TXT' ? [{ name, type, data: 'proof' }] : [] };
    });
  });
  after(() => dns.close());

  const rows: readonly (readonly [name: string, type: 'TXT' | 'A', expected: string])[] = [
    ['label.zone.example', 'TXT', 'NOERROR label.zone.example TXT proof'],
    [
      '_acme-challenge.a.example',
      'TXT',
      'NOERROR _acme-challenge.a.example CNAME label.zone.example label.zone.example TXT proof',
    ],
    ['_acme-challenge.a.example', 'A', 'NOERROR _acme-challenge.a.example CNAME label.zone.example'],
    ['_acme-challenge.b.example', 'TXT', 'NXDOMAIN _acme-challenge.b.example CNAME nothing.zone.example'],
    ['_acme-challenge.c.example', 'TXT', 'dnsServerFailure'],
    ['_acme-challenge.d.example', 'TXT', 'NXDOMAIN _acme-challenge.d.example CNAME otherzone.example'], // not in it
  ];
  for (const [name, type, expected] of rows) {
    test(`${type} of ${name}: ${expected}`, async () => {
      const servers = [{ address: dns.address, port: dns.port }];
      const resolver = createResolver({ servers, random: createRandomness(), timeoutMs: 5000 });
      const outcome = await resolver.query(name, type, new AbortController().signal);
      const records = outcome.ok ? outcome.records.map((one) => `${one.name} ${one.type} ${one.data}`) : [];
      assert.equal(outcome.ok ? [outcome.rcode, ...records].join(' ') : outcome.problem.key, expected);
    });
  }
});
