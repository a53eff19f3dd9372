/** A terminal that keeps what is written to it. */
import type { QuickstartTerminal } from '../../src/quickstart/index.ts';
import { createClock, createRandomness } from '../../src/system/index.ts';

export interface Collector extends QuickstartTerminal {
  /** Everything written so far. */
  text(): string;
  /** What a person sees: of a line that was rewritten, only what was written last. */
  seen(): string;
}

export function createCollector(differences: Partial<QuickstartTerminal> = {}): Collector {
  const written: string[] = [];
  const text = () => written.join('');
  return {
    stdout: (data) => void written.push(String(data)),
    isTty: false,
    columns: 80,
    colours: false,
    clock: createClock(),
    random: createRandomness(),
    fetch: (request) => fetch(request),
    ...differences,
    text,
    seen: () =>
      text()
        .split('\n')
        .map((line) => line.split('\r\x1b[2K').at(-1) ?? '')
        .join('\n'),
  };
}
