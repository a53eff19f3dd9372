/** What this process was started with, as operators may read it. */
import { publicUrlOf } from '../config/pki-url.ts';
import type { ConfigFile } from '../config/schema.ts';
import { withoutPassword } from '../db/engine/postgres/address.ts';
import type { InstallationFacts } from '../domain/ports/server-facts.ts';
import { libraries } from './libraries.ts';
import { shownConfig } from './shown-config.ts';
import { version } from './version.ts';

export interface Started {
  readonly config: ConfigFile;
  readonly at: Date;
  readonly threads: number;
  readonly databasePath: string;
  /** The system's, used where the configuration names none. */
  readonly systemResolvers: readonly string[];
}

export function installationFacts({ config, at, threads, databasePath, systemResolvers }: Started): InstallationFacts {
  const { database, dns, mail, serve } = config;
  return {
    version,
    startedAt: at,
    role: config.role,
    threads,
    publicUrl: publicUrlOf(config),
    listeners: config.listen,
    responders: serve?.listen ?? [],
    dataDirectory: config.dataDirectory,
    database:
      database === undefined
        ? { engine: 'sqlite', title: databasePath }
        : { engine: 'postgres', title: withoutPassword(database) },
    resolvers: dns.resolvers.length > 0 ? dns.resolvers : systemResolvers,
    mail: mail === undefined ? null : { server: `${mail.host}:${mail.port}`, tls: mail.tls, from: mail.from },
    config: shownConfig(config),
    libraries,
  };
}
