/**
 * Plays docs/production.md on a machine that has nothing of certmux: this one, with what the page writes on top and a network of its own, as
 * `play-dockerfile.ts` does. Every command of the page runs as it stands there; systemd is played by `systemctl.sh`.
 */
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The blocks of commands, in their order, without those that say `ignore`. */
export function commandBlocks(page: string): readonly string[] {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);
}

/**
 * @param file the packed package
 * @param folder an empty one
 * @returns what was printed
 */
export async function playProduction(page: string, file: string, folder: string): Promise<string> {
  const [upper, work, merged] = ['upper', 'work', 'merged'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const path of [upper, work, merged]) mkdirSync(path, { recursive: true });
  chmodSync(upper, 0o755);
  const programs = join(upper, 'usr/local/sbin');
  const start = join(upper, 'install');
  for (const path of [programs, join(upper, 'etc/systemd/system'), start]) mkdirSync(path, { recursive: true });
  copyFileSync(join(import.meta.dirname, 'systemctl.sh'), join(programs, 'systemctl'));
  chmodSync(join(programs, 'systemctl'), 0o755);
  symlinkSync('systemctl', join(programs, 'journalctl'));
  copyFileSync(file, join(start, basename(file)));
  writeFileSync(join(start, 'page.sh'), ['set -eux', ...commandBlocks(page), ': the end of the page'].join('\n'));
  const script = [
    'ip link set lo up',
    `mount -t overlay overlay -o lowerdir=/,upperdir=${upper},workdir=${work} ${merged}`,
    `mount -t proc proc ${merged}/proc`,
    `mount --rbind /dev ${merged}/dev`,
    `mount -t tmpfs -o mode=0755 tmpfs ${merged}/run`,
    // Where it fails, the journal says why.
    `exec chroot ${merged} sh -c 'cd /install && sh page.sh || { cat /run/played-journal >&2; exit 1; }'`,
  ].join(' && ');
  // Node's packages are in npm's cache since they were installed: there is no network.
  const env = {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: process.env.HOME ?? '/root',
    npm_config_offline: 'true',
    npm_config_audit: 'false',
  };
  const words = ['--mount', '--net', '--pid', '--fork', '--kill-child', 'sh', '-c', script];
  const { stdout, stderr } = await run('unshare', words, { env, maxBuffer: 1 << 24 });
  if (!stderr.trimEnd().endsWith('+ : the end of the page'))
    throw new Error(`the page was not played to its end:\n${stderr}`);
  return stdout;
}
