/** Who can relay for whom, and what is to be passed on. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { NameChoice } from '../../src/domain/challenge.ts';
import { reason } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { defaultProfiles } from '../../src/domain/profile.ts';
import {
  type IssuerOfPair,
  newRelay,
  nextWish,
  objectionToPair,
  relayedMethodsFor,
  withoutName,
  withoutWish,
  withWish,
} from '../../src/domain/relay.ts';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';

const pairOf = (...methods: readonly ValidationMethod[]) => ({
  dialect: 'door',
  door: { methods, showsDelegation: true },
});
const relaying = (...relayed: readonly ValidationMethod[]): IssuerOfPair => ({ id: 'racent', mode: 'relay', relayed });
const noDoor = { dialect: 'wosign', door: undefined };

describe('a front door and an issuer', () => {
  const rows = [
    ['whose names we check', noDoor, { id: 'embedded', mode: 'own' }, true],
    ['that share a method', pairOf('dnsCname', 'email'), relaying('dnsTxt', 'email'), true],
    ['that share none', pairOf('dnsCname'), relaying('dnsTxt', 'email'), false],
    ['where the door never relays', noDoor, relaying('dnsCname', 'httpFile'), false],
    ['where the issuer offers nothing', pairOf('dnsCname'), relaying(), false],
  ] as const;
  for (const [what, pair, issuer, fits] of rows) {
    test(`${what}: ${fits ? 'fit' : 'do not'}`, () => {
      assert.equal(objectionToPair(pair, issuer)?.key, fits ? undefined : 'doorCannotRelay');
    });
  }

  test('share methods for a name as far as the profile lets them prove it', () => {
    const publicDv = defaultProfiles.find(({ id }) => id === 'public-dv') ?? assert.fail();
    const pair = pairOf('dnsTxt', 'httpFile', 'email');
    const of = (text: string) =>
      relayedMethodsFor(parseIdentifier(text, 'name'), {
        pair,
        relayed: ['httpFile', 'dnsCname', 'dnsTxt'],
        profile: publicDv,
      });
    assert.deepEqual(of('a.example.com'), ['httpFile', 'dnsTxt'], 'in the order of the issuer');
    assert.deepEqual(of('*.example.com'), ['dnsTxt']);
    assert.deepEqual(of('192.0.2.1'), ['httpFile']);
  });

  test('never share a file for a wildcard, although our own profile would take it', () => {
    const profile = defaultProfiles.find(({ wildcardByFile }) => wildcardByFile) ?? assert.fail();
    const asked = { pair: pairOf('dnsCname', 'httpFile'), relayed: ['httpFile', 'dnsCname'], profile } as const;
    assert.deepEqual(relayedMethodsFor(parseIdentifier('*.example.com', 'name'), asked), ['dnsCname']);
    assert.deepEqual(relayedMethodsFor(parseIdentifier('example.com', 'name'), asked), ['httpFile', 'dnsCname']);
  });
});

describe('wishes', () => {
  const at = new Date('2026-06-01T00:00:00Z');
  const choice = (name: string, method: ValidationMethod): NameChoice => ({
    name: parseIdentifier(name, 'name'),
    choice: method,
  });
  const [a, b] = [choice('a.example.com', 'dnsTxt'), choice('b.example.com', 'dnsTxt')];

  test('add up; of two for a name the later counts', () => {
    const later = choice('a.example.com', 'httpFile');
    const wished = withWish(withWish(withWish(newRelay, { choices: [a, b] }), { wantsCheck: true }), {
      choices: [later],
    });
    assert.deepEqual(wished.wish, { number: 3, choices: [b, later], removals: [], wantsCheck: true });
  });

  test('are over once they were passed on', () => {
    const wished = withWish(withWish(newRelay, { choices: [a, b] }), { wantsCheck: true });
    const changed = withoutWish(wished, { choice: a }, at);
    assert.deepEqual([changed.wish.choices, changed.wish.wantsCheck, changed.checkedAt], [[b], true, null]);
    const checked = withoutWish(changed, { checkOf: wished.wish.number }, at);
    assert.deepEqual([checked.wish.choices, checked.wish.wantsCheck, checked.checkedAt], [[b], false, at]);
  });

  test('that came again while the call was under way are passed on again', () => {
    const first = withWish(newRelay, { choices: [a], wantsCheck: true });
    const other = withWish(first, { choices: [choice('a.example.com', 'email')] });
    assert.equal(withoutWish(other, { choice: a }, at).wish.choices.length, 1);
    assert.equal(withoutWish(other, { checkOf: first.wish.number }, at).wish.wantsCheck, true);
  });

  test('take the place of a refusal for the same name only', () => {
    const why = { wish: 1, name: a.name.value, reason: reason('beingPrepared', { issuer: 'racent' }) };
    const refused = { ...withWish(newRelay, { choices: [a] }), refusal: why };
    assert.equal(withWish(refused, { choices: [a] }).refusal, null);
    assert.equal(withWish(refused, { removals: [a.name] }).refusal, null);
    assert.deepEqual(withWish(refused, { choices: [b], wantsCheck: true }).refusal, why);
  });

  test('to take a name out come once for each name, and before all others', () => {
    const once = withWish(newRelay, { choices: [a, b], removals: [b.name], wantsCheck: true });
    const twice = withWish(once, { removals: [b.name, a.name] });
    assert.deepEqual([twice.wish.number, twice.wish.removals], [2, [b.name, a.name]]);
    assert.deepEqual(nextWish(twice), { removal: b.name });
    const refused = withoutWish(twice, { removal: b.name }, at);
    assert.deepEqual([refused.wish.removals, refused.wish.choices], [[a.name], [a, b]]);
    const out = withoutName(refused, a.name);
    assert.deepEqual([out.wish.removals, out.wish.choices, nextWish(out)], [[], [b], { choice: b }]);
    const checked = withoutWish(out, { choice: b }, at);
    assert.deepEqual(nextWish(checked), { checkOf: 2 });
    assert.equal(nextWish(newRelay), undefined);
  });
});
