/** The package.json of the package: a program without dependencies but for the Node that it was tested on. */

/** What it takes over from the project's own. */
export interface ProjectManifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly engines: { readonly node: string };
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

export function packageManifest(project: ProjectManifest) {
  const { name, version, description, license, engines, optionalDependencies } = project;
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    bin: { certmux: 'bin/certmux' },
    // It is a program: nothing in it is made to be imported.
    exports: { './package.json': './package.json' },
    files: ['bin', 'dist', 'config', 'deploy', 'THIRD-PARTY-LICENSES.txt'],
    // Of npm that installs it: the program runs on the Node that it brings, and says so where there is none.
    engines,
    os: ['linux', 'darwin'],
    optionalDependencies,
  };
}

/** Of the Node packages, which have one version. */
export function nodeMajor(optionalDependencies: ProjectManifest['optionalDependencies']): string {
  const majors = new Set(Object.values(optionalDependencies).map((version) => version.split('.')[0] ?? ''));
  const [major = ''] = majors;
  if (majors.size !== 1 || !/^\d+$/.test(major)) throw new Error(`the Node packages differ: ${[...majors].join(', ')}`);
  return major;
}
