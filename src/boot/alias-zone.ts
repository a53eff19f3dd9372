/** The DNS server of the alias zone: what it answers, and the sockets that it answers on. Every node that is configured so runs one. */
import { createAliasServer } from '../dns/index.ts';
import type { AliasZoneSettings } from '../domain/alias-zone.ts';
import type { AliasRecords } from '../domain/ports/alias-records.ts';
import type { DnsMeter } from '../domain/ports/dns-server.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import { type DnsListener, endpointText, parseEndpoint, startDnsListener } from '../system/index.ts';

export interface AliasZoneOptions {
  readonly settings: AliasZoneSettings;
  /** Addresses with ports, each for UDP and TCP. */
  readonly listen: readonly string[];
  readonly records: AliasRecords;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: DnsMeter;
  /** Answers over UDP that a network gets in a second; only benches and tests have others than the default. */
  readonly perSecond?: number;
}

export interface StartedAliasZone {
  /** With the ports that were really taken. */
  readonly addresses: readonly string[];
  close(): Promise<void>;
}

const dnsPort = 53;

/** Where one of the addresses cannot be had, none is listened on. @throws what the system refuses */
export async function startAliasZone(options: AliasZoneOptions): Promise<StartedAliasZone> {
  const answer = createAliasServer(options);
  const listeners: DnsListener[] = [];
  const close = async () => {
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  try {
    for (const text of options.listen) {
      const endpoint = parseEndpoint(text, dnsPort, 0);
      listeners.push(await startDnsListener({ ...options, endpoint, answer }));
    }
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const addresses = listeners.map(({ endpoint }) => endpointText(endpoint));
  options.log.info({ zone: options.settings.zone, addresses }, 'the alias zone is answered');
  return { addresses, close };
}
