/** Multipart forms as clients write them, and as strangers do. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { maxParts, parseMultipart } from '../../../src/dialects/kit/multipart.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { assertLinear } from '../../support/growth.ts';

const type = 'multipart/form-data; boundary=XX';

/** Lines become CRLF. */
function read(text: string, contentType = type) {
  return parseMultipart(Buffer.from(text.replaceAll('\n', '\r\n')), contentType);
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    assert.ok(thrown instanceof CertError, String(thrown));
    return thrown.reason.key;
  }
  return '';
}

const part = (headers: string, content: string) => `--XX\n${headers}\n\n${content}\n`;
const field = 'Content-Disposition: form-data; name="a"';

test('what the platform writes is read as it was: texts and files', async () => {
  const data = new FormData();
  data.append('text', 'one\r\n--two 例');
  data.append('text', '');
  data.append('quo"ted\n', 'x');
  data.append('file', new File([Buffer.from([0, 1, 2, 255])], 'ä "b".bin', { type: 'image/png' }));
  const response = new Response(data);
  const contentType = response.headers.get('content-type') ?? '';
  const found = parseMultipart(new Uint8Array(await response.arrayBuffer()), contentType);
  assert.deepEqual(found.slice(0, 3), [
    ['text', 'one\r\n--two 例'],
    ['text', ''],
    ['quo"ted\r\n', 'x'], // browsers normalize the line break of a name
  ]);
  const [name, file] = found[3] ?? [];
  assert.ok(name === 'file' && file instanceof File);
  assert.deepEqual([file.name, file.type, [...(await file.bytes())]], ['ä "b".bin', 'image/png', [0, 1, 2, 255]]);
  assert.equal(found.length, 4);
});

describe('is read', () => {
  const rows: readonly (readonly [what: string, text: string, contentType: string, value: string])[] = [
    ['a quoted boundary', `${part(field, 'b')}--XX--\n`, 'multipart/form-data; charset=utf-8; boundary="XX"', 'b'],
    ['a capital parameter', `${part(field, 'b')}--XX--`, 'Multipart/Form-Data; Boundary=XX', 'b'],
    ['text before the first part and behind the last', `hello\n${part(field, 'b')}--XX--\nbye --XX`, type, 'b'],
    ['blanks behind the delimiter', `--XX \t\n${field}\n\nb\n--XX--`, type, 'b'],
    ['a name without quotes', `${part('content-disposition: form-data; name=a', 'b')}--XX--`, type, 'b'],
    ['headers in any order and case', `${part(`CONTENT-TYPE: text/plain\n${field}`, 'b')}--XX--`, type, 'b'],
    ['content that looks like a delimiter', `${part(field, '--X\n--XY')}--XX--`, type, '--X\r\n--XY'],
    ['no content', `${part(field, '')}--XX--`, type, ''],
  ];
  for (const [what, text, contentType, value] of rows) {
    test(what, () => assert.deepEqual(read(text, contentType), [['a', value]]));
  }

  test('a file name with escaped quotes, or only in its long form', () => {
    const names = ['filename="a\\"b.csr"', "filename*=UTF-8''a.csr", 'filename=a.csr', 'filename=""'];
    for (const name of names) {
      const [[, file] = []] = read(`${part(`${field}; ${name}`, 'b')}--XX--`);
      assert.ok(file instanceof File, name);
    }
  });
});

describe('is refused as malformed', () => {
  const rows: readonly (readonly [what: string, text: string, contentType: string])[] = [
    ['no boundary', `${part(field, 'b')}--XX--`, 'multipart/form-data'],
    ['an empty boundary', `${part(field, 'b')}--XX--`, 'multipart/form-data; boundary=""'],
    ['a boundary of 71 characters', 'x', `multipart/form-data; boundary=${'x'.repeat(71)}`],
    ['nothing', '', type],
    ['no part with this boundary', `${part(field, 'b')}--XX--`, 'multipart/form-data; boundary=YY'],
    ['no end', part(field, 'b'), type],
    ['a part that breaks off', `--XX\n${field}\n\nb`, type],
    ['headers that break off', `--XX\n${field}`, type],
    ['a part without a name', `${part('Content-Disposition: form-data', 'b')}--XX--`, type],
    ['a part of another kind', `${part('Content-Disposition: attachment; name="a"', 'b')}--XX--`, type],
    ['a part without headers', '--XX\n\nb\n--XX--', type],
    ['headers of 9 KiB', `${part(`${field}\nX: ${'x'.repeat(9000)}`, 'b')}--XX--`, type],
  ];
  for (const [what, text, contentType] of rows) {
    test(what, () =>
      assert.equal(
        refusal(() => read(text, contentType)),
        'malformedForm',
      ),
    );
  }
});

test('more parts than the limit are refused', () => {
  const parts = (count: number) => `${part(field, 'b').repeat(count)}--XX--`;
  assert.equal(read(parts(maxParts)).length, maxParts);
  assert.equal(
    refusal(() => read(parts(maxParts + 1))),
    'tooManyFields',
  );
});

test('any bytes at all end in parts or a CertError', () => {
  const piece = fc.constantFrom(
    '--XX',
    '--',
    '\r\n',
    field,
    ': ',
    ';',
    '"',
    'name=',
    'filename="',
    '\\',
    ' ',
    'x',
    '\r',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      refusal(() => parseMultipart(Buffer.from(pieces.join('')), type));
    }),
    { numRuns: 2000 },
  );
});

describe('the time grows with the length of', () => {
  const rows: readonly (readonly [what: string, make: (count: number) => string])[] = [
    ['delimiters', (count) => '\r\n--XX'.repeat(count / 6)],
    ['nearly delimiters', (count) => `--XX\r\n${field}\r\n\r\n${'\r\n--X'.repeat(count / 5)}`],
    ['line breaks', (count) => `--XX${'\r\n'.repeat(count / 2)}`],
    ['blanks behind a delimiter', (count) => `--XX${' '.repeat(count)}`],
    ['parameters', (count) => `--XX\r\n${field}${';a'.repeat(count / 2)}\r\n\r\n`],
  ];
  for (const [what, make] of rows) {
    test(what, () =>
      assertLinear(
        100_000,
        (count) => Buffer.from(make(count)),
        (bytes) => refusal(() => parseMultipart(bytes, type)),
      ),
    );
  }
  test('parameters of the content type', () => {
    const make = (count: number) => `multipart/form-data${'; a="\\"'.repeat(count / 7)}`;
    assertLinear(50_000, make, (contentType) => refusal(() => parseMultipart(Buffer.from('x'), contentType)));
  });
});
