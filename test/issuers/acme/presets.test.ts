/** The table of ACME CAs: what every row must have, so that code that reads a column never meets nonsense. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AcmeCaId, acmeCa, acmeCas } from '../../../src/issuers/acme/presets.ts';

const ids = Object.keys(acmeCas) as AcmeCaId[];

describe('a CA that can be named', () => {
  for (const id of ids) {
    const ca = acmeCa(id);
    it(`${id}: a directory that is https, or that the configuration must name`, () => {
      if (ca.directory === null) return;
      assert.equal(new URL(ca.directory).protocol, 'https:');
      assert.equal(new URL(ca.directory).href, ca.directory.replace(/(?<=\.com)$/, '/'));
    });
    it(`${id}: limits that can be counted`, () => {
      assert.ok(ca.finalizeTimeoutMs >= 30_000 && ca.finalizeTimeoutMs <= 300_000);
      const names = ca.budgets.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      for (const { limit, windowSeconds, counts, per } of ca.budgets) {
        assert.ok(Number.isSafeInteger(limit) && limit > 0 && windowSeconds >= 3600);
        // A failed validation is of one name; certificates are of a domain or a set.
        assert.equal(counts === 'failedValidation', per === 'name');
      }
      if (ca.notAfterDays !== null) assert.ok(ca.notAfterDays.min <= ca.notAfterDays.max);
    });
    it(`${id}: a binding that is needed again is kept`, () => {
      if (ca.externalKeyApi === null) return;
      assert.ok(ca.needsExternalKey && ca.keepsExternalKey, 'one that is made is used again');
    });
  }
});

it('no two rows are of one directory', () => {
  const directories = ids.map((id) => acmeCa(id).directory).filter((url) => url !== null);
  assert.equal(new Set(directories).size, directories.length);
});

/** What contracts and reports say, so that nobody changes it in passing. */
it('what is odd about the CAs is in their rows', () => {
  assert.equal(acmeCa('sectigo-dv').finalizeTimeoutMs, 180_000);
  assert.equal(acmeCa('zerossl').longestWaitSeconds, 600);
  assert.deepEqual(acmeCa('letsencrypt').takesAddresses, { profile: 'shortlived' });
  assert.deepEqual(acmeCa('google').notAfterDays, { min: 1, max: 90 });
  assert.deepEqual([acmeCa('google').keepsExternalKey, acmeCa('google').accountCalls], [false, 'byKey']);
  assert.deepEqual([acmeCa('sslcom-rsa').keyTypes, acmeCa('sslcom-ecc').keyTypes], [['rsa'], ['ec']]);
  assert.equal(acmeCa('digicert').showsAuthorizations, false);
  assert.deepEqual(
    acmeCa('letsencrypt').budgets.map(({ limit, windowSeconds }) => [limit, windowSeconds / 3600]),
    [
      [300, 3],
      [50, 168],
      [5, 168],
      [5, 1],
    ],
  );
});
