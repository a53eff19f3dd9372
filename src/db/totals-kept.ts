/** Totals of the projection that a process keeps to carry them forward (`stores/carried-totals.ts`): those that were asked for last. */

/** Cells of all totals that are kept: some megabytes. */
const mostCells = 100_000;

/** A total as it was counted, by cells of numbers. */
export interface Total {
  /** All events up to this one are in it. */
  readonly sequence: number;
  readonly cells: ReadonlyMap<number, number>;
}

/** What this process remembers: the totals that were asked for last. */
export interface CarriedTotals {
  get(key: string): Total | undefined;
  put(key: string, total: Total): void;
}

export function createCarriedTotals(): CarriedTotals {
  const totals = new Map<string, Total>();
  let cells = 0;

  function drop(key: string): void {
    cells -= totals.get(key)?.cells.size ?? 0;
    totals.delete(key);
  }

  return {
    get: (key) => totals.get(key),
    put(key, total) {
      drop(key);
      totals.set(key, total);
      cells += total.cells.size;
      for (const oldest of totals.keys()) {
        if (cells <= mostCells) break;
        drop(oldest);
      }
    },
  };
}
