/** What is read as an answer, and what is not: each row is decided on purpose. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ConnectionFault } from '../../src/domain/messages/words.ts';
import { createAnswerReader, type HttpAnswer } from '../../src/system/http-answer.ts';

const limit = 1000;
const ok = 'HTTP/1.1 200 OK\r\n';
const five = 'Content-Length: 5\r\n\r\nproof';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;

/** `200 proof`, `200 proof (cut)`, or the fault. */
function read(text: string, pieceBytes: number, maxBodyBytes = limit): string {
  const reader = createAnswerReader(maxBodyBytes);
  const bytes = Buffer.from(text, 'latin1');
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const result = reader.push(bytes.subarray(at, at + pieceBytes));
    if (result !== undefined) return shown(result);
  }
  return shown(reader.end());
}

function shown(result: HttpAnswer | ConnectionFault): string {
  if (typeof result === 'string') return result;
  return `${result.status} ${result.body.toString('latin1')}${result.isCut ? ' (cut)' : ''}`;
}

const noHttp = 'sent something that is not HTTP';
const noChunks = 'sent chunks that cannot be read';
const cutHead = 'closed the connection in the middle of the answer';

type Row = readonly [why: string, text: string, expected: string];

const heads: readonly Row[] = [
  ['as it should be', `${ok}${five}`, '200 proof'],
  ['HTTP/1.0, ended by the connection', 'HTTP/1.0 200 OK\r\n\r\nproof', '200 proof'],
  ['no reason', `HTTP/1.1 200\r\n${five}`, '200 proof'],
  ['an empty reason', `HTTP/1.1 200 \r\n${five}`, '200 proof'],
  ['a reason in another charset', `HTTP/1.1 200 \xb3\xc9\xb9\xa6\r\n${five}`, '200 proof'],
  ['lone line feeds', 'HTTP/1.1 200 OK\nContent-Length: 5\n\nproof', '200 proof'],
  ['line ends of both kinds', 'HTTP/1.1 200 OK\nServer: x\r\nContent-Length: 5\n\r\nproof', '200 proof'],
  ['carriage returns only', 'HTTP/1.1 200 OK\rContent-Length: 5\r\rproof', cutHead],
  ['ICY, of the servers of radio stations', `ICY 200 OK\r\n${five}`, '200 proof'],
  ['another version', `HTTP/1.2 200 OK\r\n${five}`, '200 proof'],
  ['HTTP/2 written out by a proxy', `HTTP/2 200\r\n${five}`, '200 proof'],
  ['no version', `HTTP 200 OK\r\n${five}`, '200 proof'],
  ['lower case', `http/1.1 200 ok\r\n${five}`, '200 proof'],
  ['several blanks', `HTTP/1.1  200  OK\r\n${five}`, '200 proof'],
  ['empty lines in front', `\r\n\r\n${ok}${five}`, '200 proof'],
  ['blanks in front', `  ${ok}${five}`, '200 proof'],
  ['a final answer after an interim one', `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${ok}${five}`, '200 proof'],
  ['headers of an interim answer', `HTTP/1.1 100 Go\r\nContent-Length: 2\r\n\r\n${ok}${five}`, '200 proof'],
  ['no headers', `${ok}\r\nproof`, '200 proof'],
  ['no content', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nproof', '204 '],
  ['a redirect, whose page need not end', 'HTTP/1.1 302 Found\r\nLocation: /a\r\n\r\n<html>', '302 '],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n', 'switched to another protocol'],
  ['HTTP/0.9: any protocol would do', 'proof', noHttp],
  ['a mail server', '220 smtp.example ESMTP\r\n', noHttp],
  ['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n', noHttp],
  ['a TLS alert', '\x15\x03\x01\x00\x02\x02\x46', noHttp],
  ['a status of four digits', `HTTP/1.1 2000 OK\r\n${five}`, noHttp],
  ['a status of two digits', `HTTP/1.1 20 OK\r\n${five}`, noHttp],
  ['no status', `HTTP/1.1 OK\r\n${five}`, noHttp],
  ['nothing', '', 'closed the connection without an answer'],
  ['half a status line', 'HTTP/1.1 200', cutHead],
  ['something else, without a line end', 'HELO', noHttp],
  ['half a head', 'HTTP/1.1 200 OK\r\nContent-Length: 0', cutHead],
  ['a head that never ends', `${ok}X-Long: ${'x'.repeat(20_000)}`, 'sent headers that are too large'],
  ['interim answers without end', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(1000), 'sent headers that are too large'],
];

const headers: readonly Row[] = [
  ['a blank before the colon', `${ok}Content-Length : 5\r\n\r\nproof and more`, '200 proof'],
  ['no blank behind it', `${ok}Content-Length:5\r\n\r\nproof and more`, '200 proof'],
  ['a folded line', `${ok}X-A: one\r\n two\r\n${five}`, '200 proof'],
  ['a folded length', `${ok}Content-Length:\r\n 5\r\n\r\nproof and more`, '200 proof'],
  ['a fold before any header', `${ok} X-A: one\r\n${five}`, '200 proof'],
  ['a line without a colon', `${ok}Junk\r\n${five}`, '200 proof'],
  ['a name of other characters', `${ok}X Y@: 1\r\n${five}`, '200 proof'],
  ['an empty name', `${ok}: x\r\n${five}`, '200 proof'],
  ['control characters', `${ok}X-A: a\x00\x01b\r\n${five}`, '200 proof'],
  ['an upgrade that was not asked for', `${ok}Upgrade: h2c\r\nConnection: Upgrade\r\n${five}`, '200 proof'],
];

const lengths: readonly Row[] = [
  ['twice the same', `${ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nproof`, '200 proof'],
  ['twice in one header', `${ok}Content-Length: 5, 5\r\n\r\nproof`, '200 proof'],
  ['zeros in front', `${ok}Content-Length: 005\r\n\r\nproof`, '200 proof'],
  [
    'two that differ',
    `${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nproof!`,
    'announced several lengths for one answer',
  ],
  ['not a number', `${ok}Content-Length: abc\r\n\r\nproof`, '200 proof'],
  ['negative', `${ok}Content-Length: -1\r\n\r\nproof`, '200 proof'],
  ['empty', `${ok}Content-Length:\r\n\r\nproof`, '200 proof'],
  ['more than comes', `${ok}Content-Length: 50\r\n\r\nproof`, '200 proof (cut)'],
  ['less than comes', `${ok}Content-Length: 3\r\n\r\nproof`, '200 pro'],
  ['something behind it', `${ok}${five}\r\n\x00<!-- cached -->`, '200 proof'],
  ['none at all', `${ok}Content-Length: 0\r\n\r\n`, '200 '],
  [
    'chunks besides',
    `${ok}Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nproof\r\n0\r\n\r\n`,
    '200 proof',
  ],
  ['no chunks besides', `${ok}Transfer-Encoding: identity\r\n${five}`, '200 proof'],
];

const chunks: readonly Row[] = [
  ['as they should be', `${chunked}3\r\npro\r\n2\r\nof\r\n0\r\n\r\n`, '200 proof'],
  ['lone line feeds', `${chunked}5\nproof\n0\n\n`, '200 proof'],
  ['blanks around the size', `${chunked} 5  \r\nproof\r\n0 \r\n\r\n`, '200 proof'],
  ['zeros before the size', `${chunked}00000005\r\nproof\r\n0000\r\n\r\n`, '200 proof'],
  ['capital digits', `${chunked}A\r\n0123456789\r\n0\r\n\r\n`, '200 0123456789'],
  ['an extension', `${chunked}5;a=b\r\nproof\r\n0\r\n\r\n`, '200 proof'],
  ['junk for an extension', `${chunked}5 ; @@="\r\nproof\r\n0\r\n\r\n`, '200 proof'],
  ['trailers', `${chunked}5\r\nproof\r\n0\r\nX-Sum: 1\r\n\r\n`, '200 proof'],
  ['of HTTP/1.0', `HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nproof\r\n0\r\n\r\n`, '200 proof'],
  ['written with a capital', `${ok}Transfer-Encoding: Chunked\r\n\r\n5\r\nproof\r\n0\r\n\r\n`, '200 proof'],
  ['no empty line at the end', `${chunked}5\r\nproof\r\n0\r\n`, '200 proof'],
  ['no line end at the end', `${chunked}5\r\nproof\r\n0`, '200 proof'],
  ['no last chunk', `${chunked}5\r\nproof\r\n`, '200 proof (cut)'],
  ['no last chunk nor line end', `${chunked}5\r\nproof`, '200 proof (cut)'],
  ['half a chunk', `${chunked}f\r\nproof`, '200 proof (cut)'],
  ['no line end behind a chunk', `${chunked}5\r\nproof0\r\n\r\n`, noChunks],
  ['announced, but none', `${chunked}proof\r\n`, noChunks],
  ['a size in another notation', `${chunked}0x5\r\nproof\r\n0\r\n\r\n`, noChunks],
  ['a negative size', `${chunked}-5\r\nproof\r\n0\r\n\r\n`, noChunks],
  ['a size beyond all numbers', `${chunked}${'f'.repeat(40)}\r\nproof`, noChunks],
  ['an extension without end', `${chunked}5;${'x'.repeat(20_000)}`, noChunks],
  ['extensions without end', `${chunked}${`1;${'x'.repeat(10_000)}\r\np\r\n`.repeat(20)}`, noChunks],
];

for (const [title, rows] of Object.entries({ heads, headers, lengths, chunks })) {
  describe(title, () => {
    for (const [why, text, expected] of rows) {
      test(`${why}: ${expected}`, () => {
        for (const pieceBytes of [text.length + 1, 1, 7]) assert.equal(read(text, pieceBytes), expected);
      });
    }
  });
}

describe('the limit of the body', () => {
  const endless: readonly Row[] = [
    ['to the end of the connection', `${ok}\r\n${'x'.repeat(50)}`, ''],
    ['by length', `${ok}Content-Length: 50\r\n\r\n${'x'.repeat(50)}`, ''],
    ['in chunks', `${chunked}${'5\r\nxxxxx\r\n'.repeat(10)}0\r\n\r\n`, ''],
  ];
  for (const [why, text] of endless) {
    test(`${why}: nothing is read behind it`, () => {
      for (const pieceBytes of [1000, 1]) assert.equal(read(text, pieceBytes, 10), `200 ${'x'.repeat(11)} (cut)`);
      assert.equal(read(text, 1, 50), `200 ${'x'.repeat(50)}`);
    });
  }
});

test('headers keep their bytes and their order, by lower-case name', () => {
  const reader = createAnswerReader(limit);
  const result = reader.push(Buffer.from(`${ok}Location: /\xe4\xbe\x8b\r\nX-A: 1\r\nx-a: 2\r\n${five}`, 'latin1'));
  assert.ok(typeof result === 'object');
  assert.deepEqual(
    [...result.headers],
    [
      ['location', ['/\xe4\xbe\x8b']],
      ['x-a', ['1', '2']],
      ['content-length', ['5']],
    ],
  );
});
