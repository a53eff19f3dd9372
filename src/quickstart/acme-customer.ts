/** What every ACME client does: an account with its external account key, an order, its challenges, and the end with a CSR. */
import { hash } from 'node:crypto';
import type { AcmeClient } from '../dialects/acme/client/face.ts';
import type { SeenAuthorization, SeenChallenge, SeenOrder } from '../dialects/acme/client/schema.ts';
import { createAcmeClient } from '../dialects/acme/client.ts';
import { createJwsKey } from '../pki/jws-writer.ts';
import { generateKey } from '../pki/key.ts';
import { decodePem } from '../pki/pem.ts';
import { createClock } from '../system/index.ts';
import type { Customer, CustomerOptions, CustomerScript, IssuedPem, Offer, OrderState } from './customer.ts';

export const acmeScript: CustomerScript = {
  api: 'acme',
  title: 'ACME',
  settings: {},
  takesWildcards: true,
  wildcardsNeedOwnTxt: true,
  entersBy: 'acmeKey',
  createCustomer,
};

async function createClient({ fetch }: CustomerOptions, directoryUrl: string): Promise<AcmeClient> {
  const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
  return createAcmeClient({ directoryUrl, fetch, clock: createClock(), key: createJwsKey(privateKeyPkcs8) });
}

function createCustomer(options: CustomerOptions, settings: Readonly<Record<string, string>>): Customer {
  const { directoryUrl = '', keyId = '', hmacKey = '' } = settings;
  const made = createClient(options, directoryUrl);
  let csrDer: Uint8Array = new Uint8Array();
  let orderUrl = '';
  let challenges: readonly string[] = [];

  async function finalized(client: AcmeClient, { finalize: finalizeUrl }: SeenOrder, signal: AbortSignal) {
    return (await client.finalize({ url: orderUrl, finalizeUrl, csrDer }, signal)).shown;
  }

  return {
    preparations: [
      {
        call: 'POST new-account',
        async run(signal) {
          const client = await made;
          const externalKey = { keyId, hmacKey: Buffer.from(hmacKey, 'base64url') };
          const account = await client.register({ contact: ['mailto:ops@quickstart.example'], externalKey }, signal);
          return `${new URL(account.url).pathname}, bound by its external account key`;
        },
      },
    ],
    orderCall: 'POST new-order',
    pollCall: 'POST order, finalize',

    async placeOrder({ csrPem, names }, signal) {
      const client = await made;
      csrDer = decodePem(csrPem, { what: 'the CSR', labels: ['CERTIFICATE REQUEST'] });
      const { url, shown } = await client.placeOrder({ names }, signal);
      orderUrl = url;
      const answers = await Promise.all(shown.authorizations.map((one) => client.authorization(one, signal)));
      const authorizations = answers.map((one) => one.shown);
      const offers = authorizations.map((one) => offerOf(one, client));
      challenges = authorizations.map((one) => chosenOf(one).url);
      return { summary: `${shown.status}: ${names.length} names, an authorization for each`, offers };
    },

    completion: {
      call: 'POST challenge',
      async run(signal) {
        const client = await made;
        const types = await Promise.all(challenges.map(async (url) => (await client.respond(url, signal)).shown.type));
        return `asked for the check of ${types.join(', ')}`;
      },
    },

    async readOrder(signal): Promise<OrderState> {
      const client = await made;
      const before = (await client.order({ url: orderUrl }, signal)).shown;
      const order = before.status === 'ready' ? await finalized(client, before, signal) : before;
      const { status, certificate, error } = order;
      const names = await Promise.all(order.authorizations.map((url) => client.authorization(url, signal)));
      const verifiedNames = names.flatMap(({ shown }) => (shown.status === 'valid' ? [nameOf(shown)] : []));
      const state = { status, verifiedNames };
      if (status === 'invalid') return { ...state, failure: error?.detail ?? 'no reason' };
      if (certificate === null) return state;
      return { ...state, certificate: split((await client.certificate(certificate, signal)).shown.pem) };
    },
  };
}

function nameOf({ identifier, wildcard }: SeenAuthorization): string {
  return wildcard ? `*.${identifier.value}` : identifier.value;
}

/** A wildcard is only offered DNS. */
function chosenOf({ challenges, identifier }: SeenAuthorization): SeenChallenge {
  const chosen = challenges.find(({ type }) => type === 'http-01') ?? challenges.find(({ type }) => type === 'dns-01');
  if (chosen === undefined) throw new Error(`the reply offers no challenge for ${identifier.value}`);
  return chosen;
}

function offerOf(authorization: SeenAuthorization, client: AcmeClient): Offer {
  const name = nameOf(authorization);
  const { type, token } = chosenOf(authorization);
  const content = client.keyAuthorization(token ?? '');
  if (type === 'http-01') return { name, file: { path: `/.well-known/acme-challenge/${token}`, content } };
  const host = `_acme-challenge.${authorization.identifier.value}`;
  return { name, txt: { host, value: hash('sha256', content, 'base64url') } };
}

/** One text has the certificate and what leads to the root. */
function split(pem: string): IssuedPem {
  const [certificate = '', ...intermediates] = pem.split(/(?=-----BEGIN)/);
  return { certificate, intermediates: intermediates.join('') };
}
