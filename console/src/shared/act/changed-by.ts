/**
 * What an act on one thing changes elsewhere: an order that was cancelled is missing in lists, gives money back, and is no number on Home any
 * more. The stream says the same a moment later, and of everybody; whoever acted does not wait for it.
 */

/** By the noun that was acted on: the first parts of the keys of all questions that may have another answer now. */
const alsoChanged: Readonly<Record<string, readonly string[]>> = {
  orders: ['order', 'approvals', 'certificates', 'accounts', 'domains', 'home', 'statistics', 'dryRun'],
  approvals: ['order', 'orders', 'certificates', 'accounts', 'home', 'statistics'],
  certificates: ['order', 'orders', 'approvals', 'issuers', 'authorities', 'home', 'statistics'],
  organizations: ['order', 'orders', 'home'],
  domains: ['order', 'orders'],
  accounts: ['me', 'prices', 'home', 'dryRun'],
  products: ['prices', 'dryRun'],
  prices: ['products', 'dryRun'],
  users: ['credentials', 'sessions', 'me'],
  webhooks: ['deliveries', 'home'],
  deliveries: ['webhooks', 'home'],
  jobs: ['order', 'orders', 'home'],
  authorities: ['issuers', 'home'],
  upstreams: ['issuers', 'authorities', 'home'],
};

/** Of these and of what hangs on them, each once. */
export function changedBy(nouns: readonly string[]): readonly string[] {
  return [...new Set(nouns.flatMap((noun) => [noun, ...(alsoChanged[noun] ?? [])]))];
}
