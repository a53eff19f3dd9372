/** rustls, by the library that verifies for it (webpki), in a small program that is built for it. */
import { join } from 'node:path';
import { isCommand } from '../test-tools.ts';
import { run, secondsOf, type Verifier, verdictOf } from './verifier.ts';

const source = join(import.meta.dirname, 'rustls');
const target = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'verifiers', 'rustls');

export const rustls: Verifier = {
  title: 'rustls-webpki',
  prepare() {
    if (!isCommand('cargo'))
      throw new Error('Rust is not on this machine: install it (https://rustup.rs), or leave it out with --only');
    console.log(`Building the program for rustls in ${target}`);
    run('cargo', ['build', '--release', '--locked', '--quiet', '--target-dir', target], source);
    return run('cargo', ['pkgid', '--locked', 'rustls-webpki'], source).split('@').at(-1) ?? '';
  },
  verify({ leaf, chain, anchors, lists }, { name, at }) {
    const program = join(target, 'release', 'verify-rustls');
    return verdictOf(program, [leaf, chain, anchors, lists, name, secondsOf(at)]);
  },
};
