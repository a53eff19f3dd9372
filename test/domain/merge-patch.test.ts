import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mergePatch } from '../../src/domain/merge-patch.ts';

describe('a merge patch', () => {
  // RFC 7396, appendix A, as far as target and patch are objects.
  for (const [target, patch, expected] of [
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ] as const) {
    it(`makes ${expected} of ${target} with ${patch}`, () => {
      assert.equal(JSON.stringify(mergePatch(JSON.parse(target), JSON.parse(patch))), expected);
    });
  }

  it('leaves the target as it was, and touches nothing else', () => {
    const target = { kept: { a: 1 } };
    assert.deepEqual(mergePatch(target, { kept: { b: 2 } }), { kept: { a: 1, b: 2 } });
    assert.deepEqual(target, { kept: { a: 1 } });
    const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
    assert.equal('polluted' in {}, false);
    assert.deepEqual(Object.keys(merged), ['__proto__']);
  });

  it('has members that come together, whichever is first', () => {
    const patches = [{ attempts: { a: { csr: 'x' } } }, { attempts: { b: { csr: 'y' } }, uniqueValue: '' }];
    const both = { attempts: { a: { csr: 'x' }, b: { csr: 'y' } }, uniqueValue: '' };
    for (const order of [patches, patches.toReversed()]) assert.deepEqual(order.reduce(mergePatch, {}), both);
  });
});
