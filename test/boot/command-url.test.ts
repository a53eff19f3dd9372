/** Which listener the command line uses. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandUrlOf } from '../../src/boot/command-url.ts';

describe('the URL of the command line', () => {
  const rows: readonly (readonly [name: string, urls: readonly string[], expected: string | undefined])[] = [
    ['is the listener without TLS, wherever it stands', ['https://a:443', 'http://a:80'], 'http://a:80'],
    ['is the first of several without TLS', ['http://a:80', 'http://b:80'], 'http://a:80'],
    ['is the first one where all have TLS', ['https://a:443', 'https://b:443'], 'https://a:443'],
    ['is none where nothing listens', [], undefined],
  ];
  for (const [name, urls, expected] of rows) it(name, () => assert.equal(commandUrlOf(urls), expected));
});
