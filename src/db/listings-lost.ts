/** The projection of orders (decision 0032) cannot be read any more and is being made again: what was asked of it goes by the tables. */
export class ListingsLost extends Error {
  constructor() {
    super('the lists of orders cannot be read, and are made again');
    this.name = 'ListingsLost';
  }
}
