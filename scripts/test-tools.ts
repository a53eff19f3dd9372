/**
 * Programs that the tests need beside npm's packages. What is missing is brought from Debian's packages, with a line that says so;
 * where that cannot be done, one sentence names the program. Two ways: what is used by its name is installed; what would start a
 * service when installed, or change how the machine works, is only unpacked into `node_modules/.cache`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that are installed: on Debian the package has the same name. */
const installed = ['openssl', 'curl'] as const;

interface Unpacked {
  readonly debianPackage: string;
  /** Where a machine that has it keeps it: a pattern of paths. */
  readonly places: readonly string[];
  /** Where it lies in the package: a pattern. */
  readonly inside: string;
  /** Needs libraries of other packages: those that the machine lacks come with it. */
  readonly hasLibraries?: boolean;
}

const unpacked = {
  nginx: {
    debianPackage: 'nginx',
    places: [...inPath('nginx'), '/usr/sbin/nginx'],
    inside: 'usr/sbin/nginx',
  },
  apache2: {
    debianPackage: 'apache2-bin',
    places: [...inPath('apache2'), '/usr/sbin/apache2'],
    inside: 'usr/sbin/apache2',
    hasLibraries: true,
  },
  caddy: { debianPackage: 'caddy', places: inPath('caddy'), inside: 'usr/bin/caddy' },
  libfaketime: {
    debianPackage: 'libfaketime',
    places: ['/usr/lib/*/faketime/libfaketime.so.1', '/usr/lib*/faketime/libfaketime.so.1'],
    inside: 'usr/lib/*/faketime/libfaketime.so.1',
  },
  lego: { debianPackage: 'lego', places: inPath('lego'), inside: 'usr/bin/lego' },
  promtool: { debianPackage: 'prometheus', places: inPath('promtool'), inside: 'usr/bin/promtool' },
  dehydrated: { debianPackage: 'dehydrated', places: inPath('dehydrated'), inside: 'usr/bin/dehydrated' },
  dig: { debianPackage: 'bind9-dnsutils', places: inPath('dig'), inside: 'usr/bin/dig', hasLibraries: true },
  unbound: {
    debianPackage: 'unbound',
    places: [...inPath('unbound'), '/usr/sbin/unbound'],
    inside: 'usr/sbin/unbound',
    hasLibraries: true,
  },
  named: {
    debianPackage: 'bind9',
    places: [...inPath('named'), '/usr/sbin/named'],
    inside: 'usr/sbin/named',
    hasLibraries: true,
  },
  nsd: {
    debianPackage: 'nsd',
    places: [...inPath('nsd'), '/usr/sbin/nsd'],
    inside: 'usr/sbin/nsd',
    hasLibraries: true,
  },
  'ldns-signzone': {
    debianPackage: 'ldnsutils',
    places: inPath('ldns-signzone'),
    inside: 'usr/bin/ldns-signzone',
    hasLibraries: true,
  },
  dnsperf: { debianPackage: 'dnsperf', places: inPath('dnsperf'), inside: 'usr/bin/dnsperf', hasLibraries: true },
} as const satisfies Readonly<Record<string, Unpacked>>;

export type UnpackedTool = keyof typeof unpacked;

/** Test files and scripts that need them: the start of their paths. */
const neededBy = [
  ['nginx', 'test/integration/responder-snippet'],
  ['apache2', 'test/integration/responder-snippet'],
  ['caddy', 'test/integration/responder-snippet'],
  ['nginx', 'test/scenarios/nginx-agent'],
  ['nginx', 'scripts/newcomer'],
  ['libfaketime', 'test/scenarios/nginx-agent'],
  ['libfaketime', 'test/scenarios/upgrade'],
  ['libfaketime', 'scripts/make-data-fixture'],
  ['libfaketime', 'scripts/verifiers/gnutls'],
  ['lego', 'test/scenarios/acme-clients'],
  ['dehydrated', 'test/scenarios/acme-clients'],
  ['promtool', 'test/alerts/'],
  ['dig', 'test/scenarios/alias-zone'],
  ['unbound', 'test/scenarios/alias-zone'],
  ['unbound', 'test/dcv/caa-dnssec'],
  ['nsd', 'test/dcv/caa-dnssec'],
  ['ldns-signzone', 'test/dcv/caa-dnssec'],
  ['named', 'bench/dns'],
  ['nsd', 'bench/dns'],
  ['dnsperf', 'bench/dns'],
] as const satisfies readonly (readonly [UnpackedTool, string])[];

const cache = join(import.meta.dirname, '..', 'node_modules', '.cache', 'debian');

/** Path of the program. @throws {Error} where neither the machine nor the cache has it */
export function toolPath(tool: UnpackedTool): string {
  const path = findTool(tool);
  if (path === undefined) {
    throw new Error(`${tool} is not on this machine: npm test brings it on Debian, elsewhere install it`);
  }
  return path;
}

/** What the program needs in its environment to find libraries that came with it. */
export function toolEnvironment(tool: UnpackedTool): Readonly<Record<string, string>> {
  const folders = globSync(join(cache, tool, 'usr/lib/*-linux-*'));
  return toolPath(tool).startsWith(cache) ? { LD_LIBRARY_PATH: folders.join(delimiter) } : {};
}

/**
 * Brings what these files need and the machine lacks.
 * @param files relative to the project
 * @throws {Error} one sentence that names what is missing
 */
export function prepareTools(files: readonly string[]): void {
  const missing = installed.filter((name) => !isCommand(name));
  const wanted = neededBy.flatMap(([tool, start]) =>
    findTool(tool) === undefined && files.some((file) => file.startsWith(start)) ? [tool] : [],
  );
  if (missing.length === 0 && wanted.length === 0) return;
  requireDebian([...missing, ...wanted]);
  installPackages(missing);
  if (wanted.length > 0 && isRoot()) apt(['update', '-qq'], undefined, wanted.join(', '));
  for (const tool of wanted) {
    console.log(`Unpacking ${tool} of Debian for the tests into ${join(cache, tool)}; it is not installed`);
    unpack(tool);
  }
}

/** @throws {Error} one sentence that names what is missing */
export function installPackages(names: readonly string[]): void {
  if (names.length === 0) return;
  requireDebian(names);
  const all = names.join(', ');
  if (!isRoot()) throw new Error(`the tests need ${all}: install it as root (apt-get install ${names.join(' ')})`);
  apt(['update', '-qq'], undefined, all);
  console.log(`Installing what the tests need: ${all}`);
  apt(['install', '-y', '-qq', '--no-install-recommends', ...names], undefined, all);
}

function requireDebian(names: readonly string[]): void {
  if (isCommand('apt-get') && isCommand('dpkg-deb')) return;
  const all = names.join(', ');
  throw new Error(`the tests need ${all}, which this machine lacks and only Debian's packages could bring: install it`);
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function unpack(tool: UnpackedTool): void {
  const target = join(cache, tool);
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'part-'));
  try {
    const content = join(folder, 'content');
    const { debianPackage, hasLibraries = false }: Unpacked = unpacked[tool];
    unpackPackages([debianPackage], content, { hasLibraries });
    rmSync(target, { recursive: true, force: true });
    renameSync(content, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  toolPath(tool);
}

/**
 * Puts what is in these packages of Debian into a folder, the root of a system of their own.
 * @param names with versions, where they matter: `lego=4.9.1*`
 * @throws {Error} one sentence that names what is missing
 */
export function unpackPackages(
  names: readonly string[],
  content: string,
  { hasLibraries = false }: Pick<Unpacked, 'hasLibraries'> = {},
): void {
  const all = names.join(', ');
  requireDebian(names);
  mkdirSync(content, { recursive: true });
  const archives = mkdtempSync(join(content, 'part-'));
  // As if they were to be installed, apt finds out what they need; it keeps no lock, since it only downloads.
  const place = ['-o', `Dir::Cache::archives=${archives}`, '-o', 'Debug::NoLocking=1'];
  const whole = ['install', '-y', '--download-only', '--no-install-recommends', ...place];
  apt([...(hasLibraries ? whole : ['download']), '-qq', ...names], archives, all);
  for (const archive of globSync('*.deb', { cwd: archives })) {
    if (spawnSync('dpkg-deb', ['-x', join(archives, archive), content]).status !== 0) {
      throw new Error(`the tests need ${all}: Debian's package ${archive} could not be unpacked`);
    }
  }
  rmSync(archives, { recursive: true });
}

function apt(args: readonly string[], cwd: string | undefined, what: string): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr } = spawnSync('apt-get', args, { cwd, env, encoding: 'utf8' });
  if (status === 0) return;
  const why = stderr.trim().split('\n').at(-1) ?? '';
  throw new Error(`the tests need ${what}, which this machine lacks: apt-get ${args[0]} failed (${why})`);
}

function findTool(tool: UnpackedTool): string | undefined {
  const { places, inside } = unpacked[tool];
  return [...places, join(cache, tool, inside)].flatMap((place) => globSync(place)).find((path) => existsSync(path));
}

export function isCommand(name: string): boolean {
  return inPath(name).some((path) => existsSync(path));
}

function inPath(name: string): readonly string[] {
  return (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
}
