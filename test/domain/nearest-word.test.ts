import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nearestWord } from '../../src/domain/nearest-word.ts';

const known = ['listen', 'publicUrl', 'dataDirectory', 'trustedProxies', 'dns', 'mail'];

describe('the word that was meant', () => {
  const rows: readonly (readonly [word: string, meant: string | undefined])[] = [
    ['listn', 'listen'], // one is missing
    ['lsiten', 'listen'], // two are exchanged: one mistake, not two
    ['listens', 'listen'],
    ['LISTEN', 'listen'],
    ['publicURL', 'publicUrl'],
    ['public_url', 'publicUrl'],
    ['data-directory', 'dataDirectory'],
    ['dateDirectroy', 'dataDirectory'],
    ['dn', 'dns'],
    ['dnss', 'dns'],
    ['port', undefined],
    ['x', undefined],
    ['', undefined],
    ['__proto__', undefined],
  ];
  for (const [word, meant] of rows) {
    test(`${JSON.stringify(word)}: ${meant}`, () => assert.equal(nearestWord(word, known), meant));
  }

  test('is the nearest of several', () => assert.equal(nearestWord('mial', ['main', 'mail']), 'mail'));
  test('a very long word is compared with none', () => assert.equal(nearestWord('a'.repeat(1e6), known), undefined));
});
