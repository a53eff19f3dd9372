import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError, parseConfig } from '../../src/config/load.ts';
import { configuredProfiles } from '../../src/config/profiles.ts';
import { configSchema, dialectSettings } from '../../src/config/schema.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { defaultProfiles } from '../../src/domain/profile.ts';
import { assertBothLanguages } from '../support/both-languages.ts';
import { cpuMs } from '../support/cpu-time.ts';

describe('without settings', () => {
  const defaults = {
    role: 'all',
    threads: 1,
    listen: ['http://127.0.0.1:8080'],
    dataDirectory: './data',
    storage: { reserveMiB: 32 },
    trustedProxies: [],
    sessions: { operatorIdleMinutes: 30, operatorHours: 12, idleMinutes: 480, hours: 168 },
    metricsFrom: ['127.0.0.0/8', '::1'],
    log: { level: 'info' },
    dns: { resolvers: [], timeoutMs: 3000 },
    validation: { httpPort: 80, httpsPort: 443, timeoutMs: 10_000, checksAtOnce: 512, dangerAllowAddresses: [] },
    limits: { pendingOrders: 1000, unprovedNames: 5000, accounts: {} },
    alarms: { mail: [] },
    notices: { days: [90, 60, 30, 7, 3] },
    history: { checksKeepDays: 730 },
    webhooks: { dangerSendKeysInClear: false },
    authority: {
      organization: 'certmux',
      root: 'here',
      caaIdentities: [],
      allowLocalPkiUrl: false,
      lists: { days: 7, rootDays: 180, backdateSeconds: 300 },
      rollover: { successorDays: 180, publishDays: 30, rootPublishDays: 730 },
    },
    issuers: {},
    profiles: {},
    dialects: Object.fromEntries(dialects.map(({ name }) => [name, {}])),
  };
  const rows: readonly (readonly [why: string, text: string])[] = [
    ['an empty file', ''],
    ['comments alone', '# nothing\n\n# here\n'],
    ['an empty map', '{}'],
    ['a map of JSON', '{ "listen": ["http://127.0.0.1:8080"] }'],
    ['sections whose lines are commented out', 'log:\n  # level: debug\ndns:\ntls:\ndialects:\n  native:\n'],
  ];
  for (const [why, text] of rows) {
    test(`${why} is all defaults`, () => assert.deepEqual(parseConfig(text, 'certmux.yaml'), defaults));
  }

  test('every front door is open, on no host of its own', () => {
    const config = parseConfig('', 'certmux.yaml');
    for (const { name } of dialects) {
      const { isEnabled, hosts } = dialectSettings(config, name);
      assert.deepEqual({ isEnabled, hosts }, { isEnabled: true, hosts: [] });
    }
    assert.deepEqual(dialectSettings(config, 'encryption365').own, {
      suffix: 'comodoca.com',
      timeOffset: '+08:00',
      registration: 'closed',
    });
  });

  test('the profiles are the built-in ones', () => {
    assert.deepEqual(configuredProfiles(parseConfig('', 'certmux.yaml')), defaultProfiles);
  });
});

test('A profile keeps what its override does not name.', () => {
  const text = 'profiles:\n  private-dv:\n    maxValidityDays: 90\n    policyOids: [1.3.6.1.4.1.99999.1]\n';
  const profiles = configuredProfiles(parseConfig(text, 'certmux.yaml'));
  const [changed, ...others] = profiles;
  const [original, ...originals] = defaultProfiles;
  assert.deepEqual(changed, { ...original, maxValidityDays: 90, policyOids: ['1.3.6.1.4.1.99999.1'] });
  assert.deepEqual(others, originals);
});

test("A front door's section is its own and what all have.", () => {
  const text =
    'dialects:\n  encryption365:\n    enabled: false\n    hosts: [panel.example.com]\n    suffix: proof.example.com\n';
  const settings = dialectSettings(parseConfig(text, 'certmux.yaml'), 'encryption365');
  assert.deepEqual(settings, {
    isEnabled: false,
    hosts: ['panel.example.com'],
    own: { suffix: 'proof.example.com', timeOffset: '+08:00', registration: 'closed' },
  });
});

describe('accepted', () => {
  const rows: readonly string[] = [
    'listen: ["http://[::1]:8080"]',
    'listen: ["http://0.0.0.0:0", "http://0.0.0.0:0"]', // another port each
    'listen: ["http://certs.example.com:80"]',
    'publicUrl: https://certs.example.com',
    'publicUrl: http://certs.example.com:8080/below/',
    'authority: { pkiUrl: "http://certs.example.com/pki/" }',
    'trustedProxies: [10.0.0.0/8, "::1", 192.0.2.7]',
    'dns: { resolvers: [192.0.2.53, "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]", "[2001:db8::53]:5353"] }',
    'tls: { selfServed: [certs.example.com, "*.example.com", localhost, 192.0.2.7, "2001:db8::7", 例え.example] }\nlisten: ["https://127.0.0.1:443"]',
    'tls: { certificateFile: a.pem, keyFile: a.key }\nlisten: ["https://127.0.0.1:443", "http://127.0.0.1:80"]',
    'dialects: { encryption365: { hosts: [panel.example.com, panel, 192.0.2.7] } }',
    'limits: { pendingOrders: 5, accounts: { 7: { unprovedNames: 9 }, acc_0abc: { pendingOrders: 1, unprovedNames: 1 } } }',
  ];
  for (const text of rows) test(text, () => assert.doesNotThrow(() => parseConfig(text, 'certmux.yaml')));
});

describe('refused', () => {
  const listen = 'must be a scheme, an address and a port, like http://127.0.0.1:8080 or https://[::]:8443';
  const sender = 'must be an address, like certs@example.com or "Certificates <certs@example.com>"';
  const range = 'must be an IP address or a range like 10.0.0.0/8';
  const endpoint = 'must be an address with an optional port, like 192.0.2.53 or [2001:db8::53]:53';
  const databaseAddress =
    'database: must be the address of a PostgreSQL database, like postgres://certmux@db.example.com/certmux (line 1)';
  const url = 'must be an http or https address, like https://certs.example.com';
  const host = 'must be a host name without scheme, port and path, like panel.example.com';
  const served = 'must be a host name or an address, like certs.example.com';
  const rows: readonly (readonly [text: string, ...problems: string[]])[] = [
    // names of settings
    ['lisen: [http://127.0.0.1:80]', 'lisen: there is no such setting; did you mean listen? (line 1)'],
    [
      'log:\n  level: info\n  colour: true\n  size: 3',
      'log.colour: there is no such setting; there is file, level (line 3)',
      'log.size: there is no such setting; there is file, level (line 4)',
    ],
    [
      'dialects:\n  digcert: {}',
      'dialects.digcert: there is no such setting; did you mean dialects.digicert? (line 2)',
    ],
    [
      'dialects:\n  encryption365:\n    sufix: a.b',
      'dialects.encryption365.sufix: there is no such setting; did you mean dialects.encryption365.suffix? (line 3)',
    ],
    [
      'dialects:\n  native:\n    language: en',
      'dialects.native.language: there is no such setting; there is enabled, hosts (line 3)',
    ],
    [
      'profiles:\n  private-xv: {}',
      'profiles.private-xv: there is no such setting; did you mean profiles.private-dv? (line 2)',
    ],
    // kinds
    ['- listen', 'the configuration: must be a section, not "["listen"]"'],
    ['just words', 'the configuration: must be a section, not "just words"'],
    ['listen: http://127.0.0.1:80', 'listen: must be a list, not "http://127.0.0.1:80" (line 1)'],
    ['log: debug', 'log: must be a section, not "debug" (line 1)'],
    ['dialects:\n  native: off', 'dialects.native: must be a section, not "off" (line 2)'],
    ['dialects:\n  native:\n    enabled: "yes"', 'dialects.native.enabled: must be true or false, not "yes" (line 3)'],
    ['validation:\n  httpPort: "80"', 'validation.httpPort: must be a number, not "80" (line 2)'],
    ['dataDirectory: 5', 'dataDirectory: must be text, not "5" (line 1)'],
    ['trustedProxies:\n  - 10.0.0.1\n  - 5', 'trustedProxies.1: must be text, not "5" (line 3)'],
    // values
    ['listen: []', 'listen: must have at least 1 entry (line 1)'],
    ['listen: [127.0.0.1:8080]', `listen.0: ${listen} (line 1)`],
    ['listen: [ftp://127.0.0.1:8080]', `listen.0: ${listen} (line 1)`],
    ['listen: [http://127.0.0.1]', `listen.0: ${listen} (line 1)`],
    ['listen: [http://127.0.0.1:99999]', `listen.0: ${listen} (line 1)`],
    ['listen:\n  - http://127.0.0.1:80\n  - http://127.0.0.1:81/path', `listen.1: ${listen} (line 3)`],
    ['listen: ["http://::1:80"]', `listen.0: ${listen} (line 1)`],
    ['listen: ["http://user@127.0.0.1:80"]', `listen.0: ${listen} (line 1)`],
    ['database: ./certmux.db', databaseAddress],
    ['database: mysql://db.example.com/certmux', databaseAddress],
    ['database: postgres://db.example.com', databaseAddress], // which of its databases?
    ['database: postgres:///certmux', databaseAddress], // on which server?
    ['publicUrl: certs.example.com', `publicUrl: ${url} (line 1)`],
    ['publicUrl: ftp://certs.example.com', `publicUrl: ${url} (line 1)`],
    ['publicUrl: https://certs.example.com?a=b', `publicUrl: ${url} (line 1)`],
    ['publicUrl: "https://certs.example.com#a"', `publicUrl: ${url} (line 1)`],
    ['publicUrl: https://user:word@certs.example.com', `publicUrl: ${url} (line 1)`],
    ['trustedProxies: [proxy.example.com]', `trustedProxies.0: ${range} (line 1)`],
    ['metricsFrom: [10.0.0.0/33]', `metricsFrom.0: ${range} (line 1)`],
    ['validation: { dangerAllowAddresses: [10.*] }', `validation.dangerAllowAddresses.0: ${range} (line 1)`],
    ['validation: { checksAtOnce: 15 }', 'validation.checksAtOnce: must be at least 16, not "15" (line 1)'],
    ['limits: { unprovedNames: 0 }', 'limits.unprovedNames: must be at least 1, not "0" (line 1)'],
    ['limits: { accounts: { Acme: {} } }', 'limits.accounts.Acme: must be the id or the number of an account (line 1)'],
    [
      'limits: { accounts: { 7: { orders: 1 } } }',
      'limits.accounts.7.orders: there is no such setting; there is pendingOrders, unprovedNames (line 1)',
    ],
    ['validation: { httpPort: 0 }', 'validation.httpPort: must be at least 1, not "0" (line 1)'],
    ['validation: { httpPort: 80.5 }', 'validation.httpPort: must be a whole number, not "80.5" (line 1)'],
    ['dns: { resolvers: [resolver.example.com] }', `dns.resolvers.0: ${endpoint} (line 1)`],
    [
      'dns: { resolvers: ["192.0.2.53:0", "192.0.2.53:65536", "[192.0.2.53]:53", "192.0.2.53:dns"] }',
      ...[0, 1, 2, 3].map((n) => `dns.resolvers.${n}: ${endpoint} (line 1)`),
    ],
    ['log: { level: loud }', 'log.level: must be debug or info or warn or error or silent, not "loud" (line 1)'],
    ['authority: { organization: "" }', 'authority.organization: must have at least 1 character (line 1)'],
    [
      'profiles: { private-dv: { maxValidityDays: 9000 } }',
      'profiles.private-dv.maxValidityDays: must be at most 825, not "9000" (line 1)',
    ],
    [
      'profiles: { private-dv: { policyOids: [none] } }',
      'profiles.private-dv.policyOids.0: must be an object identifier like 2.23.140.1.2.1 (line 1)',
    ],
    ['dialects: { native: { hosts: ["https://a.example"] } }', `dialects.native.hosts.0: ${host} (line 1)`],
    [
      'dialects: { native: { hosts: ["a.example:8080", "*.example", "::1"] } }',
      ...[0, 1, 2].map((n) => `dialects.native.hosts.${n}: ${host} (line 1)`),
    ],
    [
      'dialects:\n  encryption365:\n    suffix: UPPER\n    timeOffset: east',
      'dialects.encryption365.suffix: must be a domain name in lower case (line 3)',
      'dialects.encryption365.timeOffset: must be an offset from UTC such as +08:00 (line 4)',
    ],
    // the ways to write tls
    ['listen: ["https://127.0.0.1:443"]\ntls:\n  certificateFile: a.pem', 'tls.keyFile: is missing (line 3)'],
    [
      'listen: ["https://127.0.0.1:443"]\ntls:\n  selfServed: a.example',
      'tls.selfServed: must be a list, not "a.example" (line 3)',
    ],
    [
      'listen: ["https://127.0.0.1:443"]\ntls:\n  selfServed: [a b, 1.2.3]',
      `tls.selfServed.0: ${served} (line 3)`,
      `tls.selfServed.1: ${served} (line 3)`,
    ],
    // contradictions
    ['listen: ["https://127.0.0.1:443"]', 'listen: an https address needs the setting tls (line 1)'],
    ['tls: { selfServed: [a.example] }', 'tls: no listen address is https, so it would never be used (line 1)'],
    ...(['api', 'worker'] as const).map(
      (role) =>
        [
          `role: ${role}`,
          `role: ${role} is for nodes that share a PostgreSQL database (the setting database); the embedded one belongs to one process, which does everything (line 1)`,
        ] as const,
    ),
    ['role: both', 'role: must be all or api or worker, not "both" (line 1)'],
    [
      'listen:\n  - http://127.0.0.1:80\n  - http://127.0.0.1:80',
      'listen.1: http://127.0.0.1:80 is listed twice (line 3)',
    ],
    [
      'dialects:\n  native: { hosts: [a.example] }\n  encryption365:\n    hosts:\n      - b.example\n      - A.example',
      'dialects.encryption365.hosts.1: A.example is bound to native already (line 6)',
    ],
    [
      'aliasZone:\n  zone: acme.example.com\n  nameServers: [{ name: ns1.example.com }]\n  contact: dns@example.com\ndialects:\n  httpsok: { aliasZone: alias.example.com }',
      'dialects.httpsok.aliasZone: is alias.example.com, and aliasZone.zone is acme.example.com: a name can be delegated to only one of them; leave this one out (line 6)',
    ],
    ['mail: { host: smtp.example }', 'mail.from: is missing (line 1)'],
    ['alarms: { mail: [nobody] }', 'alarms.mail.0: must be a mail address, like certs@example.com (line 1)'],
    ['alarms: { mail: [a@b.c] }', 'alarms.mail: nobody can send it: the section mail is missing (line 1)'],
    [
      'alarms: { webhook: { url: "ftp://a.example/" } }',
      'alarms.webhook.url: must be an http or https address, like https://alerts.example.com/certmux (line 1)',
    ],
    [
      'mail: { host: "a b", from: a@b.c }',
      'mail.host: must be a host name or an address, like smtp.example.com (line 1)',
    ],
    ...['a', 'a@b\\nBcc: c@d.e', 'a <b', 'a@b.c, d@e.f', 'a <b@c.d>, e@f.g'].map(
      (from) => [`mail: { host: h.example, from: "${from}" }`, `mail.from: ${sender} (line 1)`] as const,
    ),
    ['mail: { host: h.example, from: a@b.c, user: u }', 'mail.user: needs password or passwordFile (line 1)'],
    [
      'mail: { host: h.example, from: a@b.c, passwordFile: f }',
      'mail.user: is missing, but there is a password (line 1)',
    ],
    [
      'mail: { host: h.example, from: a@b.c, user: u, password: p, passwordFile: f }',
      'mail.password: passwordFile is set as well; one of them must go (line 1)',
    ],
    [
      'publicUrl: https://Certs.example\nmail: { host: h.example, from: a@b.c }\ndialects: { native: { hosts: [certs.example] } }',
      'publicUrl: its host is bound to native, so the links in mails (/confirm/…, /invitation/…, /mail/stop/…) would lead nowhere (line 1)',
    ],
    // several at once
    [
      'listen: [nowhere]\ntrustedProxies: [nobody]\nlog: { level: loud }\nextra: 1',
      `listen.0: ${listen} (line 1)`,
      `trustedProxies.0: ${range} (line 2)`,
      'log.level: must be debug or info or warn or error or silent, not "loud" (line 3)',
      `extra: there is no such setting; there is ${Object.keys(configSchema.shape).toSorted().join(', ')} (line 4)`,
    ],
    [
      'tls: { selfServed: [a.example] }\ndialects: { native: { hosts: ["/"] } }',
      `dialects.native.hosts.0: ${host} (line 2)`,
      'tls: no listen address is https, so it would never be used (line 1)',
    ],
    // not YAML
    [
      'listen: [a',
      'the file is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 11',
    ],
    ['log:\n  level: info\n  level: debug', 'the file is not YAML: Map keys must be unique at line 3, column 3'],
    ['log:\n\tlevel: info', 'the file is not YAML: Tabs are not allowed as indentation at line 2, column 1'],
    [
      'log: {}\n---\nlog: {}',
      'the file is not YAML: Source contains multiple documents; please use YAML.parseAllDocuments() at line 2, column 1',
    ],
    [
      'log: !!js/function "x"',
      'the file is not YAML: Unresolved tag: tag:yaml.org,2002:js/function at line 1, column 6',
    ],
    ['a: *nowhere', 'the file cannot be read: Unresolved alias (the anchor must be set before the alias): nowhere'],
  ];
  for (const [text, ...problems] of rows) {
    test(text, () => {
      assert.throws(
        () => parseConfig(text, 'certmux.yaml'),
        (thrown) => {
          assert.ok(thrown instanceof ConfigError, String(thrown));
          assert.deepEqual(thrown.problems, problems);
          assertBothLanguages(thrown);
          assert.equal(thrown.message, `certmux.yaml: ${problems.join('; ')}`);
          return true;
        },
      );
    });
  }

  test('aliases that would grow into gigabytes', () => {
    const levels = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n}, `.repeat(9)}*a${n}]`);
    const startedMs = cpuMs();
    assert.throws(() => parseConfig(`a0: &a0 x\n${levels.join('\n')}`, 'certmux.yaml'), ConfigError);
    assert.ok(cpuMs() - startedMs < 10_000);
  });
});
