/** What a front door asks of grants of roles that another administrator must confirm. */

/** By id or number, a user also by name. */
export type GrantTarget = { readonly user: string } | { readonly credential: string };
