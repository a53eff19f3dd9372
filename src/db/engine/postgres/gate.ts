/**
 * Lets any number of transactions run side by side, or one alone. Who was in others' way several times runs alone: of this process
 * nobody is in its way then. Who comes later waits behind it, so that it is not waited for without end.
 */
export class Gate {
  #inside = 0;
  #isClosed = false;
  readonly #line: { readonly isAlone: boolean; readonly enter: () => void }[] = [];

  async run<T>(work: () => Promise<T>, { isAlone }: { readonly isAlone: boolean }): Promise<T> {
    if (this.#line.length > 0 || !this.#isOpenFor(isAlone)) {
      await new Promise<void>((enter) => this.#line.push({ isAlone, enter }));
    } else this.#enter(isAlone);
    try {
      return await work();
    } finally {
      this.#inside--;
      if (isAlone) this.#isClosed = false;
      this.#letIn();
    }
  }

  #isOpenFor(isAlone: boolean): boolean {
    return !this.#isClosed && (!isAlone || this.#inside === 0);
  }

  #enter(isAlone: boolean): void {
    this.#inside++;
    if (isAlone) this.#isClosed = true;
  }

  #letIn(): void {
    for (let next = this.#line[0]; next !== undefined && this.#isOpenFor(next.isAlone); next = this.#line[0]) {
      this.#line.shift();
      this.#enter(next.isAlone);
      next.enter();
    }
  }
}
