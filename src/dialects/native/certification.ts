/** The part that new orders, reissues and duplicates share: names, CSR and methods. */
import type { MethodChoice } from '../../domain/challenge.ts';
import { forEachName, quoted, refuse } from '../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../domain/identifier.ts';
import { constructedAddresses } from '../../domain/mailbox.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { OrderReference, Proofs } from '../../domain/ports/orders.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { type Csr, parseCsr } from '../../pki/csr.ts';
import { namesInCsr } from '../../pki/csr-names.ts';
import { newProofReference } from './proofs.ts';
import type { Client } from './services.ts';

interface WantedProofs {
  readonly method?: ValidationMethod | undefined;
  /** With `email`: where the mails go. */
  readonly address?: string | undefined;
}

interface Wanted extends WantedProofs {
  readonly names: (csr: Csr) => readonly Identifier[];
}

export type Certification = Proofs & { readonly names: readonly Identifier[]; readonly csr: Uint8Array };

export function certificationOf(
  session: Client,
  { csr: text, names, ...proofs }: Wanted & { readonly csr: string },
): Certification {
  const csr = parseCsr(text);
  const identifiers = names(csr);
  return { names: identifiers, csr: csr.der, ...proofsOf(session, identifiers, proofs) };
}

/** @throws {CertError} invalidField for an address beside another method */
export function proofsOf(
  { services }: Client,
  names: readonly Identifier[],
  { method, address }: WantedProofs,
): Pick<Proofs, 'proofReference' | 'preferredMethod' | 'isMethodRequested' | 'choices'> {
  requireEmailFor(address, method);
  const proofReference = newProofReference(services.random);
  if (method === 'email') {
    const choices = names.map((name) => ({ name, choice: mailFor(name, address, services.publicSuffixes) }));
    return { proofReference, preferredMethod: method, choices };
  }
  return {
    proofReference,
    // A wildcard is proved by DNS wherever public rules apply, so that is the better guess for orders that hold one.
    preferredMethod: method ?? (names.some(({ kind }) => kind === 'wildcard') ? 'dnsCname' : 'httpFile'),
    isMethodRequested: method !== undefined,
  };
}

/** An address beside another method than e-mail says that the caller meant something else. @throws {CertError} invalidField */
export function requireEmailFor(address: string | undefined, method: ValidationMethod | undefined): void {
  if (address === undefined || method === 'email') return;
  throw refuse('fieldInvalid', { field: 'address', value: quoted(address), expected: expected.withoutOtherMethod });
}

/** The first of the addresses that the name offers, which are shown in that order. What has none is refused as such. */
function mailFor(name: Identifier, address: string | undefined, publicSuffixes: PublicSuffixes): MethodChoice {
  const mailbox = address ?? constructedAddresses(name, publicSuffixes)[0];
  return mailbox === undefined ? 'email' : { method: 'email', address: mailbox };
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
