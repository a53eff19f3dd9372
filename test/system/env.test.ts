import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpoint } from '../../src/system/endpoint.ts';
import { readEnvironment } from '../../src/system/env.ts';
import { createSystem } from '../../src/system/index.ts';

test('the environment is a snapshot', () => {
  const environment = readEnvironment();
  process.env.CERTMUX_TEST_SNAPSHOT = 'later';
  assert.equal(environment.variables.CERTMUX_TEST_SNAPSHOT, undefined);
  assert.equal(readEnvironment().variables.CERTMUX_TEST_SNAPSHOT, 'later');
  delete process.env.CERTMUX_TEST_SNAPSHOT;
});

test("the operating system's resolvers can be read as endpoints", () => {
  for (const text of readEnvironment().resolvers) assert.ok(parseEndpoint(text, 53).port > 0);
});

test('a system is made of all its parts', () => {
  const system = createSystem({
    log: { level: 'silent' },
    resolver: { servers: [parseEndpoint('127.0.0.1:53', 53)] },
    maxSockets: 16,
    fetchUntrusted: { dangerAllowAddresses: ['10.0.0.0/8'] },
  });
  const parts = ['clock', 'fetchUntrusted', 'handshakeUntrusted', 'log', 'mailer', 'objectionToUrl', 'publicSuffixes'];
  assert.deepEqual(Object.keys(system).toSorted(), [...parts, 'random', 'resolver', 'resolverWatch']);
});
