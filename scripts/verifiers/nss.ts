/** NSS, the library of Firefox, by its command line tools: a database of its own for each situation. Lists are looked up in that. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodePem } from '../../src/pki/pem.ts';
import { installPackages, isCommand } from '../test-tools.ts';
import { blocksOf, run, type Verifier, verdictOf } from './verifier.ts';

const debianPackage = 'libnss3-tools';

export const nss: Verifier = {
  title: 'NSS',
  prepare() {
    if (!['certutil', 'crlutil', 'vfychain'].every(isCommand)) installPackages([debianPackage]);
    // Its programs do not say their version.
    return run('dpkg-query', ['--show', '--showformat', `\${source:Upstream-Version}`, debianPackage]).replace(
      /^\d+:/,
      '',
    );
  },
  verify({ leaf, chain, anchors, lists }, { at }) {
    const folder = join(dirname(leaf), 'nss');
    mkdirSync(folder);
    const database = ['-d', `sql:${folder}`];
    run('certutil', ['-N', ...database, '--empty-password']);
    const put = (path: string, nickname: string, trust: string) => {
      for (const [index, { der }] of blocksOf(path).entries()) {
        const file = join(folder, `${nickname}${index}.pem`);
        writeFileSync(file, encodePem('CERTIFICATE', der));
        run('certutil', ['-A', ...database, '-n', `${nickname} ${index}`, '-t', trust, '-a', '-i', file]);
      }
    };
    put(anchors, 'anchor', 'C,,');
    put(chain, 'chain', ',,');
    for (const [index, { der }] of blocksOf(lists).entries()) {
      const file = join(folder, `list${index}.der`);
      writeFileSync(file, der);
      // -B: it is not the moment of the situation yet. What verifies later looks at the signature.
      run('crlutil', ['-I', ...database, '-i', file, '-t', '1', '-B']);
    }
    // YYMMDDHHMMZ; 1 is a TLS server.
    const moment = `${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 12)}Z`;
    return verdictOf('vfychain', [...database, '-p', '-u', '1', '-b', moment, '-a', leaf]);
  },
};
