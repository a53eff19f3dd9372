/** Settings of connections that only read. */
export const readerPragmas = `
  PRAGMA query_only = ON;
  PRAGMA busy_timeout = 2000;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -4096;
  PRAGMA mmap_size = 1073741824;
`;
