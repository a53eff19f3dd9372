/** dehydrated: an account with an external account key, a wildcard over DNS, a renewal, a revocation. It is a script of bash with curl and OpenSSL. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { client, directoryUrl, hmacKey, kid, nameOf, needCertificate, needRevoked, roots, run } from './acme.mjs';
import { did, need } from './stage.mjs';

const base = resolve('dehydrated');
const names = [nameOf('dehydrated'), `*.${nameOf('dehydrated')}`];
const file = `${base}/certs/${names[0]}/fullchain.pem`;

mkdirSync(base, { recursive: true });
// Arguments of a hook: what happened, the name, the token, the value of the record.
const hook = [
  '#!/bin/bash',
  'if [ "$1" = deploy_challenge ]; then',
  '  curl -sSf -G --data-urlencode "name=_acme-challenge.$2" --data-urlencode "value=$4" "$STAGE_URL/txt"',
  'fi',
];
writeFileSync(`${base}/hook`, `${hook.join('\n')}\n`, { mode: 0o755 });
const settings = {
  CA: directoryUrl,
  CURL_OPTS: `--cacert ${roots}`,
  BASEDIR: base,
  CHALLENGETYPE: 'dns-01',
  HOOK: `${base}/hook`,
  EAB_KID: kid,
  EAB_HMAC_KEY: hmacKey,
};
const lines = Object.entries(settings).map(([name, value]) => `${name}="${value}"`);
writeFileSync(`${base}/config`, `${lines.join('\n')}\n`);

const dehydrated = (...args) => run('bash', [client, '-f', `${base}/config`, ...args]);
const order = (...more) => dehydrated('--cron', '--domain', names.join(' '), ...more);

await dehydrated('--register', '--accept-terms');
did('registered with an external account key');
await order();
const first = needCertificate(file, names);
did('ordered a name and its wildcard over dns-01');
await order('--force');
const second = needCertificate(file, names);
need(second.serialNumber !== first.serialNumber, 'the renewal brought another certificate');
did('renewed');
await dehydrated('--revoke', `${base}/certs/${names[0]}/cert.pem`);
await needRevoked(second);
did('revoked');
