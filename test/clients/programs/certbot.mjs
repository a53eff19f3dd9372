/** certbot: an account with an external account key, orders over HTTP and DNS, a renewal, a revocation, the account's end. */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  address,
  client,
  directoryUrl,
  hmacKey,
  httpPort,
  kid,
  nameOf,
  needCertificate,
  needRevoked,
  roots,
  run,
} from './acme.mjs';
import { did, need } from './stage.mjs';

const base = resolve('certbot');
const folders = ['--config-dir', `${base}/etc`, '--work-dir', `${base}/work`, '--logs-dir', `${base}/log`];
const certbot = (command, ...args) =>
  run(client, [command, '-n', '--server', directoryUrl, ...folders, ...args], { REQUESTS_CA_BUNDLE: roots });

const account = ['--agree-tos', '-m', 'ops@example.org', '--no-eff-email', '--eab-kid', kid, '--eab-hmac-key', hmacKey];
const standalone = ['--standalone', '--http-01-address', address, '--http-01-port', httpPort];
const wanted = (names) => names.flatMap((name) => ['-d', name]);

await certbot('register', ...account);
did('registered with an external account key');
const names = [nameOf('certbot'), nameOf('www.certbot')];
const file = `${base}/etc/live/${names[0]}/fullchain.pem`;
await certbot('certonly', ...standalone, ...wanted(names));
const first = needCertificate(file, names);
did('ordered two names over http-01');

const wild = [nameOf('wild.certbot'), `*.${nameOf('wild.certbot')}`];
const hook = [
  '#!/bin/bash',
  'curl -sSf -G --data-urlencode "name=_acme-challenge.$CERTBOT_DOMAIN" --data-urlencode "value=$CERTBOT_VALIDATION" "$STAGE_URL/txt"',
];
writeFileSync(`${base}/hook`, `${hook.join('\n')}\n`, { mode: 0o755 });
const manual = ['--manual', '--preferred-challenges', 'dns', '--manual-auth-hook', `${base}/hook`];
await certbot('certonly', ...manual, ...wanted(wild));
needCertificate(`${base}/etc/live/${wild[0]}/fullchain.pem`, wild);
did('ordered a name and its wildcard over dns-01');

await certbot('renew', '--force-renewal', '--no-random-sleep-on-renew', '--cert-name', names[0]);
const second = needCertificate(file, names);
need(second.serialNumber !== first.serialNumber, 'the renewal brought another certificate');
did('renewed');
await certbot('revoke', '--no-delete-after-revoke', '--cert-path', file, '--reason', 'superseded');
await needRevoked(second);
did('revoked');
const text = await certbot('show_account');
need(text.includes('ops@example.org'), `the account is shown: ${text}`);
await certbot('unregister');
did('showed its account and deactivated it');
