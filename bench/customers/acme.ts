/** ACME: a whole order each, for a name of its own that is proved over HTTP. */
import { openAcmeAccount } from '../acme-account.ts';
import type { CustomerScript } from './customer.ts';

const domain = 'acme.example';

export const acmeNamesOf = (index: number): readonly string[] => [`n${index}.${domain}`];

export const acme: CustomerScript = {
  api: 'acme',
  title: 'newOrder, authorization, challenge (http-01), authorization, finalize, certificate',
  brings: 'csr',
  namesOf: acmeNamesOf,
  async enter({ operator, dns, web }, supply) {
    const account = await operator.accounts.create({ name: 'bench', currency: 'CNY' });
    const { key, directoryUrl, hmacKey } = await operator.acmeKeys.create({
      account: account.id,
      name: 'bench',
      productCode: 'encryption365:100',
    });
    dns.set(`*.${domain}`, 'A', web.address);
    const externalKey = { keyId: key.keyId, hmacKey: Buffer.from(hmacKey, 'base64url') };
    return openAcmeAccount({ directoryUrl, externalKey }, supply, { namesOf: acmeNamesOf, placeFile: web.put });
  },
};
