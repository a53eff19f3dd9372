/**
 * The door at which calls wait whose session is over. The screens below stay as they are, with all that was typed; once the same person has
 * signed in again, the calls go on.
 */

type Listener = (isShut: boolean) => void;

let listener: Listener | undefined;
let shut: { readonly opened: Promise<boolean>; readonly open: (isSignedIn: boolean) => void } | undefined;
let hasPerson = false;

/** Whether somebody is signed in, as far as this page knows: nobody is asked to sign in *again* who was not. */
export function notePerson(isKnown: boolean): void {
  hasPerson = isKnown;
}

export function isSomebodyKnown(): boolean {
  return hasPerson;
}

/** Resolves to whether the person signed in again; false at once where nobody had been signed in. */
export async function signInAgain(signal?: AbortSignal): Promise<boolean> {
  if (!hasPerson) return false;
  const waiting = shut ?? shutGate();
  if (signal === undefined) return waiting.opened;
  const left = new Promise<boolean>((resolve) =>
    signal.addEventListener('abort', () => resolve(false), { once: true }),
  );
  return Promise.race([waiting.opened, left]);
}

export function openGate(isSignedIn: boolean): void {
  shut?.open(isSignedIn);
  shut = undefined;
  listener?.(false);
}

export function listenToGate(heard: Listener): () => void {
  listener = heard;
  heard(shut !== undefined);
  return () => {
    listener = undefined;
  };
}

function shutGate() {
  const { promise: opened, resolve: open } = Promise.withResolvers<boolean>();
  shut = { opened, open };
  listener?.(true);
  return shut;
}
