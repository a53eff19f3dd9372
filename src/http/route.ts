/** Which part of the server answers a request: by host name first, then by path, then by method. */
import type { DialectServer } from '../domain/ports/dialect.ts';

export interface Mount {
  readonly name: string;
  /** Path prefixes on a shared listener: `/cert/`; without a final slash, and for only `/`, exact paths. */
  readonly paths: readonly string[];
  /** True if letters of either case in these paths are the same; the paths themselves are in lower case. */
  readonly ignoresCase?: boolean | undefined;
  /** Of these paths it answers only these methods; undefined: all. */
  readonly methods?: readonly string[] | undefined;
  /** Host names on which every path is this mount's. */
  readonly hosts: readonly string[];
  readonly server: DialectServer;
}

/**
 * @param host lower case, without port
 * @param method upper case
 */
export type Route = (host: string, path: string, method: string) => Mount | undefined;

/** @throws {Error} when two mounts claim the same path or host: a configuration that cannot work */
export function createRoute(mounts: readonly Mount[]): Route {
  const byHost = new Map<string, Mount>();
  for (const mount of mounts) {
    for (const host of mount.hosts.map((name) => name.toLowerCase())) {
      const rival = byHost.get(host);
      if (rival !== undefined && rival !== mount) {
        throw new Error(`the host ${host} is bound to both ${rival.name} and ${mount.name}`);
      }
      byHost.set(host, mount);
    }
  }
  const prefixes = mounts.flatMap((mount) => mount.paths.map((path) => ({ path, mount })));
  for (const { path, mount } of prefixes) {
    const rival = prefixes.find((other) => other.path === path && areRivals(other.mount, mount))?.mount;
    if (rival !== undefined) throw new Error(`the path ${path} belongs to both ${rival.name} and ${mount.name}`);
  }
  // The longest prefix wins, so that a narrow mount can stand inside a wide one.
  prefixes.sort((a, b) => b.path.length - a.path.length);
  return (host, path, method) =>
    byHost.get(host) ??
    prefixes.find(
      ({ path: prefix, mount }) =>
        covers(prefix, mount.ignoresCase === true ? path.toLowerCase() : path) && answers(mount, method),
    )?.mount;
}

/** `/` as a prefix would be every path. */
function covers(prefix: string, path: string): boolean {
  return prefix.endsWith('/') && prefix !== '/' ? path.startsWith(prefix) : path === prefix;
}

function answers({ methods }: Mount, method: string): boolean {
  return methods === undefined || methods.includes(method);
}

function areRivals(one: Mount, other: Mount): boolean {
  if (one === other) return false;
  return one.methods === undefined || one.methods.some((method) => answers(other, method));
}
