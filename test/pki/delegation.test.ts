/** Labels of delegations, which are in customers' zones and must never change. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import { delegationOf } from '../../src/pki/delegation.ts';
import { probeAnswer, probeToken } from '../../src/pki/responder-probe.ts';

const accountId = 'acc_01jx0000000000000000000000' as AccountId;
const other = 'acc_01jx0000000000000000000001' as AccountId;
const alias = { secret: Buffer.alloc(32, 7), zone: 'acme.example.net' };
const labelOf = (account: AccountId, text: string) => delegationOf(account, parseIdentifier(text, 'name'), alias);

describe('the delegation of a name', () => {
  test('is what httpsok has shown since its first version', () => {
    assert.deepEqual(labelOf(accountId, 'www.example.com'), {
      host: '_acme-challenge.www.example.com',
      target: '32ec5af764a4b728.acme.example.net',
    });
  });

  test('is one record for a name and its wildcard, and another for every other name and account', () => {
    assert.deepEqual(labelOf(accountId, '*.www.example.com'), labelOf(accountId, 'www.example.com'));
    const labels = [
      labelOf(accountId, 'www.example.com'),
      labelOf(accountId, 'example.com'),
      labelOf(other, 'example.com'),
    ];
    assert.equal(new Set(labels.map(({ target }) => target)).size, 3);
  });
});

describe('the answer to a probe of our responder', () => {
  const secret = Buffer.alloc(32, 1);
  const token = probeToken(Buffer.alloc(16, 2));

  test('is another for each token and each secret', () => {
    assert.equal(token, 'certmux-02020202020202020202020202020202');
    const answers = [
      probeAnswer(secret, token),
      probeAnswer(secret, probeToken(Buffer.alloc(16, 3))),
      probeAnswer(Buffer.alloc(32, 4), token),
    ];
    assert.equal(new Set(answers).size, 3);
    assert.match(String(answers[0]), /^[0-9a-f]{64}$/);
  });

  test('is none for what is no probe', () => {
    for (const text of ['', 'certmux-', `${token}0`, token.toUpperCase(), 'DGyRejmCefe7v4NfDGDKfA', `x${token}`]) {
      assert.equal(probeAnswer(secret, text), undefined, text);
    }
  });
});
