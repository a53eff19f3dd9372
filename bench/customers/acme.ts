/** ACME: a whole order each, for a name of its own that is proved over HTTP. */
import type { NativeClient } from '../../src/dialects/native/client.ts';
import { type AcmeServer, openAcmeAccount } from '../acme-account.ts';
import type { CustomerScript } from './customer.ts';

const domain = 'acme.example';

/** Every name of the orders. */
export const acmeNames = `*.${domain}`;

export const acmeNamesOf = (index: number): readonly string[] => [`n${index}.${domain}`];

export const acme: CustomerScript = {
  api: 'acme',
  title: 'newOrder, authorization, challenge (http-01), finalize, certificate',
  brings: 'csr',
  namesOf: acmeNamesOf,
  async enter({ operator, dns, web }, supply) {
    dns.set(acmeNames, 'A', web.address);
    const terms = { namesOf: acmeNamesOf, placeFile: web.put };
    return openAcmeAccount(await createAcmeKey(operator), supply, terms);
  },
};

/** An account of certmux, and the key by which its clients come in. */
export async function createAcmeKey(
  operator: NativeClient,
): Promise<Required<Pick<AcmeServer, 'directoryUrl' | 'externalKey'>>> {
  const { id: account } = await operator.accounts.create({ name: 'bench', currency: 'CNY' });
  const terms = { account, name: 'bench', productCode: 'encryption365:100' };
  const { key, directoryUrl, hmacKey } = await operator.acmeKeys.create(terms);
  return { directoryUrl, externalKey: { keyId: key.keyId, hmacKey: Buffer.from(hmacKey, 'base64url') } };
}
