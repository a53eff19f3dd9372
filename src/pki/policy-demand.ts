/**
 * Which certificate policies clients demand of what a CA signs (RFC 5280 §6.1): where `policyConstraints` above it reaches certificates of
 * subscribers, one without an allowed policy is refused by every client that checks policies.
 */
import type { Certificate } from './certificate.ts';
import { DerReader } from './der-reader.ts';
import { contextPrimitive } from './der-tag.ts';
import { oids } from './oid.ts';

export interface PolicyDemand {
  /** OIDs, one of which is to be there; `any`: every policy is allowed, but there must be one. */
  readonly allowed: ReadonlySet<string> | 'any';
}

const never = Number.POSITIVE_INFINITY;

/**
 * Mapped policies are taken as they stand (RFC 5280 §6.1.4 (b)): bridges map, and no private CA does.
 * @param chain the CA itself first, the root last, which clients trust for what it is (§6.1.1)
 * @returns undefined: no policy is demanded
 * @throws {CertError} derMalformed
 */
export function policyDemandOf(chain: readonly Certificate[]): PolicyDemand | undefined {
  let allowed: ReadonlySet<string> | 'any' = 'any';
  // How many more certificates may pass until a policy is demanded, and until anyPolicy counts no more.
  let [explicit, inhibitAny] = [never, never];
  for (const certificate of chain.slice(0, -1).toReversed()) {
    const isSelfIssued = certificate.subject.der.equals(certificate.issuer.der);
    const named = certificate.policies.filter((policy) => policy !== oids.anyPolicy);
    const hasAny = certificate.policies.includes(oids.anyPolicy) && (inhibitAny > 0 || isSelfIssued);
    if (!hasAny) allowed = new Set(named.filter((policy) => allowed === 'any' || allowed.has(policy)));
    if (!isSelfIssued) [explicit, inhibitAny] = [Math.max(0, explicit - 1), Math.max(0, inhibitAny - 1)];
    explicit = Math.min(explicit, requiredAfter(certificate));
    inhibitAny = Math.min(inhibitAny, inhibitedAfter(certificate));
  }
  // §6.1.5 (a): the last one counts down too.
  return explicit <= 1 ? { allowed } : undefined;
}

/** Whether one of these policies is what is demanded. */
export function meetsDemand({ allowed }: PolicyDemand, policies: readonly string[]): boolean {
  return allowed === 'any' ? policies.length > 0 : policies.some((policy) => allowed.has(policy));
}

/** `requireExplicitPolicy` (§4.2.1.11). */
function requiredAfter({ extensions }: Certificate): number {
  const found = extensions.find(({ oid }) => oid === oids.policyConstraints);
  if (found === undefined) return never;
  const fields = new DerReader(found.value, 'the policy constraints').sequence();
  const required = contextPrimitive(0);
  return fields.peek() === required ? fields.smallUnsigned(required) : never;
}

/** `inhibitAnyPolicy` (§4.2.1.14). */
function inhibitedAfter({ extensions }: Certificate): number {
  const found = extensions.find(({ oid }) => oid === oids.inhibitAnyPolicy);
  return found === undefined ? never : new DerReader(found.value, 'inhibitAnyPolicy').smallUnsigned();
}
