/** The signfile as the proof of later issuances, which only know what the earlier ones had. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { challengesOf, signfileChallengesAmong } from '../../../src/dialects/wosign/proofs.ts';
import type { Challenge } from '../../../src/domain/challenge.ts';

const own = challengesOf({ customerId: '1', authToken: 'token' });
const strange: readonly Challenge[] = [
  { method: 'httpFile', binding: 'request', path: '/.well-known/pki-validation/ABC.txt', content: 'abc' },
  { method: 'dnsCname', binding: 'request', host: '_abc.example.com', target: 'x.sectigo.com' },
  { method: 'email', binding: 'server', addresses: ['admin@example.com'] },
];

test('is the one that the name had, and of the account whatever was stored of it', () => {
  assert.deepEqual(signfileChallengesAmong(own), own);
  const stored = own.map((challenge) => ({ ...challenge, binding: 'request' }) as Challenge);
  assert.deepEqual(signfileChallengesAmong(stored), own);
});

test('is nothing of what another front door asked for the name', () => {
  assert.deepEqual(signfileChallengesAmong([...strange, ...own]), own);
  assert.deepEqual(signfileChallengesAmong(strange), []);
});
