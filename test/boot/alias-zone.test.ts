/** The DNS server of the alias zone on loopback, asked by the resolver that validation uses. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { type StartedAliasZone, startAliasZone } from '../../src/boot/alias-zone.ts';
import { createRandomness, createResolver, parseEndpoint } from '../../src/system/index.ts';
import { aliasRecords, aliasSettings, countingMeter } from '../support/alias-server.ts';
import { createFakeClock, createFakeLog } from '../support/system.ts';

const texts = Array.from({ length: 20 }, (_, index) => `${index}`.padStart(200, 'v'));
const records = aliasRecords({ 'label.acme.example.com': ['value'], 'many.acme.example.com': texts });
const [clock, log, meter] = [createFakeClock(), createFakeLog(), countingMeter()];
const options = { settings: aliasSettings, records, clock, log, meter };
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === '::1'));
const signal = new AbortController().signal;

let zone: StartedAliasZone;
let ask: (name: string, type: 'TXT' | 'CAA' | 'A') => Promise<readonly string[] | string>;
before(async () => {
  zone = await startAliasZone({ ...options, listen: ['127.0.0.1:0', hasIpv6 ? '[::1]:0' : '127.0.0.1:0'] });
  const servers = zone.addresses.map((text) => parseEndpoint(text, 53));
  const [v4, v6] = servers.map((server) => createResolver({ servers: [server], random: createRandomness() }));
  ask = async (name, type) => {
    const outcomes = await Promise.all([v4?.query(name, type, signal), v6?.query(name, type, signal)]);
    const [one, other] = outcomes.map((outcome) => {
      if (outcome?.ok !== true) return outcome?.problem.key ?? 'none';
      return outcome.rcode === 'NOERROR' ? outcome.records.map(({ data }) => data) : outcome.rcode;
    });
    assert.deepEqual(one, other, 'both addresses answer alike');
    return one ?? [];
  };
});
after(() => zone.close());

describe('the alias zone on its sockets', () => {
  test('is answered on each of its addresses, of IPv4 and IPv6, with the case of each question as it was', async () => {
    assert.deepEqual(await ask('label.acme.example.com', 'TXT'), ['value']);
    assert.deepEqual(await ask('label.acme.example.com', 'A'), []);
    assert.equal(await ask('other.acme.example.com', 'TXT'), 'NXDOMAIN');
    assert.deepEqual(await ask('acme.example.com', 'CAA'), ['0 issue "ca.example"', '128 issuewild ";"']);
  });

  test('is answered over TCP where a datagram does not hold it', async () => {
    assert.deepEqual(await ask('many.acme.example.com', 'TXT'), texts);
    assert.deepEqual(meter.counted.slice(-4).toSorted(), [
      'tcp NOERROR',
      'tcp NOERROR',
      'udp truncated',
      'udp truncated',
    ]);
  });

  test('says in the log where', () => {
    assert.deepEqual(log.lines, [
      {
        level: 'info',
        message: 'the alias zone is answered',
        fields: { zone: 'acme.example.com', addresses: zone.addresses },
      },
    ]);
  });

  test('is not started in part', async () => {
    const [taken = ''] = zone.addresses;
    await assert.rejects(startAliasZone({ ...options, listen: ['127.0.0.1:0', taken] }), { code: 'EADDRINUSE' });
  });
});
