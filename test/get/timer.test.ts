import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installTimer, type Machine } from '../../src/get/install-timer.ts';
import { timerUnits } from '../../src/get/systemd-timer.ts';

const request = {
  names: ['*.example.com', 'example.com'],
  command: ['get', '*.example.com', '--dns-hook', '/opt/hook.sh "$ZONE" 50%', '--out', '/etc/certmux'],
  variables: { CERTMUX_URL: 'https://certs.example.com', CERTMUX_TOKEN: 'cmx_a_$e"c`ret' },
  dryRun: false,
};
const environment = { program: ['/usr/bin/node', '/opt/certmux/src/boot/certmux.ts'], workingDirectory: '/root' };

function machineOf(change: Partial<Machine> = {}) {
  const written = new Map<string, { readonly content: string; readonly mode: number }>();
  const runs: (readonly string[])[] = [];
  const machine: Machine = {
    isRoot: true,
    hasSystemd: async () => true,
    write: async (path, content, mode) => void written.set(path, { content, mode }),
    run: async (command) => void runs.push(command),
    ...change,
  };
  return { machine, written, runs };
}

describe('the timer', () => {
  test('is written and enabled; the token lies in a file of its own, for root only', async () => {
    const { machine, written, runs } = machineOf();
    const lines = await installTimer(request, { environment, language: 'en', machine });
    assert.match(lines.join('\n'), /systemctl list-timers certmux-get-_\.example\.com\.timer/);
    assert.deepEqual(
      [...written].map(([path, { mode }]) => [path, mode]),
      [
        ['/etc/certmux/certmux-get-_.example.com.env', 0o600],
        ['/etc/systemd/system/certmux-get-_.example.com.service', 0o644],
        ['/etc/systemd/system/certmux-get-_.example.com.timer', 0o644],
      ],
    );
    const service = written.get('/etc/systemd/system/certmux-get-_.example.com.service')?.content ?? '';
    assert.match(service, /^EnvironmentFile=\/etc\/certmux\/certmux-get-_\.example\.com\.env$/m);
    assert.doesNotMatch(service, /cmx_/);
    const quoted = String.raw`"/opt/hook.sh \"$$ZONE\" 50%%"`;
    assert.ok(
      service.includes(
        `ExecStart=/usr/bin/node /opt/certmux/src/boot/certmux.ts get "*.example.com" --dns-hook ${quoted} `,
      ),
    );
    const secrets = written.get('/etc/certmux/certmux-get-_.example.com.env')?.content ?? '';
    assert.ok(secrets.includes(String.raw`CERTMUX_TOKEN="cmx_a_\$e\"c\`ret"`));
    assert.deepEqual(runs, [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', 'certmux-get-_.example.com.timer'],
    ]);
  });

  test('is shown by a dry run, which hides the token and changes nothing', async () => {
    const { machine, written, runs } = machineOf();
    const text = (await installTimer({ ...request, dryRun: true }, { environment, language: 'en', machine })).join(
      '\n',
    );
    assert.match(text, /# \/etc\/systemd\/system\/certmux-get-_\.example\.com\.timer\n\[Unit\]/);
    assert.match(text, /CERTMUX_TOKEN="…"/);
    assert.deepEqual([written.size, runs.length], [0, 0]);
  });

  test('is for root; without systemd the line for cron is shown', async () => {
    const nobody = machineOf({ isRoot: false });
    const installing = installTimer(request, { environment, language: 'zh', machine: nobody.machine });
    await assert.rejects(installing, { message: /只有 root/ });
    const { machine, written } = machineOf({ hasSystemd: async () => false });
    const lines = await installTimer(request, { environment, language: 'en', machine });
    assert.match(lines[0] ?? '', /no systemd/);
    assert.match(lines.at(-1) ?? '', /^23 5,17 \* \* \* cd \/root && \/usr\/bin\/node .* '\*\.example\.com' .* 50\\%'/);
    assert.deepEqual([written.size, nobody.written.size], [0, 0]);
  });

  test('that cannot be enabled says what failed', async () => {
    const { machine } = machineOf({
      run: async () => {
        throw new Error('Failed to connect to bus');
      },
    });
    await assert.rejects(installTimer(request, { environment, language: 'en', machine }), {
      message: 'the timer is not installed: systemctl daemon-reload: Failed to connect to bus',
    });
  });

  test('of a server that operator.json names needs no file of variables', () => {
    const { files } = timerUnits({ ...request, ...environment, command: ['certmux'], folderName: 'x', variables: {} });
    assert.equal(files.length, 2);
    assert.doesNotMatch(files[0]?.content ?? '', /EnvironmentFile/);
  });
});
