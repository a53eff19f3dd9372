/** Ctrl-C and SIGTERM as a signal. */

export interface Interruption {
  readonly signal: AbortSignal;
  /** From now on they end the process at once, as they do without us. */
  release(): void;
}

export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  // Only the first is ours: a second one, by somebody in a hurry, ends the process.
  const interrupt = () => {
    release();
    controller.abort(new Error('interrupted'));
  };
  const release = () => {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return { signal: controller.signal, release };
}
