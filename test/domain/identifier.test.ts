/** What is a name, what it becomes, and what is said of everything else. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { CertError } from '../../src/domain/errors.ts';
import { baseName, type IdentifierKind, ipBytes, isIp, parseIdentifier } from '../../src/domain/identifier.ts';
import { cpuMs } from '../support/cpu-time.ts';

const a = (count: number) => 'a'.repeat(count);
/** 253 characters in four labels: the longest name there is. */
const longest = `${a(63)}.${a(63)}.${a(63)}.${a(61)}`;

const accepted: readonly (readonly [text: string, kind: IdentifierKind, value: string])[] = [
  ['example.com', 'dns', 'example.com'],
  ['EXAMPLE.Com', 'dns', 'example.com'],
  [' \t example.com \r\n', 'dns', 'example.com'], // blanks around it, as lists are pasted
  ['\u00a0example.com\ufeff', 'dns', 'example.com'], // the blanks of web pages and of Windows editors
  ['example.com.', 'dns', 'example.com'], // the dot of the root
  ['a-b.c--d.example', 'dns', 'a-b.c--d.example'], // hyphens inside; "c--d" has them in places 2 and 3
  ['1.example.com', 'dns', '1.example.com'],
  ['1and1.com', 'dns', '1and1.com'],
  ['a.b.c.d.e.f.example', 'dns', 'a.b.c.d.e.f.example'],
  ['example.internal', 'dns', 'example.internal'], // which suffixes exist is policy
  ['1.2.3.4.example', 'dns', '1.2.3.4.example'],
  ['1.2.3.4a', 'dns', '1.2.3.4a'],
  ['example.0y1', 'dns', 'example.0y1'],
  [`${a(63)}.com`, 'dns', `${a(63)}.com`], // RFC 1035 §2.3.4
  [longest, 'dns', longest],
  [`${longest}.`, 'dns', longest],
  ['*.example.com', 'wildcard', '*.example.com'],
  ['*.EXAMPLE.com.', 'wildcard', '*.example.com'],
  // Unicode: UTS #46, nontransitional
  ['exämple.com', 'dns', 'xn--exmple-cua.com'],
  ['EXÄMPLE.com', 'dns', 'xn--exmple-cua.com'],
  ['exa\u0308mple.com', 'dns', 'xn--exmple-cua.com'], // a and a combining diaeresis are ä (NFC)
  ['faß.de', 'dns', 'xn--fa-hia.de'], // not fass.de, as IDNA2003 had it
  ['例え.テスト', 'dns', 'xn--r8jz45g.xn--zckzah'],
  ['*.例え.テスト', 'wildcard', '*.xn--r8jz45g.xn--zckzah'],
  ['中国.cn', 'dns', 'xn--fiqs8s.cn'],
  ['ｅｘａｍｐｌｅ.com', 'dns', 'example.com'], // full-width letters
  ['example。com', 'dns', 'example.com'], // the full stop of a Chinese keyboard
  ['www．example｡com。', 'dns', 'www.example.com'],
  ['*。example。com', 'wildcard', '*.example.com'],
  ['192。0。2。7', 'ipv4', '192.0.2.7'],
  ['ex\u00adample.com', 'dns', 'example.com'], // a soft hyphen, which UTS #46 drops
  ['xn--exmple-cua.com', 'dns', 'xn--exmple-cua.com'],
  ['XN--EXMPLE-CUA.COM', 'dns', 'xn--exmple-cua.com'],
  ['xn--fa-hia.de', 'dns', 'xn--fa-hia.de'],
  ['a.xn--fiqs8s', 'dns', 'a.xn--fiqs8s'],
  ['💩.la', 'dns', 'xn--ls8h.la'], // in UTS #46, not in IDNA2008: browsers show it
  // addresses
  ['192.0.2.7', 'ipv4', '192.0.2.7'],
  [' 192.0.2.7. ', 'ipv4', '192.0.2.7'],
  ['0.0.0.0', 'ipv4', '0.0.0.0'],
  ['255.255.255.255', 'ipv4', '255.255.255.255'],
  ['2001:db8::1', 'ipv6', '2001:db8::1'],
  ['[2001:db8::1]', 'ipv6', '2001:db8::1'],
  ['2001:0DB8:0000:0000:0000:0000:0000:0001', 'ipv6', '2001:db8::1'], // RFC 5952
  ['2001:db8:0:1:0:0:0:1', 'ipv6', '2001:db8:0:1::1'], // the longest run of zeros
  ['2001:db8:1:1:1:1:0:1', 'ipv6', '2001:db8:1:1:1:1:0:1'], // a single zero stays
  ['::', 'ipv6', '::'],
  ['::1', 'ipv6', '::1'],
  ['1::', 'ipv6', '1::'],
  ['2001:db8::192.0.2.7', 'ipv6', '2001:db8::c000:207'],
  ['::ffff:192.0.2.7', 'ipv6', '::ffff:c000:207'],
];

describe('accepted', () => {
  for (const [text, kind, value] of accepted) {
    test(JSON.stringify(text.length < 80 ? text : `${text.slice(0, 80)}…`), () => {
      assert.deepEqual(parseIdentifier(text, 'names'), { kind, value });
    });
  }
});

const label = (name: string, bad: string) => `the name "${name}" has an invalid label "${bad}"`;
const idn = (name: string) => `the name "${name}" is not a valid internationalized domain name (IDNA)`;
const wild = (name: string) => `the name "${name}" may have a * only as its whole leftmost label, as in *.example.com`;
const single = (name: string) => `the name "${name}" has no dot; use a full domain name such as www.example.com`;
const long = (name: string) => `the name "${name}" is longer than the 253 characters that DNS allows`;
const empty = 'names holds an empty name';

const refused: readonly (readonly [text: string, message: string])[] = [
  ['', empty],
  [' \t\r\n', empty],
  ['.', empty],
  ['。', empty],
  ['..', label('.', '')],
  ['.example.com', label('.example.com', '')],
  ['example..com', label('example..com', '')],
  ['example.com..', label('example.com.', '')],
  ['localhost', single('localhost')],
  ['com.', single('com')],
  ['例え', single('例え')],
  ['-a.com', label('-a.com', '-a')],
  ['a-.com', label('a-.com', 'a-')],
  ['a_b.com', label('a_b.com', 'a_b')], // allowed in DNS, not in host names (BR §7.1.2.7.12)
  ['_acme-challenge.example.com', label('_acme-challenge.example.com', '_acme-challenge')],
  ['a b.com', label('a b.com', 'a b')],
  ['a\tb.com', label('a\\tb.com', 'a\\tb')],
  ['a\nb.com', label('a\\nb.com', 'a\\nb')], // a URL would drop tab and line end
  ['a\u0000.com', label('a\\u{0}.com', 'a\\u{0}')],
  ['example.com,example.org', label('example.com,example.org', 'com,example')],
  ['ab--cd.com', label('ab--cd.com', 'ab--cd')], // reserved LDH label, RFC 5890 §2.3.1
  [`${a(64)}.com`, label(`${a(64)}.com`, a(64))],
  [`a.${longest}`, long(`${`a.${longest}`.slice(0, 80)}…`)],
  [`${'ä'.repeat(60)}.com`, label(`${'ä'.repeat(60)}.com`, `xn--4c${a(60)}`)], // 60 letters, 66 octets
  [`${a(1025)}`, long(`${a(80)}…`)],
  // a number at the end is an address to every browser
  ['example.123', label('example.123', '123')],
  ['example.0x1f', label('example.0x1f', '0x1f')],
  ['1.2.3', label('1.2.3', '3')],
  ['1.2.3.256', label('1.2.3.256', '256')],
  ['01.2.3.4', label('01.2.3.4', '4')], // octal to some, decimal to others
  ['1.2.3.4.5', label('1.2.3.4.5', '5')],
  ['0x7f.1', label('0x7f.1', '1')],
  ['192.0.2.0/24', label('192.0.2.0/24', '0/24')],
  ['[192.0.2.7]', label('[192.0.2.7]', '[192')],
  ['１９２.０.２.７', idn('１９２.０.２.７')], // full-width digits
  ['www.１２３', idn('www.１２３')],
  // wildcards
  ['*', wild('*')],
  ['*.', wild('*')],
  ['*.*.example.com', wild('*.*.example.com')],
  ['a.*.example.com', wild('a.*.example.com')],
  ['www*.example.com', wild('www*.example.com')],
  ['**.example.com', wild('**.example.com')],
  ['*.com', single('*.com')],
  ['*.192.0.2.7', label('*.192.0.2.7', '7')],
  ['＊.example.com', label('＊.example.com', '*')], // a full-width asterisk is not one
  // addresses that are none
  ['2001:db8::1::2', label('2001:db8::1::2', '2001:db8::1::2')],
  ['1:2:3:4:5:6:7:8:9', label('1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:9')],
  ['2001:db8::12345', label('2001:db8::12345', '2001:db8::12345')],
  ['fe80::1%eth0', label('fe80::1%eth0', 'fe80::1%eth0')], // a zone means nothing to others
  ['[2001:db8::1', label('[2001:db8::1', '[2001:db8::1')],
  ['2001:db8::/32', label('2001:db8::/32', '2001:db8::/32')],
  ['[2001:db8::1]:443', label('[2001:db8::1]:443', '[2001:db8::1]:443')],
  // URLs and what stands in them, ASCII and not: a URL parser would find a name in each
  ['http://example.com', label('http://example.com', 'http://example')],
  ['example.com:8080', label('example.com:8080', 'com:8080')],
  ['example.com/', label('example.com/', 'com/')],
  ['user@example.com', label('user@example.com', 'user@example')],
  ['http://exämple.com', label('http://exämple.com', 'http://exämple')],
  ['exämple.com:8080', label('exämple.com:8080', 'com:8080')],
  ['exämple.com:', label('exämple.com:', 'com:')],
  ['exämple.com/path', label('exämple.com/path', 'com/path')],
  ['exämple.com\\path', label('exämple.com\\path', 'com\\path')],
  ['exämple.com?a', label('exämple.com?a', 'com?a')],
  ['exämple.com#a', label('exämple.com#a', 'com#a')],
  ['user:word@exämple.com', label('user:word@exämple.com', 'user:word@exämple')],
  ['evil.com\\@exämple.com', label('evil.com\\@exämple.com', 'com\\@exämple')],
  ['exämple.c%6fm', label('exämple.c%6fm', 'c%6fm')],
  ['ex\tämple.com', label('ex\\tämple.com', 'ex\\tämple')],
  ['exämple_.com', label('exämple_.com', 'exämple_')],
  ['::1]#[', label('::1]#[', '::1]#[')],
  ['exämple.com／path', idn('exämple.com／path')], // full-width signs become ASCII only inside the parser
  ['exämple.com：80', idn('exämple.com：80')],
  ['exämple％2ecom', idn('exämple％2ecom')],
  // A-labels that are not what a Unicode name becomes
  ['xn--.com', label('xn--.com', 'xn--')],
  ['xn--a.com', idn('xn--a.com')], // does not decode
  ['xn--zzzzzz99999.com', idn('xn--zzzzzz99999.com')],
  ['xn--abc.com', idn('xn--abc.com')],
  ['www.xn--0000h.com', idn('www.xn--0000h.com')],
  ['*.xn--a.com', idn('*.xn--a.com')],
  ['xn--xn--a.com', idn('xn--xn--a.com')],
  ['xn--exmple-xna.com', idn('xn--exmple-xna.com')], // exÄmple: a capital, which its own encoding never holds
  ['xn--a-ccb.com', idn('xn--a-ccb.com')], // a and a combining diaeresis, which must be ä (NFC)
  ['xn--a-vca9n.com', idn('xn--a-vca9n.com')], // a soft hyphen inside
  ['xn--a-0hc.com', idn('xn--a-0hc.com')], // Latin and Hebrew in one label: bidi rule, RFC 5893
  ['אa.com', idn('אa.com')],
  ['\u0308a.com', idn('\u0308a.com')], // begins with a combining mark
  ['a\u200db.com', idn('a\\u{200d}b.com')], // a joiner where nothing joins
  ['\ud800.com', idn('\ufffd.com')], // half a surrogate pair
];

describe('refused', () => {
  for (const [text, message] of refused) {
    test(JSON.stringify(text.length < 80 ? text : `${text.slice(0, 80)}…`), () => {
      assert.throws(
        () => parseIdentifier(text, 'names'),
        (thrown) => {
          assert.ok(thrown instanceof CertError);
          assert.equal(thrown.message, message);
          assert.equal(thrown.code, 'badName');
          return true;
        },
      );
    });
  }
});

describe('any text', () => {
  /** Pieces that mean something to a URL, to DNS or to IDNA, put together at random. */
  const piece = fc.constantFrom(
    ...['.', '。', '*', '*.', '-', '--', 'xn--', ':', '::', '[', ']', '/', '\\', '@', '%', '%2e', '#', '?', '_', ' '],
    ...['\t', '\n', '\u0000', '\u200d', '\u00ad', '\u0308', 'ä', 'ß', 'א', 'ا', '中', '．', '１', '💩', '\ud83d'],
    ...['0', '1', '255', '256', '0x', 'a', 'A', 'com', 'example', 'ffff', '2001:db8', a(63), a(64)],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.domain(),
    fc.ipV6(),
  );

  test('is a name in canonical form, or refused with a CertError', () => {
    fc.assert(
      fc.property(text, (name) => {
        let identifier: ReturnType<typeof parseIdentifier>;
        try {
          identifier = parseIdentifier(name, 'names');
        } catch (thrown) {
          assert.ok(thrown instanceof CertError, String(thrown));
          assert.ok(thrown.message.length < 400);
          return;
        }
        const { value } = identifier;
        assert.match(value, isIp(identifier) ? /^[0-9a-f:.]{2,39}$/ : /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+$/);
        assert.ok(baseName(identifier).length <= 253);
        assert.deepEqual(parseIdentifier(value, 'names'), identifier, 'its canonical form is its own canonical form');
        assert.deepEqual(parseIdentifier(` ${value.toUpperCase()}.`, 'names'), identifier);
      }),
      { numRuns: 5000 },
    );
  });

  test('of five million characters takes no longer than reading it', () => {
    const pieces = ['a', '.', 'a.', 'ä', 'ä.', ':', ' ', '*.', 'xn--a.', '。', '1.'];
    const texts = pieces.map((one) => `${one.repeat(5_000_000 / one.length)}x`);
    for (const long of texts) {
      const startedMs = cpuMs();
      assert.throws(() => parseIdentifier(long, 'names'), CertError);
      const tookMs = cpuMs() - startedMs;
      assert.ok(tookMs < 10_000, `${JSON.stringify(long.slice(0, 4))}: ${tookMs} ms`);
    }
  });
});

test('baseName is what is looked up and fetched.', () => {
  const rows = [
    ['*.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
  ] as const;
  for (const [name, expected] of rows) assert.equal(baseName(parseIdentifier(name, 'names')), expected);
});

test('ipBytes are those of an iPAddress SAN.', () => {
  const rows = [
    ['192.0.2.7', 'c0000207'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['1::', '00010000000000000000000000000000'],
    ['2001:db8:0:1::ff', '20010db80000000100000000000000ff'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:192.0.2.7', '00000000000000000000ffffc0000207'],
  ] as const;
  for (const [name, hex] of rows) {
    assert.equal(Buffer.from(ipBytes(parseIdentifier(name, 'names'))).toString('hex'), hex, name);
  }
});
