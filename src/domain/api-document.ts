/** An OpenAPI 3.1 document, as far as we write and show one. Members that begin with `x-` are ours. */

export interface ApiDocument {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  /** The groups of operations, in the order to show them; `x-displayName` is the heading. */
  readonly tags: readonly { readonly name: string; readonly 'x-displayName': string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, ApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, ApiSchema>>;
    /** Refusals, by status and form; every operation refers to those that it may answer. */
    readonly responses: Readonly<Record<string, ApiReply>>;
    readonly securitySchemes: Readonly<Record<string, ApiSecurityScheme>>;
  };
  readonly 'x-refusals': { readonly content: ApiContent; readonly rows: readonly ApiRefusal[] };
}

export interface ApiOperation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly ApiParameter[];
  readonly requestBody?: { readonly required: boolean; readonly content: ApiContent };
  readonly responses: Readonly<Record<string, ApiReply | ApiReference>>;
  /** True if credentials are needed: not every API has them where a security scheme can describe them. */
  readonly 'x-access': 'public' | 'caller';
  readonly 'x-example'?: ApiExample;
}

export interface ApiParameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly description?: string;
  /** Set where the parameter is an object: `filters[status]=issued`. */
  readonly style?: 'deepObject';
  readonly explode?: true;
  readonly schema: ApiSchema;
}

/** By media type. */
export type ApiContent = Readonly<Record<string, { readonly schema: ApiSchema; readonly example?: unknown }>>;

export interface ApiReply {
  readonly description: string;
  readonly headers?: Readonly<Record<string, ApiHeader>>;
  readonly content?: ApiContent;
}

export interface ApiHeader {
  readonly description: string;
  readonly schema: ApiSchema;
}

export interface ApiReference {
  readonly $ref: string;
}

export interface ApiSecurityScheme {
  readonly type: 'http' | 'apiKey';
  readonly description?: string;
  /** Set for `http`. */
  readonly scheme?: string;
  /** Set for `apiKey`. */
  readonly in?: 'header' | 'query' | 'cookie';
  readonly name?: string;
}

/** JSON Schema 2020-12. */
export type ApiSchema = Readonly<Record<string, unknown>>;

/** Form of a refusal on the wire, and its possible meanings. */
export interface ApiRefusal {
  readonly status: number;
  /** The part that distinguishes it from others; `code` stands in backquotes. */
  readonly shows: string;
  readonly meanings: readonly string[];
}

/** A request and its reply as they go over the wire. */
export interface ApiExample {
  readonly request: ApiMessage & { readonly method: string; readonly path: string };
  readonly response: ApiMessage & { readonly status: number };
}

export interface ApiMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
