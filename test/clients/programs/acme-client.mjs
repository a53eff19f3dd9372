/** acme-client, the package of npm: an account with an external account key, orders over HTTP and DNS, a renewal, a revocation. */
import { writeFileSync } from 'node:fs';
import acme from 'acme-client';
import { directoryUrl, hmacKey, kid, nameOf, needCertificate, needRevoked, placeText } from './acme.mjs';
import { did, need, placeFile } from './stage.mjs';

const client = new acme.Client({
  directoryUrl,
  accountKey: await acme.crypto.createPrivateEcdsaKey(),
  externalAccountBinding: { kid, hmacKey },
});

async function order(names, type) {
  const [, csr] = await acme.crypto.createCsr({ commonName: names[0], altNames: names });
  const pem = await client.auto({
    csr,
    email: 'ops@example.org',
    termsOfServiceAgreed: true,
    challengePriority: [type],
    skipChallengeVerification: true,
    async challengeCreateFn({ identifier }, challenge, keyAuthorization) {
      if (challenge.type === 'http-01') {
        await placeFile(identifier.value, `/.well-known/acme-challenge/${challenge.token}`, keyAuthorization);
      } else {
        await placeText(`_acme-challenge.${identifier.value}`, keyAuthorization);
      }
    },
    challengeRemoveFn: async () => undefined,
  });
  writeFileSync('certificate.pem', pem);
  return { leaf: needCertificate('certificate.pem', names), pem };
}

const names = [nameOf('node'), nameOf('www.node')];
const { leaf: first } = await order(names, 'http-01');
did('registered with an external account key, and ordered two names over http-01');
const wild = [nameOf('wild.node'), `*.${nameOf('wild.node')}`];
await order(wild, 'dns-01');
did('ordered a name and its wildcard over dns-01');
const { leaf: second, pem } = await order(names, 'http-01');
need(second.serialNumber !== first.serialNumber, 'the renewal brought another certificate');
did('renewed');
await client.revokeCertificate(pem, { reason: 4 });
await needRevoked(second);
did('revoked');
await client.updateAccount({ contact: ['mailto:other@example.org'] });
did('changed the contact of its account');
