/** The nginx agent: what its shell script sends, and replies that it understands. */
import assert from 'node:assert/strict';
import { createPrivateKey, hash, X509Certificate } from 'node:crypto';
import { describe, test } from 'node:test';
import { certificatesOf } from '../../../src/dialects/httpsok/nginx-config.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { generateKey } from '../../../src/pki/key.ts';
import { createLeafTemplate } from '../../../src/pki/leaf-template.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { signAndAssemble } from '../../../src/pki/signature.ts';
import { createAuthority, names, p256, serial } from '../../pki/support.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { createBrokenIssuer, createSession, key, refusingIssuer, type Session } from './harness.ts';

/** One site as the script's users write it. */
const site = `
# a comment; with { braces }
server {
    listen 443 ssl;
    server_name example.com www.example.com "*.example.com" _ ~^re\\d+$ localhost 192.0.2.1;
    ssl_certificate /etc/nginx/cert/example.com.cer;
    ssl_certificate_key '/etc/nginx/cert/example.com.key';
    location / { proxy_pass http://127.0.0.1:8080; }
}
`;

const summary = (text: string) =>
  certificatesOf(text).certificates.map(({ certificateFile, keyFile, names }) => [
    certificateFile,
    keyFile,
    ...names.map(({ value }) => value),
  ]);

const found = [
  '/etc/nginx/cert/example.com.cer',
  '/etc/nginx/cert/example.com.key',
  'example.com',
  'www.example.com',
  '*.example.com',
];

describe('the certificates of a configuration', () => {
  const server = (inside: string) => `server { ${inside} }`;
  const ssl = 'ssl_certificate /c.cer; ssl_certificate_key /c.key;';
  const rows: readonly (readonly [what: string, text: string, expected: readonly (readonly string[])[]])[] = [
    ['one server', site, [found]],
    ['inside http', `http { include mime.types; ${site} }`, [found]],
    [
      'written between marks, as before 1.18.2',
      `http {\n#included-begin /etc/nginx/conf.d/a.conf;\n${site}\n#included-end /etc/nginx/conf.d/a.conf;\n#import x;\n}`,
      [found],
    ],
    [
      'printed by nginx -T',
      `# configuration file /etc/nginx/nginx.conf:\nhttp { include /etc/nginx/conf.d/*.conf; }\n\n# configuration file /etc/nginx/conf.d/a.conf:\n${site}`,
      [found],
    ],
    [
      'an included piece of a server, by a relative path',
      `# configuration file /etc/nginx/nginx.conf:\nhttp { server { server_name a.example.com; include ssl.conf; } }\n# configuration file /etc/nginx/ssl.conf:\n${ssl}`,
      [['/c.cer', '/c.key', 'a.example.com']],
    ],
    [
      'two servers with one certificate',
      `${server(`server_name a.example.com; ${ssl}`)} ${server(`server_name b.example.com a.example.com; ${ssl}`)}`,
      [['/c.cer', '/c.key', 'a.example.com', 'b.example.com']],
    ],
    [
      'a leading dot',
      server(`server_name .example.com; ${ssl}`),
      [['/c.cer', '/c.key', 'example.com', '*.example.com']],
    ],
    ['no certificate', server('server_name a.example.com;'), []],
    ['no key', server('server_name a.example.com; ssl_certificate /c.cer;'), []],
    ['no name', server(`server_name _; ${ssl}`), []],
    [
      'a relative path',
      server('server_name a.example.com; ssl_certificate c.cer; ssl_certificate_key /c.key;'),
      [['c.cer', '/c.key', 'a.example.com']],
    ],
    [
      'http, for all servers',
      `http { ${ssl} server { listen 443 ssl; server_name a.example.com; } server { listen 80; server_name b.example.com; } }`,
      [['/c.cer', '/c.key', 'a.example.com']],
    ],
    [
      'http, below the servers, with a server that has its own',
      `http { server { listen 443 ssl; server_name a.example.com; }
        server { listen 443; server_name b.example.com; ssl_certificate /d.cer; ssl_certificate_key /d.key; } ${ssl} }`,
      [
        ['/c.cer', '/c.key', 'a.example.com'],
        ['/d.cer', '/d.key', 'b.example.com'],
      ],
    ],
    [
      'http, for servers that share the address, use quic or the old directive',
      `http { ${ssl} server { listen 443 ssl; server_name a.example.com; } server { listen *:443; server_name b.example.com; }
        server { listen 8443 quic; server_name c.example.com; } server { ssl on; server_name d.example.com; }
        server { listen 444; server_name e.example.com; } server { ssl off; server_name f.example.com; } }`,
      [['/c.cer', '/c.key', 'a.example.com', 'b.example.com', 'c.example.com', 'd.example.com']],
    ],
    [
      'http, the key only',
      `http { ssl_certificate_key /c.key; ${server('listen 443 ssl; server_name a.example.com; ssl_certificate /c.cer;')} }`,
      [['/c.cer', '/c.key', 'a.example.com']],
    ],
    ['a path with a comma', server('server_name a.example.com; ssl_certificate /a,b; ssl_certificate_key /c.key;'), []],
    ['a variable', server('server_name a.example.com; ssl_certificate /$ssl.cer; ssl_certificate_key /c.key;'), []],
    ['nothing', '', []],
    ['braces that do not match', '}}}} server { server_name a.example.com; {{{{', []],
    ['a file that includes itself', '# configuration file /a.conf:\ninclude /a.conf;\n', []],
  ];
  for (const [what, text, expected] of rows) {
    test(`in ${what}`, () => assert.deepEqual(summary(text), expected));
  }

  test('in a megabyte of braces or includes, within a moment', () => {
    const started = cpuMs();
    certificatesOf('{'.repeat(1 << 20));
    certificatesOf(`# configuration file /a:\n${'include /a;\n'.repeat(50_000)}`);
    assert.ok(cpuMs() - started < 10_000);
  });
});

const headers = {
  'Content-Type': 'text/plain',
  'httpsok-token': key,
  'httpsok-version': '1.18.2',
  'os-name': 'Debian',
  'trace-id': '0'.repeat(32),
  mode: 'crontab',
};

async function ask(session: Session, path: string, init: RequestInit = {}): Promise<string> {
  const request = new Request(`${session.baseUrl}/v1/nginx${path}`, {
    ...init,
    headers: { ...headers, ...init.headers },
  });
  const response = await session.fetch(request);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
  return response.text();
}

/** PEM of a certificate of another CA, or of one that signs itself. */
async function certificateFor(input: {
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly isOwn?: boolean;
}): Promise<string> {
  const { notBefore, notAfter, isOwn = false } = input;
  const { spkiDer } = await generateKey(p256);
  const { profile, signer } = await elsewhere;
  const leafInput = { serial: serial(9), notBefore, notAfter, spkiDer, names: names(...input.names) };
  const make = (issuerName: Uint8Array) =>
    signAndAssemble(createLeafTemplate({ ...profile, issuerName }).tbs(leafInput), signer);
  const certificate = await make(profile.issuerName);
  return encodePem('CERTIFICATE', isOwn ? await make(parseCertificate(certificate).subject.der) : certificate);
}

const elsewhere = createAuthority();

const preparse = (session: Session) => ask(session, '/preparse', { method: 'POST', body: site });

async function codeOf(session: Session): Promise<string> {
  return (await preparse(session)).split(',')[0] ?? '';
}

/** As curl sends `-F cert=@… -F certKey=@…`: the type of the form wins over the agent's own. */
async function upload(session: Session, code: string, cert: string, slash = '/'): Promise<string> {
  const form = new FormData();
  form.set('cert', new File([cert], 'a.cer'));
  form.set('certKey', new File(['key'], 'a.key'));
  const encoded = new Request('http://x', { method: 'POST', body: form });
  const type = encoded.headers.get('content-type') ?? '';
  return ask(session, `${slash}upload?code=${code}`, {
    method: 'POST',
    headers: { 'Content-Type': type },
    body: await encoded.arrayBuffer(),
  });
}

describe('a run of the agent', () => {
  test('from the first look to the certificate and on to the next day', async () => {
    const { issuer, mend } = createBrokenIssuer();
    const session = await createSession({ issuer });
    assert.equal(await ask(session, '/status'), 'ok');
    const line = await preparse(session);
    assert.match(line, /^[0-9a-f]{32},\/etc\/nginx\/cert\/example\.com\.cer,\/etc\/nginx\/cert\/example\.com\.key\n$/);
    const code = await codeOf(session);
    assert.equal(await preparse(session), line, 'the code stays');
    assert.equal(await upload(session, code, '', '//'), 'ok', 'also where the base URL ends with a slash');

    assert.equal(await ask(session, `/check?code=${code}`), '12');
    assert.match(await ask(session, `/checkDns?codes=${code},`), /_acme-challenge\.example\.com .*CNAME.*\n$/s);
    await session.delegate(['example.com', 'www.example.com']);
    assert.equal(await ask(session, `/checkDns?codes=${code},`), '3');

    assert.equal(await ask(session, `/check?code=${code}`), '2');
    assert.equal(await ask(session, `/check?code=${code}`), '2');
    assert.equal((await session.orders()).length, 1);
    mend();
    await session.app.advance(60);

    const [first, sums = ''] = (await ask(session, `/check?code=${code}`)).split('\n');
    assert.equal(first, '1');
    const cer = await ask(session, `/cert/${code}.cer`);
    const certKey = await ask(session, `/cert/${code}.key`);
    assert.equal(sums, `${hash('md5', cer, 'hex')},${hash('md5', certKey, 'hex')}`);
    assert.ok(new X509Certificate(cer));
    assert.equal(createPrivateKey(certKey).asymmetricKeyType, 'ec');

    const log = await ask(session, `/log/cert-updated-success?code=${code}`, { method: 'PUT', body: 'all is well' });
    assert.equal(log, 'ok\n');
    assert.equal(await ask(session, '/done?t=1'), 'ok');

    await upload(session, code, cer);
    assert.equal(await ask(session, `/check?code=${code}`), '3');
    await session.stayAway(80 * 86_400);
    assert.equal(await preparse(session), line, 'the code is the same after months');
    await upload(session, code, cer);
    assert.equal(await ask(session, `/check?code=${code}`), '2', 'replaced before it ends');
    assert.equal((await session.orders()).length, 2);
  });

  describe('finds in its place a certificate from elsewhere', () => {
    const at = '2026-06-01T00:00:00Z';
    const all = ['example.com', 'www.example.com', '*.example.com'];
    const kept = '3';
    const replaced = '2';
    const rows: readonly (readonly [
      what: string,
      certificate: {
        readonly names?: readonly string[];
        readonly from?: string;
        readonly days: number;
        readonly isOwn?: true;
      },
      expected: string,
    ])[] = [
      ['that is good', { days: 90 }, kept],
      ['that is good, its names by wildcard', { names: ['EXAMPLE.com', '*.example.com'], days: 90 }, kept],
      ['15 days before its end', { from: '2026-03-01', days: 107 }, kept],
      ['13 days before its end', { from: '2026-03-01', days: 105 }, replaced],
      ['that has ended', { from: '2026-03-01', days: 30 }, replaced],
      ['of ten days, fresh', { days: 10 }, kept],
      ['of ten days, in its last third', { from: '2026-05-25', days: 10 }, replaced],
      ['that lacks a name', { names: ['example.com', 'www.example.com'], days: 90 }, replaced],
      ['that lacks the name below which its wildcard is', { names: ['*.example.com'], days: 90 }, replaced],
      ['that signs itself', { days: 90, isOwn: true }, replaced],
    ];
    for (const [what, { names = all, from = '2026-06-01', days, isOwn = false }, expected] of rows) {
      test(what, async () => {
        const session = await createSession({ at });
        const code = await codeOf(session);
        await session.delegate(['example.com', 'www.example.com']);
        const notBefore = new Date(from);
        const notAfter = new Date(notBefore.getTime() + days * 86_400_000);
        await upload(session, code, await certificateFor({ names, notBefore, notAfter, isOwn }));
        assert.equal(await ask(session, `/check?code=${code}`), expected);
        assert.equal((await session.orders()).length, expected === replaced ? 1 : 0);
      });
    }

    test('and forgets it once its file holds none', async () => {
      const session = await createSession({ at });
      const code = await codeOf(session);
      await session.delegate(['example.com', 'www.example.com']);
      const [notBefore, notAfter] = [new Date('2026-06-01'), new Date('2026-09-01')];
      await upload(session, code, await certificateFor({ names: all, notBefore, notAfter }));
      assert.equal(await ask(session, `/check?code=${code}`), kept);
      await upload(session, code, '');
      assert.equal(await ask(session, `/check?code=${code}`), replaced);
    });
  });

  test('whose certificates last ten days gets one, not one after the other', async () => {
    const profiles = defaultProfiles.map((profile) => ({ ...profile, maxValidityDays: 10 }));
    const session = await createSession({ at: '2026-06-01T00:00:00Z', profiles });
    const code = await codeOf(session);
    await session.delegate(['example.com', 'www.example.com']);
    assert.equal(await ask(session, `/check?code=${code}`), '2');
    await session.app.idle();
    assert.match(await ask(session, `/check?code=${code}`), /^1\n/);
    const cer = await ask(session, `/cert/${code}.cer`);
    const { validFromDate, validToDate } = new X509Certificate(cer);
    assert.equal(Math.round((validToDate.getTime() - validFromDate.getTime()) / 86_400_000), 10);
    await upload(session, code, cer);
    assert.equal(await ask(session, `/check?code=${code}`), '3');
    assert.equal((await session.orders()).length, 1);
  });

  test('is told why there will be no certificate', async () => {
    const session = await createSession({ config: { language: 'en' }, issuer: refusingIssuer });
    const code = await codeOf(session);
    await session.delegate(['example.com', 'www.example.com']);
    await ask(session, `/check?code=${code}`);
    await session.app.idle();
    assert.equal(await ask(session, `/check?code=${code}`), 'the issuer embedded refused: CAA\n');
    await session.app.advance(3_700);
    assert.equal(await ask(session, `/check?code=${code}`), '2', 'tried again later');
  });

  describe('from 1.9 on asks for its records without codes', () => {
    type Marks = Readonly<Record<'trace-id' | 'httpsok-uuid', string>>;
    const nothing: Marks = { 'trace-id': '', 'httpsok-uuid': '' };
    const first: Marks = { 'trace-id': '1'.repeat(32), 'httpsok-uuid': '4E1F7BBB-DE8A-4EEB-B331-426DE5BD79B4' };
    const rows: readonly (readonly [
      what: string,
      sent: Marks,
      later: Marks,
      afterSeconds: number,
      expected: RegExp,
    ])[] = [
      ['of the same run', first, { ...nothing, 'trace-id': first['trace-id'] }, 3600, /^_acme-challenge\.example/],
      ['of the same machine', first, { ...nothing, 'httpsok-uuid': first['httpsok-uuid'] }, 3600, /^_acme-challenge/],
      ['from the same address', nothing, nothing, 14 * 60, /^_acme-challenge\.example/],
      ['from the same address, too late', nothing, nothing, 16 * 60, /run httpsok\.sh again/],
      ['of another run and machine, too late', first, { 'trace-id': '2', 'httpsok-uuid': '3' }, 16 * 60, /again/],
      ['after a week', first, first, 8 * 86_400, /run httpsok\.sh again/],
    ];
    for (const [what, sent, later, afterSeconds, expected] of rows) {
      test(what, async () => {
        const session = await createSession({ config: { language: 'en' } });
        assert.match(
          await ask(session, '/checkDns', { headers: later }),
          /run httpsok\.sh again/,
          'nothing was sent yet',
        );
        await ask(session, '/preparse', { method: 'POST', body: site, headers: sent });
        await session.stayAway(afterSeconds);
        assert.match(await ask(session, '/checkDns', { headers: later }), expected);
      });
    }

    test('and gets those of its newest configuration, then 3', async () => {
      const session = await createSession({ config: { language: 'en' } });
      const send = (body: string, marks: Marks) => ask(session, '/preparse', { method: 'POST', body, headers: marks });
      await send(site, first);
      await send(site.replaceAll('example.com', 'example.org'), { ...first, 'trace-id': '5' });
      const records = async (headers: Marks) =>
        [...(await ask(session, '/checkDns', { headers })).matchAll(/_acme-challenge\.\S+/g)].map(([host]) => host);
      const ofMachine = { ...nothing, 'httpsok-uuid': first['httpsok-uuid'] };
      assert.deepEqual(await records(ofMachine), ['_acme-challenge.example.org', '_acme-challenge.www.example.org']);
      // Another machine of the same image: the run's own text decides.
      assert.deepEqual(await records(first), ['_acme-challenge.example.com', '_acme-challenge.www.example.com']);
      await session.delegate(['example.org', 'www.example.org']);
      assert.equal(await ask(session, '/checkDns', { headers: ofMachine }), '3');
    });

    test('and never those of another key', async () => {
      const session = await createSession({ config: { language: 'en' } });
      await ask(session, '/preparse', { method: 'POST', body: site, headers: first });
      const headers = { ...first, 'httpsok-token': await session.anotherKey() };
      assert.match(await ask(session, '/checkDns', { headers }), /run httpsok\.sh again/);
    });
  });

  test('whose configuration has no certificate is told why by every later call', async () => {
    const session = await createSession({ config: { language: 'en' } });
    const line = await ask(session, '/preparse', { method: 'POST', body: 'server { listen 80; }' });
    // The script cuts at commas and prints what the calls with the code answer.
    assert.match(line, /^[0-9a-f]{32},,\n$/);
    const code = line.slice(0, 32);
    const why =
      /^none of the 1 servers in the nginx configuration has both ssl_certificate and ssl_certificate_key;.*\n$/;
    assert.match(await ask(session, `/check?code=${code}`), why);
    assert.match(await ask(session, `/checkDns?codes=${code},`), why);
    assert.match(await ask(session, '/checkDns'), why);
    assert.equal(
      await ask(session, `/check?code=${code}`, { headers: { 'httpsok-token': await session.anotherKey() } }),
      '13',
    );
    assert.equal((await session.orders()).length, 0);
  });

  test('some of whose sites are left out is told which ones, by the codes without files', async () => {
    const session = await createSession({ config: { language: 'en' } });
    const variable = site.replaceAll('example.com.', '$host.').replace('server_name', 'server_name x.example.net');
    const reply = await ask(session, '/preparse', { method: 'POST', body: site + variable });
    const [good = '', leftOut = '', ...more] = reply.split('\n');
    assert.match(good, /^[0-9a-f]{32},\/etc\/nginx\/cert\/example\.com\.cer,/);
    assert.match(leftOut, /^[0-9a-f]{32},,$/);
    assert.deepEqual(more, ['']);
    const [goodCode, code] = [good.slice(0, 32), leftOut.slice(0, 32)];
    const why = /^ssl_certificate "\/etc\/nginx\/cert\/\$host\.cer" cannot be used: .*\n$/;
    assert.match(await ask(session, `/check?code=${code}`), why);
    for (const path of [`/checkDns?codes=${goodCode},${code},`, '/checkDns']) {
      assert.match(await ask(session, path), /^_acme-challenge\.example\.com .*CNAME/);
    }
    await session.delegate(['example.com', 'www.example.com']);
    for (const path of [`/checkDns?codes=${goodCode},${code},`, '/checkDns']) {
      assert.equal(await ask(session, path), '3');
    }
    assert.equal(await ask(session, `/checkDns?codes=${goodCode},${'0'.repeat(32)},`), '13');
    assert.equal(await ask(session, `/check?code=${goodCode}`), '2');
    assert.match(await upload(session, code, ''), /^no certificate [0-9a-f]{32} in this account\n$/);
  });

  test('with relative paths gets them with the folder of its configuration', async () => {
    const session = await createSession();
    const body = site.replaceAll('/etc/nginx/cert', 'cert');
    const headers = { 'nginx-config-home': Buffer.from('/opt/网站').toString('latin1') };
    const line = await ask(session, '/preparse', { method: 'POST', body, headers });
    assert.equal(line.slice(32), ',/opt/网站/cert/example.com.cer,/opt/网站/cert/example.com.key\n');
  });

  test('of another account sees none of it', async () => {
    const session = await createSession({ config: { language: 'en' } });
    const code = await codeOf(session);
    const otherKey = await session.anotherKey();
    const init = { headers: { 'httpsok-token': otherKey } };
    assert.equal(await ask(session, `/check?code=${code}`, init), '13');
    assert.match(await ask(session, `/cert/${code}.key`, init), /^no certificate [0-9a-f]{32} in this account\n$/);
    assert.notEqual((await ask(session, '/preparse', { method: 'POST', body: site, ...init })).split(',')[0], code);
  });

  test('with a wrong key, a bad code or a bad call is told so in plain text', async () => {
    const session = await createSession({ config: { language: 'en' } });
    const wrong = await ask(session, '/status', { headers: { 'httpsok-token': 'wrong' } });
    assert.match(wrong, /OpenApiKey is wrong or was revoked\n$/);
    assert.equal(await ask(session, '/check?code=abc'), '13');
    assert.equal(await ask(session, '/checkDns?codes=abc,'), '13');
    for (const path of ['/check', '/cert/abc', '/cert/abc.pem', '/nowhere']) {
      assert.match(await ask(session, path), /^\S.*\n$/);
    }
    assert.equal(await ask(session, '/uninstall?t=1'), 'ok');
  });
});
