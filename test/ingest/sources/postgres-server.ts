import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);
const required = (process.env['LOADCAST_REQUIRE'] ?? '').split(/[\s,]+/).includes('postgres');
/** where Debian puts the programs of each version */
const debianFolder = '/usr/lib/postgresql';

/** Why tests with PostgreSQL are skipped, or null where they run. With LOADCAST_REQUIRE=postgres they run and fail instead. */
export const noPostgres: string | null =
  required || binariesFolder() !== null
    ? null
    : `no ${debianFolder}/*/bin/initdb: install postgresql or set LOADCAST_POSTGRES to its folder of programs`;

function binariesFolder(): string | null {
  const versions = existsSync(debianFolder) ? readdirSync(debianFolder) : [];
  const folders = [
    process.env['LOADCAST_POSTGRES'] ?? '',
    ...versions
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => path.join(debianFolder, version, 'bin')),
  ];
  return folders.find((folder) => existsSync(path.join(folder, 'initdb'))) ?? null;
}

export interface PostgresServer {
  /** of a user with a password */
  readonly url: string;
  /** as the one who may do everything */
  readonly execute: (sql: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export const password = 'p@ss word';

/** A server of its own on a free port, with a database of its own, gone after `close`. */
export async function startPostgres(): Promise<PostgresServer> {
  const binaries = binariesFolder();
  if (binaries === null) throw new Error('PostgreSQL is required and not there.');
  const folder = await mkdtemp(path.join(tmpdir(), 'loadcast-postgres-'));
  const data = path.join(folder, 'data');
  const owner = await ownerOf(folder);
  const program = (name: string): string => path.join(binaries, name);
  const auth = ['--auth=scram-sha-256', '--auth-local=trust', '--encoding=UTF8', '--no-sync'];
  await run(program('initdb'), ['-D', data, '-U', 'admin', ...auth], { ...owner, cwd: folder });
  const port = await freePort();
  const server = spawn(
    program('postgres'),
    ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-F'],
    { ...owner, cwd: folder, stdio: 'ignore' },
  );
  const execute = async (sql: string): Promise<void> => {
    const client = new Client({ host: folder, port, user: 'admin', database: 'postgres' });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  await ready(() => execute(`create role reader login password '${password}'`), server);
  await execute('grant create on schema public to reader');
  return {
    url: `postgres://reader:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`,
    execute,
    async close() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: then its own user, whom Debian's package makes, runs it. */
async function ownerOf(folder: string): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, 'postgres'])).stdout)),
  );
  if (uid === undefined || gid === undefined) return {};
  await chown(folder, uid, gid);
  return { uid, gid };
}

async function ready(ask: () => Promise<void>, server: ChildProcess): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (attempt === 100 || server.exitCode !== null) throw error;
      await sleep(100);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}
