/** The responder's own listeners: usually port 80, where upstream CAs look. Nothing but its files is answered there. */
import { createFront, type FrontOptions } from '../http/front.ts';
import { type Listener, listen } from '../http/listen.ts';
import { createRoute, type Mount } from '../http/route.ts';

export interface ResponderListeners {
  /** Their addresses, with the ports that were really taken. */
  readonly urls: readonly string[];
  close(graceMs: number): Promise<void>;
}

/** Where one of the addresses cannot be had, none is listened on. */
export async function listenForChallenges(
  urls: readonly string[],
  mount: Mount,
  options: Omit<FrontOptions, 'route'>,
): Promise<ResponderListeners> {
  const front = createFront({ ...options, route: createRoute([mount]) });
  const listeners: Listener[] = [];
  const close = async (graceMs: number) => {
    await Promise.all(listeners.map((listener) => listener.close(graceMs)));
  };
  try {
    for (const url of urls) listeners.push(await listen({ url, front, clock: options.clock, tls: undefined }));
  } catch (thrown) {
    await close(0);
    throw thrown;
  }
  return { urls: listeners.map(({ url }) => url), close };
}
