/**
 * The commands that run in this process: serve, init, quickstart, config check, database copy. Each loads what it needs when it runs: the other
 * commands only talk to a server, and would wait for four times as much code to load.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { ConfigCheck, DataOptions, InitOptions, LocalCommands, ServeOptions } from '../cli/local.ts';
import type { Terminal } from '../cli/terminal.ts';
import type { ConfigFile } from '../config/schema.ts';
import { reason, refuse, renderReason } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { withDefined } from '../domain/with-defined.ts';
import type { Certmux, SecretOptions } from '../main.ts';
import { type Environment, limitHeapGrowth } from '../system/index.ts';
import { commandUrlOf } from './command-url.ts';
import { databaseName } from './data-directory.ts';
import { type KeysOfEnvironment, keysOfEnvironment } from './environment-keys.ts';
import { createLogText } from './log-text.ts';
import { version } from './version.ts';
import { firstStartText } from './welcome.ts';

const defaultConfigFile = 'certmux.yaml';

interface StartedServer {
  readonly certmux: Certmux;
  readonly config: ConfigFile;
  /** Ends what is not the server's: a build of the console. */
  stop(): void;
}

/** @param secrets those of tests */
export function createLocalCommands(
  environment: Environment,
  terminal: Terminal,
  secrets: SecretOptions = {},
): LocalCommands {
  const pathOf = (path: string) => resolve(environment.workingDirectory, path);

  async function start(options: ServeOptions): Promise<StartedServer> {
    const config = await readConfig(environment, options, { isForTryingOut: true });
    const { startThreads } = await import('./threads/start.ts');
    const threads = startThreads(threadsOf(config, environment));
    const { startCertmux } = await import('../main.ts');
    const consoleSource = await openConsole();
    const certmux = await startCertmux({
      ...secrets,
      config,
      console: consoleSource,
      acceptsClock: options.acceptClock,
      threads,
      ...keysOfEnvironment(environment),
      systemResolvers: environment.resolvers,
      // A person reads text better than JSON lines; programs and files get JSON.
      ...(terminal.isTty && options.json !== true && config.log.file === undefined
        ? { logSink: { write: createLogText((line) => terminal.stdout(line), terminal.colours) } }
        : {}),
    });
    consoleSource?.logTo(certmux.log);
    return { certmux, config, stop: () => consoleSource?.stop() };
  }

  /** Undefined where this program came without one. */
  async function openConsole() {
    const { createConsoleSource } = await import('./console/source.ts');
    const { findConsole } = await import('./console/place.ts');
    const place = findConsole(environment.program[1] ?? '');
    return place && createConsoleSource({ place, clock: terminal.clock });
  }

  async function backupCommands() {
    const { createBackupCommands } = await import('./backup-commands.ts');
    return createBackupCommands({
      terminal,
      environment,
      pathOf,
      readConfig: (options) => readConfig(environment, options),
    });
  }

  /** Everything that a first start makes, on a port that nobody uses. */
  async function startToInit(options: InitOptions) {
    const { config: named, data, allowLocalPkiUrl } = options;
    const config = await readConfig(environment, withDefined({ config: named, data, allowLocalPkiUrl }));
    const { startCertmux } = await import('../main.ts');
    const listening = {
      ...config,
      listen: ['http://127.0.0.1:0'],
      tls: undefined,
      log: { ...config.log, level: 'warn' as const },
    };
    const publicUrl = config.publicUrl ?? config.listen[0] ?? '';
    const certmux = await startCertmux({
      ...secrets,
      config: { ...listening, publicUrl },
      ...keysOfEnvironment(environment),
      systemResolvers: environment.resolvers,
      operatorUrl: commandUrlOf(config.listen),
    });
    return { certmux, dataDirectory: config.dataDirectory, url: config.listen[0] ?? '' };
  }

  return {
    version,

    async *readIssued({ index, folder, issuer }) {
      const { readIssued } = await import('./issued-files.ts');
      const path = (name: string | undefined) => (name === undefined ? undefined : pathOf(name));
      yield* readIssued({ index: path(index), folder: path(folder), issuer });
    },

    async serve(options) {
      limitHeapGrowth();
      const { certmux, config, stop } = await start(options);
      if (certmux.firstOperator !== undefined) {
        const program = programName(environment);
        const usualDataDirectory = pathOf('data');
        const ownKey = join(config.dataDirectory, 'master.key');
        const masterKeyFile = existsSync(ownKey) ? ownKey : config.masterKeyFile;
        terminal.stderr(firstStartText(certmux, { config, program, masterKeyFile, usualDataDirectory }, terminal));
      }
      await untilStopped(certmux);
      stop();
      return 0;
    },

    async init(options) {
      const { init } = await import('./init.ts');
      const file = resolve(environment.workingDirectory, configFileOf(environment, options) ?? defaultConfigFile);
      return init(options, {
        environment,
        language: terminal.language,
        file,
        hasCa: (dataDirectory) => hasCa(dataDirectory),
        start: () => startToInit(options),
      });
    },

    async quickstart(options) {
      const { runQuickstart } = await import('../quickstart/index.ts');
      return runQuickstart(options, terminal);
    },

    async signCompromiseReport(privateKeyPem) {
      const [{ compromiseReport }, { parsePrivateKeyPem }, { encodePem }] = await Promise.all([
        import('../pki/compromise-report.ts'),
        import('../pki/key.ts'),
        import('../pki/pem.ts'),
      ]);
      return encodePem('CERTIFICATE REQUEST', await compromiseReport(parsePrivateKeyPem(privateKeyPem)));
    },

    async copyDatabase(options) {
      const { copyDatabase } = await import('./copy-database.ts');
      return copyDatabase(options, { terminal, pathOf });
    },

    async backup(options) {
      return (await backupCommands()).backup(options);
    },

    async restore(options) {
      return (await backupCommands()).restore(options);
    },

    async verify(options) {
      return (await backupCommands()).verify(options);
    },

    async markRestored(options) {
      return (await backupCommands()).markRestored(options);
    },

    async resetOperator(options) {
      const { resetOperatorHere } = await import('./reset-operator.ts');
      return resetOperatorHere(options, { environment, config: await readConfig(environment, options), terminal });
    },
    async get(request, session) {
      const { runGet } = await import('./get-command.ts');
      return runGet(request, session, { environment, terminal });
    },

    async installTimer(request) {
      const { installTimer } = await import('../get/install-timer.ts');
      return installTimer(request, { environment, language: terminal.language });
    },

    async installRoots(roots) {
      const { openTrustStore } = await import('./trust-store.ts');
      return openTrustStore(terminal.language).install(roots);
    },

    async uninstallRoots(sha256) {
      const { openTrustStore } = await import('./trust-store.ts');
      return openTrustStore(terminal.language).uninstall(sha256);
    },

    async keepRootKey(key) {
      const { keepRootKey } = await import('./offline-ca.ts');
      return keepRootKey({ ...key, file: pathOf(key.file) });
    },

    async holdsRootKey(held) {
      const { holdsRootKey } = await import('./offline-ca.ts');
      return holdsRootKey({ ...held, file: pathOf(held.file) });
    },

    async signCaRequest(request) {
      const { signCaRequest } = await import('./offline-ca.ts');
      return signCaRequest(request, terminal);
    },

    async signCaList(request) {
      const { signCaList } = await import('./offline-ca.ts');
      return signCaList(request, terminal);
    },

    pathOf,

    async checkConfig(path) {
      const file = path ?? configFileOf(environment, {}) ?? defaultConfigFile;
      const text = await readFile(pathOf(file), 'utf8');
      return checkText(text, file, {
        hasCa: (dataDirectory) => hasCa(pathOf(dataDirectory)),
        keys: keysOfEnvironment(environment),
        language: terminal.language,
      });
    },
  };
}

/** Reports whether there is a CA: in the database of the data directory, or in that of a server whose node it is. */
async function hasCa(dataDirectory: string): Promise<boolean> {
  const [{ hasAuthority }, { nodeFileName }] = await Promise.all([
    import('../db/engine/sqlite/peek.ts'),
    import('../db/engine/postgres/node.ts'),
  ]);
  return hasAuthority(join(dataDirectory, databaseName)) || existsSync(join(dataDirectory, nodeFileName));
}

interface Surroundings {
  /** Whether there is a CA already, which says what it says. */
  readonly hasCa: (dataDirectory: string) => Promise<boolean>;
  readonly keys: KeysOfEnvironment;
  readonly language: Language;
}

async function checkText(text: string, path: string, { hasCa, keys, language }: Surroundings): Promise<ConfigCheck> {
  const { ConfigError, parseConfig, parseFirstConfig, problemLines } = await import('../config/load.ts');
  const { soldThrough, unknownProducts } = await import('../config/pairs.ts');
  const { fileProblems } = await import('./file-problems.ts');
  const refused = (problems: readonly Phrase[]) => ({
    path,
    problems: problems.map((problem) => problem[language]),
    warnings: [],
    sold: [],
  });
  try {
    const config = parseConfig(text, path);
    const isFirst = !(await hasCa(config.dataDirectory));
    if (isFirst) parseFirstConfig(text, path);
    const problems = problemLines(text, await fileProblems(config, keys));
    if (problems.length > 0) return refused(problems);
    const isCaAwaited = isFirst && config.authority.root === 'outside';
    const warnings = [
      ...(isCaAwaited ? [`authority.root: ${renderReason(reason('caAwaited', {}), language)}`] : []),
      ...unknownProducts(config).map((product) => unknownProduct(product)[language]),
    ];
    return { path, problems: [], warnings, sold: soldThrough(config) };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    return refused(thrown.phrases);
  }
}

function unknownProduct({ issuer, code }: { readonly issuer: string; readonly code: string }): Phrase {
  const setting = `issuers.${issuer}.products.${code}`;
  return {
    en: `${setting}: no front door has this product; certmux product list shows those there are`,
    zh: `${setting}：没有任何前端接口提供该产品，现有产品见 certmux product list`,
  };
}

/** The named file, or CERTMUX_CONFIG; without either, certmux.yaml where there is one. */
function configFileOf(environment: Environment, { config }: DataOptions): string | undefined {
  return config ?? environment.variables.CERTMUX_CONFIG;
}

/** @param bare whether a server without a configuration file makes a CA to try out */
async function readConfig(
  environment: Environment,
  options: ServeOptions,
  bare = { isForTryingOut: false },
): Promise<ConfigFile> {
  const { workingDirectory } = environment;
  const named = configFileOf(environment, options);
  const file = resolve(workingDirectory, named ?? defaultConfigFile);
  const text = await readFile(file, 'utf8').catch((thrown: unknown) => {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    if (isMissing && named === undefined) return undefined;
    throw isMissing ? refuse('configMissing', { path: file }) : thrown;
  });
  const { objectionToRole, parseConfig } = await import('../config/load.ts');
  const config = parseConfig(text ?? '', file);
  const isAllowed = options.allowLocalPkiUrl === true || (text === undefined && bare.isForTryingOut);
  const chosen: ConfigFile = {
    ...config,
    ...(isAllowed ? { authority: { ...config.authority, allowLocalPkiUrl: true } } : {}),
    dataDirectory: resolve(workingDirectory, options.data ?? config.dataDirectory),
    ...(options.listen === undefined ? {} : { listen: [listenUrl(options.listen)] }),
    ...(options.threads === undefined ? {} : { threads: await threadsOption(options.threads) }),
    ...(options.role === undefined ? {} : { role: await roleOption(options.role) }),
  };
  // One that the file names was refused with it.
  if (objectionToRole(chosen) !== undefined) throw refuse('roleNeedsServer', { role: chosen.role });
  return chosen;
}

async function roleOption(text: string): Promise<ConfigFile['role']> {
  const { roles } = await import('../config/schema.ts');
  const role = roles.find((known) => known === text);
  if (role === undefined) throw refuse('optionInvalid', { option: '--role', takes: roles.join(', '), value: text });
  return role;
}

async function threadsOption(text: string): Promise<ConfigFile['threads']> {
  const { mostThreads, threadsSchema } = await import('../config/schema.ts');
  const { success, data } = threadsSchema.safeParse(/^\d+$/.test(text) ? Number(text) : text);
  if (!success) throw refuse('optionInvalid', { option: '--threads', takes: `1 … ${mostThreads}, auto`, value: text });
  return data;
}

/** The one that owns the database is busy all the time before so many others are. */
const usefulThreads = 8;

/** Where threads cannot share a port, the core's does everything. */
function threadsOf({ threads, role }: ConfigFile, { cpuCount, sharesPorts }: Environment): number {
  // It has no front doors that could be in other threads.
  if (role === 'worker') return 1;
  if (threads === 'auto') return sharesPorts ? Math.min(cpuCount, usefulThreads) : 1;
  if (threads > 1 && !sharesPorts) throw refuse('threadsNeedSharedPorts', { threads });
  return threads;
}

/** `8080`, `0.0.0.0:8080` or a URL. */
function listenUrl(text: string): string {
  if (/^https?:\/\//.test(text)) return text;
  const url = /^\d+$/.test(text) ? `http://127.0.0.1:${text}` : `http://${text}`;
  if (!/^http:\/\/[^/]+:\d+$/.test(url))
    throw refuse('optionInvalid', {
      option: '--listen',
      takes: '8080, 0.0.0.0:8080, https://0.0.0.0:8443',
      value: text,
    });
  return url;
}

/** What a person types here to call this program. */
function programName({ program: [, script = ''], workingDirectory }: Environment): string {
  const launcher = join(dirname(script), '..', '..', 'bin', 'certmux');
  if (!existsSync(launcher)) return 'certmux';
  const path = relative(workingDirectory, launcher);
  return path.startsWith('..') ? launcher : `./${path}`;
}

/** Runs until SIGTERM or Ctrl-C, then stops cleanly; a second signal ends at once. */
async function untilStopped(certmux: Certmux): Promise<void> {
  await new Promise<void>((done) => {
    let isStopping = false;
    const stop = () => {
      if (isStopping) process.exit(130);
      isStopping = true;
      certmux.stop().then(done, (thrown: unknown) => {
        certmux.log.error({ err: thrown }, 'certmux could not stop cleanly');
        process.exit(1);
      });
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    process.on('SIGHUP', () => void certmux.reload());
  });
}
