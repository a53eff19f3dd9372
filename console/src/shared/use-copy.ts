/** Copies, and for a moment says whether it could: over plain http from elsewhere a browser has no clipboard. */
import { useEffect, useState } from 'react';
import { copied } from './copied.ts';

const shownMs = 2000;
/** What has to be read. */
const failureMs = 8000;

export function useCopy() {
  const [outcome, setOutcome] = useState<'none' | 'copied' | 'failed'>('none');
  useEffect(() => {
    if (outcome === 'none') return;
    const timer = window.setTimeout(() => setOutcome('none'), outcome === 'copied' ? shownMs : failureMs);
    return () => window.clearTimeout(timer);
  }, [outcome]);
  return {
    outcome,
    async copy(text: string) {
      setOutcome((await copied(text)) ? 'copied' : 'failed');
    },
  } as const;
}
