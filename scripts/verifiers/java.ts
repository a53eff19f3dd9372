/** Java's own verifier (PKIX), in a small program that is compiled for it. */
import { join } from 'node:path';
import { installPackages, isCommand } from '../test-tools.ts';
import { run, secondsOf, type Verifier, verdictOf } from './verifier.ts';

const cache = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'verifiers');

export const java: Verifier = {
  title: 'Java PKIX',
  prepare() {
    if (!isCommand('javac')) installPackages(['default-jdk-headless']);
    console.log(`Compiling the program for Java into ${cache}`);
    run('javac', ['-d', cache, join(import.meta.dirname, 'Verify.java')]);
    return run('javac', ['-version']).replace('javac ', '');
  },
  verify({ leaf, chain, anchors, lists }, { name, at }) {
    return verdictOf('java', ['-cp', cache, 'Verify', leaf, chain, anchors, lists, name, secondsOf(at)]);
  },
};
