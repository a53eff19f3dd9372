/** The world of the CA on real wires: DNS servers and a web server on loopback, such as certmux's alias zone and its responder. */
import { Resolver } from 'node:dns/promises';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import type { CaaRecord, CaNetwork, Handshake } from './network.ts';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

export interface WireNetworkOptions {
  /** Knows all names that are in no zone below. */
  readonly resolver: Endpoint;
  /** Servers that alone know what is in their zones. */
  readonly zones?: Readonly<Record<string, Endpoint>>;
  /** Where port 80 of every host is. */
  readonly web?: Endpoint;
  /** Where port 443 of every host is. */
  readonly tls?: Endpoint;
}

const longestChain = 8;

export function createWireNetwork({ resolver, zones = {}, web, tls }: WireNetworkOptions): CaNetwork {
  const main = resolverAt(resolver);
  const ofZones = Object.entries(zones).map(([zone, endpoint]) => [zone, resolverAt(endpoint)] as const);
  const serverFor = (name: string) => ofZones.find(([zone]) => name === zone || name.endsWith(`.${zone}`))?.[1] ?? main;

  /** One CNAME after the other, since the next one may be in another server. */
  async function chainFrom(name: string): Promise<readonly string[]> {
    const names: string[] = [];
    for (let at = name; ; ) {
      const [next] = await orNone(serverFor(at).resolveCname(at));
      if (next === undefined) return names;
      if (names.length === longestChain) throw new Error(`a CNAME loop at ${name}`);
      names.push(next);
      at = next;
    }
  }

  return {
    async resolveTxt(name) {
      const viaCname = await chainFrom(name);
      const end = viaCname.at(-1) ?? name;
      const texts = await orNone(serverFor(end).resolveTxt(end));
      return { texts: texts.map((parts) => parts.join('')), viaCname };
    },
    async resolveCaa(name) {
      const end = (await chainFrom(name)).at(-1) ?? name;
      return (await orNone(serverFor(end).resolveCaa(end))).map(caaFrom);
    },
    fetchHttp: (host, path) =>
      new Promise((resolve, reject) => {
        if (web === undefined) throw new Error(`nobody listens at ${host}`);
        const place = { host: web.address, port: web.port, path, headers: { host } };
        get(place, (reply) => {
          text(reply).then((body) => resolve({ status: reply.statusCode ?? 0, body }), reject);
        }).on('error', reject);
      }),
    handshake: (host, serverName, protocol) =>
      new Promise((resolve, reject) => {
        if (tls === undefined) throw new Error(`nobody listens at ${host}`);
        const socket = connect(
          {
            host: tls.address,
            port: tls.port,
            servername: serverName,
            ALPNProtocols: [protocol],
            rejectUnauthorized: false,
          },
          () => {
            const shaken: Handshake = {
              protocol: socket.alpnProtocol === false ? null : socket.alpnProtocol,
              certificate: socket.getPeerCertificate().raw,
            };
            socket.destroy();
            resolve(shaken);
          },
        );
        socket.on('error', reject);
      }),
  };
}

function resolverAt({ address, port }: Endpoint): Resolver {
  const made = new Resolver({ timeout: 1000, tries: 3 });
  made.setServers([`${address}:${port}`]);
  return made;
}

/** No such name, and no such records, are answers; anything else is a failure. */
async function orNone<T>(answer: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    throw error;
  }
}

function caaFrom({ critical, ...rest }: { readonly critical: number }): CaaRecord {
  const members = Object.entries(rest).filter(([name]) => name !== 'type');
  const [tag, value] = members[0] ?? ['', ''];
  return { isCritical: critical >= 128, tag, value: String(value) };
}
