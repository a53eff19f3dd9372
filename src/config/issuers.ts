/** The section `issuers`: ways out beside the embedded CA. Each is one ACME CA or vendor with an account of ours there, or a pool of such. */
import { z } from 'zod';
import { quoted } from '../domain/errors.ts';
import { isMailbox } from '../domain/mailbox.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { acmeModes } from '../domain/relay.ts';
import { asOneText } from '../domain/two-languages.ts';
import { type AcmeCaId, acmeCaIds } from '../issuers/registry.ts';
import { budget, budgetLimits, caFile, concurrency, proxy } from './issuer-parts.ts';
import { settingWords } from './setting-words.ts';
import { type VendorIssuerSection, vendorIssuerSection, vendorKinds } from './vendor-section.ts';

const changedBudget = z.union([
  z.literal('off'),
  z.strictObject({
    limit: budgetLimits.limit.optional(),
    windowHours: budgetLimits.windowHours.optional(),
    isExemptForRenewal: budgetLimits.isExemptForRenewal.optional(),
  }),
]);

const externalKey = z
  .strictObject({
    keyId: z.string().min(1).optional().describe('The key identifier (`kid`) that the CA gave you.'),
    hmacKey: z.string().min(1).optional().describe('The HMAC key as base64url. Better: `hmacKeyFile`.'),
    hmacKeyFile: z
      .string()
      .min(1)
      .optional()
      .describe('A file with the HMAC key as base64url, which others must not be able to read.'),
    zerosslEmail: z
      .string()
      .refine(isMailbox, settingWords.mailAddress)
      .optional()
      .describe('ZeroSSL makes a key for this address by itself; instead of the others.'),
  })
  .describe('Binds our account to one that you have with the CA (RFC 8555 §7.3.4), where it requires that.');

const kindMeaning =
  '`acme`: a CA that speaks ACME (RFC 8555), and our account there. `pool`: several issuers, tried in order; the first that answers, has budget left and suits the order serves it. The others: a vendor, and our account there, with the settings below.';

export const acmeIssuerSection = z.strictObject({
  kind: z.literal('acme').describe(kindMeaning),
  ca: z
    .enum(acmeCaIds as readonly [AcmeCaId, ...AcmeCaId[]])
    .default('custom')
    .describe('A CA whose address, limits and peculiarities certmux knows; `custom`: any other.'),
  directory: z
    .string()
    .refine(isDirectoryUrl, settingWords.directoryUrl)
    .optional()
    .describe("The address of the CA's directory. Required where `ca` has none of its own, else instead of it."),
  account: z
    .string()
    .optional()
    .describe(
      'The name of our account there: budgets and the breaker go by it. Issuers with the same name share the account. Default: the id of the issuer.',
    ),
  mode: z
    .enum(acmeModes)
    .default('alias')
    .describe(
      'How the CA gets to see that a name is under control. `alias`: customers delegate `_acme-challenge` into `aliasZone` once. `serve`: the file is served by the responder (`serve`) on port 80; no wildcards. `persist`: customers set one TXT record for good.',
    ),
  contacts: z
    .array(z.string().refine(isMailbox, settingWords.mailAddress))
    .max(10)
    .default([])
    .describe('Mail addresses for the CA to write to. Some CAs require one.'),
  termsAgreed: z
    .boolean()
    .default(false)
    .describe("Required to be `true`: that you have read the CA's terms of service, and agree to them."),
  externalKey: externalKey.optional(),
  caFile,
  proxy,
  profile: z
    .strictObject({
      name: z.string().min(1).max(64).describe('As its directory lists it, like `tlsserver`.'),
      mandatory: z
        .boolean()
        .default(true)
        .describe("Whether nothing is ordered while the CA does not offer it; otherwise the CA's default is used."),
    })
    .optional()
    .describe('A profile of the CA.'),
  preferredChain: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'Of several chains the one whose root has this name; or the one that has a certificate with this SHA-256 fingerprint in hex, which is an intermediate where the CA does not send the root.',
    ),
  deadlineHours: z
    .int()
    .min(1)
    .max(2160)
    .default(72)
    .describe('How long an order may take there, without the time for which the CA says that it is limited.'),
  afterDeadline: z
    .enum(['fail', 'wait'])
    .default('fail')
    .describe('`fail`: the order is cancelled, and the customer refunded. `wait`: polling continues, and you decide.'),
  concurrency,
  budgets: z
    .union([z.array(budget).max(20), z.record(z.string(), changedBudget)])
    .optional()
    .describe(
      'What the CA takes from us in a period, if not what certmux knows of it. A list replaces all; by name, single ones are changed, and `off` leaves one out.',
    ),
});

export const poolSection = z.strictObject({
  kind: z.literal('pool').describe(kindMeaning),
  members: z
    .array(z.string())
    .min(1)
    .max(16)
    .describe('Required: ids of issuers of one mode, the preferred one first.'),
});

export const issuersSection = z
  .record(
    z.string(),
    z.discriminatedUnion('kind', [acmeIssuerSection, vendorIssuerSection, poolSection], {
      error: ({ code, input }) => (code === 'invalid_union' ? kindWords(input) : undefined),
    }),
  )
  .default({})
  .describe(
    'Where certificates come from besides the embedded CA, by an id of your choice, which products name (`certmux product change --issuer`).',
  );

export type IssuersSection = z.infer<typeof issuersSection>;
export type AcmeIssuerSection = z.infer<typeof acmeIssuerSection>;

/** Whether it is one that buys from a vendor: its kind is the name of a dialect. */
export function isVendorSection(section: IssuersSection[string]): section is VendorIssuerSection {
  return vendorKinds.includes(section.kind);
}

function kindWords(input: unknown): string {
  const kinds = ['acme', ...vendorKinds, 'pool'];
  const list = `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`;
  const kind = typeof input === 'object' && input !== null && 'kind' in input ? input.kind : undefined;
  const nearest = typeof kind === 'string' ? nearestWord(kind, kinds) : undefined;
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  const listZh = `${kinds.slice(0, -1).join('、')} 或 ${kinds.at(-1)}`;
  const hintZh = nearest === undefined ? '' : `，是否为 ${nearest}？`;
  return asOneText({
    en: `must be ${list}, not ${kind === undefined ? 'missing' : quoted(kind)}${hint}`,
    zh: `必须是 ${listZh}，${kind === undefined ? '不能缺失' : `不能是 ${quoted(kind)}`}${hintZh}`,
  });
}

/** Everything that goes through it is signed or public, but for the account's e-mail addresses: http is for CAs under test. */
function isDirectoryUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s/@?#]+([/?][^\s#]*)?$/i.test(text) || !URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
