/** The systemd units that run the same `certmux get` twice a day: what certbot's packages do. */
import { join } from 'node:path';

export interface TimerOptions {
  /** Of the certificate's folder. */
  readonly folderName: string;
  readonly names: readonly string[];
  /** The whole command, program first. */
  readonly command: readonly string[];
  readonly workingDirectory: string;
  /** Put into a file that only root reads: CERTMUX_URL, CERTMUX_TOKEN. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface UnitFile {
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

export interface TimerUnits {
  /** `certmux-get-www.example.com.timer`. */
  readonly timer: string;
  readonly files: readonly UnitFile[];
  /** What is run once the files are there, word by word. */
  readonly commands: readonly (readonly string[])[];
}

const unitFolder = '/etc/systemd/system';
const secretFolder = '/etc/certmux';

export function timerUnits({ folderName, names, command, workingDirectory, variables }: TimerOptions): TimerUnits {
  const base = `certmux-get-${folderName}`;
  const timer = `${base}.timer`;
  const environmentFile = join(secretFolder, `${base}.env`);
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quotedValue(value)}`);
  const service = [
    '[Unit]',
    `Description=Certificate for ${names.map(escaped).join(', ')}`,
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    'Type=oneshot',
    `WorkingDirectory=${escaped(workingDirectory)}`,
    ...(lines.length === 0 ? [] : [`EnvironmentFile=${environmentFile}`]),
    `ExecStart=${command.map(quotedWord).join(' ')}`,
  ];
  const schedule = [
    '[Unit]',
    `Description=Renews the certificate for ${names.map(escaped).join(', ')}`,
    '',
    '[Timer]',
    '# Twice a day, at another moment on each machine, and at once when a moment was missed.',
    'OnCalendar=*-*-* 00,12:00:00',
    'RandomizedDelaySec=6h',
    'Persistent=true',
    '',
    '[Install]',
    'WantedBy=timers.target',
  ];
  const text = (all: readonly string[]) => `${all.join('\n')}\n`;
  return {
    timer,
    files: [
      ...(lines.length === 0 ? [] : [{ path: environmentFile, content: text(lines), mode: 0o600 }]),
      { path: join(unitFolder, `${base}.service`), content: text(service), mode: 0o644 },
      { path: join(unitFolder, timer), content: text(schedule), mode: 0o644 },
    ],
    commands: [
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', '--now', timer],
    ],
  };
}

/** A specifier of systemd begins with a per cent sign (systemd.unit(5)). */
function escaped(text: string): string {
  return text.replaceAll('%', '%%').replaceAll(/[\r\n]/g, ' ');
}

/** A word of ExecStart: quoted, and without the variables and specifiers that systemd would put in (systemd.service(5)). */
function quotedWord(word: string): string {
  const plain = escaped(word).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `"${plain}"`;
}

/** A value of an EnvironmentFile (systemd.exec(5)). */
function quotedValue(value: string): string {
  return `"${value.replaceAll(/["\\$`]/g, '\\$&').replaceAll(/[\r\n]/g, '')}"`;
}
