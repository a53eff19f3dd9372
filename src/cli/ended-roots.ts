/** Roots that have ended: nothing that a client checks today hangs under them. */
import type { WireAuthority } from '../dialects/native/schema.ts';
import type { Language } from '../domain/language.ts';
import { visible } from '../domain/visible-text.ts';
import type { Terminal } from './terminal.ts';
import { dayText } from './words.ts';

const leftOut: Readonly<Record<Language, (subject: string, day: string) => string>> = {
  en: (subject, day) => `Left out: the root ${subject} ended on ${day}.`,
  zh: (subject, day) => `未包含根证书 ${subject}：已于 ${day} 到期。`,
};

/** Those that have not, and a line for each of the others beside the output. */
export function withoutEnded(roots: readonly WireAuthority[], terminal: Terminal): readonly WireAuthority[] {
  const now = terminal.clock.now();
  const hasEnded = ({ role, notAfter }: WireAuthority) => role === 'root' && new Date(notAfter) <= now;
  for (const { subject, notAfter } of roots.filter(hasEnded))
    terminal.stderr(`${visible(leftOut[terminal.language](subject, dayText(notAfter)))}\n`);
  return roots.filter((one) => !hasEnded(one));
}
