/** A program that verifies certificates, as the table knows it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePemBundle, type PemBlock } from '../../src/pki/pem.ts';
import type { Situation } from './situations.ts';

export interface Verifier {
  readonly title: string;
  /** Says what it has to install or build, and does that. @returns its version */
  prepare(): string;
  verify(files: Files, situation: Situation): Verdict;
}

export interface Verdict {
  readonly isAccepted: boolean;
  /** In its own words. */
  readonly said: string;
}

/** Paths of what is shown, in PEM; several in one file. */
export interface Files {
  readonly leaf: string;
  readonly chain: string;
  readonly anchors: string;
  readonly lists: string;
}

export function writeFiles(folder: string, { leaf, chain, anchors, lists }: Situation): Files {
  mkdirSync(folder, { recursive: true });
  const write = (file: string, parts: readonly string[]) => {
    const path = join(folder, `${file}.pem`);
    writeFileSync(path, parts.join(''));
    return path;
  };
  return {
    leaf: write('leaf', [leaf]),
    chain: write('chain', chain),
    anchors: write('anchors', anchors),
    lists: write('lists', lists),
  };
}

/** A program that ends with 0 where it accepts. @throws {Error} where it cannot be run */
export function verdictOf(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Verdict {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (error !== undefined) throw error;
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
  // Whoever refuses says why; a crash must not look like a refusal.
  if (status !== 0 && status !== 1 && status !== 2)
    throw new Error(`${program} ended with ${status}: ${lines.join(' ')}`);
  return { isAccepted: status === 0, said: lines.map((line) => line.trim()).join(' / ') };
}

/** What a file of `writeFiles` holds. */
export function blocksOf(path: string): readonly PemBlock[] {
  const text = readFileSync(path, 'utf8');
  return text === '' ? [] : decodePemBundle(text, path);
}

/** The output of a program that must succeed. */
export function run(program: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    ...(cwd === undefined ? {} : { cwd }),
  });
  if (error !== undefined) throw new Error(`${program} cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  return stdout.trim();
}

/** Seconds, as most programs take a moment. */
export function secondsOf(at: Date): string {
  return String(Math.floor(at.getTime() / 1000));
}
