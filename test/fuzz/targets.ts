/** Every parser that meets strangers. One that is not here is not fuzzed: add it with a corpus of its own. */
import { requireDeliverable } from '../../src/app/outbound/outbound-url.ts';
import { ConfigError, parseConfig } from '../../src/config/load.ts';
import { createLookUpCaa } from '../../src/dcv/caa.ts';
import { aliasesOf, followed } from '../../src/dcv/dns-hosts.ts';
import { issuerIn, parsePersistentRecord } from '../../src/dcv/persistent-record.ts';
import { csrFromWire } from '../../src/dialects/digicert/orders/csr-spelling.ts';
import { orderSearchOf } from '../../src/dialects/digicert/orders/order-search.ts';
import { queryOf } from '../../src/dialects/digicert/read.ts';
import { flagOf, idsOf, rangeOf, searchOf, sortOf } from '../../src/dialects/digicert/wire/filters.ts';
import { listRequest } from '../../src/dialects/digicert/wire/shapes.ts';
import { isWholeDay, parseMoment } from '../../src/dialects/digicert/wire/wire-time.ts';
import { namesFromWire as encryption365Names } from '../../src/dialects/encryption365/order-from-wire.ts';
import { certificatesOf } from '../../src/dialects/httpsok/nginx-config.ts';
import { parseForm, queryEntries } from '../../src/dialects/kit/form.ts';
import { parseJsonObject } from '../../src/dialects/kit/input.ts';
import { replyJson } from '../../src/dialects/kit/json.ts';
import { parseMultipart } from '../../src/dialects/kit/multipart.ts';
import { codeOfSentence } from '../../src/dialects/kit/sentences.ts';
import { formatWireTime, parseWireTime } from '../../src/dialects/kit/wire-time.ts';
import { parseToken } from '../../src/dialects/native/auth.ts';
import { pageQueryOf, readIdCursor, readTimedCursor } from '../../src/dialects/native/paging.ts';
import { referenceFromWire } from '../../src/dialects/native/values.ts';
import { orderIdOf } from '../../src/dialects/wosign/handle.ts';
import { readObject } from '../../src/dialects/wosign/read.ts';
import { parseTolerantly } from '../../src/dialects/wosign/tolerant-json.ts';
import { checkAddressRange, isInRanges } from '../../src/domain/address-range.ts';
import { CertError, quoted } from '../../src/domain/errors.ts';
import { ipBytes, isIp, parseHostName, parseIdentifier } from '../../src/domain/identifier.ts';
import { acceptedLanguage } from '../../src/domain/language.ts';
import { isMailbox, isPublicMailbox, requireMailbox } from '../../src/domain/mailbox.ts';
import { recordFaultText } from '../../src/domain/messages/faults.ts';
import { printable } from '../../src/domain/printable.ts';
import { requestPath } from '../../src/domain/request-path.ts';
import { clientAddress } from '../../src/http/front.ts';
import { parseCertificate, parseCertificateBundle, parseCertificatePem } from '../../src/pki/certificate.ts';
import { parseCrl } from '../../src/pki/crl-reader.ts';
import { csrDerOf, parseCsr, verifyCsrSync } from '../../src/pki/csr.ts';
import { leftOutOf } from '../../src/pki/csr-left-out.ts';
import { namesInCsr } from '../../src/pki/csr-names.ts';
import { describeCertificate } from '../../src/pki/describe-certificate.ts';
import { fileText } from '../../src/pki/file-text.ts';
import { parsePrivateKeyPem } from '../../src/pki/key.ts';
import { checkPublicKey } from '../../src/pki/key-check.ts';
import { readKeyList, readOneKey } from '../../src/pki/key-list.ts';
import { decodePem, decodePemBundle, encodePem } from '../../src/pki/pem.ts';
import { certificatesOfPkcs7 } from '../../src/pki/pkcs7-reader.ts';
import { parsePublicKey } from '../../src/pki/public-key.ts';
import { createQuery, readReply } from '../../src/system/dns-message.ts';
import { parseEndpoint } from '../../src/system/endpoint.ts';
import { parseRanges } from '../../src/system/special-purpose.ts';
import { addressesOf } from '../../src/system/untrusted-addresses.ts';
import { createUrlGuard } from '../../src/system/untrusted-guard.ts';
import { dnsQueryTarget } from './dns-query.ts';
import { operationInputs, readRequests } from './requests.ts';
import type { Target } from './target.ts';

const urlGuard = createUrlGuard({});
const text = (input: Buffer) => input.toString('utf8');
const never = new AbortController().signal;

/** The corpus of `dns` answers this question with this id. */
export const dnsQuery = createQuery(
  { name: 'www.example.com', type: 'CAA' },
  Uint8Array.of(0x12, 0x34),
  Uint8Array.of(0xa5, 0x0f),
);

/** What is made of an answer once it is read: the records of CAA, the chain of CNAMEs, the addresses. */
async function useReply(input: Buffer): Promise<string> {
  readReply(input, dnsQuery, 'udp');
  const reply = readReply(input, dnsQuery, 'tcp');
  if (reply.kind !== 'answer' || (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN')) return reply.kind;
  const { rcode, records, authenticated } = reply;
  const outcome = { ok: true, server: '192.0.2.53:53', rcode, records, authenticated } as const;
  const resolver = { query: async () => outcome };
  followed(aliasesOf(outcome), 'www.example.com');
  const caa = await createLookUpCaa(resolver)('www.example.com', never);
  const found = await addressesOf('www.example.com', { resolver, signal: never });
  return [...new Set(records.map(({ type }) => type)), caa.ok, found.ok].join(' ');
}

/** Several readings of one input: it is refused when all of them refuse it. */
function each(...readings: readonly (() => unknown)[]): void {
  const refusals = readings.flatMap((reading) => {
    try {
      reading();
      return [];
    } catch (thrown) {
      if (thrown instanceof CertError && thrown.code !== 'internal') return [thrown];
      throw thrown;
    }
  });
  if (refusals.length === readings.length) throw refusals[0];
}

const pemWords = [
  '-----BEGIN CERTIFICATE REQUEST-----',
  '-----END CERTIFICATE REQUEST-----',
  '-----BEGIN CERTIFICATE-----',
  '-----END CERTIFICATE-----',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
];
const request = { what: 'the CSR', labels: ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'] };

const encodings: readonly Target[] = [
  {
    name: 'pem',
    kind: 'text',
    grammar: pemWords,
    parse: (input) =>
      each(
        () => decodePem(text(input), request),
        () => decodePemBundle(text(input), 'the file'),
      ),
  },
  {
    name: 'csr',
    kind: 'der',
    parse: (input) =>
      each(
        () => verifyCsrSync(parseCsr(input)),
        () => namesInCsr(parseCsr(input), 'csr'),
        () => leftOutOf(parseCsr(input), []),
        () => parseCsr(fileText(input)),
      ),
  },
  {
    name: 'csr-text',
    kind: 'text',
    grammar: [
      ...pemWords,
      ...[
        'NEW ',
        '%2B',
        '%',
        '\\n',
        '\\u002B',
        '\\',
        '=3D',
        '=\n',
        '> ',
        ' ',
        '+',
        '–',
        '\0',
        '\u200b',
        'privateExponent:',
      ],
    ],
    parse: (input) =>
      each(
        () => parseCsr(text(input)),
        () => csrDerOf(input, 'csr'),
        () => csrFromWire(text(input), 'csr'),
      ),
  },
  {
    name: 'certificate',
    kind: 'der',
    parse: (input) =>
      each(
        () => parseCertificate(input),
        () => describeCertificate(input),
      ),
  },
  {
    name: 'certificate-text',
    kind: 'text',
    grammar: pemWords,
    parse: (input) =>
      each(
        () => parseCertificatePem(text(input)),
        () => parseCertificateBundle(text(input)),
      ),
  },
  { name: 'crl', kind: 'der', parse: (input) => parseCrl(input) },
  { name: 'pkcs7', kind: 'der', parse: (input) => certificatesOfPkcs7(input, 'ca.p7b') },
  { name: 'public-key', kind: 'der', parse: (input) => checkPublicKey(parsePublicKey(input)) },
  { name: 'private-key', kind: 'der', parse: (input) => parsePrivateKeyPem(encodePem('PRIVATE KEY', input)) },
  {
    name: 'key-list',
    kind: 'text',
    grammar: [...pemWords, 'sha256/', 'sha256//', ':', '#', '\n', '='],
    parse: (input) =>
      each(
        () => readKeyList(text(input)),
        () => readOneKey(text(input)),
      ),
  },
  { name: 'private-key-text', kind: 'text', grammar: pemWords, parse: (input) => parsePrivateKeyPem(text(input)) },
];

const names: readonly Target[] = [
  {
    name: 'identifier',
    kind: 'text',
    grammar: ['xn--', '*.', '.', '。', '[', ']', ':', '::', '0x', '.1', '-', '_', '\u200d'],
    parse: (input) =>
      each(
        () => {
          const identifier = parseIdentifier(text(input), 'name');
          // What comes out is what goes in again: it is stored, compared and certified.
          const again = parseIdentifier(identifier.value, 'name');
          if (again.value !== identifier.value || again.kind !== identifier.kind) throw new Error('not canonical');
          if (isIp(identifier)) ipBytes(identifier);
        },
        () => parseHostName(text(input), 'name'),
        () => encryption365Names(text(input)),
      ),
  },
  {
    name: 'persistent-record',
    kind: 'text',
    grammar: [';', '=', ' ', '\t', 'accounturi=', 'policy=wildcard', 'persistUntil=', 'sha-256/', '-'],
    parse: (input) => {
      const record = parsePersistentRecord(text(input), 'https://ca.example.com/acme/default/account-hash/');
      if ('fault' in record) return recordFaultText(record, 'en').length > 0 && record.fault;
      if (record.until !== null) record.until.toISOString();
      return `${record.coversBelow} ${record.until !== null} ${issuerIn(text(input)).length > 0}`;
    },
  },
  {
    name: 'mailbox',
    kind: 'text',
    grammar: ['@', '.', ',', '"', '<', '>', '\r\n'],
    parse: (input) => {
      isMailbox(text(input));
      isPublicMailbox(text(input));
      quoted(text(input));
      const shown = printable(text(input));
      if (printable(shown) !== shown) throw new Error('still not printable');
      requireMailbox(text(input), 'email');
    },
  },
  {
    name: 'address-range',
    kind: 'text',
    grammar: ['/', '/0', '/32', '/128', '::', '::ffff:', '.', '%eth0'],
    refusals: [RangeError],
    parse: (input) => {
      isInRanges(text(input), ['0.0.0.0/0', '::/0', '10.0.0.0/7', '2001:db8::/33']);
      each(() => {
        checkAddressRange(text(input), 'range');
        isInRanges('192.0.2.1', [text(input)]);
        isInRanges('2001:db8::1', [text(input)]);
        parseRanges([text(input)]);
      });
      parseEndpoint(text(input), 53);
    },
  },
  {
    name: 'forwarded',
    kind: 'text',
    grammar: [', ', '[', ']', ':80', '::ffff:', 'unknown', '10.0.0.1'],
    parse: (input) => {
      const value = input.toString('latin1').replaceAll(/[^\x20-\x7e]/g, ' ');
      const headers = { 'x-forwarded-for': value };
      return clientAddress(new Request('http://a.example/', { headers }), '10.0.0.1', ['10.0.0.0/8', '::1/128']);
    },
  },
  {
    name: 'outbound-url',
    kind: 'text',
    grammar: [
      'http://',
      'https://',
      '//',
      '@',
      ':',
      ':80',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '0x7f.1',
      '127.1',
      '%00',
      '#',
    ],
    parse: (input) => requireDeliverable({ objectionToUrl: urlGuard.objectionTo }, { field: 'url', text: text(input) }),
  },
  {
    name: 'url',
    kind: 'text',
    grammar: [
      'http://',
      'https://',
      '//',
      '?',
      '#',
      '@',
      ':',
      '[::1]',
      '%2f',
      '%zz',
      '&',
      '=',
      '/services/v2/',
      'filters[',
      '[]',
    ],
    parse: (input) => {
      const url = URL.parse(text(input), 'https://certs.example/services/v2/');
      if (url === null) return undefined;
      each(
        () => queryOf(url.href),
        () => queryEntries(url.href),
      );
      const isWeb = /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
      if (isWeb) requestPath(url.href);
      return isWeb;
    },
  },
];

const small: readonly Target[] = [
  {
    name: 'time',
    kind: 'text',
    grammar: ['-', ':', '+08:00', '-23:59', 'T', 'Z', ' ', '...', '<', '>', '=', '0000', '9999', '31', '24:00:00'],
    parse: (input) => {
      const moment = parseMoment(text(input));
      isWholeDay(text(input));
      for (const offset of ['+14:00', '-03:30']) {
        const time = parseWireTime(text(input), offset);
        if (time !== undefined && formatWireTime(time, offset) !== text(input).trim().replace('T', ' '))
          throw new Error('another time');
      }
      rangeOf({ date: [text(input)] }, 'date');
      return moment?.toISOString();
    },
  },
  {
    name: 'filters',
    kind: 'text',
    grammar: [
      'filters[status]=',
      'filters[id]=',
      'filters[search]=',
      'filters[valid_till]=',
      '&',
      'sort=',
      ',',
      '-',
      '+',
      '...',
      'limit=',
      'offset=',
      '[0]',
      '%',
    ],
    parse: (input) => {
      const query = queryOf(`https://certs.example/services/v2/order/certificate?${text(input)}`);
      const list = listRequest.safeParse(query);
      if (!list.success) return;
      const { filters, sort } = list.data;
      each(
        () => orderSearchOf(list.data),
        () => idsOf(filters, 'id'),
        () => flagOf(filters, 'is_active'),
        () => rangeOf(filters, 'valid_till'),
        () => searchOf(filters),
        () => sortOf(sort, { order_id: 'number' }),
      );
    },
  },
  {
    name: 'cursor',
    kind: 'text',
    grammar: ['YmVmb3JlOg', 'YXQ6', 'ntf_', '='],
    parse: (input) =>
      each(
        () => pageQueryOf({ limit: 10, cursor: text(input) }),
        () => readTimedCursor(text(input)),
        () => readIdCursor('delivery', text(input)),
        () => referenceFromWire(text(input)),
        () => orderIdOf(text(input)),
      ),
  },
  {
    name: 'header',
    kind: 'text',
    grammar: ['Bearer ', 'cmx_', '_', ',', ';q=', 'zh', 'en', '*'],
    parse: (input) => [parseToken(text(input)), acceptedLanguage(text(input), 'zh')],
  },
  {
    name: 'sentence',
    kind: 'text',
    grammar: [' must be ', ' is required', '缺少参数 ', ', not ', '（应为'],
    parse: (input) => codeOfSentence(text(input)),
  },
];

const bodies: readonly Target[] = [
  {
    name: 'form',
    kind: 'text',
    grammar: ['&', '=', '+', '%', '%2', '%C4%E3', '[]', '[0]', 'a[b][c]'],
    parse: (input) => parseForm(text(input)),
  },
  {
    name: 'multipart',
    kind: 'text',
    grammar: [
      '--XX',
      '--XX--',
      '\r\n',
      'Content-Disposition: form-data; name="a"',
      '; filename="',
      '\r\n\r\n',
      'Content-Type: ',
    ],
    parse: (input) => parseMultipart(input, 'multipart/form-data; boundary=XX'),
  },
  {
    name: 'content-type',
    kind: 'text',
    grammar: ['multipart/form-data', '; ', 'boundary=', '"', '\\"', 'XX'],
    parse: (input) => parseMultipart(Buffer.from('--XX--'), text(input)),
  },
  {
    name: 'json',
    kind: 'json',
    grammar: ['{', '}', '[', ']', ',', ':', '"', '\\u', '1e', '\\'],
    parse: (input) => {
      replyJson(text(input));
      parseJsonObject(text(input));
    },
  },
  {
    name: 'tolerant-json',
    kind: 'json',
    grammar: ['{', '}', '[', ']', ',', '，', ':', '：', '"', '“', '”', '01', '-', '\\u12', '\\'],
    parse: (input) =>
      each(
        () => parseTolerantly(text(input)),
        () => readObject(text(input)),
      ),
  },
  {
    name: 'nginx',
    kind: 'text',
    grammar: [
      '# configuration file /etc/nginx/nginx.conf:\n',
      'include ',
      '*',
      '{',
      '}',
      ';',
      'server',
      'server_name ',
      'ssl_certificate ',
      '"',
      "'",
      '\\',
      '#',
    ],
    parse: (input) => `${certificatesOf(text(input)).certificates.length} certificates`,
  },
  {
    name: 'yaml',
    kind: 'text',
    isExpensive: true,
    grammar: [
      '&a ',
      '*a',
      '- ',
      ': ',
      '{',
      '[',
      '|',
      '>',
      '!!',
      '!!binary ',
      '<<: ',
      '? ',
      '---',
      '%YAML 1.1',
      '#',
      '\n  ',
    ],
    refusals: [ConfigError],
    parse: (input) => parseConfig(text(input), 'certmux.yaml'),
  },
];

export const targets: readonly Target[] = [
  ...encodings,
  ...names,
  { name: 'dns', kind: 'bytes', keptBytes: 12 + dnsQuery.question.length, parse: useReply },
  dnsQueryTarget,
  ...bodies,
  ...small,
  ...readRequests,
  operationInputs,
];
