/** The composition root: what certmux is made of, in the order in which it is put together. */
import { type FirstOperator, initialize } from './app/accounts/initialize.ts';
import {
  type AppContext,
  addToCatalogue,
  aliasSecretName,
  checkReferences,
  countedMailer,
  createApp,
  createCheckPlaces,
  createClockGuard,
  createClockWatch,
  createOutcomes,
  createWatchdog,
  defaultPasswordCost,
  findAwaitedCa,
  keysOfDialects,
  mailStopSecretName,
  meterOf,
  type PasswordCost,
  queueUpkeep,
  resetOperator,
  responderSecretName,
  serverSecret,
  standings,
} from './app/index.ts';
import { createAliasRecords } from './boot/alias-records.ts';
import { startAliasZone } from './boot/alias-zone.ts';
import { commandUrlOf } from './boot/command-url.ts';
import { openDataDirectory } from './boot/data-directory.ts';
import { openDialects, openNumbers, setupOf } from './boot/front-doors.ts';
import { openInstallation } from './boot/installation.ts';
import { installationFacts } from './boot/installation-facts.ts';
import { watchBackups } from './boot/last-backup.ts';
import { listenHere } from './boot/listeners.ts';
import { alarmWebhook, mailerOptions } from './boot/mailer-options.ts';
import { shownReset, watchResets } from './boot/reset-requests.ts';
import { listenForChallenges } from './boot/responder.ts';
import { type StartedThreads, startThreads } from './boot/threads/start.ts';
import { createTlsSource } from './boot/tls-source.ts';
import { backUpBeforeUpgrade } from './boot/upgrade-backup.ts';
import { openUpstreamIssuers } from './boot/upstream-issuers.ts';
import { version } from './boot/version.ts';
import { aliasZoneOf } from './config/alias-zone.ts';
import { pkiUrlOf, publicUrlOf } from './config/pki-url.ts';
import { configuredProfiles } from './config/profiles.ts';
import { type ConfigFile, dialectSettings } from './config/schema.ts';
import { sessionLimitsFrom } from './config/sessions.ts';
import { openDatabase } from './db/open.ts';
import { createLookUpCaa } from './dcv/caa.ts';
import { createLookUpDelegation } from './dcv/delegation-standing.ts';
import { createCheckChallenge } from './dcv/index.ts';
import type { ApiDialect } from './dialects/kit/api-dialect.ts';
import { openApiDocument } from './dialects/kit/openapi.ts';
import { formatToken } from './dialects/native/auth.ts';
import { dialects } from './dialects/registry.ts';
import type { Authority } from './domain/authority.ts';
import { type Reason, renderReason } from './domain/errors.ts';
import { checkShares } from './domain/job.ts';
import { defaultMailLimits } from './domain/outgoing-mail.ts';
import { pendingLimitsOf } from './domain/pending-limits.ts';
import type { Dialect } from './domain/ports/dialect.ts';
import type { Issuer } from './domain/ports/issuer.ts';
import type { Log } from './domain/ports/system.ts';
import { createAcmeResponder, responderPath } from './http/acme-responder.ts';
import { createApiDocs, type DocumentedApi } from './http/api-docs.ts';
import { createConfirm } from './http/confirm.ts';
import { consolePaths, createConsole } from './http/console/index.ts';
import { consolePath } from './http/console/page.ts';
import type { ConsoleSource } from './http/console/state.ts';
import { createHealth, type Phase } from './http/health.ts';
import { createHome } from './http/home.ts';
import { createInvitation } from './http/invitation.ts';
import { createMailStop } from './http/mail-stop.ts';
import { createMetrics } from './http/metrics/index.ts';
import { createPki } from './http/pki.ts';
import type { Mount } from './http/route.ts';
import { warnOfPkiUrls } from './issuers/embedded/pki-url-warning.ts';
import type { NewKey } from './issuers/embedded/sealed-key-store.ts';
import { createJobRunner } from './jobs/runner.ts';
import { encodePem } from './pki/pem.ts';
import { probeAnswer } from './pki/responder-probe.ts';
import {
  createDiskReserve,
  createRequestTurns,
  createSystem,
  exposureOf,
  isSpecialPurpose,
  type LogSink,
  openSharedAllowances,
  parseEndpoint,
  setNumberEpoch,
} from './system/index.ts';

/** What is expensive on purpose. Only tests bring cheaper ones. */
export interface SecretOptions {
  readonly passwordCost?: PasswordCost;
  /** Makes the keys of authorities. */
  readonly newAuthorityKey?: NewKey;
}

export interface StartOptions extends SecretOptions {
  readonly config: ConfigFile;
  /** The value of CERTMUX_MASTER_KEY. */
  readonly masterKeyText?: string | undefined;
  /** The value of CERTMUX_MASTER_KEY_OLD: the former master key, until a rotation has finished. */
  readonly masterKeyOldText?: string | undefined;
  /** The system's resolvers, used where the configuration names none. */
  readonly systemResolvers: readonly string[];
  /** Where log lines go instead of what the configuration says. */
  readonly logSink?: LogSink;
  /** The clock is right now, and was ahead when it showed a later time. */
  readonly acceptsClock?: boolean | undefined;
  /** Threads that do the work: the core's, and the others for front doors, which end with the server. By default nothing but the core's. */
  readonly threads?: StartedThreads;
  /** What the operator's command line is told to connect to; the first listener unless given. */
  readonly operatorUrl?: string | undefined;
  /** The console that is shown to people; undefined: there is none. */
  readonly console?: ConsoleSource | undefined;
}

export interface Certmux {
  /** The listeners' addresses, with the ports that were really taken. */
  readonly urls: readonly string[];
  /** The same of the responder's own listeners. */
  readonly responderUrls: readonly string[];
  readonly publicUrl: string;
  /** At the first start only. */
  readonly firstOperator: FirstOperator | undefined;
  readonly log: Log;
  authorities(): Promise<readonly Authority[]>;
  /** What the own CA needs before it signs anything; undefined: nothing. */
  awaitedCa(): Promise<Reason | undefined>;
  /** Reads the TLS files again. */
  reload(): Promise<void>;
  /** Answers what is under way, ends jobs, closes the database. Safe to call twice. */
  stop(): Promise<void>;
}

/** How long requests and jobs under way may take when the server stops. */
const stopGraceMs = 10_000;

export async function startCertmux(options: StartOptions): Promise<Certmux> {
  // What was opened, to be closed in reverse order: at the end, or when a later part fails to start.
  const opened = new AsyncDisposableStack();
  try {
    return await assemble(options, opened);
  } catch (thrown) {
    await opened.disposeAsync();
    throw thrown;
  }
}

async function assemble(options: StartOptions, opened: AsyncDisposableStack): Promise<Certmux> {
  const { config, threads = startThreads(1) } = options;
  const { front: frontThreads, memory } = threads;
  opened.defer(() => frontThreads?.close(stopGraceMs));
  const data = await openDataDirectory({
    path: config.dataDirectory,
    masterKeyFile: config.masterKeyFile,
    masterKeyOldFile: config.masterKeyOldFile,
    masterKeyText: options.masterKeyText,
    masterKeyOldText: options.masterKeyOldText,
  });
  const system = createSystem({ ...systemOptions(options), mail: await mailerOptions(config) });
  const { clock, random, log, publicSuffixes } = system;
  const metrics = createMetrics();
  const outcomes = createOutcomes({ clock, publicSuffixes });
  const meter = meterOf(metrics.meter, outcomes);
  const mailer = system.mailer && countedMailer(system.mailer, meter);
  const publicUrl = publicUrlOf(config);

  const space = createDiskReserve({
    folder: config.dataDirectory,
    bytes: config.storage.reserveMiB << 20,
    clock,
    random,
    log,
  });
  await space.open();
  const database = await openDatabase({
    path: config.database ?? data.databasePath,
    nodeFolder: config.dataDirectory,
    runsJobs: config.role !== 'api',
    clock,
    random,
    log,
    space,
    upgrade: { version, before: backUpBeforeUpgrade({ config, data, clock, log }) },
    meter,
  });
  opened.defer(() => database.close());
  const { newAuthorityKey } = options;
  const installation = await openInstallation({ config, data, database, clock, log, random, newAuthorityKey });
  const { keySealer, masterKeys, secrets, embedded, numbersKey } = installation;
  const sealing = { database, clock, random, keySealer, masterKeys, sealedFiles: data.keyFiles };
  if (!config.authority.allowLocalPkiUrl) warnOfPkiUrls(log, pkiUrlOf(config), await database.read.authorities.list());
  const clockGuard = await createClockGuard({ database, clock, log, acceptsClock: options.acceptsClock ?? false });
  const queue = createJobRunner({ database, clock, random, log, meter, runsJobs: config.role !== 'api' });
  const open = openDialects(config);
  const shared = { config, secrets, publicSuffixes, sendsMail: mailer !== null };
  const referencesOf = (dialect: Dialect) => dialect.references?.(dialectSettings(config, dialect.name).own);
  const writers = open.map(
    (dialect) => [dialect.name, dialect.createWebhookWriter?.(setupOf(dialect, shared))] as const,
  );
  const maxWaiting = frontThreads === undefined ? undefined : Number.POSITIVE_INFINITY;
  const turns = createRequestTurns({ clock, maxWaiting });
  const issuers = new Map<string, Issuer>([[embedded.id, embedded]]);
  const context: AppContext = {
    ...sealing,
    installation: installationFacts({
      config,
      at: clock.now(),
      threads: threads.count,
      databasePath: data.databasePath,
      systemResolvers: options.systemResolvers,
    }),
    clockGuard,
    passwordCost: options.passwordCost ?? defaultPasswordCost,
    sessionLimits: sessionLimitsFrom(config.sessions),
    mailStopSecret: await serverSecret(sealing, mailStopSecretName),
    log,
    meter,
    publicSuffixes,
    isSpecialPurpose,
    checkChallenge: createCheckChallenge(system),
    pendingLimitsOf: pendingLimitsOf(config.limits, config.limits.accounts),
    checkPlaces: createCheckPlaces(checkShares(config.validation.checksAtOnce)),
    turns,
    lookUpCaa: createLookUpCaa(system.resolver),
    queryDns: (...question) => system.resolver.query(...question),
    lookUpDelegation: createLookUpDelegation(system.resolver),
    alias:
      (config.aliasZone && {
        zone: aliasZoneOf(config.aliasZone).settings.zone,
        secret: await serverSecret(sealing, aliasSecretName),
      }) ??
      null,
    responderSecret: await serverSecret(sealing, responderSecretName),
    resolverWatch: system.resolverWatch,
    mailer,
    mailLimits: config.mail?.limits ?? defaultMailLimits,
    checksKeepDays: config.history.checksKeepDays,
    reminderDays: config.notices.days,
    publicUrl,
    issuers,
    profiles: new Map(configuredProfiles(config).map((profile) => [profile.id, profile])),
    queue,
    fetchUntrusted: system.fetchUntrusted,
    objectionToUrl: system.objectionToUrl,
    dangerSendKeysInClear: config.webhooks.dangerSendKeysInClear,
    webhookWriters: new Map(writers.flatMap(([name, writer]) => (writer === undefined ? [] : [[name, writer]]))),
    proofMakers: new Map(open.map((dialect) => [dialect.name, dialect.createProofMaker(setupOf(dialect, shared))])),
    relayDoors: new Map(dialects.flatMap(({ name, relayDoor }) => (relayDoor ? [[name, relayDoor]] : []))),
    numbersRequests: new Set(dialects.filter((dialect) => dialect.numbersRequests === true).map(({ name }) => name)),
    widest: new Set(dialects.filter(({ seesAllDialects }) => seesAllDialects === true).map(({ name }) => name)),
    ...keysOfDialects(dialects),
    offeredProfiles: new Set(open.flatMap((dialect) => referencesOf(dialect)?.profiles ?? [])),
  };
  const upstreams = await openUpstreamIssuers(config, context);
  opened.defer(() => upstreams.close());
  for (const issuer of upstreams.issuers) issuers.set(issuer.id, issuer);
  const app = createApp(context);
  const documented = (dialect: ApiDialect): DocumentedApi => ({
    name: dialect.name,
    document: (language) => {
      const serverUrl = addressOf(publicUrl, dialectSettings(config, dialect.name).hosts[0]);
      return openApiDocument(dialect, { version, serverUrl, language });
    },
  });
  for (const { name, catalogue } of dialects) await addToCatalogue(context, name, catalogue);
  for (const dialect of open) {
    const references = referencesOf(dialect);
    if (references !== undefined) await checkReferences(context, dialect.name, references);
  }

  let phase: Phase = 'starting';
  const watchdog = createWatchdog(context, { outcomes, mail: config.alarms.mail, webhook: await alarmWebhook(config) });
  const { role } = config;
  const sources = {
    ...context,
    alarms: watchdog,
    version,
    role,
    freeBytes: () => space.freeBytes(),
    upstreams: () => standings(context, 1),
  };
  const awaitedCa = () => findAwaitedCa(context);
  const health = createHealth({ ...context, alarms: watchdog, awaitedCa, phase: () => phase });
  const probes: readonly Mount[] = [
    { name: 'health', paths: ['/healthz', '/readyz'], hosts: [], server: health },
    { name: 'metrics', paths: ['/metrics'], hosts: [], server: metrics.serve(sources, config.metricsFrom) },
  ];
  const responder: Mount = {
    name: 'responder',
    paths: [responderPath],
    hosts: [],
    server: createAcmeResponder({
      proofs: database.read.publishedProofs,
      clock,
      probeAnswer: (token) => probeAnswer(context.responderSecret, token),
    }),
  };
  const { console: source } = options;
  const pages: readonly Mount[] = [
    // Clients of WoSign post to it.
    { name: 'home', paths: ['/'], methods: ['GET', 'HEAD'], hosts: [], server: createHome(source && consolePath) },
    ...(source === undefined
      ? []
      : [{ name: 'console', paths: consolePaths, hosts: [], server: createConsole({ source, random }) }]),
    { name: 'docs', paths: ['/api/docs', '/api/docs/'], hosts: [], server: createApiDocs(open.map(documented)) },
    ...(servesChallenges(config) ? [responder] : []),
    { name: 'pki', paths: ['/pki/'], hosts: [], server: createPki({ database, clock, encodePem }) },
    { name: 'confirm', paths: ['/confirm/'], hosts: [], server: createConfirm(app.ports.confirmations, clock) },
    { name: 'invitation', paths: ['/invitation/'], hosts: [], server: createInvitation(app.ports.invitations) },
    { name: 'mail', paths: ['/mail/stop/'], hosts: [], server: createMailStop(app.ports.mailStops) },
  ];
  if (config.aliasZone !== undefined) {
    const records = createAliasRecords(database, clock);
    const { meter: dnsMeter } = metrics;
    const zone = await startAliasZone({ ...aliasZoneOf(config.aliasZone), records, clock, log, meter: dnsMeter });
    opened.defer(() => zone.close());
  }
  const answersRequests = config.role !== 'worker';
  const others = answersRequests ? [...pages, ...probes] : probes;
  const tls = await createTlsSource({ config, context, issuer: embedded, data });
  opened.defer(async () => tls?.stop());
  opened.defer(() => queue.stop(stopGraceMs));
  await queue.start(app.handlers, app.queueStart);
  await queueUpkeep(context);
  queue.wake();
  const clockWatch = createClockWatch(context);
  opened.defer(() => clockWatch.stop());
  clockWatch.start();
  opened.defer(() => watchdog.stop());
  opened.defer(() => system.resolverWatch.stop());
  watchdog.start();
  database.usedNumbers?.onEpoch((epoch) => setNumberEpoch(memory.numberMemory, epoch));
  const oneTimeNumbers = openNumbers(memory.numberMemory, { sharedKey: numbersKey, ports: app.ports, random });
  const allowances = openSharedAllowances(memory.allowanceMemory, clock);
  const doors = { ...shared, publicUrl, ports: app.ports, clock, random, oneTimeNumbers, allowances, log };
  const listeners =
    frontThreads === undefined
      ? await listenHere({
          ...doors,
          turns,
          hasFrontDoors: answersRequests,
          others,
          metrics: metrics.meter,
          tls: tls?.material(),
        })
      : await frontThreads.serve({
          start: { config, secrets, numbersKey, sendsMail: shared.sendsMail, publicUrl, tls: tls?.material() },
          ports: app.ports,
          turns,
          others,
          metrics: metrics.meter,
          log,
          clock,
          writeLog: options.logSink && ((line) => options.logSink?.write(line)),
        });
  opened.defer(() => listeners.close(stopGraceMs));
  const { trustedProxies } = config;
  const fronting = { clock, random, log, metrics: metrics.meter, trustedProxies, publicUrl };
  const responders = await listenForChallenges(config.serve?.listen ?? [], responder, fronting);
  opened.defer(() => responders.close(stopGraceMs));
  tls?.onRenewal((material) => listeners.renewTls(material));
  const { urls } = listeners;
  const operatorUrl = options.operatorUrl ?? commandUrlOf(urls) ?? publicUrl;
  const firstOperator = await firstStart();
  // On a server's database the command does it by itself.
  if (database.isExclusive) {
    const resets = watchResets(config.dataDirectory, { masterKeys: data.presentKeys, clock, log, reset: resetHere });
    opened.defer(() => resets.stop());
    const backups = watchBackups(config.dataDirectory, { database, clock, log });
    opened.defer(() => backups.stop());
  }
  opened.defer(() => space.stop());
  await space.watch();
  for (const exposure of [...(await data.exposures()), ...(await configuredExposures(config))]) log.warn({}, exposure);
  phase = 'ready';
  log.info(
    {
      urls,
      ...(responders.urls.length > 0 && { responder: responders.urls }),
      version,
      role: config.role,
      threads: threads.count,
    },
    'certmux is ready',
  );

  async function resetHere(username: string | null) {
    const reset = await resetOperator(context, { dialect: 'native', username: username ?? undefined });
    await data.writeOperator({ url: operatorUrl, token: formatToken(reset) });
    return shownReset(reset);
  }

  /** By one node, and one that the operator's command line can talk to. */
  async function firstStart(): Promise<FirstOperator | undefined> {
    if (!answersRequests) return undefined;
    return database.alone(() =>
      initialize(context, 'native', (token) => data.writeOperator({ url: operatorUrl, token: formatToken(token) })),
    );
  }

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    phase = 'stopping';
    log.info({}, 'certmux is stopping');
    await opened.disposeAsync();
    log.info({}, 'certmux has stopped');
  }

  return {
    urls,
    responderUrls: responders.urls,
    publicUrl,
    firstOperator,
    log,
    authorities: () => database.read.authorities.list(),
    awaitedCa,
    reload: async () => tls?.refresh(),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

/** Whether upstream CAs, or web servers on their behalf, look for files here. */
function servesChallenges({ serve, issuers }: ConfigFile): boolean {
  return (
    serve !== undefined || Object.values(issuers).some((issuer) => issuer.kind === 'acme' && issuer.mode === 'serve')
  );
}

/** Secrets in files of the operator, which a group of theirs may well read. */
async function configuredExposures({ tls, mail, alarms }: ConfigFile): Promise<readonly string[]> {
  const files = [
    tls !== undefined && 'keyFile' in tls ? tls.keyFile : undefined,
    mail?.passwordFile,
    alarms.webhook?.tokenFile,
  ];
  const found = files.map((file) => (file === undefined ? undefined : exposureOf(file, { mode: 0o040 })));
  return (await Promise.all(found)).flatMap((exposure) =>
    exposure === undefined ? [] : [renderReason(exposure, 'en')],
  );
}

function systemOptions({ config, systemResolvers, logSink }: StartOptions): Parameters<typeof createSystem>[0] {
  const { log, dns, validation } = config;
  const resolvers = dns.resolvers.length > 0 ? dns.resolvers : systemResolvers;
  return {
    log: {
      level: log.level,
      destination: logSink ?? (log.file === undefined ? 'stdout' : { file: log.file }),
    },
    resolver: {
      servers: resolvers.map((resolver) => parseEndpoint(resolver, 53)),
      timeoutMs: dns.timeoutMs,
    },
    fetchUntrusted: {
      ports: { http: validation.httpPort, https: validation.httpsPort },
      dangerAllowAddresses: validation.dangerAllowAddresses,
      timeoutMs: validation.timeoutMs,
    },
    // A check has two at most; the others are for webhooks and look-ups of CAA.
    maxSockets: 2 * validation.checksAtOnce + 256,
  };
}

/** Where clients reach a front door: its own host, where it has one. */
function addressOf(publicUrl: string, host: string | undefined): string {
  if (host === undefined) return publicUrl;
  const url = new URL(publicUrl);
  url.hostname = host;
  return url.href.replace(/\/$/, '');
}
