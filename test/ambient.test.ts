/** Clock, randomness, environment and network come from the injected System; nobody else reaches for them. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readSource, readSources, type SourceFile } from './support/source.ts';

type Kind = 'clock' | 'randomness' | 'environment' | 'network' | 'process';

const bannedCode: readonly (readonly [kind: Kind, pattern: RegExp])[] = [
  ['clock', /\bDate\.now\b/],
  ['clock', /\bnew\s+Date\s*(\(\s*\)|(?![\s(\w]))/],
  ['clock', /(?<!new\s+)(?<![.\w])Date\s*\(\s*\)/],
  ['clock', /(?<!\.)\bperformance\s*\./],
  ['clock', /\bprocess\s*\.\s*(hrtime|uptime)\b/],
  ['clock', /(?<![.\w])set(Timeout|Interval|Immediate)\s*\(/],
  ['clock', /\bAbortSignal\.timeout\b/],
  ['clock', /\bTemporal\.Now\b/],
  ['randomness', /\bMath\.random\b/],
  ['randomness', /\b(randomBytes|randomUUID|randomInt|randomFill|randomFillSync|getRandomValues)\s*\(/],
  ['randomness', /\bwebcrypto\b/],
  ['environment', /\bprocess\s*\.\s*(env|argv|cwd|stdin|stdout|stderr|platform|pid)\b/],
  ['environment', /\bimport\.meta\.env\b/],
  ['process', /\bprocess\s*\.\s*(exit|kill|on|once|abort|chdir)\b/],
  ['network', /\bglobalThis\s*\.\s*(fetch|WebSocket|EventSource)\b/],
  ['network', /\bnew\s+(WebSocket|EventSource)\b/],
];

const bannedImports: Readonly<Record<string, Kind>> = {
  'node:timers': 'clock',
  'node:timers/promises': 'clock',
  'node:perf_hooks': 'clock',
  'node:os': 'environment',
  'node:process': 'environment',
  'node:tty': 'environment',
  'node:dns': 'network',
  'node:dns/promises': 'network',
  'node:dgram': 'network',
  'node:net': 'network',
  'node:tls': 'network',
  'node:http': 'network',
  'node:https': 'network',
  'node:http2': 'network',
  'node:child_process': 'process',
  'node:cluster': 'process',
  undici: 'network',
};

/** Where one kind is allowed, and why. */
const exceptions: readonly (readonly [part: string, kinds: readonly Kind[], why: string])[] = [
  ['system/', ['clock', 'randomness', 'environment', 'network', 'process'], 'this is where they live'],
  ['http/', ['network'], 'it listens'],
  [
    'quickstart/',
    ['network', 'process', 'environment'],
    'it plays the customer, whose DNS and web servers listen on loopback, ends at Ctrl-C and writes to a temporary folder',
  ],
  ['get/', ['network', 'process'], 'a program of its own: it serves proofs, and runs the hooks of the person'],
  ['cli/', ['network', 'process', 'environment'], 'a program of its own, run by a person in a terminal'],
  [
    'boot/',
    ['clock', 'environment', 'network', 'process'],
    'the process around the server: signals, streams, exit code, and the request of a command line to its server',
  ],
  [
    'db/engine/sqlite/group-commit.ts',
    ['clock'],
    'it lets one turn of the event loop pass, so that its transactions share a commit',
  ],
  [
    'db/engine/sqlite/search-worker.ts',
    ['clock'],
    'it lets one turn of its event loop pass between two pieces, so that queries get theirs',
  ],
  ['dialects/kit/pages.ts', ['clock'], 'it lets one turn of the event loop pass between the parts of a long page'],
  ['app/in-turns.ts', ['clock'], 'it lets one turn of the event loop pass between the parts of a long list'],
  ['db/copy/copy.ts', ['clock'], 'it lets one turn of the event loop pass after each piece of a table'],
  [
    'db/engine/postgres/timers.ts',
    ['clock'],
    'it waits for a server, whose time does not stand still where the clock of a test does',
  ],
  ['db/next-turn.ts', ['clock'], 'it lets one turn of the event loop pass between the pages of what is long'],
  ['pki/key.ts', ['clock'], 'it lets one turn of the event loop pass between the parts of a long text that it hashes'],
  [
    'pki/signature-thread.ts',
    ['clock'],
    'it lets one turn of the event loop pass, so that the checks of that turn go to the thread together',
  ],
];

/** What the file reaches for that it should be handed. */
function reachedFor(file: SourceFile): string[] {
  const allowed = exceptions.filter(([part]) => file.path.startsWith(part)).flatMap(([, kinds]) => kinds);
  const used = bannedCode.flatMap(([kind, pattern]) => {
    const found = pattern.exec(file.code)?.[0];
    return found === undefined ? [] : [{ kind, what: found.replace(/\s+/g, ' ') }];
  });
  const imported = file.imports.flatMap(({ target, isTypeOnly }) => {
    const kind = bannedImports[target];
    return kind === undefined || isTypeOnly ? [] : [{ kind, what: `import of ${target}` }];
  });
  const fetched = callsGlobalFetch(file.code) ? [{ kind: 'network' as const, what: 'fetch()' }] : [];
  return [...used, ...imported, ...fetched]
    .filter(({ kind }) => !allowed.includes(kind))
    .map(({ kind, what }) => `${file.path}: ${what} (${kind})`);
}

/** `fetch(…)` is the global one unless the file has a `fetch` of its own: a parameter, a member, a method. */
function callsGlobalFetch(code: string): boolean {
  const isCalled = /(?<![.\w])fetch\s*\((?![^()]*\)\s*[:{])/.test(code);
  const isOwn = /\bfetch\s*[,}:?]|\b(const|let|function)\s+fetch\b/.test(code);
  return isCalled && !isOwn;
}

test('nothing outside src/system reaches for clock, randomness, environment or network', async () => {
  const files = await readSources(join(import.meta.dirname, '..', 'src'));
  assert.ok(files.length > 50, 'the sources were found');
  assert.deepEqual(files.flatMap(reachedFor).toSorted(), []);
});

describe('what is noticed', () => {
  const banned: readonly string[] = [
    'const a = Date.now();',
    'const a = new Date();',
    'const a = new Date;',
    'const a = new Date( );',
    'const a = Date();',
    'const a = performance.now();',
    'const a = process.hrtime.bigint();',
    'setTimeout(run, 5);',
    'const a = setInterval(run, 5);',
    'const a = AbortSignal.timeout(5);',
    'const a = Math.random();',
    'const a = randomBytes(16);',
    'const a = crypto.randomUUID();',
    'crypto.getRandomValues(a);',
    "import { webcrypto } from 'node:crypto';",
    'const a = process.env.HOME;',
    'const { HOME } = process.env;',
    'const a = process.argv;',
    'process.exit(1);',
    "const a = await fetch('http://example.com');",
    'const a = globalThis.fetch;',
    "import { lookup } from 'node:dns';",
    "import { request } from 'node:http';",
    "import { setTimeout as wait } from 'node:timers/promises';",
    "const net = await import('node:net');",
    "export { createSocket } from 'node:dgram';",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of a program
    'const a = `now: ${Date.now()}`;',
  ];
  for (const text of banned) test(text, () => assert.equal(reachedFor(readSource('app/x.ts', text)).length, 1));

  const fine: readonly string[] = [
    'const a = new Date(0);',
    'const a = new Date(text);',
    'const a = clock.now();',
    'function f(at: Date): Date { return at; }',
    'const a = value instanceof Date ? value : undefined;',
    "// Date.now() is not for us\nconst a = 'Math.random()';",
    '/* process.env */',
    'const a = `new Date()`;',
    'const a = /fetch(x)/;',
    'const a = random.bytes(16);',
    'function serialFrom(randomBytes: Uint8Array) {}',
    'const a = await app.fetch(request);',
    'async function call({ fetch }: Deps) { return fetch(url); }',
    'interface Face { fetch(request: Request): Promise<Response>; }',
    "import type { IncomingMessage } from 'node:http';",
    "import { createHash } from 'node:crypto';",
    'await clock.sleep(5, signal);',
  ];
  for (const text of fine) test(`fine: ${text}`, () => assert.deepEqual(reachedFor(readSource('app/x.ts', text)), []));
});
