/** What every ACME client does: an account with its external account key, an order, its challenges, and the end with a CSR. */
import { hash } from 'node:crypto';
import { type AcmeClient, createAcmeClient } from '../dialects/acme/client.ts';
import type { WireAuthorization } from '../dialects/acme/proving/schema.ts';
import { createJwsKey } from '../pki/jws-writer.ts';
import { generateKey } from '../pki/key.ts';
import { decodePem } from '../pki/pem.ts';
import type { Customer, CustomerOptions, CustomerScript, IssuedPem, Offer, OrderState } from './customer.ts';

export const acmeScript: CustomerScript = {
  api: 'acme',
  title: 'ACME',
  settings: {},
  takesWildcards: true,
  entersBy: 'acmeKey',
  createCustomer,
};

async function createClient({ fetch }: CustomerOptions, directoryUrl: string): Promise<AcmeClient> {
  const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
  return createAcmeClient({ directoryUrl, fetch, key: createJwsKey(privateKeyPkcs8) });
}

function createCustomer(options: CustomerOptions, settings: Readonly<Record<string, string>>): Customer {
  const { directoryUrl = '', keyId = '', hmacKey = '' } = settings;
  const made = createClient(options, directoryUrl);
  let csrDer: Uint8Array = new Uint8Array();
  let orderUrl = '';
  let challenges: readonly string[] = [];

  return {
    preparations: [
      {
        call: 'POST new-account',
        async run(signal) {
          const client = await made;
          const externalKey = { keyId, hmacKey: Buffer.from(hmacKey, 'base64url') };
          const account = await client.register({ contact: ['mailto:ops@quickstart.example'], externalKey }, signal);
          return `${new URL(account).pathname}, bound by its external account key`;
        },
      },
    ],
    orderCall: 'POST new-order',
    pollCall: 'POST order, finalize',

    async placeOrder({ csrPem, names }, signal) {
      const client = await made;
      csrDer = decodePem(csrPem, { what: 'the CSR', labels: ['CERTIFICATE REQUEST'] });
      const { url, shown } = await client.placeOrder(names, signal);
      orderUrl = url;
      const authorizations = await Promise.all(shown.authorizations.map((one) => client.authorization(one, signal)));
      const offers = authorizations.map((one) => offerOf(one, client));
      challenges = authorizations.map((one) => chosenOf(one).url);
      return { summary: `${shown.status}: ${names.length} names, an authorization for each`, offers };
    },

    completion: {
      call: 'POST challenge',
      async run(signal) {
        const client = await made;
        const types = await Promise.all(challenges.map(async (url) => (await client.respond(url, signal)).type));
        return `asked for the check of ${types.join(', ')}`;
      },
    },

    async readOrder(signal): Promise<OrderState> {
      const client = await made;
      const before = await client.order(orderUrl, signal);
      const order = before.status === 'ready' ? await client.finalize(before, csrDer, signal) : before;
      const { status, certificate, error } = order;
      const names = await Promise.all(order.authorizations.map((url) => client.authorization(url, signal)));
      const verifiedNames = names.filter((one) => one.status === 'valid').map(nameOf);
      const state = { status, verifiedNames };
      if (status === 'invalid') return { ...state, failure: error?.detail ?? 'no reason' };
      if (certificate === undefined) return state;
      return { ...state, certificate: split(await client.certificate(certificate, signal)) };
    },
  };
}

function nameOf({ identifier, wildcard }: WireAuthorization): string {
  return wildcard === true ? `*.${identifier.value}` : identifier.value;
}

/** A wildcard is only offered DNS. */
function chosenOf({ challenges, identifier }: WireAuthorization): WireAuthorization['challenges'][number] {
  const chosen = challenges.find(({ type }) => type === 'http-01') ?? challenges.find(({ type }) => type === 'dns-01');
  if (chosen === undefined) throw new Error(`the reply offers no challenge for ${identifier.value}`);
  return chosen;
}

function offerOf(authorization: WireAuthorization, client: AcmeClient): Offer {
  const name = nameOf(authorization);
  const { type, token } = chosenOf(authorization);
  const content = client.keyAuthorization({ token });
  if (type === 'http-01') return { name, file: { path: `/.well-known/acme-challenge/${token}`, content } };
  const host = `_acme-challenge.${authorization.identifier.value}`;
  return { name, txt: { host, value: hash('sha256', content, 'base64url') } };
}

/** One text has the certificate and what leads to the root. */
function split(pem: string): IssuedPem {
  const [certificate = '', ...intermediates] = pem.split(/(?=-----BEGIN)/);
  return { certificate, intermediates: intermediates.join('') };
}
