/** A library in Go behind the command of `client.go`: an account, orders over every challenge, renewals, a revocation. */
import {
  client,
  nameOf,
  needAnother,
  needCertificate,
  needProved,
  needReplacing,
  needRevoked,
  renewWhenWanted,
  roots,
  run,
} from './acme.mjs';
import { did, need } from './stage.mjs';

const command = (...args) => run(client, args, { SSL_CERT_FILE: roots });

async function order(type, file, names) {
  await command('order', type, file, ...names);
  const leaf = needCertificate(file, names);
  await needProved(leaf, type);
  return leaf;
}

await command('register');
did('registered with an external account key');
const names = [nameOf('go'), nameOf('www-go')];
const first = await order('http-01', 'http.pem', names);
did('ordered two names over http-01');
await order('tls-alpn-01', 'tls.pem', [nameOf('tls-go')]);
did('ordered over tls-alpn-01');
await order('dns-01', 'dns.pem', [nameOf('wild-go'), `*.${nameOf('wild-go')}`]);
did('ordered a name and its wildcard over dns-01');
const second = await order('http-01', 'http.pem', names);
needAnother(second, first);
did('renewed');
let last = second;
if (process.env.KNOWS_ARI === 'yes') {
  const renew = async () => {
    const text = await command('renew', 'http-01', 'http.pem');
    return { text, leaf: needCertificate('http.pem', names) };
  };
  const { text, leaf: same } = await renew();
  need(
    text.endsWith('not yet\n') && same.serialNumber === second.serialNumber,
    `nothing is renewed before its time: ${text}`,
  );
  last = await renewWhenWanted(second, async () => (await renew()).leaf);
  await needReplacing(last, second);
  did('renewed because the server wanted it (ARI), and not before, naming what it replaced');
}
await command('revoke', 'http.pem');
await needRevoked(last);
did('revoked');
