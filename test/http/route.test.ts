import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRoute, type Mount } from '../../src/http/route.ts';

function mount(
  name: string,
  paths: readonly string[],
  hosts: readonly string[] = [],
  methods?: readonly string[],
): Mount {
  return { name, paths, hosts, methods, server: { fetch: async () => new Response(name) } };
}

describe('a request goes', () => {
  const route = createRoute([
    mount('native', ['/api/']),
    mount('panel', ['/cert/', '/ping'], ['Panel.example', 'panel2.example']),
    mount('narrow', ['/cert/special/']),
    mount('acme', ['/acme/'], ['acme.example']),
    { ...mount('caseless', ['/ssl/']), ignoresCase: true },
  ]);
  const rows: readonly (readonly [host: string, path: string, name: string | undefined, why: string])[] = [
    ['any.example', '/api/v1/orders', 'native', 'by its path'],
    ['any.example', '/cert/create', 'panel', 'by its path on a shared host'],
    ['any.example', '/cert/', 'panel', 'to the prefix itself'],
    ['any.example', '/cert', undefined, 'nowhere without the slash of the prefix'],
    ['any.example', '/certificate', undefined, 'nowhere when only the letters are the same'],
    ['any.example', '/ping', 'panel', 'to an exact path'],
    ['any.example', '/ping/', undefined, 'nowhere below an exact path'],
    ['any.example', '/pingpong', undefined, 'nowhere behind an exact path'],
    ['any.example', '/cert/special/x', 'narrow', 'to the longest prefix'],
    ['any.example', '/', undefined, 'nowhere'],
    ['any.example', '/API/v1', undefined, 'nowhere in upper case: paths are not host names'],
    ['any.example', '/SSL/Place', 'caseless', 'in upper case where its clients write so'],
    ['any.example', '/SSL', undefined, 'nowhere without the slash of the prefix, in any case'],
    ['panel.example', '/anything', 'panel', 'by its host, whatever the path'],
    ['panel.example', '/api/v1/orders', 'panel', 'by its host rather than by another path'],
    ['panel2.example', '/', 'panel', 'by any of its hosts'],
    ['acme.example', '/cert/create', 'acme', 'by its host rather than by the path of another'],
    ['sub.panel.example', '/anything', undefined, 'nowhere below the host'],
  ];
  for (const [host, path, name, why] of rows) {
    test(`${why}: ${host}${path}`, () => assert.equal(route(host, path, 'GET')?.name, name));
  }
});

describe('a path that two share by method', () => {
  const route = createRoute([
    mount('one call', ['/', '/api'], ['own.example'], ['POST']),
    mount('pages', ['/'], [], ['GET', 'HEAD']),
    mount('native', ['/api/']),
  ]);
  const rows: readonly (readonly [method: string, host: string, path: string, name: string | undefined])[] = [
    ['POST', 'any.example', '/', 'one call'],
    ['GET', 'any.example', '/', 'pages'],
    ['PUT', 'any.example', '/', undefined],
    ['POST', 'any.example', '/anything', undefined], // `/` is exact
    ['POST', 'any.example', '//', undefined],
    ['GET', 'any.example', '/anything', undefined],
    ['POST', 'any.example', '/api', 'one call'],
    ['GET', 'any.example', '/api', undefined],
    ['POST', 'any.example', '/api/v1', 'native'],
    ['GET', 'own.example', '/anything', 'one call'], // its own host is its own altogether
  ];
  for (const [method, host, path, name] of rows) {
    test(`${method} ${host}${path} goes to ${name ?? 'nobody'}`, () => {
      assert.equal(route(host, path, method)?.name, name);
    });
  }
});

describe('two mounts that claim', () => {
  const rows: readonly (readonly [why: string, mounts: readonly Mount[], message: string])[] = [
    ['a path', [mount('a', ['/x/']), mount('b', ['/y/', '/x/'])], 'the path /x/ belongs to both b and a'],
    [
      'a path and a method',
      [mount('a', ['/'], [], ['GET', 'POST']), mount('b', ['/'], [], ['POST'])],
      'the path / belongs to both b and a',
    ],
    [
      'a path, one of them for every method',
      [mount('a', ['/']), mount('b', ['/'], [], ['POST'])],
      'the path / belongs to both b and a',
    ],
    [
      'a host',
      [mount('a', [], ['h.example']), mount('b', [], ['h.example'])],
      'the host h.example is bound to both a and b',
    ],
    [
      'a host in other letters',
      [mount('a', [], ['h.example']), mount('b', [], ['H.Example'])],
      'the host h.example is bound to both a and b',
    ],
  ];
  for (const [why, mounts, message] of rows) {
    test(`${why} are refused`, () => {
      assert.throws(
        () => createRoute(mounts),
        (thrown) => {
          assert.ok(thrown instanceof Error);
          assert.deepEqual(new Set(words(thrown.message)), new Set(words(message)));
          return true;
        },
      );
    });
  }

  test('nothing twice are fine, also when one lists its own host twice', () => {
    const route = createRoute([mount('a', ['/x/'], ['h.example', 'H.EXAMPLE']), mount('b', ['/x/y/', '/x'])]);
    assert.equal(route('h.example', '/q', 'GET')?.name, 'a');
    assert.equal(route('other.example', '/x', 'GET')?.name, 'b');
  });
});

/** Which of the two is named first does not matter. */
function words(text: string): string[] {
  return text.split(' ');
}
