/**
 * uacme: an account with an external account key, a wildcard over DNS, names over HTTP and, with its ualpn, TLS, a renewal, a revocation. It
 * trusts only the system's roots, so it runs with ours in their place in a mount namespace of its own, for which it takes root.
 */
import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  address,
  client,
  directoryUrl,
  hmacKey,
  httpsPort,
  kid,
  nameOf,
  needAnother,
  needCertificate,
  needProved,
  needRevoked,
  placeFileInBash,
  placeTextInBash,
  roots,
  run,
  writeHook,
} from './acme.mjs';
import { did, poll } from './stage.mjs';

const base = resolve('uacme');
const socket = resolve('ualpn.sock');
const responder = resolve(client, '../ualpn');
// Arguments of a hook: begin, done or failed; the type; the name; the token; what to place. One that fails has the next type offered.
const hook = writeHook('hook', [
  '[ "$1" = begin ] || exit 0',
  '[ "$2" = "$TYPE" ] || exit 1',
  'case "$2" in',
  `  dns-01) ${placeTextInBash('_acme-challenge.$3', '$5')} ;;`,
  `  http-01) ${placeFileInBash('$3', '$4', '$5')} ;;`,
  `  tls-alpn-01) echo "auth $3 $5" | "${responder}" --sock "${socket}" | grep -q ^OK ;;`,
  '  *) exit 1 ;;',
  'esac',
]);

const inNamespace = 'mount --bind "$STAGE_ROOTS" /etc/ssl/certs/ca-certificates.crt && exec "$CLIENT" "$@"';
const libraries = globSync(`${process.env.DEBIAN}/usr/lib/*-linux-*`).join(':');
const environment = { LD_LIBRARY_PATH: libraries, CLIENT: client, STAGE_ROOTS: roots };

function uacme(args, env = {}) {
  const key = `${kid}:${hmacKey}`;
  const common = ['--confdir', base, '--acme-url', directoryUrl, '--eab', key, '--hook', hook];
  const all = ['uacme', '--yes', ...common, ...args];
  return run('unshare', ['-m', 'sh', '-c', inNamespace, ...all], { ...environment, ...env });
}

const fileOf = (name) => `${base}/${name}/cert.pem`;

async function order(names, type, ...options) {
  await uacme([...options, 'issue', ...names], { TYPE: type });
  const leaf = needCertificate(fileOf(names[0]), names);
  await needProved(leaf, type);
  return leaf;
}

/** Answers as long as `use` lasts; connections that are no challenge would go where nobody is. */
async function withResponder(use) {
  const places = ['--bind', `${address}@${httpsPort}`, '--connect', `${address}@1`, '--sock', socket];
  const files = ['--pidfile', resolve('ualpn.pid')];
  const env = { ...process.env, ...environment };
  const child = spawn(responder, [...places, ...files], { env, stdio: 'inherit' });
  const ended = new Promise((done) => child.once('exit', done));
  try {
    await poll(() => existsSync(socket), Boolean, 'ualpn listens');
    return await use();
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

await uacme(['new']);
did('registered with an external account key');
await order([nameOf('wild-uacme'), `*.${nameOf('wild-uacme')}`], 'dns-01');
did('ordered a name and its wildcard over dns-01');
await withResponder(() => order([nameOf('tls-uacme')], 'tls-alpn-01'));
did('ordered over tls-alpn-01, which its ualpn answered');
const names = [nameOf('uacme'), nameOf('www-uacme')];
const first = await order(names, 'http-01');
did('ordered two names over http-01');
const second = await order(names, 'http-01', '--force');
needAnother(second, first);
did('renewed');
await uacme(['revoke', fileOf(names[0])]);
await needRevoked(second);
did('revoked');
