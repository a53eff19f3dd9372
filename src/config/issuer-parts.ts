/** Settings that issuers of several kinds have. */
import { z } from 'zod';
import { settingWords } from './setting-words.ts';

/** Budgets look back no further: what is older is removed (`upkeep`). */
export const longestBudgetHours = 40 * 24;

export const budgetLimits = {
  limit: z.int().min(1).max(10_000_000).describe('How many it takes in that time.'),
  windowHours: z.int().min(1).max(longestBudgetHours).describe('The time, in hours.'),
  isExemptForRenewal: z
    .boolean()
    .describe('Whether a certificate that follows another one of this CA does not count (RFC 9773).'),
};

export const budget = z.strictObject({
  name: z.string().min(1).max(64).describe('How it is shown, like `certificates per registered domain`.'),
  counts: z.enum(['order', 'certificate', 'failedValidation']).describe('What is counted.'),
  per: z.enum(['account', 'registeredDomain', 'exactSet', 'name']).describe('What is counted together.'),
  limit: budgetLimits.limit,
  windowHours: budgetLimits.windowHours,
  isExemptForRenewal: budgetLimits.isExemptForRenewal.default(false),
});

export const caFile = z
  .string()
  .min(1)
  .optional()
  .describe(
    'PEM: authorities that the https certificate of the server there may come from, instead of the public ones.',
  );

export const proxy = z
  .string()
  .refine(isProxyUrl, settingWords.proxyUrl)
  .optional()
  .describe(
    'A proxy on the way there: `http://user:password@host:port`. Default: none, whatever the environment says.',
  );

export const concurrency = z.int().min(1).max(64).default(8).describe('Calls at the same time.');

function isProxyUrl(text: string): boolean {
  return /^http:\/\/([^\s/@]+@)?(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):\d{1,5}\/?$/i.test(text) && URL.canParse(text);
}
