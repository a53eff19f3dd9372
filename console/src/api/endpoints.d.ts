/** The tables that the build writes: from the schemas of the native API (`console/build/endpoints-plugin.ts`). */
declare module 'virtual:native-endpoints' {
  export const endpoints: Readonly<Record<string, Readonly<Record<string, readonly [method: string, path: string]>>>>;
}

/** Who may call what; an operation that is not in it is open to every role. */
declare module 'virtual:native-roles' {
  export const roles: Readonly<Record<string, readonly string[]>>;
}
