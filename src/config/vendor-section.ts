/** An issuer of the section `issuers` that buys from a vendor: the client half of one of the dialects (docs/upstreams.md). */
import { z } from 'zod';
import { vendors } from '../dialects/registry.ts';
import { isCountryCode } from '../domain/country.ts';
import { isMailbox } from '../domain/mailbox.ts';
import { vendorModes } from '../domain/ports/upstream.ts';
import { budget, caFile, concurrency, proxy } from './issuer-parts.ts';
import { settingWords } from './setting-words.ts';

/** The kinds, in the order of the alphabet. */
export const vendorKinds: readonly string[] = vendors.map(({ kind }) => kind);

/** Numbers are what many vendors call their things: YAML reads `100` as one. */
const vendorWord = z.union([z.string().min(1).max(200), z.int().min(0).max(999_999_999_999)]);

const count = z.int().min(1).max(3650);

const boughtProduct = z.union([
  vendorWord,
  z.strictObject({
    code: vendorWord.describe("Required: the vendor's code of the product."),
    years: count.optional().describe('The coverage that is bought. Default: that of the order.'),
    months: count.optional().describe('The same in months.'),
    days: count.optional().describe('The same in days.'),
  }),
]);

const text = z.string().min(1).max(200);

const contact = z
  .strictObject({
    name: text.optional().describe('First and last name.'),
    title: text.optional().describe('The position, like `Operations`.'),
    phone: text.optional().describe('With the code of the country, like `+49 30 1234567`.'),
    email: text.refine(isMailbox, settingWords.mailAddress).optional().describe('The mail address.'),
    address: text.optional().describe('Street and number.'),
    city: text.optional().describe('The city of the person.'),
    state: text.optional().describe('The state or province.'),
    country: z
      .string()
      .refine(isCountryCode, settingWords.country)
      .optional()
      .describe('Two letters, like `CN` (ISO 3166-1).'),
    postalCode: text.optional().describe('The postal code.'),
    organization: text.optional().describe('The organization of the person.'),
  })
  .describe(
    'The person that the vendor is told of where an order names none, or leaves out some of it. Most vendors require name, phone and email.',
  );

export const vendorIssuerSection = z.strictObject({
  kind: z.enum(vendorKinds as readonly [string, ...string[]]),
  url: z
    .string()
    .refine(isVendorUrl, settingWords.vendorUrl)
    .optional()
    .describe(
      "Where its API is, with or without the path that all its calls begin with (`/ssl`, `/services/v2`, `/v1`). Default: the vendor's own; required where that has gone.",
    ),
  formerUrls: z
    .array(z.string().refine(isVendorUrl, settingWords.vendorUrl))
    .max(20)
    .default([])
    .describe(
      'Addresses that the same service had before it moved to `url`: orders that were placed there are asked for at `url`. Without it they wait for you. Default: none.',
    ),
  credentials: z
    .record(z.string(), z.string(settingWords.quotedText).min(1))
    .default({})
    .describe(
      "What the vendor knows us by, under the vendor's own names. `<name>File` names a file with a secret instead, which others must not be able to read: better than the secret itself.",
    ),
  account: z
    .string()
    .optional()
    .describe(
      'The name of our account there: budgets, the breaker and the exchanges that are kept go by it. Issuers with the same name share the account, with the same credentials. Default: the id of the issuer.',
    ),
  mode: z
    .enum(vendorModes)
    .optional()
    .describe(
      "Who proves names to the vendor. `relay`: its own challenges are shown to the customers. `standing`: it has validated the domains of our account already. `signfile`: customers keep the vendor's static file. Default: the first that the vendor has.",
    ),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, settingWords.currency)
    .optional()
    .describe('The currency of our account there, for a vendor whose prices are bare numbers (ISO 4217).'),
  products: z
    .record(z.string(), boughtProduct)
    .default({})
    .describe(
      "What is bought for a product of ours: its code as `certmux product list` shows it, and the vendor's code; or `{ code, years }`, `{ code, months }`, `{ code, days }` for another coverage than that of the order.",
    ),
  otherProducts: boughtProduct
    .optional()
    .describe('What is bought for products that `products` does not name. Default: those cannot be bought.'),
  organizations: z
    .record(z.string(), vendorWord)
    .default({})
    .describe("The vendor's id of an organization, by our number of it (`certmux organization list`)."),
  contact: contact.default({}),
  container: vendorWord
    .optional()
    .describe(
      "The vendor's id of the container (division) that orders are placed in. Default: that of the credentials.",
    ),
  balanceWarning: z
    .string()
    .regex(/^\d{1,10}(\.\d{1,2})? [A-Z]{3}$/, settingWords.amount)
    .optional()
    .describe('An amount, like `100.00 CNY`: below it the balance at the vendor raises an alarm.'),
  caFile,
  proxy,
  deadlineHours: z.int().min(1).max(2160).default(168).describe('How long an order may take there.'),
  afterDeadline: z
    .enum(['fail', 'wait'])
    .default('wait')
    .describe('`fail`: the order is cancelled, and the customer refunded. `wait`: polling continues, and you decide.'),
  concurrency,
  budgets: z.array(budget).max(20).default([]).describe('What the vendor takes from us in a period, if it says so.'),
  relayWaitSeconds: z
    .int()
    .min(0)
    .max(30)
    .default(5)
    .describe(
      "In mode `relay`: how long the call that places an order waits for the vendor's challenges, to show them in its reply.",
    ),
});

export type VendorIssuerSection = z.infer<typeof vendorIssuerSection>;
export type BoughtProductSection = z.infer<typeof boughtProduct>;

/** Secrets go there: http is for servers under test on this machine. */
function isVendorUrl(value: string): boolean {
  if (!/^https?:\/\/[^\s/@?#]+(\/[^\s?#]*)?$/i.test(value) || !URL.canParse(value)) return false;
  const { protocol, hostname } = new URL(value);
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
