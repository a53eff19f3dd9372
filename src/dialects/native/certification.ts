/** The part that new orders, reissues and duplicates share: names, CSR and methods. */
import { forEachName, refuse } from '../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts';
import type { OrderReference, Proofs, Reissue } from '../../domain/ports/orders.ts';
import { type Csr, parseCsr } from '../../pki/csr.ts';
import { namesInCsr } from '../../pki/csr-names.ts';
import { newProofReference } from './proofs.ts';
import type { Client } from './services.ts';

interface Wanted {
  readonly names: (csr: Csr) => readonly Identifier[];
  readonly method: Reissue['preferredMethod'] | undefined;
}

export type Certification = Proofs & { readonly names: readonly Identifier[]; readonly csr: Uint8Array };

export function certificationOf(
  session: Client,
  { csr: text, names, method }: Wanted & { readonly csr: string },
): Certification {
  const csr = parseCsr(text);
  const identifiers = names(csr);
  return { names: identifiers, csr: csr.der, ...proofsOf(session, identifiers, method) };
}

export function proofsOf(
  { services }: Client,
  names: readonly Identifier[],
  method: Reissue['preferredMethod'] | undefined,
): Pick<Proofs, 'proofReference' | 'preferredMethod'> {
  return {
    proofReference: newProofReference(services.random),
    // A wildcard is proved by DNS wherever public rules apply, so that is the better guess for orders that hold one.
    preferredMethod: method ?? (names.some(({ kind }) => kind === 'wildcard') ? 'dnsCname' : 'httpFile'),
  };
}

export function namesFromInput(names: readonly string[]): readonly Identifier[] {
  return forEachName(names, String, (name, index) => parseIdentifier(name, `names[${index}]`));
}

/** @throws {CertError} invalidField when the CSR holds no names either */
export function namesOfCsr(csr: Csr): readonly Identifier[] {
  const names = namesInCsr(csr, 'csr');
  if (names.length === 0) throw refuse('fieldMissing', { field: 'names' });
  return names;
}

export async function namesOfOrder(
  { caller, services }: Client,
  order: OrderReference,
): Promise<readonly Identifier[]> {
  const { issuance } = await services.orders.get(caller, order);
  return issuance.names.map(({ identifier }) => identifier);
}

/** By id, or by the number that people use. */
export function referenceTo(order: string): OrderReference {
  return /^[0-9]{1,10}$/.test(order) ? { number: Number(order) } : { id: order };
}

export function validityOf({
  validityDays,
}: {
  readonly validityDays?: number | undefined;
}): { readonly days: number } | null {
  return validityDays === undefined ? null : { days: validityDays };
}
