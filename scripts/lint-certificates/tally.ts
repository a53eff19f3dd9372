/** What the findings come to: those that are wrong, those that do not apply, and rows that are met no longer. */
import type { Complaint } from './linters.ts';
import type { Kind, Made } from './made.ts';
import { appliesNot, type NotApplicable, notApplicable } from './not-applicable.ts';

export interface Tally {
  readonly wrong: readonly { readonly made: Made; readonly complaint: Complaint }[];
  /** How often each row was met in each of its kinds. */
  readonly met: ReadonlyMap<string, number>;
  readonly unmet: readonly string[];
}

/** @param complaints of the other linters, in the order of what was made */
export function tally(all: readonly Made[], complaints: readonly (readonly Complaint[])[]): Tally {
  const wrong: { readonly made: Made; readonly complaint: Complaint }[] = [];
  const met = new Map<string, number>();
  for (const [index, made] of all.entries()) {
    const own = made.own.map(({ rule, found }) => ({ tool: 'certmux', lint: rule, detail: found }) as const);
    for (const complaint of [...(complaints[index] ?? []), ...own]) {
      const known = appliesNot(complaint, made.kind);
      if (known === undefined) wrong.push({ made, complaint });
      else met.set(keyOf(known, made.kind), (met.get(keyOf(known, made.kind)) ?? 0) + 1);
    }
  }
  const unmet = notApplicable.flatMap((one) =>
    one.kinds.map((kind) => keyOf(one, kind)).filter((key) => !met.has(key)),
  );
  return { wrong, met, unmet };
}

function keyOf({ tool, lint }: Pick<NotApplicable, 'tool' | 'lint'>, kind: Kind): string {
  return `${tool} ${lint}, ${kind}`;
}
