/** lego: an account with an external account key, orders over HTTP, TLS and DNS, a renewal, a revocation. */
import {
  address,
  client,
  directoryUrl,
  hmacKey,
  httpPort,
  httpsPort,
  kid,
  nameOf,
  needAnother,
  needCertificate,
  needProved,
  needRevoked,
  placeTextInBash,
  roots,
  run,
  writeHook,
} from './acme.mjs';
import { did } from './stage.mjs';

// What happened, the name of the record, its value.
const hook = writeHook('hook', [
  '[ "$1" = present ] || exit 0',
  'name=$(echo "$2" | sed "s/[.]$//")',
  placeTextInBash('$name', '$3'),
]);

const http = ['--http', '--http.port', `${address}:${httpPort}`];
const tls = ['--tls', '--tls.port', `${address}:${httpsPort}`];
const dns = ['--dns', 'exec', '--dns.disable-cp'];

// It waits this long for the record, and between two of them.
const environment = {
  LEGO_CA_CERTIFICATES: roots,
  EXEC_PATH: hook,
  EXEC_POLLING_INTERVAL: 1,
  EXEC_SEQUENCE_INTERVAL: 1,
};

function command(names, ...args) {
  const common = ['--accept-tos', '--server', directoryUrl, '--email', 'ops@example.org', '--path', 'lego'];
  const key = ['--eab', '--kid', kid, '--hmac', hmacKey];
  const wanted = names.flatMap((name) => ['--domains', name]);
  return run(client, [...common, ...key, ...wanted, ...args], environment);
}

async function lego(names, ...args) {
  await command(names, ...args);
  return needCertificate(`lego/certificates/${names[0]}.crt`, names);
}

const names = [nameOf('lego'), nameOf('www-lego')];
const first = await lego(names, ...http, 'run');
await needProved(first, 'http-01');
did('registered with an external account key, and ordered two names over http-01');
await needProved(await lego([nameOf('tls-lego')], ...tls, 'run'), 'tls-alpn-01');
did('ordered over tls-alpn-01');
const wild = nameOf('wild-lego');
await needProved(await lego([wild, `*.${wild}`], ...dns, 'run'), 'dns-01');
did('ordered a name and its wildcard over dns-01');
const second = await lego(names, ...http, 'renew', '--days', '1000', '--no-random-sleep');
needAnother(second, first);
did('renewed');
// One file holds both names.
await command(names.slice(0, 1), ...http, 'revoke');
await needRevoked(second);
did('revoked');
