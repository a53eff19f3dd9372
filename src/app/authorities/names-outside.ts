/** Names that are certified now and that new constraints would not allow: their owners learn of it before their renewal fails. */
import { type Reason, reason } from '../../domain/errors.ts';
import { identifierOf } from '../../domain/identifier.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type CaChain, constraintsOf } from '../../pki/ca-examination.ts';
import { type NameConstraints, type NameOutside, nameOutside } from '../../pki/name-constraints.ts';

/** Enough to see what is usual, and few enough to wait for. */
const lookedAt = 2000;
const pageSize = 500;

/** Looks at the newest certificates. Empty where nothing is constrained, or none of them is outside. */
export async function namesOutside(
  read: Stores,
  { chains, now }: { readonly chains: readonly CaChain[]; readonly now: Date },
): Promise<readonly Reason[]> {
  const constraints = chains.map((chain) => chain.flatMap((certificate) => constraintsOf(certificate) ?? []));
  if (constraints.some((ofChain) => ofChain.length === 0)) return [];
  let [count, example, constraint] = [0, '', ''];
  let before: number | undefined;
  for (let seen = 0; seen < lookedAt; seen += pageSize) {
    const page = await read.certificates.list({
      accountId: null,
      limit: pageSize,
      ...(before === undefined ? {} : { before }),
    });
    for (const { names, notAfter, state, authorityId } of page) {
      if (authorityId === null || notAfter <= now || state !== 'valid') continue;
      for (const name of names) {
        const outside = constraints.map((ofChain) => firstOutside(ofChain, name));
        const [first] = outside;
        if (first === undefined || outside.includes(undefined)) continue;
        if (count++ === 0) [example, constraint] = [name, first.constraint];
      }
    }
    before = page.at(-1)?.number;
    if (page.length < pageSize) break;
  }
  return count === 0 ? [] : [reason('namesOutsideNow', { count, example, constraint })];
}

function firstOutside(constraints: readonly NameConstraints[], name: string): NameOutside | undefined {
  const wanted = { names: [identifierOf(name)], subject: emptyName };
  for (const ofOne of constraints) {
    const outside = nameOutside(ofOne, wanted);
    if (outside !== undefined) return outside;
  }
  return undefined;
}

const emptyName = new Uint8Array([0x30, 0]);
