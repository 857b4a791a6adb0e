import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import knex, { type Knex } from 'knex';
import { LoadcastError, messageOf } from '../core/errors.js';
import type { Database } from './database.js';
import { databaseError } from './database-error.js';

/** `migrations/` of the package, the same two folders up from `src/store` and from `dist/store`. */
const packagedMigrations = new URL('../../migrations/', import.meta.url);

const busyTimeoutMs = 10_000;
const readers = 4;

/**
 * Opens the SQLite file (made with its folder where missing) and brings its tables up to date.
 * One connection writes; a pool of others reads, so that no read waits behind a bulk write.
 * @throws {LoadcastError} UNREADABLE_FILE if the file is no database, damaged, or of a newer loadcast
 */
export async function openSqliteDatabase(
  file: string,
  migrationsFolder: URL | string = packagedMigrations,
): Promise<Database> {
  await mkdir(path.dirname(path.resolve(file)), { recursive: true });
  const writer = connect(file, { min: 1, max: 1 }, writerPragmas);
  try {
    await migrate(writer, folderPath(migrationsFolder));
  } catch (error) {
    await writer.destroy();
    throw migrationError(file, error);
  }
  const reader = connect(file, { min: 0, max: readers }, readerPragmas);
  return {
    read: (query) => translated(file, () => query(reader)),
    write: (work) =>
      translated(file, () =>
        writer.transaction(async (transaction) => {
          // BEGIN is deferred: a read first and a write later can fail at once beside another process. Writing
          // nothing here takes the lock now, waiting up to the busy timeout.
          await transaction.raw('delete from series where false');
          return work(transaction);
        }),
      ),
    async close() {
      await reader.destroy();
      await writer.destroy();
    },
  };
}

const sharedPragmas = `PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA foreign_keys = ON;`;
const writerPragmas = `${sharedPragmas} PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;`;
const readerPragmas = `${sharedPragmas} PRAGMA query_only = ON;`;

/** What the sqlite3 driver hands to `afterCreate`. */
interface SqliteConnection {
  exec(sql: string, done: (error: Error | null) => void): void;
}

function connect(file: string, pool: { min: number; max: number }, pragmas: string): Knex {
  return knex({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    // Every failure reaches the caller as an error; knex would also print it, with the values.
    log: { debug() {}, warn() {}, error() {}, deprecate() {} },
    pool: {
      ...pool,
      afterCreate(
        connection: SqliteConnection,
        done: (error: Error | null, connection: SqliteConnection) => void,
      ) {
        connection.exec(pragmas, (error) => done(error, connection));
      },
    },
  });
}

async function translated<T>(file: string, query: () => Promise<T>): Promise<T> {
  try {
    return await query();
  } catch (error) {
    throw databaseError(file, error);
  }
}

/**
 * The table and the row that knex locks migrations with, as it would make them. It looks first and inserts then: two
 * processes at once leave two rows, and the lock is never free again.
 */
const oneLockRow = [
  `create table if not exists knex_migrations_lock
     ("index" integer not null primary key autoincrement, is_locked integer)`,
  `insert into knex_migrations_lock (is_locked)
     select 0 where not exists (select 1 from knex_migrations_lock)`,
  `delete from knex_migrations_lock
     where "index" > (select min("index") from knex_migrations_lock)`,
];

/** Two processes may open a new file at the same moment: the one that comes second waits for the first. */
async function migrate(writer: Knex, directory: string): Promise<void> {
  const config = { directory, loadExtensions: ['.mjs'] };
  const attempts = 20;
  for (let attempt = 1; ; attempt++) {
    try {
      for (const statement of oneLockRow) await writer.raw(statement);
      await writer.migrate.latest(config);
      return;
    } catch (error) {
      const contended = /SQLITE_BUSY|already locked|already exists/i.test(messageOf(error));
      if (!contended || attempt === attempts) throw error;
      await sleep(250);
    }
  }
}

function migrationError(file: string, error: unknown): unknown {
  if (/migration directory is corrupt/.test(messageOf(error)))
    return new LoadcastError(
      'UNREADABLE_FILE',
      `Database ${file} was written by a newer loadcast; update loadcast or use another LOADCAST_HOME.`,
      { cause: error },
    );
  return databaseError(file, error);
}

function folderPath(folder: URL | string): string {
  return folder instanceof URL ? fileURLToPath(folder) : folder;
}
