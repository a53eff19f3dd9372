/**
 * uacme: an account with an external account key, a wildcard over DNS, a name over HTTP, a renewal, a revocation. It trusts only the
 * system's roots, so it runs with ours in their place in a mount namespace of its own, for which it takes root.
 */
import { globSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { client, directoryUrl, hmacKey, kid, nameOf, needCertificate, needRevoked, roots, run } from './acme.mjs';
import { did, need } from './stage.mjs';

const base = resolve('uacme');
// Arguments of a hook: begin, done or failed; the type; the name; the token; what to place.
const hook = [
  '#!/bin/bash',
  'place() { curl -sSf -G "$STAGE_URL/$TO" "$@"; }',
  '[ "$1" = begin ] || exit 0',
  'case "$2" in',
  '  dns-01) TO=txt place --data-urlencode "name=_acme-challenge.$3" --data-urlencode "value=$5" ;;',
  '  http-01) TO=web place -d "host=$3" -d "path=/.well-known/acme-challenge/$4" --data-urlencode "content=$5" ;;',
  '  *) exit 1 ;;',
  'esac',
];
writeFileSync('hook', `${hook.join('\n')}\n`, { mode: 0o755 });

const inNamespace = 'mount --bind "$STAGE_ROOTS" /etc/ssl/certs/ca-certificates.crt && exec "$CLIENT" "$@"';
const libraries = globSync(`${process.env.DEBIAN}/usr/lib/*-linux-*`).join(':');
function uacme(...args) {
  const common = [
    '--confdir',
    base,
    '--acme-url',
    directoryUrl,
    '--eab',
    `${kid}:${hmacKey}`,
    '--hook',
    resolve('hook'),
  ];
  const env = { LD_LIBRARY_PATH: libraries, CLIENT: client, STAGE_ROOTS: roots };
  return run('unshare', ['-m', 'sh', '-c', inNamespace, 'uacme', '--yes', ...common, ...args], env);
}

await uacme('new');
did('registered with an external account key');
const wild = [nameOf('wild.uacme'), `*.${nameOf('wild.uacme')}`];
await uacme('issue', ...wild);
needCertificate(`${base}/${wild[0]}/cert.pem`, wild);
did('ordered a name and its wildcard, the one over http-01, the other over dns-01');
const names = [nameOf('uacme')];
const file = `${base}/${names[0]}/cert.pem`;
await uacme('issue', ...names);
const first = needCertificate(file, names);
await uacme('--force', 'issue', ...names);
const second = needCertificate(file, names);
need(second.serialNumber !== first.serialNumber, 'the renewal brought another certificate');
did('ordered over http-01, and renewed');
await uacme('revoke', file);
await needRevoked(second);
did('revoked');
