/** The files for those who run it: Dockerfile, compose.yaml, units of systemd. `npm run test:package` plays the Dockerfile. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { commandOf, parseCopy, parseDockerfile } from '../scripts/package/dockerfile.ts';
import { commandBlocks } from '../scripts/package/play-production.ts';
import { createProgram } from '../src/cli/run.ts';
import { parseConfig, parseFirstConfig } from '../src/config/load.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

const never = () => Promise.reject(new Error('not called'));
const program = createProgram({
  local: { version: '0' } as Parameters<typeof createProgram>[0]['local'],
  terminal: {} as Parameters<typeof createProgram>[0]['terminal'],
  json: false,
  setExitCode: never,
});

function hasCommand(name: string): boolean {
  return program.commands.some((one) => one.name() === name);
}

/** Whether certmux has the command and its options. */
function assertKnown(words: readonly string[]): void {
  let command: ReturnType<typeof createProgram> | undefined = program;
  for (const word of words.filter((one) => !one.startsWith('-')).slice(0, 1)) {
    command = command.commands.find((one) => one.name() === word);
    assert.ok(command, `there is no command ${word}`);
  }
  for (const word of words.filter((one) => one.startsWith('--'))) {
    assert.ok(
      command?.options.some(({ long }) => long === word),
      `${words.join(' ')}: there is no ${word}`,
    );
  }
}

describe('the Dockerfile', () => {
  const stages = parseDockerfile(read('Dockerfile'));
  const image = stages.at(-1);
  const textsOf = (wanted: string) =>
    image?.instructions.flatMap(({ name, text }) => (name === wanted ? [text] : [])) ?? [];

  test('is built on the Node that the tests run on', () => {
    assert.equal(stages.length, 2);
    for (const stage of stages) assert.match(stage.image, new RegExp(`^node:${process.versions.node}-[a-z]+-slim$`));
  });

  test('copies what exists, what git knows, and what .dockerignore lets through', () => {
    const let_through = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []));
    const all = stages.flatMap(({ instructions }) => instructions.filter(({ name }) => name === 'COPY'));
    const sources = all
      .map(({ text }) => parseCopy(text))
      .flatMap(({ from, sources: own }) => (from === undefined ? own : []));
    assert.ok(sources.length > 5);
    for (const source of sources) {
      assert.ok(existsSync(join(root, source)), source);
      assert.ok(
        let_through.some((one) => one === source || source.startsWith(`${one}/`)),
        `${source} is ignored`,
      );
    }
    assert.deepEqual(
      let_through.filter((one) => !sources.some((source) => source === one)),
      [],
    );
  });

  test('has no secret in it: no data, no keys, no history are sent to the engine', () => {
    assert.match(read('.dockerignore'), /^\*$/m);
  });

  test('runs as a user that is a number, which Kubernetes can see not to be root', () => {
    assert.deepEqual(textsOf('USER'), ['8080:8080']);
  });

  test('checks its health by a command of certmux, which the image has', () => {
    const [program = '', ...words] = commandOf(textsOf('HEALTHCHECK')[0] ?? '');
    assert.equal(program, 'certmux');
    assertKnown(words);
  });

  test('starts certmux directly, so that a signal reaches it', () => {
    const words = [...commandOf(textsOf('ENTRYPOINT')[0] ?? ''), ...commandOf(textsOf('CMD')[0] ?? '')];
    assert.deepEqual(words, ['certmux', 'serve', '--json']);
    assertKnown(words.slice(1));
  });

  test('keeps its data in a volume', () => {
    assert.deepEqual(textsOf('VOLUME'), ['/var/lib/certmux']);
    assert.equal(parseConfig(read('deploy/container.yaml'), 'container.yaml').dataDirectory, '/var/lib/certmux');
  });
});

describe('an instruction that nobody here understands', () => {
  test('is an error', () => assert.throws(() => parseDockerfile('FROM a\nADD b c\n'), /ADD b c/));
});

describe('compose.yaml', () => {
  const { services, volumes } = parse(read('compose.yaml'), { merge: true });

  test('without a profile starts only certmux, with the embedded database', () => {
    const always = Object.entries<{ profiles?: unknown }>(services).filter(
      ([, { profiles }]) => profiles === undefined,
    );
    assert.deepEqual(
      always.map(([name]) => name),
      ['certmux'],
    );
  });

  for (const [service, database] of [
    ['certmux', undefined],
    ['certmux-postgres', 'postgres://certmux@postgres/certmux'],
  ] as const) {
    test(`${service} has settings that are right, and rights that are few`, () => {
      const { read_only, cap_drop, security_opt, volumes: mounts } = services[service];
      assert.deepEqual(
        { read_only, cap_drop, security_opt },
        { read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] },
      );
      const [, settings = ''] = mounts.map((mount: string) => mount.split(':')[0]);
      const config = parseFirstConfig(read(settings), settings);
      assert.equal(config.database, database);
      assert.equal(config.dataDirectory, mounts[0].split(':')[1]);
      assert.ok(Object.hasOwn(volumes, mounts[0].split(':')[0]));
    });
  }

  test('has a version of certmux, and one of PostgreSQL that is tested', () => {
    assert.equal(services.certmux.image, `certmux:${JSON.parse(read('package.json')).version}`);
    assert.equal(services.postgres.image, 'postgres:18');
  });
});

describe('a unit of systemd', () => {
  const units = globSync('deploy/*.{service,timer}', { cwd: root }).toSorted();
  test('is there for the service and for its backup', () => {
    assert.deepEqual(units, ['deploy/certmux-backup.service', 'deploy/certmux-backup.timer', 'deploy/certmux.service']);
  });

  for (const unit of units.filter((path) => path.endsWith('.service'))) {
    test(`${unit} calls certmux as it is`, () => {
      const calls = [
        ...read(unit)
          .replaceAll('\\\n', ' ')
          .matchAll(/\/usr\/local\/bin\/certmux ([^;\n]*)/g),
      ];
      assert.ok(calls.length > 1);
      for (const [, text = ''] of calls) {
        const words = text.trim().split(/\s+/);
        // Until `backup` and `verify` are there; from then on their options are compared as well.
        const isToCome = ['backup', 'verify'].includes(words[0] ?? '') && !hasCommand(words[0] ?? '');
        if (!isToCome) assertKnown(words);
      }
    });

    test(`${unit} has no rights but those it needs`, () => {
      const text = read(unit);
      for (const line of ['User=certmux', 'NoNewPrivileges=yes', 'ProtectSystem=strict', 'UMask=0077']) {
        assert.ok(text.includes(`\n${line}\n`), line);
      }
      const [, capabilities] = /^CapabilityBoundingSet=(.*)$/m.exec(text) ?? [];
      assert.equal(capabilities, unit.endsWith('/certmux.service') ? 'CAP_NET_BIND_SERVICE' : '');
    });
  }

  test('is accepted by systemd where there is one', {
    skip: hasSystemd() ? false : 'there is no systemd-analyze',
  }, () => {
    // The program is nowhere yet, and the user is made when it is installed.
    const text = execFileSync(
      'systemd-analyze',
      ['security', '--offline=true', '--no-pager', join(root, 'deploy/certmux.service')],
      { encoding: 'utf8' },
    );
    const [, exposure] = /Overall exposure level for certmux\.service: ([\d.]+)/.exec(text) ?? [];
    assert.ok(Number(exposure) < 2, text);
  });
});

describe('docs/production.md', () => {
  const page = read('docs/production.md');

  test('has the same commands in both languages', () => {
    const withoutComments = (blocks: readonly string[]) => blocks.map((block) => block.replace(/ +# .*$/gm, ''));
    const blocks = commandBlocks(page);
    assert.ok(blocks.length > 8);
    assert.deepEqual(withoutComments(commandBlocks(read('docs/production.zh-CN.md'))), withoutComments(blocks));
  });

  test('has settings that are right for a first start', () => {
    const [, settings = ''] = /^cat > \/etc\/certmux\/certmux\.yaml <<'END'\n([\s\S]*?)^END$/m.exec(page) ?? [];
    const { dataDirectory } = parseFirstConfig(settings, 'certmux.yaml');
    assert.ok(read('deploy/certmux.service').includes(`WorkingDirectory=${dataDirectory}\n`));
  });

  test('names the package as it is called', () => {
    const { name, version } = JSON.parse(read('package.json'));
    const packages = [...page.matchAll(/[\w.-]+\.tgz/g)].map(([file]) => file);
    assert.deepEqual([...new Set(packages)], [`${name}-${version}.tgz`]);
  });
});

function hasSystemd(): boolean {
  try {
    execFileSync('systemd-analyze', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
