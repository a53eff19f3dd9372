/** Name constraints: RFC 5280 §4.2.1.10 and §6.1.3, checked against OpenSSL where it has an opinion. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { identifierOf } from '../../src/domain/identifier.ts';
import { context, element, octetString, sequence, smallInteger } from '../../src/pki/der-writer.ts';
import { encodeName, type NameFields } from '../../src/pki/name.ts';
import { excludesAll, nameOutside, readNameConstraints } from '../../src/pki/name-constraints.ts';
import { oids } from '../../src/pki/oid.ts';
import { refused } from '../support/refused.ts';

const dns = (name: string) => sequence([element(0x82, [Buffer.from(name, 'latin1')])]);
const ip = (...bytes: readonly number[]) => sequence([element(0x87, [Uint8Array.from(bytes)])]);
const directory = (fields: NameFields) => sequence([element(0xa4, [encodeName(fields)])]);
const mail = (name: string) => sequence([element(0x81, [Buffer.from(name, 'latin1')])]);

function constraintsFrom(permitted: readonly Buffer[], excluded: readonly Buffer[] = []) {
  const value = sequence([
    ...(permitted.length === 0 ? [] : [context(0, permitted)]),
    ...(excluded.length === 0 ? [] : [context(1, excluded)]),
  ]);
  const found = readNameConstraints([{ oid: oids.nameConstraints, isCritical: true, value }]);
  assert.ok(found !== undefined);
  return found;
}

const empty = encodeName({});
const outside = (list: Parameters<typeof constraintsFrom>, name: string, subject: Buffer = empty) =>
  nameOutside(constraintsFrom(...list), { names: [identifierOf(name)], subject });

describe('one name', () => {
  const rows: readonly (readonly [list: Parameters<typeof constraintsFrom>, name: string, by: string | undefined])[] = [
    [[[dns('example.com')]], 'example.com', undefined],
    [[[dns('example.com')]], 'a.b.example.com', undefined],
    [[[dns('Example.COM')]], 'www.example.com', undefined], // case does not matter
    [[[dns('example.com.')]], 'www.example.com', undefined],
    [[[dns('example.com')]], 'badexample.com', 'permitted'], // whole labels only
    [[[dns('example.com')]], 'example.net', 'permitted'],
    [[[dns('.example.com')]], 'www.example.com', undefined],
    [[[dns('.example.com')]], 'example.com', 'permitted'], // a leading dot asks for one label at least
    [[[dns('example.com')]], '*.example.com', undefined],
    [[[dns('www.example.com')]], '*.example.com', 'permitted'],
    [[[], [dns('www.example.com')]], '*.example.com', 'excluded'], // it would stand for an excluded name
    [[[], [dns('a.www.example.com')]], '*.example.com', undefined], // which has two labels more
    [[[], [dns('example.com')]], '*.example.com', 'excluded'],
    [[[dns('example.com')], [dns('corp.example.com')]], 'x.corp.example.com', 'excluded'],
    [[[dns('example.com')], [dns('corp.example.com')]], 'www.example.com', undefined],
    [[[dns('xn--fsqu00a.example')]], 'www.xn--fsqu00a.example', undefined],
    [[[], [dns('')]], 'example.com', 'excluded'], // the empty one is every name
    [[[dns('')]], 'example.com', undefined],
    [[[mail('example.com')]], 'example.net', undefined], // says nothing of DNS names
    [[[ip(192, 0, 2, 0, 255, 255, 255, 0)]], 'example.net', undefined],
    [[[dns('example.com')]], '192.0.2.7', undefined],
    [[[ip(192, 0, 2, 0, 255, 255, 255, 0)]], '192.0.2.7', undefined],
    [[[ip(192, 0, 2, 0, 255, 255, 255, 0)]], '192.0.3.7', 'permitted'],
    [[[ip(192, 0, 2, 0, 255, 255, 255, 0)]], '2001:db8::7', 'permitted'],
    [
      [[ip(0x20, 1, 0xd, 0xb8, ...Array<number>(12).fill(0), 255, 255, 255, 255, ...Array<number>(12).fill(0))]],
      '2001:db8::7',
      undefined,
    ],
    [
      [[ip(0x20, 1, 0xd, 0xb8, ...Array<number>(12).fill(0), 255, 255, 255, 255, ...Array<number>(12).fill(0))]],
      '2001:db9::7',
      'permitted',
    ],
    [[[], [ip(0, 0, 0, 0, 0, 0, 0, 0)]], '192.0.2.7', 'excluded'],
    [[[], [ip(0, 0, 0, 0, 0, 0, 0, 0)]], '2001:db8::7', undefined],
  ];
  for (const [list, name, by] of rows) {
    test(`${name} in ${JSON.stringify(constraintsFrom(...list))}`, () => assert.equal(outside(list, name)?.by, by));
  }
});

describe('the subject', () => {
  const rows: readonly (readonly [constraint: NameFields, subject: NameFields, isInside: boolean])[] = [
    [{ C: 'DE', O: 'Example' }, { C: 'DE', O: 'Example', CN: 'www.example.com' }, true],
    [{ C: 'DE', O: 'Example' }, { C: 'DE', O: 'EXAMPLE  ', CN: 'www.example.com' }, true],
    [{ C: 'DE', O: 'Example' }, { C: 'DE', O: 'Exam ple' }, false],
    [{ C: 'DE', O: 'Example' }, { C: 'FR', O: 'Example' }, false],
    [{ C: 'DE', O: 'Example' }, { CN: 'www.example.com' }, false],
    [{ C: 'DE', O: 'Example' }, {}, true], // an empty one is not compared
  ];
  for (const [constraint, subject, isInside] of rows) {
    test(`${JSON.stringify(subject)} below ${JSON.stringify(constraint)}`, () => {
      const found = outside([[directory(constraint)]], 'www.example.com', encodeName(subject));
      assert.equal(found === undefined, isInside);
      assert.equal(
        outside([[], [directory(constraint)]], 'a.example', encodeName(subject))?.by,
        isInside && Object.keys(subject).length > 0 ? 'excluded' : undefined,
      );
    });
  }
});

test('What is wrong is said in the words of the constraint.', () => {
  const permitted = [dns('example.com'), ip(192, 0, 2, 0, 255, 255, 255, 0)];
  assert.deepEqual(outside([permitted], 'example.net'), {
    name: 'example.net',
    by: 'permitted',
    constraint: 'example.com',
  });
  assert.equal(outside([permitted], '198.51.100.1')?.constraint, '192.0.2.0/24');
});

test('A minimum, a maximum and half an address are refused.', () => {
  const withMaximum = sequence([
    element(0x82, [Buffer.from('a.example')]),
    element(0x81, [smallInteger(1).subarray(2)]),
  ]);
  assert.throws(() => constraintsFrom([withMaximum]), refused('derMalformed'));
  assert.throws(() => constraintsFrom([ip(192, 0, 2, 0)]), refused('derMalformed'));
  const value = octetString([]);
  assert.throws(
    () => readNameConstraints([{ oid: oids.nameConstraints, isCritical: true, value }]),
    refused('derMalformed'),
  );
});

test('Constraints that leave nothing are found.', () => {
  const all = [dns(''), ip(...Array<number>(8).fill(0)), ip(...Array<number>(32).fill(0))];
  assert.equal(excludesAll(constraintsFrom([], all)), true);
  assert.equal(excludesAll(constraintsFrom([], all.slice(0, 2))), false);
  // As certificates for one organization's domains have it.
  assert.equal(excludesAll(constraintsFrom([dns('example.com')], all.slice(1))), false);
});
