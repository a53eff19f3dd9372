import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { revocationReasons } from '../../src/domain/certificate.ts';
import { reasonNamedBy, revocationReasonOf } from '../../src/domain/revocation-reason.ts';

const spellings = {
  unspecified: ['Unspecified', 'UNSPECIFIED', ' unspecified ', 'CRL_REASON_UNSPECIFIED', 'RVK_UNSPECIFIED'],
  keyCompromise: [
    'key_compromise',
    'KEY_COMPROMISE',
    'KeyCompromise',
    'keycompromise',
    'Key Compromise',
    'key-compromise',
    'key_compromised',
    'CRLReason.keyCompromise',
    'REVOCATION_REASON_KEY_COMPROMISE',
    'reason:keyCompromise',
  ],
  affiliationChanged: ['affiliation_changed', 'AFFILIATION_CHANGED', 'affiliation_change', 'affiliationChange'],
  superseded: ['Superseded', 'SUPERSEDED', 'SUPERCEDED', 'supersede', 'crl-reason-superseded'],
  cessationOfOperation: [
    'cessation_of_operation',
    'CESSATION_OF_OPERATION',
    'CessationOfOperation',
    'cessation of operations',
  ],
  privilegeWithdrawn: ['privilege_withdrawn', 'PRIVILEGE_WITHDRAWN', 'PrivilegeWithdrawn', 'privileges_withdrawn'],
} as const satisfies Record<keyof typeof revocationReasons, readonly string[]>;

describe('the reason of a revocation', () => {
  for (const [reason, texts] of Object.entries(spellings)) {
    it(`${reason} is read in every spelling, and as its number`, () => {
      for (const text of [reason, ...texts]) {
        assert.equal(revocationReasonOf(text), reason, text);
        assert.equal(reasonNamedBy(text), reason, text);
      }
      const code = String(revocationReasons[reason as keyof typeof spellings]);
      assert.equal(revocationReasonOf(code), reason);
      assert.equal(reasonNamedBy(code), undefined);
    });
  }

  it('is none that a subscriber may not give, and no other text', () => {
    const others = [
      'cACompromise',
      'CA_COMPROMISE',
      'certificateHold',
      'removeFromCRL',
      'aACompromise',
      '2',
      '6',
      '7',
      '8',
      '10',
    ];
    for (const text of [
      ...others,
      '',
      'reason',
      'crl',
      'boredom',
      '-1',
      '1.0',
      '0x1',
      'constructor',
      '__proto__',
      'toString',
    ]) {
      assert.equal(revocationReasonOf(text), undefined, text);
    }
  });
});
