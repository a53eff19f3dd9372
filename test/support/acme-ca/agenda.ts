/**
 * What the CA does later: a look for a proof, a certificate. It is done when its time has come and somebody asks anything, in the order
 * of the times, so that it needs no timer and is the same in every run.
 */
export interface Agenda {
  add(at: Date, work: () => void | Promise<void>): void;
  /** Does what is due. Work that another call is at is not waited for. */
  catchUp(now: Date): Promise<void>;
  readonly waiting: number;
}

export function createAgenda(): Agenda {
  const entries: { readonly at: Date; readonly work: () => void | Promise<void> }[] = [];
  return {
    add(at, work) {
      entries.push({ at, work });
      // Those of the same time stay in the order in which they came.
      entries.sort((one, other) => one.at.getTime() - other.at.getTime());
    },
    async catchUp(now) {
      for (;;) {
        const [first] = entries;
        if (first === undefined || first.at > now) return;
        entries.shift();
        await first.work();
      }
    },
    get waiting() {
      return entries.length;
    },
  };
}
