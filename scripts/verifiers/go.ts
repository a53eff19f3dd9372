/** Go's own verifier, in a small program that is built for it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isCommand } from '../test-tools.ts';
import { run, secondsOf, type Verifier, verdictOf } from './verifier.ts';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'verifiers');
const program = join(cache, 'verify-go');

export const go: Verifier = {
  title: 'Go crypto/x509',
  prepare() {
    if (!isCommand('go'))
      throw new Error('Go is not on this machine: install it (https://go.dev/dl), or leave it out with --only');
    mkdirSync(cache, { recursive: true });
    console.log(`Building the program for Go in ${cache}`);
    run('go', ['build', '-o', program, join(import.meta.dirname, 'verify.go')]);
    return run('go', ['env', 'GOVERSION']).replace('go', '');
  },
  verify({ leaf, chain, anchors, lists }, { name, at }) {
    return verdictOf(program, [leaf, chain, anchors, lists, name, secondsOf(at)]);
  },
};
