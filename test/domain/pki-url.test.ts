/** Which addresses of revocation lists a CA certificate may say. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { objectionToPkiUrl, pkiUrlProblem } from '../../src/domain/pki-url.ts';

const rows: readonly (readonly [url: string, objection: RegExp | undefined])[] = [
  ['http://pki.example.com/pki', undefined],
  ['http://certs.corp.example:8080/pki', undefined],
  ['http://pki.internal/pki', undefined], // an internal name serves its network
  ['http://10.0.0.5:8080/pki', undefined], // and so does a private address
  ['http://[fd00:20::5]/pki', undefined],
  ['http://localhosting.example/pki', undefined],
  ['http://127.example.com/pki', undefined],
  ['https://pki.example.com/pki', /https address.*RFC 5280 §8/],
  ['https://127.0.0.1/pki', /https address/],
  ['http://127.0.0.1:8080/pki', /only this machine/],
  ['http://127.9.9.9/pki', /only this machine/],
  ['http://127.1/pki', /only this machine/], // as the URL standard reads it
  ['http://2130706433/pki', /only this machine/],
  ['http://localhost:8080/pki', /only this machine/],
  ['http://LOCALHOST./pki', /only this machine/],
  ['http://certs.localhost/pki', /only this machine/], // RFC 6761 §6.3
  ['http://[::1]:8080/pki', /only this machine/],
  ['http://[::ffff:127.0.0.1]/pki', /only this machine/],
  ['http://0.0.0.0:8080/pki', /no machine/],
  ['http://[::]/pki', /no machine/],
];

describe('the address of revocation lists', () => {
  for (const [url, objection] of rows) {
    it(`${url} is ${objection === undefined ? 'fine' : `refused: ${objection.source}`}`, () => {
      if (objection === undefined) assert.equal(objectionToPkiUrl(url), undefined);
      else assert.match(objectionToPkiUrl(url) ?? '', objection);
      const problem = pkiUrlProblem(url);
      if (objection === undefined) assert.equal(problem, undefined);
      else
        for (const part of [url, 'authority.pkiUrl', '--allow-local-pki-url'])
          assert.ok([problem?.en, problem?.zh].every((text) => text?.includes(part)));
    });
  }
});
