/** The sockets of a server, wherever they are listened on: in the thread of the core or in threads of their own. */
import { createFront } from '../http/front.ts';
import { type Listener, listen, type TlsMaterial } from '../http/listen.ts';
import type { HttpMetrics } from '../http/metrics/index.ts';
import { createRoute, type Mount } from '../http/route.ts';
import { createFrontDoors, type FrontDoorsOptions } from './front-doors.ts';

export interface Listeners {
  /** Their addresses, with the ports that were really taken. */
  readonly urls: readonly string[];
  renewTls(material: TlsMaterial): void;
  /** Resolves when every request under way is answered or `graceMs` is over. */
  close(graceMs: number): Promise<void>;
}

export interface ListenHereOptions extends FrontDoorsOptions {
  /** False: no dialect is answered. */
  readonly hasFrontDoors?: boolean;
  /** What is answered besides the dialects. */
  readonly others: readonly Mount[];
  readonly metrics: HttpMetrics;
  readonly tls: TlsMaterial | undefined;
  /** Instead of those of the configuration. */
  readonly urls?: readonly string[];
  /** True if other threads listen on the same ports. */
  readonly sharesPorts?: boolean;
}

/** Listens in this thread. Where one of the addresses cannot be had, none is listened on. */
export async function listenHere(options: ListenHereOptions): Promise<Listeners> {
  const { config, others, metrics, clock, random, log, tls, hasFrontDoors = true } = options;
  const { sharesPorts: sharesPort = false } = options;
  const front = createFront({
    route: createRoute([...(hasFrontDoors ? createFrontDoors(options) : []), ...others]),
    clock,
    random,
    log,
    metrics,
    trustedProxies: config.trustedProxies,
    publicUrl: options.publicUrl,
  });
  const listeners: Listener[] = [];
  const close = async (graceMs: number) => {
    await Promise.all(listeners.map((listener) => listener.close(graceMs)));
  };
  try {
    for (const url of options.urls ?? config.listen)
      listeners.push(await listen({ url, front, clock, tls, sharesPort }));
  } catch (thrown) {
    await close(0);
    throw thrown;
  }
  return {
    urls: listeners.map(({ url }) => url),
    renewTls(material) {
      for (const listener of listeners) listener.renewTls(material);
    },
    close,
  };
}
