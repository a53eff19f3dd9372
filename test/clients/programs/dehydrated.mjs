/**
 * dehydrated: an account with an external account key, a wildcard over DNS, names over HTTP and TLS, a renewal, a revocation. It is a script
 * of bash with curl and OpenSSL.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  client,
  directoryUrl,
  hmacKey,
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
import { withAlpn } from './alpn.mjs';
import { did } from './stage.mjs';

const base = resolve('dehydrated');
mkdirSync(`${base}/alpn-certs`, { recursive: true });
mkdirSync(`${base}/well-known`);
// Arguments of a hook: what happened, the name, the token, what to place.
const hook = writeHook('hook', [
  '[ "$1" = deploy_challenge ] || exit 0',
  'case "$TYPE" in',
  `  dns-01) ${placeTextInBash('_acme-challenge.$2', '$4')} ;;`,
  `  http-01) ${placeFileInBash('$2', '$3', '$4')} ;;`,
  'esac',
]);
const settings = {
  CA: directoryUrl,
  CURL_OPTS: `--cacert ${roots}`,
  BASEDIR: base,
  WELLKNOWN: `${base}/well-known`,
  HOOK: hook,
  EAB_KID: kid,
  EAB_HMAC_KEY: hmacKey,
};
const lines = Object.entries(settings).map(([name, value]) => `${name}="${value}"`);
writeFileSync(`${base}/config`, `${lines.join('\n')}\n`);

const dehydrated = (args, env) => run('bash', [client, '-f', `${base}/config`, ...args], env);

async function order(names, type, ...more) {
  await dehydrated(['--cron', '--challenge', type, '--domain', names.join(' '), ...more], { TYPE: type });
  const leaf = needCertificate(`${base}/certs/${names[0]}/fullchain.pem`, names);
  await needProved(leaf, type);
  return leaf;
}

await dehydrated(['--register', '--accept-terms']);
did('registered with an external account key');
const wild = [nameOf('wild-dehydrated'), `*.${nameOf('wild-dehydrated')}`];
const first = await order(wild, 'dns-01');
did('ordered a name and its wildcard over dns-01');
await order([nameOf('http-dehydrated')], 'http-01');
did('ordered over http-01');
const alpnFile = (name, part) => `${base}/alpn-certs/${name}.${part}.pem`;
const made = (name) =>
  existsSync(alpnFile(name, 'crt'))
    ? { cert: readFileSync(alpnFile(name, 'crt')), key: readFileSync(alpnFile(name, 'key')) }
    : undefined;
await withAlpn(made, () => order([nameOf('tls-dehydrated')], 'tls-alpn-01'));
did('ordered over tls-alpn-01');
const second = await order(wild, 'dns-01', '--force');
needAnother(second, first);
did('renewed');
await dehydrated(['--revoke', `${base}/certs/${wild[0]}/cert.pem`]);
await needRevoked(second);
did('revoked');
