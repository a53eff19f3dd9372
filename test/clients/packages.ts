/** Brings public clients with their ordinary package managers into a folder of their own, in exactly one version each. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { installPackages, isCommand, unpackPackages } from '../../scripts/test-tools.ts';

/** How a program that uses the client is run in its folder. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Where a client is brought to. */
export interface Place {
  readonly folder: string;
  /** Text of the OpenAPI document of an API, for clients that are made of one. */
  readonly documentOf: (dialect: string) => Promise<string>;
}

export type Bring = (place: Place) => Promise<Command>;

const run = promisify(execFile);
/** What programs in JavaScript import. */
const shared = ['stage.mjs', 'document-client.mjs', 'acme.mjs', 'alpn.mjs', 'served.mjs'];
const programs = join(import.meta.dirname, 'programs');
const limitMs = 20 * 60_000;

/** @param packages `name@version`, the client first */
export function fromNpm(packages: readonly string[], program: string): Bring {
  return async ({ folder }) => {
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--loglevel=error'];
    await manage('npm', ['install', ...options, ...packages], folder);
    for (const name of [...shared, program]) copyProgram(folder, name);
    return { file: process.execPath, args: [program] };
  };
}

export interface PythonOptions {
  /** Headers that the client's own packages are compiled with, and Debian's package of each. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The API of whose document the package's command makes a client. */
  readonly madeOf?: string;
  /** The client itself, where it is a command. */
  readonly command?: string;
}

/** @param client `name==version` */
export function fromPypi(
  client: string,
  program: string,
  { headers = {}, madeOf, command }: PythonOptions = {},
): Bring {
  return async ({ folder, documentOf }) => {
    const missing = Object.entries(headers).filter(([file]) => !existsSync(file));
    installPackages(missing.map(([, debianPackage]) => debianPackage));
    await manage('python3', ['-m', 'venv', 'venv'], folder);
    const bin = (name: string) => join(folder, 'venv', 'bin', name);
    await manage(bin('pip'), ['install', '--quiet', '--disable-pip-version-check', client], folder);
    for (const name of ['stage.py', ...shared, program]) copyProgram(folder, name);
    // A client that is a command is run by a program that knows what came of it.
    if (command !== undefined)
      return { file: process.execPath, args: [program], environment: { CLIENT: bin(command) } };
    if (madeOf !== undefined) {
      writeFileSync(join(folder, 'document.json'), await documentOf(madeOf));
      const args = ['generate', '--path', 'document.json', '--output-path', 'made', '--overwrite'];
      await manage(bin('openapi-python-client'), args, folder);
    }
    return { file: bin('python'), args: [program], environment: { PYTHONPATH: join(folder, 'made') } };
  };
}

export interface GoOptions {
  /** `module@version` of the generator's command. */
  readonly generator: string;
  /** `module@version` of what the generated client imports. */
  readonly runtime: string;
  readonly madeOf: string;
}

export function fromGo({ generator, runtime, madeOf }: GoOptions, program: string): Bring {
  return async ({ folder, documentOf }) => {
    const bin = join(folder, 'bin');
    await manage('go', ['mod', 'init', 'clients'], folder);
    await manage('go', ['install', generator], folder, { GOBIN: bin });
    writeFileSync(join(folder, 'document.json'), await documentOf(madeOf));
    mkdirSync(join(folder, madeOf));
    const output = join(madeOf, 'client.gen.go');
    const args = ['-generate', 'types,client', '-package', madeOf, '-o', output, 'document.json'];
    await manage(join(bin, 'oapi-codegen'), args, folder);
    copyProgram(folder, program);
    await manage('go', ['get', runtime], folder);
    await manage('go', ['mod', 'tidy'], folder);
    await manage('go', ['build', '-o', 'client', '.'], folder);
    return { file: join(folder, 'client'), args: [] };
  };
}

/**
 * A command of our own around a library in Go.
 * @param packages `package@version`, as `go get` takes them: only what the command imports, since a library may need modules that no proxy
 * has for the rest of it
 * @param sources the command's files
 */
export function fromGoLibrary(
  packages: readonly string[],
  sources: readonly string[],
  program: string,
  environment: Readonly<Record<string, string>> = {},
): Bring {
  return async ({ folder }) => {
    for (const name of sources) copyProgram(folder, name);
    // A Go that wants a newer one would bring that from the network. Paths in the result would spoil Go's own cache from run to run.
    const env = { GOTOOLCHAIN: 'local', CGO_ENABLED: '0', GOFLAGS: '-trimpath' };
    await manage('go', ['mod', 'init', 'clients'], folder, env);
    await manage('go', ['get', ...packages], folder, env);
    await manage('go', ['build', '-o', 'client', '.'], folder, env);
    for (const name of [...shared, program]) copyProgram(folder, name);
    return {
      file: process.execPath,
      args: [program],
      environment: { CLIENT: join(folder, 'client'), ...environment },
    };
  };
}

/**
 * A command of Debian, unpacked and not installed: no service of it starts.
 * @param packages with versions (`lego=4.9.1*`): of the client, and of what it needs and a machine may lack
 * @param command path of the command in them
 */
export function fromDebian(packages: readonly string[], command: string, program: string): Bring {
  return async ({ folder }) => {
    const content = join(folder, 'debian');
    unpackPackages(packages, content);
    for (const name of [...shared, program]) copyProgram(folder, name);
    const environment = { CLIENT: join(content, command), DEBIAN: content };
    return { file: process.execPath, args: [program], environment };
  };
}

function copyProgram(folder: string, name: string): void {
  cpSync(join(programs, name), join(folder, name));
}

/** @throws {Error} with the manager's own last word */
async function manage(
  file: string,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (!file.includes('/') && !isCommand(file)) throw new Error(`${file} is not on this machine`);
  // Its own path first: an npm that is run by `npm run` has put this project's programs there.
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const env = { ...process.env, PATH: path.join(delimiter), ...environment };
  try {
    await run(file, args, { cwd, env, timeout: limitMs, maxBuffer: 64 << 20 });
  } catch (thrown) {
    const { stderr = '', message } = thrown as { readonly stderr?: string; readonly message: string };
    const lines = stderr.split('\n').filter((line) => /\S/.test(line));
    const why = lines.find((line) => /no matching|not found|not available|no such file|unable to/i.test(line));
    const word = why ?? lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? message;
    throw new Error(`${word.trim()} (${file} ${args.slice(0, 2).join(' ')})`);
  }
}
