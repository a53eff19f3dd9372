/** Store of the server's own settings and secrets. */

/** Facts about the installation itself: small JSON values, crash-safe. */
export interface SettingStore {
  get(key: string): Promise<unknown>;
  put(key: string, value: unknown): Promise<void>;
}

/** The server's own secrets, sealed. */
export interface ServerSecretStore {
  get(name: string): Promise<Uint8Array | undefined>;
  /** False when there is one of the name, which stays. */
  insert(name: string, sealed: Uint8Array, at: Date): Promise<boolean>;
}
