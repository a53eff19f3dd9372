/** Each kind of job has words in both languages, and no word is of a kind that there is not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobs as english } from '../../console/src/messages/en/jobs.ts';
import { jobs as chinese } from '../../console/src/messages/zh/jobs.ts';
import { jobKinds } from '../../src/domain/job.ts';

for (const [language, { kinds }] of Object.entries({ english, chinese })) {
  test(`${language}: every kind of job is named`, () => {
    assert.deepEqual(Object.keys(kinds).toSorted(), [...jobKinds].toSorted());
    assert.ok(Object.values(kinds).every((text) => text.length > 1));
  });
}
