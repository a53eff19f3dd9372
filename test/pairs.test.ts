/** Which front door sells what: docs/pairs.md, and the rule behind it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { dialects, vendorOf } from '../src/dialects/registry.ts';
import { pairTable, unsoldIssuers } from '../src/domain/pair-table.ts';
import { type IssuerOfPair, vendorSide } from '../src/domain/relay.ts';
import { doors, pairsDocument } from './support/pairs-document.ts';
import { upstreamsDocument, upstreamsPages } from './support/upstreams-document.ts';

const root = join(import.meta.dirname, '..');

for (const language of ['en', 'zh'] as const) {
  test(`${upstreamsPages[language]} has the tables of the vendors: \`npm run docs\` writes them`, async () => {
    assert.equal(await readFile(join(root, upstreamsPages[language]), 'utf8'), await upstreamsDocument(language));
  });
}

test('docs/pairs.md is what the function says: `npm run docs` writes it', async () => {
  assert.equal(await readFile(join(root, 'docs', 'pairs.md'), 'utf8'), pairsDocument());
});

describe('a front door and a way out', () => {
  const standings = (issuer: IssuerOfPair) =>
    Object.fromEntries(pairTable(doors, [issuer]).map(({ pair, standing }) => [pair.dialect, standing.kind]));

  test('of the embedded CA, and of a CA that fetches a file or reads a record, fit for all', () => {
    for (const [mode, kind] of [
      ['own', 'own'],
      ['serve', 'beforehand'],
      ['persist', 'beforehand'],
    ] as const) {
      const found = standings({ id: 'ca', mode });
      assert.deepEqual(found, Object.fromEntries(dialects.map(({ name }) => [name, kind])));
    }
  });

  test('with names delegated show that where they can, and elsewhere it must stand beforehand', () => {
    assert.deepEqual(standings({ id: 'ca', mode: 'alias' }), {
      native: 'shown',
      acme: 'beforehand',
      encryption365: 'shown',
      wosign: 'beforehand',
      httpsok: 'shown',
      digicert: 'beforehand',
      racent: 'shown',
    });
  });

  test('that share no method of a relay sell nothing', () => {
    assert.deepEqual(standings({ id: 'vendor', mode: 'relay', relayed: ['dnsTxt'] }), {
      native: 'shown',
      acme: 'none',
      encryption365: 'shown',
      wosign: 'none',
      httpsok: 'none',
      digicert: 'shown',
      racent: 'shown',
    });
  });
});

describe('a vendor', () => {
  const refusals = (kind: string, mode: 'relay' | 'standing' | 'signfile') =>
    pairTable(doors, [vendorSide(kind, mode, vendorOf(kind).manners)]).flatMap(({ pair, standing }) =>
      standing.kind === 'none' ? [`${pair.dialect} ${standing.reason.key}`] : [],
    );

  test('that relays is sold by no front door that shows nothing', () => {
    for (const kind of ['racent', 'digicert', 'encryption365']) {
      assert.deepEqual(refusals(kind, 'relay'), ['wosign doorCannotRelay', 'acme doorCannotRelay'], kind);
    }
  });

  test('that makes the key is sold by no front door whose orders come with a CSR', () => {
    assert.deepEqual(refusals('httpsok', 'relay'), [
      'native doorSendsCsr',
      'encryption365 doorSendsCsr',
      'wosign doorCannotRelay',
      'digicert doorSendsCsr',
      'acme doorCannotRelay',
    ]);
  });

  test('that has validated all, or looks for a static file, is sold everywhere', () => {
    assert.deepEqual([...refusals('digicert', 'standing'), ...refusals('wosign', 'signfile')], []);
  });
});

describe('an issuer that no open front door can sell', () => {
  const relaying: IssuerOfPair = { id: 'vendor', mode: 'relay', relayed: ['dnsTxt'] };
  const open = (...names: readonly string[]) => doors.filter(({ dialect }) => names.includes(dialect));

  test('is named with the front doors that are open', () => {
    const [found, ...others] = unsoldIssuers(open('acme', 'httpsok'), [relaying, { id: 'embedded', mode: 'own' }]);
    assert.deepEqual(found, { key: 'issuerUnsold', params: { issuer: 'vendor', dialects: 'httpsok, acme' } });
    assert.deepEqual(others, []);
  });

  test('is none once one can, or while all are closed on purpose', () => {
    assert.deepEqual(unsoldIssuers(open('acme', 'racent'), [relaying]), []);
    assert.deepEqual(unsoldIssuers([], [relaying]), []);
  });
});
