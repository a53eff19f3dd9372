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
  /**
   * True if it has an answer of its own to what it does not know: then also every path that begins as one of these does, but
   * is nobody's, is answered by it: `/services/nosuch` beside `/services/v2/`, with any method.
   */
  readonly answersUnknown?: boolean;
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
  const prefixes: readonly Prefix[] = mounts.flatMap((mount) => mount.paths.map((path) => ({ path, mount })));
  for (const { path, mount } of prefixes) {
    const rival = prefixes.find((other) => other.path === path && areRivals(other.mount, mount))?.mount;
    if (rival !== undefined) throw new Error(`the path ${path} belongs to both ${rival.name} and ${mount.name}`);
  }
  // The longest prefix wins, so that a narrow mount can stand inside a wide one.
  const byLength = (all: readonly Prefix[]) => all.toSorted((a, b) => b.path.length - a.path.length);
  const own = byLength(prefixes);
  const unknown = byLength(mounts.filter((mount) => mount.answersUnknown === true).flatMap(around));
  return (host, path, method) =>
    byHost.get(host) ??
    own.find((one) => covers(one, path) && answers(one.mount, method))?.mount ??
    unknown.find((one) => covers(one, path) || covers(one, `${path}/`))?.mount;
}

interface Prefix {
  readonly path: string;
  readonly mount: Mount;
}

/** The paths of a mount and those above them: `/services/v2/` and `/services/`. Never `/`, which would be every path. */
function around(mount: Mount): readonly Prefix[] {
  const paths = mount.paths.flatMap((path) => {
    const names = path.split('/').filter((name) => name !== '');
    return names.map((_, index) => `/${names.slice(0, index + 1).join('/')}/`);
  });
  return [...new Set(paths)].map((path) => ({ path, mount }));
}

/** `/` as a prefix would be every path. */
function covers({ path: prefix, mount }: Prefix, path: string): boolean {
  const found = mount.ignoresCase === true ? path.toLowerCase() : path;
  return prefix.endsWith('/') && prefix !== '/' ? found.startsWith(prefix) : found === prefix;
}

function answers({ methods }: Mount, method: string): boolean {
  return methods === undefined || methods.includes(method);
}

function areRivals(one: Mount, other: Mount): boolean {
  if (one === other) return false;
  return one.methods === undefined || one.methods.some((method) => answers(other, method));
}
