import type { Knex } from 'knex';

/** One database, whichever it is: reads run side by side, writes one after the other, each in a transaction. */
export interface Database {
  read<T>(query: (reader: Knex) => Promise<T>): Promise<T>;
  /** Commits when `work` resolves, rolls everything back when it rejects. */
  write<T>(work: (transaction: Knex.Transaction) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
