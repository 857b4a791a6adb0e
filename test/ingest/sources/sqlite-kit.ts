import sqlite3 from 'sqlite3';

/** Runs statements on a database file, made where there is none. */
export function executeSqlite(file: string, statements: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(file);
    database.exec(statements.join(';'), (error) => {
      database.close();
      if (error) reject(error);
      else resolve();
    });
  });
}
