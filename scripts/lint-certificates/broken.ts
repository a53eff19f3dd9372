/** A certificate that breaks rules of every linter: a leaf for TLS without names, for a CA, with a key that is too small. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Made } from './made.ts';

export async function broken(): Promise<Pick<Made, 'pem' | 'kind'>> {
  const request = [
    'req',
    '-x509',
    '-nodes',
    '-newkey',
    'rsa:1024',
    '-keyout',
    '/dev/null',
    '-subj',
    '/CN=example',
    '-days',
    '900',
  ];
  const policy = ['-addext', 'certificatePolicies=2.23.140.1.2.1', '-addext', 'extendedKeyUsage=serverAuth'];
  const { stdout } = await promisify(execFile)('openssl', [...request, ...policy]);
  return { pem: stdout, kind: 'public-dv' };
}
