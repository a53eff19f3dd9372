/** acme-client, the package of npm: an account with an external account key, orders over HTTP, DNS and TLS, a renewal, a revocation. */
import { writeFileSync } from 'node:fs';
import acme from 'acme-client';
import {
  directoryUrl,
  hmacKey,
  kid,
  nameOf,
  needAnother,
  needCertificate,
  needProved,
  needRevoked,
  placeText,
} from './acme.mjs';
import { withAlpn } from './alpn.mjs';
import { did, placeFile } from './stage.mjs';

const client = new acme.Client({
  directoryUrl,
  accountKey: await acme.crypto.createPrivateEcdsaKey(),
  externalAccountBinding: { kid, hmacKey },
});

/** Keys and certificates for TLS, by name. */
const alpn = new Map();

async function place(authorization, { type, token }, keyAuthorization) {
  const { value } = authorization.identifier;
  switch (type) {
    case 'http-01':
      return placeFile(value, `/.well-known/acme-challenge/${token}`, keyAuthorization);
    case 'dns-01':
      return placeText(`_acme-challenge.${value}`, keyAuthorization);
    default: {
      const [key, cert] = await acme.crypto.createAlpnCertificate(authorization, keyAuthorization);
      alpn.set(value, { key, cert });
    }
  }
}

async function order(names, type) {
  const [, csr] = await acme.crypto.createCsr({ commonName: names[0], altNames: names });
  const pem = await client.auto({
    csr,
    email: 'ops@example.org',
    termsOfServiceAgreed: true,
    challengePriority: [type],
    skipChallengeVerification: true,
    challengeCreateFn: place,
    challengeRemoveFn: async () => undefined,
  });
  writeFileSync('certificate.pem', pem);
  const leaf = needCertificate('certificate.pem', names);
  await needProved(leaf, type);
  return { leaf, pem };
}

const names = [nameOf('node'), nameOf('www-node')];
const { leaf: first } = await order(names, 'http-01');
did('registered with an external account key, and ordered two names over http-01');
await order([nameOf('wild-node'), `*.${nameOf('wild-node')}`], 'dns-01');
did('ordered a name and its wildcard over dns-01');
await withAlpn(
  (name) => alpn.get(name),
  () => order([nameOf('tls-node')], 'tls-alpn-01'),
);
did('ordered over tls-alpn-01');
const { leaf: second, pem } = await order(names, 'http-01');
needAnother(second, first);
did('renewed');
await client.revokeCertificate(pem, { reason: 4 });
await needRevoked(second);
did('revoked');
await client.updateAccount({ contact: ['mailto:other@example.org'] });
did('changed the contact of its account');
