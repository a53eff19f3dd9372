/** Seconds that are still to wait, one less each second; 0: none. */
import { useEffect, useState } from 'react';

export function useCountdown(): readonly [seconds: number, start: (seconds: number) => void] {
  const [endsAt, setEndsAt] = useState(0);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (endsAt <= now) return;
    const timer = window.setTimeout(() => setNow(Date.now()), 250);
    return () => window.clearTimeout(timer);
  }, [endsAt, now]);
  const start = (seconds: number) => {
    const begun = Date.now();
    setNow(begun);
    setEndsAt(begun + seconds * 1000);
  };
  return [Math.max(0, Math.ceil((endsAt - now) / 1000)), start];
}
