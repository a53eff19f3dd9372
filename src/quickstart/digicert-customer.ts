/** What software written for DigiCert CertCentral does: product, order, random value, check, polling, download. */
import { X509Certificate } from 'node:crypto';
import { createDigicertClient } from '../dialects/digicert/client.ts';
import { Secret } from '../dialects/kit/secret.ts';
import { CertError } from '../domain/errors.ts';
import type { Customer, CustomerOptions, CustomerScript, Offer, OrderState } from './customer.ts';

/** The vendor's DV product for several names and wildcards. */
const product = 'ssl_dv_geotrust_flex';
const method = 'dns-cname-token';

export const digicertScript: CustomerScript = {
  api: 'digicert',
  title: 'DigiCert CertCentral',
  settings: {},
  currency: 'USD',
  takesWildcards: true,
  provesByCnameOnly: true,
  entersBy: 'key',
  createCustomer,
};

function createCustomer(
  { baseUrl, fetch, isRelayed }: CustomerOptions,
  settings: Readonly<Record<string, string>>,
): Customer {
  const client = createDigicertClient({ baseUrl, fetch, key: new Secret(settings['X-DC-DEVKEY'] ?? '') });
  let number = 0;

  return {
    preparations: [],
    orderCall: 'POST order/certificate',
    pollCall: 'GET order/certificate',

    async placeOrder({ csrPem, names }, signal) {
      const [commonName = '', ...others] = names;
      const placed = await client.placeOrder({ product, commonName, names: others, csrPem, years: 1, method }, signal);
      number = placed.id;
      const target = placed.domains?.[0]?.dcv_token?.verification_value ?? 'dcv.digicert.com';
      return {
        summary: `order ${number} of ${product}: ${names.length} names for a year`,
        offers: names.map((name) => ({
          name,
          cname: { host: `${placed.dcv_random_value}.${name.replace(/^\*\./, '')}`, target },
        })),
      };
    },

    ...(isRelayed === true
      ? {
          /** One value proves all names of an order, unless a vendor behind the API checks them: then each name has its own. */
          async readOffers(signal: AbortSignal) {
            const { dns_name_validations: validations } = await client.validation(number, signal);
            return validations.map(({ name_scope: name, dcv_token: token }): Offer => {
              if (token?.verification_value === undefined) return { name };
              const host = `${token.token}.${name.replace(/^\*\./, '')}`;
              return { name, cname: { host, target: token.verification_value } };
            });
          },
          async recheck(signal: AbortSignal) {
            // Refused while a proof is not found yet, as while nobody has looked: the next look may find it.
            await client.checkDcv(number, signal).catch((thrown: unknown) => {
              if (!(thrown instanceof CertError)) throw thrown;
            });
          },
        }
      : {}),

    async readOrder(signal): Promise<OrderState> {
      const { status, certificate } = await client.order(number, signal);
      const isIssued = status === 'issued';
      const known = { status, verifiedNames: isIssued || status === 'processing' ? certificate.dns_names : [] };
      if (status === 'pending' || status === 'processing') return known;
      if (!isIssued || certificate.id === undefined) return { ...known, failure: `the order is ${status}` };
      const [leaf, ...above] = await client.chain(certificate.id, signal);
      const pem = (text: string) => text.replaceAll('\r\n', '\n');
      return {
        ...known,
        certificate: {
          certificate: pem(leaf?.pem ?? ''),
          // No server sends the root, which is the last where it is known.
          intermediates: above
            .map((link) => pem(link.pem))
            .filter((text) => !signsItself(text))
            .join(''),
        },
      };
    },
  };
}

function signsItself(pem: string): boolean {
  const certificate = new X509Certificate(pem);
  return certificate.checkIssued(certificate);
}
