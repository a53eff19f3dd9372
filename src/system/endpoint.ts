/** Addresses with ports, as people write and read them. */
import { isIP } from 'node:net';

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** `203.0.113.7:80`, `[2001:db8::7]:80`. */
export function endpointText({ address, port }: Endpoint): string {
  return isIP(address) === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}

/**
 * Reads `203.0.113.7`, `203.0.113.7:53`, `2001:db8::7`, `[2001:db8::7]` or `[2001:db8::7]:53`.
 * @param leastPort 0 where a place to listen at is meant: any port that is free
 * @throws {RangeError} naming the text that is none of these
 */
export function parseEndpoint(text: string, defaultPort: number, leastPort = 1): Endpoint {
  if (isIP(text) !== 0) return { address: text, port: defaultPort };
  const parts = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text);
  const address = parts?.[1] ?? parts?.[2] ?? '';
  const port = parts?.[3] === undefined ? defaultPort : Number(parts[3]);
  const version = parts?.[1] === undefined ? 4 : 6;
  if (isIP(address) !== version || port < leastPort || port > 65_535) {
    throw new RangeError(
      `"${text}" is not an address with an optional port such as 192.0.2.53:53 or [2001:db8::53]:53`,
    );
  }
  return { address, port };
}
