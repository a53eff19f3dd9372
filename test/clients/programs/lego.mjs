/** lego: an account with an external account key, an order over HTTP, a renewal, a revocation. */
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

const names = [nameOf('lego'), nameOf('www.lego')];
const file = `lego/certificates/${names[0]}.crt`;

const wanted = names.flatMap((name) => ['--domains', name]);

function lego(...args) {
  const common = ['--accept-tos', '--server', directoryUrl, '--email', 'ops@example.org', '--path', 'lego'];
  const key = ['--eab', '--kid', kid, '--hmac', hmacKey];
  const http = ['--http', '--http.port', `${address}:${httpPort}`];
  return run(client, [...common, ...key, ...http, ...args], { LEGO_CA_CERTIFICATES: roots });
}

await lego(...wanted, 'run');
const first = needCertificate(file, names);
did('registered with an external account key, and ordered two names over http-01');
await lego(...wanted, 'renew', '--days', '1000', '--no-random-sleep');
const second = needCertificate(file, names);
need(second.serialNumber !== first.serialNumber, 'the renewal brought another certificate');
did('renewed');
// One file holds both names.
await lego('--domains', names[0], 'revoke');
await needRevoked(second);
did('revoked');
