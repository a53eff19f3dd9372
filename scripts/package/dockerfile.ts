/** The part of the Dockerfile's language that ours is written in. */

export interface Instruction {
  readonly name: string;
  readonly text: string;
}

export interface Stage {
  readonly image: string;
  /** Undefined for the last, which is the image. */
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

const known = ['ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'HEALTHCHECK', 'RUN', 'USER', 'VOLUME', 'WORKDIR'];

export function parseDockerfile(text: string): readonly Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !/^\s*(#|$)/.test(line))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const stages: { image: string; name: string | undefined; instructions: Instruction[] }[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [, image = '', as] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ image, name: as, instructions: [] });
      continue;
    }
    if (!known.includes(name)) throw new Error(`the Dockerfile has an instruction that is not known here: ${line}`);
    stages.at(-1)?.instructions.push({ name, text: rest });
  }
  return stages;
}

export interface Copy {
  /** The stage they come from; undefined: the folder that is built. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly target: string;
}

export function parseCopy(text: string): Copy {
  const [, from, paths = ''] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
  const words = paths.split(' ');
  return { from, sources: words.slice(0, -1), target: words.at(-1) ?? '' };
}

/** `["certmux", "serve"]` of CMD, ENTRYPOINT and HEALTHCHECK. */
export function commandOf(text: string): readonly string[] {
  return JSON.parse(text.slice(text.indexOf('[')));
}
