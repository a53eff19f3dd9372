/** Where a delegated `_acme-challenge` leads: each record as the resolver sees it, and what stands in its way. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createLookUpDelegation } from '../../src/dcv/delegation-standing.ts';
import { reason } from '../../src/domain/errors.ts';
import { createZoneFake, type ZoneFake } from '../support/zone-fake.ts';

const host = '_acme-challenge.www.example.com';
const target = 'a1b2c3d4e5f60718.acme.example.net';
const signal = new AbortController().signal;

let zone: ZoneFake;
beforeEach(() => {
  zone = createZoneFake();
});

const look = (looksBeside = true) => createLookUpDelegation(zone.resolver)({ host, target }, { looksBeside }, signal);

describe('a look at a delegation', () => {
  it('ends at the expected target, without asking for what is published there', async () => {
    zone.set(host, 'CNAME', target);
    assert.deepEqual(await look(false), { hops: [{ name: host, target }], others: [], end: 'answered' });
    assert.deepEqual(zone.asked, [`${host} CNAME`]);
  });

  it('takes no notice of case and of a trailing dot', async () => {
    zone.set(host, 'CNAME', `${target.toUpperCase()}.`);
    assert.deepEqual((await look()).hops, [{ name: host, target }]);
  });

  for (const followsUnasked of [false, true]) {
    it(`shows every record on the way${followsUnasked ? ', also those that a resolver follows unasked' : ''}`, async () => {
      zone.followsUnasked = followsUnasked;
      zone.set(host, 'CNAME', 'dns.provider.example');
      zone.set('dns.provider.example', 'CNAME', target);
      const hops = [
        { name: host, target: 'dns.provider.example' },
        { name: 'dns.provider.example', target },
      ];
      assert.deepEqual(await look(), { hops, others: [], end: 'answered' });
    });
  }

  it('says that there is no such name, or that it has no CNAME', async () => {
    assert.deepEqual(await look(), { hops: [], others: [], end: 'noName' });
    zone.set(`below.${host}`, 'A', '192.0.2.1');
    assert.deepEqual(await look(), { hops: [], others: [], end: 'answered' });
  });

  it('names the records that stand instead of a CNAME, and beside it', async () => {
    zone.set(host, 'TXT', 'old proof');
    zone.set(host, 'A', '192.0.2.1');
    const others = [
      { type: 'TXT', data: '"old proof"' },
      { type: 'A', data: '192.0.2.1' },
    ];
    assert.deepEqual(await look(), { hops: [], others, end: 'answered' });
    zone.set(host, 'CNAME', target);
    // What the target publishes is none of the host's own.
    zone.set(target, 'TXT', 'published');
    assert.deepEqual((await look()).others, others);
    assert.deepEqual((await look(false)).others, [], 'only where they are looked for');
  });

  it('stops at a loop, and at a chain that is too long', async () => {
    zone.set(host, 'CNAME', 'a.example');
    zone.set('a.example', 'CNAME', host);
    assert.equal((await look()).end, 'loop');
    zone.remove(host);
    zone.set(host, 'CNAME', 'hop1.example');
    for (let hop = 1; hop < 20; hop++) zone.set(`hop${hop}.example`, 'CNAME', `hop${hop + 1}.example`);
    const long = await look();
    assert.deepEqual([long.end, long.hops.length], ['loop', 8]);
  });

  it('says what the resolver could not do, at the host or on the way', async () => {
    const problem = reason('dnsServerFailure', { name: host, rcode: 'SERVFAIL', server: '192.0.2.53' });
    zone.fail(host, problem);
    assert.deepEqual(await look(), { hops: [], others: [], end: { problem } });
    zone.fail(host, undefined);
    zone.set(host, 'CNAME', 'dns.provider.example');
    zone.fail('dns.provider.example', problem);
    assert.deepEqual(await look(), {
      hops: [{ name: host, target: 'dns.provider.example' }],
      others: [],
      end: { problem },
    });
  });
});
