/** Which rows are marked. Another question to the server has other rows, and none of them is marked. */
import { useState } from 'react';
import type { ListRow } from './definition.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  toggle(id: string): void;
  /** Marks all of these, or none where all are. */
  toggleAll(rows: readonly ListRow[]): void;
  clear(): void;
}

const none: ReadonlySet<string> = new Set();

export function useSelection(question: string): Selection {
  const [{ of, ids }, setState] = useState({ of: question, ids: none });
  const present = of === question ? ids : none;
  const set = (next: ReadonlySet<string>) => setState({ of: question, ids: next });
  return {
    ids: present,
    toggle(id) {
      const next = new Set(present);
      if (!next.delete(id)) next.add(id);
      set(next);
    },
    toggleAll(rows) {
      const isAll = rows.every(({ id }) => present.has(id));
      set(isAll ? none : new Set(rows.map(({ id }) => id)));
    },
    clear: () => set(none),
  };
}
