/** Where `/pki/` is reached, as the configuration says it. */
import type { ConfigFile } from './schema.ts';

type Addresses = Pick<ConfigFile, 'publicUrl' | 'listen' | 'authority'>;

/** How clients reach this server, without a trailing slash. */
export function publicUrlOf({ publicUrl, listen }: Pick<Addresses, 'publicUrl' | 'listen'>): string {
  return (publicUrl ?? listen[0] ?? '').replace(/\/$/, '');
}

/** Without a trailing slash. */
export function pkiUrlOf(config: Addresses): string {
  return config.authority.pkiUrl?.replace(/\/$/, '') ?? `${publicUrlOf(config)}/pki`;
}
