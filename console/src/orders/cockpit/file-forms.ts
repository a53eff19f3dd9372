/** The file that proves a name, as web servers and those who look after them want it. */

export interface ProofFile {
  readonly path: string;
  readonly content: string;
  readonly name: string;
}

/** A location that answers the content without any file; null where the text cannot stand in a configuration of nginx, which would fill in its `$`. */
export function nginxLocation({ path, content }: ProofFile): string | null {
  if (/[$\r]/.test(content) || /[\s"'{};$\\]/.test(path)) return null;
  const text = content.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `location = ${path} {\n    default_type text/plain;\n    return 200 "${text}";\n}`;
}

/** For a shell on the web server, whose folder stands in WEBROOT. */
export function shellLines({ path, content }: ProofFile): string {
  const folder = path.slice(0, path.lastIndexOf('/'));
  return [
    'WEBROOT=/var/www/html',
    `mkdir -p "$WEBROOT"${quoted(folder)}`,
    `printf '%s' ${quoted(content)} > "$WEBROOT"${quoted(path)}`,
  ].join('\n');
}

/** Where Baota (宝塔) keeps the files of a site. */
export function baotaPath({ path, name }: ProofFile): string {
  return `/www/wwwroot/${name}${path}`;
}

export function fileNameOf({ path }: ProofFile): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Nothing in it means anything to the shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
