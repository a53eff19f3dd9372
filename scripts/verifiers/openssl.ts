/** OpenSSL, with the lists of every authority in the chain. */
import { readFileSync } from 'node:fs';
import { installPackages, isCommand } from '../test-tools.ts';
import { run, secondsOf, type Verifier, verdictOf } from './verifier.ts';

export const openssl: Verifier = {
  title: 'OpenSSL',
  prepare() {
    if (!isCommand('openssl')) installPackages(['openssl']);
    return run('openssl', ['version']).split(' ')[1] ?? '';
  },
  verify(files, { name, at }) {
    const time = ['-attime', secondsOf(at)];
    const revocation = ['-crl_check_all', '-CRLfile', files.lists];
    const hasChain = readFileSync(files.chain, 'utf8') !== '';
    const paths = ['-CAfile', files.anchors, ...(hasChain ? ['-untrusted', files.chain] : [])];
    const options = ['-x509_strict', '-no-CApath', '-no-CAstore', '-purpose', 'sslserver', '-verify_hostname', name];
    return verdictOf('openssl', ['verify', ...options, ...time, ...revocation, ...paths, files.leaf]);
  },
};
