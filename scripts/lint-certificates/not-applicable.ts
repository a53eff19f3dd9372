/** Findings of the other linters that do not apply to what certmux makes: to which kinds, why, and by what. */
import type { Complaint } from './linters.ts';
import type { Made } from './made.ts';

export interface NotApplicable extends Pick<Complaint, 'tool' | 'lint'> {
  readonly kinds: readonly Made['kind'][];
  readonly reason: string;
  readonly source: string;
}

export const notApplicable: readonly NotApplicable[] = [];

export function appliesNot({ tool, lint }: Complaint, kind: Made['kind']): NotApplicable | undefined {
  return notApplicable.find((one) => one.tool === tool && one.lint === lint && one.kinds.includes(kind));
}
