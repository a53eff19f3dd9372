/** Configurations that strangers write: what an include means, and what no text makes the reader do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { certificatesOf } from '../../../src/dialects/httpsok/nginx-config.ts';
import { pathMatcher } from '../../../src/dialects/httpsok/nginx-includes.ts';
import { parseDirectives } from '../../../src/dialects/httpsok/nginx-syntax.ts';
import { CertError, renderReason } from '../../../src/domain/errors.ts';
import { assertLinear } from '../../support/growth.ts';

describe('a pattern', () => {
  const rows: readonly (readonly [pattern: string, path: string, isMeant: boolean])[] = [
    ['/a/*.conf', '/a/b.conf', true],
    ['/a/*.conf', '/a/.conf', true],
    ['/a/*.conf', '/a/b/c.conf', false], // `*` is anything but a slash
    ['/a/*.conf', '/a/b.conf.bak', false],
    ['/a/*', '/a/b', true],
    ['/a/*', '/b/a', false],
    ['/*/b', '/a/b', true],
    ['/a*b*a', '/aba', true],
    ['/a*b*a', '/ab', false],
    ['/a*a', '/a', false], // the same letter cannot be both ends
    ['/a*bc*bd', '/abcbcbd', true],
    ['/a*b*c*d', '/a-bb-cc-d', true],
    ['/a**b', '/ab', true],
    ['/a.b', '/aXb', false], // a dot is a dot
    ['/(a+)+$', '/(a+)+$', true],
    ['/[ab]', '/a', false],
    ['', '', true],
  ];
  for (const [pattern, path, isMeant] of rows) {
    test(`${pattern} means ${isMeant ? '' : 'not '}${path}`, () => assert.equal(pathMatcher(pattern)(path), isMeant));
  }
});

describe('quotes', () => {
  const rows: readonly (readonly [text: string, words: readonly string[]])[] = [
    ['a "b c" \'d;e\';', ['a', 'b c', 'd;e']],
    ['a "b\\"c";', ['a', 'b\\"c']],
    ['a "b', []],
    ['a "b;', ['a', '"b']], // nothing closes it, so it is a character
    ['a b"c;', ['a', 'b"c']],
    ["a 'it;", ['a', "'it"]],
  ];
  for (const [text, words] of rows) {
    test(text, () => assert.deepEqual(parseDirectives(text)[0]?.words ?? [], words));
  }
});

const printed = (files: Readonly<Record<string, string>>) =>
  Object.entries(files)
    .map(([name, text]) => `# configuration file ${name}:\n${text}\n`)
    .join('');
const ssl = 'ssl_certificate /c.cer; ssl_certificate_key /c.key;';

function refusal(text: string): string | undefined {
  try {
    certificatesOf(text);
  } catch (thrown) {
    assert.ok(thrown instanceof CertError, String(thrown));
    return thrown.message;
  }
  return undefined;
}

describe('a configuration without certificates says why', () => {
  const rows: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    ['nothing', '', /^the configuration that was sent has no server block/],
    ['no server', 'events {}', /^the configuration that was sent has no server block/],
    [
      'lines of grep, as before 1.8',
      '/etc/nginx/a.conf:server {\n/etc/nginx/a.conf:  ssl_certificate /a.cer;\n',
      /sent as single lines without its blocks/,
    ],
    ['no certificate', 'server { listen 80; } server { listen 81; }', /^none of the 2 servers/],
    [
      'a key only',
      'server { listen 443 ssl; server_name a.example.com; ssl_certificate_key /c.key; }',
      /^the server "a\.example\.com" has ssl_certificate_key but no ssl_certificate;/,
    ],
    [
      'a certificate only',
      'server { ssl_certificate /c.cer; }',
      /^the server "" has ssl_certificate but no ssl_certificate_key;/,
    ],
    [
      'a variable',
      'server { server_name a.example.com; ssl_certificate /$x.cer; ssl_certificate_key /c.key; }',
      /^ssl_certificate "\/\$x.cer" cannot be used/,
    ],
    [
      'a key in the configuration',
      'server { server_name a.example.com; ssl_certificate /c.cer; ssl_certificate_key data:x; }',
      /^ssl_certificate_key "data:x" cannot be used/,
    ],
    ['no name', `server { server_name _ 192.0.2.1; ${ssl} }`, /^no server that uses "\/c\.cer" has a server_name/],
  ];
  for (const [what, text, message] of rows) {
    test(what, () => {
      const { certificates, leftOut } = certificatesOf(text);
      assert.deepEqual(certificates, []);
      assert.deepEqual(leftOut.length, 1);
      assert.match(leftOut.map((why) => renderReason(why, 'en')).join(), message);
    });
  }
});

describe('a configuration with certificates names the sites that are left out', () => {
  const good = `server { server_name good.example.com; ${ssl} }`;
  const site = (inside: string) => `server { listen 443 ssl; server_name site.example.com; ${inside} }`;
  const many = Array.from({ length: 102 }, (_, index) => `n${index}.example.com`).join(' ');
  const rows: readonly (readonly [what: string, text: string, messages: readonly RegExp[]])[] = [
    ['none', `${good} server { listen 80; server_name b.example.com; }`, []],
    ['none, since one refuses every handshake', `${good} server { listen 443 ssl; ssl_reject_handshake on; }`, []],
    [
      'of two kinds',
      `${good} ${site('ssl_certificate /$x.cer; ssl_certificate_key /c.key;')} ${site('ssl_certificate /d.cer;')}`,
      [/^ssl_certificate "\/\$x\.cer" cannot be used/, /^the server "site\.example\.com" has ssl_certificate but no/],
    ],
    [
      'each once',
      `${good} ${site('ssl_certificate "/a b.cer"; ssl_certificate_key /c.key;').repeat(3)}`,
      [/^ssl_certificate "\/a b\.cer" cannot be used/],
    ],
    [
      'without a name',
      `${good} server { server_name 192.0.2.1; ssl_certificate /d.cer; ssl_certificate_key /d.key; }`,
      [/^no server that uses "\/d\.cer" has a server_name/],
    ],
    [
      'for clients of another kind of key',
      site(
        'ssl_certificate rsa.cer; ssl_certificate_key rsa.key; ssl_certificate ecc.cer; ssl_certificate_key ecc.key;',
      ),
      [/^ssl_certificate "rsa\.cer" is left as it is: .*, "ecc\.cer", is replaced$/],
    ],
    [
      'by their names, of one certificate',
      `server { server_name ${many}; ${ssl} } server { server_name n3.example.com z.example.com; ${ssl} }`,
      [/^"\/c\.cer" would have more than 100 names: "n100\.example\.com" and the names after it/],
    ],
  ];
  for (const [what, text, messages] of rows) {
    test(what, () => {
      const { certificates, leftOut } = certificatesOf(text);
      assert.equal(certificates.length, 1);
      const rendered = leftOut.map((why) => renderReason(why, 'en'));
      assert.equal(rendered.length, messages.length, rendered.join('\n'));
      for (const [index, message] of messages.entries()) assert.match(rendered[index] ?? '', message);
    });
  }
});

describe('a path', () => {
  const rows: readonly (readonly [home: string, path: string, expected: string])[] = [
    ['/etc/nginx', 'cert/a.cer', '/etc/nginx/cert/a.cer'],
    ['/etc/nginx/', 'a.cer', '/etc/nginx/a.cer'],
    ['.httpsok', 'a.cer', '.httpsok/a.cer'], // the Windows agent's own folder
    ['', 'cert/a.cer', 'cert/a.cer'],
    ['/etc/nginx', '/a.cer', '/a.cer'],
    ['/etc/nginx', 'C:/nginx/a.cer', 'C:/nginx/a.cer'],
  ];
  for (const [home, path, expected] of rows) {
    test(`${path} at ${home === '' ? 'an unknown home' : home} is ${expected}`, () => {
      const text = `server { server_name a.example.com; ssl_certificate ${path}; ssl_certificate_key ${path}.key; }`;
      const [found] = certificatesOf(text, home).certificates;
      assert.deepEqual([found?.certificateFile, found?.keyFile], [expected, `${expected}.key`]);
    });
  }
});

test('an include of several stars finds its files', () => {
  const { certificates: found } = certificatesOf(
    printed({
      '/etc/nginx/nginx.conf': 'http { include sites-*/*/*.conf; }',
      '/etc/nginx/sites-enabled/a/b.conf': `server { server_name a.example.com; ${ssl} }`,
      '/etc/nginx/sites-enabled/a.conf': `server { server_name b.example.com; ${ssl} }`,
    }),
  );
  assert.deepEqual(
    found.map(({ names }) => names.map(({ value }) => value)),
    [['a.example.com']],
  );
});

test('includes through many files end, however deep their blocks are', () => {
  const files = Array.from({ length: 1900 }, (_, index) => [`/${index}`, `${'a {'.repeat(11)} include /${index + 1};`]);
  assert.equal(refusal(printed(Object.fromEntries(files))), undefined);
});

describe('a configuration that is not one of a server is refused, naming the limit', () => {
  const files = (count: number, name: (index: number) => string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), '']));
  const rows: readonly (readonly [what: string, text: string, message: RegExp])[] = [
    [
      'more includes than anybody has',
      printed({ '/a': 'include /b;'.repeat(2001), '/b': '' }),
      /^the nginx configuration has more than 2000 included files$/,
    ],
    [
      'a file that becomes a gigabyte',
      printed({ '/a': 'include /b;'.repeat(1000), '/b': 'x'.repeat(10_000) }),
      /more than 4194304 characters in included files/,
    ],
    [
      'patterns against all files, again and again',
      printed({
        '/a': `include /${'*a'.repeat(20)}*b;`.repeat(1500),
        ...files(1500, (i) => `/${'a'.repeat(200)}${i}`),
      }),
      /more than 8388608 characters to compare/,
    ],
    [
      'names without end',
      `server { ${ssl} server_name ${Array.from({ length: 10_001 }, (_, i) => `${i}.x_`).join(' ')}; }`,
      /more than 10000 server names/,
    ],
  ];
  for (const [what, text, message] of rows) test(what, () => assert.match(refusal(text) ?? '', message));
});

describe('the time grows with the length of', () => {
  const rows: readonly (readonly [what: string, make: (count: number) => string])[] = [
    [
      'a file name, whatever the stars of the include',
      (count) => printed({ '/nginx.conf': `include /${'*a'.repeat(3)}*b;`, [`/${'a'.repeat(count / 100)}`]: '' }),
    ],
    ['braces', (count) => '{'.repeat(count)],
    ['semicolons', (count) => ';'.repeat(count)],
    ['quotation marks', (count) => '" '.repeat(count / 2)],
    ['escaped quotation marks', (count) => `"${'\\" '.repeat(count / 3)}`],
    ['quotation marks that nothing closes', (count) => `a"${' \'\\" "\\\''.repeat(count / 8)}`],
    ['comments', (count) => '#\n'.repeat(count / 2)],
    ['file marks', (count) => '# configuration file :\n'.repeat(count / 23)],
    ['file marks in one line', (count) => '# configuration file /'.repeat(count / 22)],
    ['lines of grep', (count) => '/a:b server'.repeat(count / 11)],
    ['addresses', (count) => `server { listen 443 ssl; listen 1${'0'.repeat(5)}; }`.repeat(count / 44)],
    ['servers', (count) => `server { server_name a.example.com _ x; ${ssl} }`.repeat(count / 90)],
    [
      'certificates that servers inherit',
      (count) =>
        `http { ssl_certificate_key /k; ${'ssl_certificate /a;'.repeat(count / 40)} ${'server { listen 1 ssl; }'.repeat(count / 50)} }`,
    ],
    ['sites that are left out', (count) => 'server { ssl_certificate /a$b; }'.repeat(count / 32)],
    ['one name again and again', (count) => `server { ${ssl} server_name ${'_ä.x- '.repeat(count / 6)}; }`],
    ['includes of the file itself', (count) => `# configuration file /a:\n${'include /a;\n'.repeat(count / 12)}`],
  ];
  for (const [what, make] of rows) test(what, () => assertLinear(100_000, make, refusal));
});
