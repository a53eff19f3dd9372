/** The table that the build writes from the schemas of the native API (`console/build/endpoints-plugin.ts`). */
declare module 'virtual:native-endpoints' {
  export const endpoints: Readonly<Record<string, Readonly<Record<string, readonly [method: string, path: string]>>>>;
}
