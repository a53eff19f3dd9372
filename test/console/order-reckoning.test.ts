/** What the page of an order reckons: forms of DNS hosts, files for web servers, differences, groups of names; and the CSR that a browser makes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { differenceOf } from '../../console/src/orders/cockpit/difference.ts';
import { baotaPath, nginxLocation, shellLines } from '../../console/src/orders/cockpit/file-forms.ts';
import { groupedNames } from '../../console/src/orders/cockpit/groups.ts';
import { type DnsRecord, dnsForms, fieldsOf, zoneLine } from '../../console/src/orders/cockpit/record-forms.ts';
import type { OrderName } from '../../console/src/orders/order-types.ts';
import { keyKinds, makeCsr } from '../../console/src/shared/csr/make-csr.ts';
import { readCsr } from '../../console/src/shared/csr/read-csr.ts';
import { namesFrom } from '../../console/src/shared/names-from.ts';
import { parseCsr, verifyCsr } from '../../src/pki/csr.ts';
import { createSubscriber } from '../support/subscriber.ts';

describe('the forms of all DNS hosts make the same record:', () => {
  const records: readonly (DnsRecord & { readonly zone: string })[] = [
    { type: 'TXT', host: '_c.www.a.example', relativeHost: '_c.www', zone: 'a.example', value: '8da7"x\\y' },
    { type: 'CNAME', host: '_c.a.example', relativeHost: '_c', zone: 'a.example', value: 'target.example' },
    { type: 'TXT', host: 'a.example', relativeHost: '', zone: 'a.example', value: 'v'.repeat(300) },
    { type: 'TXT', host: '_c.a.example', relativeHost: undefined, zone: '', value: 'zone unknown' },
  ];
  for (const record of records) {
    for (const form of dnsForms) {
      test(`${record.type} ${record.host} at ${form}`, () => {
        const values = new Map(fieldsOf(form, record).map(({ field, value }) => [field, value]));
        if (form === 'bind') {
          assert.deepEqual(readZoneLine(values.get('value') ?? ''), [record.host, record.type, record.value]);
          return;
        }
        const host = values.get('host') ?? '';
        const isWhole = form === 'other' || record.relativeHost === undefined;
        const whole = isWhole ? host : host === '@' ? record.zone : `${host}.${record.zone}`;
        assert.deepEqual([whole, values.get('type'), values.get('value')], [record.host, record.type, record.value]);
      });
    }
  }

  test('no character-string of a zone file is longer than 255 octets (RFC 1035 §3.3)', () => {
    const [, , record] = records;
    assert.ok(record !== undefined);
    const strings = [...zoneLine(record).matchAll(/"([^"]*)"/g)].map(([, text = '']) => text.length);
    assert.deepEqual(strings, [255, 45]);
  });
});

function readZoneLine(line: string): readonly string[] {
  const [, host = '', type = '', rest = ''] = /^(\S+)\. 600 IN (\S+) (.*)$/.exec(line) ?? [];
  const strings = [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
  return [host, type, type === 'TXT' ? strings.join('') : rest.replace(/\.$/, '')];
}

describe('a file:', () => {
  const file = { name: 'www.a.example', path: '/.well-known/pki-validation/A.txt', content: "one'\ntwo" };

  test('what the shell writes is the content, whatever signs are in it', () => {
    const script = `${shellLines(file).replace(/^WEBROOT=.*$/m, 'WEBROOT=$(mktemp -d)')}\ncat "$WEBROOT"/.well-known/pki-validation/A.txt; rm -r "$WEBROOT"`;
    assert.equal(execFileSync('sh', ['-c', script], { encoding: 'utf8' }), file.content);
  });

  test('nginx answers it with its line ends; what nginx would fill in has no such form', () => {
    assert.match(
      nginxLocation(file) ?? '',
      /location = \/\.well-known\/pki-validation\/A\.txt \{.*return 200 "one'\\ntwo";/s,
    );
    assert.equal(nginxLocation({ ...file, content: 'a$host' }), null);
    assert.match(nginxLocation({ ...file, content: 'a"b' }) ?? '', /return 200 "a\\"b";/);
  });

  test('Baota', () => {
    assert.equal(baotaPath(file), '/www/wwwroot/www.a.example/.well-known/pki-validation/A.txt');
  });
});

describe('differences between found and wanted:', () => {
  const rows: readonly (readonly [found: string, wanted: string, marked: readonly [string, string]])[] = [
    ['"0123456789abcde"', '0123456789vwxyz', ['abcde', 'vwxyz']],
    ['"other", "0123456789abcde-end"', '0123456789vw-end', ['abcde', 'vw']], // the nearest of several records
    ['NXDOMAIN', '0123456789vwxyz', ['', '']], // nothing alike: nothing is marked
    ['0123456789', '0123456789extra', ['', 'extra']],
  ];
  for (const [found, wanted, [inFound, inWanted]] of rows) {
    test(`${found} / ${wanted}`, () => {
      const difference = differenceOf(found, wanted);
      const marked = (parts: typeof difference.found) =>
        parts.filter(({ isDifferent }) => isDifferent).map(({ text }) => text);
      assert.deepEqual(marked(difference.found).join(''), inFound);
      assert.deepEqual(marked(difference.wanted).join(''), inWanted);
      assert.equal(difference.found.map(({ text }) => text).join(''), found);
      assert.equal(difference.wanted.map(({ text }) => text).join(''), wanted);
    });
  }
});

test('names that fail stand first, together by their reason; proved ones apart', () => {
  const names = [
    nameThat('fine.example', 'valid', null),
    nameThat('new.example', 'pending', null),
    nameThat('one.example', 'pending', '_c.one.example does not exist'),
    nameThat('other.example', 'pending', 'timeout of other.example'),
    nameThat('*.two.example', 'pending', '_c.two.example does not exist'),
  ];
  const { groups, proved } = groupedNames(names);
  assert.deepEqual(
    groups.map(({ reason, names: of }) => [reason, of.map(({ name }) => name)]),
    [
      ['_c.… does not exist', ['one.example', '*.two.example']],
      ['timeout of …', ['other.example']],
      [null, ['new.example']],
    ],
  );
  assert.deepEqual(
    proved.map(({ name }) => name),
    ['fine.example'],
  );
});

function nameThat(name: string, state: OrderName['state'], problem: string | null): OrderName {
  const lastCheck = {
    proved: problem === null,
    checkedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 1,
    asked: '',
    answeredBy: [],
    answer: '',
    problem,
    found: null,
    wanted: null,
    do: null,
    hints: [],
  };
  return {
    name,
    kind: 'dns',
    state,
    preferredMethod: 'dnsTxt',
    provedBy: null,
    provedAt: null,
    validUntil: null,
    proofs: [
      {
        method: 'dnsTxt',
        host: `_c.${name}`,
        alternativeHosts: [],
        value: 'v',
        lastCheck: problem === null ? null : lastCheck,
      },
    ],
  };
}

test('names are taken apart however they are typed, each once', () => {
  assert.deepEqual(namesFrom(' a.example, b.example;c.example，d.example\n\na.example '), [
    'a.example',
    'b.example',
    'c.example',
    'd.example',
  ]);
});

describe('a CSR that the browser makes is one that the server takes:', () => {
  for (const kind of keyKinds.filter((one) => one !== 'RSA 4096')) {
    test(kind, async () => {
      const names = ['www.a.example', '*.a.example', '192.0.2.7', '2001:db8::7', '例子.example'];
      const { csrPem, keyPem } = await makeCsr(names, kind);
      const csr = parseCsr(csrPem);
      await verifyCsr(csr);
      assert.equal(csr.commonName, 'www.a.example');
      assert.deepEqual(csr.requestedNames, [
        'www.a.example',
        '*.a.example',
        '192.0.2.7',
        '2001:db8::7',
        'xn--fsqu00a.example',
      ]);
      assert.equal(readCsr(csrPem)?.key, kind);
      assert.match(keyPem, /^-----BEGIN PRIVATE KEY-----\n/);
    });
  }
});

describe('a CSR is decoded:', () => {
  test('of another maker', async () => {
    const { csrPem } = await createSubscriber('www.a.example');
    assert.deepEqual(readCsr(csrPem)?.names, ['www.a.example']);
    const base64url = csrPem
      .replaceAll(/-----[A-Z ]+-----|\s/g, '')
      .replaceAll('+', '-')
      .replaceAll('/', '_');
    assert.deepEqual(readCsr(base64url), readCsr(csrPem));
  });
  for (const text of [
    '',
    'hello',
    '-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----',
    'MIGT',
    'MIL/////',
  ]) {
    test(`no CSR: ${text.slice(0, 30)}`, () => assert.equal(readCsr(text), null));
  }
});
