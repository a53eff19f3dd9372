/** Log lines for people: what is JSON in a file is one readable line on a terminal. */

const levels: Readonly<Record<string, { readonly label: string; readonly colour: number }>> = {
  debug: { label: 'debug', colour: 2 },
  info: { label: 'info ', colour: 36 },
  warn: { label: 'warn ', colour: 33 },
  error: { label: 'error', colour: 31 },
};

/** Turns each JSON line into `21:03:11 info  certmux is ready  urls=["http://…"]`. */
export function createLogText(write: (line: string) => void, hasColour: boolean): (line: string) => void {
  const paint = (colour: number, text: string) => (hasColour ? `\x1b[${colour}m${text}\x1b[0m` : text);
  return (line) => {
    const { level, time, msg, ...fields } = JSON.parse(line);
    const { label, colour } = levels[level] ?? { label: String(level), colour: 0 };
    const details = Object.entries(fields).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    write(
      `${paint(2, String(time).slice(11, 19))} ${paint(colour, label)} ${msg}${details.length === 0 ? '' : paint(2, `  ${details.join(' ')}`)}\n`,
    );
  };
}
