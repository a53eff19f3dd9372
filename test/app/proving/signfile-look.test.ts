/** A vendor's own file is looked for over http, and else over https. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSignfileLook } from '../../../src/app/proving/signfile-look.ts';
import type { CheckChallenge } from '../../../src/domain/challenge.ts';
import { reason } from '../../../src/domain/errors.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';

const file = { issuer: 'wosign', path: '/.well-known/pki-validation/signfile', content: 'the same for all' };
const name = parseIdentifier('a.example.com', 'name');

async function look(served: readonly string[]) {
  const asked: string[] = [];
  const checkChallenge: CheckChallenge = async (identifier, challenge) => {
    asked.push(challenge.method);
    const url = `http://${identifier.value}${file.path}`;
    const common = { method: challenge.method, binding: challenge.binding, checkedAt: new Date(0), durationMs: 1 };
    const proved = served.includes(challenge.method);
    const problem = proved ? {} : { problem: reason('httpStatus', { url, status: 404 }) };
    const source = { isOwn: true, status: proved ? 200 : 404, sizeBytes: 0 };
    return { ...common, proved, asked: url, answeredBy: [], answer: '', source, ...problem };
  };
  const found = await createSignfileLook({ checkChallenge })(name, file, new AbortController().signal);
  return { asked, found };
}

test('over http', async () => {
  assert.deepEqual(await look(['httpFile']), { asked: ['httpFile'], found: undefined });
});

test('over https', async () => {
  assert.deepEqual(await look(['httpsFile']), { asked: ['httpFile', 'httpsFile'], found: undefined });
});

test('where neither has it, the place and what was found there are told', async () => {
  const { found } = await look([]);
  assert.equal(found?.key, 'vendorFileMissing');
  assert.match(JSON.stringify(found), /a\.example\.com\/\.well-known\/pki-validation\/signfile.*404/);
});
