/** The names of an order in the order in which they need somebody: those that fail first, together with others that fail for the same reason. */
import type { OrderName, Proof } from '../order-types.ts';

export interface NameGroup {
  /** The reason, without what is only of one name; null: none of them was checked yet. */
  readonly reason: string | null;
  readonly names: readonly OrderName[];
}

export interface GroupedNames {
  readonly groups: readonly NameGroup[];
  readonly proved: readonly OrderName[];
}

export function groupedNames(names: readonly OrderName[]): GroupedNames {
  const open = names.filter(({ state }) => state !== 'valid');
  const byReason = Map.groupBy(open, reasonOf);
  const groups = [...byReason].map(([reason, of]) => ({ reason, names: of }));
  return {
    groups: groups.toSorted((one, other) => rankOf(one) - rankOf(other)),
    proved: names.filter(({ state }) => state === 'valid'),
  };
}

/** What nobody has looked for yet comes last; among reasons, the one of most names first. */
function rankOf({ reason, names }: NameGroup): number {
  return reason === null ? 1 : -names.length;
}

/** The proof that somebody means to place. */
export function meantProof({ proofs, preferredMethod }: OrderName): Proof | undefined {
  return proofs.find(({ method }) => method === preferredMethod) ?? proofs[0];
}

function reasonOf(name: OrderName): string | null {
  const problem = meantProof(name)?.lastCheck?.problem ?? null;
  if (problem === null) return null;
  const base = name.name.replace(/^\*\./, '');
  return problem
    .replaceAll(/"[^"]*"/g, '"…"')
    .replaceAll(name.name, '…')
    .replaceAll(base, '…');
}
