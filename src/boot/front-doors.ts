/** The front doors that are open, put together: in the thread of the core, or in threads of their own. */
import { dialectSecretName } from '../app/upkeep/server-secrets.ts';
import { aliasZoneOf } from '../config/alias-zone.ts';
import { type ConfigFile, dialectSettings } from '../config/schema.ts';
import { dialects } from '../dialects/registry.ts';
import type { SharedAllowances } from '../domain/ports/allowances.ts';
import type { Dialect, DialectSetup } from '../domain/ports/dialect.ts';
import type { PortName, Ports } from '../domain/ports/index.ts';
import type { RequestTurns } from '../domain/ports/request-turns.ts';
import type { Clock, Log, OneTimeNumbers, PublicSuffixes, Randomness } from '../domain/ports/system.ts';
import type { Mount } from '../http/route.ts';
import { openNodeNumbers, openOneTimeNumbers } from '../system/index.ts';
import { version } from './version.ts';

export interface FrontDoorsOptions {
  readonly config: ConfigFile;
  readonly publicUrl: string;
  readonly sendsMail: boolean;
  /** By `dialectSecretName`. */
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly ports: Ports;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly oneTimeNumbers: OneTimeNumbers;
  readonly allowances: SharedAllowances;
  /** Of this thread. */
  readonly turns: RequestTurns;
  readonly log: Log;
  readonly publicSuffixes: PublicSuffixes;
}

/** The name of the secret under which numbers that are good once are marked on all nodes. */
export const numbersSecretName = 'nodes/numbers';

/** Numbers that are good once: on all nodes that share the database, or in this process. */
export function openNumbers(
  memory: SharedArrayBuffer,
  {
    sharedKey,
    ports,
    random,
  }: { readonly sharedKey: Uint8Array | undefined } & Pick<FrontDoorsOptions, 'ports' | 'random'>,
): OneTimeNumbers {
  if (sharedKey === undefined) return openOneTimeNumbers(memory);
  return openNodeNumbers({ memory, key: sharedKey, random, take: (number) => ports.usedNumbers.take(number) });
}

export const openDialects = (config: ConfigFile) =>
  dialects.filter(({ name }) => dialectSettings(config, name).isEnabled);

/** What a dialect is set up with, the same in every thread. */
export function setupOf(
  dialect: Dialect,
  {
    config,
    secrets,
    publicSuffixes,
    sendsMail,
  }: Pick<FrontDoorsOptions, 'config' | 'secrets' | 'publicSuffixes' | 'sendsMail'>,
): DialectSetup {
  return {
    config: dialectSettings(config, dialect.name).own,
    secretFor: (purpose) => ownSecret(secrets, dialect, purpose),
    publicSuffixes,
    sendsMail,
    ...(config.aliasZone === undefined ? {} : { aliasZone: aliasZoneOf(config.aliasZone).settings.zone }),
  };
}

/** A mount for each open dialect. */
export function createFrontDoors(options: FrontDoorsOptions): readonly Mount[] {
  const { config, publicUrl, ports, clock, random, oneTimeNumbers, allowances, turns, log } = options;
  return openDialects(config).map((dialect) => {
    const { hosts } = dialectSettings(config, dialect.name);
    const server = dialect.createServer({
      ...setupOf(dialect, options),
      ports: pick(ports, dialect.ports),
      clock,
      random,
      oneTimeNumbers,
      allowances,
      turns,
      log: log.child({ dialect: dialect.name }),
      version,
      publicUrl,
      hosts,
      language: dialect.language,
      keySettings: (name, key) => dialectNamed(name).keySettings?.(key) ?? {},
    });
    const { name, paths, methods, ignoresCaseOfPaths: ignoresCase } = dialect;
    return { name, paths, methods, ignoresCase, answersUnknown: true, hosts, server };
  });
}

export function dialectNamed(name: string): Dialect {
  const dialect = dialects.find((candidate) => candidate.name === name);
  if (dialect === undefined) throw new Error(`no dialect ${name}`);
  return dialect;
}

/** Just these: a front door cannot reach what it does not name. */
function pick<Name extends PortName>(ports: Ports, names: readonly Name[]): Pick<Ports, Name> {
  return Object.fromEntries(names.map((name) => [name, ports[name]])) as Pick<Ports, Name>;
}

function ownSecret(secrets: ReadonlyMap<string, Uint8Array>, { name }: Dialect, purpose: string): Uint8Array {
  const secret = secrets.get(dialectSecretName(name, purpose));
  if (secret === undefined) throw new Error(`the dialect ${name} does not name "${purpose}" in its secretPurposes`);
  return secret;
}
