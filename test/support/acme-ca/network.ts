/** The world in which the CA looks for proofs: a test gives it certmux's zone and responder, or the one in memory that is made here. */
export interface CaaRecord {
  readonly isCritical: boolean;
  readonly tag: string;
  readonly value: string;
}

/** Each may throw: `dns` for the first two, `connection` for the others (RFC 8555 §6.7). */
export interface CaNetwork {
  /** @returns the TXT values there, strings joined, and the names that CNAMEs led over */
  resolveTxt(name: string): Promise<{ readonly texts: readonly string[]; readonly viaCname: readonly string[] }>;
  /** Of this very name, CNAMEs followed; the CA climbs by itself. */
  resolveCaa(name: string): Promise<readonly CaaRecord[]>;
  /** @param host a name or an address; port 80 */
  fetchHttp(host: string, path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** With port 443, nothing verified. Left out: nobody listens there. */
  handshake?(host: string, serverName: string, protocol: string): Promise<Handshake>;
}

export interface Handshake {
  /** Null: none was agreed on. */
  readonly protocol: string | null;
  /** DER. */
  readonly certificate: Uint8Array;
}

export interface MemoryNetwork extends CaNetwork {
  readonly texts: Map<string, string[]>;
  readonly aliases: Map<string, string>;
  readonly caa: Map<string, readonly CaaRecord[]>;
  /** By host and path: `www.example.com/.well-known/acme-challenge/x`. */
  readonly pages: Map<string, string>;
  /** Hosts that nobody reaches, and names whose servers do not answer. */
  readonly away: Set<string>;
  /** What was looked up, in order: `TXT name`, `CAA name`, `GET host/path`. */
  readonly looks: string[];
}

const longestChain = 8;

export function createMemoryNetwork(): MemoryNetwork {
  const network: MemoryNetwork = {
    texts: new Map(),
    aliases: new Map(),
    caa: new Map(),
    pages: new Map(),
    away: new Set(),
    looks: [],
    async resolveTxt(name) {
      network.looks.push(`TXT ${name}`);
      const viaCname = chainFrom(network, name);
      return { texts: network.texts.get(viaCname.at(-1) ?? name) ?? [], viaCname };
    },
    async resolveCaa(name) {
      network.looks.push(`CAA ${name}`);
      return network.caa.get(chainFrom(network, name).at(-1) ?? name) ?? [];
    },
    async fetchHttp(host, path) {
      network.looks.push(`GET ${host}${path}`);
      if (network.away.has(host)) throw new Error(`nobody listens at ${host}`);
      const body = network.pages.get(host + path);
      return body === undefined ? { status: 404, body: 'not here' } : { status: 200, body };
    },
  };
  return network;
}

function chainFrom({ aliases, away }: MemoryNetwork, name: string): readonly string[] {
  const names: string[] = [];
  for (let at = name; ; ) {
    if (away.has(at)) throw new Error(`SERVFAIL for ${at}`);
    const next = aliases.get(at);
    if (next === undefined) return names;
    if (names.length === longestChain) throw new Error(`a CNAME loop at ${name}`);
    names.push(next);
    at = next;
  }
}
