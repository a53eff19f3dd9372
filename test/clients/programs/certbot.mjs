/** certbot: an account with an external account key, orders over HTTP and DNS, renewals, a revocation, the account's end. */
import { resolve } from 'node:path';
import {
  address,
  client,
  directoryUrl,
  hmacKey,
  httpPort,
  kid,
  nameOf,
  needAnother,
  needCertificate,
  needProved,
  needRevoked,
  placeTextInBash,
  renewWhenWanted,
  roots,
  run,
  writeHook,
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
const names = [nameOf('certbot'), nameOf('www-certbot')];
const file = `${base}/etc/live/${names[0]}/fullchain.pem`;
await certbot('certonly', ...standalone, ...wanted(names));
const first = needCertificate(file, names);
await needProved(first, 'http-01');
did('ordered two names over http-01');

const wild = [nameOf('wild-certbot'), `*.${nameOf('wild-certbot')}`];
const hook = writeHook('hook', [placeTextInBash('_acme-challenge.$CERTBOT_DOMAIN', '$CERTBOT_VALIDATION')]);
const manual = ['--manual', '--preferred-challenges', 'dns', '--manual-auth-hook', hook];
await certbot('certonly', ...manual, ...wanted(wild));
await needProved(needCertificate(`${base}/etc/live/${wild[0]}/fullchain.pem`, wild), 'dns-01');
did('ordered a name and its wildcard over dns-01');

const renew = async (...args) => {
  await certbot('renew', '--no-random-sleep-on-renew', '--cert-name', names[0], ...args);
  return needCertificate(file, names);
};
const second = await renewWhenWanted(first, renew);
did('renewed because the server wanted it (ARI)');
const third = await renew('--force-renewal');
needAnother(third, second);
did('renewed');
await certbot('revoke', '--no-delete-after-revoke', '--cert-path', file, '--reason', 'superseded');
await needRevoked(third);
did('revoked');
const text = await certbot('show_account');
need(text.includes('ops@example.org'), `the account is shown: ${text}`);
await certbot('unregister');
did('showed its account and deactivated it');
