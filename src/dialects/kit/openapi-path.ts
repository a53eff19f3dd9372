/** Paths of operations, which are Hono patterns, as templates of OpenAPI. */

export interface PathTemplate {
  /** `/order/{id}` */
  readonly path: string;
  /** Parameters in their order. Those of the pattern that the template calls otherwise have both names. */
  readonly parameters: readonly PathParameter[];
}

export interface PathParameter {
  /** Name in the template. */
  readonly name: string;
  /** Field of the operation's input. */
  readonly field: string;
}

/** Name of what a final `*` stands for. */
const restName = 'rest';

/** `/order/:id{[0-9]{1,10}}/note` as `/order/{id}/note`; a final `*` is one part of the path. */
export function pathTemplate(pattern: string): PathTemplate {
  const names: string[] = [];
  const parts = pattern.split('/').map((part) => {
    const name = part === '*' ? restName : /^:(\w+)/.exec(part)?.[1];
    if (name === undefined) return part;
    names.push(name);
    return `{${name}}`;
  });
  return { path: parts.join('/'), parameters: names.map((name) => ({ name, field: name })) };
}

/**
 * Templates that differ in nothing but the names of their parameters are one path (OpenAPI 3.1, "Path Templating Matching"): the
 * names of the first count for all.
 */
export function createPathTemplates(): (pattern: string) => PathTemplate {
  const firsts = new Map<string, PathTemplate>();
  return (pattern) => {
    const own = pathTemplate(pattern);
    const shape = own.path.replaceAll(/\{\w+\}/g, '{}');
    const first = firsts.get(shape) ?? own;
    firsts.set(shape, first);
    const parameters = own.parameters.map(({ field }, index) => ({
      name: first.parameters[index]?.name ?? field,
      field,
    }));
    return { path: first.path, parameters };
  };
}
