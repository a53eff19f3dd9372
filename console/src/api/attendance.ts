/**
 * Whether somebody is at the screen. What a page asks for by itself must not keep a session alive: else a console left open is open to whoever
 * comes by. Only what a person does with hands counts; that the page was loaded is such an act too.
 */

/** What somebody did is the cause of what is asked for in this time. */
const attendedMs = 60_000;
const acts = ['keydown', 'pointerdown', 'wheel'] as const;

let lastActMs = performance.now();

/** Begins to watch for what a person does. Returns what ends it. */
export function watchAttendance(target: EventTarget): () => void {
  const note = ({ isTrusted }: Event) => {
    // What a script of an extension does is no person.
    if (isTrusted) lastActMs = performance.now();
  };
  const options = { capture: true, passive: true };
  for (const act of acts) target.addEventListener(act, note, options);
  return () => {
    for (const act of acts) target.removeEventListener(act, note, options);
  };
}

export function isAttended(nowMs = performance.now()): boolean {
  return nowMs - lastActMs < attendedMs;
}
