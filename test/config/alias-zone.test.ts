/** The section `aliasZone`: what is taken, what its server gets of it, and every way in which it can be wrong. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aliasZoneOf } from '../../src/config/alias-zone.ts';
import { ConfigError, parseConfig } from '../../src/config/load.ts';
import { assertBothLanguages } from '../support/both-languages.ts';

const least = {
  zone: 'acme.example.com',
  nameServers: [{ name: 'ns1.acme.example.com', addresses: ['192.0.2.53'] }],
  contact: 'hostmaster@example.com',
};

/** JSON is YAML. */
const textOf = (section: object) => JSON.stringify({ aliasZone: section });

function problemsOf(section: object): readonly string[] {
  try {
    parseConfig(textOf(section), 'certmux.yaml');
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) assertBothLanguages(thrown);
    if (thrown instanceof ConfigError) return thrown.problems.map((problem) => problem.replace(' (line 1)', ''));
    throw thrown;
  }
}

function configured(section: object) {
  const { aliasZone } = parseConfig(textOf(section), 'certmux.yaml');
  assert.ok(aliasZone);
  return aliasZoneOf(aliasZone);
}

test('Without the section there is no alias zone.', () => {
  assert.equal(parseConfig('', 'certmux.yaml').aliasZone, undefined);
});

test('The least of it, and what is the default.', () => {
  assert.deepEqual(configured(least), {
    settings: { ...least, caa: [], ttlSeconds: 10 },
    listen: ['0.0.0.0:53'],
  });
});

test('All of it, in the form that the server takes: lower case, A-labels, no trailing dots.', () => {
  const section = {
    zone: 'ACME.bücher.example.',
    listen: ['192.0.2.53:53', '[2001:db8::53]:53'],
    nameServers: [
      { name: 'NS1.acme.bücher.example', addresses: ['192.0.2.53', '2001:DB8:0:0::53'] },
      { name: 'ns.example.net.' },
    ],
    contact: 'Host.Master@Bücher.example',
    caa: [
      { tag: 'issue', value: 'letsencrypt.org' },
      { flags: 128, tag: 'iodef', value: 'mailto:a@example.com' },
    ],
    ttlSeconds: 60,
  };
  assert.deepEqual(configured(section), {
    settings: {
      zone: 'acme.xn--bcher-kva.example',
      nameServers: [
        { name: 'ns1.acme.xn--bcher-kva.example', addresses: ['192.0.2.53', '2001:db8::53'] },
        { name: 'ns.example.net', addresses: [] },
      ],
      contact: 'Host.Master@xn--bcher-kva.example',
      caa: [
        { flags: 0, tag: 'issue', value: 'letsencrypt.org' },
        { flags: 128, tag: 'iodef', value: 'mailto:a@example.com' },
      ],
      ttlSeconds: 60,
    },
    listen: ['192.0.2.53:53', '[2001:db8::53]:53'],
  });
});

describe('refused', () => {
  const listen = 'must be an address with a port, like 0.0.0.0:53 or [::]:53';
  const zone = 'must be a DNS name, like acme.example.com';
  const server = 'must be a DNS name, like ns1.acme.example.com';
  const address = 'must be an IP address, like 192.0.2.53 or 2001:db8::53';
  const contact = 'must be a mail address, like hostmaster@example.com';
  const ns1 = least.nameServers[0];
  const rows: readonly (readonly [change: object, problem: string])[] = [
    [{ zone: undefined }, 'aliasZone.zone: is missing'],
    [{ zone: 'example' }, `aliasZone.zone: ${zone}`],
    [{ zone: '*.example.com' }, `aliasZone.zone: ${zone}`],
    [{ zone: '192.0.2.1' }, `aliasZone.zone: ${zone}`],
    [{ zone: 'https://acme.example.com' }, `aliasZone.zone: ${zone}`],
    [{ zone: `${'a.'.repeat(90)}com` }, 'aliasZone.zone: must have at most 180 characters'],
    [{ nameServers: [] }, 'aliasZone.nameServers: must have at least 1 entry'],
    [{ nameServers: undefined }, 'aliasZone.nameServers: is missing'],
    [
      { nameServers: ['ns1.acme.example.com'] },
      'aliasZone.nameServers.0: must be a section, not "ns1.acme.example.com"',
    ],
    [{ nameServers: [{ name: 'ns1_x', addresses: [] }] }, `aliasZone.nameServers.0.name: ${server}`],
    [{ nameServers: [{ ...ns1, addresses: ['192.0.2.0/24'] }] }, `aliasZone.nameServers.0.addresses.0: ${address}`],
    [{ nameServers: [{ ...ns1, addresses: ['ns.example'] }] }, `aliasZone.nameServers.0.addresses.0: ${address}`],
    [{ nameServers: [{ ...ns1, addresses: 'none' }] }, 'aliasZone.nameServers.0.addresses: must be a list, not "none"'],
    [
      { nameServers: [{ name: 'ns1.acme.example.com' }] },
      'aliasZone.nameServers.0: ns1.acme.example.com is in the zone acme.example.com, so nobody but this server knows its addresses: list them',
    ],
    [
      { nameServers: [{ name: 'ns1.example.com', addresses: ['192.0.2.53'] }] },
      'aliasZone.nameServers.0.addresses: ns1.example.com is not in the zone acme.example.com, so its addresses stand in another zone: leave them out here',
    ],
    [
      { nameServers: [ns1, { ...ns1, name: 'NS1.acme.example.com.' }] },
      'aliasZone.nameServers.1: ns1.acme.example.com is listed twice',
    ],
    [{ contact: undefined }, 'aliasZone.contact: is missing'],
    [{ contact: 'hostmaster.example.com' }, `aliasZone.contact: ${contact}`],
    [{ contact: 'hostmaster@localhost' }, `aliasZone.contact: ${contact}`],
    [{ contact: `${'a'.repeat(64)}@example.com` }, `aliasZone.contact: ${contact}`],
    [{ contact: 'a@b@example.com' }, `aliasZone.contact: ${contact}`],
    [{ ttlSeconds: 0 }, 'aliasZone.ttlSeconds: must be at least 1, not "0"'],
    [{ ttlSeconds: 61 }, 'aliasZone.ttlSeconds: must be at most 60, not "61"'],
    [{ ttlSeconds: 1.5 }, 'aliasZone.ttlSeconds: must be a whole number, not "1.5"'],
    [
      { caa: [{ tag: 'is sue', value: 'x' }] },
      'aliasZone.caa.0.tag: must be a tag of CAA, like issue, issuewild or iodef',
    ],
    [
      { caa: [{ tag: 'issue', value: 'ü' }] },
      'aliasZone.caa.0.value: must have at most 255 characters, all of them ASCII',
    ],
    [{ caa: [{ flags: 256, tag: 'issue', value: '' }] }, 'aliasZone.caa.0.flags: must be at most 255, not "256"'],
    [{ listen: [] }, 'aliasZone.listen: must have at least 1 entry'],
    [{ listen: ['0.0.0.0'] }, `aliasZone.listen.0: ${listen}`],
    [{ listen: ['::1:53'] }, `aliasZone.listen.0: ${listen}`],
    [{ listen: ['udp://0.0.0.0:53'] }, `aliasZone.listen.0: ${listen}`],
    [{ listen: ['localhost:53'] }, `aliasZone.listen.0: ${listen}`],
    [{ listen: ['0.0.0.0:65536'] }, `aliasZone.listen.0: ${listen}`],
    [{ listen: ['0.0.0.0:53', '0.0.0.0:53'] }, 'aliasZone.listen.1: 0.0.0.0:53 is listed twice'],
    [{ ttl: 5 }, 'aliasZone.ttl: there is no such setting; '],
    [
      { nameServers: [{ ...ns1, adresses: [] }] },
      'aliasZone.nameServers.0.adresses: there is no such setting; did you mean aliasZone.nameServers.0.addresses?',
    ],
  ];
  for (const [change, problem] of rows) {
    test(`${JSON.stringify(change).slice(0, 100)}: ${problem}`, () => {
      const [first = '', ...others] = problemsOf({ ...least, ...change });
      if (problem.endsWith('; ')) assert.ok(first.startsWith(problem), first);
      else assert.equal(first, problem);
      assert.deepEqual(others, []);
    });
  }
});
