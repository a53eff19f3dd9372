/**
 * `npm run build:package`: makes the package that is published, in `build/`, and packs it. Node refuses TypeScript below `node_modules`, so
 * that the package is JavaScript; the repository goes on running its sources.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildConsole } from '../../console/build/build-console.ts';
import { consoleStamp } from '../../src/boot/console/stamp.ts';
import { bundle } from './bundle.ts';
import { licencesText } from './licences.ts';
import { nodeMajor, packageManifest } from './manifest.ts';
import { otherFiles } from './workers.ts';

export interface BuiltPackage {
  /** The packed package. */
  readonly file: string;
  readonly version: string;
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** As npm writes it into a lock file: `sha512-…`. */
  readonly integrity: string;
}

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'build', 'package');

export async function buildPackage(): Promise<BuiltPackage> {
  const unknown = otherFiles(root);
  if (unknown.length > 0) throw new Error(`these read files beside their code, which the package lacks: ${unknown}`);
  const project = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const version = `${project.version}${commitOf(process.env.CERTMUX_COMMIT)}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'bin'), { recursive: true });
  const modules = await bundle({ root, folder: join(folder, 'dist'), version });
  // Beside the program, where it looks first (`src/boot/console/place.ts`).
  const shown = { root, folder: join(folder, 'dist', 'console'), stamp: await consoleStamp(root) };
  const { modules: consoleModules } = await buildConsole(shown);
  const licences = licencesText(root, [...modules, ...consoleModules]);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licences);
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageManifest(project), null, 2)}\n`);
  writeProgram(nodeMajor(project.optionalDependencies));
  for (const name of ['config', 'deploy', 'README.md', 'LICENSE']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  return { version, ...pack() };
}

function writeProgram(major: string): void {
  const text = readFileSync(join(import.meta.dirname, 'certmux'), 'utf8').replaceAll('NODE_MAJOR', major);
  const file = join(folder, 'bin', 'certmux');
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}

/**
 * Says in the version which source it is (SemVer 2 §10), and whether that was changed since.
 * @param known where there is no repository, as in an image's build
 */
function commitOf(known: string | undefined): string {
  if (known !== undefined) return known === '' ? '' : `+${known.slice(0, 12)}`;
  try {
    const commit = git('rev-parse', '--short=12', 'HEAD');
    return `+${commit}${git('status', '--porcelain') === '' ? '' : '.changed'}`;
  } catch {
    return '';
  }
}

function git(...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}

function pack(): Omit<BuiltPackage, 'version'> {
  const out = execFileSync('npm', ['pack', '--json', '--pack-destination', join(root, 'build')], {
    cwd: folder,
    encoding: 'utf8',
  });
  const [packed] = JSON.parse(out);
  const { filename, size, unpackedSize, integrity } = packed;
  return { file: join(root, 'build', filename), packedBytes: size, unpackedBytes: unpackedSize, integrity };
}

if (import.meta.main) {
  const { file, version, packedBytes, unpackedBytes, integrity } = await buildPackage();
  const mebibytes = (bytes: number) => `${(bytes / (1 << 20)).toFixed(1)} MiB`;
  console.log(
    `${file}\ncertmux ${version}, ${mebibytes(packedBytes)} packed, ${mebibytes(unpackedBytes)} installed\n${integrity}`,
  );
}
