/** Jobs by name: every kind of job has words in both languages. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { jobs as english } from '../../console/src/messages/en/jobs.ts';
import { jobs as chinese } from '../../console/src/messages/zh/jobs.ts';
import { jobKinds } from '../../src/domain/job.ts';

for (const [language, { kinds }] of Object.entries({ english, chinese })) {
  it(`in ${language}, each its own`, () => {
    assert.deepEqual(Object.keys(kinds).toSorted(), [...jobKinds].toSorted());
    assert.equal(new Set(Object.values(kinds)).size, jobKinds.length);
  });
}
