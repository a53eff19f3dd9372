/** A command, or the server, that cannot start: one sentence with the way out, in the reader's language, an exit code, and nothing changed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { certmux, type Outcome } from '../support/command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'certmux-start-'));
const at = (...path: readonly string[]) => join(folder, ...path);
const english = { LANG: 'C' };
const chinese = { LANG: 'zh_CN.UTF-8' };

const run = (words: readonly string[], variables: Readonly<Record<string, string>> = english) =>
  certmux(words, { workingDirectory: folder, variables });

interface Case {
  readonly title: string;
  readonly words: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
  readonly prepare?: () => void;
  readonly code: number;
  readonly en: RegExp;
  readonly zh: RegExp;
}

const otherKey = Buffer.alloc(32, 9).toString('base64');

const cases = (): readonly Case[] => [
  {
    title: 'a configuration file that is not there',
    words: ['serve', '--config', 'gone.yaml'],
    code: 3,
    en: /there is no configuration file .*gone\.yaml; check --config/,
    zh: /配置文件 .*gone\.yaml 不存在/,
  },
  {
    title: 'a setting that does not exist',
    words: ['serve', '--config', 'odd.yaml'],
    prepare: () => writeFileSync(at('odd.yaml'), 'dns: { resolver: [192.0.2.53] }\n'),
    code: 7,
    en: /odd\.yaml: dns\.resolver: there is no such setting; did you mean dns\.resolvers\? \(line 1\)/,
    zh: /配置文件 \S+odd\.yaml 有误：dns\.resolver：没有此设置项，是否为 dns\.resolvers？（第 1 行）/,
  },
  {
    title: 'a file that is not YAML',
    words: ['serve', '--config', 'tabs.yaml'],
    prepare: () => writeFileSync(at('tabs.yaml'), 'log:\n\tlevel: info\n'),
    code: 7,
    en: /tabs\.yaml: the file is not YAML: Tabs are not allowed as indentation at line 2, column 1/,
    zh: /配置文件 \S+tabs\.yaml 有误：文件不是有效的 YAML：不能用制表符缩进，请使用空格（第 2 行第 1 列）/,
  },
  {
    title: 'a role that does not exist',
    words: ['serve', '--role', 'nothing'],
    code: 2,
    en: /--role takes all, api, worker, not "nothing"/,
    zh: /--role 不能为 "nothing"/,
  },
  {
    title: 'a role that the embedded database has not',
    words: ['serve', '--role', 'worker'],
    code: 2,
    en: /the role worker is for nodes that share a PostgreSQL database/,
    zh: /角色 worker 用于共用 PostgreSQL 数据库/,
  },
  {
    title: 'a number of threads that is none',
    words: ['serve', '--threads', '0'],
    code: 2,
    en: /--threads takes 1 … 64, auto, not "0"/,
    zh: /--threads 不能为 "0"/,
  },
  {
    title: 'an address to listen on that is none',
    words: ['serve', '--listen', 'localhost'],
    code: 2,
    en: /--listen takes 8080, 0\.0\.0\.0:8080, \S+, not "localhost"/,
    zh: /--listen 不能为 "localhost"/,
  },
  {
    title: 'a data directory below a file',
    words: ['serve', '--data', at('certmux.yaml', 'data')],
    code: 7,
    en: /is, or leads through, a file where a folder is needed/,
    zh: /应为目录/,
  },
  {
    title: 'a port that is taken',
    words: ['serve', '--data', at('made'), '--listen', `127.0.0.1:${port}`, '--threads', '1'],
    code: 6,
    en: new RegExp(`another program listens on 127\\.0\\.0\\.1:${port} already; stop it`),
    zh: /已被其他程序占用/,
  },
  {
    title: 'an address of another machine',
    words: ['serve', '--data', at('made'), '--listen', '192.0.2.7:8099', '--threads', '1'],
    code: 7,
    en: /this machine has no address 192\.0\.2\.7:8099/,
    zh: /本机没有地址 192\.0\.2\.7:8099/,
  },
  {
    title: 'a master key that does not fit',
    words: ['serve', '--data', at('made')],
    variables: { CERTMUX_MASTER_KEY: otherKey },
    code: 6,
    en: /the data is sealed under the master key [0-9a-f]{16}, and [0-9a-f]{16} is here: put the missing key back/,
    zh: /数据由主密钥 [0-9a-f]{16} 加密/,
  },
  {
    title: 'a master key that others can read',
    words: ['serve', '--config', 'open-key.yaml'],
    prepare: () => {
      writeFileSync(at('open.key'), `${otherKey}\n`, { mode: 0o644 });
      writeFileSync(at('open-key.yaml'), `dataDirectory: ${at('made')}\nmasterKeyFile: ${at('open.key')}\n`);
    },
    code: 4,
    en: /open\.key has mode 0644, so that other users may read it: run chmod 600 /,
    zh: /open\.key 的权限为 0644，其他用户可以读取该文件，请执行 chmod 600 /,
  },
  {
    title: "a file with a vendor's credential that is not there",
    words: ['serve', '--config', 'no-token.yaml'],
    prepare: () => {
      const issuers = {
        shop: { kind: 'racent', credentials: { api_tokenFile: at('gone.token') }, products: { 'tls-dv': 'dv' } },
      };
      writeFileSync(at('no-token.yaml'), JSON.stringify({ dataDirectory: at('made'), issuers }));
    },
    code: 7,
    en: /issuers\.shop\.credentials\.api_tokenFile \S+gone\.token does not exist; check the path/,
    zh: /issuers\.shop\.credentials\.api_tokenFile 指定的文件 \S+gone\.token 不存在，请检查路径/,
  },
  {
    title: 'a master key that is none',
    words: ['serve', '--data', at('made')],
    variables: { CERTMUX_MASTER_KEY: 'secret' },
    code: 7,
    en: /CERTMUX_MASTER_KEY does not hold 32 bytes as base64; put back/,
    zh: /CERTMUX_MASTER_KEY 的内容不是 base64 编码的 32 字节/,
  },
  {
    title: 'a database of a later version',
    words: ['serve', '--data', at('later')],
    prepare: () => copyOf('later', "INSERT INTO migrations VALUES ('9999-later', 1796083200000)"),
    code: 6,
    en: /was upgraded by certmux \S+ on 2026-12-01 \(schema 9999-later\).*certmux restore before-9999-later\.backup/,
    zh: /已于 2026-12-01 由 certmux \S+ 升级/,
  },
  {
    title: 'a database that is damaged',
    words: ['serve', '--data', at('damaged')],
    prepare: () => {
      copyOf('damaged', '');
      writeFileSync(at('damaged', 'certmux.db'), Buffer.alloc(8192, 7));
    },
    code: 5,
    en: /certmux\.db is damaged or is no database; look at it with certmux verify/,
    zh: /certmux\.db 已损坏或不是数据库文件/,
  },
  {
    title: 'a backup that is no backup',
    words: ['restore', 'certmux.yaml', '--data', at('into')],
    code: 7,
    en: /certmux\.yaml is no backup of certmux; name the file that "certmux backup" has written/,
    zh: /certmux\.yaml 不是 certmux 的备份/,
  },
  {
    title: 'a backup that is not there',
    words: ['verify', 'gone.backup'],
    code: 3,
    en: /there is no backup .*gone\.backup; check the path/,
    zh: /备份文件 .*gone\.backup 不存在/,
  },
  {
    title: 'a backup of a database on a server',
    words: ['backup', 'x.backup', '--config', 'server.yaml'],
    prepare: () => writeFileSync(at('server.yaml'), 'database: postgres://certmux:secret@db.example.com/certmux\n'),
    code: 7,
    en: /postgres:\/\/certmux@db\.example\.com\/certmux\): back it up with pg_dump/,
    zh: /请用 pg_dump 备份/,
  },
];

/** Root may read and write everything, so it becomes somebody else. */
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

const rights = (): readonly (readonly [words: readonly string[], text: RegExp, variables?: typeof english])[] => [
  [['backup', join('closed', 'x.backup'), '--data', at('made')], /this user may not write into \S+closed/],
  [['backup', join('closed', 'x.backup'), '--data', at('made')], /当前用户无权写入 \S+closed/, chinese],
  [['serve', '--data', at('closed', 'data')], /this user may not use \S+closed\/data; run the command as the user of/],
  [['restore', 'whole.backup', '--data', at('closed', 'data')], /当前用户无权访问 \S+closed\/data/, chinese],
  [['serve', '--config', 'unreadable.yaml'], /this user may not use \S+unreadable\.yaml/],
  [['verify', 'unreadable.backup'], /当前用户无权访问 \S+unreadable\.backup/, chinese],
];

async function runAsNobody(commands: readonly (readonly [words: readonly string[], variables: typeof english])[]) {
  const script = join(import.meta.dirname, '..', 'support', 'commands-process.ts');
  const input = commands.map(([words, variables]) => [words, { workingDirectory: folder, variables }]);
  const user = isRoot ? { uid: nobody, gid: nobody } : {};
  const running = spawn(process.execPath, [script, JSON.stringify(input)], { cwd: folder, ...user });
  const [output, errors] = await Promise.all([text(running.stdout), text(running.stderr), once(running, 'close')]);
  assert.equal(errors, '');
  const outcomes: readonly Outcome[] = JSON.parse(output);
  return outcomes;
}

/** A copy of the data directory with one change in its database. */
function copyOf(name: string, sql: string): void {
  if (existsSync(at(name))) return;
  mkdirSync(at(name), { mode: 0o700 });
  for (const file of ['certmux.db', 'master.key']) {
    writeFileSync(at(name, file), readFileSync(at('made', file)), { mode: 0o600 });
  }
  const db = new DatabaseSync(at(name, 'certmux.db'));
  db.exec(sql);
  db.close();
}

/** Names and contents, but for what a start only looks at: locks and empty logs. */
const contents = (name: string) =>
  !existsSync(at(name))
    ? null
    : readdirSync(at(name))
        .filter((file) => /^(master\.key|operator\.json)/.test(file))
        .map((file) => [file, readFileSync(at(name, file), 'utf8')]);

let busy: Server;
let port: number;
describe('what cannot start', { concurrency: false }, () => {
  before(async () => {
    writeFileSync(
      at('certmux.yaml'),
      'dataDirectory: made\nauthority: { allowLocalPkiUrl: true }\nlog: { level: silent }\nstorage: { reserveMiB: 0 }\n',
    );
    const made = await run(['init', '--data', at('made')]);
    assert.equal(made.code, 0, made.stderr);
    busy = createServer();
    port = await new Promise<number>((resolve) => {
      busy.listen(0, '127.0.0.1', () => {
        const address = busy.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
  after(() => {
    busy.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says why, and what to do, in one sentence and both languages', async () => {
    for (const { title, words, variables, prepare, code, en, zh } of cases()) {
      prepare?.();
      const before = [contents('made'), readdirSync(folder).toSorted()];
      for (const [language, expected] of [
        [english, en],
        [chinese, zh],
      ] as const) {
        const outcome = await run(words, { ...language, ...variables });
        assert.match(outcome.stderr, expected, title);
        assert.equal(outcome.code, code, `${title}: ${outcome.stderr}`);
        assert.doesNotMatch(outcome.stderr, /\n\s+at |node:internal/, `${title}: no stack trace`);
        assert.ok(outcome.stderr.trim().split('\n').length <= 2, `${title}: ${outcome.stderr}`);
      }
      assert.deepEqual([contents('made'), readdirSync(folder).toSorted()], before, `${title}: nothing is changed`);
    }
  });

  it('for want of a right, by a user who is not root', async () => {
    mkdirSync(at('closed'));
    writeFileSync(at('unreadable.yaml'), 'dataDirectory: data\n');
    writeFileSync(at('unreadable.backup'), 'no matter what');
    const made = await run(['backup', 'whole.backup', '--with-master-key', '--data', at('made')]);
    assert.equal(made.code, 0, made.stderr);
    chmodSync(at('whole.backup'), 0o644);
    // Everything is nobody's, who may enter and look, and may neither write there nor read these.
    if (isRoot)
      for (const path of ['made', 'made/certmux.db', 'made/master.key', 'closed']) chownSync(at(path), nobody, nobody);
    chmodSync(folder, 0o755);
    chmodSync(at('closed'), 0o500);
    for (const file of ['unreadable.yaml', 'unreadable.backup']) chmodSync(at(file), 0o000);
    const rows = rights();
    const outcomes = await runAsNobody(rows.map(([words, , variables = english]) => [words, variables]));
    for (const [at, [words, expected]] of rows.entries()) {
      const { code, stderr } = outcomes[at] ?? { code: 0, stderr: '' };
      assert.match(stderr, expected, words.join(' '));
      assert.equal(code, 4, `${words.join(' ')}: ${stderr}`);
      assert.doesNotMatch(stderr, /\n\s+at |node:internal/);
    }
    assert.deepEqual(readdirSync(at('closed')), []);
  });
});
