/**
 * Plays the Dockerfile where there is no engine for images: each stage in a file system of its own, which is that of this machine with what
 * the stage writes on top (overlay), in the part of the base image. Shown so: that every instruction works, as its user, and what the image
 * runs at the end. Not shown: the base image itself.
 */
import { type ExecFileException, execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { commandOf, parseCopy, parseDockerfile, type Stage } from './dockerfile.ts';

const run = promisify(execFile);

interface PlayedStage {
  /** What it has written. */
  readonly upper: string;
  readonly work: string;
  readonly merged: string;
  directory: string;
  /** Numbers of the user and the group. */
  user: string;
  readonly variables: Map<string, string>;
  readonly stage: Stage;
}

/** Undefined where this user may mount; else why not. */
export function objectionToPlay(): string | undefined {
  try {
    execFileSync('unshare', ['--mount', 'true'], { stdio: 'pipe' });
    return undefined;
  } catch {
    return 'it takes a user who may mount file systems, such as root, on Linux';
  }
}

/**
 * @param context the folder that is built, in which only what .dockerignore lets through matters
 * @param folder an empty one
 */
export async function playDockerfile(context: string, folder: string): Promise<void> {
  const stages = parseDockerfile(readFileSync(join(context, 'Dockerfile'), 'utf8'));
  const played = new Map<string, PlayedStage>();
  let image: PlayedStage | undefined;
  for (const [index, stage] of stages.entries()) {
    image = openStage(stage, join(folder, String(index)));
    await playStage(image, context, played);
    if (stage.name !== undefined) played.set(stage.name, image);
  }
  if (image !== undefined) await playImage(image);
}

function openStage(stage: Stage, folder: string): PlayedStage {
  const [upper, work, merged] = ['upper', 'work', 'merged'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [upper, work, merged]) mkdirSync(path, { recursive: true });
  // It becomes the root of a file system that everybody reads, whatever the mask of this process.
  chmodSync(upper, 0o755);
  mkdirSync(join(upper, 'usr/local/bin'), { recursive: true, mode: 0o755 });
  rmSync(join(upper, 'usr/local/bin/node'), { force: true });
  symlinkSync(process.execPath, join(upper, 'usr/local/bin/node'));
  return { upper, work, merged, directory: '/', user: '0:0', variables: new Map(), stage };
}

async function playStage(at: PlayedStage, context: string, others: ReadonlyMap<string, PlayedStage>): Promise<void> {
  for (const { name, text } of at.stage.instructions) {
    if (name === 'RUN') await inside(at, ['sh', '-c', text]);
    else if (name === 'COPY') await copy(at, text, context, others);
    else if (name === 'WORKDIR') {
      at.directory = resolve(at.directory, text);
      await inside({ ...at, directory: '/', user: '0:0' }, ['mkdir', '-p', at.directory]);
    } else if (name === 'USER') at.user = text;
    else if (name === 'ENV' || name === 'ARG') {
      for (const [, key = '', value = ''] of text.matchAll(/(\w+)=(\S*)/g)) at.variables.set(key, value);
    }
  }
}

async function copy(
  at: PlayedStage,
  text: string,
  context: string,
  others: ReadonlyMap<string, PlayedStage>,
): Promise<void> {
  const { from, sources, target } = parseCopy(text);
  const base = from === undefined ? context : others.get(from)?.upper;
  if (base === undefined) throw new Error(`COPY ${text}: there is no stage ${from}`);
  const paths = sources.map((source) => join(base, source));
  // As an engine does: the contents of one folder, or files into a folder.
  const script = '[ -d "$1" ] && mkdir -p "$2" && exec cp -a "$1/." "$2"; for last; do :; done; exec cp "$@"';
  await inside({ ...at, user: '0:0' }, ['sh', '-c', script, 'copy', ...paths, target]);
}

/** The server of the image as its user, and its health check. */
async function playImage(image: PlayedStage): Promise<void> {
  const of = (wanted: string) => image.stage.instructions.find(({ name }) => name === wanted)?.text ?? '';
  const entry = commandOf(of('ENTRYPOINT'));
  const refused: ExecFileException = await inside(image, [...entry, ...commandOf(of('CMD'))]).then(
    () => Promise.reject(new Error('its own settings name no address for others, and yet it made a CA')),
    (thrown) => thrown,
  );
  if (!/authority\.pkiUrl|publicUrl/.test(refused.message)) throw refused;
  const server = [...entry, ...commandOf(of('CMD')), '--allow-local-pki-url'];
  const check = [...commandOf(of('HEALTHCHECK')), '--wait', '60'];
  // Both at once see the same files only in one namespace. The server's own exit code shows that it stopped cleanly.
  const script = `${server.join(' ')} > /dev/null 2>&1 & ${check.join(' ')} || exit; kill -TERM $! && wait $!`;
  await inside(image, ['sh', '-c', script]);
}

async function inside(at: PlayedStage, command: readonly string[]): Promise<string> {
  return (await run('unshare', enter(at, command), { maxBuffer: 1 << 24 })).stdout;
}

/** The words after `unshare`: they end by becoming the command, so that a signal reaches it. */
function enter({ upper, work, merged, directory, user, variables }: PlayedStage, command: readonly string[]): string[] {
  const [uid = '', gid = uid] = user.split(':');
  const script = [
    `mount -t overlay overlay -o lowerdir=/,upperdir=${upper},workdir=${work} ${merged}`,
    `mount --rbind /proc ${merged}/proc`,
    `mount --rbind /dev ${merged}/dev`,
    'cd /',
    `exec chroot ${merged} setpriv --reuid ${uid} --regid ${gid} --clear-groups sh -c 'cd "$0" && exec "$@"' ${directory} "$@"`,
  ].join(' && ');
  const assigned = [...variables].map(([name, value]) => `${name}=${value}`);
  const path = 'PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin';
  return ['--mount', 'sh', '-c', script, 'enter', 'env', path, 'HOME=/root', ...assigned, ...command];
}
