/** The system's own list of trusted roots, and how root certificates get into it and out again. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CommandFailure } from '../cli/failure.ts';
import type { InstalledRoots, RootCertificate } from '../cli/local.ts';
import type { Language } from '../domain/language.ts';
import { writeFileAtomically } from '../system/index.ts';

interface Store {
  readonly name: string;
  /** Where an administrator's own roots go. */
  readonly folder: string;
  readonly ending: string;
  /** Makes the lists that programs read. */
  readonly update: readonly [program: string, ...args: string[]];
  /** Appended where roots were taken out; without it Debian's program leaves their links behind. */
  readonly afterRemoval?: readonly string[];
}

/** The first whose folder and program are there. SUSE has a program of the name of Debian's. */
const stores: readonly Store[] = [
  {
    name: 'Red Hat, Fedora',
    folder: '/etc/pki/ca-trust/source/anchors',
    ending: '.pem',
    update: ['update-ca-trust', 'extract'],
  },
  { name: 'SUSE', folder: '/etc/pki/trust/anchors', ending: '.pem', update: ['update-ca-certificates'] },
  {
    name: 'Arch',
    folder: '/etc/ca-certificates/trust-source/anchors',
    ending: '.crt',
    update: ['trust', 'extract-compat'],
  },
  {
    name: 'Debian, Ubuntu, Alpine',
    folder: '/usr/local/share/ca-certificates',
    ending: '.crt',
    update: ['update-ca-certificates'],
    afterRemoval: ['--fresh'],
  },
];

const programFolders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', '/usr/local/sbin', '/usr/local/bin'];

/** What of the machine matters here. Tests bring another one. */
export interface TrustMachine {
  readonly isRoot: boolean;
  /** In front of every path: empty for the real one. */
  readonly prefix: string;
  run(program: string, args: readonly string[]): Promise<void>;
}

export const thisMachine: TrustMachine = {
  isRoot: process.geteuid?.() === 0,
  prefix: '',
  async run(program, args) {
    await promisify(execFile)(program, [...args], { timeout: 120_000 });
  },
};

export interface TrustStore {
  /** @throws {CommandFailure} */
  install(roots: readonly RootCertificate[]): Promise<InstalledRoots>;
  /** Takes out what `install` has put in. @param sha256 how the fingerprints begin; undefined: all @throws {CommandFailure} */
  uninstall(sha256: string | undefined): Promise<InstalledRoots>;
}

/** How the names of our files begin: what else lies in the folder is not ours. */
const ours = 'certmux-';

export function openTrustStore(language: Language, machine: TrustMachine = thisMachine): TrustStore {
  const words = texts[language];
  const found = findStore(machine);

  function requireStore() {
    if (found === undefined) throw new CommandFailure('unsupported', words.noStore);
    return found;
  }

  function requireRoot(): void {
    if (!machine.isRoot) throw new CommandFailure('failure', words.notRoot);
  }

  async function update({ program, store }: Found, more: readonly string[] = []): Promise<void> {
    const args = [...store.update.slice(1), ...more];
    try {
      await machine.run(program, args);
    } catch (thrown) {
      const detail = thrown instanceof Error ? thrown.message : String(thrown);
      throw new CommandFailure('failure', words.updateFailed([program, ...args].join(' '), detail));
    }
  }

  return {
    async install(roots) {
      const { folder, store, program } = requireStore();
      const files = roots.map((root) => ({
        ...root,
        path: join(folder, `${ours}${root.sha256.slice(0, 16)}${store.ending}`),
      }));
      const missing: typeof files = [];
      for (const file of files) {
        const there = await readFile(file.path, 'utf8').catch(() => undefined);
        if (there !== file.pem) missing.push(file);
      }
      if (missing.length > 0) requireRoot();
      for (const { path, pem } of missing) await writeFileAtomically(path, pem, { mode: 0o644 });
      // Also where all are there: whoever put them there may have been stopped before the lists were made.
      if (machine.isRoot) await update({ folder, store, program });
      return { store: store.name, changed: missing.map(({ path }) => path), files: files.map(({ path }) => path) };
    },

    async uninstall(sha256) {
      const { folder, store, program } = requireStore();
      const names = await readdir(folder);
      const wanted = `${ours}${sha256 === undefined ? '' : sha256.toLowerCase().replaceAll(':', '').slice(0, 16)}`;
      const files = names
        .filter((name) => name.startsWith(wanted) && /^certmux-[0-9a-f]{16}\.(crt|pem)$/.test(name))
        .map((name) => join(folder, name));
      if (files.length > 0) requireRoot();
      for (const path of files) await rm(path);
      // Also where none is there: whoever took them out may have been stopped before the lists were made.
      if (machine.isRoot) await update({ folder, store, program }, store.afterRemoval);
      return { store: store.name, changed: files, files };
    },
  };
}

interface Found {
  readonly store: Store;
  readonly folder: string;
  readonly program: string;
}

function findStore({ prefix }: TrustMachine): Found | undefined {
  for (const store of stores) {
    const folder = `${prefix}${store.folder}`;
    const program = programFolders.map((one) => `${prefix}${one}/${store.update[0]}`).find((path) => existsSync(path));
    if (existsSync(folder) && program !== undefined) return { store, folder, program };
  }
  return undefined;
}

type Advice = readonly [message: string, hint: string];

const texts: Readonly<
  Record<
    Language,
    {
      readonly notRoot: Advice;
      readonly noStore: Advice;
      readonly updateFailed: (command: string, detail: string) => Advice;
    }
  >
> = {
  en: {
    notRoot: [
      'only root may change what this system trusts',
      'run it with sudo; for one program: certmux root export --output roots.pem, then see certmux root show',
    ],
    noStore: [
      'this system has none of the known lists of trusted roots (Debian, Red Hat, SUSE, Arch; package ca-certificates)',
      'certmux root show says how it is done on macOS and Windows, and for single programs',
    ],
    updateFailed: (command, detail) => [`${command} failed: ${detail}`, 'put that right and run this again'],
  },
  zh: {
    notRoot: [
      '只有 root 可以修改系统信任的根证书',
      '请使用 sudo 运行；如只需某个程序信任，可先运行 certmux root export --output roots.pem，再按 certmux root show 的说明操作',
    ],
    noStore: [
      '未找到已知的系统根证书库（Debian、Red Hat、SUSE、Arch；软件包 ca-certificates）',
      'macOS、Windows 以及各程序的操作方法见 certmux root show',
    ],
    updateFailed: (command, detail) => [`${command} 执行失败：${detail}`, '请排除问题后重试'],
  },
};
