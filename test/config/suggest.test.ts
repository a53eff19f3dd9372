import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError, parseConfig } from '../../src/config/load.ts';
import { assertBothLanguages } from '../support/both-languages.ts';

function problemsOf(text: string): readonly string[] {
  try {
    parseConfig(text, 'certmux.yaml');
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) assertBothLanguages(thrown);
    if (thrown instanceof ConfigError) return thrown.problems;
    throw thrown;
  }
}

describe('a setting that does not exist', () => {
  const rows: readonly (readonly [text: string, problem: string])[] = [
    ['listn: []', 'listn: there is no such setting; did you mean listen? (line 1)'],
    ['public_url: http://a.example', 'public_url: there is no such setting; did you mean publicUrl? (line 1)'],
    ['dns:\n  resolver: []', 'dns.resolver: there is no such setting; did you mean dns.resolvers? (line 2)'],
    // In another section than the one where it is.
    ['pkiUrl: http://a.example/pki', 'pkiUrl: there is no such setting; did you mean authority.pkiUrl? (line 1)'],
    ['resolvers: []', 'resolvers: there is no such setting; did you mean dns.resolvers? (line 1)'],
    // A front door's name, a setting that all have, one of its own.
    [
      'dialects:\n  digicret: {}',
      'dialects.digicret: there is no such setting; did you mean dialects.digicert? (line 2)',
    ],
    [
      'dialects:\n  digicert:\n    host: []',
      'dialects.digicert.host: there is no such setting; did you mean dialects.digicert.hosts? (line 3)',
    ],
    // Written in one of two ways.
    [
      'tls:\n  selfServe: [a.example]',
      'tls.selfServe: there is no such setting; did you mean tls.selfServed? (line 2)',
    ],
    // Like nothing: what there is.
    ['notices:\n  everything: true', 'notices.everything: there is no such setting; there is days (line 2)'],
    ['profiles:\n  "private": {}', 'profiles.private: '],
  ];
  for (const [text, problem] of rows) {
    test(JSON.stringify(text), () => {
      const problems = problemsOf(text);
      assert.ok(
        problems.some((one) => one.startsWith(problem)),
        problems.join('\n'),
      );
    });
  }

  test('with a name of a prototype is one like any other', () => {
    assert.match(problemsOf('constructor: 1').join(), /^constructor: there is no such setting/);
  });
});
