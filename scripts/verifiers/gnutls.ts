/** GnuTLS, by its certtool, which knows no other moment than now: libfaketime shows it the one of the situation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodePem } from '../../src/pki/pem.ts';
import { installPackages, isCommand, prepareTools, toolPath } from '../test-tools.ts';
import { blocksOf, run, secondsOf, type Verdict, type Verifier, verdictOf } from './verifier.ts';

const serverAuth = '1.3.6.1.5.5.7.3.1';

export const gnutls: Verifier = {
  title: 'GnuTLS',
  prepare() {
    prepareTools(['scripts/verifiers/gnutls.ts']);
    if (!isCommand('certtool')) installPackages(['gnutls-bin']);
    return run('certtool', ['--version']).split('\n')[0]?.split(' ').at(-1) ?? '';
  },
  verify({ leaf, chain, anchors, lists }, { name, at }) {
    const folder = dirname(leaf);
    const env = { LD_PRELOAD: toolPath('libfaketime'), FAKETIME_FMT: '%s', FAKETIME: secondsOf(at) };
    const both = join(folder, 'leaf-and-chain.pem');
    writeFileSync(both, readFileSync(leaf, 'utf8') + readFileSync(chain, 'utf8'));
    const trust = ['--load-ca-certificate', anchors, '--load-crl', lists];
    const asked = ['--verify-hostname', name, '--verify-purpose', serverAuth];
    const verdict = verdictOf('certtool', ['--verify', ...trust, ...asked, '--infile', both], env);
    return verdict.isAccepted ? (currentLists({ folder, chain, anchors, lists }, env) ?? verdict) : verdict;
  },
};

/**
 * Whoever verifies chains with it is expected to verify the lists before: their signatures, and that they have not expired. certtool takes
 * one issuer for that.
 */
function currentLists(
  { folder, chain, anchors, lists }: Readonly<Record<'folder' | 'chain' | 'anchors' | 'lists', string>>,
  env: Readonly<Record<string, string>>,
): Verdict | undefined {
  const issuers = [...blocksOf(chain), ...blocksOf(anchors)].map(({ der }, index) => {
    const file = join(folder, `issuer${index}.pem`);
    writeFileSync(file, encodePem('CERTIFICATE', der));
    return file;
  });
  for (const [index, { der }] of blocksOf(lists).entries()) {
    const file = join(folder, `list${index}.pem`);
    writeFileSync(file, encodePem('X509 CRL', der));
    const verdicts = issuers.map((issuer) =>
      verdictOf('certtool', ['--verify-crl', '--load-ca-certificate', issuer, '--infile', file], env),
    );
    if (!verdicts.some(({ isAccepted }) => isAccepted)) return verdicts[0];
  }
  return undefined;
}
