/** Redirects as servers and people write them: the next request carries the bytes that the server wrote. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { redirectTarget } from '../../src/system/redirect-target.ts';

const from = new URL('http://www.example.com/dir/file?q=1');

function target(location: Buffer | string, status = 302): string | undefined {
  const value = Buffer.from(location).toString('latin1');
  return redirectTarget({ status, headers: new Map([['location', [value]]]) }, from)?.href;
}

describe('where it leads', () => {
  const gbk = Buffer.concat([Buffer.from('/'), Buffer.from([0xd6, 0xa4]), Buffer.from('.txt')]);
  const rows: readonly (readonly [why: string, location: Buffer | string, expected: string | undefined])[] = [
    ['a whole URL', 'https://www.example.com/a', 'https://www.example.com/a'],
    ['an absolute path', '/a', 'http://www.example.com/a'],
    ['a relative path', 'a', 'http://www.example.com/dir/a'],
    ['one with dots', '../a', 'http://www.example.com/a'],
    ['another query', '?q=2', 'http://www.example.com/dir/file?q=2'],
    ['another host, the same scheme', '//cdn.example.com/a', 'http://cdn.example.com/a'],
    ['a scheme with one slash, as browsers take it', 'https:/cdn.example.com/a', 'https://cdn.example.com/a'],
    ['the same scheme with one slash: a path', 'http:/a', 'http://www.example.com/a'],
    [
      'a host without a scheme is a path, as for browsers',
      'cdn.example.com/a',
      'http://www.example.com/dir/cdn.example.com/a',
    ],
    ['backslashes', 'https:\\\\cdn.example.com\\a', 'https://cdn.example.com/a'],
    ['capitals', 'HTTPS://CDN.example.com/A', 'https://cdn.example.com/A'],
    [
      'percent-encoding stays as it is',
      '/%e4%be%8B%2f%20%41?a=%2F+%zz',
      'http://www.example.com/%e4%be%8B%2f%20%41?a=%2F+%zz',
    ],
    ['UTF-8', '/证书.txt', 'http://www.example.com/%E8%AF%81%E4%B9%A6.txt'],
    ['UTF-8 in the query', '/a?名=证', 'http://www.example.com/a?%E5%90%8D=%E8%AF%81'],
    ['bytes of another charset', gbk, 'http://www.example.com/%D6%A4.txt'],
    ['a name in its own script', 'http://例子.cn/证', 'http://xn--fsqu00a.cn/%E8%AF%81'],
    ['bytes of another charset in the host', Buffer.concat([Buffer.from('http://'), gbk.subarray(1)]), undefined],
    ['blanks', '/my proof.txt', 'http://www.example.com/my%20proof.txt'],
    ['blanks around it', '  /a\t', 'http://www.example.com/a'],
    ['a fragment, which is not sent', '/a#part', 'http://www.example.com/a#part'],
    ['quotes and brackets', '/a"<b>{c}|[d]', 'http://www.example.com/a%22%3Cb%3E%7Bc%7D|[d]'],
    ['nothing', '', undefined],
    ['a host that is none', 'http://[broken', undefined],
    ['more than any honest one', `/${'x'.repeat(3000)}`, undefined],
  ];
  for (const [why, location, expected] of rows) {
    test(why, () => assert.equal(target(location), expected));
  }
});

test('of these answers only', () => {
  const followed = [200, 201, 300, 301, 302, 303, 304, 305, 306, 307, 308].filter(
    (status) => target('/a', status) !== undefined,
  );
  assert.deepEqual(followed, [301, 302, 307, 308]); // BR §3.2.2.4.18
});
