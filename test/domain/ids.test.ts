import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { base32, isId, type Noun, type NumberedNoun, newId, newNumberedId, numberOf } from '../../src/domain/ids.ts';
import type { Randomness } from '../../src/domain/ports/system.ts';
import { createFakeClock, createFakeRandomness } from '../support/system.ts';

test('an id is the prefix of its noun and a UUIDv7 in base32', () => {
  // The example of RFC 9562 appendix A.6, its 74 random bits with the ones of version and variant turned around.
  const uuid = Buffer.from('017f22e279b07cc398c4dc0c0c07398f', 'hex');
  const random: Randomness = {
    bytes: (size) => (size === 10 ? Buffer.from('8cc358c4dc0c0c07398f', 'hex') : new Uint8Array(size)),
  };
  const clock = createFakeClock('2022-02-22T19:22:22.000Z');
  assert.equal(newId('approval', { clock, random }), `apr_${base32(uuid)}`);
});

const isNumbered = (noun: Noun): noun is NumberedNoun => ['order', 'issuance', 'certificate'].includes(noun);

test('an id that carries a number is a UUIDv8 with the number in its last 32 bits', () => {
  const random: Randomness = { bytes: (size) => new Uint8Array(size).fill(0xff) };
  const clock = createFakeClock('2022-02-22T19:22:22.000Z');
  const uuid = Buffer.from('017f22e279b08fffbfffffff00989681', 'hex');
  const id = newNumberedId('order', 10_000_001, { clock, random });
  assert.equal(id, `ord_${base32(uuid)}`);
  assert.equal(numberOf(id), 10_000_001);
});

test('the number comes out of an id as it went in, and ids of one number differ', () => {
  const system = { clock: createFakeClock(), random: createFakeRandomness() };
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (number) => {
      const [one, other] = [newNumberedId('issuance', number, system), newNumberedId('issuance', number, system)];
      assert.equal(numberOf(one), number);
      assert.notEqual(one, other);
      assert.ok(isId('issuance', one));
    }),
  );
});

test('every noun has a prefix of its own', () => {
  const nouns: Record<Noun, string> = {
    account: 'acc',
    user: 'usr',
    credential: 'crd',
    userSession: 'ses',
    product: 'prd',
    order: 'ord',
    approval: 'apr',
    issuance: 'iss',
    acmeOrder: 'aor',
    authorization: 'aut',
    confirmation: 'cnf',
    certificate: 'crt',
    authority: 'ca',
    event: 'evt',
    ledgerEntry: 'led',
    delivery: 'ntf',
    organization: 'org',
    container: 'cnt',
    customField: 'fld',
    managedDomain: 'dom',
    webhook: 'whk',
    externalAccountKey: 'eab',
    note: 'not',
    expiryReminder: 'ntc',
    roleGrant: 'rgr',
    invitation: 'inv',
    upstreamExchange: 'uex',
    orderShare: 'shr',
    job: 'job',
  };
  const system = { clock: createFakeClock(), random: createFakeRandomness() };
  for (const [noun, prefix] of Object.entries(nouns) as [Noun, string][]) {
    const id = isNumbered(noun) ? newNumberedId(noun, 10_000_001, system) : newId(noun, system);
    assert.ok(id.startsWith(`${prefix}_`), id);
    assert.ok(isId(noun, id));
    for (const other of Object.keys(nouns) as Noun[]) assert.equal(isId(other, id), other === noun);
  }
});

test('ids sort by the millisecond they were made in', async () => {
  const clock = createFakeClock();
  const random = createFakeRandomness();
  const ids: string[] = [];
  for (const ms of [0, 1, 1, 999, 86_400_000, 400 * 86_400_000]) {
    await clock.advance(ms);
    ids.push(newNumberedId('certificate', 1, { clock, random }));
  }
  assert.equal(new Set(ids).size, ids.length);
  // The first two characters after the time are free to differ inside one millisecond.
  const times = ids.map((id) => id.slice(0, 'crt_'.length + 9));
  assert.deepEqual(times.toSorted(), times);
});

describe('isId', () => {
  const good = 'ord_05zj5rkspay4zzxzzzzzzzzzzw';
  const rows: readonly (readonly [text: string, expected: boolean, why: string])[] = [
    [good, true, 'an id'],
    [good.slice(0, -1), false, 'too short'],
    [`${good}0`, false, 'too long'],
    [good.toUpperCase(), false, 'upper case'],
    [good.replace('_', '-'), false, 'another separator'],
    [good.replace('ord', 'crt'), false, 'the prefix of another noun'],
    ...[...'ilou'].map(
      (letter) => [`ord_${letter}${good.slice(5)}`, false, `${letter} is not in the alphabet`] as const,
    ),
    [`${good}\n`, false, 'a line end behind it'],
    [` ${good}`, false, 'a blank before it'],
    ['', false, 'nothing'],
    ['ord_', false, 'a prefix alone'],
  ];
  for (const [text, expected, why] of rows) test(why, () => assert.equal(isId('order', text), expected));
});

describe('base32', () => {
  // RFC 4648 §10 has these vectors for its own alphabet; these are the same bits in Crockford's.
  const rows: readonly (readonly [text: string, expected: string])[] = [
    ['', ''],
    ['f', 'cr'],
    ['fo', 'csqg'],
    ['foo', 'csqpy'],
    ['foob', 'csqpyrg'],
    ['fooba', 'csqpyrk1'],
    ['foobar', 'csqpyrk1e8'],
  ];
  for (const [text, expected] of rows) test(`"${text}"`, () => assert.equal(base32(Buffer.from(text)), expected));

  test('keeps the order of its bytes', () => {
    const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        const [first = '', second = ''] = [base32(one), base32(other)];
        assert.equal(first.length, 26);
        assert.equal(Math.sign(Buffer.compare(one, other)), first < second ? -1 : Number(first > second));
      }),
    );
  });
});
